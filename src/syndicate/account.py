"""The account of a cleaning: every character of the document is either kept or in one removal.

White space between blocks goes with the block before it that is dropped, so that what is kept reads as before;
at the end of the text it goes with the first block of the dropped tail.
"""

from __future__ import annotations

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


def make_account(
    document: Document, dropped: Mapping[int, Reason], trims: Iterable[tuple[int, int, Reason]]
) -> tuple[Removal, ...]:
    """Turn decisions about blocks and spans into removals.

    Args:
        document: The document.
        dropped: The reason for each of its blocks that goes, by index.
        trims: Spans inside blocks that stay, in order.

    Returns:
        Removals in order, not overlapping, that with what is kept rebuild the document's text.
    """
    text = document.text
    spans = [*_block_spans(document.blocks, len(text), dropped), *trims]
    spans += ((start, end, Reason(LINE_WRAP, LAYOUT)) for start, end in document.wraps)
    removals: list[Removal] = []
    at = 0
    for start, end, reason in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < at:
            continue  # a line break inside text that is gone
        last = removals[-1] if removals else None
        if last and reason.joined and last.rule == reason.rule and last.end == start:
            removals[-1] = replace(last, end=end, text=last.text + text[start:end])
        else:
            replacement = " " if reason.rule == LINE_WRAP else ""
            removals.append(
                Removal(reason.rule, reason.kind, start, end, text[start:end], reason.captures, replacement)
            )
        at = end
    return tuple(removals)


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
    blocks: Sequence[Block], length: int, dropped: Mapping[int, Reason]
) -> Iterator[tuple[int, int, Reason]]:
    """Spans of the dropped blocks with the white space that goes with them, and of the text's outer white space."""
    space = Reason(OUTER_SPACE, LAYOUT)
    last_kept = max((at for at in range(len(blocks)) if at not in dropped), default=-1)
    first = blocks[0].start if blocks else length
    if first and (0 not in dropped or not blocks):
        yield 0, first, space
    for at, block in enumerate(blocks):
        if at not in dropped:
            continue
        following = blocks[at + 1].start if at + 1 < len(blocks) else length
        if at < last_kept:
            yield (block.start if at else 0), following, dropped[at]
        else:
            previous = blocks[at - 1].end if at else 0
            yield previous, (block.end if at + 1 < len(blocks) else length), dropped[at]
    if blocks and last_kept == len(blocks) - 1 and blocks[-1].end < length:
        yield blocks[-1].end, length, space
