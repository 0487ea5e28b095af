"""The story that one stored article is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syndicate.story import build_stories, merges

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from syndicate.graph import Match, Story
    from syndicate.model import Article

_HOPS = 2
"""Stories away from the one in question that are read: whether a story took from it, or from one it took from."""


def story_around(
    start: str, get: Callable[[str], Article | None], match: Callable[[Article], Sequence[Match]]
) -> Story | None:
    """Follow matches from an article until its story is whole, and the stories linked with it.

    Args:
        start: The article's id.
        get: Reads an article.
        match: Its matches.

    Returns:
        The story that the article is of, None if it is of none. Which outlets are known is told by what was read.
    """
    articles: dict[str, Article] = {}
    found: dict[tuple[str, str], Match] = {}
    ring = [start]
    for _ in range(_HOPS + 1):
        outside: set[str] = set()
        while ring:
            article = get(ring.pop())
            if article is None or article.id in articles:
                continue
            articles[article.id] = article
            for one in match(article):
                found[one.a, one.b] = one
                other = one.b if one.a == article.id else one.a
                (ring.append if merges(one) else outside.add)(other)
        ring = sorted(outside)
    matches = [one for pair, one in sorted(found.items()) if articles.keys() >= set(pair)]
    stories = build_stories(tuple(articles.values()), matches)
    return next((story for story in stories if start in story.members), None)
