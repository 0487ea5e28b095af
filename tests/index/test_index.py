"""What an index promises, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate import Index, InputError, Match, Status, StoreError
from syndicate.graph import Relation
from syndicate.index import lookup, segments
from syndicate.match import find_matches
from syndicate.story import build_stories
from syndicate.verify import Text, verify_many
from tests.stories import article, body, claim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from syndicate import Article


@pytest.fixture
def small() -> Iterator[None]:
    """Segments of a few articles, so that there are many, and merges."""
    with patch.object(segments, "PENDING", 5), patch.object(segments, "MOST_DEAD", 7):
        yield


def corpus(count: int, seed: int = 1) -> list[Article]:
    """Articles of which many share text: copies, excerpts, overlaps, briefs, and pages that are none."""
    rng = random.Random(seed)
    articles = []
    for number in range(count):
        text = body(rng.randrange(count // 2), rng.choice((2, 6, 24, 60)))
        if rng.random() < 0.4:
            text += f"\n\n{body(rng.randrange(count // 2), 6)}"
        status = Status.SUSPECT if rng.random() < 0.1 else Status.OK
        articles.append(replace(article(f"id-{number}", text, outlet=f"Outlet {number % 7}"), status=status))
    return articles


def assert_matched(found: Iterable[Match], asked: Article, stored: Iterable[Article]) -> None:
    """All that matching the whole corpus finds of an article, and nothing that comparing it with each does not."""
    others = [other for other in stored if other.id != asked.id]
    in_corpus = {match for match in find_matches([*others, asked]) if asked.id in (match.a, match.b)}
    good = [other for other in others if other.status is asked.status is Status.OK]
    true = {
        match for other in good for match in verify_many(sorted(map(Text.of, (asked, other))), np.array([[0, 1]]))
    }
    assert in_corpus <= set(found) <= true


def _pair(match: Match) -> tuple[str, str]:
    return match.a, match.b


@pytest.mark.usefixtures("small")
def test_matches_are_those_of_the_corpus_for_stored_articles_and_for_others(location: str) -> None:
    articles = corpus(120)
    stored, others = articles[:90], articles[90:]
    with Index.open(location) as index:
        assert index.add_many(stored, batch=17) == 90
        for asked in articles:
            assert_matched(index.match(asked), asked, stored)
        assert any(index.match(asked) for asked in others)
        assert len(index) == 90
        assert index.check() == ()


@pytest.mark.usefixtures("small")
def test_matches_do_not_depend_on_the_order_in_which_articles_came(location: str, tmp_path: Path) -> None:
    articles = corpus(80)
    asked = corpus(90)
    with Index.open(location) as index, Index.open(tmp_path / "other.db") as other:
        index.add_many(articles)
        for one in random.Random(2).sample(articles, len(articles)):
            other.add(one)
        assert [index.match(one) for one in asked] == [other.match(one) for one in asked]
        assert list(index) == list(other) == sorted(one.id for one in articles)
        assert list(index.articles()) == list(other.articles())


def test_what_is_added_is_there_when_the_index_is_opened_again(location: str) -> None:
    stored = replace(
        article("a/ü\x00\ud800", f"{body(1)} \ud83d", title="Ferry", outlet="Ledger", url="https://ledger.example/1"),
        claims=(claim("source", "Metro"),), published="2026-03-04", byline="Nora Pell",
    )  # fmt: skip
    with Index.open(location) as index:
        index.add(stored)
    with Index.open(location) as index:
        assert stored.id in index
        assert "b" not in index
        assert 7 not in index
        assert index.get(stored.id) == stored
        assert index.get("b") is None
        assert list(index.articles()) == [stored]


def test_an_article_is_not_its_own_match_and_the_best_match_is_first(location: str) -> None:
    long = body(1, 40)
    with Index.open(location) as index:
        index.add_many([
            article("copy", long), article("repost", f"{long} {body(2, 4)}"), article("stranger", body(3)),
            article("excerpt", "\n\n".join(long.split("\n\n")[:4])),
        ])  # fmt: skip
        found = index.match(article("copy", long))
        assert [(match.a, match.b, match.relation) for match in found] == [
            ("copy", "repost", Relation.REPOST), ("copy", "excerpt", Relation.EXCERPT),
        ]  # fmt: skip
        assert [match.relation for match in index.match(article("new", long))] == [
            Relation.IDENTICAL, Relation.REPOST, Relation.EXCERPT,
        ]  # fmt: skip


def test_an_article_without_an_id_can_be_looked_up_and_not_added(location: str) -> None:
    with Index.open(location) as index:
        index.add(article("a", body(1)))
        assert [match.b for match in index.match(article("", body(1)))] == ["a"]
        with pytest.raises(InputError, match="no id"):
            index.add_many([article("b", body(2)), article("", body(3))])
        assert list(index) == ["a"]


@pytest.mark.usefixtures("small")
def test_an_article_takes_the_place_of_the_one_with_its_id(location: str) -> None:
    with Index.open(location) as index:
        index.add_many(article(f"old-{number}", body(number)) for number in range(30))
        index.add(article("old-3", body(100)))
        index.add(article("old-4", body(4), title="A new title"))
        assert len(index) == 30
        assert index.match(article("x", body(3))) == []
        assert [match.a for match in index.match(article("x", body(100)))] == ["old-3"]
        retitled = index.get("old-4")
        assert retitled is not None
        assert retitled.title == "A new title"
        index.add_many([article("old-5", body(200)), article("old-5", body(201))])
        assert index.match(article("x", body(200))) == []
        assert [match.a for match in index.match(article("x", body(201)))] == ["old-5"]
        assert index.check() == ()


@pytest.mark.usefixtures("small")
def test_what_is_removed_is_found_no_more(location: str) -> None:
    with Index.open(location) as index:
        index.add_many([article(f"a{number}", body(number % 20)) for number in range(40)])
        assert [index.remove(f"a{number}") for number in (*range(20), 99)] == [True] * 20 + [False]
        assert len(index) == 20
        assert index.check() == ()
        for number in range(20):
            assert [match.a for match in index.match(article("x", body(number)))] == [f"a{number + 20}"]
        index.add_many([article(f"b{number}", body(number)) for number in range(30)])
        assert index.check() == ()
        assert index.stats().dead <= 7  # they were dropped when segments were written anew


def test_pages_that_are_no_articles_are_kept_and_match_nothing(location: str) -> None:
    wall = replace(article("wall", body(1)), status=Status.SUSPECT, reason="a wall")
    with Index.open(location) as index:
        index.add_many([wall, article("empty", ""), article("a", body(1)), replace(wall, id="other")])
        assert index.get("wall") == wall
        assert index.match(wall) == index.match(article("b", "")) == index.match(article("a", body(1))) == []


def test_exact_copies_of_a_brief_are_found(location: str) -> None:
    with Index.open(location) as index:
        index.add_many([article("a", "The ferry is late again."), article("b", "The ferry is late.")])
        assert [match.a for match in index.match(article("c", "The FERRY is late again"))] == ["a"]


@pytest.mark.usefixtures("small")
def test_text_that_stands_in_too_many_articles_is_set_aside_and_reported(location: str) -> None:
    footer = body(999, 12)
    articles = [article(f"a{number:03}", f"{body(number, 6)}\n\n{footer}") for number in range(60)]
    asked = article("new", f"{body(500, 6)}\n\n{footer}")
    with Index.open(location) as index, patch.object(lookup, "COMMONEST", 50), patch("syndicate.index.COMMONEST", 50):
        index.add_many(articles)
        found = index.look_up(asked)
        assert found.matches == ()
        assert found.common
        assert footer.rstrip(".") in found.common[-1]
        assert len(found.common) == 1
        assert index.stats().common > 1
        # Copies are found all the same, and what is rare again counts again.
        assert [match.b for match in index.match(articles[0])] == []
        assert len(index.match(replace(articles[0], id="copy"))) == 1
        for one in articles[:20]:
            index.remove(one.id)
        assert index.look_up(asked).common == ()
        assert index.stats().common == 0


@pytest.mark.parametrize("number", range(12))
def test_the_story_of_an_article_is_that_of_all_matches(tmp_path: Path, number: int) -> None:
    articles = [replace(one, published=f"2026-03-{at % 27 + 1:02}") for at, one in enumerate(corpus(40, number))]
    with Index.open(tmp_path / "news.db") as index:
        index.add_many(articles)
        stories = build_stories(
            articles, sorted({match for one in articles for match in index.match(one)}, key=_pair)
        )
        assert stories
        for story in stories:
            found = index.story(story.members[0])
            assert found is not None
            assert (found.members, found.edges) == (story.members, story.edges)
        lonely = {one.id for one in articles} - {member for story in stories for member in story.members}
        assert {index.story(one) for one in lonely} == {None}
        assert index.story("not there") is None


def test_an_index_in_memory_is_as_good(tmp_path: Path) -> None:
    with Index.open(":memory:") as index:
        index.add(article("a", body(1)))
        assert len(index.match(article("b", body(1)))) == 1
        assert index.check() == ()
        assert index.stats().bytes == 0
    assert list(tmp_path.iterdir()) == []


def test_a_closed_index_says_so(location: str) -> None:
    index = Index.open(location)
    index.close()
    with pytest.raises(StoreError, match="closed"):
        len(index)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(("add", "add", "many", "remove", "match", "open")),
            st.integers(0, 11), st.integers(0, 8), st.sampled_from((2, 8, 24)),
        ),
        max_size=40,
    )
)  # fmt: skip
@pytest.mark.usefixtures("small")
def test_an_index_is_a_dictionary_that_can_be_matched(location: str, steps: list[tuple[str, int, int, int]]) -> None:
    model: dict[str, Article] = {}
    index = Index.open(location)
    for name in list(index):
        index.remove(name)
    for step, number, seed, size in steps:
        made = article(f"id-{number}", f"{body(seed, size)}\n\n{body(seed // 2, 6)}", outlet=f"Outlet {number % 3}")
        if step == "add":
            index.add(made)
            model[made.id] = made
        elif step == "many":
            several = [replace(made, id=f"id-{(number + more) % 12}", text=body(seed + more)) for more in range(6)]
            index.add_many(several, batch=4)
            model |= {one.id: one for one in several}
        elif step == "remove":
            assert index.remove(made.id) == (made.id in model)
            model.pop(made.id, None)
        elif step == "open":
            index.close()
            index = Index.open(location)
        assert_matched(index.match(made), made, model.values())
    assert len(index) == len(model)
    assert list(index.articles()) == [model[name] for name in sorted(model)]
    assert index.check() == ()
    index.close()
