"""Hits to one plan: which blocks go, which spans are trimmed, and by which rule's reason.

All rules see the same original blocks and the plan is made at once, so the order of rules changes nothing.
Per block the strongest action wins (keep, cut, drop, trim, tag), then the more specific pack; captures of all
rules are kept. Inside a cut, a block that a rule of its own would drop is named by that rule: it says more.
"""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.rules.rule import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from syndicate.model import Block
    from syndicate.rules.match import Hit
    from syndicate.rules.rule import Rule

    Rank = Callable[[Rule], tuple[bool, int]]

LEAST_KEPT: Final = 0.1
"""Share of an article's words that a plan must leave; one that leaves less is refused."""
_WORD: Final = re.compile(r"\w+")
_start: Final = attrgetter("start")
_end: Final = attrgetter("end")


class Trim(NamedTuple):
    """A span of a block that goes, and the hit that takes it."""

    start: int
    end: int
    hit: Hit


@dataclass(frozen=True, slots=True)
class Plan:
    """What the rules decide about an article's blocks.

    Attributes:
        dropped: For each block that goes, by position, what takes it: mostly one hit, several where trims together
            leave nothing of it. In order, without gaps, from the block's start to its end.
        cut: Positions in `dropped` that go with a neighbour's cut.
        trims: Spans in the blocks that stay, in order, not overlapping.
        refused: Whether so little would be left that the plan must not be carried out.
    """

    dropped: dict[int, tuple[Trim, ...]]
    cut: frozenset[int]
    trims: tuple[Trim, ...]
    refused: bool


def make_plan(text: str, blocks: Sequence[Block], hits: Sequence[Hit], rank: Rank) -> Plan:
    """Decide what goes.

    Args:
        text: The document's text.
        blocks: The article's blocks; `Hit.block` is a position among them.
        hits: All hits of all rules.
        rank: Precedence of rules with equal actions, the higher the stronger.
    """
    kept_for_good = {hit.block for hit in hits if hit.rule.action is Action.KEEP}
    ordered = sorted(hits, key=lambda hit: (rank(hit.rule), -hit.start), reverse=True)
    cuts = {
        at: hit
        for hit in reversed(ordered) if hit.rule.action in (Action.CUT_AFTER, Action.CUT_BEFORE)
        for at in _cut_range(hit, len(blocks))
    }  # fmt: skip
    own = {
        hit.block: hit
        for hit in reversed(ordered)
        if hit.rule.action is Action.DROP and _covers_block(hit, blocks[hit.block])
    }
    dropped: dict[int, tuple[Trim, ...]] = {
        at: (Trim(blocks[at].start, blocks[at].end, hit),)
        for at, hit in (cuts | own).items() if at not in kept_for_good
    }  # fmt: skip
    wanted: dict[int, list[Hit]] = defaultdict(list)
    for hit in ordered:
        if hit.rule.action in (Action.TRIM, Action.DROP):
            wanted[hit.block].append(hit)
    trims: list[Trim] = []
    for at in sorted(wanted.keys() - dropped.keys() - kept_for_good):
        block_trims = _trims(text, blocks[at], wanted[at])
        if block_trims and not _has_words(text, blocks[at], block_trims):
            dropped[at] = _stretched(blocks[at], block_trims)
        else:
            trims += block_trims
    return Plan(
        dropped=dropped,
        cut=frozenset(cuts.keys() & dropped.keys() - own.keys()),
        trims=tuple(trims),
        refused=_takes_nearly_everything(text, blocks, dropped, trims),
    )


def _cut_range(hit: Hit, count: int) -> range:
    """The positions a cut takes: up to its end of the article if that is near enough, else the block alone."""
    after = hit.rule.action is Action.CUT_AFTER
    positions = range(hit.block, count) if after else range(hit.block + 1)
    return positions if len(positions) <= hit.rule.max_cut_blocks else range(hit.block, hit.block + 1)


def _covers_block(hit: Hit, block: Block) -> bool:
    """Whether a hit is about its whole block; a drop rule that matched `anywhere` is, a selected part is not."""
    return hit.rule.selector is None or (hit.start <= block.start and hit.end >= block.end)


def _trims(text: str, block: Block, hits: Iterable[Hit]) -> list[Trim]:
    """The spans of the hits, the stronger hit first to its text, each with the white space it would leave behind."""
    taken: list[Trim] = []
    for hit in hits:
        start, end = max(hit.start, block.start), min(hit.end, block.end)
        if not text[start].isspace():  # else what is before it is parted from what follows by that alone
            while end < block.end and text[end].isspace():
                end += 1
        for piece_start, piece_end in list(_free(start, end, taken)):
            insort(taken, Trim(piece_start, piece_end, hit), key=_start)
    _take_space_before_end(text, block, taken)
    return taken


def _free(start: int, end: int, taken: Sequence[Trim]) -> Iterator[tuple[int, int]]:
    """The parts of a span that no trim has taken yet; the trims are in order and do not overlap."""
    for at in range(bisect_right(taken, start, key=_end), len(taken)):
        other = taken[at]
        if other.start >= end:
            break
        if start < other.start:
            yield start, other.start
        start = other.end
    if start < end:
        yield start, end


def _take_space_before_end(text: str, block: Block, trims: list[Trim]) -> None:
    """Where trims reach the block's end, take the white space before them too."""
    if not trims or trims[-1].end != block.end:
        return
    first = len(trims) - 1
    while first and trims[first - 1].end == trims[first].start:
        first -= 1
    start = trims[first].start
    floor = trims[first - 1].end if first else block.start
    while start > floor and text[start - 1].isspace():
        start -= 1
    trims[first] = trims[first]._replace(start=start)


def _stretched(block: Block, trims: list[Trim]) -> tuple[Trim, ...]:
    """The same trims without gaps: together they are the whole block."""
    starts = [block.start, *(trim.start for trim in trims[1:]), block.end]
    return tuple(trim._replace(start=starts[at], end=starts[at + 1]) for at, trim in enumerate(trims))


def _has_words(text: str, block: Block, trims: Sequence[Trim]) -> bool:
    return any(_WORD.search(text, start, end) for start, end in _free(block.start, block.end, trims))


def _takes_nearly_everything(
    text: str, blocks: Sequence[Block], dropped: Collection[int], trims: Sequence[Trim]
) -> bool:
    def words(spans: Iterable[tuple[int, int]]) -> int:
        return sum(len(_WORD.findall(text, start, end)) for start, end in spans)

    in_dropped = words((blocks[at].start, blocks[at].end) for at in dropped)
    gone = in_dropped + words((trim.start, trim.end) for trim in trims)
    needed = gone / (1 - LEAST_KEPT) - in_dropped if gone else 0
    standing = 0
    for at, block in enumerate(blocks):
        if standing >= needed:
            break  # of most articles the first block says that enough is left
        if at not in dropped:
            standing += words([(block.start, block.end)])
    return standing < needed
