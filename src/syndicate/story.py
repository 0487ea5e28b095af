"""Stories: one text and all who ran it, and who copied it from whom.

A story is what identical, revision, repost and strong overlap matches hold together. Excerpts and weaker overlaps
link articles to stories without merging them, or one digest would chain strangers together; nor do articles that hang
together by a chain of matches become one story, where its ends do not match.
"""

from __future__ import annotations

import hashlib
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.clusters import clusters
from syndicate.encoding import encoded
from syndicate.graph import Edge, Match, Origin, Relation, Story, SyndicationGraph
from syndicate.match import match_articles
from syndicate.model import Article
from syndicate.moments import NEVER, is_before, moment_of
from syndicate.origin import OriginFinder
from syndicate.rules.names import fold_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from syndicate.evidence import Key

STRONG_OVERLAP: Final = 0.5
"""Containment from which on an overlap is a write-through of one text, and merges stories."""
SHORTENED: Final = 0.4
"""Resemblance from which on an excerpt is a shortened copy: what the longer has besides is no other story."""


class Link(NamedTuple):
    """A match of two articles, and which way it goes.

    Attributes:
        copy: Id of what may be the copy.
        source: Id of what it may be a copy of.
        relation: How they match.
    """

    copy: str
    source: str
    relation: Relation


def match_corpus(articles: Iterable[Article], *, threads: int | None = None) -> SyndicationGraph:
    """Match all articles with each other, and make stories of the matches.

    Args:
        articles: Cleaned articles, each with an id of its own; read once, and their texts are not kept in memory.
        threads: How many work at once; as many as there are processors if not given.

    Returns:
        Matches and stories, in order of ids, and the text that was set aside; the same for any order of the articles
        and any number of threads.

    Raises:
        InputError: Two articles have one id, or one has none.
    """
    kept: list[Article] = []
    lengths: dict[str, int] = {}

    def passing() -> Iterator[Article]:
        for article in articles:
            lengths[article.id] = len(article.text)
            kept.append(without_text(article))
            yield article

    found = match_articles(passing(), threads=threads)
    return SyndicationGraph(found.pairs, build_stories(kept, found.pairs, lengths), found.chrome)


def without_text(article: Article) -> Article:
    """An article as stories are told by: of a corpus, far less than its texts and what was taken from them."""
    return Article(  # `dataclasses.replace` would take ten times as long
        article.id, "", article.status, url=article.url, outlet=article.outlet, title=article.title,
        byline=article.byline, published=article.published, claims=article.claims,
    )  # fmt: skip


def build_stories(
    articles: Sequence[Article],
    matches: Iterable[Match],
    lengths: Mapping[str, int] | None = None,
    directory: Mapping[Key, str] | None = None,
) -> tuple[Story, ...]:
    """Make stories of verified matches.

    Args:
        articles: The articles of the matches, and others.
        matches: As `find_matches` gives them.
        lengths: Characters of the articles' texts by id, where the articles come without them.
        directory: The corpus's outlets, as `Witnesses` takes them, where the articles are not all of it.

    Returns:
        Stories of two members or more, and single articles that others excerpt, in order of their first member.
    """
    finder = OriginFinder(articles, lengths=lengths, directory=directory)
    matches = tuple(matches)
    story_of = cluster_articles(matches)
    links = _without_detours(direct_links(matches, story_of, finder), story_of)
    return tell_stories(matches, links, story_of, finder)


def cluster_articles(matches: Sequence[Match]) -> dict[str, str]:
    """Find which articles are one story.

    Matches that merge decide, and what else there is between articles that a chain of these connects; so each such
    component can be looked at alone.

    Returns:
        For each article of a match that merges, the least id of its story.
    """
    digests = _digests(matches)
    return clusters(matches, lambda match: merges(match) and not (_is_shortened(match) and _longer(match) in digests))


def direct_links(matches: Iterable[Match], story_of: Mapping[str, str], finder: OriginFinder) -> Iterator[Link]:
    """Tell of matches between stories which side is the copy: all of those between the same two stories are alike.

    The story whose members name the other's outlet is the copy; else the one that began later; else the shorter.

    Args:
        matches: All between each two stories; those within a story do not count.
        story_of: As `cluster_articles` has it; an article that it lacks is a story of its own.
        finder: Knows the articles.
    """
    between: dict[tuple[str, str], list[tuple[str, str, bool, Relation]]] = {}
    for match in matches:
        one, other = (story_of.get(article, article) for article in (match.a, match.b))
        shorter = match.containment_a >= match.containment_b
        if one < other:
            between.setdefault((one, other), []).append((match.a, match.b, shorter, match.relation))
        elif one > other:
            between.setdefault((other, one), []).append((match.b, match.a, not shorter, match.relation))
    for group in between.values():
        forward = _first_copies([sides[:3] for sides in group], finder)
        for one, other, _, relation in group:
            yield Link(one, other, relation) if forward else Link(other, one, relation)


def tell_stories(
    matches: Iterable[Match], links: Iterable[Link], story_of: Mapping[str, str], finder: OriginFinder
) -> tuple[Story, ...]:
    """Make each story of what is within it, and of what others took from it; each can be made alone.

    Args:
        matches: All within each story; those between stories do not count.
        links: All whose sources are in the stories.
        story_of: As `cluster_articles` has it; a source that it lacks is a story of its own.
        finder: Knows the articles.

    Returns:
        The stories, in order of their first member.
    """
    links = tuple(links)
    members: dict[str, list[str]] = {}
    for article in sorted({*story_of, *(link.source for link in links)}):
        members.setdefault(story_of.get(article, article), []).append(article)
    copies: dict[str, list[Link]] = {story: [] for story in members}
    for match in matches:
        if match.a in story_of and story_of[match.a] == story_of.get(match.b):
            either = Link(match.a, match.b, match.relation), Link(match.b, match.a, match.relation)
            copies[story_of[match.a]] += either
    for link in links:
        copies[story_of.get(link.source, link.source)].append(link)
    return tuple(_story(ids, copies[story], finder) for story, ids in members.items())


def _story(ids: Iterable[str], copies: Iterable[Link], finder: OriginFinder) -> Story:
    """A story from the ids of its members, and what may be a copy of one of these."""
    by_id = {article: finder.articles[article] for article in ids}
    members = tuple(by_id.values())
    relations: dict[str, dict[str, Relation]] = {}
    for copy, source, relation in copies:
        relations.setdefault(copy, {})[source] = relation
    origin = finder.decide(members, [finder.articles[copy] for copy in sorted(relations.keys() - by_id.keys())])
    edges: list[Edge] = []
    for copy, matched in sorted(relations.items()):
        if copy != origin.article:
            article = by_id.get(copy) or finder.articles[copy]
            found = _source(article, matched, by_id, origin, finder)
            if found is not None:
                edges.append(Edge(copy, found[0], matched[found[0]], found[1]))
    kept, notes = _without_loops(edges, finder)
    return Story(_story_id(members), tuple(by_id), origin, kept, notes)


def _without_loops(edges: Sequence[Edge], finder: OriginFinder) -> tuple[tuple[Edge, ...], tuple[str, ...]]:
    """Edges without the weakest of each loop, and what is to be said of it; an article has one source at the most."""
    source = {edge.copy: edge for edge in edges}
    notes: list[str] = []
    for start in sorted(source):
        path: dict[str, Edge] = {}
        at = start
        while at in source and at not in path:
            path[at] = source[at]
            at = source[at].source
        if at in path:
            loop = [*path.values()][[*path].index(at) :]
            weakest = min(loop, key=lambda edge: (finder.trust_in(edge), edge.copy))
            round_trip = " > ".join([*(edge.copy for edge in loop), at])
            notes.append(f"a loop of sources, {round_trip}, was broken between {weakest.copy} and {weakest.source}")
            del source[weakest.copy]
    return tuple(edge for edge in edges if edge.copy in source), tuple(notes)


def merges(match: Match) -> bool:
    """Whether two articles that match so may be one story."""
    if match.relation is Relation.OVERLAP:
        return max(match.containment_a, match.containment_b) >= STRONG_OVERLAP
    return match.relation is not Relation.EXCERPT or _is_shortened(match)


def _is_shortened(match: Match) -> bool:
    return match.relation is Relation.EXCERPT and match.resemblance >= SHORTENED


def _longer(match: Match) -> str:
    return match.b if match.containment_a >= match.containment_b else match.a


def _digests(matches: Iterable[Match]) -> set[str]:
    """Articles of which two have a good part that do not match each other."""
    parts: dict[str, list[str]] = {}
    matched: set[tuple[str, str]] = set()
    for match in matches:
        matched.add((match.a, match.b))
        if _is_shortened(match):
            longer = _longer(match)
            parts.setdefault(longer, []).append(match.a if longer == match.b else match.b)
    return {longer for longer, shorter in parts.items() if not matched.issuperset(combinations(sorted(shorter), 2))}


def _story_id(members: Iterable[Article]) -> str:
    """A name from the member published first, those without a date last, so that no later copy renames a story."""
    _, first = min((moment_of(member) or NEVER, member.id) for member in members)
    return f"s-{hashlib.blake2b(encoded(first), digest_size=6).hexdigest()}"


def _source(
    article: Article,
    matched: Mapping[str, Relation],
    story: Mapping[str, Article],
    origin: Origin,
    finder: OriginFinder,
) -> tuple[str, str] | None:
    """Which of the matched members an article copied, and why: the one it names, the origin, else an earlier one."""
    named = finder.named_source(article)
    own = [other for other in matched if fold_name(finder.outlet_of(story[other])) == named]
    if own:
        return min(own), "named"
    if origin.article is not None and origin.article in matched:
        return origin.article, "origin"
    outside = origin.outlet is not None and origin.article is None
    if outside and article.id in story:
        return None  # all members have it from an outlet that the corpus does not hold
    earlier = [other for other in matched if is_before(story[other], article)]
    if earlier:
        return min(earlier, key=lambda other: (story[other].published or "", other)), "earlier"
    return None if article.id in story else (min(matched), "shorter")


def _without_detours(links: Iterable[Link], story_of: Mapping[str, str]) -> Iterator[Link]:
    """Leave out what only passes through a copy of a story, as a digest resembles another site's excerpt."""
    links = tuple(links)
    between = [(story_of.get(link.copy, link.copy), story_of.get(link.source, link.source)) for link in links]
    sources: dict[str, set[str]] = {}
    for copy, source in between:
        sources.setdefault(copy, set()).add(source)
    for link, (copy, source) in zip(links, between, strict=True):
        if not sources[copy] & sources.get(source, set()):
            yield link


def _first_copies(sides: Sequence[tuple[str, str, bool]], finder: OriginFinder) -> bool:
    """Whether the first side of the matches between two stories is the copy."""
    firsts = {one: finder.articles[one] for one, _, _ in sides}
    seconds = {other: finder.articles[other] for _, other, _ in sides}
    for copies, sources, forward in ((firsts, seconds, True), (seconds, firsts, False)):
        outlets = {fold_name(finder.outlet_of(source)) for source in sources.values()}
        if any(finder.named_source(copy) in outlets for copy in copies.values()):
            return forward
    for copies, sources, forward in ((firsts, seconds, True), (seconds, firsts, False)):
        if any(all(is_before(source, copy) for copy in copies.values()) for source in sources.values()):
            return forward
    return sum(shorter for _, _, shorter in sides) * 2 >= len(sides)
