"""What a page's head, JSON-LD and visible heading say of it, as claims, each with where it was read."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from syndicate.model import Claim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from syndicate.model import Block

# For each claim the tags that make it, best first. "ld:" names a key of the page's JSON-LD article.
_SOURCES: Final = {
    "title": ("ld:headline", "og:title", "twitter:title", "h1", "title"),
    "byline": ("ld:author", "author", "article:author", "byl", "parsely-author", "sailthru.author", "dc.creator"),
    "published": (
        "ld:datePublished", "article:published_time", "og:article:published_time", "datepublished", "date", "pubdate",
        "publishdate", "publish-date", "parsely-pub-date", "sailthru.date", "dc.date", "dc.date.issued", "time",
    ),
    "modified": ("ld:dateModified", "article:modified_time", "og:updated_time", "last-modified"),
    "outlet": ("og:site_name", "ld:publisher", "application-name"),
    "canonical": ("link:canonical", "og:url"),
    "language": ("html:lang", "og:locale"),
}  # fmt: skip
_DATES: Final = ("published", "modified")
_ARTICLE_TYPE: Final = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting|Posting)$")
_LONGEST_VALUE: Final = 1_000


HEAD_ELEMENTS: Final = frozenset(("html", "time"))
"""Elements with text of their own whose attributes say something of the page."""
HEAD_LEAVES: Final = frozenset(("meta", "link", "title", "script"))


class Head:
    """The pieces of metadata met while a page is walked; the first of a name counts."""

    def __init__(self) -> None:
        self.tags: dict[str, str] = {}
        self.linked_data: list[str] = []

    def element(self, tag: str, attributes: Mapping[str, Any]) -> None:
        """Note an element that has text of its own."""
        if tag == "time" and attributes.get("datetime"):
            self._note("time", attributes["datetime"])
        elif tag == "html" and attributes.get("lang"):
            self._note("html:lang", attributes["lang"])

    def leaf(self, tag: str, attributes: Mapping[str, Any], text: Callable[[], str]) -> None:
        """Note a meta, link, title or JSON-LD element."""
        if tag == "meta":
            name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
            if name:
                self._note(name.lower(), attributes.get("content"))
        elif tag == "link":
            relation = attributes.get("rel") or ""
            words = relation if isinstance(relation, list) else relation.split()
            if "canonical" in map(str.lower, words):
                self._note("link:canonical", attributes.get("href"))
        elif tag == "title":
            self._note("title", text())
        elif tag == "script" and "ld+json" in (attributes.get("type") or ""):
            self.linked_data.append(text())

    def _note(self, name: str, value: str | None) -> None:
        folded = _folded(value or "")
        if folded:
            self.tags.setdefault(name, folded)


def metadata_claims(head: Head, blocks: Sequence[Block], pieces: Sequence[str]) -> tuple[Claim, ...]:
    """Turn what was noted into claims, best source first within each field.

    Args:
        head: What was met in the walk.
        blocks: The page's blocks, for its first `h1`.
        pieces: Their texts and the separators between them, in turn.
    """
    tags = dict(head.tags)
    first = next((at for at, block in enumerate(blocks) if block.tag == "h1"), None)
    if first is not None:
        tags["h1"] = _folded(pieces[2 * first])
    for name, value in _article_facts(head.linked_data):
        folded = _folded(html.unescape(value))  # publishers escape their JSON-LD as if it were markup
        if folded:
            tags.setdefault(f"ld:{name}", folded)
    return tuple(_claims(tags))


def _folded(value: str) -> str:
    """White space folded, and no longer than anything that is a value."""
    return " ".join(value[: 2 * _LONGEST_VALUE].split())[:_LONGEST_VALUE]


def _claims(tags: Mapping[str, str]) -> Iterator[Claim]:
    for field, sources in _SOURCES.items():
        seen = set()
        for source in sources:
            value = tags.get(source)
            if value and field in _DATES:
                value = iso_date(value)
            if value and value not in seen and not (field == "byline" and value.startswith(("http://", "https://"))):
                seen.add(value)
                yield Claim(field, value, f"meta/{source}")


def _article_facts(scripts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The facts of the JSON-LD objects that describe an article."""
    for script in scripts:
        try:
            data = json.loads(script, strict=False)
        except (ValueError, RecursionError):
            continue  # JSON-LD that no one can read says nothing
        for thing in _things(data):
            kinds = thing.get("@type")
            if any(isinstance(kind, str) and _ARTICLE_TYPE.search(kind) for kind in _listed(kinds)):
                for name in ("headline", "datePublished", "dateModified"):
                    if isinstance(thing.get(name), str):
                        yield name, thing[name]
                for name in ("author", "publisher"):
                    yield name, ", ".join(_names(thing.get(name)))


def _things(data: Any) -> Iterator[dict[str, Any]]:
    for item in _listed(data):
        if isinstance(item, dict):
            yield item
            yield from (thing for thing in _listed(item.get("@graph")) if isinstance(thing, dict))


def _names(value: Any) -> Iterator[str]:
    for item in _listed(value):
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(name, str) and name.strip():
            yield name.strip()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def iso_date(value: str) -> str | None:
    """Normalise an ISO 8601 or RFC 2822 date to ISO 8601, as precise as it was; None for anything else."""
    value = value.strip()
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    if len(value) <= len("2026-01-01"):
        return moment.date().isoformat()
    return moment.isoformat()
