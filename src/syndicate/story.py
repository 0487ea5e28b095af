"""Stories: one text and all who ran it, and who copied it from whom.

A story is what identical, revision, repost and strong overlap matches hold together. Excerpts and weaker overlaps
link articles to stories without merging them, or one digest would chain strangers together; nor do articles that hang
together by a chain of matches become one story, where its ends do not match.
"""

from __future__ import annotations

import hashlib
from itertools import combinations
from typing import TYPE_CHECKING, Final

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

    What no chain of matches connects has nothing to do with each other, but for the directory: of a part of the
    matches, with all that are connected with them, come the stories that these have among all.

    Args:
        articles: The articles of the matches, and others.
        matches: As `find_matches` gives them.
        lengths: Characters of the articles' texts by id, where the articles come without them.
        directory: The corpus's outlets, as `Witnesses` takes them, where the articles are not all of it.

    Returns:
        Stories of two members or more, and single articles that others excerpt, in order of their first member.
    """
    by_id = {article.id: article for article in articles}
    finder = OriginFinder(articles, lengths=lengths, directory=directory)
    matches = tuple(matches)
    digests = _digests(matches)
    component = clusters(
        matches, lambda match: merges(match) and not (_is_shortened(match) and _longer(match) in digests)
    )
    links = _links(matches, component, by_id, finder)
    members: dict[str, list[str]] = {}
    for article in sorted({*component, *(source for _, source in links)}):
        members.setdefault(component.get(article, article), []).append(article)
    copies: dict[str, list[tuple[str, str, Relation]]] = {story: [] for story in members}
    for match in matches:
        if match.a in component and component[match.a] == component.get(match.b):
            pair = copies[component[match.a]]
            pair += ((match.a, match.b, match.relation), (match.b, match.a, match.relation))
    for (copy, source), relation in links.items():
        copies[component.get(source, source)].append((copy, source, relation))
    return tuple(_story([by_id[member] for member in ids], copies[story], finder) for story, ids in members.items())


def _story(members: Sequence[Article], copies: Iterable[tuple[str, str, Relation]], finder: OriginFinder) -> Story:
    """A story from its members and the pairs (possible copy, possible source among the members, relation)."""
    by_id = {article.id: article for article in members}
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


def _links(
    matches: Iterable[Match], component: Mapping[str, str], by_id: Mapping[str, Article], finder: OriginFinder
) -> dict[tuple[str, str], Relation]:
    """Matches between stories, as (copy, source), all those between the same two stories in one direction.

    The story whose members name the other's outlet is the copy; else the one that began later; else the shorter.
    What only passes through a copy of a story, as a digest resembles another site's excerpt, is left out.
    """

    def story_of(article: str) -> str:
        return component.get(article, article)

    between: dict[tuple[str, str], list[tuple[str, str, bool, Relation]]] = {}
    for match in matches:
        shorter = match.containment_a >= match.containment_b
        if story_of(match.a) < story_of(match.b):
            sides = (match.a, match.b, shorter, match.relation)
        else:
            sides = (match.b, match.a, not shorter, match.relation)
        if story_of(match.a) != story_of(match.b):
            between.setdefault((story_of(sides[0]), story_of(sides[1])), []).append(sides)
    links: dict[tuple[str, str], Relation] = {}
    for group in between.values():
        forward = _first_copies([sides[:3] for sides in group], by_id, finder)
        links |= {(one, other) if forward else (other, one): relation for one, other, _, relation in group}
    sources: dict[str, set[str]] = {}
    for copy, source in links:
        sources.setdefault(story_of(copy), set()).add(story_of(source))
    return {
        (copy, source): relation
        for (copy, source), relation in links.items()
        if not sources[story_of(copy)] & sources.get(story_of(source), set())
    }


def _first_copies(sides: Sequence[tuple[str, str, bool]], by_id: Mapping[str, Article], finder: OriginFinder) -> bool:
    """Whether the first side of the matches between two stories is the copy."""
    firsts = {one: by_id[one] for one, _, _ in sides}
    seconds = {other: by_id[other] for _, other, _ in sides}
    for copies, sources, forward in ((firsts, seconds, True), (seconds, firsts, False)):
        outlets = {fold_name(finder.outlet_of(source)) for source in sources.values()}
        if any(finder.named_source(copy) in outlets for copy in copies.values()):
            return forward
    for copies, sources, forward in ((firsts, seconds, True), (seconds, firsts, False)):
        if any(all(is_before(source, copy) for copy in copies.values()) for source in sources.values()):
            return forward
    return sum(shorter for _, _, shorter in sides) * 2 >= len(sides)
