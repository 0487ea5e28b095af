"""Pages with nothing to keep: a status says so, and what is empty matches nothing, not even its like."""

from __future__ import annotations

import unicodedata

import pytest

from syndicate import Cleaner, Page, Status, fingerprint, match_corpus

SENTENCE = (
    "Café owners on the old quay say that the “late” ferry has cost them a third of the summer’s trade so far. "
)


@pytest.mark.parametrize("parser", ["lexbor", "lxml", "html5lib", "html.parser"])
@pytest.mark.parametrize(
    "content",
    ["", " \n\t\r\n ", "<script>let a = '<p>no text</p>'</script>", "<html><!-- only this", "<html><title>"],
)
def test_a_page_of_nothing_is_empty_with_any_parser(parser: str, content: str) -> None:
    article = Cleaner([], parser=parser).clean(content)
    assert article.status is Status.EMPTY
    assert article.reason
    assert article.text == ""
    assert fingerprint(article.text) is None


def test_a_page_whose_every_block_a_rule_takes_is_kept_and_suspect(cleaner: Cleaner) -> None:
    article = cleaner.clean("<html><body><p>Share this article</p><p>Sign up for our newsletter</p></body></html>")
    assert article.status is Status.SUSPECT
    assert article.text
    assert fingerprint(article.text) is None


def test_empty_pages_match_nothing(cleaner: Cleaner) -> None:
    articles = [cleaner.clean(content, id=f"page {content}") for content in ("", " ", "<script>x</script>")]
    assert match_corpus(articles).matches == ()


def test_invisible_characters_and_composition_do_not_change_a_fingerprint(cleaner: Cleaner) -> None:
    text = (SENTENCE * 3) + " ".join(f"On day {day} the gates stayed shut again." for day in range(20))
    plain = fingerprint(cleaner.clean(text).text)
    assert plain is not None
    for other in (unicodedata.normalize("NFD", text), text.replace("ferry", "fer\u200bry\u202c"), "\ufeff" + text):
        assert fingerprint(cleaner.clean(other).text) == plain


def test_a_brief_is_cleaned_and_its_exact_copies_are_found(cleaner: Cleaner) -> None:
    brief = "The harbour gates were shut on Tuesday. A cable broke. They open again on Friday."
    other = "The harbour gates were shut on Tuesday. A cable broke. They open again on Monday."
    pages = [f"<html><body><article><p>{text}</p></article></body></html>" for text in (brief, other)]
    copies = [
        cleaner.clean_page(Page(content, id=name, outlet=name))
        for name, content in (("a", pages[0]), ("b", brief), ("c", pages[1]))
    ]
    assert [article.status for article in copies] == [Status.OK] * 3
    assert [fingerprint(article.text) for article in copies] == [None] * 3
    assert [(match.a, match.b) for match in match_corpus(copies).matches] == [("a", "b")]
