"""Cleaning, fingerprints, matches and stories on Apache Spark: frames in, frames out, and nothing decided anew.

    from syndicate import spark

    articles = spark.clean(pages)
    matches = spark.match(articles)
    stories = spark.stories(matches, articles)

What looks at a page, a text, a pair or a story is the library's own, inside of `mapInArrow`; Spark joins, sorts and
groups. Needs the extra `spark`, and Java 17 or later.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from syndicate.spark.cleaning import clean
    from syndicate.spark.matching import Archive, match, match_articles
    from syndicate.spark.prints import fingerprint
    from syndicate.spark.story import stories

__all__ = ["Archive", "clean", "fingerprint", "match", "match_articles", "stories"]

_HOMES: Final = {
    "Archive": "matching", "clean": "cleaning", "fingerprint": "prints", "match": "matching",
    "match_articles": "matching", "stories": "story",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"syndicate.spark.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
