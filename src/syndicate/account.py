"""The account of a cleaning: every character of the document is either kept or in one removal.

White space between blocks goes with the block before it that is dropped, so that what is kept reads as before;
at the end of the text it goes with the first block of the dropped tail.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.model import LAYOUT, Removal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from syndicate.model import Block, Document

OUTER_SPACE: Final = "extract/outer-space"
LINE_WRAP: Final = "extract/line-wrap"


class Reason(NamedTuple):
    """Why a block or span goes; two neighbours with a `joined` reason of one rule become one removal."""

    rule: str
    kind: str
    captures: tuple[tuple[str, str], ...] = ()
    joined: bool = False


class Span(NamedTuple):
    """A span of the document's text that goes, and why."""

    start: int
    end: int
    reason: Reason


def make_account(
    document: Document,
    whole: Mapping[int, Reason],
    parts: Mapping[int, Sequence[Span]],
    trims: Sequence[Span] = (),
) -> tuple[Removal, ...]:
    """Turn decisions about blocks and spans into removals.

    Args:
        document: The document.
        whole: Its blocks that go for one reason each, by index.
        parts: Its blocks that go for several reasons: by index, spans that together are the block.
        trims: Spans inside blocks that stay.

    Returns:
        Removals in order, not overlapping, that with what is kept rebuild the document's text.
    """
    text = document.text
    spans = _block_spans(document.blocks, len(text), whole, parts)
    if trims or document.wraps:
        spans += trims
        spans += (Span(start, end, Reason(LINE_WRAP, LAYOUT)) for start, end in document.wraps)
        spans = _not_covered(sorted(spans, key=lambda span: (span.start, -span.end)))
    removals: list[Removal] = []
    gone = 0  # characters of the document that the cleaned text does not have so far
    for start, end, reason in spans:
        replacement = " " if reason.rule == LINE_WRAP else ""
        removals.append(
            Removal(
                reason.rule, reason.kind, start, end, text[start:end], reason.captures, replacement, at=start - gone
            )
        )
        gone += end - start - len(replacement)
    return tuple(removals)


def placed(refused: Iterable[Removal], removed: Sequence[Removal]) -> tuple[Removal, ...]:
    """Removals that were not carried out, each with its place in the text that others have been taken from."""
    starts = [removal.start for removal in removed]
    found: list[Removal] = []
    for removal in refused:
        before = bisect_right(starts, removal.start)
        at = removal.start
        if before:
            last = removed[before - 1]
            kept = removal.start - last.end  # since then; less than nothing where the white space before it is gone
            at = (last.at or 0) + (len(last.replacement) + kept if kept >= 0 else 0)
        found.append(replace(removal, at=at))
    return tuple(found)


def kept_text(document: Document, removals: Iterable[Removal]) -> str:
    """The document's text less the removals."""
    pieces: list[str] = []
    at = 0
    for removal in removals:
        pieces += (document.text[at : removal.start], removal.replacement)
        at = removal.end
    pieces.append(document.text[at:])
    return "".join(pieces)


def _block_spans(
    blocks: Sequence[Block], length: int, whole: Mapping[int, Reason], parts: Mapping[int, Sequence[Span]]
) -> list[Span]:
    """Spans of the dropped blocks with the white space that goes with them, and of the text's outer white space."""
    count = len(blocks)
    last_kept = next((at for at in reversed(range(count)) if at not in whole and at not in parts), -1)

    def edge(at: int) -> int:
        """Where a block's span starts, which is where that of a dropped block before it ends."""
        if at in (0, count):
            return length if at else 0
        return blocks[at].start if at <= last_kept else blocks[at - 1].end

    spans: list[Span] = []
    for first, after, reason in _runs(whole, parts):
        if reason is not None:
            spans.append(Span(edge(first), edge(after), reason))
            continue
        starts = [edge(first), *(part.start for part in parts[first][1:]), edge(after)]
        spans += (Span(starts[at], starts[at + 1], part.reason) for at, part in enumerate(parts[first]))
    space = Reason(OUTER_SPACE, LAYOUT)
    first_start = blocks[0].start if blocks else length
    if first_start and not (spans and spans[0].start == 0):
        spans.insert(0, Span(0, first_start, space))
    if blocks and last_kept == count - 1 and blocks[-1].end < length:
        spans.append(Span(blocks[-1].end, length, space))
    return spans


def _runs(
    whole: Mapping[int, Reason], parts: Mapping[int, Sequence[Span]]
) -> Iterator[tuple[int, int, Reason | None]]:
    """The dropped blocks as (first, past the last, reason): neighbours that go for one joined reason together."""
    first = after = 0
    of_run: Reason | None = None
    for at in sorted((*whole, *parts)):
        reason = whole.get(at)
        if at == after and reason is not None and reason == of_run and reason.joined:
            after += 1
            continue
        if after:
            yield first, after, of_run
        first, after, of_run = at, at + 1, reason
    if after:
        yield first, after, of_run


def _not_covered(spans: Iterable[Span]) -> list[Span]:
    """Spans in order less those that begin inside another: line breaks in text that is gone."""
    found: list[Span] = []
    for span in spans:
        if not found or span.start >= found[-1].end:
            found.append(span)
    return found
