"""The account of a cleaning: every character of the document is either kept or in one removal.

White space between blocks goes with the block before it that is dropped, so that what is kept reads as before;
at the end of the text it goes with the first block of the dropped tail.
"""

from __future__ import annotations

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
    document: Document, dropped: Mapping[int, Sequence[Span]], trims: Iterable[Span] = ()
) -> tuple[Removal, ...]:
    """Turn decisions about blocks and spans into removals.

    Args:
        document: The document.
        dropped: For each of its blocks that goes, by index, spans that together are the block.
        trims: Spans inside blocks that stay, in order.

    Returns:
        Removals in order, not overlapping, that with what is kept rebuild the document's text.
    """
    text = document.text
    spans = [*_block_spans(document.blocks, len(text), dropped), *trims]
    spans += (Span(start, end, Reason(LINE_WRAP, LAYOUT)) for start, end in document.wraps)
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        last = merged[-1] if merged else None
        if last is not None and span.start < last.end:
            continue  # a line break inside text that is gone
        if last is not None and span.reason.joined and last.reason == span.reason and last.end == span.start:
            merged[-1] = last._replace(end=span.end)
        else:
            merged.append(span)
    return tuple(
        Removal(
            rule=reason.rule,
            kind=reason.kind,
            start=start,
            end=end,
            text=text[start:end],
            captures=reason.captures,
            replacement=" " if reason.rule == LINE_WRAP else "",
        )
        for start, end, reason in merged
    )


def kept_text(document: Document, removals: Iterable[Removal]) -> str:
    """The document's text less the removals."""
    pieces: list[str] = []
    at = 0
    for removal in removals:
        pieces += (document.text[at : removal.start], removal.replacement)
        at = removal.end
    pieces.append(document.text[at:])
    return "".join(pieces)


def _block_spans(blocks: Sequence[Block], length: int, dropped: Mapping[int, Sequence[Span]]) -> Iterator[Span]:
    """Spans of the dropped blocks with the white space that goes with them, and of the text's outer white space."""
    space = Reason(OUTER_SPACE, LAYOUT)
    last_kept = max((at for at in range(len(blocks)) if at not in dropped), default=-1)
    first = blocks[0].start if blocks else length
    if first and (0 not in dropped or not blocks):
        yield Span(0, first, space)
    for at, block in enumerate(blocks):
        if at not in dropped:
            continue
        pieces = list(dropped[at])
        following = blocks[at + 1].start if at + 1 < len(blocks) else length
        if at < last_kept:
            start, end = (block.start if at else 0), following
        else:
            start, end = (blocks[at - 1].end if at else 0), (block.end if at + 1 < len(blocks) else length)
        pieces[0] = pieces[0]._replace(start=start)
        pieces[-1] = pieces[-1]._replace(end=end)
        yield from pieces
    if blocks and last_kept == len(blocks) - 1 and blocks[-1].end < length:
        yield Span(blocks[-1].end, length, space)
