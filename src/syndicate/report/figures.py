"""The figures of a report's first page: what was copied, by whom, from whom, how soon, and what was taken out."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.model import Status
from syndicate.rules.rule import Action, RuleStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from syndicate.graph import Match, Story, SyndicationGraph
    from syndicate.outlets import Copy, OutletTable, Reposts
    from syndicate.report.corpus import Corpus
    from syndicate.rules.match import RuleSet
    from syndicate.rules.rule import Rule

_MATRIX: Final = 12
"""Outlets on either side of the matrix; the rest are one row and one column."""
_PUBLISHERS, _KINDS, _RULES, _STORIES, _CHROME = 15, 8, 20, 20, 10
OTHERS: Final = None
"""In the place of a name: all outlets that have no row, or no column, of their own."""
_DELAYS: Final = (
    (0.25, "under 15 min"), (1.0, "15 min to 1 h"), (3.0, "1 to 3 h"), (6.0, "3 to 6 h"), (12.0, "6 to 12 h"),
    (24.0, "12 to 24 h"), (48.0, "1 to 2 days"), (168.0, "2 to 7 days"), (float("inf"), "over a week"),
)  # fmt: skip
"""Upper ends of the bins of delays, in hours, and their names."""


@dataclass(frozen=True, slots=True)
class Count:
    """A named number, and which share of the whole it is, 0 to 1."""

    name: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a coloured table: its number, and how deep it is coloured, 0 to 5."""

    number: int
    depth: int


class Row(NamedTuple):
    """A row of a coloured table: an outlet's name, or `OTHERS`, its cells, and a number for all of them."""

    name: str | None
    cells: tuple[Cell, ...]
    total: int


class RuleFigures(NamedTuple):
    """A rule, what it took, and what it is for, where its pack is at hand."""

    name: str
    kind: str
    summary: str
    hits: int
    characters: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who takes from whom: a row an outlet that copied, a column an outlet that it copied from."""

    sources: tuple[str | None, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What the first page shows.

    Attributes:
        statuses: How many articles ended how.
        outlets: How many outlets the articles that are `ok` are of.
        copies: Articles that took a text from another outlet.
        shares: Characters: original, reposted, chrome.
        delays: Copies by how long after their source they came; `dated` is how many, `hours` their median.
        stories: Those that most ran, by their place in the graph.
        kinds: Characters of chrome by kind.
        publishers: Outlets with the most chrome: the share of their text, and of it each of `kinds_shown`, in tenths
            of a percent.
        rules: Those that took most.
        never: Rules that were in force and took nothing, by pack.
        set_aside: Text that no rule takes, on how many pages, the id of one of them.
    """

    statuses: tuple[Count, ...]
    outlets: int
    copies: int
    shares: tuple[Count, ...]
    matrix: Matrix
    delays: tuple[Count, ...]
    dated: int
    hours: float | None
    stories: tuple[int, ...]
    kinds: tuple[Count, ...]
    kinds_shown: tuple[str, ...]
    publishers: tuple[Row, ...]
    rules: tuple[RuleFigures, ...]
    never: Mapping[str, tuple[str, ...]]
    set_aside: tuple[tuple[str, int, str], ...]


def make_figures(graph: SyndicationGraph, corpus: Corpus, table: OutletTable, rules: RuleSet) -> Figures:
    """Count.

    Args:
        graph: Matches and stories.
        corpus: Their articles.
        table: Both counted by outlets.
        rules: The packs that are at hand: what rules are for, and which never fired.
    """
    statuses = Counter(str(article.status) for article in corpus.articles)
    hours = [copy.hours for copy in table.copies if copy.hours is not None]
    kinds: Counter[str] = Counter()
    for taken in corpus.taken:
        kinds.update(taken)
    shown = tuple(kind for kind, _ in kinds.most_common(_KINDS))
    return Figures(
        statuses=_shares(statuses.most_common()),
        outlets=sum(outlet.articles > 0 for outlet in table.outlets),
        copies=len({copy.article for copy in table.copies}),
        shares=_whose_text(graph, corpus, table.copies),
        matrix=_matrix(table.reposts),
        delays=_delays(hours),
        dated=len(hours),
        hours=median(hours) if hours else None,
        stories=tuple(sorted(range(len(graph.stories)), key=lambda at: (-_ran(graph.stories[at]), at))[:_STORIES]),
        kinds=_shares(kinds.most_common()),
        kinds_shown=shown,
        publishers=_publishers(corpus, table.names, shown),
        rules=_rules(corpus, rules),
        never=_never(corpus, rules),
        set_aside=tuple((chrome.text, chrome.articles, chrome.example) for chrome in graph.chrome[:_CHROME]),
    )


def _ran(story: Story) -> int:
    """Pages that have a story's text, or some of it."""
    return len({*story.members, *(edge.copy for edge in story.edges)})


def _shares(counts: Iterable[tuple[str, int]]) -> tuple[Count, ...]:
    counts = tuple(counts)
    total = sum(count for _, count in counts) or 1
    return tuple(Count(name, count, count / total) for name, count in counts)


def _whose_text(graph: SyndicationGraph, corpus: Corpus, copies: Sequence[Copy]) -> tuple[Count, ...]:
    """Characters that were taken out, that came from others, and the rest.

    Of a copy, as much came from others as is in its source, or in that of several that it shares most with; where the
    source is not among the articles, as in the page that it shares most with.
    """
    sources: defaultdict[str, set[str]] = defaultdict(set)
    for story in graph.stories:
        for edge in story.edges:
            sources[edge.copy].add(edge.source)
    copied = {copy.article for copy in copies}
    share: dict[str, float] = {}
    for match in graph.matches:
        for one, other, contained in _sides(match):
            if one in copied and other in sources.get(one, (other,)):
                share[one] = max(share.get(one, 0.0), contained)
    reposted = sum(round(corpus.lengths[corpus.numbers[one]] * part) for one, part in share.items())
    chrome = sum(sum(taken.values()) for taken in corpus.taken)
    return _shares((("original", sum(corpus.lengths) - reposted), ("reposted", reposted), ("chrome", chrome)))


def _sides(match: Match) -> tuple[tuple[str, str, float], tuple[str, str, float]]:
    return (match.a, match.b, match.containment_a), (match.b, match.a, match.containment_b)


def _matrix(reposts: Sequence[Reposts]) -> Matrix:
    takers: Counter[str] = Counter()
    givers: Counter[str] = Counter()
    for pair in reposts:
        takers[pair.outlet] += pair.copies
        givers[pair.source] += pair.copies
    rows, columns = (_most(names) for names in (takers, givers))
    cells: Counter[tuple[str | None, str | None]] = Counter()
    for pair in reposts:
        taker, giver = pair.outlet, pair.source
        cells[taker if taker in rows else OTHERS, giver if giver in columns else OTHERS] += pair.copies
    most = max((count for (taker, giver), count in cells.items() if taker and giver), default=1)
    return Matrix(
        tuple(columns),
        tuple(
            Row(row, tuple(_cell(cells[row, column], most) for column in columns),
                sum(cells[row, column] for column in columns))
            for row in rows
        ),
    )  # fmt: skip


def _most(names: Counter[str]) -> list[str | None]:
    """The names of most, and a place for the rest where there are more."""
    return [*(name for name, _ in names.most_common(_MATRIX)), *([OTHERS] if len(names) > _MATRIX else ())]


def _cell(count: int, most: int) -> Cell:
    return Cell(count, min(5, -(-5 * count // most)) if count else 0)


def _delays(hours: Sequence[float]) -> tuple[Count, ...]:
    ends = [end for end, _ in _DELAYS]
    found = Counter(min(bisect_right(ends, hour), len(ends) - 1) for hour in hours)
    return _shares((name, found[at]) for at, (_, name) in enumerate(_DELAYS)) if hours else ()


def _publishers(corpus: Corpus, names: Mapping[str, str], shown: Sequence[str]) -> tuple[Row, ...]:
    taken: defaultdict[str, Counter[str]] = defaultdict(Counter)
    kept: Counter[str] = Counter()
    for article, length, kinds in zip(corpus.articles, corpus.lengths, corpus.taken, strict=True):
        if article.status in (Status.OK, Status.SUSPECT):
            name = names[article.id]
            kept[name] += length
            taken[name].update(kinds)
    most = sorted(taken, key=lambda name: (-taken[name].total(), name))[:_PUBLISHERS]
    rows: list[Row] = []
    for name in most:
        whole = (kept[name] + taken[name].total()) or 1
        parts = [round(1_000 * taken[name][kind] / whole) for kind in shown]
        if taken[name].total():
            cells = tuple(Cell(part, min(5, -(-part // 20))) for part in parts)  # each shade is two percent more
            rows.append(Row(name, cells, round(1_000 * taken[name].total() / whole)))
    return tuple(rows)


def _rules(corpus: Corpus, rules: RuleSet) -> tuple[RuleFigures, ...]:
    known = {rule.id: rule for rule in rules.rules}
    most = sorted(corpus.rules.items(), key=lambda item: (-item[1].characters, -item[1].hits, item[0]))[:_RULES]
    return tuple(
        RuleFigures(name, use.kind, known[name].summary if name in known else "", use.hits, use.characters)
        for name, use in most
        if use.characters
    )


def _never(corpus: Corpus, rules: RuleSet) -> dict[str, tuple[str, ...]]:
    never: defaultdict[str, list[str]] = defaultdict(list)
    for rule in rules.rules:
        pack, _, slug = rule.id.rpartition("/")
        if pack in corpus.packs and rule.id not in corpus.rules and _may_take(rule):
            never[pack].append(slug)
    return {pack: tuple(slugs) for pack, slugs in sorted(never.items())}


def _may_take(rule: Rule) -> bool:
    """Whether a rule leaves a trace where it fires: one that only protects a text takes nothing."""
    return rule.status is RuleStatus.STABLE and rule.action is not Action.KEEP
