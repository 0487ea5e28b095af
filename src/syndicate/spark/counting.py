"""Compiled loops that find pairs of articles by their shared keys, group by group, and count what they share.

A key is one int64 by which keys are ordered, the rarest first: `CROWDED` where its articles are mostly copies of one
text, then how many articles have it, then the sampled shingle. The counting is that of `syndicate.postings`; what is
found first by common prefixes of ordered keys (C. Xiao et al., "Efficient similarity joins for near-duplicate
detection", 2008), of which several keys are asked for (J. Wang et al., "Can we beat the prefix filtering?", 2012).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from syndicate.kernels import compiled
from syndicate.postings import HUBS, least_counted, unread_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

CROWDED: Final = 1 << 62
PREFIX_SHARED: Final = 6
"""Keys that the prefixes of two articles must have in common, if the articles share so many at all. Of a corpus made
of sentences that many articles have, two would leave forty times as many pairs to count; but prefixes grow with it,
and with six of them a fifth more articles meet than with two."""


@compiled
def readers(keys: NDArray[np.int64], starts: NDArray[np.int64], need: NDArray[np.int32]) -> Any:
    """What articles' keys are posted with.

    Args:
        keys: The keys of articles, article after article, ascending within one.
        starts: Where each article's begin, and the end.
        need: By article, how many keys it must share with one that is as large or larger.

    Returns:
        For each key its article by number (int64); how many keys of the article come from it on (int32); and how many
        keys are asked for by it, 0 where no larger article is looked for under it (int32).
    """
    articles = np.empty(keys.size, np.int64)
    following = np.empty(keys.size, np.int32)
    asked = np.zeros(keys.size, np.int32)
    for article in range(starts.size - 1):
        start, end = starts[article], starts[article + 1]
        least = least_counted(need[article])
        read = max(end - start - unread_keys(need[article]), 0)
        for at in range(start, end):
            articles[at] = article
            following[at] = end - at
            if read >= least and at - start <= read - least + min(least, PREFIX_SHARED) - 1:
                asked[at] = least
    return articles, following, asked


@compiled
def meet(
    keys: NDArray[np.int64], following: NDArray[np.int32], asked: NDArray[np.int32], fresh: NDArray[np.bool_]
) -> Any:
    """Postings that meet under a key, and may share enough.

    Args:
        keys: The keys of postings, all of one key together, and of these the largest articles first.
        following: As `readers` gives them.
        asked: The same.
        fresh: Of two postings that meet one at the least is so.

    Returns:
        For each posting where those of larger articles begin that meet it, and for all the end; and these postings by
        number (int64).
    """
    starts = np.zeros(keys.size + 1, np.int64)
    met = np.empty(1024, np.int64)
    count = start = 0
    for reader in range(keys.size):
        starts[reader] = count
        if keys[reader] != keys[start]:
            start = reader
        if not asked[reader]:
            continue
        least = asked[reader] - min(asked[reader], PREFIX_SHARED)
        last = min(reader, start + HUBS) if keys[start] >= CROWDED else reader
        if count + last - start > met.size:
            larger = np.empty(2 * (count + last - start), np.int64)
            larger[:count] = met[:count]
            met = larger
        for other in range(start, last):
            if following[other] > least and (fresh[other] or fresh[reader]):
                met[count] = other
                count += 1
    starts[keys.size] = count
    return starts, met[:count]


@compiled
def often_met(readers: NDArray[np.int64], asked: NDArray[np.int32], met: Any) -> Any:
    """Pairs that meet under as many keys as they must.

    Args:
        readers: Articles that were looked for under a key, all rows of one article together.
        asked: As `readers` gives them, by row.
        met: Articles that each row met, row after row; and where each row's begin, and the end.

    Returns:
        Rows of the larger article and the smaller one (int64).
    """
    others, starts = met
    found = np.empty((1024, 2), np.int64)
    count = start = 0
    for row in range(1, readers.size + 1):
        if row < readers.size and readers[row] == readers[start]:
            continue
        some = np.sort(others[starts[start] : starts[row]])
        often = min(asked[start], PREFIX_SHARED)
        for at in range(some.size - often + 1):
            # The first of a run, which is long enough.
            if some[at] == some[at + often - 1] and (at == 0 or some[at - 1] != some[at]):
                if count == len(found):
                    found = np.concatenate((found, np.empty_like(found)))
                found[count, 0], found[count, 1] = some[at], readers[start]
                count += 1
        start = row
    return found[:count]


@compiled
def is_candidate(larger: Any, smaller: Any, hubs: Any, need: NDArray[np.int32], near: NDArray[np.bool_]) -> Any:
    """Which pairs of articles share enough keys, or resemble each other and are too small to tell.

    Args:
        larger: Keys of the larger article of each pair, ascending, and where each one's begin, and the end.
        smaller: The same of the smaller ones.
        hubs: Of the larger ones those keys, from `CROWDED` on, for which they are one of the first `HUBS` articles.
        need: How many keys the pair must share.
        near: Whether it shares a band.
    """
    wanted = np.zeros(need.size, np.bool_)
    for pair in range(need.size):
        left, right = larger[1][pair], smaller[1][pair]
        left_end, right_end = larger[1][pair + 1], smaller[1][pair + 1]
        hub, hub_end = hubs[1][pair], hubs[1][pair + 1]
        read_end = right_end - unread_keys(need[pair])
        shared = counted = 0
        while left < left_end and right < right_end:
            one, other = larger[0][left], smaller[0][right]
            if one == other:
                shared += 1
                if one >= CROWDED:
                    while hub < hub_end and hubs[0][hub] < one:
                        hub += 1
                    counted += right < read_end and hub < hub_end and hubs[0][hub] == one
                else:
                    counted += right < read_end
            left += one <= other
            right += other <= one
        few = near[pair] and need[pair] <= 2
        wanted[pair] = few or (shared >= need[pair] and (near[pair] or counted >= least_counted(need[pair])))
    return wanted
