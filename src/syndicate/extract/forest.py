"""The learnt model: boosted trees over a block's features and its neighbours'.

Gradient-boosted decision trees (Friedman, 2001), grown by LightGBM in `benchmarks/train.py`, kept as arrays in
`model.npz` and walked here. A block of which the first trees are sure is settled by them.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from syndicate.kernels import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODEL: Final = "model.npz"
REACH: Final = 2
"""How far the trees look at a block's neighbours, in blocks."""
_ROUND: Final = 40
"""Trees after each of which a block may be settled."""
_SETTLED: Final = 3.5
"""The score, in log-odds, from which on it is: one block of ten thousand would still have changed sides."""


class Forest(NamedTuple):
    """Trees as arrays; node numbers are places in them, and a negative one is the leaf of that number less one.

    Attributes:
        features: For each node the column it asks for, int32.
        shifts: How many blocks after this one (before, if negative) it asks, int32, at most `REACH` of them; past the
            page's ends every value is 0.
        thresholds: The node goes left where the value is not greater, float32.
        left, right: The next nodes, int32.
        leaves: Their values in log-odds, float32.
        roots: The first node of each tree, int32.
    """

    features: NDArray[np.int32]
    shifts: NDArray[np.int32]
    thresholds: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    leaves: NDArray[np.float32]
    roots: NDArray[np.int32]

    def probabilities(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """How likely each block is the article's, 0 to 1.

        Args:
            features: A row a block, columns as the model was made for.
        """
        count, width = features.shape
        padded = np.zeros((count + 2 * REACH, width), np.float32)
        padded[REACH : REACH + count] = features
        offsets = (self.shifts + REACH) * width + self.features
        scores = _scores(padded.ravel(), width, offsets, self)
        probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-scores))
        return probabilities


@cache
def load_forest() -> Forest:
    """The model that comes with the package.

    Raises:
        ValueError: It was made for other features.
    """
    from syndicate.extract.features import FEATURES

    with resources.files("syndicate.extract").joinpath(MODEL).open("rb") as file, np.load(file) as arrays:
        if tuple(arrays["names"]) != FEATURES:
            raise ValueError(f"{MODEL} was made for other features; make it again with benchmarks/train.py")
        return Forest(*(arrays[name] for name in Forest._fields))


@compiled
def _scores(values: Any, width: Any, offsets: Any, forest: Any) -> Any:
    """The sum of the leaves that each block comes to.

    Args:
        values: All rows one after the other, `REACH` rows of zeros before and after them.
        width: Columns in a row.
        offsets: For each node where its value is, counted from the row `REACH` before the block's.
        forest: The trees.
    """
    out = np.zeros(values.size // width - 2 * REACH)
    for block in range(out.size):
        first = block * width
        score = 0.0
        for tree in range(forest.roots.size):
            node = forest.roots[tree]
            while node >= 0:
                goes_left = values[first + offsets[node]] <= forest.thresholds[node]
                node = forest.left[node] if goes_left else forest.right[node]
            score += forest.leaves[-node - 1]
            if tree % _ROUND == _ROUND - 1 and abs(score) > _SETTLED:
                break
        out[block] = score
    return out
