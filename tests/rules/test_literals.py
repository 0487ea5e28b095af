"""Keywords from patterns, and the folding both sides go through."""

from __future__ import annotations

from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.rules.literals import fold, required_keywords
from syndicate.rules.read import literal_pattern

_WORDS = ("share", "Read more", "By", "tips", "don't", "follow us ", "é", "a", "été", " ")
_CLASSES = {r"\w": "aé3", r"\s+": " \n\u00a0", "['‘’]": "'‘’", ".": "x -", r"\p{Lu}": "AÉΩ", "[^a-c]": "dX!"}

_LEAVES = st.one_of(
    st.tuples(st.just("literal"), st.sampled_from(_WORDS)),
    st.tuples(st.just("literal"), st.sampled_from(_WORDS)),
    st.tuples(st.just("class"), st.sampled_from(sorted(_CLASSES))),
)


def _nodes(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.tuples(st.just("sequence"), several),
        st.tuples(st.just("alternation"), several),
        st.tuples(st.just("group"), inner, st.sampled_from(("(", "(?:", "(?>", "(?i:"))),
        st.tuples(st.just("repeat"), inner, st.sampled_from(("?", "*", "+", "{2}", "{0,2}", "+?", "++"))),
        st.tuples(st.just("look"), inner, st.sampled_from(("(?=", "(?!", "(?<!"))),
    )


_TREES = st.recursive(_LEAVES, _nodes, max_leaves=8)
_COUNTS = {"?": (0, 1), "*": (0, 2), "+": (1, 3), "{2}": (2, 2), "{0,2}": (0, 2), "+?": (1, 2), "++": (1, 2)}


def _source(tree: Any) -> str:
    kind, body = tree[0], tree[1]
    match kind:
        case "literal":
            return str(regex.escape(body, literal_spaces=True))
        case "class":
            return str(body)
        case "sequence":
            return "".join(map(_source, body))
        case "alternation":
            return "(?:" + "|".join(map(_source, body)) + ")"
        case "repeat":
            return f"(?:{_source(body)}){tree[2]}"
        case _:
            return f"{tree[2]}{_source(body)})"


def _example(tree: Any, draw: st.DrawFn) -> str:
    """A text that the tree's pattern most likely matches."""
    kind, body = tree[0], tree[1]
    match kind:
        case "literal":
            return str(draw(st.sampled_from((body, body.upper(), body.lower()))))
        case "class":
            return draw(st.sampled_from(_CLASSES[body]))
        case "sequence":
            return "".join(_example(part, draw) for part in body)
        case "alternation":
            return _example(draw(st.sampled_from(body)), draw)
        case "repeat":
            return "".join(_example(body, draw) for _ in range(draw(st.integers(*_COUNTS[tree[2]]))))
        case "group":
            return _example(body, draw)
        case _:
            return ""


@st.composite
def patterns_and_texts(draw: st.DrawFn) -> tuple[str, str]:
    """A pattern, and a text likely to be matched by it, with other text around."""
    tree = draw(_TREES)
    around = st.sampled_from(("", "x ", "share", "\n"))
    pattern = draw(st.sampled_from(("(?i)", ""))) + _source(tree)
    return pattern, draw(around) + _example(tree, draw) + draw(around)


@settings(max_examples=60)
@given(patterns_and_texts())
def test_every_matched_text_contains_a_keyword(example: tuple[str, str]) -> None:
    pattern, text = example
    keywords = required_keywords(pattern)
    match = regex.search(pattern, text)
    if keywords is not None and match is not None:
        assert any(word in fold(match[0]) for word in keywords), keywords


@pytest.mark.parametrize(
    ("pattern", "keywords"),
    [
        ("Share this story", ("share this story",)),
        ("(?i)(?:SHARE|Tweet) it", ("share", "tweet")),
        ("Follow (?P<source>.+) on", ("follow",)),
        (r"Sign\s+up\s+today", ("today",)),
        (r"\p{Lu}\w+ contributed", ("contributed",)),
        ("(?:Posted )?[Bb]y our own staff", ("y our own staff",)),
        ("(?:more){2,}", ("more",)),
        ("don’t miss", ("don't miss",)),
    ],
)
def test_keywords_are_the_longest_literals_that_must_occur(pattern: str, keywords: tuple[str, ...]) -> None:
    assert required_keywords(pattern) == keywords


@pytest.mark.parametrize(
    "pattern",
    [
        r"\w+ \d+",
        "(?:share)?",
        "(?:share)*",
        "share|.+",
        "(?=share)",
        "cut",
        "|".join(f"{chr(0x4E00 + number)}share" for number in range(100)),
        "(?|share|tweet)",
        "(",
        "(?:" * 2000 + "share" + ")" * 2000,
    ],
    ids=["no-literal", "optional", "repeat", "one-branch", "look-ahead", "short", "many", "foreign", "bad", "deep"],
)
def test_pattern_without_a_literal_that_must_occur_has_no_keywords(pattern: str) -> None:
    assert required_keywords(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("[[:alpha:]]hare this story", "Share this story"),
        ("(?:subscribe now){e<=1}", "subscribe mow"),
        ("(?:share this){i<=1} page", "share  this page"),
    ],
    ids=["posix-class", "fuzzy-errors", "fuzzy-insertions"],
)
def test_syntax_only_the_regex_module_reads_is_not_taken_for_literals(pattern: str, text: str) -> None:
    assert regex.search(pattern, text)
    keywords = required_keywords(pattern)
    assert keywords is None or any(word in fold(text) for word in keywords)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(?i)haberi paylaş", "HABERİ PAYLAŞ"),
        ("(?i)HABERİ PAYLAŞ", "Haberi paylaş"),
        ("(?i)ısparta haberleri", "ISPARTA HABERLERİ"),
        ("(?i)ΔΙΑΒΑΣ(?:ΤΕ|Ε)", "διαβαστε"),
    ],
    ids=["turkish-dotted-i", "turkish-dotted-i-in-pattern", "turkish-dotless-i", "greek-sigma"],
)
def test_keywords_meet_every_case_that_the_pattern_ignores(pattern: str, text: str) -> None:
    assert regex.search(pattern, text)
    keywords = required_keywords(pattern)
    assert keywords is None or any(word in fold(text) for word in keywords)


@given(st.lists(st.sampled_from(("Read more", "Sign up – it's free", "Don’t miss", "C'est ici")), min_size=1))
def test_literal_texts_match_themselves_in_any_case_quotes_and_spacing(texts: list[str]) -> None:
    pattern = regex.compile(literal_pattern(texts))
    for text in texts:
        for written in (text, text.upper(), text.replace("'", "’"), text.replace("–", "-"), text.replace(" ", "\n ")):
            assert pattern.fullmatch(written), written


@given(st.text())
def test_fold_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_fold_of_folded_text_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_fold_keeps_offsets_where_lower_case_is_longer() -> None:
    assert len("İ".lower()) == 2
    assert fold("İİ SHARE").index("share") == 3


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("SHARE", "share"),
        ("ÉCOUTEZ", "écoutez"),
        ("‘a’ “b” „c“ «d»", '\'a\' "b" "c" "d"'),
        ("a‐b–c—d−e", "a-b-c-d-e"),
        ("a\u00a0b\u202fc", "a b c"),
    ],
)
def test_fold_evens_out_case_quotes_dashes_and_spaces(text: str, folded: str) -> None:
    assert fold(text) == folded
