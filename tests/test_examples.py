"""The demo: what `make demo` shows a newcomer is right, and the README shows what the demo shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from syndicate import Article, Cleaner, Status, SyndicationGraph, match_corpus
from syndicate.graph import Relation, Story
from syndicate.io.read import read_pages
from syndicate.model import Page
from tests.conftest import EXAMPLES, ROOT

FERRY = "harbour-ledger-ferry.html"
CHROME = (
    "newsletter", "inbox", "subscribe", "cookie", "all rights reserved", "share this", "advertisement", "read more",
    "follow us", "comment policy", "media contact", "media inquiries", "sign up", "disclaimer", "got a tip",
)  # fmt: skip


@pytest.fixture(scope="module")
def articles(cleaner: Cleaner) -> dict[str, Article]:
    pages = read_pages([str(EXAMPLES / "pages"), str(EXAMPLES / "feed.jsonl")])
    cleaned = (cleaner.clean_page(page) for page in pages if isinstance(page, Page))
    return {Path(article.id).name: article for article in cleaned}


@pytest.fixture(scope="module")
def graph(articles: dict[str, Article]) -> SyndicationGraph:
    return match_corpus(articles.values())


def story_of(graph: SyndicationGraph, name: str) -> Story:
    return next(story for story in graph.stories if any(member.endswith(name) for member in story.members))


def test_every_page_comes_out_with_its_status(articles: dict[str, Article]) -> None:
    assert {name for name, article in articles.items() if article.status is not Status.OK} == {"empty-shell.html"}
    assert len(articles) == 16


def test_no_chrome_is_left_in_any_text(articles: dict[str, Article]) -> None:
    left = {
        (name, phrase, line)
        for name, article in articles.items()
        for line in article.text.split("\n")
        for phrase in CHROME
        if phrase in line.lower()
    }
    assert left == set()


def test_the_originals_text_is_whole(articles: dict[str, Article]) -> None:
    whole = articles["valley-courier-ferry.html"].text
    assert whole in articles[FERRY].text  # which has its standfirst, too
    assert articles["independent-monitor-ferry.txt"].text.endswith(whole)
    assert 500 < len(articles[FERRY].text.split()) < 600


def test_reposts_excerpts_and_digests_are_told_apart(graph: SyndicationGraph) -> None:
    edges = {Path(edge.copy).name: (edge.relation, Path(edge.source).name) for edge in story_of(graph, FERRY).edges}
    assert edges == {
        "bar-20260306-0017": (Relation.REPOST, FERRY),
        "briefing-digest.html": (Relation.OVERLAP, FERRY),
        "city-metro-ferry.html": (Relation.REPOST, FERRY),
        "independent-monitor-ferry.txt": (Relation.REPOST, FERRY),
        "north-gazette-ferry.html": (Relation.EXCERPT, FERRY),
        "valley-courier-ferry.html": (Relation.REPOST, FERRY),
    }


def test_the_origin_is_the_outlet_that_its_copies_credit(graph: SyndicationGraph) -> None:
    origin = story_of(graph, FERRY).origin
    assert origin.outlet == "Harbour Ledger"
    assert origin.article is not None
    assert origin.article.endswith(FERRY)
    assert {piece.text for piece in origin.evidence} >= {
        "This article was originally published by Harbour Ledger.",
        "Articles by: Harbour Ledger",
    }


def test_an_agencys_text_has_an_origin_outside_the_corpus(graph: SyndicationGraph) -> None:
    story = story_of(graph, "plains-tribune-grain.html")
    assert (story.origin.outlet, story.origin.article) == ("Associated Press", None)
    assert {Path(member).name for member in story.members} == {
        "plains-tribune-grain.html",
        "lakeside-post-grain.html",
    }


def test_pages_that_quote_or_share_a_publisher_match_nothing(graph: SyndicationGraph) -> None:
    matched = {Path(name).name for match in graph.matches for name in (match.a, match.b)}
    assert not matched & {
        "opinion-standard-ferry.html", "valley-courier-library.html", "harbour-ledger-brief.html",
        "coast-herald-school.html", "river-weekly-orchard.txt", "empty-shell.html", "hxo-20260308-0004",
    }  # fmt: skip


def test_the_readme_shows_what_the_demo_prints(tmp_path: Path) -> None:
    def syndicate(*arguments: str) -> str:
        command = [sys.executable, "-m", "syndicate", *arguments]
        return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, encoding="utf-8").stdout

    syndicate("clean", "examples/pages", "examples/feed.jsonl", "-o", str(tmp_path / "cleaned.jsonl"))
    printed = syndicate("match", str(tmp_path / "cleaned.jsonl"), "-o", str(tmp_path))
    shown = (ROOT / "README.md").read_text("utf-8").partition("<!-- demo -->")[2].partition("<!-- /demo -->")[0]
    assert [line.rstrip() for line in printed.strip().splitlines()] == [
        line.rstrip() for line in shown.strip().removeprefix("```").removesuffix("```").strip().splitlines()
    ]
