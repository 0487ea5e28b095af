"""The hot loops of tokenising, shingling, sketching and comparing, compiled by numba.

They are plain Python over arrays: without a compiler (`kernel.py_func`) they give the same results, slowly. All
release the GIL, so threads scale; the machine code is cached on disk. Arithmetic is modulo 2^64 or 2^32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEPARATOR: Final = 0
IGNORED: Final = 1
SOLO: Final = 0x8000_0000
"""Flag of code points that are tokens of their own: scripts written without spaces."""

_FNV_OFFSET: Final = np.uint64(0xCBF29CE484222325)
_FNV_PRIME: Final = np.uint64(0x100000001B3)
_SHINGLE_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_A: Final = np.uint64(0xFF51AFD7ED558CCD)
_MIX_B: Final = np.uint64(0xC4CEB9FE1A85EC53)
_R33: Final = np.uint64(33)


def compiled(function: Any) -> Any:
    """Compile a function of arrays when it is first called, without the GIL, and keep the machine code on disk."""
    try:
        return njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no folder that the cache could be written to: compile in each process
        return njit(nogil=True)(function)


def inlined(function: Any) -> Any:
    """Compile a function into each that calls it: passing many arrays costs more than most of these take."""
    return njit(nogil=True, forceinline=True)(function)


@compiled
def _mix64(value: Any) -> Any:
    """The 64-bit finaliser of MurmurHash3 (A. Appleby)."""
    value ^= value >> _R33
    value *= _MIX_A
    value ^= value >> _R33
    value *= _MIX_B
    return value ^ (value >> _R33)


@compiled
def tokenise(codes: NDArray[np.uint32], table: NDArray[np.uint32]) -> Any:
    """Split a text into tokens.

    Args:
        codes: The text's code points.
        table: For each code point its folded code point, `SEPARATOR`, or `IGNORED`; with `SOLO` set where it is a
            token of its own.

    Returns:
        Hashes (uint64) of the tokens, FNV-1a over folded code points with a final mix, and their starts and ends
        (int64) in the text.
    """
    count = codes.size
    hashes = np.empty(count, np.uint64)
    starts = np.empty(count, np.int64)
    ends = np.empty(count, np.int64)
    tokens = 0
    start = -1
    last = 0
    value = _FNV_OFFSET
    for at in range(count + 1):
        folded = table[codes[at]] if at < count else np.uint32(SEPARATOR)
        if folded == IGNORED:
            continue
        solo = folded & np.uint32(SOLO)
        if start >= 0 and (folded == SEPARATOR or solo):
            hashes[tokens] = _mix64(value)
            starts[tokens] = start
            ends[tokens] = last + 1
            tokens += 1
            start = -1
        if folded == SEPARATOR:
            continue
        if start < 0:
            start = at
            value = _FNV_OFFSET
        value = (value ^ np.uint64(folded)) * _FNV_PRIME
        last = at
        if solo:
            hashes[tokens] = _mix64(value)
            starts[tokens] = start
            ends[tokens] = at + 1
            tokens += 1
            start = -1
    return hashes[:tokens].copy(), starts[:tokens].copy(), ends[:tokens].copy()


@compiled
def shingle(tokens: NDArray[np.uint64], size: int) -> Any:
    """Hash each run of `size` tokens; a text of n tokens has n - size + 1 shingles, or none."""
    count = max(0, tokens.size - size + 1)
    hashes = np.empty(count, np.uint64)
    for at in range(count):
        value = np.uint64(0)
        for token in range(at, at + size):
            value = value * _SHINGLE_FACTOR + tokens[token]
        hashes[at] = _mix64(value)
    return hashes


@compiled
def sign(hashes: NDArray[np.uint32], a: NDArray[np.uint32], b: NDArray[np.uint32]) -> Any:
    """MinHash signature in datasketch's "affine32" scheme: min over h of a * fmix32(h) + b, modulo 2^32."""
    signature = np.full(a.size, 0xFFFFFFFF, np.uint32)
    for at in range(hashes.size):
        mixed = np.uint64(hashes[at])
        mixed = ((mixed ^ (mixed >> np.uint64(16))) * np.uint64(0x85EBCA6B)) & np.uint64(0xFFFFFFFF)
        mixed = ((mixed ^ (mixed >> np.uint64(13))) * np.uint64(0xC2B2AE35)) & np.uint64(0xFFFFFFFF)
        value = np.uint32(mixed ^ (mixed >> np.uint64(16)))
        for permutation in range(a.size):
            permuted = np.uint32(a[permutation] * value + b[permutation])
            signature[permutation] = min(signature[permutation], permuted)
    return signature


@compiled
def count_shared(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> int:
    """How many values two sorted arrays of distinct values share."""
    shared = at = 0
    for value in left:
        while at < right.size and right[at] < value:
            at += 1
        if at == right.size:
            break
        if right[at] == value:
            shared += 1
    return shared


@compiled
def shared_runs(left: NDArray[np.uint64], right: NDArray[np.uint64], order: NDArray[np.int64]) -> Any:
    """Maximal runs of shingles that two texts share, greedy from the left text's start.

    Args:
        left: One text's shingle hashes in text order.
        right: The other's.
        order: `right`'s stable argsort.

    Returns:
        Rows of (start in left, start in right, length), int64; each shingle of the left text in one run at most.
    """
    runs = np.empty((left.size, 3), np.int64)
    count = 0
    at = 0
    while at < left.size:
        low, high = 0, order.size
        while low < high:
            middle = (low + high) // 2
            if right[order[middle]] < left[at]:
                low = middle + 1
            else:
                high = middle
        best, best_start = 0, -1
        # A shingle that the right text repeats more often than this is no guide to where the run goes on.
        for candidate in range(low, min(low + 16, order.size)):
            start = order[candidate]
            if right[start] != left[at]:
                break
            length = 1
            while (
                at + length < left.size and start + length < right.size and left[at + length] == right[start + length]
            ):
                length += 1
            if length > best:
                best, best_start = length, start
        if best:
            runs[count, 0], runs[count, 1], runs[count, 2] = at, best_start, best
            count += 1
        at += max(best, 1)
    return runs[:count].copy()
