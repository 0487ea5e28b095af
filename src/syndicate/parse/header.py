"""What stands around a page's visible heading: its dateline, its byline, and the `time` elements that belong to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.parse.bylines import visible_names
from syndicate.parse.dates import dates_in
from syndicate.parse.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from syndicate.model import Block, Element

_AFTER, _BEFORE = 14, 6
"""How many blocks after and before the heading are looked at."""
_LONG: Final = 200
"""Characters from which on a block is a paragraph of the story; the second ends the header, since one may be a standfirst."""
_LONGEST_LINE: Final = 160
_LONGEST_SENTENCE: Final = 60
_LONGEST_LABEL: Final = 30
_NEAR: Final = 3
"""How many levels above the heading an element may stand for its blocks to belong to the heading."""
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_HOLDS_ALL: Final = frozenset(("html", "body", "main", ""))
_BYLINE: Final = re.compile(r"\b(?:by-?line|author|authors|autor|auteur|autore|creator|writer|contributor|verfasser|redactor)", re.IGNORECASE)
_FAR_BYLINE: Final = re.compile(r"comment|related|teaser|bio\b|avatar|social|share", re.IGNORECASE)


class Time(NamedTuple):
    """A `time` element as it opens.

    Attributes:
        value: Its `datetime`, "" where it has none.
        label: What its own names say it is of: "published", "modified" or "".
    """

    value: str
    label: str


class Seen(NamedTuple):
    """The page as far as it is needed here: its elements and blocks, and the texts of the blocks."""

    elements: Sequence[Element]
    blocks: Sequence[Block]
    texts: Sequence[str]


class Header:
    """The surroundings of the heading.

    Args:
        seen: The page.
        titles: What the head says the title is; a heading that it agrees with is the story's.
    """

    def __init__(self, seen: Seen, titles: Iterable[str]) -> None:
        self.seen = seen
        self.heading = _heading(seen, [title.casefold() for title in titles])
        self.lines: tuple[int, ...] = ()
        self.above: frozenset[int] = frozenset()
        if self.heading is not None:
            self.above = frozenset(self._above(seen.blocks[self.heading].element, _NEAR))
            after = tuple(self._after(self.heading))
            before = range(self.heading - 1, max(-1, self.heading - 1 - _BEFORE), -1)
            self.lines = (*after, *(at for at in before if self._is_near(seen.blocks[at].element)))
            self.last = seen.blocks[max(after, default=self.heading)].element

    @property
    def title(self) -> str | None:
        """The text of the heading."""
        return None if self.heading is None else self.seen.texts[self.heading]

    def dates(self, *, day_first: bool | None) -> Iterator[tuple[str, str]]:
        """The dates of the visible dateline: what each is of ("published", "modified" or "") and ISO 8601."""
        for at in self.lines:
            text = self.seen.texts[at]
            if len(text) > _LONGEST_LINE or not _YEAR.search(text):
                continue
            end = 0
            for found in dates_in(text, day_first=day_first):
                label = _last_label(text[end : found.start]) or (self._label_before(at) if not end else "")
                end = found.end
                if label or not (len(text) > _LONGEST_SENTENCE and text.endswith((".", "。", "!", "?"))):
                    yield label, found.value

    def times(self, times: Sequence[Time]) -> Iterator[tuple[str, str]]:
        """The `time` elements that belong to the heading: what each is of, and its value.

        Args:
            times: All of the page's, in order.
        """
        places = [at for at, element in enumerate(self.seen.elements) if element.tag == "time"]
        if self.heading is None or len(places) != len(times):
            return
        start = self.seen.blocks[self.heading].element
        block_of = {self.seen.blocks[at].element: self.seen.texts[at] for at in reversed(self.lines)}
        passed: dict[int, int] = {}
        for place, time in zip(places, times, strict=True):
            if time.value and (start < place <= self._end or (place < start and self._is_near(place))):
                holder = next((at for at in self._above(place, _NEAR, inclusive=True) if at in block_of), None)
                label = time.label
                if holder is not None:
                    nth = passed[holder] = passed.get(holder, -1) + 1
                    label = label or _nth_label(block_of[holder], nth)
                yield label, time.value

    def names(self) -> tuple[str, ...]:
        """The people of the visible byline."""
        for at in self.lines:
            text = self.seen.texts[at]
            if len(text) > _LONGEST_LINE:
                continue
            names = visible_names(text, in_byline=self._is_byline(at))
            if names:
                return names
        return ()

    @property
    def _end(self) -> int:
        """The last element before the story's text has begun in earnest."""
        return self.last

    def _after(self, heading: int) -> Iterator[int]:
        texts = self.seen.texts
        long = 0
        for at in range(heading + 1, min(len(texts), heading + 1 + _AFTER)):
            long += len(texts[at]) >= _LONG
            if long > 1:
                return
            yield at

    def _above(self, element: int, levels: int, *, inclusive: bool = False) -> Iterator[int]:
        elements = self.seen.elements
        if inclusive:
            yield element
        for _ in range(levels):
            element = elements[element].parent
            if element < 0 or elements[element].tag in _HOLDS_ALL:
                return
            yield element

    def _is_near(self, element: int) -> bool:
        return not self.above.isdisjoint(self._above(element, 2 * _NEAR, inclusive=True))

    def _is_byline(self, at: int) -> bool:
        elements = self.seen.elements
        element = self.seen.blocks[at].element
        names = " ".join(elements[one].names for one in self._above(element, _NEAR, inclusive=True))
        return _BYLINE.search(names) is not None and not _FAR_BYLINE.search(names)

    def _label_before(self, at: int) -> str:
        """The label that the block before a date is, if it is one."""
        text = self.seen.texts[at - 1] if at else ""
        return _last_label(text) if len(text) <= _LONGEST_LABEL else ""


def _heading(seen: Seen, titles: Sequence[str]) -> int | None:
    """The block of the heading: an `h1` that agrees with the head's title, else the first `h1`."""
    first = None
    for at, block in enumerate(seen.blocks):
        if block.tag == "h1":
            text = seen.texts[at].casefold()
            if any(text in title or title in text for title in titles):
                return at
            first = at if first is None else first
    return first


def _last_label(text: str) -> str:
    label = ""
    for match in load_words().label.finditer(text.casefold()):
        label = match.lastgroup or ""
    return label


def _nth_label(text: str, nth: int) -> str:
    labels = [match.lastgroup or "" for match in load_words().label.finditer(text.casefold())]
    return labels[min(nth, len(labels) - 1)] if labels else ""
