"""One text in many dresses (row 9): lying charsets, NULs, halves of characters, invisible and composed ones."""

from __future__ import annotations

import unicodedata

import pytest

from syndicate import Article, Cleaner, Page, fingerprint, match_corpus
from syndicate.graph import Relation

TEXT = " ".join(
    f"Café owners on the old quay say that “late” ferry number {day} cost them a third of the day’s trade."
    for day in range(12)
)
SAME: dict[str, str | bytes] = {
    "right-to-left marks": TEXT.replace("ferry", "\u202eferry\u202c"),
    "isolates": TEXT.replace("ferry", "\u2066ferry\u2069"),
    "zero-width spaces": TEXT.replace("ferry", "fer\u200bry"),
    "zero-width joiners": TEXT.replace("ferry", "fer\u200d\u2060ry"),
    "soft hyphens": TEXT.replace("quay", "qu\u00aday"),
    "variation selectors": TEXT.replace("ferry", "ferry\ufe0f"),
    "a mark in the middle": TEXT.replace("ferry", "fer\ufeffry"),
    "no-break spaces": TEXT.replace(" ", "\u00a0"),
    "decomposed": unicodedata.normalize("NFD", TEXT),
    "half a character between words": f"{TEXT} \ud800",
    "Windows-1252 that says it is UTF-8": f'<meta charset="utf-8"><p>{TEXT}</p>'.encode("cp1252"),
    "Windows-1252 that says it is Latin-1": f'<meta charset="iso-8859-1"><p>{TEXT}</p>'.encode("cp1252"),
    "Windows-1252 that says nothing": TEXT.encode("cp1252"),
    "UTF-8 that says it is Cyrillic": f'<meta charset="windows-1251"><p>{TEXT}</p>'.encode(),
    "UTF-8 that says it is UTF-16": f'<meta charset="utf-16"><p>{TEXT}</p>'.encode(),
    "UTF-16 with a mark": TEXT.encode("utf-16"),
    "NULs in markup": f"<p>{TEXT.replace('ferry', 'fer' + chr(0) + 'ry')}</p>",
}
DIRTY = {
    "NULs": TEXT.replace("ferry", "fer\x00ry", 1),
    "halves of characters": TEXT.replace("ferry", "fer\udc00ry", 1),
    "other controls": TEXT.replace("ferry", "fer\x07\x1b\x9bry", 1),
}


def cleaned(cleaner: Cleaner, content: str | bytes, name: str = "a", kind: str = "auto") -> Article:
    return cleaner.clean_page(Page(content, id=name, outlet=name, format=kind))


@pytest.mark.parametrize("dress", SAME)
def test_how_a_text_is_encoded_does_not_change_its_fingerprint(cleaner: Cleaner, dress: str) -> None:
    plain = fingerprint(TEXT)
    assert plain is not None
    assert fingerprint(cleaned(cleaner, SAME[dress]).text) == plain
    other = SAME[dress]
    if isinstance(other, str) and not other.startswith("<"):
        assert fingerprint(cleaned(cleaner, f"<html><body><p>{other}</p></body></html>").text) == plain


@pytest.mark.parametrize("parser", ["lexbor", "lxml", "html5lib", "html.parser"])
@pytest.mark.parametrize("dirt", DIRTY)
def test_dirt_inside_a_word_costs_that_word_at_most(dirt: str, parser: str) -> None:
    cleaner = Cleaner([], parser=parser)
    pages = [cleaned(cleaner, f"<p>{TEXT}</p>", "a", "html")]
    pages.append(cleaned(cleaner, f"<p>{DIRTY[dirt]}</p>", "b", "html"))
    pages.append(cleaned(cleaner, DIRTY[dirt], "c", "text"))
    matches = match_corpus(pages).matches
    assert {(match.a, match.b) for match in matches} >= {("a", "b"), ("a", "c")}
    assert {match.relation for match in matches} <= {Relation.IDENTICAL, Relation.REPOST}
