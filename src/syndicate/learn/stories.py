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
from math import log1p
from typing import TYPE_CHECKING, Final

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
    paragraphs = [frozenset(array("Q", page)) for page in pages]
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for at, keys in enumerate(paragraphs):
        for key in keys:
            holders[key].append(at)
    weights = {key: (key & 255) * log1p(len(pages) / len(held)) ** 2 for key, held in holders.items()}
    sizes = [sum(map(weights.__getitem__, keys)) for keys in paragraphs]
    parents = list(range(len(pages)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = at = parents[parents[at]]
        return at

    neighbours = Counter(pair for held in holders.values() for pair in pairwise(held))
    for one, other in neighbours:
        shared = sum(map(weights.__getitem__, paragraphs[one] & paragraphs[other]))
        if shared >= _SAME * min(sizes[one], sizes[other]):
            parents[max(root(one), root(other))] = min(root(one), root(other))
    numbers: dict[int, int] = {}
    return [numbers.setdefault(root(at), len(numbers)) for at in range(len(pages))]
