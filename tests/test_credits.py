"""Credit lines of reposts: which outlet a page says its text is from, and what only looks like such a line."""

from __future__ import annotations

import pytest

from syndicate import Article, Cleaner, Page

STORY = (
    "The ferry to Harrow runs again after the storm, and the harbour is full of people who waited for a week.",
    "Two of the three boats were mended on the quay, said the harbour master, who had slept in his office.",
    "The third one waits for a part that comes by train, and nobody knows yet on which day it will be here.",
    "Shops on the island had sold nearly all they had, and the school was shut because its heating had failed.",
    "The council wants to talk about a bridge again, as it does after every storm, and as it did ten years ago.",
)


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return Cleaner()


def repost(cleaner: Cleaner, *, head: str = "", tail: str = "", outlet: str | None = "Tessaly Today") -> Article:
    """The story with a line above or below it, on a page of an outlet."""
    blocks = ["Ferry runs again", *([head] if head else []), *STORY, *([tail] if tail else [])]
    return cleaner.clean_page(Page("\n\n".join(blocks), url="https://tessalytoday.example/7", outlet=outlet))


def sources(article: Article) -> list[str]:
    return [claim.value for claim in article.claims if claim.field == "source"]


@pytest.mark.parametrize(
    "line",
    [
        "Originally published by {}",
        "[This article first appeared in {}.]",
        "Republished with the kind permission of {}",
        "From our partners at {}",
        "The following story first ran in {}.",
        "Cross-posted from {}",
        "Via {}",
    ],
)
@pytest.mark.parametrize("name", ["Fenwick Monitor", "BBC News", "fenwickmonitor.example"])
def test_a_credit_above_or_below_the_text_goes_and_names_the_source(cleaner: Cleaner, line: str, name: str) -> None:
    credit = line.format(name)
    for article in (repost(cleaner, head=credit), repost(cleaner, tail=credit)):
        assert sources(article) == [name]
        assert credit not in article.text
        assert STORY[0] in article.text
        assert article.text.endswith(STORY[-1])


@pytest.mark.parametrize(
    "line",
    [
        "{} waved from the quay",
        "Photo courtesy of {}",
        "Image: {}",
        "Video via {}",
        "Video courtesy of {}",
        "“We had no choice,” the mayor told {}.",
        "The letter was first reported by {}, which had seen a copy.",
    ],
)
def test_a_name_in_the_story_or_beside_a_picture_is_no_source(cleaner: Cleaner, line: str) -> None:
    assert sources(repost(cleaner, tail=line.format("Fenwick Monitor"))) == []


@pytest.mark.parametrize(
    "line",
    [
        "This article was originally published on August 27, 2025.",
        "First published at 2:05 p.m.",
        "First published on Thu 21 Dec 2025 22.12 CET",
        "The findings were originally published in Brine Biology.",
        "The book was first published by Quent Press in 1998.",
        "Republish our articles for free, online or in print, under a Creative Commons licence.",
    ],
)
def test_a_first_version_of_something_else_is_no_source(cleaner: Cleaner, line: str) -> None:
    assert sources(repost(cleaner, tail=line)) == []


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("By Marla Quent, Fenwick Monitor", ["Fenwick Monitor"]),
        ("Marla Quent | The Cradle", ["The Cradle"]),
        ("Authored by Marla Quent via BBC News,", ["BBC News"]),
        ("By Marla Quent, Political Editor", []),
        ("By Marla Quent, Harrow", []),
        ("Marla Quent | Staff", []),
        ("By Marla Quent | Local News", []),
        ("Marla Quent / Fenwick Monitor", []),  # a photographer
    ],
)
def test_a_byline_names_another_outlet_where_it_is_plainly_one(cleaner: Cleaner, line: str, named: list[str]) -> None:
    assert sources(repost(cleaner, head=line)) == named


@pytest.mark.parametrize("outlet", ["Tessaly Today", "The Tessaly Today", "tessalytoday.example", None])
def test_a_byline_with_the_pages_own_outlet_claims_no_source(cleaner: Cleaner, outlet: str | None) -> None:
    article = repost(cleaner, head="By Marla Quent, Tessaly Today", outlet=outlet)
    assert sources(article) == []
    assert article.byline == "Marla Quent"


def test_the_article_that_is_linked_to_is_claimed(cleaner: Cleaner) -> None:
    article = repost(cleaner, tail="Read the original article at Fenwick Monitor: https://fenwickmonitor.example/7")
    claims = {claim.field: claim.value for claim in article.claims}
    assert claims["source"] == "Fenwick Monitor"
    assert claims["source_url"] == "https://fenwickmonitor.example/7"
