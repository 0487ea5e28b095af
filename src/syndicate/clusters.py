"""Articles that are one story: clusters of matches in which most articles match most others.

Components alone would chain strangers: A matches B, B matches C, and A and C share nothing. Clusters are therefore
made from the most alike on (average linkage, after R. Sokal and C. Michener, 1958), and two become one only where
most pairs of their articles match. Of very many copies not all pairs are compared. So those that have nearly all of
one article are first put with it, since two of them cannot be strangers, and it speaks for them: two such groups
match where the two articles that lead them are one text.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from syndicate.graph import Match

NEAR_COPY: Final = 0.75
"""Share of an article that its near copies have: any two of them have half of it in common."""


def clusters(matches: Sequence[Match], merges: Callable[[Match], bool]) -> dict[str, str]:
    """Cluster matched articles.

    Args:
        matches: Verified matches.
        merges: Which of them may make two articles one story.

    Returns:
        For each article of a match that merges, the least id of its cluster; the same for any order of the matches.
    """
    merging = sorted(filter(merges, matches), key=_strength)
    leader = _near_copies(merging)
    sizes = Counter(leader.values())
    links: dict[str, dict[str, int]] = {name: {} for name in sizes}
    for match in matches:
        if leader.get(match.a) == match.a and leader.get(match.b) == match.b:
            weight = sizes[match.a] * sizes[match.b]
            if weight == 1 or merges(match):
                links[match.a][match.b] = links[match.b][match.a] = weight
    joined = {name: name for name in sizes}
    for match in merging:
        one, other = _root(joined, leader[match.a]), _root(joined, leader[match.b])
        if one != other and 2 * links[one].get(other, 0) > sizes[one] * sizes[other]:
            if len(links[one]) < len(links[other]):
                one, other = other, one
            _join(links, one, other)
            sizes[one] += sizes.pop(other)
            joined[other] = one
    least: dict[str, str] = {}
    for article in sorted(leader):
        least.setdefault(_root(joined, leader[article]), article)
    return {article: least[_root(joined, leader[article])] for article in leader}


def _strength(match: Match) -> tuple[float, str, str]:
    return -match.resemblance, match.a, match.b


def _near_copies(merging: Iterable[Match]) -> dict[str, str]:
    """For each article that merges the one it is a near copy of, or itself; those with most near copies lead."""
    copies: dict[str, list[str]] = {}
    for match in merging:
        for one, other, share in ((match.a, match.b, match.containment_a), (match.b, match.a, match.containment_b)):
            found = copies.setdefault(one, [])
            if share >= NEAR_COPY:
                found.append(other)
    leader: dict[str, str] = {}
    for article in sorted(copies, key=lambda article: (-len(copies[article]), article)):
        if article not in leader:
            leader[article] = article
            for copy in copies[article]:
                leader.setdefault(copy, article)
    return leader


def _root(joined: dict[str, str], name: str) -> str:
    while joined[name] != name:
        joined[name] = name = joined[joined[name]]
    return name


def _join(links: dict[str, dict[str, int]], one: str, other: str) -> None:
    """Give the matched pairs of a cluster to another."""
    mine = links[one]
    del mine[other]
    for third, count in links.pop(other).items():
        if third != one:
            mine[third] = mine.get(third, 0) + count
            theirs = links[third]
            theirs[one] = theirs.get(one, 0) + theirs.pop(other)
