"""Text to tokens to shingles, the same in every language and for every way of encoding the same text.

Each code point of the NFKC-normalised text is folded and classed by one table look-up. Letters, marks and digits
make tokens; in scripts without spaces between words every character is a token; invisible characters are skipped.
The table knows what most code points normalise to; texts with others (marks, ligatures) are normalised first.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from syndicate import kernels
from syndicate.encoding import decoded, encoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

SHINGLE_TOKENS: Final = kernels.SHINGLE_TOKENS

# Scripts written without spaces between words (Unicode blocks, inclusive).
_UNSPACED: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3041, 0x30FF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF),
)  # fmt: skip
# Blocks of letters that fold and normalise to themselves, so that nobody need be asked about each of them.
_PLAIN: Final = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0x20000, 0x2F7FF), (0x30000, 0x323AF))
# All planes with letters: code points past these are private, or never part of words.
_PLANES: Final = ((0, 0x323B0), (0xE0000, 0xE01F0))
# Jamo that compose with what comes before them, by arithmetic.
_JAMO: Final = (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))
_PAST_ASCII: Final = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")


class Tokens(NamedTuple):
    """The tokens of some texts, text after text.

    Attributes:
        hashes: uint64, one a token.
        starts, ends: int64 offsets of the tokens in their text as it was given, in code points.
        bounds: int64: where each text's tokens begin, and where the last one's end.
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    bounds: NDArray[np.int64]

    def shingles(self) -> NDArray[np.uint64]:
        """Hashes of the runs of five tokens of a single text, in its order, repeats included."""
        shingles: NDArray[np.uint64] = kernels.shingle(self.hashes)
        return shingles


def tokenise(text: str) -> Tokens:
    """Split a text into tokens; never raises, whatever the text holds."""
    return tokenise_many([encoded(text)])


def tokenise_many(texts: Sequence[bytes]) -> Tokens:
    """Split texts into tokens.

    Args:
        texts: What `encoded` gave.
    """
    data = np.frombuffer(b"".join(texts), np.uint8)
    bounds = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    parts = [kernels.tokenise(data, bounds, classes())]
    done = parts[0][-1].size
    while done < len(texts):
        parts.append(_normalised(decoded(texts[done])))
        parts.append(kernels.tokenise(data, bounds[done + 1 :], classes()))
        done += 1 + parts[-1][-1].size
    hashes, starts, ends, sizes = map(np.concatenate, zip(*parts, strict=True)) if len(parts) > 1 else parts[0]
    return Tokens(hashes, starts, ends, np.concatenate([[0], np.cumsum(sizes)]))


def _normalised(text: str) -> tuple[NDArray[Any], ...]:
    """What the kernel gives for a text that it wants normalised."""
    normal, offsets = _normalise(text)
    data = np.frombuffer(encoded(normal), np.uint8)
    hashes, starts, ends, sizes = kernels.tokenise(data, np.array([0, data.size]), classes(normalised=True))
    return hashes, offsets[starts], offsets[ends - 1] + 1, sizes


def _normalise(text: str) -> tuple[str, NDArray[np.int64]]:
    """NFKC, and for each code point of the result the offset in the text it came from.

    The text is normalised in chunks that begin at ASCII characters, which compose with nothing before them.
    Inside a chunk offsets are exact where its characters normalise one by one, as all but composed sequences do.
    """
    pieces: list[str] = []
    offsets: list[NDArray[np.int64]] = []
    done = 0
    for match in _PAST_ASCII.finditer(text):
        chunk, start, end = match.group(), match.start(), match.end()
        if unicodedata.is_normalized("NFKC", chunk):
            continue
        normal = unicodedata.normalize("NFKC", chunk)
        pieces += text[done:start], normal
        offsets.append(np.arange(done, start))
        singly = [unicodedata.normalize("NFKC", char) for char in chunk]
        exact = "".join(singly) == normal
        places = (at for at, char in enumerate(singly) for _ in char) if exact else range(len(normal))
        offsets.append(np.minimum(np.fromiter(places, np.int64, len(normal)), len(chunk) - 1) + start)
        done = end
    return "".join([*pieces, text[done:]]), np.concatenate([*offsets, np.arange(done, len(text))])


@cache
def classes(*, normalised: bool = False) -> NDArray[np.uint64]:
    """For each code point what `kernels.tokenise` wants to know of it.

    Args:
        normalised: For texts that are normalised already: no code point is unstable.
    """
    table = classes() & ~np.uint64(kernels.UNSTABLE) if normalised else _hashed(_folded())
    table.setflags(write=False)
    return table


def _hashed(table: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hashes (the finaliser of SplitMix64, G. Steele et al. 2014) in place of code points; flags stay."""
    folded = table >> np.uint64(kernels.FLAGS)
    flags = table - (folded << np.uint64(kernels.FLAGS))
    hashes = folded * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        hashes = (hashes ^ (hashes >> np.uint64(shift))) * np.uint64(factor)
    hashes = hashes >> np.uint64(kernels.FLAGS) << np.uint64(kernels.FLAGS) | np.uint64(kernels.LETTER)
    hashes[folded == 0] = kernels.SEPARATOR
    return hashes | flags


def _folded() -> NDArray[np.uint64]:
    """For each code point the one it folds to, above the flags; `SEPARATOR` or `IGNORED` where it is no letter."""
    table = np.zeros(0x110000, np.uint64)
    for first, last in _PLAIN:
        table[first : last + 1] = np.arange(first, last + 1) << kernels.FLAGS
    codes = [code for start, end in _PLANES for code in range(start, end) if not table[code]]
    table[codes] = [_class(chr(code)) for code in codes]
    # Variation selectors and the combining grapheme joiner are marks by category, and invisible.
    table[0xFE00:0xFE10] = table[0x034F] = table[0xE0100:0xE01F0] = kernels.IGNORED
    for first, last in _UNSPACED:
        block = table[first : last + 1]
        block[(block != kernels.SEPARATOR) & (block != kernels.IGNORED)] |= np.uint64(kernels.SOLO)
    _class_unstable(table, codes)
    return table


def _class(char: str) -> int:
    """The folded code point of a letter, mark or digit, above the flags; else what kind of other character it is."""
    category = unicodedata.category(char)
    # Unassigned code points count as letters, so that a newer Unicode does not change old fingerprints.
    if category[0] in "LMN" or category == "Cn":
        folded = next((each for each in (char.casefold(), char.lower()) if len(each) == 1), char)
        return ord(folded) << kernels.FLAGS
    return kernels.IGNORED if category == "Cf" else kernels.SEPARATOR


def _class_unstable(table: NDArray[np.uint64], codes: Iterable[int]) -> None:
    """Class code points that normalising changes by what they become, and flag those that neighbours have a say in.

    A character that normalises to one other, or to separators alone, is classed like these, wherever it stands. It
    stands beside others unchanged unless it composes with what comes before it, which marks and some vowels do.
    """
    changing, joining = [], set(_JAMO)
    for code in codes:
        char = chr(code)
        parts = unicodedata.decomposition(char).split()
        if parts:
            changing.append(code)
            if len(parts) == 2 and not parts[0].startswith("<"):
                joining.add(int(parts[1], 16))
        if unicodedata.combining(char):
            joining.add(code)
    for code in changing:
        normal = [ord(char) for char in unicodedata.normalize("NFKC", chr(code))]
        kinds = {int(table[each]) for each in normal}
        if normal[0] not in joining and (len(normal) == 1 or kinds == {kernels.SEPARATOR}):
            table[code] = kinds.pop()
        else:
            table[code] |= np.uint64(kernels.UNSTABLE)
    table[list(joining)] |= np.uint64(kernels.UNSTABLE)
