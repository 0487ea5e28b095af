"""Which articles may share text: those that share a band of the MinHash signature, or enough sampled shingles.

Bands find near copies, samples find excerpts that resemblance misses. A sampled shingle that stands in too many
different articles is set aside. The articles of a text that was copied too often are no different articles: their
keys stay, and each is compared with a few of the others.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from syndicate import postings
from syndicate.verify import PART_OF_SHORTER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from syndicate.corpus import Keys

COMMONEST: Final = 1_000
"""Different articles in which a sampled shingle may stand before it is set aside."""
MOST_PAIRED: Final = 200
"""Copies of one text that are compared each with each; of more, each is compared with the first few."""
MOSTLY: Final = 0.6
"""Share of an article's samples that one other must have, and too many more, for it to be one of many copies."""
_DEVIATIONS: Final = 2.1
"""How far below what is expected the shared samples of a match may be; of pairs just at the limit 2% are farther."""
_FEW: Final = 8
"""Samples of an article, up to which one that is shared is enough to look."""
_PARTS: Final = 8
"""Parts at the least that counting is done in, so that threads end together."""


class Common(NamedTuple):
    """A sampled shingle that is set aside.

    Attributes:
        sample: Its 32-bit hash.
        held: In how many articles it stands.
        articles: Numbers of those that are not copies of a text that very many have.
    """

    sample: int
    held: int
    articles: NDArray[np.int32]


class _Postings(NamedTuple):
    """Sampled shingles of two articles or more, the rarest first.

    Attributes:
        by_article: As `postings.by_article` gives them.
        crowded: The first key whose articles are mostly copies of one text, or too many.
        sizes: By article, how many samples count.
        copies: By article, whether it is one of many copies.
    """

    by_article: tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]
    crowded: int
    sizes: NDArray[np.int32]
    copies: NDArray[np.bool_]


def candidates(keys: Keys, rows: NDArray[np.int64], threads: int) -> tuple[NDArray[np.uint64], list[Common]]:
    """Find pairs of articles that may match.

    Args:
        keys: What the articles' fingerprints are filed under.
        rows: By number, which row of `keys` is the article's; -1 for an article that is not looked at.
        threads: How many work at once.

    Returns:
        Pairs of numbers, the smaller in the upper 32 bits, each once, ascending; and what was set aside.
    """
    numbers = np.flatnonzero(rows >= 0).astype(np.uint32)
    shared, common = _sampled(keys, rows, numbers)
    near = _near(keys, rows, numbers, shared.copies)
    pairs = np.unique(np.concatenate([near, _counted(shared, threads)]))
    left, right = unpack(pairs)
    need = needed_samples(np.minimum(shared.sizes[left], shared.sizes[right]))
    found = postings.shared_counts(pairs, *shared.by_article[:2])
    # Of a few samples chance may leave none that near copies share; of more, too few say that there is no match.
    few = (need <= 2) & np.isin(pairs, near)
    return pairs[few | (found >= need)], common


def unpack(pairs: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The smaller and the larger numbers of pairs."""
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _sampled(keys: Keys, rows: NDArray[np.int64], numbers: NDArray[np.uint32]) -> tuple[_Postings, list[Common]]:
    """The samples that count, and those that are set aside."""
    sizes = np.zeros(rows.size, np.int32)
    sizes[numbers] = keys.sizes[rows[numbers]]
    ends = np.concatenate([[0], np.cumsum(keys.sizes, dtype=np.int64)])
    articles, starts, values = postings.shared_keys(postings.pack(keys.samples, ends, rows[numbers], numbers))
    lengths = np.diff(starts)
    held = {int(key): articles[starts[key] : starts[key + 1]] for key in np.flatnonzero(lengths > MOST_PAIRED)}
    copies = _copies(held, sizes)
    different = {key: holders[~copies[holders]] for key, holders in held.items()}
    aside = {key: holders for key, holders in different.items() if holders.size > COMMONEST}
    for key in aside:
        sizes[held[key]] -= 1
    crowded = np.zeros(lengths.size, np.bool_)
    crowded[[key for key, holders in different.items() if 2 * holders.size < held[key].size]] = True
    order = np.lexsort((lengths, crowded))
    order = order[~np.isin(order, list(aside))]
    by_article = postings.by_article(articles, starts, order, rows.size)
    common = [Common(int(values[key]), held[key].size, holders) for key, holders in aside.items()]
    return _Postings(by_article, int(np.count_nonzero(~crowded[order])), sizes, copies), common


def _copies(held: dict[int, NDArray[np.int32]], sizes: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which articles are copies of a text that very many have.

    Most of such an article's samples stand in many articles, of which one is the first of them all. The samples of an
    article that only has a footer, or is made of sentences that many have, do not agree on a first one.
    """
    copies = np.zeros(sizes.size, np.bool_)
    if held:
        firsts = [(holders.astype(np.uint64) << np.uint64(32)) | np.uint64(holders[0]) for holders in held.values()]
        agreed, counts = np.unique(np.concatenate(firsts), return_counts=True)
        articles = unpack(agreed)[0]
        copies[articles[counts >= MOSTLY * sizes[articles]]] = True
    return copies


def _near(
    keys: Keys, rows: NDArray[np.int64], numbers: NDArray[np.uint32], copies: NDArray[np.bool_]
) -> NDArray[np.uint64]:
    """Pairs that share a band, each once; those of many copies only with the first of the band."""
    places = np.full(keys.wholes.size, -1)
    places[keys.banded] = np.arange(keys.banded.size)
    numbers = numbers[places[rows[numbers]] >= 0]
    few = numbers[~copies[numbers]]
    pairs = np.empty(0, np.uint64)
    for band in np.ascontiguousarray(keys.bands.T):
        found = [pairs, _of_band(band, places[rows[few]], few, (MOST_PAIRED, postings.HUBS))]
        if copies.any():
            found.append(_of_band(band, places[rows[numbers]], numbers, (1, 1)))
        pairs = np.unique(np.concatenate(found))
    return pairs


def _of_band(
    band: NDArray[np.uint32], places: NDArray[np.int64], numbers: NDArray[np.uint32], limits: tuple[int, int]
) -> NDArray[np.uint64]:
    """Pairs of articles that share their key of a band, which stands there at these places."""
    packed = postings.pack(band, np.arange(band.size + 1), places, numbers)
    pairs: NDArray[np.uint64] = postings.band_pairs(packed, *limits)
    return pairs


def _counted(shared: _Postings, threads: int) -> NDArray[np.uint64]:
    """Pairs that may share enough samples; of two articles the smaller one says how many that is."""
    need = needed_samples(shared.sizes)
    largest_first = np.argsort(-shared.sizes, kind="stable").astype(np.int32)
    hubs = (shared.crowded, postings.last_hubs(shared.by_article, largest_first, shared.crowded))

    size = min(largest_first.size // _PARTS + 1, postings.LARGEST_PART)

    def part(first: int) -> NDArray[np.uint64]:
        ends = (first, min(first + size, largest_first.size))
        found: NDArray[np.uint64] = postings.count_pairs(shared.by_article, hubs, largest_first, need, ends)
        return found

    with ThreadPoolExecutor(threads) as pool:
        parts = pool.map(part, range(0, largest_first.size, size))
        return np.concatenate([np.empty(0, np.uint64), *parts])


def needed_samples(sizes: NDArray[np.integer]) -> NDArray[np.int32]:
    """How many samples another article must share at the least with one that has no more samples than it.

    What is expected of the least containment that is a match, less some standard deviations. Two at the least,
    since strangers share a phrase; one of eight or fewer, of which chance may leave no more.

    Args:
        sizes: How many samples the smaller article has.
    """
    expected = PART_OF_SHORTER * sizes
    deviation = np.sqrt(expected * (1 - PART_OF_SHORTER))
    least = np.where(sizes > _FEW, 2, 1)
    needed: NDArray[np.int32] = np.maximum(least, np.ceil(expected - _DEVIATIONS * deviation)).astype(np.int32)
    return needed
