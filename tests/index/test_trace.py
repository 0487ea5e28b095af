"""What an index tells of an article that is not in it: its matches, its story, and where that came from."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate import Article, Index, InputError, Status, StoreError
from syndicate.graph import Relation
from syndicate.index import Mark, lookup, segments
from syndicate.index.story import Trace
from syndicate.verify import verify_many
from tests.stories import article, body, claim, edited

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def small() -> Iterator[None]:
    """Segments of a few articles, so that there are many."""
    with patch.object(segments, "PENDING", 5):
        yield


def ledger(**facts: Any) -> Article:
    return article("ledger", body(1), outlet="Harbour Ledger", **facts)


def corpus(count: int, seed: int) -> list[Article]:
    """Articles of which many are copies, excerpts and digests of others, most of them dated."""
    rng = random.Random(seed)
    articles = []
    for number in range(count):
        text = edited(body(rng.randrange(count // 4), rng.choice((6, 24, 40))), 60, number)
        if rng.random() < 0.3:
            text += f"\n\n{body(rng.randrange(count // 4), 9)}"
        status = Status.SUSPECT if rng.random() < 0.05 else Status.OK
        published = f"2026-03-{rng.randrange(1, 28):02}" if rng.random() < 0.8 else None
        articles.append(
            replace(article(f"id-{number}", text, outlet=f"Outlet {number % 7}", published=published), status=status)
        )
    return articles


def test_one_call_gives_matches_story_and_origin_and_adds_nothing(location: str) -> None:
    with Index.open(location) as index:
        index.add_many([ledger(published="2026-03-01T06:00:00Z"), article("stranger", body(2))])
        copy = article("copy", body(1), outlet="City Metro", claims=(claim("source", "Harbour Ledger"),))
        found = index.trace(copy)
        assert [(match.a, match.b, match.relation) for match in found.matches] == [
            ("copy", "ledger", Relation.REPOST)
        ]  # fmt: skip
        assert found.story is not None
        assert found.story.members == ("copy", "ledger")
        assert (found.story.origin.outlet, found.story.origin.article) == ("Harbour Ledger", "ledger")
        assert [(edge.copy, edge.source, edge.evidence) for edge in found.story.edges] == [
            ("copy", "ledger", "named")
        ]  # fmt: skip
        assert list(index) == ["ledger", "stranger"]
        assert index.story("ledger") is None


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("number", range(4))
def test_it_is_what_the_index_tells_once_the_article_is_added(location: str, number: int) -> None:
    articles = corpus(60, number)
    with Index.open(location) as index:
        index.add_many(articles[:40])
        others = [replace(one, id=name) for one, name in zip(articles[50:], ("id-3", "id-4", "id-39"), strict=False)]
        stories = 0
        for asked in [*articles[:50], *others]:
            before = index.get(asked.id)
            found = index.trace(asked)
            index.add(asked)
            assert found == index.trace(asked)
            assert found.story == index.story(asked.id)
            assert list(found.matches) == index.match(asked)
            stories += found.story is not None
            if before is None:
                index.remove(asked.id)
            else:
                index.add(before)
        assert stories > 20


@pytest.mark.usefixtures("small")
def test_an_article_counts_where_text_stands_in_just_too_many(tmp_path: Path) -> None:
    footer = body(999, 12)
    articles = [article(f"a{number:02}", f"{body(number // 2, 6)}\n\n{footer}") for number in range(30)]
    with (
        Index.open(tmp_path / "news.db") as index,
        patch.object(lookup, "COMMONEST", 30),
        patch("syndicate.index.shelf.COMMONEST", 30),
    ):
        index.add_many(articles)
        asked = article("new", f"{body(3, 6)}\n\n{footer}")
        before = index.story("a00")
        found = index.trace(asked)
        assert found.common
        assert found.story is not None
        assert found.story.members == ("a06", "a07", "new")
        index.add(asked)
        assert found == index.trace(asked)
        assert found.story == index.story("new")
        assert before is not None
        assert len(before.members) > 3  # the footer counted, until the new article made it too common


def test_an_article_that_matches_nothing_costs_one_look_up(location: str) -> None:
    with Index.open(location) as index, patch("syndicate.index.story.look_up", wraps=lookup.look_up) as asked:
        index.add_many([ledger(), article("b", body(1)), article("c", body(2))])
        assert index.trace(article("new", body(9))) == Trace()
        assert asked.call_count == 1
        assert index.trace(replace(ledger(), id="wall", status=Status.SUSPECT)) == Trace()


def test_the_copies_of_an_article_are_compared_with_each_other_at_once(location: str) -> None:
    with Index.open(location) as index:
        index.add_many([article(f"a{number}", edited(body(1), 50, number)) for number in range(6)])
        with patch("syndicate.index.lookup.verify_many", wraps=verify_many) as verified:
            found = index.trace(article("new", body(1)))
        assert found.story is not None
        assert len(found.story.members) == 7
        assert [len(call.args[1]) for call in verified.call_args_list] == [6, 21]


def test_a_digest_is_of_no_story_and_matches_those_it_took_from(location: str) -> None:
    digest = "\n\n".join([*body(1).split("\n\n")[:6], *body(2).split("\n\n")[:6]])
    with Index.open(location) as index:
        index.add_many([ledger(published="2026-03-01"), article("two", body(2), outlet="C", published="2026-03-01")])
        found = index.trace(article("digest", digest, outlet="Briefing", published="2026-03-09"))
        assert found.story is None
        assert {match.b for match in found.matches} == {"ledger", "two"}


def test_all_of_a_call_sees_one_state_while_another_process_writes(tmp_path: Path) -> None:
    with Index.open(tmp_path / "news.db") as index, Index.open(tmp_path / "news.db") as other:
        index.add_many([ledger(), article("b", edited(body(1), 50))])
        asked = article("new", body(1))
        before = index.trace(asked)

        def interrupted(*arguments: Any) -> lookup.Lookup:
            found = lookup.look_up(*arguments)
            other.add(article("c", body(1)))
            other.remove("b")
            return found

        with patch("syndicate.index.story.look_up", interrupted):
            assert index.trace(asked) == before
        assert index.trace(asked) != before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(st.integers(0, 20) | st.none(), min_size=1, max_size=3).filter(any),
    later=st.lists(st.integers(21, 40) | st.none(), max_size=4),
    shuffle=st.randoms(use_true_random=False),
)
def test_the_id_of_a_story_stays_as_later_copies_come_in_any_order(
    first: list[int | None], later: list[int | None], shuffle: random.Random
) -> None:
    names = shuffle.sample(range(100), len(first) + len(later))
    articles = [
        article(
            f"id-{name}", edited(body(1), 60, at), outlet=f"Outlet {at}",
            published=None if day is None else f"2026-{1 + day // 28:02}-{1 + day % 28:02}T08:00:00Z",
        )
        for at, (name, day) in enumerate(zip(names, [*first, *later], strict=True))
    ]  # fmt: skip
    stored, added = articles[: len(first)], articles[len(first) :]
    with Index.open(":memory:") as index:
        index.add_many(stored)
        known = {found.id for one in stored if (found := index.trace(one).story)}
        known = known or {found.id for one in added[:1] if (found := index.trace(one).story)}
        for one in shuffle.sample(added, len(added)):
            traced = index.trace(one).story
            assert traced is not None
            index.add(one)
            for asked in articles:
                if asked.id in index:
                    told = index.story(asked.id)
                    assert told is not None
                    assert {told.id, traced.id} == known


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("size", [1, 7, 60])
def test_articles_that_are_traced_and_added_in_one_go_find_those_before_them(
    location: str, tmp_path: Path, size: int
) -> None:
    articles = corpus(60, 5)
    articles += [replace(articles[3], text=articles[9].text), articles[4]]  # ids that are there
    with Index.open(tmp_path / "one.db") as index:
        singly = []
        for each in articles:
            singly.append(index.trace(each))
            index.add(each)
    with Index.open(location) as index:
        together: list[Trace] = []
        for start in range(0, len(articles), size):
            together += index.add_traced(articles[start : start + size])
        assert together == singly
        assert index.check() == ()
        assert len(index) == 60


def test_a_mark_is_kept_with_the_articles_or_not_at_all(location: str) -> None:
    def settle(traces: list[Trace]) -> Mark:
        assert [bool(trace.matches) for trace in traces] == [False, True]
        return Mark("run", "two")

    def fail(_: list[Trace]) -> None:
        raise OSError("the disk is full")

    with Index.open(location) as index:
        assert index.mark("run") is None
        index.add_traced([ledger(), article("copy", body(1), outlet="City Metro")], settle)
        assert (index.mark("run"), len(index)) == ("two", 2)
        with pytest.raises((OSError, StoreError), match="the disk is full"):
            index.add_traced([article("stranger", body(2))], fail)
        assert (index.mark("run"), len(index)) == ("two", 2)
        index.set_mark("run", "three")
        assert index.mark("run") == "three"
        index.set_mark("run", None)
        assert index.mark("run") is None
        assert index.check() == ()
        with pytest.raises(InputError, match="no id"):
            index.add_traced([article("", body(3))])
