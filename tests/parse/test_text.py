"""Plain text to blocks: paragraphs, lines, and lines that only wrap."""

from __future__ import annotations

import textwrap
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syndicate import Cleaner, Page
from syndicate.parse import parse_text
from tests.conftest import EXAMPLES

PARAGRAPHS = """\
The swing bridge at Marrow Lock opened on Tuesday for the first time since the flood, and forty boats that had been \
waiting upstream went through before the evening tide.
Lock keeper Nora Pell said the new motor was quieter than the old one, which could be heard in the church, and that \
nobody in the town would miss it.
The bridge will be shut again on Monday, when divers come back to look at the eastern pier.
""".splitlines()
ODD_SPACE = "a.,B \t\n\r\x0b\x0c\x1c\x85\xa0\u2028\u2029\u3000"


def blocks_of(text: str) -> list[str]:
    document = parse_text(text)
    return [text[block.start : block.end] for block in document.blocks]


def wrapped(columns: int = 72, newline: str = "\n") -> str:
    paragraphs = (textwrap.fill(paragraph, columns) for paragraph in PARAGRAPHS)
    return "\n\n".join(paragraphs).replace("\n", newline)


@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n\n", "\n  \t\n", "\r\n\r\n", "\r\r", "\n\x0c\n", "\u2029\u2029"])
def test_blank_lines_part_paragraphs(gap: str) -> None:
    assert blocks_of(gap.join(PARAGRAPHS)) == PARAGRAPHS


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028"])
def test_each_line_is_a_paragraph_where_lines_are_not_wrapped(newline: str) -> None:
    document = parse_text(newline.join(PARAGRAPHS))
    assert [document.text[block.start : block.end] for block in document.blocks] == PARAGRAPHS
    assert document.wraps == ()


def test_white_space_around_the_text_and_its_lines_is_in_no_block() -> None:
    assert blocks_of("\n\n  One line.  \n\t Another line.\n \n") == ["One line.", "Another line."]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\r\n \t\u2028"])
def test_text_without_words_has_no_blocks(text: str) -> None:
    assert blocks_of(text) == []


@pytest.mark.parametrize("columns", [50, 65, 72, 80, 100])
def test_wrapped_lines_are_one_block_and_the_wraps_point_at_the_breaks(columns: int) -> None:
    text = wrapped(columns)
    document = parse_text(text)
    assert [" ".join(block.split()) for block in blocks_of(text)] == PARAGRAPHS
    assert {text[start:end] for start, end in document.wraps} == {"\n"}
    assert len(document.wraps) == text.count("\n") - 4


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_an_unwrapped_article_has_spaces_for_breaks_and_can_be_restored(cleaner: Cleaner, newline: str) -> None:
    text = wrapped(newline=newline)
    article = cleaner.clean(text)
    assert article.text == "\n\n".join(PARAGRAPHS).replace("\n", newline)
    assert article.restore() == text


def test_the_wrapped_example_reads_as_it_was_written_before_it_was_wrapped(cleaner: Cleaner) -> None:
    text = (EXAMPLES / "pages" / "river-weekly-orchard.txt").read_text("utf-8")
    article = cleaner.clean(text)
    assert "a 64-acre farm on the east bank of the Tamsin River that has grown apples and pears" in article.text
    assert article.restore() == text


def test_the_wrapped_example_comes_out_the_same_from_a_windows_machine(cleaner: Cleaner) -> None:
    text = (EXAMPLES / "pages" / "river-weekly-orchard.txt").read_text("utf-8")
    windows = cleaner.clean(text.replace("\n", "\r\n"))
    assert windows.text.replace("\r\n", "\n") == cleaner.clean(text).text


def test_indented_wrapped_lines_are_unwrapped_too() -> None:
    text = textwrap.indent(wrapped(), "    ")
    assert [" ".join(block.split()) for block in blocks_of(text)] == PARAGRAPHS


LISTS = (
    "Sailings this week\nMonday 08:10\nWednesday 08:10\nSaturday 09:40",
    "Results\nMarrow 2, Tull 1\nOrland 0, Vessey 0\nHexham Vale 3, Averley Rovers 3",
    "- one loaf of brown bread\n- two pints of milk\n- a pound of the hard cheese that keeps",
)


@pytest.mark.parametrize("text", LISTS)
def test_a_list_of_short_lines_is_not_merged(text: str) -> None:
    assert blocks_of(text) == text.split("\n")


def test_a_list_inside_a_wrapped_text_keeps_its_lines() -> None:
    assert blocks_of(f"{wrapped()}\n\n{LISTS[0]}")[-4:] == LISTS[0].split("\n")


def test_the_short_lines_at_the_end_of_a_wrapped_release_stay_lines() -> None:
    text = (EXAMPLES / "pages" / "river-weekly-orchard.txt").read_text("utf-8")
    assert blocks_of(text)[-2:] == ["(555) 010-0177", "###"]
    assert "Media Contact:" in blocks_of(text)


@given(st.one_of(st.text(), st.text(ODD_SPACE)))
@example("a\r\nb")
@example("a\x85\x85b")
@example("a\n\u2028 b\n")
def test_blocks_are_in_order_stripped_and_parted_by_white_space_alone(text: str) -> None:
    document = parse_text(text)
    assert document.text == text
    at = 0
    for block in document.blocks:
        assert at <= block.start < block.end
        assert not text[at : block.start].strip()
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        at = block.end
    assert not text[at:].strip()


@given(st.lists(st.text("abc ", min_size=1, max_size=90), max_size=12), st.sampled_from(["\n", "\r\n", "\n \t"]))
def test_wraps_are_white_space_inside_blocks(lines: list[str], newline: str) -> None:
    text = newline.join(lines)
    document = parse_text(text)
    for start, end in document.wraps:
        assert text[start:end].isspace()
        assert any(block.start < start < end < block.end for block in document.blocks)


@given(st.one_of(st.text(), st.text(ODD_SPACE)))
def test_no_character_of_a_text_is_lost(cleaner: Cleaner, text: str) -> None:
    article = cleaner.clean_page(Page(text, id="note.txt", format="text"))
    assert article.restore() == text


@pytest.mark.parametrize("filler", [" ", "\t", "\xa0", "\n", "\r\n", " \n", "\x0b", "\u2028", "-", "word "])
def test_a_long_run_of_anything_takes_no_time(filler: str) -> None:
    text = f"The gates are shut.{filler * 20_000}They stay shut."
    started = time.process_time()
    parse_text(text)
    assert time.process_time() - started < 0.5
