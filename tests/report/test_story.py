"""A story as its page shows it: which pages, in which order, what each is to which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from syndicate import SyndicationGraph
from syndicate.graph import Evidence, Origin, Relation
from syndicate.outlets import outlet_table
from syndicate.report.corpus import Corpus
from syndicate.report.story import COPY, ORIGINAL, StoryView, roles, story_view
from tests.report.reports import NOWHERE, a_story, copied
from tests.stories import article

if TYPE_CHECKING:
    from syndicate import Article, Story


def views(*stories: Story, articles: list[Article]) -> list[StoryView]:
    with Corpus.read(articles) as corpus:
        names = outlet_table(SyndicationGraph((), stories), corpus.articles).names
        return [story_view(at, story, corpus, names) for at, story in enumerate(stories)]


def page(name: str, published: str | None = None, outlet: str | None = None, **facts: Any) -> Article:
    return article(name, "", published=published, outlet=outlet or f"Paper {name}", **facts)


def of_times(*times: str | None) -> StoryView:
    (view,) = views(
        a_story([str(at) for at in range(len(times))]),
        articles=[page(str(at), time) for at, time in enumerate(times)],
    )
    return view


LEDGER = Origin("Ledger", "b", 0.9, ())


def test_original_comes_first_and_then_the_pages_by_time() -> None:
    articles = [page("a", "2026-03-02"), page("b", "2026-03-09"), page("c"), page("d", "2026-03-01T08:00:00Z")]
    (view,) = views(a_story("abcd", LEDGER, copied("a", "b")), articles=articles)
    assert [articles[one.number].id for one in view.pages] == ["b", "d", "a", "c"]
    assert [one.role for one in view.pages] == [ORIGINAL, COPY, "repost", COPY]
    assert [one.source for one in view.pages] == [None, None, 1, None]
    assert view.pages[2].because == "that came earlier"


def test_times_of_different_zones_are_held_against_each_other() -> None:
    # At half past three in the morning of the 4th, in UTC; at eleven in the evening of the 3rd; and at one.
    view = of_times("2026-03-03T22:30:00-05:00", "2026-03-04T01:00:00+02:00", "2026-03-04T01:00:00")
    assert [one.number for one in view.pages] == [1, 2, 0]
    assert view.first == "2026-03-04T01:00:00+02:00"
    assert view.timeline is not None
    assert [mark.row for mark in sorted(view.timeline.marks, key=lambda mark: mark.x)] == [0, 1, 2]


def test_what_is_no_time_is_not_the_first() -> None:
    assert of_times("1 May", "2026-03-04", None).first == "2026-03-04"
    assert of_times("1 May", None).first is None
    assert of_times("1 May", None).timeline is None


def test_excerpts_are_pages_but_no_members() -> None:
    articles = [page("a", "2026-03-01"), page("b", "2026-03-02"), page("c", "2026-03-03")]
    (view,) = views(a_story("ab", NOWHERE, copied("c", "b", Relation.EXCERPT)), articles=articles)
    assert [(one.number, one.role, one.is_member) for one in view.pages] == [
        (0, COPY, True),
        (1, COPY, True),
        (2, "excerpt", False),
    ]
    assert view.outlets == 3
    assert view.outlet_of(2) == "Paper c"
    assert view.outlet_of(99) == ""


def test_title_is_that_of_the_original_else_the_most_frequent_of_its_members() -> None:
    articles = [page("a", title="Shut"), page("b", title="Gates shut"), page("c", title="Shut"), page("d", title="D")]
    original, told, empty = views(
        a_story("abc", LEDGER), a_story("abc", NOWHERE, copied("d", "a")), a_story("e"),
        articles=[*articles, page("e")],
    )  # fmt: skip
    assert original.title == "Gates shut"
    assert told.title == "Shut"
    assert empty.title == "Untitled"


def test_source_and_evidence_that_are_not_among_the_articles_are_left_out() -> None:
    evidence = (Evidence("attribution", "b", "Ledger", "By the Ledger"), Evidence("licence", "x", "Ledger", "CC"))
    (view,) = views(
        a_story("ab", Origin("Ledger", "gone", 0.8, evidence), copied("b", "gone")), articles=[page("a"), page("b")]
    )
    assert view.evidence == (("attribution", 1, "By the Ledger"),)
    assert [(one.role, one.source, one.because) for one in view.pages] == [(COPY, None, ""), ("repost", None, "")]


def test_article_is_shown_with_the_story_that_is_its_own() -> None:
    articles = [page(name) for name in "abcde"]
    found = views(
        a_story("ab", NOWHERE, copied("c", "a", Relation.EXCERPT), copied("e", "a", Relation.EXCERPT)),
        a_story("cd", NOWHERE, copied("e", "c", Relation.OVERLAP)),
        articles=articles,
    )
    assert roles(found) == {0: (0, COPY), 1: (0, COPY), 2: (1, COPY), 3: (1, COPY), 4: (0, "excerpt")}
