"""Compiled loops that turn keys of articles into pairs of articles that share some.

A posting is one uint64: a 32-bit key above, the number of the article that has it below. Sorted, the articles of one
key stand together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from syndicate.kernels import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

HUBS: Final = 4
"""Articles of a key that has too many, that all its others are paired with."""
_MOST_COUNTED: Final = 255
_MOST_UNREAD: Final = 4
"""Keys of an article that are not counted; of a long one more would be all that a short one shares with it."""
_DIGITS: Final = 3
_DIGIT_BITS: Final = 11
_RADIX: Final = 1 << _DIGIT_BITS
_DIGIT: Final = np.uint32(_RADIX - 1)
_ARTICLE: Final = np.uint64(0xFFFFFFFF)
_KEY_BITS: Final = np.uint64(32)


@compiled
def pack(keys: NDArray[np.uint32], starts: NDArray[np.int64], rows: NDArray[np.int64], articles: Any) -> Any:
    """Postings of keys and their articles, sorted by a radix sort: a digit a turn, the least first.

    Args:
        keys: The keys of texts, text after text.
        starts: Where each text's begin, and the end.
        rows: Numbers of the texts that are wanted, in the order of their articles.
        articles: The number of the article of each of these (uint32), ascending.
    """
    counts = np.zeros((_DIGITS, _RADIX), np.int64)
    for row in rows:
        for key in keys[starts[row] : starts[row + 1]]:
            for digit in range(_DIGITS):
                counts[digit, key >> np.uint32(digit * _DIGIT_BITS) & _DIGIT] += 1
    total = counts[0].sum()
    for digit in range(_DIGITS):
        place = 0
        for value in range(_RADIX):
            place, counts[digit, value] = place + counts[digit, value], place
    packed, other = np.empty(total, np.uint64), np.empty(total, np.uint64)
    for at in range(rows.size):
        for key in keys[starts[rows[at]] : starts[rows[at] + 1]]:
            value = key & _DIGIT
            packed[counts[0, value]] = np.uint64(key) << _KEY_BITS | articles[at]
            counts[0, value] += 1
    for digit in range(1, _DIGITS):
        shift = np.uint64(32 + digit * _DIGIT_BITS)
        for posting in packed:
            value = posting >> shift & np.uint64(_DIGIT)
            other[counts[digit, value]] = posting
            counts[digit, value] += 1
        packed, other = other, packed
    return packed


@compiled
def shared_keys(packed: NDArray[np.uint64]) -> Any:
    """Keys of two articles or more.

    Args:
        packed: Sorted postings; no posting comes twice.

    Returns:
        The articles of the keys (int32), key after key, ascending within one; where each key's begin, and the end
        (int64); the keys (uint32).
    """
    keys = entries = start = 0
    for at in range(1, packed.size + 1):
        if at == packed.size or packed[at] >> _KEY_BITS != packed[start] >> _KEY_BITS:
            if at - start > 1:
                keys += 1
                entries += at - start
            start = at
    articles = np.empty(entries, np.int32)
    starts = np.empty(keys + 1, np.int64)
    values = np.empty(keys, np.uint32)
    keys = entries = start = 0
    for at in range(1, packed.size + 1):
        if at == packed.size or packed[at] >> _KEY_BITS != packed[start] >> _KEY_BITS:
            if at - start > 1:
                starts[keys] = entries
                values[keys] = np.uint32(packed[start] >> _KEY_BITS)
                keys += 1
                for posting in range(start, at):
                    articles[entries] = np.int32(packed[posting] & _ARTICLE)
                    entries += 1
            start = at
    starts[keys] = entries
    return articles, starts, values


@compiled
def rarest_first(articles: NDArray[np.int32], starts: NDArray[np.int64], order: NDArray[np.int64], count: int) -> Any:
    """Postings put in another order of their keys, and the same by article.

    Args:
        articles: As `shared_keys` gives them.
        starts: The same.
        order: Numbers of the keys that are wanted, the rarest first.
        count: How many articles there are.

    Returns:
        The articles of these keys (int32), key after key; for each article where its keys' articles begin in there,
        ascending (int64), which stands for the keys; and where each article's begin there, and the end (int64).
    """
    begins = np.zeros(count + 1, np.int64)
    total = 0
    for key in order:
        total += starts[key + 1] - starts[key]
        for at in range(starts[key], starts[key + 1]):
            begins[articles[at] + 1] += 1
    for article in range(count):
        begins[article + 1] += begins[article]
    nexts = begins[:-1].copy()
    moved = np.empty(total, np.int32)
    keys = np.empty(total, np.int64)
    start = 0
    for key in order:
        for at in range(starts[key], starts[key + 1]):
            article = articles[at]
            moved[start + at - starts[key]] = article
            keys[nexts[article]] = start
            nexts[article] += 1
        start += starts[key + 1] - starts[key]
    return moved, keys, begins


@compiled
def band_pairs(packed: NDArray[np.uint64], most: int, hubs: int) -> Any:
    """Pairs of articles of one key: each with each, or where they are more than `most`, with its first few.

    Returns:
        Pairs as uint64, the smaller article above, the larger below.
    """
    total = start = 0
    for turn in range(2):
        pairs = np.empty(total, np.uint64)
        total = start = 0
        for at in range(1, packed.size + 1):
            if at < packed.size and packed[at] >> _KEY_BITS == packed[start] >> _KEY_BITS:
                continue
            last = start + hubs if at - start > most else at
            for right in range(start + 1, at):
                for left in range(start, min(last, right)):
                    if turn:
                        pairs[total] = ((packed[left] & _ARTICLE) << _KEY_BITS) | (packed[right] & _ARTICLE)
                    total += 1
            start = at
    return pairs


@compiled
def _with_room(pairs: NDArray[np.uint64], used: int) -> Any:
    """The array, or one twice as long where it is full."""
    if used < pairs.size:
        return pairs
    larger = np.empty(2 * used, np.uint64)
    larger[:used] = pairs
    return larger


@compiled
def count_pairs(postings: Any, crowded: int, needs: Any, part: Any) -> Any:
    """Pairs of articles that may share enough keys, found by counting through the articles of each article's keys.

    The commonest few keys of an article are not read: what is asked for is less by as many keys, though not less than
    two. So the pairs are more than there are, and `shared_counts` tells.

    Args:
        postings: Articles, keys and where each article's keys begin, as `rarest_first` gives them.
        crowded: Keys from this one on have so many articles that only the first few are counted with the others.
        needs: How many keys each article must share with one that has as many or more (int32); the least of these.
        part: First and last (exclusive) of the larger articles of the pairs.

    Returns:
        Pairs as uint64, the smaller article above, the larger below.
    """
    articles, keys, begins = postings
    need, least = needs
    first, last = part
    counts = np.zeros(max(last, 1), np.uint16)  # above the turn, below the count: no need to clear it each turn
    met = np.empty(max(last, 1), np.int32)
    pairs = np.empty(1024, np.uint64)
    found = turn = 0
    for right in range(first, last):
        turn += 1
        if turn > _MOST_COUNTED:
            counts[:] = 0
            turn = 1
        unread = min(need[right] // 4, _MOST_UNREAD)
        enough = max(min(need[right], least) - unread, min(least, 2))
        hits = 0
        fresh, full = turn << 8, turn << 8 | _MOST_COUNTED
        for key in keys[begins[right] : max(begins[right], begins[right + 1] - unread)]:
            place, end = key, (key + HUBS if key >= crowded else articles.size)
            while place < end and articles[place] < right:  # it stands there itself
                left = articles[place]
                place += 1
                count = np.int64(counts[left]) + 1
                if count <= fresh:
                    count = np.int64(fresh + 1)
                if count <= full:
                    counts[left] = count
                    if count - fresh == enough:
                        met[hits] = left
                        hits += 1
        for left in met[:hits]:
            wanted = min(need[left], need[right])
            if counts[left] - fresh >= min(max(wanted - unread, min(wanted, 2)), _MOST_COUNTED):
                pairs = _with_room(pairs, found)
                pairs[found] = (np.uint64(left) << _KEY_BITS) | np.uint64(right)
                found += 1
    return pairs[:found].copy()


@compiled
def shared_counts(pairs: NDArray[np.uint64], keys: NDArray[np.int64], begins: NDArray[np.int64]) -> Any:
    """How many keys each pair of articles shares (int32)."""
    counts = np.zeros(pairs.size, np.int32)
    for pair in range(pairs.size):
        left, right = np.int64(pairs[pair] >> _KEY_BITS), np.int64(pairs[pair] & _ARTICLE)
        at, end = begins[right], begins[right + 1]
        for place in range(begins[left], begins[left + 1]):
            while at < end and keys[at] < keys[place]:
                at += 1
            if at == end:
                break
            if keys[at] == keys[place]:
                counts[pair] += 1
    return counts
