"""Where an article stands: what it matches, the story that makes, and where that came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from syndicate.index.lookup import look_up, look_up_many
from syndicate.story import build_stories, merges

if TYPE_CHECKING:
    from collections.abc import Iterable

    from syndicate.graph import Match, Story
    from syndicate.index.shelf import Held, Shelf
    from syndicate.model import Article

_HOPS = 2
"""Stories away from the one in question that are read: whether a story took from it, or from one it took from."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What an index tells of an article: whose text it shares, and where that came from.

    Attributes:
        matches: Verified, the best first, as of `Lookup`.
        common: What was set aside of the article, as of `Lookup`.
        story: The story the article is of, with its origin and who copied from whom. None where it is of none: it
            matches nothing, or is an excerpt, a digest or an overlap of articles that no other article runs with it.
    """

    matches: tuple[Match, ...] = ()
    common: tuple[str, ...] = ()
    story: Story | None = None


def trace(asked: Held, shelf: Shelf) -> Trace:
    """Follow matches from an article until its story is whole, and the stories linked with it.

    Args:
        asked: The article.
        shelf: Where it and the others are. Which outlets are known is told by the articles that are read.

    Raises:
        StoreError: What is stored is damaged.
    """
    first = look_up(asked, shelf)
    story = _story_around(asked, first.matches, shelf) if first.matches else None
    return Trace(first.matches, first.common, story)


def _story_around(asked: Held, first: tuple[Match, ...], shelf: Shelf) -> Story | None:
    start = asked.article.id
    articles: dict[str, Article] = {}
    found: dict[tuple[str, str], Match] = {}
    compared: set[tuple[int, int]] = set()
    ring = {start}
    for _ in range(_HOPS + 1):
        linked: set[str] = set()
        while ring:
            wave = [held for name in sorted(ring) if (held := shelf.get(name)) is not None]
            articles |= {held.article.id: held.article for held in wave}
            more = first if start in ring else look_up_many(wave, shelf, compared)
            found |= {(one.a, one.b): one for one in more}
            ring = _ends(one for one in more if merges(one)) - articles.keys()
            linked |= _ends(one for one in more if not merges(one))
        ring = linked - articles.keys()
    both = [one for pair, one in sorted(found.items()) if articles.keys() >= set(pair)]
    return next((story for story in build_stories(tuple(articles.values()), both) if start in story.members), None)


def _ends(matches: Iterable[Match]) -> set[str]:
    return {name for one in matches for name in (one.a, one.b)}
