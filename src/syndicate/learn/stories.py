"""Which pages of a publisher tell one story, so that a story which runs five times is not taken for chrome.

Pages are one story where they share paragraphs of prose, each weighed by how few pages have it. Pages are held
against each other only where they are neighbours among those that share a paragraph, in one order of all pages: the
time grows with the pages and not with their pairs.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from syndicate.encoding import encoded
from syndicate.rules.literals import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PROSE: Final = 12
"""Words of a block from which on it tells of a story."""
_SAME: Final = 0.3
"""Share of the smaller page from which on two pages tell one story."""


def prose_keys(texts: Iterable[str]) -> bytes:
    """The paragraphs of a page as packed numbers of 64 bits, each a hash of 56 and how many words it has."""
    keys = set()
    for text in texts:
        words = text.count(" ") + 1
        if words >= _PROSE:
            digest = blake2b(encoded(fold(text)), digest_size=7).digest()
            keys.add(int.from_bytes(digest, "big") << 8 | min(words, 255))
    return array("Q", sorted(keys)).tobytes()


def tell_stories(pages: Sequence[bytes]) -> list[int]:
    """The story of each page, as a number from 0 on.

    Args:
        pages: The paragraphs of each, by `prose_keys`.
    """
    keys = np.frombuffer(b"".join(pages), np.uint64)
    owners = np.repeat(np.arange(len(pages)), [len(page) // 8 for page in pages])
    values, which, counts = np.unique(keys, return_inverse=True, return_counts=True)
    weight = (values & np.uint64(255)).astype(float) * np.log1p(len(pages) / counts) ** 2
    sizes = np.bincount(owners, weight[which], len(pages))
    # Most paragraphs are of one page alone: the others are few enough to be held in sets.
    shared: list[dict[int, float]] = [{} for _ in pages]
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for at in np.flatnonzero(counts[which] > 1).tolist():
        shared[owners[at]][int(which[at])] = float(weight[which[at]])
        holders[int(which[at])].append(int(owners[at]))
    parents = list(range(len(pages)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = at = parents[parents[at]]
        return at

    neighbours = Counter(pair for held in holders.values() for pair in pairwise(held))
    for one, other in neighbours:
        common = sum(shared[one][key] for key in sorted(shared[one].keys() & shared[other].keys()))
        if common >= _SAME * min(sizes[one], sizes[other]):
            parents[max(root(one), root(other))] = min(root(one), root(other))
    numbers: dict[int, int] = {}
    return [numbers.setdefault(root(at), len(numbers)) for at in range(len(pages))]
