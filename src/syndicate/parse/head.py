"""What a page tells of itself beside its text: the pieces of metadata, and what is stored out of sight."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.parse.bylines import given_name_first
from syndicate.parse.origin_markers import counter_claim, may_count
from syndicate.parse.sources import KNOWN, SOURCES
from syndicate.parse.tags import TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from syndicate.model import Claim

_SURNAME_FIRST: Final = frozenset(("dc.creator", "dcterms.creator", "citation_author"))
_LONGEST_VALUE: Final = 1_000
_ATTRIBUTE: Final = re.compile(rb' ([^ ][^=]*)="([^"]*)"')
_STORING: Final = frozenset(("script", "noscript", "template"))
_FETCHING: Final = frozenset(("img", "script"))
_DATES: Final = frozenset(("datepublished", "datemodified", "datecreated"))


class Time(NamedTuple):
    """A `time` element as it opens.

    Attributes:
        value: Its `datetime`, "" where it has none.
        label: What its own names say it is of: "published", "modified" or "".
    """

    value: str
    label: str


class Stored(NamedTuple):
    """An element that may hold text which no reader of the page's own text sees.

    Attributes:
        tag: "script", "noscript" or "template".
        attributes: As they stand in the markup.
        content: Its script as it is, or the markup inside it.
    """

    tag: str
    attributes: bytes
    content: bytes

    @property
    def type(self) -> str:
        """The script's type, in lower case."""
        return read_attributes(self.attributes).get("type", "").lower()

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode()


class Head:
    """The pieces of metadata met in a page; of most names the first counts.

    Args:
        data: The page as canonical markup.
        told: The rows of `scan.Scanned.told`: the elements that may tell of the page.
    """

    def __init__(self, data: bytes, told: Sequence[Sequence[int]]) -> None:
        self.tags: dict[str, str] = {}
        self.linked_data: list[str] = []
        self.times: list[Time] = []
        self.counters: dict[Claim, None] = {}
        self._data = data
        self._stored: list[Sequence[int]] = []
        for row in told:
            number, _, first, last, *_ = row
            tag = TAGS[number] if number >= 0 else ""
            if tag in _STORING:
                if tag == "script" and _is_linked_data(data[first:last]):
                    self.linked_data.append(data[row[4] : row[5]].decode())
                else:
                    self._stored.append(row)
            elif tag == "title":
                self._note(tag, plain(data[row[4] : row[5]]))
            elif tag == "link":
                self._note_link(data[first:last])
            elif tag == "meta":
                self._note_meta(data[first:last])
            elif tag != "img":
                self._note_element(tag, read_attributes(data[first:last]))
            if tag in _FETCHING and may_count(data[first:last]):
                self._note_counter(data[first:last])

    def stored(self) -> Iterator[Stored]:
        """The elements that may hold text out of sight, in order."""
        for number, _, first, last, start, end, _ in self._stored:
            yield Stored(TAGS[number], self._data[first:last], self._data[start:end])

    def _note_meta(self, attributes: bytes) -> None:
        values = dict(_ATTRIBUTE.findall(attributes))
        given = values.get(b"property") or values.get(b"name") or values.get(b"itemprop") or values.get(b"http-equiv")
        name = plain(given or b"").lower()
        if name in KNOWN:
            self._note(name, plain(values.get(b"content", b"")))

    def _note_link(self, attributes: bytes) -> None:
        if b"canonical" in attributes.lower():
            values = read_attributes(attributes)
            if "canonical" in values.get("rel", "").lower().split():
                self._note("link:canonical", values.get("href"))

    def _note_counter(self, attributes: bytes) -> None:
        claim = counter_claim(read_attributes(attributes).get("src", ""))
        if claim is not None:
            self.counters.setdefault(claim)

    def _note_element(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note `html`, `time`, or an element with microdata beside its text."""
        if tag == "time":
            self.times.append(_time(attributes))
        elif tag == "html":
            self._note("html:lang", attributes.get("lang"))
        elif attributes.get("itemprop", "").lower() in _DATES:
            self._note(attributes["itemprop"].lower(), attributes.get("content") or attributes.get("datetime"))

    def _note(self, name: str, value: str | None) -> None:
        value = folded(value or "")
        if not value:
            return
        if name in _SURNAME_FIRST:
            value = given_name_first(value)
        known = self.tags.setdefault(name, value)
        if name in SOURCES["byline"] and value not in known and len(known) < _LONGEST_VALUE:
            self.tags[name] = f"{known}, {value}"


def _is_linked_data(attributes: bytes) -> bool:
    return b"ld+json" in attributes.lower() and "ld+json" in read_attributes(attributes).get("type", "").lower()


def read_attributes(markup: bytes) -> dict[str, str]:
    """The attributes of a tag from canonical markup."""
    return {name.decode(): plain(value) for name, value in _ATTRIBUTE.findall(markup)}


def plain(markup: bytes) -> str:
    """Canonical markup without tags as the text that it stands for."""
    text = markup.decode()
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    return text.replace("&amp;", "&")


def folded(value: str) -> str:
    """White space folded, and no longer than anything that is a value."""
    return " ".join(value[: 2 * _LONGEST_VALUE].split())[:_LONGEST_VALUE]


def _time(attributes: Mapping[str, str]) -> Time:
    value = attributes.get("datetime")
    if not value:
        return Time("", "")
    words = f"{attributes.get('class', '')} {attributes.get('itemprop', '')}".lower()
    published = "publi" in words or "pubdate" in words or "pubdate" in attributes
    modified = "modif" in words or "updated" in words
    return Time(folded(value), "published" if published else "modified" if modified else "")
