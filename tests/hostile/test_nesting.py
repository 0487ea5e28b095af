"""Depth, misnesting and floods: what parsers are quadratic in is bounded before they see it, and text stays."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate import Cleaner, Page
from syndicate.parse import parse
from syndicate.parse.guard import guard, is_odd
from syndicate.rules.config import Config, load_configured
from tests.conftest import EXAMPLES
from tests.hostile import BEFORE, PARSERS, WORDS, parsed

if TYPE_CHECKING:
    from pathlib import Path

FLOODS = {
    "formatting": "<b><i><a>" * 4_000,
    "paragraphs in formatting": "<b><p>" * 2_000,
    "fonts that differ": "".join(f"<font color=c{at}><p>" for at in range(2_000)),
    "links around blocks": "<a href=x><div>" * 2_000,
    "misnested ends": "<b><div></b>" * 2_000,
    "tables": "<table><tr><td>" * 2_000,
    "blocks out of tables": "<table>" + "x<div>" * 1_500,
    "lists": "<ul><li>" * 3_000,
    "lists' items in sections": "<li><section>" * 1_000,
    "options": "<select>" + "<option>x" * 4_000,
    "selects": "<select>" * 5_000,
    "templates": "<template>" * 5_000,
    "drawings": "<svg><g><p>" * 1_000,
    "formulas": "<math><mi>" * 3_000,
    "bodies": "".join(f"<body a{at}=x>" for at in range(2_000)),
    "an endless name": "<" + "x" * 100_000 + ">",
}


@pytest.mark.parametrize(
    ("parser", "depth"), [("lexbor", 200_000), ("lxml", 20_000), ("html5lib", 20_000), ("html.parser", 20_000)]
)
def test_text_in_and_after_deep_nesting_is_kept_in_paragraphs(parser: str, depth: int) -> None:
    markup = BEFORE + "<div>" * depth + "deep<p>deeper</p>deepest" + "</div>" * (depth - 1) + "<p>flat</p></div>after"
    document = parsed(markup, parser)
    assert document.text.split("\n\n") == [WORDS, "deep", "deeper", "deepest", "flat", "after"]
    assert document.notes == ("markup nested more than 256 deep was made flat; its text is kept",)


def test_fifty_thousand_nested_formatting_elements_are_read_in_time() -> None:
    document = parsed(BEFORE + "<b><i><a>" * 50_000 + "deep", "lexbor")
    assert document.text.split() == [*WORDS.split(), "deep"]
    assert document.notes


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_is_read_in_time_with_a_note(kind: str, parser: str) -> None:
    document = parsed(BEFORE + FLOODS[kind], parser)
    assert document.text.startswith(WORDS)
    if kind != "an endless name" or parser != "lexbor":
        assert document.notes


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("value", ["", "='x'", '="a b"'])
def test_a_tag_of_twenty_thousand_attributes_keeps_the_first(parser: str, value: str) -> None:
    attributes = " ".join(f"a{at}{value}" for at in range(20_000))
    document = parsed(f"{BEFORE}<p class=lead {attributes}>Inside.</p>", parser)
    assert document.text == f"{WORDS}\n\nInside."
    assert document.elements[document.blocks[1].element].names == "lead"
    assert len(document.notes) == 1


@pytest.mark.parametrize(
    "markup", ["<i></i>" * 10_000 + "y", "<br>" * 9_000 + "y", f'<p class="{"x" * 300_000}">y</p>'], ids=len
)
def test_what_is_long_but_not_deep_comes_through_without_a_note(markup: str) -> None:
    assert not is_odd(markup.encode())
    assert parsed(markup, "lexbor").text == "y"


def test_a_long_value_of_many_words_is_one_attribute() -> None:
    document = parsed(f'<p class="{"x " * 100_000}">y</p>', "lexbor")
    assert document.text == "y"
    assert document.notes == ()


def test_unclosed_paragraphs_and_items_are_not_deep() -> None:
    markup = BEFORE + "<p>One<ul><li>two<li>three</ul><table><tr><td>four<td>five<tr><td>six</table>" * 600
    assert guard(markup, "lexbor") == (markup, ())


def test_a_tree_handed_over_may_be_deep(cleaner: Cleaner) -> None:
    deep = BeautifulSoup(BEFORE + "<div>" * 3_000 + "deep", "html.parser")
    assert cleaner.clean(deep).restore().split() == [*WORDS.split(), "deep"]
    title = BeautifulSoup("<title>" * 3_000 + "x" + "</title>" * 3_000 + BEFORE, "html.parser")
    assert cleaner.clean(title).restore().split() == WORDS.split()


@pytest.mark.parametrize("parser", ["lexbor", "html.parser"])
def test_selectors_are_answered_in_time_however_deep_the_page(parser: str) -> None:
    own = tuple(load_configured(Config()).selectors(None))
    markup = BEFORE + "<div class=a>" * 600 + "<p>x" * 100
    parsed(markup, parser, (*own, "article div p", ".b div", ".a > .a p"))


def test_real_pages_come_through_as_they_are(shared: Path) -> None:
    with gzip.open(shared / "data" / "extraction" / "cleanportaleval.jsonl.gz") as lines:
        pages = [str(json.loads(line)["html"]) for line in lines]
    pages += [page.read_text("utf-8") for page in (EXAMPLES / "pages").glob("*.html")]
    for page in pages:
        for parser in ("lexbor", "html.parser"):
            mended, notes = guard(page, parser)
            assert mended is page
            assert notes == ()


FRAGMENTS = (
    "<div>", "<b>", "<i>", "<a href=x>", "<font color=red>", "<p>", "<ul><li>", "<table>", "<td>", "<b><p>", "<hr>",
    "</b>", "</p>", "</div>", "</span>", "</table>", "<br>", "<!-- note -->", "<![endif]>", "]]>", "< ", "&", "&#",
    "<p " + "a " * 300 + ">", "<nobr>", "<button>", "<h1>", "<section>", "<dd>", "<!DOCTYPE html>", "</x>", "<span>",
)  # fmt: skip
ENDINGS = ("", '<a href="', "<a ", "<!--", "</p ", "<!x", "<script>", "<style>", "<textarea>")


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.sampled_from(FRAGMENTS), st.integers(1, 300)), max_size=5),
    st.sampled_from(ENDINGS),
    st.sampled_from(PARSERS),
)
def test_any_medley_is_read_in_time_and_keeps_its_words(
    cleaner: Cleaner, medley: list[tuple[str, int]], ending: str, parser: str
) -> None:
    markup = "<p>word0</p>" + "".join(f"{part * times} word{at} " for at, (part, times) in enumerate(medley, 1))
    document = parsed(markup + ending * 300, parser)
    assert sorted(re.findall(r"word\d", document.text)) == [f"word{at}" for at in range(len(medley) + 1)]
    article = cleaner.clean_page(Page(markup + ending * 300, format="html"))
    assert article.restore() == parse(Page(markup + ending * 300, format="html")).text
