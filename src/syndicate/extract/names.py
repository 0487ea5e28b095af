"""What the tags and names of elements say: markers (`rules/core/html.toml`) looked up by the words of a name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from syndicate.account import Reason
from syndicate.model import EXTRACTOR

if TYPE_CHECKING:
    from syndicate.rules.rule import Markers

_PARTS: Final = re.compile(r"[A-Z]*[a-z]+|[A-Z]+")
"""The words that a name is made of: "related" and "Posts" in "relatedPosts_2"."""


class Names:
    """Markers by the words of an element's names; sites share many names, so answers are remembered.

    Args:
        markers: What tags and names say.
    """

    def __init__(self, markers: Markers) -> None:
        self.markers = markers
        terms = (*markers.names, *markers.article)
        self._words = frozenset(word for term in terms for word in term.split("-"))
        self._tags = {tag: _reason(tag, kind) for tag, kind in markers.tags.items()}
        self.tell = lru_cache(maxsize=4_000)(self._tell)
        self._told = lru_cache(maxsize=10_000)(self._tell_name)

    @staticmethod
    @lru_cache(maxsize=8)
    def of(markers: Markers) -> Names:
        """The names of markers, made once."""
        return Names(markers)

    def _tell(self, tag: str, names: str) -> tuple[Reason | None, bool]:
        """What an element is by its tag and names: why it is chrome, if it is; whether it is the article."""
        reason, is_article = self._tags.get(tag), False
        for name in names.split():
            named = self._told(name)
            if named is not None:
                reason = reason or named[0]
                is_article |= named[1]
        return reason, is_article

    def _tell_name(self, name: str) -> tuple[Reason | None, bool] | None:
        """What one name says; None where it says nothing."""
        words = [word.lower() for word in _PARTS.findall(name)]
        if self._words.isdisjoint(words):
            return None
        terms = ["-".join(words[at : at + size]) for size in (3, 2, 1) for at in range(len(words) - size + 1)]
        kinds = self.markers.names
        reason = next((_reason(term, kinds[term]) for term in terms if term in kinds), None)
        return reason, not self.markers.article.isdisjoint(terms)


def _reason(term: str, kind: str) -> Reason:
    return Reason(f"{EXTRACTOR}{term}", kind, joined=True)
