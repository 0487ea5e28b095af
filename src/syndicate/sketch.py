"""Fingerprints: a MinHash signature for resemblance, and sampled shingle hashes for containment.

MinHash is of A. Broder, "On the resemblance and containment of documents" (1997), here in datasketch's "affine32"
scheme, bit for bit. The sample is a FracMinHash (L. Irber et al., "Lightweight compositional analysis of
metagenomes with FracMinHash", 2022): all shingle hashes below a bound, so that shared samples estimate containment
both ways, which MinHash cannot. The only module that imports datasketch.
"""

from __future__ import annotations

import os
import struct
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from syndicate import kernels
from syndicate.encoding import decoded, encoded
from syndicate.errors import FingerprintError, RecipeMismatch
from syndicate.tokens import SHINGLE_TOKENS, classes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

PERMUTATIONS: Final = 128
SEED: Final = 1
SCHEME: Final = "affine32"
SAMPLING: Final = kernels.SAMPLING
FEWEST_SHINGLES: Final = kernels.FEWEST_SHINGLES
BATCH: Final = 4096
"""Texts that `fingerprint_many` takes at a time."""
CHUNK: Final = 1 << 17
"""Bytes of text, about, that one call of the kernel takes."""
LONGEST: Final = (1 << 63) - 1
"""Distinct shingles, so many that every text is given a signature."""
RECIPE: Final = f"nfkc-fold-2/{SHINGLE_TOKENS}-tokens/{SCHEME}-{PERMUTATIONS}-seed-{SEED}/sample-{SAMPLING}"
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
        """The signature as a `datasketch.LeanMinHash`, equal to datasketch's own over the same shingle hashes.

        Raises:
            RecipeMismatch: The fingerprint was made in another way, of which this version knows nothing.
        """
        from datasketch import LeanMinHash

        check_recipe(self.recipe)
        return LeanMinHash(seed=SEED, hashvalues=self.signature, scheme=SCHEME)

    def to_bytes(self) -> bytes:
        """The signature as `datasketch.LeanMinHash.serialize` writes it: 528 bytes, without sample and count.

        Raises:
            RecipeMismatch: The fingerprint was made in another way, of which this version knows nothing.
        """
        minhash = self.minhash()
        data = bytearray(minhash.bytesize())
        minhash.serialize(data)
        return bytes(data)

    @classmethod
    def from_bytes(cls, data: bytes) -> Fingerprint:
        """A fingerprint that `to_bytes` wrote, as far as bytes go: no sample, and 0 for the number of shingles.

        It is good for `resemblance`. The bytes tell how the permutations were drawn, not what was hashed: whether
        another program's MinHash is of the same shingles, only that program knows.

        Raises:
            RecipeMismatch: The permutations are of another scheme, seed or number.
            FingerprintError: The bytes are no LeanMinHash, or are cut short.
        """
        from datasketch import LeanMinHash

        try:
            found = LeanMinHash.deserialize(data)
        except (ValueError, struct.error) as error:
            raise FingerprintError(f"no datasketch LeanMinHash: {error}") from error
        made, ours = (
            f"{scheme}-{number}-seed-{seed}"
            for scheme, number, seed in ((found.scheme, len(found), found.seed), (SCHEME, PERMUTATIONS, SEED))
        )
        if made != ours:
            raise RecipeMismatch(f"a MinHash of {made!r} does not compare with fingerprints of {ours!r}")
        signature = np.array(found.hashvalues, np.uint32)
        signature.setflags(write=False)
        return cls(RECIPE, signature, np.empty(0, np.uint32), 0)

    def resemblance(self, other: Fingerprint) -> float:
        """Estimate the Jaccard similarity of two texts' shingles; the standard error is at most .044.

        Raises:
            RecipeMismatch: The other was made in another way.
        """
        check_recipe(self.recipe, other.recipe)
        return float(np.mean(self.signature == other.signature))

    def containment(self, other: Fingerprint) -> float:
        """Estimate the share of this text's shingles that are in the other; 0 where nothing was sampled.

        Raises:
            RecipeMismatch: The other was made in another way.
        """
        check_recipe(self.recipe, other.recipe)
        if not self.sample.size:
            return 0.0
        return float(np.isin(self.sample, other.sample, assume_unique=True).mean())


def check_recipe(one: str, other: str = RECIPE) -> None:
    """Make sure that two fingerprints, or one and this version's, were made in one way.

    Raises:
        RecipeMismatch: They were not.
    """
    if one != other:
        raise RecipeMismatch(
            f"fingerprints of two recipes do not compare: {one!r} and {other!r}; make both again from their texts"
        )


class Sketches(NamedTuple):
    """The fingerprints of many texts as arrays; text number i is row i, and a slice of the ragged ones.

    Attributes:
        signatures: uint32, shape (texts, 128); all 0xFFFFFFFF for a text too short for a fingerprint.
        samples: uint32: the sampled shingle hashes, ascending within a text, text after text.
        sample_ends: int64: where each text's samples end.
        counts: int64: distinct shingles of each text.
        wholes: uint64: a hash of each text's whole token sequence; 0 for a text without tokens.
    """

    signatures: NDArray[np.uint32]
    samples: NDArray[np.uint32]
    sample_ends: NDArray[np.int64]
    counts: NDArray[np.int64]
    wholes: NDArray[np.uint64]


def fingerprint(text: str) -> Fingerprint | None:
    """Fingerprint a cleaned text.

    Args:
        text: The text; chrome in it counts like anything else, so clean it first.

    Returns:
        The fingerprint, or None where the text has fewer than 20 distinct shingles.
    """
    return next(_fingerprints(sketch_many([text], threads=1)))


def fingerprint_many(texts: Iterable[str], *, threads: int | None = None) -> Iterator[Fingerprint | None]:
    """Fingerprint many cleaned texts, a batch at a time; each result is what `fingerprint` gives for its text.

    Args:
        texts: The texts, read as they are needed.
        threads: How many work at once; as many as there are processors if not given.
    """
    source = iter(texts)
    while batch := list(islice(source, BATCH)):
        yield from _fingerprints(sketch_many(batch, threads=threads))


def _fingerprints(sketches: Sketches) -> Iterator[Fingerprint | None]:
    sketches.signatures.setflags(write=False)
    sketches.samples.setflags(write=False)
    start = 0
    rows = zip(sketches.signatures, sketches.sample_ends.tolist(), sketches.counts.tolist(), strict=True)
    for signature, end, count in rows:
        found = Fingerprint(RECIPE, signature, sketches.samples[start:end], count)
        yield found if count >= FEWEST_SHINGLES else None
        start = end


def sketch_many(texts: Iterable[str], *, threads: int | None = None) -> Sketches:
    """The fingerprints of many texts, and a hash of the whole of each; the same for any `threads`.

    Args:
        texts: The cleaned texts.
        threads: How many work at once; as many as there are processors if not given.
    """
    return sketch_encoded(list(map(encoded, texts)), threads=threads)


def sketch_encoded(texts: Sequence[bytes], *, threads: int | None = None, longest: int = LONGEST) -> Sketches:
    """What `sketch_many` gives, of texts that are in UTF-8.

    Args:
        texts: What `encoded` gave.
        threads: As `sketch_many` takes them.
        longest: Distinct shingles of the longest text whose signature is wanted; that of a longer one is all
            0xFFFFFFFF, too. Signatures are half of the work.
    """
    chunks = list(_chunks(texts))
    workers = min(threads or os.cpu_count() or 1, len(chunks))
    if workers == 1:
        parts = [part for chunk in chunks for part in _parts(chunk, longest=longest)]
    else:
        classes()  # or each thread would make the table
        with ThreadPoolExecutor(workers) as pool:
            parts = [part for several in pool.map(partial(_parts, longest=longest), chunks) for part in several]
    signatures, samples, sample_sizes, counts, wholes = map(np.concatenate, zip(*parts, strict=True))
    return Sketches(signatures, samples, np.cumsum(sample_sizes), counts, wholes)


def _chunks(texts: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """Texts in runs so long that what a call costs vanishes, and so short that the processor's cache holds them."""
    start = length = 0
    for at, text in enumerate(texts, 1):
        length += len(text)
        if length >= CHUNK:
            yield texts[start:at]
            start, length = at, 0
    if start < len(texts) or not texts:
        yield texts[start:]


def _parts(texts: Sequence[bytes], *, longest: int) -> list[Any]:
    """What the kernel gives for texts, in pieces: a text that the kernel wants normalised is a piece of its own."""
    data = np.frombuffer(b"".join(texts), np.uint8)
    bounds = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    parts = [kernels.sketch(data, bounds, classes(), _permutations(), longest)]
    done = len(parts[0][0])
    while done < len(texts):
        normal = np.frombuffer(encoded(unicodedata.normalize("NFKC", decoded(texts[done]))), np.uint8)
        whole = np.array([0, normal.size], np.int64)
        parts.append(kernels.sketch(normal, whole, classes(normalised=True), _permutations(), longest))
        parts.append(kernels.sketch(data, bounds[done + 1 :], classes(), _permutations(), longest))
        done += 1 + len(parts[-1][0])
    return parts


def shingle_hashes(shingles: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The 32-bit hashes that datasketch is fed with, from the 64-bit ones."""
    return (shingles >> np.uint64(32)).astype(np.uint32)


@cache
def _permutations() -> NDArray[np.uint32]:
    """Factors and summands of the permutations, drawn as datasketch 2 draws them for "affine32"; shape (2, 128)."""
    generator = np.random.RandomState(SEED)
    a = generator.randint(0, 1 << 31, PERMUTATIONS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return np.stack([a, generator.randint(0, 1 << 32, PERMUTATIONS, dtype=np.uint32)])
