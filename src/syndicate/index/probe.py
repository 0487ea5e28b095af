"""The compiled loops of the index: checksums of blocks, and keys looked up in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from syndicate.kernels import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SEED: Final = np.uint64(0x9E3779B97F4A7C15)
_PRIME: Final = np.uint64(0x100000001B3)
_R29: Final = np.uint64(29)
_FILTER: Final = 0xFFFF


@compiled
def checksums(words: NDArray[np.uint64], starts: NDArray[np.int64], ends: NDArray[np.int64], names: Any) -> Any:
    """A checksum (uint64) of each stretch of words and its name; one changed word always changes it."""
    sums = np.empty(starts.size, np.uint64)
    for at in range(starts.size):
        total = np.uint64(names[at]) ^ _SEED
        for word in range(starts[at], ends[at]):
            total = (total ^ words[word]) * _PRIME
            total ^= total >> _R29
        sums[at] = total
    return sums


@compiled
def probe(
    words: NDArray[np.uint32],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
    asked: NDArray[np.int64],
    keys: NDArray[np.uint32],
) -> Any:
    """Look keys up in blocks.

    Args:
        words: Blocks, each its ascending keys and then the posting of each.
        starts: Where the block of each look-up begins.
        sizes: How many keys that block has.
        asked: Which of `keys` is looked up in it.
        keys: The keys.

    Returns:
        For each posting found, the index of its key (int64), and the posting (uint32).
    """
    firsts = np.empty(starts.size, np.int64)
    counts = np.empty(starts.size, np.int64)
    for at in range(starts.size):
        key = keys[asked[at]]
        low, high = starts[at], starts[at] + sizes[at]
        while low < high:
            middle = (low + high) // 2
            if words[middle] < key:
                low = middle + 1
            else:
                high = middle
        firsts[at] = low
        end = starts[at] + sizes[at]
        while low < end and words[low] == key:
            low += 1
        counts[at] = low - firsts[at]
    found = np.empty(counts.sum(), np.int64)
    postings = np.empty(counts.sum(), np.uint32)
    put = 0
    for at in range(starts.size):
        for word in range(firsts[at], firsts[at] + counts[at]):
            found[put] = asked[at]
            postings[put] = words[word + sizes[at]]
            put += 1
    return found, postings


@compiled
def scan(keys: NDArray[np.uint32], among: NDArray[np.uint32]) -> Any:
    """Which of many unordered values are one of a few ascending keys: index of the key, and of the value (int64)."""
    may_be = np.zeros(_FILTER + 1, np.bool_)
    for key in keys:
        may_be[key & _FILTER] = True
    found = np.empty(among.size, np.int64)
    places = np.empty(among.size, np.int64)
    count = 0
    for at in range(among.size):
        if may_be[among[at] & _FILTER]:
            place = np.searchsorted(keys, among[at])
            if place < keys.size and keys[place] == among[at]:
                found[count] = place
                places[count] = at
                count += 1
    return found[:count].copy(), places[:count].copy()
