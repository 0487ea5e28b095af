"""Text to tokens to shingles, the same in every language and for every way of encoding the same text.

Text is NFKC-normalised; each code point is then folded and classed by one table look-up. Letters, marks and digits
make tokens; in scripts without spaces between words every character is a token; invisible characters are skipped.
"""

from __future__ import annotations

import sys
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from syndicate import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHINGLE_TOKENS: Final = 5
"""Tokens in a shingle."""

# Scripts written without spaces between words (Unicode blocks, inclusive).
_UNSPACED: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3041, 0x30FF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF),
)  # fmt: skip
# All planes with letters: code points past these are private, or never part of words.
_PLANES: Final = ((0, 0x323B0), (0xE0000, 0xE01F0))


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The tokens of a text.

    Attributes:
        hashes: uint64, one a token.
        starts, ends: int64 offsets of the tokens in the text as it was given.
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def shingles(self) -> NDArray[np.uint64]:
        """Hashes of the runs of `SHINGLE_TOKENS` tokens, in text order, repeats included."""
        shingles: NDArray[np.uint64] = kernels.shingle(self.hashes, SHINGLE_TOKENS)
        return shingles


def tokenise(text: str) -> Tokens:
    """Split a text into tokens; never raises, whatever the text holds."""
    offsets: NDArray[np.int64] | None = None
    if not text.isascii() and not unicodedata.is_normalized("NFKC", text):
        text, offsets = _normalise(text)
    hashes, starts, ends = kernels.tokenise(code_points(text), _table())
    if offsets is not None:
        starts, ends = offsets[starts], offsets[ends - 1] + 1
    return Tokens(hashes, starts, ends)


_UTF_32: Final = f"utf-32-{'le' if sys.byteorder == 'little' else 'be'}"


def code_points(text: str) -> NDArray[np.uint32]:
    """A text as an array of its code points; lone surrogates are code points too."""
    return np.frombuffer(text.encode(_UTF_32, "surrogatepass"), np.uint32)


def text_of(codes: NDArray[np.uint32]) -> str:
    """The text that code points make."""
    return codes.tobytes().decode(_UTF_32)


def _normalise(text: str) -> tuple[str, NDArray[np.int64]]:
    """NFKC, and for each code point of the result the offset in the text it came from.

    The text is normalised in chunks that begin at ASCII characters, which compose with nothing before them.
    Inside a chunk offsets are exact where its characters normalise one by one, as all but composed sequences do.
    """
    pieces: list[str] = []
    offsets: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and not text[end].isascii():
            continue
        chunk = text[start:end]
        normal = chunk if chunk.isascii() else unicodedata.normalize("NFKC", chunk)
        pieces.append(normal)
        singly = [unicodedata.normalize("NFKC", char) for char in chunk]
        if "".join(singly) == normal:
            offsets += (start + at for at, char in enumerate(singly) for _ in char)
        else:
            offsets += (start + min(at, len(chunk) - 1) for at in range(len(normal)))
        start = end
    return "".join(pieces), np.array(offsets, np.int64)


@cache
def _table() -> NDArray[np.uint32]:
    """For each code point what `kernels.tokenise` wants to know of it."""
    table = np.zeros(0x110000, np.uint32)
    for first, last in _PLANES:
        for code in range(first, last):
            char = chr(code)
            category = unicodedata.category(char)
            # Unassigned code points count as letters, so that a newer Unicode does not change old fingerprints.
            if category[0] in "LMN" or category == "Cn":
                table[code] = _folded(char)
            elif category == "Cf":
                table[code] = kernels.IGNORED
    for first, last in _UNSPACED:
        block = table[first : last + 1]
        block[block > kernels.IGNORED] |= np.uint32(kernels.SOLO)
    # Variation selectors and the combining grapheme joiner are marks by category, and invisible.
    table[0xFE00:0xFE10] = table[0x034F] = table[0xE0100:0xE01F0] = kernels.IGNORED
    table.setflags(write=False)
    return table


def _folded(char: str) -> int:
    for folded in (char.casefold(), char.lower()):
        if len(folded) == 1:
            return ord(folded)
    return ord(char)
