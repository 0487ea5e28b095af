"""When the pages of a story came out, as a drawing: a row a page, time to the right, an arc from source to copy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_ROWS: Final = 40
"""Pages that are drawn; all of them stand in the table below."""
ROW: Final = 26
_LEFT, _RIGHT, _TOP = 210, 24, 34
_WIDTH: Final = 860
_UNDATED: Final = 90
"""Width of the strip at the right for pages of which no time is known."""
_MINUTE: Final = 60.0
_TICKS: Final = (
    (0.0, "first"), (900.0, "15 min"), (3_600.0, "1 h"), (21_600.0, "6 h"), (86_400.0, "1 day"),
    (259_200.0, "3 days"), (604_800.0, "1 week"), (2_592_000.0, "1 month"), (31_536_000.0, "1 year"),
    (315_360_000.0, "10 years"),
)  # fmt: skip


class Event(NamedTuple):
    """What is drawn of a page: its time, if it is known, and the place of its source among the events, or -1."""

    time: datetime | None
    source: int
    relation: str


class Mark(NamedTuple):
    """A page's dot; `row` is the event's place."""

    row: int
    x: float
    y: float


class Arc(NamedTuple):
    """From a source's dot to that of its copy, as an SVG path; `row` is the copy."""

    row: int
    path: str
    relation: str


class Tick(NamedTuple):
    """A time since the first page."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A drawing in SVG units."""

    width: int
    height: int
    top: int
    ticks: tuple[Tick, ...]
    undated: float | None
    marks: tuple[Mark, ...]
    arcs: tuple[Arc, ...]


def draw(events: Sequence[Event]) -> Timeline | None:
    """Lay a story's first pages out, later ones further to the right by the logarithm of the time that has passed.

    Args:
        events: The pages in the order in which they stand below each other.

    Returns:
        The drawing; None where no time is known.
    """
    events = events[:MOST_ROWS]
    times = [event.time for event in events if event.time is not None]
    if not times:
        return None
    first, last = min(times), max(times)
    has_undated = len(times) < len(events)
    end = _WIDTH - _RIGHT - _UNDATED * has_undated
    span = _stretched(last - first) or 1.0

    def x_of(passed: timedelta) -> float:
        return round(_LEFT + (end - _LEFT) * _stretched(passed) / span, 1)

    undated = end + _UNDATED / 2 + 10 if has_undated else None
    marks = tuple(
        Mark(row, x_of(event.time - first) if event.time else undated or 0.0, _TOP + ROW * row + ROW / 2)
        for row, event in enumerate(events)
    )
    arcs = tuple(
        Arc(row, _arc(marks[event.source], marks[row]), event.relation)
        for row, event in enumerate(events)
        if 0 <= event.source < len(marks)
    )
    height = _TOP + ROW * len(events) + 8
    return Timeline(_WIDTH, height, _TOP, _ticks(last - first, x_of), undated, marks, arcs)


def _stretched(passed: timedelta) -> float:
    return math.log1p(passed.total_seconds() / (15 * _MINUTE))


def _ticks(span: timedelta, x_of: Callable[[timedelta], float]) -> tuple[Tick, ...]:
    """The times that fit beside each other."""
    ticks: list[Tick] = []
    for seconds, label in _TICKS:
        x = x_of(timedelta(seconds=seconds))
        if seconds <= span.total_seconds() and (not ticks or x - ticks[-1].x >= 58):
            ticks.append(Tick(x, label))
    return tuple(ticks)


def _arc(source: Mark, copy: Mark) -> str:
    """A curve that leaves the source to the left of both, so that it crosses no dots."""
    bend = min(source.x, copy.x) - 12 - min(60, 4 * abs(copy.row - source.row))
    return f"M{source.x:g} {source.y:g}C{bend:g} {source.y:g} {bend:g} {copy.y:g} {copy.x - 5:g} {copy.y:g}"
