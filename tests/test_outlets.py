"""The table of outlets: who writes, who copies whom, after how long, and whether it says so."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate import Article, Status, Story, SyndicationGraph, match_corpus
from syndicate.graph import Edge, Evidence, Origin, Relation
from syndicate.outlets import Outlet, OutletTable, Reposts, outlet_table
from tests.stories import article, body, claim, edited


def page(name: str, outlet: str | None, published: str | None = None, **facts: Any) -> Article:
    return article(name, "", outlet=outlet, published=published, **facts)


def a_story(members: str, origin: Origin, *edges: Edge) -> Story:
    return Story(f"s-{members}", tuple(members), origin, edges)


def copied(copy: str, source: str, evidence: str = "origin", relation: Relation = Relation.REPOST) -> Edge:
    return Edge(copy, source, relation, evidence)


def credit(name: str, outlet: str = "Ledger") -> Evidence:
    return Evidence("attribution", name, outlet, f"Articles by: {outlet}")


def row(table: OutletTable, name: str) -> Outlet:
    (found,) = (outlet for outlet in table.outlets if outlet.name == name)
    return found


LEDGER = Origin("Ledger", "a", 0.9, ())


def delay(source: str | None, copy: str | None) -> float | None:
    """Hours that the table gives for one copy of one article."""
    graph = SyndicationGraph((), (a_story("ab", LEDGER, copied("b", "a")),))
    (pair,) = outlet_table(graph, [page("a", "Ledger", source), page("b", "Metro", copy)]).reposts
    assert pair.dated == (pair.hours is not None)
    return pair.hours


def test_outlets_are_counted_by_what_they_wrote_and_what_they_took() -> None:
    day = "2026-03-03T{:02}:30:00Z"
    articles = [
        page("a", "Ledger", day.format(6)), page("b", "Metro", day.format(8)), page("c", "Metro", day.format(12)),
        page("d", "Courier", day.format(9)), page("e", "Metro", day.format(20)), page("f", "Alone"),
    ]  # fmt: skip
    first = a_story("abd", Origin("Ledger", "a", 0.9, (credit("d"),)), copied("b", "a"), copied("d", "a"))
    second = a_story("c", Origin(None, None, 0.0, (credit("c"),)), copied("a", "c", "earlier", Relation.EXCERPT))
    third = a_story("e", LEDGER, copied("e", "a", "named"))
    table = outlet_table(SyndicationGraph((), (first, second, third)), articles)
    assert table.reposts == (
        Reposts("Metro", "Ledger", 2, 1, 2, 8.0),
        Reposts("Courier", "Ledger", 1, 1, 1, 3.0),
        Reposts("Ledger", "Metro", 1, 0, 0, None),  # dated before its source by six hours
    )
    assert table.outlets == (
        Outlet("Ledger", 1, 2, 3, 1, 0, 0, None),
        Outlet("Metro", 3, 0, 1, 2, 1, 2, 8.0),
        Outlet("Courier", 1, 0, 0, 1, 1, 1, 3.0),
        Outlet("Alone", 1, 0, 0, 0, 0, 0, None),
    )


def test_an_outlet_that_the_corpus_does_not_have_is_copied_by_all_who_ran_its_text() -> None:
    agency = Origin("Associated Press", None, 0.9, (credit("a", "AP"),))
    table = outlet_table(SyndicationGraph((), (a_story("ab", agency),)), [page("a", "Ledger"), page("b", "Metro")])
    assert row(table, "Associated Press") == Outlet("Associated Press", 0, 1, 2, 0, 0, 0, None)
    assert [(pair.outlet, pair.source, pair.credited) for pair in table.reposts] == [
        ("Ledger", "Associated Press", 1), ("Metro", "Associated Press", 0),
    ]  # fmt: skip


def test_what_an_outlet_takes_from_itself_is_no_copy_however_it_is_spelt() -> None:
    articles = [page("a", "The Ledger"), page("b", "LEDGER"), page("c", "The Ledger")]
    origin = Origin("Ledger", "a", 0.9, ())
    edges = (copied("b", "a", "origin", Relation.REVISION), copied("c", "b"))
    table = outlet_table(SyndicationGraph((), (a_story("abc", origin, *edges),)), articles)
    assert table.outlets == (Outlet("The Ledger", 3, 1, 0, 0, 0, 0, None),)
    assert not table.reposts
    assert not table.copies
    assert set(table.names.values()) == {"The Ledger"}


def test_spellings_of_one_listed_outlet_are_one_row() -> None:
    articles = [page("a", "The Cradle"), page("b", None, url="https://thecradle.co/b"), page("c", None)]
    table = outlet_table(SyndicationGraph((), ()), articles)
    assert [(outlet.name, outlet.articles) for outlet in table.outlets] == [("The Cradle", 2), ("c", 1)]


def test_a_digest_counts_once_for_its_outlet_and_once_for_each_it_took_from() -> None:
    one = a_story("a", LEDGER, copied("d", "a", "origin", Relation.OVERLAP))
    two = a_story("b", Origin("Metro", "b", 0.9, ()), copied("d", "b", "named", Relation.OVERLAP))
    articles = [page("a", "Ledger"), page("b", "Metro"), page("d", "Digest")]
    table = outlet_table(SyndicationGraph((), (one, two)), articles)
    assert (row(table, "Digest").reposted, row(table, "Digest").credited) == (1, 1)
    assert [(pair.source, pair.copies, pair.credited) for pair in table.reposts] == [
        ("Ledger", 1, 0),
        ("Metro", 1, 1),
    ]


def test_pages_that_are_no_articles_are_not_counted_as_such() -> None:
    wall = Article("a", "", Status.EMPTY, outlet="Ledger")
    assert row(outlet_table(SyndicationGraph((), ()), [wall, page("b", "Ledger")]), "Ledger").articles == 1


@pytest.mark.parametrize(
    ("source", "copy", "hours"),
    [
        ("2026-03-03T06:30:00Z", "2026-03-03T15:00:00Z", 8.5),
        ("2026-03-03T06:30:00+02:00", "2026-03-03T06:30:00-03:00", 5.0),
        ("2026-03-03T06:30:00Z", "2026-03-03T06:10:00Z", 0.0),  # the same minutes by two clocks
        ("2026-03-03T06:30:00Z", "2026-03-03T05:00:00Z", None),  # a wrong clock
        ("2026-03-03", "2026-03-05T06:30:00Z", None),
        ("2026-03-03T00:00:00Z", "2026-03-05T06:30:00Z", None),  # a day without a time
        ("2026-03-03T06:30:00", "2026-03-05T06:30:00Z", None),
        ("1970-01-01T00:00:01Z", "2026-03-05T06:30:00Z", None),  # the zero of a clock
        ("yesterday", "2026-03-05T06:30:00Z", None),
        (None, None, None),
    ],
)
def test_a_delay_is_told_where_both_dates_are_known_to_the_minute(
    source: str | None, copy: str | None, hours: float | None
) -> None:
    assert delay(source, copy) == hours


@given(st.datetimes(timezones=st.timezones()), st.datetimes(timezones=st.timezones()))
def test_no_delay_is_negative(source: Any, copy: Any) -> None:
    hours = delay(source.isoformat(), copy.isoformat())
    assert hours is None or hours >= 0


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_the_table_of_a_corpus_is_the_same_in_any_order_and_its_counts_agree(seed: int) -> None:
    rng = random.Random(seed)
    articles = [
        article(
            f"id-{number}", edited(body(number % 4), 60, number), outlet=rng.choice(("A", "B", "C", None)),
            published=rng.choice((None, f"2026-03-{rng.randrange(1, 28):02}T07:30:00Z")),
            claims=(claim("source", "A"),) if rng.random() < 0.3 else (),
        )
        for number in range(12)
    ]  # fmt: skip
    graph = match_corpus(articles)
    table = outlet_table(graph, articles)
    assert table == outlet_table(graph, rng.sample(articles, len(articles)))
    assert sum(outlet.articles for outlet in table.outlets) == len(articles)
    for outlet in table.outlets:
        assert 0 <= outlet.credited <= outlet.reposted <= outlet.articles
        assert 0 <= outlet.dated <= outlet.reposted
        assert (outlet.hours is None) == (outlet.dated == 0)
        pairs = [pair for pair in table.reposts if pair.outlet == outlet.name]
        assert max((pair.copies for pair in pairs), default=0) <= outlet.reposted <= sum(p.copies for p in pairs)
    assert all(pair.outlet != pair.source for pair in table.reposts)
