"""Tokens are the same in every script and for every way of encoding one text."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import kernels
from syndicate.encoding import encoded
from syndicate.tokens import SHINGLE_TOKENS, classes, tokenise

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCRIPTS = {
    "Latin": "The harbour board met on Monday; the ferry will not sail.",
    "Cyrillic": "Совет порта собрался в понедельник, паром не пойдёт.",
    "Greek": "Το συμβούλιο του λιμανιού συνεδρίασε τη Δευτέρα.",
    "Arabic": "اجتمع مجلس الميناء يوم الاثنين ولن تبحر العبارة.",
    "Devanagari": "बंदरगाह बोर्ड की बैठक सोमवार को हुई।",
    "Korean": "항만 위원회는 월요일에 열렸다.",
    "Chinese": "港口委员会星期一开会，渡轮将停航。",
    "Thai": "คณะกรรมการท่าเรือประชุมวันจันทร์",
}


def words(text: str) -> list[str]:
    tokens = tokenise(text)
    return [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]


def test_words_are_runs_of_letters_marks_and_digits() -> None:
    assert words("Don't pay €3,800 — not now.") == ["Don", "t", "pay", "3", "800", "not", "now"]


def test_scripts_without_spaces_have_a_token_for_each_character() -> None:
    assert words("渡轮将停航，2026年。") == ["渡", "轮", "将", "停", "航", "2026", "年"]


def test_korean_and_arabic_are_split_at_spaces() -> None:
    assert words("항만 위원회는") == ["항만", "위원회는"]
    assert words("مجلس الميناء") == ["مجلس", "الميناء"]


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_case_encoding_form_and_invisible_characters_change_no_token(text: str) -> None:
    expected = tokenise(text).hashes.tolist()
    assert expected
    variants = {
        "upper case": text.upper(),
        "NFC": unicodedata.normalize("NFC", text),
        "NFD": unicodedata.normalize("NFD", text),
        "NFKC": unicodedata.normalize("NFKC", text),
        "zero width": "\u200b".join(text),
        "soft hyphens": text.replace("e", "\u00ade"),
        "bidi marks": f"\u202b{text}\u202c",
        "no-break spaces": text.replace(" ", "\u00a0"),
    }
    assert {name for name, variant in variants.items() if tokenise(variant).hashes.tolist() != expected} == set()


def test_compatibility_forms_are_the_plain_letters() -> None:
    assert tokenise("ﬁnal ＡＢＣ ①").hashes.tolist() == tokenise("final abc 1").hashes.tolist()


@given(st.text())
def test_spans_are_in_order_inside_the_text_and_never_empty(text: str) -> None:
    tokens = tokenise(text)
    assert (tokens.starts < tokens.ends).all()
    assert (tokens.starts >= 0).all()
    assert (tokens.ends <= len(text)).all()
    assert (np.diff(tokens.starts) >= 0).all()


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x24F)))
def test_spans_of_latin_text_hold_the_words_that_were_hashed(text: str) -> None:
    tokens = tokenise(text)
    for value, start, end in zip(tokens.hashes, tokens.starts, tokens.ends, strict=True):
        assert value in tokenise(text[start:end]).hashes


def test_a_text_of_n_tokens_has_n_less_four_shingles() -> None:
    assert tokenise("one two three four").shingles().size == 0
    assert tokenise("one two three four five six").shingles().size == 6 - SHINGLE_TOKENS + 1


def test_shingles_know_the_order_of_their_words() -> None:
    one = tokenise("the dog bit the man").shingles()
    other = tokenise("the man bit the dog").shingles()
    assert one.tolist() != other.tolist()


def normal_form(text: str) -> tuple[NDArray[Any], ...]:
    """What the kernel is given for a text that was normalised."""
    data = np.frombuffer(encoded(unicodedata.normalize("NFKC", text)), np.uint8)
    return data, np.array([0, data.size]), classes(normalised=True)


@given(st.text(max_size=60))
def test_kernels_give_the_same_without_a_compiler(text: str) -> None:
    form = normal_form(text)
    tokens = tokenise(text)
    with np.errstate(over="ignore"):
        found, plain = kernels.tokenise(*form), kernels.tokenise.py_func(*form)
        assert [column.tolist() for column in found] == [column.tolist() for column in plain]
        assert kernels.shingle.py_func(tokens.hashes).tolist() == tokens.shingles().tolist()


STRANGE = (
    "aé …\u00a0½™ﬁ²\u0301\u0344\u030a\u00c5\u1100\u1161\u11a8가\u09c7\u09be"
    "\uff76\uff9e\u1e9b\u0323港㈠\u200d\ufe0f\ud800"
)
"""Characters that normalising changes, joins with what comes before, or leaves; side by side, all sorts of text."""


@given(st.text(alphabet=st.one_of(st.sampled_from(STRANGE), st.characters()), max_size=40))
def test_a_text_has_the_tokens_of_its_normal_form(text: str) -> None:
    hashes = kernels.tokenise(*normal_form(text))[0]
    assert tokenise(text).hashes.tolist() == hashes.tolist()


def test_every_character_has_the_tokens_of_its_normal_form_beside_others() -> None:
    for code in range(0x110000):
        if not unicodedata.is_normalized("NFKC", chr(code)):
            text = f"x{chr(code)}e {chr(code)}"
            hashes = kernels.tokenise(*normal_form(text))[0]
            assert tokenise(text).hashes.tolist() == hashes.tolist(), f"U+{code:04X}"
