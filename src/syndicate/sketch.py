"""Fingerprints: a MinHash signature for resemblance, and sampled shingle hashes for containment.

MinHash is of A. Broder, "On the resemblance and containment of documents" (1997), here in datasketch's "affine32"
scheme, bit for bit. The sample is a FracMinHash (L. Irber et al., "Lightweight compositional analysis of
metagenomes with FracMinHash", 2022): all shingle hashes below a bound, so that shared samples estimate containment
both ways, which MinHash cannot. The only module that imports datasketch.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from syndicate import kernels
from syndicate.errors import RecipeMismatch
from syndicate.tokens import SHINGLE_TOKENS, Tokens, tokenise

if TYPE_CHECKING:
    from numpy.typing import NDArray

PERMUTATIONS: Final = 128
SEED: Final = 1
SCHEME: Final = "affine32"
SAMPLING: Final = 16
"""One shingle hash in so many is sampled."""
FEWEST_SHINGLES: Final = 20
"""Distinct shingles below which a text has no fingerprint: too short to tell a copy from a phrase."""
RECIPE: Final = f"nfkc-fold-1/{SHINGLE_TOKENS}-tokens/{SCHEME}-{PERMUTATIONS}-seed-{SEED}/sample-{SAMPLING}"
"""How fingerprints are made; two recipes never compare."""


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """The fingerprint of a text.

    Attributes:
        recipe: How it was made.
        signature: uint32, shape (128,): the MinHash.
        sample: uint32, ascending, distinct: the shingle hashes below 2^32 / 16.
        shingles: Number of distinct shingles of the text.
    """

    recipe: str
    signature: NDArray[np.uint32]
    sample: NDArray[np.uint32]
    shingles: int

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Fingerprint):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[str, bytes, bytes, int]:
        return self.recipe, self.signature.tobytes(), self.sample.tobytes(), self.shingles

    def minhash(self) -> Any:
        """The signature as a `datasketch.LeanMinHash`, equal to datasketch's own over the same shingle hashes."""
        from datasketch import LeanMinHash

        return LeanMinHash(seed=SEED, hashvalues=self.signature, scheme=SCHEME)

    def resemblance(self, other: Fingerprint) -> float:
        """Estimate the Jaccard similarity of two texts' shingles; the standard error is at most .044.

        Raises:
            RecipeMismatch: The other was made in another way.
        """
        self._check(other)
        return float(np.mean(self.signature == other.signature))

    def containment(self, other: Fingerprint) -> float:
        """Estimate the share of this text's shingles that are in the other; 0 where nothing was sampled.

        Raises:
            RecipeMismatch: The other was made in another way.
        """
        self._check(other)
        if not self.sample.size:
            return 0.0
        return float(np.isin(self.sample, other.sample, assume_unique=True).mean())

    def _check(self, other: Fingerprint) -> None:
        if self.recipe != other.recipe:
            raise RecipeMismatch(
                f"fingerprints of two recipes do not compare: {self.recipe!r} and {other.recipe!r}; "
                "make both again from their texts"
            )


def fingerprint(text: str) -> Fingerprint | None:
    """Fingerprint a cleaned text.

    Args:
        text: The text; chrome in it counts like anything else, so clean it first.

    Returns:
        The fingerprint, or None where the text has fewer than 20 distinct shingles.
    """
    return sketch(tokenise(text))


def sketch(tokens: Tokens) -> Fingerprint | None:
    """The fingerprint of a text that is already split into tokens."""
    distinct = np.unique(tokens.shingles())
    if distinct.size < FEWEST_SHINGLES:
        return None
    short = shingle_hashes(distinct)
    signature = kernels.sign(short, *_permutations())
    sample = np.unique(short[short < 2**32 // SAMPLING])
    signature.setflags(write=False)
    sample.setflags(write=False)
    return Fingerprint(RECIPE, signature, sample, int(distinct.size))


def shingle_hashes(shingles: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The 32-bit hashes that datasketch is fed with, from the 64-bit ones."""
    return (shingles >> np.uint64(32)).astype(np.uint32)


@cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Factors and summands of the permutations, drawn as datasketch 2 draws them for "affine32"."""
    generator = np.random.RandomState(SEED)
    a = generator.randint(0, 1 << 31, PERMUTATIONS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    b = generator.randint(0, 1 << 32, PERMUTATIONS, dtype=np.uint32)
    return a, b
