"""Strip publisher chrome from scraped news, fingerprint what is left, and find who reposted whom.

    import syndicate

    cleaner = syndicate.Cleaner()
    article = cleaner.clean(html, url="https://example.org/story")
    graph = syndicate.match_corpus(articles)

What is heavy is imported when it is first used, so that importing this package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from syndicate.errors import (
    FingerprintError,
    InputError,
    RecipeMismatch,
    RuleError,
    StoreError,
    SyndicateError,
)
from syndicate.version import __version__ as __version__

if TYPE_CHECKING:
    from syndicate.clean import Cleaner
    from syndicate.graph import Match, Story, SyndicationGraph
    from syndicate.index import Index
    from syndicate.io.fingerprints import read_fingerprints, write_fingerprints
    from syndicate.model import Article, Claim, Page, Removal, Status
    from syndicate.outlets import outlet_table
    from syndicate.sketch import Fingerprint, fingerprint, fingerprint_many
    from syndicate.story import match_corpus

__all__ = [
    "Article",
    "Claim",
    "Cleaner",
    "Fingerprint",
    "FingerprintError",
    "Index",
    "InputError",
    "Match",
    "Page",
    "RecipeMismatch",
    "Removal",
    "RuleError",
    "Status",
    "StoreError",
    "Story",
    "SyndicateError",
    "SyndicationGraph",
    "fingerprint",
    "fingerprint_many",
    "match_corpus",
    "outlet_table",
    "read_fingerprints",
    "write_fingerprints",
]

_HOMES = {
    "Article": "model",
    "Claim": "model",
    "Cleaner": "clean",
    "Fingerprint": "sketch",
    "Index": "index",
    "Match": "graph",
    "Page": "model",
    "Removal": "model",
    "Status": "model",
    "Story": "graph",
    "SyndicationGraph": "graph",
    "fingerprint": "sketch",
    "fingerprint_many": "sketch",
    "match_corpus": "story",
    "outlet_table": "outlets",
    "read_fingerprints": "io.fingerprints",
    "write_fingerprints": "io.fingerprints",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"syndicate.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
