"""Postings on disk: filed as they come, looked up under many keys at once.

A log-structured merge (P. O'Neil et al., "The log-structured merge-tree", 1996): the keys of the newest articles wait
by article, `PENDING` of them make a segment in the order of the keys, and two segments of a level make one of the
next. All of it happens inside the transactions that bring the articles, so a crash leaves nothing half-done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from syndicate.errors import StoreError
from syndicate.index.postings import (
    BLOCK,
    SIZE_BITS,
    WHOLE,
    Blocks,
    blocks_of,
    pack_fences,
    unpack_fences,
    unpack_keys,
)
from syndicate.index.probe import probe, scan
from syndicate.index.storage import Segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from syndicate.index.storage import Store

PENDING: Final = 1_024
"""Articles whose keys wait before they are made a segment."""
FAN_IN: Final = 2
"""Segments of one level that are merged into one of the next. Every look-up goes through all segments; with four, a
million articles lie in eight of them, and with two in five, for twice as much merging."""
HIGHEST: Final = 10
"""The level of segments that are merged no more: a million articles, and what a writer waits for stays bounded."""
MOST_DEAD: Final = 65_536
"""Dead articles from which on all segments are written anew without them."""
_STEP: Final = 4_096
"""Blocks that are merged at a time."""


class Found(NamedTuple):
    """Postings under some keys.

    Attributes:
        keys: int64: which of the keys was looked up.
        postings: uint32: what stands under it.
        common: int64: which keys stand in so many articles that they were not read, ascending.
    """

    keys: NDArray[np.int64]
    postings: NDArray[np.uint32]
    common: NDArray[np.int64]


class Segments:
    """The postings of an index.

    What never changes is kept in memory: fences, and the keys of articles that wait. Both go by numbers that never
    come again, and are kept only when they are read outside of a write, so another process's work is always seen.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.filed = 0
        """Blocks that were made of what waited."""
        self._fences: dict[int, NDArray[np.uint32]] = {}
        self._waiting: dict[int, NDArray[np.uint32]] = {}
        self._keys = self._postings = np.empty(0, np.uint32)

    def find(self, keys: NDArray[np.uint32], most: int) -> Found:
        """Look ascending keys up.

        Args:
            keys: The keys.
            most: A key under which more postings than this surely stand need not be read.

        Raises:
            StoreError: A block is damaged or missing.
        """
        waiting_keys, waiting_postings = self._pending()
        found, places = scan(keys, waiting_keys)
        asked, wanted, common = self._places(keys, most)
        if not wanted.size:
            return Found(found, waiting_postings[places], common)
        numbers = np.unique(wanted)
        blocks = self.checked(Blocks.of(self._store.blocks(numbers.tolist())))
        if blocks.names.size != numbers.size:
            missing = int(np.setdiff1d(numbers, blocks.names)[0])
            raise StoreError(f"{self._store.name}: damaged: block {missing} is missing")
        rows = np.searchsorted(numbers, wanted)
        in_blocks, postings = probe(blocks.words, blocks.starts[rows], blocks.sizes[rows], asked, keys)
        return Found(np.concatenate([found, in_blocks]), np.concatenate([waiting_postings[places], postings]), common)

    def _pending(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """All keys that wait, with their postings."""
        numbers = self._store.pending_numbers()
        if numbers != list(self._waiting):
            missing = [number for number in numbers if number not in self._waiting]
            read = {number: self._unpacked(number, stored) for number, stored in self._store.pending(missing)}
            known = self._waiting | read
            lost = next((number for number in numbers if number not in known), None)
            if lost is not None:
                raise StoreError(f"{self._store.name}: damaged: the pending keys of article number {lost}")
            self._waiting = {number: known[number] for number in numbers}
            rows = self._waiting.values()
            self._keys = np.concatenate([np.empty(0, np.uint32), *(row[0] for row in rows)])
            self._postings = np.concatenate([np.empty(0, np.uint32), *(row[1] for row in rows)])
        return self._keys, self._postings

    def _unpacked(self, number: int, stored: bytes) -> NDArray[np.uint32]:
        """The keys of an article that waits, and as many postings."""
        keys = unpack_keys(number, stored)
        if keys is None:
            raise StoreError(f"{self._store.name}: damaged: the pending keys of article number {number}")
        return np.stack([keys.keys, np.full(keys.keys.size, keys.posting(number), np.uint32)])

    def _places(
        self, keys: NDArray[np.uint32], most: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Which keys may lie in which blocks, and which keys fill more blocks than are to be read."""
        asked, wanted, spans = [], [], np.zeros(keys.size, np.int64)
        segments = self._store.segments()
        known = {segment.number: self._fences.get(segment.number) for segment in segments}
        self._fences = {
            segment.number: self.fences(segment) if (old := known[segment.number]) is None else old
            for segment in segments
        }
        for segment in segments:
            fences = self._fences[segment.number]
            last = np.searchsorted(fences, keys, "right") - 1
            first = np.where(last < 0, 0, np.maximum(np.searchsorted(fences, keys) - 1, 0))
            counts = last - first + 1
            spans += np.maximum(counts - 2, 0)
            within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
            asked.append(np.repeat(np.arange(keys.size), counts))
            wanted.append(np.repeat(first, counts) + within + segment.first)
        common = spans * BLOCK > most
        if not asked:
            return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64)
        keys_at, blocks = np.concatenate(asked), np.concatenate(wanted)
        read = ~common[keys_at]
        return keys_at[read], blocks[read], np.flatnonzero(common)

    def fences(self, segment: Segment) -> NDArray[np.uint32]:
        """The first keys of a segment's blocks.

        Raises:
            StoreError: They are damaged.
        """
        fences = unpack_fences(segment, self._store.fences(segment.number))
        if fences is None:
            raise StoreError(f"{self._store.name}: damaged: the fences of segment {segment.number}")
        return fences

    def checked(self, blocks: Blocks) -> Blocks:
        """Blocks that are whole.

        Raises:
            StoreError: One is damaged.
        """
        wrong = blocks.damaged()
        if wrong:
            raise StoreError(f"{self._store.name}: damaged: the checksum of block {wrong[0]} does not hold")
        return blocks

    def census(self, most: int) -> tuple[int, int]:
        """Count postings, and keys of samples under which more articles than `most` stand; reads all segments."""
        dead = np.array(self._store.dead(), np.int64)
        waiting, times = np.unique(self._pending()[0], return_counts=True)
        segments = self._store.segments()
        total = common = 0
        seen = np.empty(0, np.uint32)
        for keys, postings in self.merged(segments) if segments else ():
            total += keys.size
            living = keys[~np.isin(postings >> SIZE_BITS, dead)] if dead.size else keys
            edges = np.append(np.flatnonzero(np.diff(living, prepend=~living[:1])), living.size)
            values, counts = living[edges[:-1]], np.diff(edges)
            places = np.minimum(np.searchsorted(waiting, values), max(waiting.size - 1, 0))
            if waiting.size:
                counts = counts + np.where(waiting[places] == values, times[places], 0)
            many = (counts > most) & (values < WHOLE)
            seen = np.concatenate([seen, values[many]])
            common += int(many.sum())
        only_waiting = (times > most) & (waiting < WHOLE) & ~np.isin(waiting, seen)
        return total, common + int(only_waiting.sum())

    def file(self) -> None:
        """Make segments of what waits, and merge those that are due, if this transaction may; called in a write."""
        if len(self._store.pending_numbers()) < PENDING or not self._store.may_file():
            return
        self._flush()
        while due := _due(self._store.segments()):
            self._merge(due)
        if self._store.dead_count() > MOST_DEAD:
            for segment in self._store.segments():
                self._merge([segment])

    def settle(self, since: int) -> None:
        """Merge the smaller segments, as far as that is no more than twice the work of filing what came since.

        Every look-up goes through all segments, so this is worth it once much was added; called in a write.

        Args:
            since: What `filed` was before.
        """
        if not self._store.may_file():
            return
        segments = sorted(self._store.segments(), key=lambda segment: (segment.blocks, segment.number))
        sizes = np.cumsum([segment.blocks for segment in segments])
        small = sorted(segments[: int(np.searchsorted(sizes, 2 * (self.filed - since), "right"))])
        if len(small) > 1:
            self._merge(small)

    def _flush(self) -> None:
        """Make a segment of all that waits."""
        rows = self._store.take_pending(self._store.pending_numbers())
        waiting = [self._unpacked(number, stored) for number, stored in rows]
        keys, postings = np.concatenate(waiting, axis=1)
        order = np.argsort(keys, kind="stable")
        self.filed += self._write(iter([(keys[order], postings[order])]), 0)

    def _merge(self, segments: Sequence[Segment]) -> None:
        """Make one segment of several, the oldest first, without dead articles."""
        dead = np.array(self._store.dead(), np.int64)
        gone: set[int] = set()
        blocks = [segment.blocks for segment in segments]
        level = max(segment.level for segment in segments) + (2 * sum(blocks) >= 3 * max(blocks))
        self._write(self._without(self.merged(segments), dead, gone), level)
        self._store.drop_segments(segments)
        self._store.forget(sorted(gone))

    @staticmethod
    def _without(
        pieces: Iterator[tuple[NDArray[np.uint32], NDArray[np.uint32]]], dead: NDArray[np.int64], gone: set[int]
    ) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
        """Postings but for those of dead articles, which are told to `gone`."""
        for keys, postings in pieces:
            numbers = postings >> SIZE_BITS
            is_dead = np.isin(numbers, dead) if dead.size else np.zeros(numbers.size, np.bool_)
            gone.update(np.unique(numbers[is_dead]).tolist())
            yield keys[~is_dead], postings[~is_dead]

    def merged(self, segments: Sequence[Segment]) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
        """All postings of segments in the order of their keys, a few million at a time.

        Raises:
            StoreError: A block is damaged or missing.
        """
        fences = {segment: self.fences(segment) for segment in segments}
        cuts = np.unique(np.sort(np.concatenate(list(fences.values())))[_STEP::_STEP]).tolist()
        for low, high in zip([0, *cuts], [*cuts, 1 << 32], strict=True):
            pieces = [self._between(segment, fences[segment], low, high) for segment in segments]
            keys, postings = np.concatenate(pieces, axis=1)
            order = np.argsort(keys, kind="stable")
            yield keys[order], postings[order]

    def _between(self, segment: Segment, fences: NDArray[np.uint32], low: int, high: int) -> NDArray[np.uint32]:
        """Keys of a segment from one to below another, and their postings."""
        first = max(int(np.searchsorted(fences, np.uint64(low))) - 1, 0)
        last = int(np.searchsorted(fences, np.uint64(high))) - 1
        if last < first:
            return np.empty((2, 0), np.uint32)
        blocks = Blocks.of(self._store.block_range(segment.first + first, segment.first + last))
        if blocks.names.size != last - first + 1:
            raise StoreError(f"{self._store.name}: damaged: blocks of segment {segment.number} are missing")
        keys, postings = self.checked(blocks).unpacked()
        start, end = np.searchsorted(keys, np.array([low, high], np.uint64))
        return np.stack([keys[start:end], postings[start:end]])

    def _write(self, pieces: Iterator[tuple[NDArray[np.uint32], NDArray[np.uint32]]], level: int) -> int:
        """Make a segment of postings in the order of their keys, none of no postings; how many blocks it has."""
        number = self._store.new_segment()
        start = Segment(number, level, 0).first
        fences: list[NDArray[np.uint32]] = []
        count = 0
        left_keys = left_postings = np.empty(0, np.uint32)
        for more_keys, more_postings in pieces:
            keys, postings = np.concatenate([left_keys, more_keys]), np.concatenate([left_postings, more_postings])
            full = keys.size // BLOCK * BLOCK
            self._store.add_blocks(blocks_of(keys[:full], postings[:full], start + count))
            fences.append(keys[:full:BLOCK])
            count += full // BLOCK
            left_keys, left_postings = keys[full:], postings[full:]
        if left_keys.size:
            self._store.add_blocks(blocks_of(left_keys, left_postings, start + count))
            fences.append(left_keys[:1])
            count += 1
        if count:
            segment = Segment(number, level, count)
            self._store.add_segment(segment, pack_fences(segment, np.concatenate(fences)))
        return count


def _due(segments: Sequence[Segment]) -> list[Segment]:
    """Segments of the lowest level that has enough of them to be merged."""
    for level in range(HIGHEST):
        alike = [segment for segment in segments if segment.level == level]
        if len(alike) >= FAN_IN:
            return alike
    return []
