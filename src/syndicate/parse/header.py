"""What stands around a page's visible heading: its dateline, its byline, the `time` elements that belong to it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.parse.bylines import bare_names, visible_names
from syndicate.parse.dates import dates_in
from syndicate.parse.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from syndicate.elements import Elements
    from syndicate.model import Block
    from syndicate.parse.head import Time

_AFTER, _BEFORE = 14, 6
"""How many blocks after and before the heading are looked at."""
_SHORTEST, _SHORTEST_LESSER = 3, 20
"""Characters that an `h1`, and an `h2`, must have more of to be the heading because the head agrees with it."""
_LONG: Final = 200
"""Characters of a paragraph; the second one ends the header, since the first may be a standfirst."""
_LONGEST_LINE: Final = 160
_LONGEST_SENTENCE: Final = 60
_LONGEST_LABEL: Final = 30
_NEAR: Final = 3
"""How many levels above the heading an element may stand for its blocks to belong to the heading."""
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "li", "button"))
_HOLDS_ALL: Final = frozenset(("html", "body", "main", ""))
_BYLINE: Final = re.compile(
    r"by-?line|author(?!i[sz])|autor(?!i[sz])|auteur|writer|contributor|verfasser|redactor|journalist|reporter",
    re.IGNORECASE,
)
_FAR_BYLINE: Final = re.compile(r"comment|related|teaser|bio\b|avatar|social|share", re.IGNORECASE)


class Seen(NamedTuple):
    """The page as far as it is needed here.

    Attributes:
        elements: All of them.
        blocks: All of them.
        page: The page's text.
    """

    elements: Elements
    blocks: Sequence[Block]
    page: str

    def text(self, block: int) -> str:
        """The text of a block."""
        return self.page[self.blocks[block].start : self.blocks[block].end]


class Header:
    """The surroundings of the heading.

    Args:
        seen: The page.
        titles: What the head says the title is; a heading that it agrees with is the story's.
    """

    def __init__(self, seen: Seen, titles: Iterable[str]) -> None:
        self.seen = seen
        self.heading = _heading(seen, [title.casefold() for title in titles])

    @property
    def title(self) -> str | None:
        """The text of the heading."""
        return None if self.heading is None else self.seen.text(self.heading)

    @cached_property
    def lines(self) -> tuple[int, ...]:
        """The blocks that may belong to the heading: after it and then, going up, before it."""
        if self.heading is None:
            return ()
        before = range(self.heading - 1, max(-1, self.heading - 1 - _BEFORE), -1)
        near = (at for at in before if self._is_near(self.seen.blocks[at].element))
        return (*self._after(self.heading), *near)

    @cached_property
    def above(self) -> frozenset[int]:
        """The elements closely around the heading."""
        start = -1 if self.heading is None else self.seen.blocks[self.heading].element
        return frozenset(self._above(start, _NEAR)) if start >= 0 else frozenset()

    def dates(self, *, day_first: bool | None) -> Iterator[tuple[str, str]]:
        """The dates of the visible dateline: what each is of ("published", "modified" or "") and ISO 8601."""
        for at in self.lines:
            text = self.seen.text(at)
            if not self._is_short(at) or not _YEAR.search(text):
                continue
            end = 0
            for found in dates_in(text, day_first=day_first):
                label = _label_of(text[end : found.start]) or (self._label_before(at) if not found.start else "")
                end = found.end
                if label or len(text) <= _LONGEST_SENTENCE or text[-1].isalnum():
                    yield label, found.value

    def times(self, times: Sequence[Time]) -> Iterator[tuple[str, str]]:
        """The `time` elements that belong to the heading: what each is of, and its value.

        Args:
            times: All of the page's, in order.
        """
        places = [at for at in range(len(self.seen.elements)) if self.seen.elements.tag(at) == "time"]
        if self.heading is None or len(places) != len(times):
            return
        start = self.seen.blocks[self.heading].element
        end = self.seen.blocks[max((at for at in self.lines if at > self.heading), default=self.heading)].element
        block_of = {self.seen.blocks[at].element: self.seen.text(at) for at in reversed(self.lines)}
        passed: dict[int, int] = {}
        for place, time in zip(places, times, strict=True):
            if time.value and (start < place <= end or (place < start and self._is_near(place))):
                holder = next((at for at in self._above(place, _NEAR, inclusive=True) if at in block_of), None)
                label = time.label
                if holder is not None:
                    nth = passed[holder] = passed.get(holder, -1) + 1
                    label = label or _nth_label(block_of[holder], nth)
                yield label, time.value

    def names(self) -> tuple[str, ...]:
        """The people of the visible byline: a line that says it is one, else names in the dateline or next to it."""
        lines = [at for at in self.lines if self._is_short(at)]
        for at in lines:
            names = visible_names(self.seen.text(at), in_byline=self._is_byline(at) or self._follows_by(at))
            if names:
                return names
        dated = [at for at in lines if _YEAR.search(self.seen.text(at)) and any(dates_in(self.seen.text(at)))]
        beside = (at for at in lines if at - 1 in dated or at + 1 in dated)
        candidates = (at for at in (*dated, *beside) if self.seen.blocks[at].tag not in _HEADINGS)
        return next((names for at in candidates if (names := bare_names(self.seen.text(at)))), ())

    def _is_short(self, at: int) -> bool:
        return len(self.seen.text(at)) <= _LONGEST_LINE and self.seen.blocks[at].tag != "figcaption"

    def _after(self, heading: int) -> Iterator[int]:
        long = 0
        for at in range(heading + 1, min(len(self.seen.blocks), heading + 1 + _AFTER)):
            long += len(self.seen.text(at)) >= _LONG
            if long > 1:
                return
            yield at

    def _above(self, element: int, levels: int, *, inclusive: bool = False) -> Iterator[int]:
        elements = self.seen.elements
        if inclusive:
            yield element
        for _ in range(levels):
            element = elements.parents[element]
            if element < 0 or elements.tag(element) in _HOLDS_ALL:
                return
            yield element

    def _is_near(self, element: int) -> bool:
        return not self.above.isdisjoint(self._above(element, 2 * _NEAR, inclusive=True))

    def _is_byline(self, at: int) -> bool:
        elements = self.seen.elements
        element = self.seen.blocks[at].element
        names = (elements[one].names for one in self._above(element, _NEAR, inclusive=True))
        return any(_BYLINE.search(name) and not _FAR_BYLINE.search(name) for name in names)

    def _label_before(self, at: int) -> str:
        """The label that the block before a date is, if it is one."""
        text = self.seen.text(at - 1) if at else ""
        return _label_of(text) if len(text) <= _LONGEST_LABEL else ""

    def _follows_by(self, at: int) -> bool:
        """Whether the block before is a "By" and nothing else."""
        lead = load_words().before.match(f"{self.seen.text(at - 1)} ") if at else None
        return lead is not None and lead.end() > len(self.seen.text(at - 1))


def _heading(seen: Seen, titles: Sequence[str]) -> int | None:
    """The block of the heading: the longest `h1`, else `h2`, that the head agrees with, else the first `h1`."""
    places = [at for at, block in enumerate(seen.blocks) if block.tag == "h1"]
    agreed = _longest(seen, places, titles, _SHORTEST)
    if agreed is None:
        lesser = [at for at, block in enumerate(seen.blocks) if block.tag == "h2"]
        agreed = _longest(seen, lesser, titles, _SHORTEST_LESSER)
    return next(iter(places), None) if agreed is None else agreed


def _longest(seen: Seen, places: Sequence[int], titles: Sequence[str], shortest: int) -> int | None:
    """The longest of some headings that a title contains, or that contains a title."""
    best = None
    for at in places:
        text = seen.text(at).casefold()
        if len(text) > shortest and any(text in title or title in text for title in titles):
            best, shortest = at, len(text)
    return best


def _label_of(text: str) -> str:
    """The label at the end of what stands before a date."""
    label = ""
    for match in load_words().label.finditer(text[-_LONGEST_LABEL:].casefold()):
        label = match.lastgroup or ""
    return label


def _nth_label(text: str, nth: int) -> str:
    labels = [match.lastgroup or "" for match in load_words().label.finditer(text.casefold())]
    return labels[min(nth, len(labels) - 1)] if labels else ""
