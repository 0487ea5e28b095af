"""What plain text alone tells: its title again, leaked scripts, copies, and other articles' headlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from syndicate.extract import extract, trailing_headlines
from syndicate.parse import parse_html, parse_text
from syndicate.rules.rule import Markers

if TYPE_CHECKING:
    from syndicate import Cleaner

MARKERS = Markers(article=frozenset(), tags={}, names={})
TITLE = "Ferry to the north shore runs again"
STORY = (
    "The ferry to the north shore will run again from Monday, the harbour office said on Friday afternoon.",
    "Its engine had failed in the storm of last week, and spare parts came by lorry from the mainland yard.",
    "Ada Quill, who has crossed every day for eleven years, said that she had missed the boat and its crew.",
    "A second boat, lent by the pilots of Port Brine, goes back to them on Sunday night, with thanks and a cake.",
)
SCRIPT = (
    '</noscript><script id="data" type="application/json">{"blog":"brine","ids":[' + "17," * 300 + "18]}",
    "window.queue = window.queue || [];",
    "queue.push(function () {",
    "}",
    '</script><script type="text/javascript">',
    "tag('config', 'brine');",
    "</script><noscript>",
    "</noscript>",
)


def left_out(lines: list[str] | tuple[str, ...], *titles: str) -> dict[str, str]:
    """The lines that are not the article's, with the reasons."""
    document = parse_text("\n\n".join(lines))
    reasons = extract(document, MARKERS, titles)
    blocks = document.blocks
    return {document.text[blocks[at].start : blocks[at].end]: reason.rule for at, reason in reasons.items()}


@pytest.mark.parametrize(
    "line",
    [
        TITLE,
        TITLE.upper(),
        f"Harbour: {TITLE}",
        "Ferry to north shore runs again",
    ],
)
def test_a_title_that_is_known_is_left_out_at_the_head(line: str) -> None:
    assert left_out([line, *STORY], f"{TITLE} | Harrow Gazette") == {line: "extract/title"}


def test_a_title_after_a_kicker_and_again_is_left_out() -> None:
    assert left_out(["TESSALY", TITLE, TITLE, *STORY], TITLE) == {TITLE: "extract/title"}


def test_a_first_line_is_kept_where_no_title_is_known() -> None:
    assert left_out([TITLE, *STORY]) == {}


@pytest.mark.parametrize(
    "lines",
    [
        [*STORY, TITLE],  # not at the head
        [TITLE],  # all there is
        ["Ferry", *STORY],  # one word of it
        ["The ferry to the north shore runs again from Monday, and all of Port Brine is glad of it.", *STORY],
    ],
)
def test_what_only_looks_like_the_title_stays(lines: list[str]) -> None:
    assert left_out(lines, TITLE) == {}


def test_a_page_opens_with_its_title_without_a_heading_for_it() -> None:
    document = parse_html(f"<title>{TITLE}</title><div><p>{TITLE}</p>" + "".join(f"<p>{line}</p>" for line in STORY))
    titles = [claim.value for claim in document.claims if claim.field == "title"]
    assert [reason.rule for reason in extract(document, MARKERS, titles).values()] == ["extract/title"]


def test_leaked_scripts_are_left_out_as_a_whole_and_the_story_stays() -> None:
    assert left_out([*STORY, *SCRIPT]) == dict.fromkeys(SCRIPT, "extract/script")


def test_a_story_on_scripts_keeps_its_samples() -> None:
    samples = ["<script>", "alert('brine')", "</script>", "Then close the page and open it again with <noscript>."]
    assert left_out([*STORY, *samples]) == {}
    assert left_out([*STORY, *samples * 3]) == {}


def test_a_second_copy_of_the_article_is_left_out() -> None:
    found = left_out([*STORY, "Also today", *STORY])
    assert found == dict.fromkeys(STORY, "extract/copy")
    document = parse_text("\n\n".join([*STORY, "Also today", *STORY, *STORY]))
    assert sorted(extract(document, MARKERS)) == [5, 6, 7, 8, 9, 10, 11, 12]


def test_two_paragraphs_that_come_again_are_no_copy() -> None:
    assert left_out([*STORY, "Also today", *STORY[:2]]) == {}


def test_a_box_that_comes_back_is_left_out_each_time() -> None:
    box = "Students must know the basics of seamanship before they book any of these courses."
    lines = [box, STORY[0], box, STORY[1], STORY[2], box, STORY[3]]
    document = parse_text("\n\n".join(lines))
    assert sorted(extract(document, MARKERS)) == [0, 2, 5]


@pytest.mark.parametrize(
    "line",
    [
        "Row, row, row the ferry home.",
        "- A berth for the night, a cup of soup, and a blanket from the harbour office.",
        "What the harbour office says to those who ask for the boat this week:",
    ],
)
def test_refrains_list_items_and_subheadings_may_come_back(line: str) -> None:
    assert left_out([line, STORY[0], line, STORY[1], line, STORY[2]]) == {}


def test_a_line_that_says_one_thing_twice_is_a_link() -> None:
    line = "Who pays for the new pier?"
    assert left_out([*STORY[:2], f"{line} {line}", *STORY[2:]]) == {f"{line} {line}": "extract/doubled"}
    assert left_out([*STORY, "Bye bye"]) == {}


def headlines_of(lines: list[str] | tuple[str, ...]) -> list[str]:
    """The lines that are taken for headlines of other articles."""
    document = parse_text("\n\n".join(lines))
    blocks = [document.blocks[at] for at in sorted(trailing_headlines(document, ()))]
    return [document.text[block.start : block.end] for block in blocks]


def test_headlines_below_the_text_are_left_out() -> None:
    headlines = ["Harrow Mayor Says the New Pier Will Cost More", "- Three Pilots Fined in the Port Brine Fuel Case"]
    assert headlines_of([*STORY, *headlines]) == headlines


@pytest.mark.parametrize(
    "tail",
    [
        ["The books on her table:", "The Long Ferry and the Short Sea", "A Harbour Full of Glass and Rope"],
        ["The Long Ferry and the Short Sea"] * 9,
        ["Alle Brücken der Stadt werden ab Montag wieder geöffnet"],
        ["Kettle of the Quent Mills House $40, Regular Price $60"],
        ["Marla Quent Jr"],
    ],
)
def test_lists_of_the_text_and_other_last_lines_stay(tail: list[str]) -> None:
    assert headlines_of([*STORY, *tail]) == []


def test_a_text_of_headlines_alone_stays() -> None:
    assert (
        headlines_of(["Harrow Mayor Says the New Pier Will Cost More", "Three Pilots Fined in the Brine Case"]) == []
    )


def test_a_line_that_a_rule_knows_is_no_headline_and_keeps_its_claim(cleaner: Cleaner) -> None:
    tail = ["Harrow Mayor Says the New Pier Will Cost More", "Source: The Port Brine Herald of Tessaly"]
    article = cleaner.clean("\n\n".join([*STORY, *tail]))
    assert article.text == "\n\n".join(STORY)
    assert [removal.rule for removal in article.removed] == ["extract/headline", "core-en/source-line"]
    assert [claim.value for claim in article.claims if claim.field == "source"] == [
        "The Port Brine Herald of Tessaly"
    ]
