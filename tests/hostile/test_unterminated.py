"""Tags, comments and scripts without an end: the text before them is kept, and a note says what is wrong."""

from __future__ import annotations

import pytest

from syndicate import Cleaner, Page, Status
from syndicate.parse.guard import guard
from tests.hostile import BEFORE, PARSERS, WORDS, parsed

ENDLESS = {
    "tags with an open quote": '<a href="' * 20_001,
    "tags": "<a " * 20_000,
    "end tags": "</p " * 20_000,
    "one tag": "<a href='/tide'",
    "comments": "<!--" * 50_000,
    "one comment": "<!-- tide table <p>High water at noon</p>",
    "sections": "<![CDATA[" * 20_000,
    "one section": "<![foo",
    "declarations": "<!DOCTYPE " * 20_000,
    "instructions": "<?php " * 20_000,
}
RAW = ("script", "style", "textarea", "title")


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("kind", ENDLESS)
def test_text_before_markup_without_an_end_is_kept_with_a_note(kind: str, parser: str) -> None:
    document = parsed(BEFORE + ENDLESS[kind], parser)
    assert document.text == WORDS
    assert any("ends inside a" in note for note in document.notes)


@pytest.mark.parametrize("parser", PARSERS)
def test_stray_ends_of_sections_are_text(parser: str) -> None:
    document = parsed(BEFORE + "]]>" * 50_000, parser)
    assert document.text.startswith(WORDS)
    assert document.notes == ()


@pytest.mark.parametrize("name", RAW)
@pytest.mark.parametrize("parser", ["lxml", "html5lib"])
def test_text_before_an_element_of_raw_text_without_an_end_is_kept_with_a_note(parser: str, name: str) -> None:
    document = parsed(f"{BEFORE}<{name}>" * 5_000 + "<p>", parser)
    assert document.text == WORDS
    assert document.notes == (f"the markup ends inside <{name}>, which is left out; the text before it is kept",)


@pytest.mark.parametrize("name", ["script", "title"])
def test_lexbor_notes_a_script_or_title_without_an_end(name: str) -> None:
    document = parsed(f"{BEFORE}<{name}><p>Swallowed", "lexbor")
    assert document.text == WORDS
    assert document.notes == (f"the markup ends inside <{name}>, which is left out; the text before it is kept",)


@pytest.mark.parametrize("parser", PARSERS)
def test_titles_in_titles_do_not_end_in_the_depths(parser: str) -> None:
    assert WORDS in parsed(BEFORE + "<title>" * 5_000, parser).text


def test_unknown_declarations_cost_no_page() -> None:
    document = parsed(f"{BEFORE}<![foo]><![ bar>" * 500, "html.parser")
    assert document.text.startswith(WORDS)
    assert "declarations that are no HTML were left out" in document.notes


def test_the_note_reaches_the_article_and_its_json(cleaner: Cleaner) -> None:
    article = cleaner.clean_page(Page(f"<html><body>{BEFORE * 3}<!-- menu", format="html"))
    assert article.status is Status.OK
    assert article.notes == ("the markup ends inside a comment, which is left out; the text before it is kept",)
    assert article.to_dict()["notes"] == list(article.notes)
    assert article.restore().startswith(WORDS)


@pytest.mark.parametrize(
    "markup",
    ["<p>a < b and c > d", "<p title='>'>x</p>", "<!-->x<!-- y --!>z", "<p a=b/>x", "<p =x>y", "<p a= >x",
     "</>x</ >y", "<script>if (a < b) '<!--'</script>", "<svg><title>x</title><path/></svg>", "<P>One<BR>two</P>"],
)  # fmt: skip
def test_markup_that_only_looks_endless_comes_through_as_it_is(markup: str) -> None:
    mended, notes = guard(markup, "lexbor")
    assert mended is markup
    assert notes == ()
