"""Postings: under which keys an article is filed, and how postings lie in blocks.

A key is 32 bits wide, of one of three ranges: sampled shingle hashes, bands of the signature, and a hash of the whole
text. The latter two are cut short to fit; a stranger that this lets in is turned away when it is verified. A posting
is an article's number, with four bits that tell how many samples its text has, roughly, and so how many of them
another must share. A block is `BLOCK` keys in order, their postings, and a checksum; the first keys of a segment's
blocks are its fences.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from syndicate.index.probe import checksums
from syndicate.keys import BANDED, band_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from syndicate.index.storage import Segment
    from syndicate.sketch import Fingerprint

BLOCK: Final = 240
"""Postings in a block, 1,928 bytes: four fill a page of either database."""
SIZES: Final = np.array([0, 4, 8, 12, 16, 20, 24, 32, 40, 48, 56, 64, 80, 96, 128, 192])
"""The least number of samples of each class of texts that a posting can tell of."""
SIZE_BITS: Final = 4
WHOLE: Final = 1 << 30
BAND: Final = 1 << 31
"""Where the keys of whole texts and of bands begin; those of samples lie below."""
MOST_NUMBER: Final = (1 << 32 - SIZE_BITS) - 1
"""The highest number of an article that fits into a posting."""


class Keys(NamedTuple):
    """What an article is filed under.

    Attributes:
        keys: uint32, ascending, distinct; none for an article that matches nothing.
        size: The class of `SIZES` of the text.
    """

    keys: NDArray[np.uint32]
    size: int

    def posting(self, number: int) -> int:
        """What stands under each of the keys of the article of this number."""
        return number << SIZE_BITS | self.size


def keys_of(fingerprint: Fingerprint | None, whole: int) -> Keys:
    """The keys of a text, from its fingerprint and the hash of the whole of it, 0 for a text without tokens."""
    if not whole:
        return Keys(np.empty(0, np.uint32), 0)
    parts = [np.array([whole >> 34 | WHOLE], np.uint32)]
    if fingerprint is not None:
        parts.append(fingerprint.sample)
        if fingerprint.shingles <= BANDED:
            bands = band_keys(fingerprint.signature.reshape(1, -1))[0]
            parts.append((bands >> np.uint64(33)).astype(np.uint32) | np.uint32(BAND))
    samples = 0 if fingerprint is None else fingerprint.sample.size
    return Keys(np.unique(np.concatenate(parts)), int(np.searchsorted(SIZES, samples, "right")) - 1)


def blocks_of(keys: NDArray[np.uint32], postings: NDArray[np.uint32], first: int) -> list[tuple[int, bytes]]:
    """Postings in the order of their keys as blocks, numbered from `first`; only the last may be short."""
    full = keys.size // BLOCK
    rows = _sealed(keys[: full * BLOCK].reshape(-1, BLOCK), postings[: full * BLOCK].reshape(-1, BLOCK), first)
    if keys.size % BLOCK:
        rows += _sealed(keys[full * BLOCK :].reshape(1, -1), postings[full * BLOCK :].reshape(1, -1), first + full)
    return list(enumerate(rows, first))


def _sealed(keys: NDArray[np.uint32], postings: NDArray[np.uint32], first: int) -> list[bytes]:
    """A block a row."""
    words = np.ascontiguousarray(np.concatenate([keys, postings], axis=1)).view(np.uint64)
    starts = np.arange(len(words), dtype=np.int64) * keys.shape[1]
    sums = checksums(words.ravel(), starts, starts + keys.shape[1], np.arange(first, first + len(words)))
    return [row.tobytes() for row in np.concatenate([words, sums[:, None]], axis=1)]


class Blocks(NamedTuple):
    """Blocks as they were stored, side by side.

    Attributes:
        names: Their numbers, ascending.
        words: uint32: all of them.
        starts: Where each begins in `words`.
        sizes: How many keys each has.
    """

    names: NDArray[np.int64]
    words: NDArray[np.uint32]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Sequence[tuple[int, bytes]]) -> Blocks:
        """Put stored blocks side by side; `damaged` tells whether they are whole."""
        names = np.array([name for name, _ in rows], np.int64)
        data = [row for _, row in rows]
        lengths = np.array(list(map(len, data)), np.int64)
        if np.any((lengths % 8 != 0) | (lengths < 16)):  # cut short; zeros are as damaged, and lie in whole words
            data = [row if len(row) % 8 == 0 and len(row) >= 16 else bytes(16) for row in data]
            lengths = np.array(list(map(len, data)), np.int64)
        words = np.frombuffer(b"".join(data), np.uint32)
        lengths //= 4
        return cls(names, words, np.cumsum(lengths) - lengths, (lengths - 2) // 2)

    def damaged(self) -> list[int]:
        """Numbers of the blocks whose checksum does not hold."""
        words = self.words.view(np.uint64)
        starts = self.starts // 2
        sums = checksums(words, starts, starts + self.sizes, self.names)
        wrong: list[int] = self.names[sums != words[starts + self.sizes]].tolist()
        return wrong

    def unpacked(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """All keys and all postings, block after block."""
        within = np.arange(self.sizes.sum()) - np.repeat(np.cumsum(self.sizes) - self.sizes, self.sizes)
        places = np.repeat(self.starts, self.sizes) + within
        return self.words[places], self.words[places + np.repeat(self.sizes, self.sizes)]


def pack_keys(number: int, keys: Keys) -> bytes:
    """The keys of an article that is in no segment yet, with a checksum."""
    body = bytes([keys.size, 0, 0, 0]) + keys.keys.tobytes()
    return zlib.crc32(body, number & 0xFFFFFFFF).to_bytes(4, "little") + body


def unpack_keys(number: int, stored: bytes) -> Keys | None:
    """Read packed keys; None where they are damaged."""
    body = bytes(stored[4:])
    if len(body) < 4 or len(body) % 4 or stored[:4] != zlib.crc32(body, number & 0xFFFFFFFF).to_bytes(4, "little"):
        return None
    return Keys(np.frombuffer(body, np.uint32, offset=4), body[0])


def pack_fences(segment: Segment, fences: NDArray[np.uint32]) -> bytes:
    """The fences of a segment, with a checksum over what else is known of it."""
    body = fences.tobytes()
    return zlib.crc32(body, zlib.crc32(repr(tuple(segment)).encode())).to_bytes(4, "little") + body


def unpack_fences(segment: Segment, stored: bytes) -> NDArray[np.uint32] | None:
    """Read packed fences; None where they are damaged."""
    body = bytes(stored[4:])
    if len(body) != 4 * segment.blocks:
        return None
    fences = np.frombuffer(body, np.uint32)
    return fences if pack_fences(segment, fences) == bytes(stored) else None
