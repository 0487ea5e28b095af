"""What the tags and names of elements say: markers (`rules/core/html.toml`) looked up by the words of a name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from syndicate.account import Reason
from syndicate.model import EXTRACTOR

if TYPE_CHECKING:
    from syndicate.rules.rule import Markers

_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PARTS: Final = re.compile(r"[^a-z]+")


class Names:
    """Markers by the words of an element's names; pages repeat the same few names, so answers are remembered.

    Args:
        markers: What tags and names say.
    """

    def __init__(self, markers: Markers) -> None:
        self.markers = markers
        self.reason = lru_cache(maxsize=20_000)(self._reason)
        self.is_article = lru_cache(maxsize=20_000)(self._is_article)

    @staticmethod
    @lru_cache(maxsize=8)
    def of(markers: Markers) -> Names:
        """The names of markers, made once."""
        return Names(markers)

    def _reason(self, tag: str, names: str) -> Reason | None:
        """Why an element is chrome by its tag or its names, if it is."""
        kind = self.markers.tags.get(tag)
        if kind is not None:
            return Reason(f"{EXTRACTOR}{tag}", kind, joined=True)
        for term in _terms(names):
            kind = self.markers.names.get(term)
            if kind is not None:
                return Reason(f"{EXTRACTOR}{term}", kind, joined=True)
        return None

    def _is_article(self, names: str) -> bool:
        """Whether an element is named as the article's body."""
        return any(term in self.markers.article for term in _terms(names))


def _terms(names: str) -> list[str]:
    """The words of names, and each two and three that follow each other in one name, joined by hyphens."""
    terms: list[str] = []
    for name in names.split():
        words = [word for word in _PARTS.split(_CAMEL.sub("-", name).lower()) if word]
        for size in (3, 2, 1):
            terms += ("-".join(words[at : at + size]) for at in range(len(words) - size + 1))
    return terms
