"""What two texts share, on their exact shingles: how much, and which runs. Compiled loops over arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from syndicate.kernels import compiled, shingle
from syndicate.tokens import SHINGLE_TOKENS

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST_GAP: Final = 12
"""Shingles that may differ inside one passage: a changed word costs five."""
SHORTEST_PASSAGE: Final = 6
"""Shingles a passage has at the least: ten words."""
_MOST_PLACES: Final = 16
"""Places of one shingle in a text that are tried as the start of a run; a refrain is no guide to where it goes on."""
CHROME: Final = np.uint64(0)
"""Stands for a shingle that does not count; it is equal to none, not even to itself."""
_FILTER: Final = 1 << 16
_LOW_BITS: Final = np.uint64(0x7FFFFFFF)
_REST: Final = SHINGLE_TOKENS - 1


@compiled
def _table(shingles: NDArray[np.uint64]) -> Any:
    """An open hash table of shingles, whose size is a power of two.

    Returns:
        For each slot the first place of its shingle, -1 where there is none (int32); for each place the next one of
        the same shingle (int32); how many shingles differ.
    """
    size = 16
    while size < 2 * shingles.size:
        size *= 2
    first = np.full(size, -1, np.int32)
    after = np.full(shingles.size, -1, np.int32)
    distinct = 0
    for place in range(shingles.size - 1, -1, -1):
        if shingles[place] == CHROME:
            continue
        slot = _slot(shingles, first, shingles[place])
        distinct += first[slot] < 0
        after[place] = first[slot]
        first[slot] = place
    return first, after, distinct


@compiled
def _slot(shingles: NDArray[np.uint64], first: NDArray[np.int32], shingle: Any) -> Any:
    """The slot in which a shingle stands, or would."""
    slot = np.int64(shingle & _LOW_BITS) & (first.size - 1)
    while first[slot] >= 0 and shingles[first[slot]] != shingle:
        slot = (slot + 1) & (first.size - 1)
    return slot


@compiled
def compare(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> Any:
    """What two texts share.

    Args:
        left: One text's shingle hashes in text order.
        right: The other's.

    Returns:
        How many different shingles stand in both; and the maximal runs of shared shingles, greedy from the start of
        the left text, joined over small gaps, as rows of (start in left, end, start in right, end), int64.
    """
    first, after, _ = _table(right)
    met = np.zeros(first.size, np.bool_)
    spans = np.empty((left.size, 4), np.int64)
    shared = count = at = 0
    while at < left.size:
        slot = _slot(right, first, left[at])
        best, best_start, start = 0, -1, first[slot]
        for _ in range(_MOST_PLACES):
            if start < 0:
                break
            length = 1
            while (
                at + length < left.size and start + length < right.size and left[at + length] == right[start + length]
                and left[at + length] != CHROME
            ):  # fmt: skip
                length += 1
            if length > best:
                best, best_start = length, start
            start = after[start]
        if not best:
            at += 1
            continue
        for place in range(best_start, best_start + best):
            slot = _slot(right, first, right[place])
            shared += not met[slot]
            met[slot] = True
        last = spans[count - 1]
        if count and at - last[1] <= LARGEST_GAP and 0 <= best_start - last[3] <= LARGEST_GAP:
            last[1], last[3] = at + best, best_start + best
        else:
            spans[count, 0], spans[count, 1] = at, at + best
            spans[count, 2], spans[count, 3] = best_start, best_start + best
            count += 1
        at += best
    return shared, spans[:count].copy()


@compiled
def compare_many(tokens: NDArray[np.uint64], bounds: NDArray[np.int64], chrome: Any, pairs: NDArray[np.int64]) -> Any:
    """What pairs of texts share.

    Args:
        tokens: Hashes of the texts' tokens, text after text.
        bounds: Where each text's begin, and where the last one's end.
        chrome: Shingles that do not count, ascending.
        pairs: Rows of two texts.

    Returns:
        For each text how many different shingles count (int64); for each pair whether the texts have the same tokens,
        how many shingles they share, and how long the passages are, as `_typical_tokens` tells (int64, a row a pair);
        and the runs that `compare` gives of each pair, one after the other, with the ends of each pair's.
    """
    shingles = np.empty(tokens.size, np.uint64)
    distinct = np.empty(bounds.size - 1, np.int64)
    for text in range(bounds.size - 1):
        own = without(shingle(tokens[bounds[text] : bounds[text + 1]]), chrome)
        shingles[bounds[text] : bounds[text] + own.size] = own
        distinct[text] = _table(own)[2]
    shared, span_ends = np.zeros((len(pairs), 3), np.int64), np.zeros(len(pairs), np.int64)
    spans = np.empty((16 * len(pairs), 4), np.int64)
    used = 0
    for pair in range(len(pairs)):
        left, right = bounds[pairs[pair, 0]], bounds[pairs[pair, 1]]
        left_end, right_end = bounds[pairs[pair, 0] + 1], bounds[pairs[pair, 1] + 1]
        shared[pair, 0] = left_end > left and np.array_equal(tokens[left:left_end], tokens[right:right_end])
        if not shared[pair, 0]:
            shared[pair, 1], found = compare(
                shingles[left : max(left_end - _REST, left)], shingles[right : max(right_end - _REST, right)]
            )
            shared[pair, 2] = _typical_tokens(found)
            while used + len(found) > len(spans):
                spans = np.concatenate((spans, np.empty_like(spans)))
            spans[used : used + len(found)] = found
            used += len(found)
        span_ends[pair] = used
    return distinct, shared, spans[:used], span_ends


@compiled
def without(shingles: NDArray[np.uint64], chrome: NDArray[np.uint64]) -> Any:
    """Shingles with `CHROME` in the place of those that do not count, which are given in ascending order."""
    if not chrome.size:
        return shingles
    may_be = np.zeros(_FILTER, np.bool_)  # most are told from all chrome by a few bits
    for value in chrome:
        may_be[value & np.uint64(_FILTER - 1)] = True
    for at in range(shingles.size):
        if may_be[shingles[at] & np.uint64(_FILTER - 1)]:
            place = min(np.searchsorted(chrome, shingles[at]), chrome.size - 1)
            shingles[at] = CHROME if chrome[place] == shingles[at] else shingles[at]
    return shingles


@compiled
def _typical_tokens(spans: NDArray[np.int64]) -> Any:
    """Tokens of the passage in which the middle of what two texts share stands: half of it is in no shorter one."""
    lengths = np.sort(spans[:, 1] - spans[:, 0])
    total = lengths.sum()
    before = 0
    for length in lengths:
        before += length
        if 2 * before >= total:
            return length + _REST
    return 0


def one_stretch(spans: NDArray[np.int64], shortest: int, share: float) -> bool:
    """Whether what two texts share stands at one place in each, with next to nothing between.

    Args:
        spans: As `compare` gives them.
        shortest: Shingles of the shortest passage that is looked at.
        share: How much of the place must be shared text.
    """
    spans = spans[spans[:, 1] - spans[:, 0] >= shortest]
    if not len(spans):
        return False
    hulls = spans[:, 1::2].max(axis=0) - spans[:, ::2].min(axis=0)
    return bool((spans[:, 1] - spans[:, 0]).sum() >= share * hulls.max())
