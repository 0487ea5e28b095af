"""What the page's script is given, as JSON: articles with what was taken from them, and what pairs of them share.

Offsets count UTF-16 units, as the script's strings do.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syndicate.graph import Passage
    from syndicate.model import Article, Removal

_LONG: Final = re.compile("[\U00010000-\U0010ffff]")
"""Characters of two UTF-16 units."""
_NO_URL: Final = re.compile(r"[\s\\\x00-\x20\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""What no address has, or what makes one read as another: white space, controls, what is not seen, what turns the
direction, halves of characters, and the backslash, which browsers take for a slash."""


def long_places(text: str) -> list[int]:
    """Where the characters of two UTF-16 units stand in a text."""
    return [] if text.isascii() else [found.start() for found in _LONG.finditer(text)]


def in_units(offset: int, places: Sequence[int]) -> int:
    """An offset in code points in UTF-16 units; `places` are those of the characters of two units."""
    return offset + bisect_left(places, offset)


def web_address(url: str | None) -> str | None:
    """An address that a link may lead to: http or https, with a host, and nothing that hides where it goes.

    A name before the host ("https://bank.example@other.example") is there for little else.
    """
    if not url or _NO_URL.search(url):
        return None
    try:
        parts = urlsplit(url)
        whole = parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        return None
    return url if whole and parts.scheme in ("http", "https") and parts.hostname else None


def article_payload(number: int, article: Article) -> bytes:
    """An article as its page wants it; `number` is its place in the report."""
    long = long_places(article.text)
    removals = [removal for removal in article.refused or article.removed if removal.text.strip()]
    places = [removal.start for removal in removals]
    record: dict[str, Any] = {
        "n": number, "id": article.id, "url": article.url, "href": web_address(article.url),
        "title": article.title, "outlet": article.outlet, "byline": article.byline,
        "published": article.published, "status": str(article.status), "reason": article.reason, "text": article.text,
        "refused": bool(article.refused), "removed": [_removal(removal, article, long) for removal in removals],
        "claims": [
            [claim.field, claim.value, claim.rule, claim.text, _inside(claim.start, places, removals)]
            for claim in article.claims
        ],
        "notes": article.notes, "long": long,
    }  # fmt: skip
    return json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode()


def passage_payload(passages: Sequence[Passage], left: Sequence[int], right: Sequence[int]) -> list[int]:
    """Passages in a row, four numbers each; `left` and `right` are where the texts have characters of two units."""
    return [
        in_units(offset, places)
        for passage in passages
        for offset, places in zip(passage, (left, left, right, right), strict=True)
    ]


def _removal(removal: Removal, article: Article, long: Sequence[int]) -> list[Any]:
    """Where a removal's text begins and ends in the cleaned text, its rule, kind, text and captures.

    What was taken begins where it ends; what was refused is still there, less the breaks of its lines.
    """
    if removal.at is None:
        span: list[int | None] = [None, None]
    else:
        kept = len(removal.text) if article.refused else 0
        for taken in article.removed if kept else ():
            if taken.start < removal.end and taken.end > removal.start:
                kept -= min(taken.end, removal.end) - max(taken.start, removal.start) - len(taken.replacement)
        span = [in_units(removal.at, long), in_units(removal.at + kept, long)]
    return [*span, removal.rule, removal.kind, removal.text, [list(capture) for capture in removal.captures]]


def _inside(start: int | None, places: Sequence[int], removals: Sequence[Removal]) -> int:
    """Which removal a place in the document is in; -1 if it is in none."""
    at = -1 if start is None else bisect_right(places, start) - 1
    return at if at >= 0 and start is not None and start < removals[at].end else -1
