"""Claims of wire services: the text's are told, wherever pictures push them; those of pictures are not."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from syndicate import Cleaner

if TYPE_CHECKING:
    from syndicate import Article

STORY = (
    "The harbour of Port Brine opened again on Monday, after the dam had held for a third day.",
    "Hundreds of people walked along the quay, and the council thanked those who had carried sand.",
    "Nobody could say when the ferry to Harrow would run again, or who would pay for the lock.",
)
CAPTION = "A walker looks at the quay of Port Brine on Sunday, a day before the harbour opened."


@cache
def cleaner() -> Cleaner:
    return Cleaner()


def clean(*lines: str) -> Article:
    """An article whose text is some lines and then the story."""
    return cleaner().clean("\n\n".join((*lines, *STORY)))


def told(article: Article, field: str = "agency") -> list[str]:
    return [claim.value for claim in article.claims if claim.field == field]


@pytest.mark.parametrize(
    "line",
    [
        "Marla Quent / Reuters",
        "Marla Quent, AP",
        "Marla Quent | AP",
    ],
)
def test_a_line_that_is_a_pictures_credit_is_no_byline(line: str) -> None:
    article = clean(line)
    assert (told(article), told(article, "author")) == ([], [])
    assert line in told(article, "image_credit")
    assert line not in article.text


@pytest.mark.parametrize(
    "line",
    ["By Marla Quent, AP", "MARLA QUENT and ODO VANE / AP", "Marla Quent, Odo Vane and Ada Quill, Reuters"],
)
def test_a_line_that_says_it_is_a_byline_is_one(line: str) -> None:
    article = clean(line)
    assert len(told(article)) == 1
    assert told(article, "author")[0].casefold() == "marla quent"
    assert line not in article.text


def test_who_is_credited_with_a_picture_elsewhere_took_the_one_above() -> None:
    line = "Marla Quent, Associated Press"
    assert told(clean(line)) == ["Associated Press"]
    article = clean(line, f"{CAPTION} (AP Photo/Marla Quent, File)")
    assert (told(article), told(article, "author")) == ([], [])
    assert line not in article.text


def test_a_service_right_below_a_pictures_viewer_took_the_picture() -> None:
    assert told(clean("Reuters")) == ["Reuters"]
    assert told(clean("Modal Trigger", "Reuters")) == []
    assert told(clean("Modal Trigger", CAPTION, "Reuters")) == ["Reuters"]
    assert "Reuters" not in clean("Modal Trigger", "Reuters").text


@pytest.mark.parametrize("line", ["HARROW (AP) — The lock held on Monday.", "By The Associated Press"])
def test_captions_may_stand_before_dateline_and_byline(line: str) -> None:
    captions = [part for _ in range(9) for part in (CAPTION, "Photo: Marla Quent, Reuters")]
    assert len(told(clean(*captions, line))) == 1


def test_teasers_of_other_stories_are_no_dateline() -> None:
    teasers = ["HARROW (Reuters) - Grain prices fell for a third day as ...", "BRINE (AP) — The lock held until…"]
    assert told(clean(*STORY, *teasers)) == []


def test_a_page_opens_with_its_first_dateline() -> None:
    article = clean("HARROW (Reuters) - The lock held on Monday.", *STORY, "BRINE (AP) — A ferry ran aground.")
    assert told(article) == ["Reuters"]


@pytest.mark.parametrize(
    ("notice", "agencies"),
    [
        ("© 2026 The Associated Press. All rights reserved.", ["The Associated Press"]),
        ("Associated Press writer Odo Vane in Harrow contributed to this report.", ["Associated Press"]),
        ("The Associated Press contributed to this report.", []),
        ("© 2026 Quent Media. All rights reserved.", []),
    ],
)
def test_what_an_agency_says_below_its_text_tells_it(notice: str, agencies: list[str]) -> None:
    article = cleaner().clean("\n\n".join((*STORY, notice)))
    assert told(article) == agencies
    assert notice not in article.text
