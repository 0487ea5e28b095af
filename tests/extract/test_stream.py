"""Articles that a page goes on with below its own."""

from __future__ import annotations

import pytest

from syndicate.extract.stream import following_articles
from syndicate.parse import parse_html

SENTENCE = "The ferry to the north shore will run again from Monday, the harbour office said on Friday afternoon. "
OTHER = "The yard on the mainland has sold two of its boats to a town in the east, and keeps the third for now. "


def post(title: str, text: str, *, times: int = 6, names: str = "post") -> str:
    return f'<article class="{names}"><header><h1>{title}</h1></header><p>{text * times}</p></article>'


def texts(markup: str, title: int | None = 0) -> list[str]:
    document = parse_html(f"<main>{markup}</main>")
    found = following_articles(document, title)
    assert {reason.rule for reason in found.values()} <= {"extract/next-article"}
    return [document.text[document.blocks[at].start : document.blocks[at].end].strip() for at in found]


def test_posts_of_the_form_of_the_pages_own_go() -> None:
    stream = post("Ferry runs", SENTENCE) + post("Boats sold", OTHER) + post("Yard closes", OTHER)
    assert texts(stream) == ["Boats sold", (OTHER * 6).strip(), "Yard closes", (OTHER * 6).strip()]


@pytest.mark.parametrize(
    "below",
    [
        post("Boats sold", OTHER, names="teaser"),  # another form: a box of the article's own, perhaps
        post("Boats sold", OTHER, times=1),  # too short to be an article
        f"<p>{OTHER * 6}</p>",  # no heading of its own
        f"<h1>Boats sold</h1><p>{OTHER * 6}</p>",
    ],
)
def test_what_is_not_of_that_form_stays(below: str) -> None:
    assert texts(post("Ferry runs", SENTENCE) + below) == []


def test_sections_with_main_headings_of_their_own_stay() -> None:
    sections = "".join(f"<section><h1>Part {at}</h1><p>{SENTENCE * 6}</p></section>" for at in range(3))
    assert texts(f"<header><h1>Ferry runs</h1></header>{sections}") == []


def test_page_without_a_title_of_its_own_is_no_stream() -> None:
    assert texts(post("Ferry runs", SENTENCE) + post("Boats sold", OTHER), title=None) == []
