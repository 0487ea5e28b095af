"""From sampled shingles that stand in too many articles to the text that stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from syndicate.graph import Chrome
from syndicate.passages import CHROME, LARGEST_GAP, SHORTEST_PASSAGE, without
from syndicate.tokens import SHINGLE_TOKENS, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from syndicate.candidates import Common
    from syndicate.corpus import Corpus
    from syndicate.tokens import Tokens

_READ: Final = 8
"""Articles that are read to see what stands around a common shingle."""
_AGREE: Final = 6
"""In how many of them a shingle must stand to be set aside with it."""


class Standing(NamedTuple):
    """What stands around a common shingle.

    Attributes:
        sample: The shingle, as `Common` has it.
        held: In how many articles it stands.
        example: Id of the first article that was read.
        words: The text of this article.
        shingles: Shingles that most of the articles have that were read: uint64, ascending.
    """

    sample: int
    held: int
    example: str
    words: str
    shingles: NDArray[np.uint64]


class ChromeFinder:
    """Puts together what stands around shingles that are too common, those of most articles first."""

    def __init__(self) -> None:
        self.chrome: list[Chrome] = []
        self._known: set[int] = set()
        self._samples: set[int] = set()

    @property
    def shingles(self) -> NDArray[np.uint64]:
        """All shingles to set aside, ascending."""
        return np.array(sorted(self._known), np.uint64)

    def knows(self, sample: int) -> bool:
        """Whether a common shingle stands in what an earlier one has shown."""
        return sample in self._samples

    def add(self, standing: Standing) -> None:
        """Set aside what stands around one more common shingle."""
        fresh = standing.shingles[[shingle not in self._known for shingle in standing.shingles.tolist()]]
        if fresh.size:
            self._known.update(fresh.tolist())
            self._samples.update((fresh >> np.uint64(32)).tolist())
            tokens = tokenise(standing.words)
            places = np.flatnonzero(without(tokens.shingles(), fresh) == CHROME)
            for start, end in _spans(tokens, places):
                self.chrome.append(Chrome(standing.words[start:end], standing.held, standing.example))


def find_chrome(common: Iterable[Common], corpus: Corpus) -> tuple[NDArray[np.uint64], tuple[Chrome, ...]]:
    """Read what stands around sampled shingles that are too common.

    Args:
        common: Those that were set aside.
        corpus: Where they stand.

    Returns:
        All shingles to set aside, ascending, and what they say, that of most articles first.
    """
    finder = ChromeFinder()
    for sample, held, articles in sorted(common, key=lambda one: (-one.held, one.sample)):
        if not finder.knows(sample):
            some = articles[places_read(articles.size)].tolist()
            finder.add(standing(sample, held, corpus.ids[some[0]], [corpus.words(at) for at in some]))
    return finder.shingles, tuple(finder.chrome)


def places_read(count: int) -> NDArray[np.int64]:
    """Which of so many articles are read to see what stands around a common shingle; spread evenly, ascending."""
    return np.linspace(0, count - 1, _READ).astype(np.int64)


def standing(sample: int, held: int, example: str, texts: Sequence[str]) -> Standing:
    """What texts agree on that have a common shingle; the other arguments are those of `Standing`."""
    every = [np.unique(tokenise(text).shingles()) for text in texts]
    values, counts = np.unique(np.concatenate(every), return_counts=True)
    return Standing(sample, held, example, texts[0], values[counts >= _AGREE])


def _spans(tokens: Tokens, places: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Spans of text that shingles at these places cover, joined over small gaps."""
    breaks = np.flatnonzero(np.diff(places) > LARGEST_GAP) + 1
    for run in np.split(places, breaks):
        if run.size >= SHORTEST_PASSAGE:
            yield int(tokens.starts[run[0]]), int(tokens.ends[run[-1] + SHINGLE_TOKENS - 1])
