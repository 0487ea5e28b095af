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

SHINGLE_TOKENS: Final = 5
"""Tokens in a shingle."""
FEWEST_SHINGLES: Final = 20
"""Distinct shingles below which a text has no fingerprint: too short to tell a copy from a phrase."""
SAMPLING: Final = 16
"""One shingle hash in so many is sampled."""

SEPARATOR: Final = 0
IGNORED: Final = 1
"""Flag of code points that are passed over, as if they were not there."""
UNSTABLE: Final = 2
"""Flag of code points by which a text must be normalised first, since they may change with their neighbours."""
SOLO: Final = 4
"""Flag of code points that are tokens of their own: scripts written without spaces."""
LETTER: Final = 1 << 63
"""Set for all that makes tokens."""
FLAGS: Final = 3
"""Bits that flags take."""

_SHINGLE_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_A: Final = np.uint64(0xFF51AFD7ED558CCD)
_MIX_B: Final = np.uint64(0xC4CEB9FE1A85EC53)
_R33: Final = np.uint64(33)
_FLAGGED: Final = np.uint64((1 << FLAGS) - 1)
_ZERO: Final = np.uint64(0)
_ONE: Final = np.uint64(1)
_ASCII: Final = np.uint32(0x7F)
_THREE: Final = np.uint32(0xE0)
_FOUR: Final = np.uint32(0xF0)
"""The last code point that takes one byte in UTF-8, and the least first bytes of those that take three and four."""
_MOST: Final = np.uint32(0xFFFF_FFFF)


def compiled(function: Any) -> Any:
    """Compile a function of arrays when it is first called, without the GIL, and keep the machine code on disk.

    A program pays some 50 ms to load each compiled function that it calls from Python, so these are few.
    """
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


@inlined
def _code_point(data: NDArray[np.uint8], byte: Any) -> Any:
    """The code point that begins at a byte, and where the next one does."""
    code = np.uint32(data[byte])
    byte += _ONE
    if code > _ASCII:  # the first byte of several says by its upper bits how many follow
        more = _ONE + np.uint64(code >= _THREE) + np.uint64(code >= _FOUR)
        code &= np.uint32(0x3F) >> np.uint32(more)
        for _ in range(more):
            code = code << np.uint32(6) | np.uint32(data[byte]) & np.uint32(0x3F)
            byte += _ONE
    return code, byte


@compiled
def _scan(data: NDArray[np.uint8], classes: NDArray[np.uint64], hashes: Any, starts: Any, ends: Any) -> Any:
    """Hash the tokens of a text, and write where they start and end if asked to; return how many there are.

    That many, or -1 for a text that must be normalised first. A hash is a cyclic polynomial over the characters' own
    (J. Cohen, "Recursive hashing functions for n-grams", 1997), with a final mix: no step waits for a multiplication.
    Between letters and separators the loop does not branch, but reckons with a `letter` of 0 or 1: where words end,
    no processor foresees. What is written of a word is written anew with each of its characters.
    """
    byte = at = tokens = inside = value = start = end = _ZERO
    while byte < data.size:
        code, byte = _code_point(data, byte)
        kind = classes[code]
        at += _ONE
        if kind & _FLAGGED:
            if kind & np.uint64(UNSTABLE):
                return -1
            if kind & np.uint64(SOLO):
                hashes[tokens] = value
                if starts is not None:
                    starts[tokens], ends[tokens] = start, end
                tokens += inside
                hashes[tokens] = kind
                if starts is not None:
                    starts[tokens], ends[tokens] = at - _ONE, at
                tokens += _ONE
                inside = value = _ZERO
            continue
        letter = kind >> np.uint64(63)
        hashes[tokens] = value
        if starts is not None:
            starts[tokens], ends[tokens] = start, end
            start = start if inside else at - _ONE
            end = at if letter else end
        tokens += inside & ~letter
        value = ((value << np.uint64(5) | value >> np.uint64(59)) + kind) & (_ZERO - letter)
        inside = letter
    hashes[tokens] = value
    if starts is not None:
        starts[tokens], ends[tokens] = start, end
    count = np.int64(tokens + inside)
    for token in range(count):
        hashes[token] = _mix64(hashes[token])
    return count


@compiled
def tokenise(data: NDArray[np.uint8], bounds: NDArray[np.int64], classes: NDArray[np.uint64]) -> Any:
    """Split texts into tokens, up to the first that must be normalised.

    Args:
        data: The texts in UTF-8, which nobody looks at twice: it must be right. One text after another.
        bounds: Where in `data` each begins, and where the last one ends.
        classes: For each code point a hash of what it folds to, with `LETTER` set and no flag but `SOLO`, where it is
            a token of its own; or `SEPARATOR`, or `IGNORED`; with `UNSTABLE` where the text must be normalised first.

    Returns:
        For the texts before the first that must be normalised, or all: hashes (uint64) of the tokens, text after
        text; where they start and end in their text, in code points (int64); how many are each text's (int64).
    """
    count = bounds.size - 1
    most = data.size + count + 1
    hashes, starts, ends = np.empty(most, np.uint64), np.empty(most, np.int64), np.empty(most, np.int64)
    sizes = np.empty(count, np.int64)
    used = 0
    for text in range(count):
        own = data[bounds[text] : bounds[text + 1]]
        sizes[text] = _scan(own, classes, hashes[used:], starts[used:], ends[used:])
        if sizes[text] < 0:
            count = text
            break
        used += sizes[text]
    return hashes[:used].copy(), starts[:used].copy(), ends[:used].copy(), sizes[:count]


@compiled
def shingle(tokens: NDArray[np.uint64]) -> Any:
    """Hash each run of `SHINGLE_TOKENS` tokens; a text of n tokens has n - 4 shingles, or none. No hash is 0."""
    count = max(0, tokens.size - SHINGLE_TOKENS + 1)
    hashes = np.empty(count, np.uint64)
    for at in range(count):
        value = np.uint64(0)
        for token in range(SHINGLE_TOKENS):
            value = value * _SHINGLE_FACTOR + tokens[at + token]
        hashes[at] = max(_mix64(value), np.uint64(1))
    return hashes


@compiled
def _whole(tokens: NDArray[np.uint64]) -> Any:
    """A hash of a token sequence: the sum of hashes of tokens with their places, none of which waits for another."""
    total = np.uint64(0)
    for at in range(tokens.size):
        total += _mix64(tokens[at] + np.uint64(at) * _SHINGLE_FACTOR)
    return max(total, np.uint64(tokens.size > 0))


@compiled
def _file(hashes: NDArray[np.uint64], slots: NDArray[np.uint64]) -> Any:
    """File hashes in a table in their order; return how many are distinct, and how large the table is.

    Linear probing where a hash's upper bits say its place, and the smaller of two goes first: to read the table is to
    have sorted. It is a power of two, with room past its end. Hashes are evenly spread, and none is 0, an empty slot.
    """
    bits = 1
    while 1 << bits < 2 * hashes.size:
        bits += 1
    slots[: (1 << bits) + hashes.size + 1] = 0
    count = 0
    for each in hashes:
        value = each
        at = value >> np.uint64(64 - bits)
        held = slots[at]
        while held and held != value:
            slots[at] = min(held, value)
            value = max(held, value)
            at += _ONE
            held = slots[at]
        slots[at] = value
        count += held == 0
    return count, 1 << bits


@compiled
def _read(slots: NDArray[np.uint64], end: int, found: NDArray[np.uint64]) -> Any:
    """Write the hashes up to a place of a table, and those pushed past it, to `found`; return how many they are."""
    while slots[end]:
        end += 1
    count = _ZERO
    for slot in range(end):
        found[count] = slots[slot]
        count += np.uint64(slots[slot] != 0)
    return np.int64(count)


@compiled
def sign(hashes: NDArray[np.uint64], permutations: NDArray[np.uint32], signature: NDArray[np.uint32]) -> None:
    """MinHash in datasketch's "affine32" scheme: min over h of a * fmix32(h) + b, modulo 2^32.

    Args:
        hashes: Shingle hashes, one at the least, repeats or not, whose upper halves are the h.
        permutations: The a and the b, shape (2, n), n even.
        signature: Takes the n minima.
    """
    # Vectors of several processors divide 64: with the first hash repeated to the end, none is left over.
    mixed = np.empty((hashes.size + 63) // 64 * 64, np.uint32)
    for at in range(hashes.size):
        value = np.uint32(hashes[at] >> np.uint64(32))
        value = np.uint32((value ^ (value >> np.uint32(16))) * np.uint32(0x85EBCA6B))
        value = np.uint32((value ^ (value >> np.uint32(13))) * np.uint32(0xC2B2AE35))
        mixed[at] = value ^ (value >> np.uint32(16))
    mixed[hashes.size :] = mixed[0]
    # In this order of the loops the compiler makes vectors of them, whose minima stay in registers to the end.
    half = signature.size // 2
    for one, other in zip(range(half), range(half, signature.size)):  # noqa: B905 - the compiler knows no strict
        a, b, c, d = permutations[0, one], permutations[1, one], permutations[0, other], permutations[1, other]
        least = less = _MOST
        for value in mixed:
            least = min(least, np.uint32(a * value + b))
            less = min(less, np.uint32(c * value + d))
        signature[one], signature[other] = least, less


@compiled
def _sampled(distinct: NDArray[np.uint64], sample: NDArray[np.uint32]) -> int:
    """Write the distinct upper halves below the sampling bound to `sample`, and return how many there are."""
    count = 0
    for value in distinct:
        short = np.uint32(value >> np.uint64(32))
        if short >= 2**32 // SAMPLING:
            break
        if count == 0 or sample[count - 1] != short:
            sample[count] = short
            count += 1
    return count


@compiled
def sketch(
    data: NDArray[np.uint8],
    bounds: NDArray[np.int64],
    classes: NDArray[np.uint64],
    permutations: NDArray[np.uint32],
    longest: int,
) -> Any:
    """Tokens, shingles, signatures and samples of texts, up to the first that must be normalised.

    Args:
        data: The texts in UTF-8, one after another.
        bounds: Where in `data` each begins, and where the last one ends.
        classes: As `tokenise` takes them.
        permutations: As `sign` takes them.
        longest: Distinct shingles of the longest text that is given a signature.

    Returns:
        For the texts before the first that must be normalised, or all: signatures (uint32, a row a text), samples
        (uint32) and how many of them are each text's, counts of distinct shingles, hashes of the whole texts
        (uint64). A text too short for a fingerprint has a signature of ones and no sample, one too long of ones.
    """
    count = bounds.size - 1
    signatures = np.full((count, permutations.shape[1]), _MOST, np.uint32)
    wholes = np.zeros(count, np.uint64)
    counts, sample_sizes = np.zeros(count, np.int64), np.zeros(count, np.int64)
    samples = np.empty(data.size + 1, np.uint32)
    room = np.max(np.diff(bounds)) + 1 if count else 1
    hashes, slots, least = np.empty(room, np.uint64), np.empty(5 * room + 3, np.uint64), np.empty(room, np.uint64)
    sampled = 0
    for text in range(count):
        tokens = _scan(data[bounds[text] : bounds[text + 1]], classes, hashes, None, None)
        if tokens < 0:
            count = text
            break
        wholes[text] = _whole(hashes[:tokens])
        shingled = shingle(hashes[:tokens])
        counts[text], size = _file(shingled, slots)
        if counts[text] >= FEWEST_SHINGLES:
            # Hashes that are sampled are small, and stand at the beginning.
            sample_sizes[text] = _sampled(least[: _read(slots, size // SAMPLING + 1, least)], samples[sampled:])
            sampled += sample_sizes[text]
            if counts[text] <= longest:
                sign(shingled, permutations, signatures[text])
    return signatures[:count], samples[:sampled], sample_sizes[:count], counts[:count], wholes[:count]
