"""From sampled shingles that stand in too many articles to the text that stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from syndicate.graph import Chrome
from syndicate.passages import CHROME, LARGEST_GAP, SHORTEST_PASSAGE, without
from syndicate.tokens import SHINGLE_TOKENS, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from syndicate.candidates import Common
    from syndicate.corpus import Corpus
    from syndicate.tokens import Tokens

_READ: Final = 8
"""Articles that are read to see what stands around a common shingle."""
_AGREE: Final = 6
"""In how many of them a shingle must stand to be set aside with it."""


def find_chrome(common: Iterable[Common], corpus: Corpus) -> tuple[NDArray[np.uint64], tuple[Chrome, ...]]:
    """Read what stands around sampled shingles that are too common.

    Args:
        common: Those that were set aside.
        corpus: Where they stand.

    Returns:
        All shingles to set aside, ascending, and what they say, that of most articles first.
    """
    shingles = np.empty(0, np.uint64)
    found: list[Chrome] = []
    for sample, held, articles in sorted(common, key=lambda one: (-one.held, one.sample)):
        if np.any(shingles >> np.uint64(32) == sample):
            continue  # stands in what an earlier one has shown
        some = articles[np.linspace(0, articles.size - 1, _READ).astype(int)].tolist()
        read = [tokenise(corpus.words(at)) for at in some]
        values, counts = np.unique(np.concatenate([np.unique(text.shingles()) for text in read]), return_counts=True)
        fresh = np.setdiff1d(values[counts >= _AGREE], shingles, assume_unique=True)
        if fresh.size:
            places = np.flatnonzero(without(read[0].shingles(), fresh) == CHROME)
            words = corpus.words(some[0])
            found += (Chrome(words[start:end], held, corpus.ids[some[0]]) for start, end in _spans(read[0], places))
            shingles = np.union1d(shingles, fresh)
    return shingles, tuple(found)


def _spans(tokens: Tokens, places: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Spans of text that shingles at these places cover, joined over small gaps."""
    breaks = np.flatnonzero(np.diff(places) > LARGEST_GAP) + 1
    for run in np.split(places, breaks):
        if run.size >= SHORTEST_PASSAGE:
            yield int(tokens.starts[run[0]]), int(tokens.ends[run[-1] + SHINGLE_TOKENS - 1])
