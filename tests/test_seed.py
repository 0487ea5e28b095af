"""The case the project began from: a repost with its chrome, as plain text, and what is known of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from syndicate import Article, Cleaner, Page, match_corpus
from syndicate.graph import Relation


@pytest.fixture
def seed(shared: Path) -> str:
    return (shared / "data" / "seed" / "article.txt").read_text("utf-8")


@pytest.fixture
def gold(shared: Path) -> Any:
    return json.loads((shared / "data" / "seed" / "gold.json").read_text("utf-8"))


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def cleaned(text: str) -> Article:
    """The seed cleaned by the core packs alone, without its address, as an unseen site would be."""
    return Cleaner(["core"]).clean(text, id="seed")


def test_exactly_the_golds_lines_are_kept(seed: str, gold: Any) -> None:
    lines = lines_of(seed)
    article = cleaned(seed)
    assert lines_of(article.text) == [lines[at] for at in gold["kept_lines"]]
    assert article.title == gold["title"]
    assert article.restore() == seed


def test_each_dropped_line_goes_under_its_kind(seed: str, gold: Any) -> None:
    lines = lines_of(seed)
    kinds: dict[str, set[str]] = {}
    for removal in cleaned(seed).removed:
        if not removal.by_extractor:
            first = removal.end - len(removal.text.lstrip())  # white space before a dropped tail goes with it
            line = seed[seed.rfind("\n", 0, first) + 1 :].partition("\n")[0].strip()
            kinds.setdefault(line, set()).add(removal.kind)
    assert kinds == {lines[int(at)]: {kind} for at, kind in gold["dropped_lines"].items()}


def test_source_credit_and_publisher_are_claimed(seed: str, gold: Any) -> None:
    claims = {claim.field: claim.value for claim in cleaned(seed).claims}
    assert claims.items() >= gold["claims"].items()
    assert not {value for value in claims.values() if value in gold["cited_but_not_origin"]}


def test_a_plain_copy_elsewhere_is_a_repost_whose_origin_is_the_credited_outlet(seed: str, gold: Any) -> None:
    article = cleaned(seed)
    copy = Cleaner().clean_page(Page(article.text, id="copy", outlet="Another Outlet"))
    graph = match_corpus([article, copy])
    (match,) = graph.matches
    assert match.relation is Relation.REPOST
    (story,) = graph.stories
    assert story.origin.outlet == gold["origin"]
    assert story.origin.article is None
    assert story.origin.evidence[0].text == "Articles by: The Cradle"
    assert not {piece.value for piece in story.origin.evidence} & set(gold["cited_but_not_origin"])
