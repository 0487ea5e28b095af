"""Stories: one text and all who ran it, and who copied it from whom.

A story is a component of the graph of identical, repost and strong overlap matches. Excerpts link articles to stories
without merging them, or one digest would chain strangers together.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from syndicate.graph import Edge, Match, Origin, Relation, Story, SyndicationGraph
from syndicate.match import find_matches
from syndicate.origin import OriginFinder, is_before
from syndicate.rules.names import fold_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from syndicate.model import Article

STRONG_OVERLAP: Final = 0.5
"""Containment from which on an overlap is a write-through of one text, and merges stories."""


def match_corpus(articles: Iterable[Article]) -> SyndicationGraph:
    """Match all articles with each other, and make stories of the matches.

    Args:
        articles: Cleaned articles, each with an id of its own.

    Returns:
        Matches and stories, in order of ids; the same for any order of the articles.

    Raises:
        InputError: Two articles have one id, or one has none.
    """
    corpus = tuple(articles)
    matches = find_matches(corpus)
    return SyndicationGraph(matches, build_stories(corpus, matches))


def build_stories(articles: Sequence[Article], matches: Iterable[Match]) -> tuple[Story, ...]:
    """Make stories of verified matches.

    Args:
        articles: The articles of the matches, and others.
        matches: As `find_matches` gives them.

    Returns:
        Stories of two members or more, and single articles that others excerpt, in order of their first member.
    """
    by_id = {article.id: article for article in articles}
    finder = OriginFinder(articles)
    matches = tuple(matches)
    component = _components(match for match in matches if _merges(match))
    linking = [match for match in matches if component.get(match.a, match.a) != component.get(match.b, match.b)]
    excerpts = [_excerpt_edge(match, by_id, finder) for match in linking if match.relation is Relation.EXCERPT]
    members: dict[str, list[str]] = {}
    for article in sorted({*component, *(edge.source for edge in excerpts)}):
        members.setdefault(component.get(article, article), []).append(article)
    stories: list[Story] = []
    for ids in members.values():
        story = [by_id[member] for member in ids]
        inside = [match for match in matches if match.a in ids and match.b in ids and _merges(match)]
        origin = finder.decide(story)
        edges = [*_copy_edges(story, inside, origin, finder), *(edge for edge in excerpts if edge.source in ids)]
        edges.sort(key=lambda edge: (edge.copy, edge.source))
        stories.append(Story(_story_id(ids[0]), tuple(ids), origin, tuple(edges)))
    return tuple(stories)


def _merges(match: Match) -> bool:
    if match.relation is Relation.OVERLAP:
        return max(match.containment_a, match.containment_b) >= STRONG_OVERLAP
    return match.relation is not Relation.EXCERPT


def _components(matches: Iterable[Match]) -> dict[str, str]:
    """For each matched article the least id of its component (union-find with path halving)."""
    parent: dict[str, str] = {}

    def root(article: str) -> str:
        parent.setdefault(article, article)
        while parent[article] != article:
            parent[article] = article = parent[parent[article]]
        return article

    for match in matches:
        low, high = sorted((root(match.a), root(match.b)))
        parent[high] = low
    return {article: root(article) for article in parent}


def _story_id(first: str) -> str:
    return f"s-{hashlib.blake2b(first.encode(errors='surrogatepass'), digest_size=6).hexdigest()}"


def _copy_edges(
    story: Sequence[Article], matches: Sequence[Match], origin: Origin, finder: OriginFinder
) -> Iterator[Edge]:
    """For each member but the origin the member it copied: the one it names, else the origin, else an earlier one."""
    by_id = {article.id: article for article in story}
    relations: dict[str, dict[str, Relation]] = {article.id: {} for article in story}
    for match in matches:
        relations[match.a][match.b] = relations[match.b][match.a] = match.relation
    for article in story:
        if article.id == origin.article:
            continue
        found = _source(article, relations[article.id], by_id, origin, finder)
        if found is not None:
            source, evidence = found
            yield Edge(article.id, source, relations[article.id].get(source, Relation.OVERLAP), evidence)


def _source(
    article: Article, matched: Mapping[str, Relation], by_id: Mapping[str, Article], origin: Origin, finder: OriginFinder
) -> tuple[str, str] | None:
    named = finder.named_source(article)
    own = [other for other in matched if fold_name(finder.outlet_of(by_id[other])) == named]
    if own:
        return min(own), "named"
    if origin.article in matched and origin.article is not None:
        return origin.article, "origin"
    if origin.outlet is not None and origin.article is None:
        return None  # all of them have it from an outlet that the corpus does not hold
    earlier = [other for other in matched if is_before(by_id[other], article)]
    first = min(earlier, key=lambda other: (by_id[other].published or "", other), default=None)
    return None if first is None else (first, "earlier")


def _excerpt_edge(match: Match, by_id: Mapping[str, Article], finder: OriginFinder) -> Edge:
    """Which of the two took from the other: who names the other, else who came later, else the shorter."""
    a, b = by_id[match.a], by_id[match.b]
    for copy, source in ((a, b), (b, a)):
        if finder.named_source(copy) == fold_name(finder.outlet_of(source)):
            return Edge(copy.id, source.id, match.relation, "named")
    for copy, source in ((a, b), (b, a)):
        if is_before(source, copy):
            return Edge(copy.id, source.id, match.relation, "earlier")
    copy, source = (a, b) if match.containment_a >= match.containment_b else (b, a)
    return Edge(copy.id, source.id, match.relation, "shorter")
