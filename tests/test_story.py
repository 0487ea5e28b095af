"""Stories: who belongs together, who copied from whom."""

from __future__ import annotations

import random

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate import Article, SyndicationGraph, match_corpus
from syndicate.evidence import Key, Witnesses
from syndicate.graph import Relation
from syndicate.origin import OriginFinder
from syndicate.story import build_stories, cluster_articles, direct_links, merges, tell_stories
from tests.stories import article, body, claim, edited, invented


def edges(graph: SyndicationGraph) -> dict[str, tuple[str, str]]:
    return {edge.copy: (edge.source, edge.evidence) for story in graph.stories for edge in story.edges}


def ledger(text: str = body(1), published: str = "2026-03-03T06:00:00Z") -> Article:
    return article("ledger", text, outlet="Harbour Ledger", published=published)


def test_copies_point_to_the_origin_and_the_named_source() -> None:
    graph = match_corpus(
        [
            ledger(),
            article("named", body(1), outlet="A", claims=(claim("source", "Harbour Ledger"),)),
            article("silent", body(1) + " More.", outlet="B"),
        ]
    )
    (story,) = graph.stories
    assert story.members == ("ledger", "named", "silent")
    assert story.origin.article == "ledger"
    assert edges(graph) == {"named": ("ledger", "named"), "silent": ("ledger", "origin")}


def test_a_chain_points_to_the_nearest_named_source() -> None:
    graph = match_corpus(
        [
            ledger(),
            article("b", body(1), outlet="Valley Courier", claims=(claim("source", "Harbour Ledger"),)),
            article("c", body(1), outlet="City Metro", claims=(claim("source", "Valley Courier"),)),
        ]
    )
    assert edges(graph)["c"] == ("b", "named")


def test_copies_of_an_agencys_text_do_not_point_to_each_other() -> None:
    graph = match_corpus(
        [
            article("a", body(1), outlet="A", published="2026-03-01", claims=(claim("agency", "Reuters"),)),
            article("b", body(1), outlet="B", published="2026-03-09"),
        ]
    )
    (story,) = graph.stories
    assert story.origin.outlet == "Reuters"
    assert story.edges == ()


def test_a_digest_links_stories_and_does_not_merge_them() -> None:
    digest = "\n\n".join([*body(1).split("\n\n")[:6], *body(2).split("\n\n")[:6]])
    graph = match_corpus(
        [
            article("digest", digest, outlet="Briefing", published="2026-03-09"),
            article("one", body(1), outlet="A", published="2026-03-01"),
            article("one-copy", body(1), outlet="B", published="2026-03-04"),
            article("two", body(2), outlet="C", published="2026-03-01"),
        ]
    )
    assert [story.members for story in graph.stories] == [("one", "one-copy"), ("two",)]
    assert [(edge.copy, edge.source) for story in graph.stories for edge in story.edges] == [
        ("digest", "one"),
        ("one-copy", "one"),
        ("digest", "two"),
    ]


def test_a_copy_that_was_cut_by_half_is_of_the_story() -> None:
    cut = "\n\n".join(body(1).split("\n\n")[:4])
    (story,) = match_corpus([ledger(), article("cut", cut, outlet="A", published="2026-03-04T00:00:00Z")]).stories
    assert story.members == ("cut", "ledger")
    assert [(edge.copy, edge.source) for edge in story.edges] == [("cut", "ledger")]


def test_a_story_that_others_only_excerpt_has_its_origin_in_the_one_who_was_first() -> None:
    teaser = "\n\n".join(body(1, 60).split("\n\n")[:4])
    graph = match_corpus(
        [
            ledger(body(1, 60)),
            article("teaser", teaser, outlet="A", published="2026-03-09T00:00:00Z"),
        ]
    )
    (story,) = graph.stories
    assert (story.members, story.origin.article) == (("ledger",), "ledger")


def test_a_loop_of_sources_is_broken_at_its_weakest_credit_and_said() -> None:
    named = [
        article("a", body(1), outlet="A", claims=(claim("source", "B"),)),
        article("b", body(1), outlet="B", claims=(claim("source", "C"),)),
        article(
            "c", body(1), outlet="C", claims=(claim("canonical", "https://a.example/1"),), url="https://c.example"
        ),
        article("d", body(1), outlet="A", url="https://a.example/1"),
    ]
    (story,) = match_corpus(named).stories
    assert story.origin.outlet is None
    sources = {edge.copy: edge.source for edge in story.edges}
    assert "c" not in sources
    assert (sources["a"], sources["b"]) == ("b", "c")
    assert story.notes == ("a loop of sources, a > b > c > a, was broken between c and a",)
    assert story.to_dict()["notes"] == list(story.notes)


def test_a_teaser_points_to_the_longer_text_even_without_dates() -> None:
    teaser = "\n\n".join(body(1, 60).split("\n\n")[:4])
    graph = match_corpus([article("long", body(1, 60), outlet="A"), article("teaser", teaser, outlet="B")])
    (story,) = graph.stories
    assert story.members == ("long",)
    assert [(edge.copy, edge.source, edge.relation) for edge in story.edges] == [("teaser", "long", Relation.EXCERPT)]


def test_a_text_that_later_grew_was_the_shorters_copy() -> None:
    start = "\n\n".join(body(1, 60).split("\n\n")[:4])
    graph = match_corpus(
        [
            article("grown", body(1, 60), outlet="A", published="2026-03-09"),
            article("short", start, outlet="B", published="2026-03-01"),
        ]
    )
    assert edges(graph) == {"grown": ("short", "origin")}


def test_who_names_the_other_is_the_copy_of_an_excerpt() -> None:
    teaser = "\n\n".join(body(1, 60).split("\n\n")[:4])
    graph = match_corpus(
        [
            article("long", body(1, 60), outlet="A", claims=(claim("source", "Harbour Ledger"),)),
            ledger(teaser, published="2026-05-01"),
        ]
    )
    assert edges(graph) == {"long": ("ledger", "named")}


def test_strangers_make_no_story() -> None:
    graph = match_corpus([article("a", body(1)), article("b", body(2)), article("c", "")])
    assert not graph.matches
    assert not graph.stories


@settings(max_examples=20)
@given(st.permutations(range(5)))
def test_the_order_of_articles_changes_no_story(order: list[int]) -> None:
    articles = [
        ledger(),
        article("a", body(1) + " Tail words here.", outlet="A", published="2026-03-05T00:00:00Z"),
        article("b", body(1)[:900], outlet="B", published="2026-03-06T00:00:00Z"),
        article("c", body(2), outlet="C"),
        article("d", body(2), outlet="D", claims=(claim("source", "C"),)),
    ]
    assert match_corpus(articles[at] for at in order) == match_corpus(articles)


@settings(max_examples=40)
@given(st.integers(0, 1 << 30))
def test_stories_come_from_parts_of_the_matches_as_from_all(seed: int) -> None:
    rng = random.Random(seed)
    articles = invented(rng, 12)
    matches = match_corpus(articles).matches
    finder = OriginFinder(articles)
    whole = cluster_articles(matches)
    part_of = {
        name: number
        for component in nx.connected_components(nx.Graph((one.a, one.b) for one in matches if merges(one)))
        for number in [rng.randrange(5)]
        for name in component
    }
    parts = [[one for one in matches if {part_of.get(one.a), part_of.get(one.b)} == {number}] for number in range(5)]
    story_of = {name: story for part in parts for name, story in cluster_articles(part).items()}
    assert story_of == whole

    homes = [frozenset(story_of.get(name, name) for name in (one.a, one.b)) for one in matches]
    links = {
        link
        for pair in set(homes)
        for link in direct_links(
            [one for one, home in zip(matches, homes, strict=True) if home == pair], whole, finder
        )
    }
    assert links == set(direct_links(matches, whole, finder))

    stories = tell_stories(matches, links, whole, finder)
    for story in stories:
        own = [one for one in matches if {one.a, one.b}.issubset(story.members)]
        taken = [link for link in links if link.source in story.members]
        assert tell_stories(own, taken, {name: whole.get(name, name) for name in story.members}, finder) == (story,)


@settings(max_examples=40)
@given(st.integers(0, 1 << 30))
def test_a_part_of_a_corpus_needs_no_more_of_the_directory_than_its_articles_ask_for(seed: int) -> None:
    articles = invented(random.Random(seed), 8)
    matches = match_corpus(articles).matches
    whole = Witnesses(articles)
    directory: dict[Key, str] = {}
    for one in sorted(articles, key=lambda one: one.id):
        for key in whole.keys_of(one):
            directory.setdefault(key, whole.outlet_of(one))
    matched = {name for match in matches for name in (match.a, match.b)}
    part = [one for one in articles if one.id in matched]
    asked = {key for one in part for key in whole.keys_asked(one)}
    known = {key: name for key, name in directory.items() if key in asked}
    assert build_stories(part, matches, directory=known) == build_stories(articles, matches)


@settings(max_examples=30)
@given(
    days=st.lists(st.integers(1, 9) | st.none(), min_size=2, max_size=4).filter(any),
    later=st.lists(st.integers(10, 28) | st.none(), min_size=1, max_size=4),
    names=st.permutations("abcdefgh"),
)
def test_the_id_of_a_story_stays_when_later_copies_join(
    days: list[int | None], later: list[int | None], names: list[str]
) -> None:
    articles = [
        article(name, edited(body(1), 60, at), outlet=f"Outlet {at}", published=day and f"2026-03-{day:02}T08:00:00Z")
        for at, (name, day) in enumerate(zip(names, [*days, *later], strict=False))
    ]
    (before,) = match_corpus(articles[: len(days)]).stories
    for count in range(len(days), len(articles) + 1):
        (after,) = match_corpus(reversed(articles[:count])).stories
        assert after.id == before.id


def test_stories_have_ids_of_their_own_and_an_earlier_member_gives_another() -> None:
    later = [article("a", body(1), published="2026-03-05"), article("b", body(1))]
    one, two = match_corpus([*later, article("c", body(2)), article("d", body(2))]).stories
    (renamed,) = match_corpus([*later, article("z", body(1), published="2026-03-04T23:00:00Z")]).stories
    assert len({one.id, two.id, renamed.id}) == 3
