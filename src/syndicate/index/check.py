"""Damage in an index, looked for everywhere."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from syndicate.errors import InputError, StoreError
from syndicate.index.postings import SIZE_BITS, unpack_keys
from syndicate.index.records import article_of, shown_id, unpack, unpack_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from syndicate.index.postings import Keys
    from syndicate.index.segments import Segments
    from syndicate.index.storage import Store

_STEP: Final = 1_000
"""Articles that are read at a time."""
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_SIZE: Final = np.uint32((1 << SIZE_BITS) - 1)
_R29: Final = np.uint64(29)


class _Filed(NamedTuple):
    """Under which keys articles are filed, as numbers to be added up by article; they wrap at 2^64."""

    numbers: NDArray[np.int64]
    mixed: NDArray[np.uint64]


def find_damage(store: Store, segments: Segments) -> tuple[str, ...]:
    """Look at everything that is stored; called in a read.

    Beyond the checksums, each article's keys must be those that its fingerprint gives: they are mixed and added up by
    article, once as they are filed and once, with the other sign, as they should be.
    """
    damage = store.damage()
    sums = np.zeros(1, np.uint64)
    for part in (_in_segments(store, segments), _in_pending(store), _in_articles(store)):
        try:
            for piece in part:
                if isinstance(piece, str):
                    damage.append(piece)
                elif piece.numbers.size:
                    missing = int(piece.numbers.max()) + 1 - sums.size
                    sums = np.append(sums, np.zeros(max(missing, sums.size), np.uint64)) if missing > 0 else sums
                    np.add.at(sums, piece.numbers, piece.mixed)
        except StoreError as error:
            damage.append(str(error))
    if not damage:
        left, dead = np.flatnonzero(sums), np.array(store.dead(), np.int64)
        odd = np.setdiff1d(left, dead)
        damage += [
            f"article number {number} is noted as dead, and is not" for number in np.setdiff1d(dead, left).tolist()
        ]
        damage += [f"article number {number} is not filed as its fingerprint says" for number in odd.tolist()]
    return tuple(damage)


def _in_segments(store: Store, segments: Segments) -> Iterator[str | _Filed]:
    blocks = 0
    for segment in store.segments():
        blocks += segment.blocks
        firsts = segments.fences(segment)
        if np.any(firsts[1:] < firsts[:-1]):
            yield f"segment {segment.number}: its fences are not in order"
        for keys, postings in segments.merged([segment]):
            yield _Filed((postings >> SIZE_BITS).astype(np.int64), _mixed(keys, postings & _SIZE))
    if blocks != store.block_count():
        yield f"{store.block_count():,} blocks where the segments have {blocks:,}"


def _in_pending(store: Store) -> Iterator[str | _Filed]:
    for number, stored in store.pending(store.pending_numbers()):
        keys = unpack_keys(number, stored)
        yield f"the pending keys of article number {number} are damaged" if keys is None else _filed(number, keys)


def _in_articles(store: Store) -> Iterator[str | _Filed]:
    after = count = 0
    while numbers := store.numbers(after, _STEP):
        texts = dict(store.texts(numbers))
        for number, name, stored in store.records(numbers):
            try:
                record = unpack(name, stored)
                article_of(name, record, unpack_text(name, texts[number]))
            except (StoreError, InputError, ValueError, zlib.error) as error:
                yield str(error)
            except KeyError:
                yield f"article {shown_id(name)!r} has no text"
            else:
                numbers_, mixed = _filed(number, record.keys())
                yield _Filed(numbers_, np.uint64(0) - mixed)
        after = numbers[-1]
        count += len(numbers)
    if count != store.count():
        yield f"{store.count():,} articles by their ids where there are {count:,} by their numbers"


def _filed(number: int, keys: Keys) -> _Filed:
    sizes = np.full(keys.keys.size, keys.size, np.uint32)
    return _Filed(np.full(keys.keys.size, number, np.int64), _mixed(keys.keys, sizes))


def _mixed(keys: NDArray[np.uint32], sizes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    mixed = (keys.astype(np.uint64) << np.uint64(SIZE_BITS) | sizes) * _MIX
    mixed ^= mixed >> _R29
    mixed *= _MIX
    return mixed
