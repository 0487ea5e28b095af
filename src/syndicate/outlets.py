"""Who copies whom: a syndication graph counted by outlets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from syndicate.model import Status
from syndicate.origin import OriginFinder
from syndicate.parse.dates import is_plausible
from syndicate.rules.names import fold_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from syndicate.graph import Story, SyndicationGraph
    from syndicate.model import Article

_CLOCK_DOUBT: Final = timedelta(hours=1)
"""A copy may bear an earlier time than its source by so much for clocks alone, and then came at once."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """What an outlet wrote and what it took from others.

    Attributes:
        name: As it is listed, or as its pages give it; its host or an article's id where neither is known.
        articles: How many articles of it the corpus has.
        originated: Stories whose origin it is.
        copied: Articles of other outlets that are copies of its texts.
        reposted: Articles of its own that are copies of others' texts.
        credited: How many of those name their source themselves.
        dated: Of how many of those the delay is known: copy and source both give time of day and time zone.
        hours: The median of these delays, in hours; None where none is known.
    """

    name: str
    articles: int
    originated: int
    copied: int
    reposted: int
    credited: int
    dated: int
    hours: float | None


@dataclass(frozen=True, slots=True)
class Reposts:
    """What one outlet took from another.

    Attributes:
        outlet: Who copied.
        source: From whom.
        copies: Articles that are copies; one that took from several outlets counts with each of them.
        credited, dated, hours: As of `Outlet`.
    """

    outlet: str
    source: str
    copies: int
    credited: int
    dated: int
    hours: float | None


class Copy(NamedTuple):
    """An article that took a text from another outlet.

    Attributes:
        article: Id of the article.
        outlet: Who has it.
        source: The outlet it was taken from.
        credited: Whether it names its source itself.
        hours: How long after its source it came out; None where either's time is not known to the minute.
    """

    article: str
    outlet: str
    source: str
    credited: bool
    hours: float | None


@dataclass(frozen=True, slots=True)
class OutletTable:
    """All outlets of a corpus, and those it copied from.

    Attributes:
        outlets: The most copied first.
        reposts: Pairs of outlets, those with most copies first.
        copies: What these are counted of, story after story.
        names: The name of each article's outlet, by the article's id.
    """

    outlets: tuple[Outlet, ...]
    reposts: tuple[Reposts, ...]
    copies: tuple[Copy, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


_Key = TypeVar("_Key")


class _Sum(NamedTuple):
    copies: int
    credited: int
    dated: int
    hours: float | None


class _Corpus:
    """Articles, and the names of their outlets: one name for all spellings of it, the most frequent."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.articles = {article.id: article for article in articles}
        outlet_of = OriginFinder(self.articles.values()).outlet_of
        given = {article.id: outlet_of(article) for article in self.articles.values()}
        self._names: dict[str, str] = {}
        for name, _ in sorted(Counter(given.values()).items(), key=lambda item: (-item[1], item[0])):
            self._names.setdefault(_folded(name), name)
        self.outlets = {article: self.name(outlet) for article, outlet in given.items()}

    def name(self, outlet: str) -> str:
        """An outlet's name."""
        return self._names.get(_folded(outlet), outlet)


def _folded(name: str) -> str:
    return fold_name(name) or name


def outlet_table(graph: SyndicationGraph, articles: Iterable[Article]) -> OutletTable:
    """Count by outlets who wrote and who copied.

    Revisions, and whatever else an outlet takes from itself, are no copies here.

    Args:
        graph: The stories of a corpus.
        articles: Its articles; their texts are not needed.
    """
    corpus = _Corpus(articles)
    copies = [copy for story in graph.stories for copy in _copies(story, corpus)]
    own = Counter(corpus.outlets[article.id] for article in corpus.articles.values() if article.status is Status.OK)
    origins = (story.origin.outlet for story in graph.stories)
    originated = Counter(corpus.name(outlet) for outlet in origins if outlet is not None)
    taken = _grouped(copies, lambda copy: copy.outlet)
    given = _grouped(copies, lambda copy: copy.source)
    pairs = _grouped(copies, lambda copy: (copy.outlet, copy.source))
    outlets = [
        Outlet(name, own[name], originated[name], _sum(given.get(name, ())).copies, *_sum(taken.get(name, ())))
        for name in {*own, *originated, *taken, *given}
    ]
    reposts = [Reposts(outlet, source, *_sum(some)) for (outlet, source), some in pairs.items()]
    return OutletTable(
        tuple(sorted(outlets, key=lambda one: (-one.copied, -one.originated, -one.reposted, one.name))),
        tuple(sorted(reposts, key=lambda one: (-one.copies, one.outlet, one.source))),
        tuple(copies),
        corpus.outlets,
    )


def _copies(story: Story, corpus: _Corpus) -> Iterator[Copy]:
    """The copies of a story's text at other outlets; those whose source is not here are the origin's."""
    origin = story.origin
    credited = {piece.article for piece in origin.evidence if origin.outlet is not None}
    pairs = [(edge.copy, edge.source, edge.evidence == "named") for edge in story.edges]
    if origin.outlet is not None:
        told = {copy for copy, _, _ in pairs}
        pairs += [(member, origin.article or "", False) for member in story.members if member not in told]
    for copy, source, named in pairs:
        giver = corpus.outlets.get(source) or (origin.outlet and corpus.name(origin.outlet))
        outlet = corpus.outlets[copy]
        if giver and giver != outlet:
            found = corpus.articles.get(source)
            hours = None if found is None else _hours_between(found, corpus.articles[copy])
            yield Copy(copy, outlet, giver, named or copy in credited, hours)


def _hours_between(source: Article, copy: Article) -> float | None:
    """Hours from a source to its copy; None where a date is not known to the minute, or a clock is wrong."""
    first, second = _minute_of(source), _minute_of(copy)
    if first is None or second is None or first - second > _CLOCK_DOUBT:
        return None
    return max(second - first, timedelta()) / timedelta(hours=1)


def _minute_of(article: Article) -> datetime | None:
    """When an article was published, where that is known to the minute; midnight sharp is a day without a time."""
    try:
        moment = datetime.fromisoformat(article.published or "")
    except ValueError:
        return None
    known = moment.tzinfo is not None and moment.time() != time() and is_plausible(moment.isoformat())
    return moment if known else None


def _grouped(copies: Iterable[Copy], key: Callable[[Copy], _Key]) -> dict[_Key, list[Copy]]:
    groups: dict[_Key, list[Copy]] = {}
    for copy in copies:
        groups.setdefault(key(copy), []).append(copy)
    return groups


def _sum(copies: Iterable[Copy]) -> _Sum:
    """Counts of different articles; of one that took several texts, the least delay counts."""
    hours: dict[str, float | None] = {}
    credited = set()
    for copy in copies:
        known = [one for one in (copy.hours, hours.get(copy.article)) if one is not None]
        hours[copy.article] = min(known, default=None)
        if copy.credited:
            credited.add(copy.article)
    delays = [one for one in hours.values() if one is not None]
    return _Sum(len(hours), len(credited), len(delays), median(delays) if delays else None)
