"""Cleaning, fingerprints, matches and stories on Apache Spark: frames in, frames out, and nothing decided anew.

    from syndicate import spark

    articles = spark.clean(pages)
    matches = spark.match(articles)
    stories = spark.stories(matches, articles)

What looks at a page, a text, a pair or a story is the library's own, inside of `mapInArrow`; Spark joins, sorts and
groups. Needs the extra `spark`, and Java 17 or later.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syndicate.spark.cleaning import clean
    from syndicate.spark.match import match
    from syndicate.spark.prints import fingerprint
    from syndicate.spark.stories import stories

__all__ = ["clean", "fingerprint", "match", "stories"]

_HOMES = {"clean": "cleaning", "fingerprint": "prints", "match": "match", "stories": "stories"}


class _Face(ModuleType):
    def __setattr__(self, name: str, value: Any) -> None:
        # An import of the module `match` must not put it in the place of the function.
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"syndicate.spark.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
