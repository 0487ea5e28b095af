"""A corpus as matching holds it: its texts in a spool, its fingerprints' keys as arrays.

Articles are numbered in the order of their ids, so that nothing found depends on the order in which they came.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from syndicate.encoding import decoded
from syndicate.keys import BANDED, band_keys
from syndicate.sketch import FEWEST_SHINGLES, sketch_encoded
from syndicate.verify import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from syndicate.spool import Spool

BATCH: Final = 2048
"""Texts that are fingerprinted at a time."""


class Keys(NamedTuple):
    """What the fingerprints of some texts are filed under; row i is text number i.

    Attributes:
        wholes: uint64: a hash of each text's whole token sequence; 0 for a text without tokens.
        bands: uint32, shape (banded texts, 32): the upper halves of band keys.
        banded: int64: which texts these are; the others are filed under their samples alone.
        samples: uint32: sampled shingle hashes, text after text; none of a text too short for a fingerprint.
        sizes: int32: how many of these each text has.
        printed: bool: whether the text is long enough for a fingerprint.
    """

    wholes: NDArray[np.uint64]
    bands: NDArray[np.uint32]
    banded: NDArray[np.int64]
    samples: NDArray[np.uint32]
    sizes: NDArray[np.int32]
    printed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Articles numbered in the order of their ids.

    Attributes:
        ids, outlets: By number; an outlet's name is folded, "" where it is not known.
        places: By number, where in the spool, and in `keys`, the article stands.
        keys: What the articles' fingerprints are filed under, in the order of the spool.
        spool: The texts.
    """

    ids: tuple[str, ...]
    outlets: tuple[str, ...]
    places: NDArray[np.int64]
    keys: Keys
    spool: Spool

    def words(self, number: int) -> str:
        """An article's text."""
        return decoded(self._data(number))

    def text(self, number: int) -> Text:
        """What is compared of an article."""
        return Text(self.ids[number], self.outlets[number], self._data(number))

    def _data(self, number: int) -> bytes:
        return self.spool.read(int(self.places[number]))


def read_corpus(texts: Iterable[Text], spool: Spool, threads: int) -> Corpus:
    """Set down texts, and keep their fingerprints' keys.

    Args:
        texts: Each with an id of its own.
        spool: An empty one.
        threads: How many fingerprint at once.
    """
    ids: list[str] = []
    outlets: list[str] = []
    found: list[Keys] = []

    def noted() -> Iterator[bytes]:
        for text in texts:
            ids.append(text.id)
            outlets.append(text.outlet)
            yield text.data

    source = noted()
    with ThreadPoolExecutor(1) as ahead:  # the next texts are read while these are worked on
        waiting = None
        while batch := list(islice(source, BATCH)):
            if waiting is not None:
                found.append(waiting.result())
            waiting = ahead.submit(_keys, batch, spool, threads)
        if waiting is not None:
            found.append(waiting.result())
    spool.flush()
    places = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
    by_id = places.tolist()
    keys = _joined(found or [_keys([], spool, threads)])
    return Corpus(tuple(ids[at] for at in by_id), tuple(outlets[at] for at in by_id), places, keys, spool)


def _keys(data: list[bytes], spool: Spool, threads: int) -> Keys:
    spool.extend(data)
    sketches = sketch_encoded(data, threads=threads, longest=BANDED)
    printed = sketches.counts >= FEWEST_SHINGLES
    banded = np.flatnonzero(printed & (sketches.counts <= BANDED))
    bands = (band_keys(sketches.signatures[banded]) >> np.uint64(32)).astype(np.uint32)
    sizes = np.diff(sketches.sample_ends, prepend=0).astype(np.int32)
    return Keys(sketches.wholes, bands, banded, sketches.samples, sizes, printed)


def _joined(parts: list[Keys]) -> Keys:
    """The keys of texts that were fingerprinted part by part."""
    columns = Keys(*map(np.concatenate, zip(*parts, strict=True)))
    starts = np.cumsum([0, *(part.wholes.size for part in parts[:-1])])
    return columns._replace(banded=columns.banded + np.repeat(starts, [part.banded.size for part in parts]))
