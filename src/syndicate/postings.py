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
_COUNT_BITS: Final = 4
_MOST_COUNTED: Final = (1 << _COUNT_BITS) - 1
_MOST_TURNS: Final = (1 << 8 - _COUNT_BITS) - 1
LARGEST_PART: Final = 1 << 16
"""Articles, at the most, that the others are counted with at a time: their places in a part take 16 bits."""
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
def by_article(articles: NDArray[np.int32], starts: NDArray[np.int64], order: NDArray[np.int64], count: int) -> Any:
    """Keys in another order, article by article.

    Args:
        articles: As `shared_keys` gives them.
        starts: The same.
        order: Numbers of the keys that are wanted, the rarest first; the place in it is a key's new number.
        count: How many articles there are.

    Returns:
        The keys' new numbers, article after article, ascending within one (uint32); where each article's begin, and
        the end (int64); and for each key the same of its articles, were they to stand key after key.
    """
    begins, places = np.zeros(count + 1, np.int64), np.zeros(order.size + 1, np.int64)
    for at in range(order.size):
        key = order[at]
        places[at + 1] = places[at] + starts[key + 1] - starts[key]
        for article in articles[starts[key] : starts[key + 1]]:
            begins[article + 1] += 1
    for article in range(count):
        begins[article + 1] += begins[article]
    nexts = begins[:-1].copy()
    keys = np.empty(places[-1], np.uint32)
    for at in range(order.size):
        for article in articles[starts[order[at]] : starts[order[at] + 1]]:
            keys[nexts[article]] = at
            nexts[article] += 1
    return keys, begins, places


@compiled
def last_hubs(shared: Any, numbers: NDArray[np.int32], crowded: int) -> Any:
    """For each key from `crowded` on the place in `numbers` of the last of the first `HUBS` articles that have it.

    Args:
        shared: What `by_article` gives.
        numbers: All articles in some order.
        crowded: The first of the keys that too many articles have.
    """
    keys, begins, places = shared
    seen = np.zeros(places.size - 1 - crowded, np.int64)
    last = np.zeros(seen.size, np.int64)
    for rank in range(numbers.size):
        start = begins[numbers[rank]]
        for at in range(begins[numbers[rank] + 1] - 1, start - 1, -1):
            key = np.int64(keys[at]) - crowded
            if key < 0:
                break
            seen[key] += 1
            if seen[key] <= HUBS:
                last[key] = rank
    return last


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
def unread_keys(need: Any) -> Any:
    """How many keys of an article, the commonest, are not counted, if it must share so many."""
    return min(need // 4, _MOST_UNREAD)


@compiled
def least_counted(need: Any) -> Any:
    """How many of the other keys an article must share, if it must share so many of all."""
    return min(max(need - unread_keys(need), min(need, 2)), _MOST_COUNTED)


@compiled
def count_pairs(shared: Any, hubs: Any, numbers: NDArray[np.int32], need: NDArray[np.int32], part: Any) -> Any:
    """Pairs of articles that may share enough keys, found by counting through the articles of each article's keys.

    The commonest few keys of an article are not read: what is asked for is less by as many keys, though not less than
    two. So the pairs are more than there are, and `shared_counts` tells.

    Args:
        shared: What `by_article` gives.
        hubs: The first key that too many articles have, so that only the first few are counted with the others; and
            what `last_hubs` makes of it.
        numbers: All articles, the larger ones first.
        need: By article, how many keys it must share with one that is as large or larger.
        part: First and last (exclusive) places in `numbers` of the larger ones of the pairs, at most `LARGEST_PART`,
            so that what is counted of them stays in the processor's cache.

    Returns:
        Pairs as uint64, the article with the smaller number above, the larger below.
    """
    keys, begins = shared[0], shared[1]
    first = part[0]
    starts, ranks = _filed(shared, hubs, numbers, part)
    # The turn above and the count below, so that it need not be cleared each turn.
    counts = np.zeros(part[1] - first, np.uint8)
    met = np.empty(counts.size, np.uint64)
    pairs = np.empty(1024, np.uint64)
    found = turn = 0
    for rank in range(first + 1, numbers.size):
        turn += 1
        if turn > _MOST_TURNS:
            counts[:] = 0
            turn = 1
        right = numbers[rank]
        unread = unread_keys(need[right])
        limits = (rank - first, turn << _COUNT_BITS, least_counted(need[right]))
        read = keys[begins[right] : max(begins[right], begins[right + 1] - unread)]
        for other in met[: _count(read, (starts, ranks), limits, counts, met)]:
            pairs = _with_room(pairs, found)
            left = numbers[first + other]
            pairs[found] = (np.uint64(min(left, right)) << _KEY_BITS) | np.uint64(max(left, right))
            found += 1
    return pairs[:found].copy()


@compiled
def _count(read: NDArray[np.uint32], filed: Any, limits: Any, counts: Any, met: Any) -> Any:
    """Write the articles before a place that have enough of some keys to `met`; return how many they are."""
    starts, ranks = filed
    before, turn, least = limits
    fresh, full = np.uint8(turn), np.uint8(turn | _MOST_COUNTED)
    enough = np.uint8(turn + least)
    hits = 0
    for key in read:
        # All unsigned, since of others it is asked whether they count from the end.
        place, end = np.uint64(starts[key]), np.uint64(starts[key + np.uint32(1)])
        while place < end:
            other = np.uint64(ranks[place])
            if other >= before:
                break
            place += np.uint64(1)
            count = max(counts[other], fresh)
            if count == full:
                continue
            count += np.uint8(1)
            counts[other] = count
            if count == enough:
                met[hits] = other
                hits += 1
    return hits


@compiled
def _filed(shared: Any, hubs: Any, numbers: NDArray[np.int32], part: Any) -> Any:
    """Where each key's articles begin, and the end (uint32), and how far into a part they stand (uint16)."""
    keys, begins, places = shared
    crowded, last = hubs
    starts = np.zeros(places.size + 1, np.uint32)
    for turn in range(2):
        ranks = np.empty(starts[-1], np.uint16)
        for rank in range(part[0], part[1]):
            for key in keys[begins[numbers[rank]] : begins[numbers[rank] + 1]]:
                if key < crowded or rank <= last[key - crowded]:
                    if turn:
                        ranks[starts[key + np.uint32(1)]] = rank - part[0]
                        starts[key + np.uint32(1)] += np.uint32(1)
                    else:
                        starts[key + np.uint32(2)] += np.uint32(1)
        if not turn:
            for key in range(1, starts.size):
                starts[key] += starts[key - 1]
    return starts[:-1], ranks


@compiled
def shared_counts(pairs: NDArray[np.uint64], keys: NDArray[np.uint32], begins: NDArray[np.int64]) -> Any:
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
