"""Which stored articles share text with a given one: candidates from postings, each verified on exact shingles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from syndicate.candidates import COMMONEST, needed_samples
from syndicate.graph import Match, Relation
from syndicate.index.postings import BAND, SIZE_BITS, SIZES, WHOLE, Keys
from syndicate.sketch import SAMPLING, shingle_hashes
from syndicate.tokens import SHINGLE_TOKENS, tokenise
from syndicate.verify import NOTHING, verify_many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from syndicate.index.segments import Found
    from syndicate.index.shelf import Held, Shelf
    from syndicate.model import Article

_SAMPLED: Final = np.uint32(2**32 // SAMPLING)
"""Shingle hashes below this are sampled."""
_FARTHEST: Final = 4 * SAMPLING
"""Shingles beyond a sample that is too common, up to which what follows is taken to be so, too."""
_STRONGEST: Final = tuple(Relation)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What looking an article up found.

    Attributes:
        matches: Verified, the best first: by relation, then by resemblance, then by the other's id.
        common: What was set aside of the article: it stands in so many stored articles that it says nothing of where
            the article is from. As far as samples tell, so there may be some words too many at either end.
    """

    matches: tuple[Match, ...] = ()
    common: tuple[str, ...] = ()


def look_up(asked: Held, shelf: Shelf) -> Lookup:
    """Look an article of a shelf up.

    Args:
        asked: The article; it is not its own match.
        shelf: Where it and the others are.

    Raises:
        StoreError: What is stored is damaged.
    """
    if not asked.keys().keys.size:
        return Lookup()
    numbers, chrome, words = _nominate(asked, shelf)
    matches = _verify([asked, *shelf.read(numbers)], [(0, at) for at in range(1, len(numbers) + 1)], chrome)
    best = sorted(matches, key=lambda match: (_STRONGEST.index(match.relation), -match.resemblance, match.a, match.b))
    return Lookup(tuple(best), words)


def look_up_many(asked: Iterable[Held], shelf: Shelf, compared: set[tuple[int, int]]) -> list[Match]:
    """Look several articles of a shelf up at once, which is much faster where they match each other.

    Args:
        asked: The articles.
        shelf: Where they and the others are.
        compared: Pairs of numbers, the lesser first, that need not be compared again; takes those that are.

    Returns:
        Their matches, in no order.

    Raises:
        StoreError: What is stored is damaged.
    """
    by_chrome: dict[bytes, tuple[NDArray[np.uint64], list[tuple[int, int]]]] = {}
    for one in asked:
        numbers, chrome, _ = _nominate(one, shelf)
        pairs = by_chrome.setdefault(chrome.tobytes(), (chrome, []))[1]
        pairs += {(min(one.number, other), max(one.number, other)) for other in numbers} - compared
        compared.update(pairs)
    found: list[Match] = []
    for chrome, pairs in by_chrome.values():
        places = {number: at for at, number in enumerate(sorted({number for pair in pairs for number in pair}))}
        found += _verify(shelf.read(list(places)), [(places[one], places[other]) for one, other in pairs], chrome)
    return found


def _nominate(asked: Held, shelf: Shelf) -> tuple[list[int], NDArray[np.uint64], tuple[str, ...]]:
    """Numbers of the articles that may match one; its shingles that do not count, and the words that they make."""
    keys = asked.keys()
    found, common = _set_aside(shelf.find(keys.keys, asked.number), keys.keys)
    return _candidates(found, keys, common).tolist(), *_chrome(asked.article, common)


def _verify(held: Sequence[Held], pairs: Iterable[tuple[int, int]], chrome: NDArray[np.uint64]) -> Iterator[Match]:
    """The matches among pairs of articles, by their places."""
    texts = [one.text for one in held]
    ordered = [(one, other) if texts[one].id < texts[other].id else (other, one) for one, other in pairs]
    return verify_many(texts, np.array(ordered, np.int64).reshape(-1, 2), chrome)


def _set_aside(found: Found, keys: NDArray[np.uint32]) -> tuple[Found, NDArray[np.uint32]]:
    """Postings but for those of keys that stand in too many articles; and these keys.

    The article that is looked up counts, stored or not. Whole texts are never set aside: a copy is a copy.
    """
    counts = np.bincount(found.keys, minlength=keys.size) + 1
    common = counts > COMMONEST
    common[found.common] = True
    common &= (keys < WHOLE) | (keys >= BAND)
    kept = ~common[found.keys]
    return found._replace(keys=found.keys[kept], postings=found.postings[kept]), keys[common & (keys < WHOLE)]


def _candidates(found: Found, keys: Keys, common: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Numbers of the articles that share so many keys that they may match.

    Shared samples say how much text is shared. Where few are expected, chance may leave none, and a band is enough.
    """
    postings, places = np.unique(found.postings, return_inverse=True)
    looked_up = keys.keys[found.keys]
    shared = np.bincount(places[looked_up < WHOLE], minlength=postings.size)
    near = np.bincount(places[looked_up >= BAND], minlength=postings.size) > 0
    whole = np.bincount(places[(looked_up >= WHOLE) & (looked_up < BAND)], minlength=postings.size) > 0
    own = np.count_nonzero(keys.keys < WHOLE) - common.size
    # What is set aside may be among the other's samples, too.
    others = np.maximum(SIZES[postings & (SIZES.size - 1)] - common.size, 0)
    need = needed_samples(np.minimum(own, others))
    chosen: NDArray[np.uint32] = postings[whole | (shared >= need) | (near & (need <= 2))] >> np.uint32(SIZE_BITS)
    return chosen


def _chrome(article: Article, common: NDArray[np.uint32]) -> tuple[NDArray[np.uint64], tuple[str, ...]]:
    """Shingles of an article that do not count, ascending, and the words that they make."""
    if not common.size:
        return NOTHING, ()
    tokens = tokenise(article.text)
    shingles = tokens.shingles()
    stretches = _stretches(shingles, common)
    words = (
        article.text[int(tokens.starts[start]) : int(tokens.ends[end + SHINGLE_TOKENS - 2])]
        for start, end in stretches
    )
    return np.unique(np.concatenate([NOTHING, *(shingles[start:end] for start, end in stretches)])), tuple(words)


def _stretches(shingles: NDArray[np.uint64], common: NDArray[np.uint32]) -> list[tuple[int, int]]:
    """Stretches of a text's shingles that are too common.

    Where several samples in a row are, the stretch goes on at both ends until a sample that is not: which words
    between the two are chrome, samples cannot tell.
    """
    short = shingle_hashes(shingles)
    sampled = np.flatnonzero(short < _SAMPLED)
    places = [-1, *sampled.tolist(), shingles.size]
    are_common = [False, *np.isin(short[sampled], common).tolist(), False]
    edges = [at for at in range(1, len(places)) if are_common[at] != are_common[at - 1]]
    stretches = []
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        if end - first == 1:
            stretches.append((places[first], places[first] + 1))
        else:
            start = max(places[first - 1] + 1, places[first] - _FARTHEST)
            stretches.append((start, min(places[end], places[end - 1] + _FARTHEST)))
    return stretches
