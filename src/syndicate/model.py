"""The values that travel through the package: frozen, slotted, without behaviour beyond their own JSON.

Spans are pairs of offsets in code points, start inclusive, end exclusive, into `Document.text`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from syndicate.elements import Elements
from syndicate.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA: Final = 1
"""Version of the JSON written by `to_dict`; a reader refuses what it does not know."""

EXTRACTOR: Final = "extract/"
"""Prefix of the reasons that are the extractor's own, not a text rule's: menus, layout, hidden text."""


class Kind(StrEnum):
    """What a rule takes: the kinds of chrome."""

    SHARE_PROMPT = "share-prompt"
    NEWSLETTER = "newsletter"
    READ_MORE = "read-more"
    PROMO = "promo"
    BYLINE = "byline"
    AUTHOR_BIO = "author-bio"
    MEDIA_CONTACT = "media-contact"
    DISCLAIMER = "disclaimer"
    COPYRIGHT = "copyright"
    IMAGE_CREDIT = "image-credit"
    ATTRIBUTION = "attribution"
    PAYWALL = "paywall"
    COMMENTS = "comments"
    COOKIE_NOTICE = "cookie-notice"
    NAVIGATION = "navigation"
    ADVERTISEMENT = "advertisement"
    SEPARATOR = "separator"


BOILERPLATE: Final = "boilerplate"
"""Kind of what the extractor left out of a page without a name for it."""
LAYOUT: Final = "layout"
"""Kind of white space that only wrapped or framed the text."""


class Status(StrEnum):
    """How cleaning ended."""

    OK = "ok"
    SUSPECT = "suspect"
    EMPTY = "empty"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Page:
    """One input as it was read, with what is known of it from outside its content.

    Attributes:
        content: Markup or text, or their bytes; or a BeautifulSoup tree that the caller already holds.
        id: Identity of the input (a path, a record's id), never made from its content; "" where none is known.
        format: "html", "text", or "auto" to look.
        extra: Fields of the input record that pass through to the output untouched.
        crawled: When the page was fetched, ISO 8601: a time at which it was out.
    """

    content: Any
    id: str = ""
    url: str | None = None
    format: str = "auto"
    title: str | None = None
    outlet: str | None = None
    byline: str | None = None
    published: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    crawled: str | None = None


class Block(NamedTuple):
    """A run of text that stands alone: a paragraph, heading, list item, table cell, caption.

    Attributes:
        start, end: Span in `Document.text`, without outer white space; never empty.
        tag: Tag of the innermost block-level element; "p" in plain text.
        element: Index of that element in `Document.elements`; -1 in plain text.
        link_chars: How many of the block's characters are link text.
    """

    start: int
    end: int
    tag: str = "p"
    element: int = -1
    link_chars: int = 0


class Selection(NamedTuple):
    """The text under an element that a rule's CSS selector matched."""

    selector: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Something the page says of itself or of its origin.

    Attributes:
        field: A capture group's name (`author`, `source`, `agency`, ...) or a piece of metadata (`title`, ...).
        value: The value as it stands in the page, white space folded.
        rule: The rule or meta tag it was read by: "core-en/articles-by", "meta/og:site_name".
        text: The words around the value, to be quoted as evidence.
        start, end: Span of the value in `Document.text`; None for metadata.
    """

    field: str
    value: str
    rule: str
    text: str = ""
    start: int | None = None
    end: int | None = None

    def to_dict(self) -> dict[str, object]:
        """The claim's JSON; spans only where there are some."""
        record: dict[str, object] = {"field": self.field, "value": self.value, "rule": self.rule}
        if self.text:
            record["text"] = self.text
        if self.start is not None:
            record |= {"start": self.start, "end": self.end}
        return record


@dataclass(frozen=True, slots=True)
class Removal:
    """A span that was taken out, and why.

    Attributes:
        rule: Full name of the rule ("core-en/share-button"), or an extractor's reason ("extract/...").
        kind: A `Kind`, or `BOILERPLATE` or `LAYOUT` for the extractor's.
        start, end: Span in `Document.text`.
        text: The text of the span.
        captures: Named captures of the rule that took it, as (field, value).
        replacement: What stands in the cleaned text instead: "" but for unwrapped lines, which leave a space.
        at: Offset in the cleaned text at which it stood; None where that is not known.
    """

    rule: str
    kind: str
    start: int
    end: int
    text: str
    captures: tuple[tuple[str, str], ...] = ()
    replacement: str = ""
    at: int | None = None

    @property
    def by_extractor(self) -> bool:
        """Whether the extractor took this, rather than a text rule."""
        return self.rule.startswith(EXTRACTOR)

    def to_dict(self) -> dict[str, object]:
        """The removal's JSON; captures, replacement and place in the cleaned text only where there are some."""
        record: dict[str, object] = {
            "rule": self.rule, "kind": self.kind, "start": self.start, "end": self.end, "text": self.text,
        }  # fmt: skip
        if self.captures:
            record["captures"] = [list(capture) for capture in self.captures]
        if self.replacement:
            record["replacement"] = self.replacement
        if self.at is not None:
            record["at"] = self.at
        return record


@dataclass(frozen=True, slots=True)
class Document:
    """A page taken apart.

    Attributes:
        text: All text of the page that could be the article's, in page order; plain text as it was given.
        blocks: In order, not overlapping; what lies between two blocks is white space.
        elements: The page's elements in document order; empty for plain text.
        claims: Metadata, and markers of origin that stand in the markup.
        selections: What the rules' CSS selectors matched.
        wraps: Spans of the line breaks in plain text that only wrap lines.
        notes: What was wrong with the markup, and what became of it.
    """

    text: str
    blocks: tuple[Block, ...]
    elements: Elements = field(default_factory=Elements)
    claims: tuple[Claim, ...] = ()
    selections: tuple[Selection, ...] = ()
    wraps: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned page, and the account of the cleaning.

    Attributes:
        id: The input's identity; the url where none was given; "" where neither is known.
        text: The article: the document's text less `removed`.
        status, reason: How cleaning ended; the reason is "" for `ok`.
        published: ISO 8601 date or date and time, as precise as the page is.
        removed: In text order, not overlapping, white space between dropped blocks included.
        claims: What the page says of itself, metadata first.
        length: Characters of the document's text; None where `removed` is not the whole account.
        packs: Version and hash of each rule pack in force.
        notes: Things a person should know: rules that ran out of time, damaged markup.
        refused: The removals of a plan that would have taken nearly everything, and so was not carried out.
    """

    id: str
    text: str
    status: Status
    reason: str = ""
    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    byline: str | None = None
    published: str | None = None
    removed: tuple[Removal, ...] = ()
    claims: tuple[Claim, ...] = ()
    length: int | None = None
    packs: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    refused: tuple[Removal, ...] = ()

    def restore(self) -> str:
        """The document's text before cleaning, rebuilt from what was kept and what was removed.

        Raises:
            InputError: The article was read from JSON written without the extractor's removals (`--why`).
        """
        pieces: list[str] = []
        at = taken = 0  # offsets in the document and in the cleaned text
        for removal in self.removed:
            kept = removal.start - at
            pieces += (self.text[taken : taken + kept], removal.text)
            at, taken = removal.end, taken + kept + len(removal.replacement)
        pieces.append(self.text[taken:])
        source = "".join(pieces)
        if self.length != len(source):
            raise InputError(f"{self.id or 'article'}: the account is not whole; clean the page again with --why")
        return source

    def to_dict(self, *, why: bool = True) -> dict[str, object]:
        """The article as one JSON object.

        Args:
            why: Whether `removed` also lists what the extractor left out (menus and the like).
        """
        removed = [removal.to_dict() for removal in self.removed if why or not removal.by_extractor]
        record: dict[str, object] = {
            "schema": SCHEMA, "id": self.id, "url": self.url, "outlet": self.outlet, "title": self.title,
            "byline": self.byline, "published": self.published, "status": str(self.status),
            "reason": self.reason, "text": self.text,
            "removed": removed,
            "claims": [claim.to_dict() for claim in self.claims], "packs": dict(self.packs),
        }  # fmt: skip
        if self.length is not None and len(self.removed) == len(removed):
            record["length"] = self.length
        if self.notes:
            record["notes"] = list(self.notes)
        if self.refused:
            record["refused"] = [removal.to_dict() for removal in self.refused]
        return record

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Article:
        """Read what `to_dict` wrote; fields it does not know are ignored.

        Raises:
            InputError: Not a cleaned article, or written by a newer version.
        """
        if record.get("schema") != SCHEMA:
            raise InputError(
                f"not a cleaned article of schema {SCHEMA} (schema: {record.get('schema')!r}); "
                "make one with 'syndicate clean'"
            )
        wrong = next((name for name, kinds in _TYPES.items() if not isinstance(record.get(name), kinds)), None)
        if wrong is not None:
            raise InputError(f"not a cleaned article: {wrong!r} is {record.get(wrong)!r:.60}")
        try:
            return cls(
                id=record["id"],
                text=record["text"],
                status=Status(record["status"]),
                reason=record.get("reason") or "",
                url=record.get("url"),
                outlet=record.get("outlet"),
                title=record.get("title"),
                byline=record.get("byline"),
                published=record.get("published"),
                removed=tuple(map(_removal, record.get("removed") or ())),
                claims=tuple(map(_claim, record.get("claims") or ())),
                length=record.get("length"),
                packs=record.get("packs") or {},
                notes=tuple(record.get("notes") or ()),
                refused=tuple(map(_removal, record.get("refused") or ())),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError(f"not a cleaned article: {error!r} in record {record['id']!r}") from error


_OPTIONAL: Final = (int, NoneType)
_TYPES: Final[dict[str, Any]] = (
    dict.fromkeys(("id", "text", "status"), str)
    | dict.fromkeys(("reason", "url", "outlet", "title", "byline", "published"), (str, NoneType))
    | dict.fromkeys(("removed", "claims", "notes", "refused"), (list, NoneType))
    | {"length": _OPTIONAL, "packs": (dict, NoneType)}
)
ARTICLE_FIELDS: Final = frozenset(("schema", *_TYPES))
"""The keys of an article's JSON."""


def _removal(record: Any) -> Removal:
    captures = tuple((str(field), str(value)) for field, value in record.get("captures", ()))
    removal = Removal(**(record | {"captures": captures}))
    if not (
        isinstance(removal.rule, str) and isinstance(removal.kind, str) and isinstance(removal.text, str)
        and isinstance(removal.start, int) and isinstance(removal.end, int) and isinstance(removal.at, _OPTIONAL)
    ):  # fmt: skip
        raise TypeError("a removal has a rule, a kind, a text, a start and an end")
    return removal


def _claim(record: Any) -> Claim:
    claim = Claim(**record)
    if not (
        isinstance(claim.field, str) and isinstance(claim.value, str) and isinstance(claim.rule, str)
        and isinstance(claim.text, str)
        and isinstance(claim.start, _OPTIONAL) and isinstance(claim.end, _OPTIONAL)
    ):  # fmt: skip
        raise TypeError("a claim has a field, a value and a rule")
    return claim
