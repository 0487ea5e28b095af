"""What an index asks of the database under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

FORMAT: Final = 1
"""The number of the way in which an index is laid out; a newer one is refused."""
BUSY: Final = 60
"""Seconds that a write waits for another's to end before it gives up."""
SEGMENT_BITS: Final = 24
"""A block's number is its segment's, shifted by so many bits, and its place in it."""

T = TypeVar("T")


class Row(NamedTuple):
    """An article as it is stored.

    Attributes:
        id: In UTF-8, lone surrogates included.
        record: Fingerprint and facts.
        text: Compressed.
    """

    id: bytes
    record: bytes
    text: bytes


class Stored(NamedTuple):
    """An article in the store; its number is never used again once it is removed."""

    number: int
    row: Row


class Segment(NamedTuple):
    """Postings in the order of their keys, written once and never changed.

    Attributes:
        number: Its own, never used again.
        level: How often postings of it were merged; one more is twice as large.
        blocks: How many it has.
    """

    number: int
    level: int
    blocks: int

    @property
    def first(self) -> int:
        """The number of its first block."""
        return self.number << SEGMENT_BITS


class Store(Protocol):
    """A database. All but `read`, `write` and `close` are called inside of one of the first two.

    Every error of the database comes out as a `StoreError` that names it.
    """

    name: str
    """How messages name it: a path, or an address without its password."""

    def read(self, work: Callable[[], T]) -> T:
        """Run a piece of work that sees one state of the database throughout."""

    def write(self, work: Callable[[], T], *, alone: bool = False) -> T:
        """Run a piece of work that is carried out whole or not at all; it may be run again after a conflict.

        Args:
            work: The work.
            alone: Let no other write while it runs: it sees one state throughout, as a read does, and runs once.
        """

    def close(self) -> None:
        """Let the database go."""

    def recipe(self) -> str:
        """The recipe of the fingerprints in it."""

    def mark(self, name: str) -> str | None:
        """What was marked under a name; None if nothing was."""

    def set_mark(self, name: str, value: str | None) -> None:
        """Mark something under a name, or forget it."""

    def count(self) -> int:
        """How many articles there are."""

    def size(self) -> int:
        """Bytes it takes on disk; 0 in memory."""

    def damage(self) -> list[str]:
        """What the database itself finds wrong with its structure."""

    def ids(self, after: bytes, most: int) -> list[bytes]:
        """The ids that follow one, in order."""

    def find(self, ids: Sequence[bytes]) -> list[Stored]:
        """The articles with these ids that are there."""

    def records(self, numbers: Sequence[int]) -> list[tuple[int, bytes, bytes]]:
        """Number, id and record of the articles with these numbers, in order of the numbers."""

    def texts(self, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
        """Number and text of the articles with these numbers."""

    def numbers(self, after: int, most: int) -> list[int]:
        """The numbers that follow one, in order."""

    def insert(self, rows: Sequence[Row]) -> list[int]:
        """Store new articles, and give them numbers."""

    def update(self, rows: Iterable[Stored]) -> None:
        """Put other records and texts in the place of stored ones."""

    def delete(self, numbers: Sequence[int]) -> None:
        """Take articles out."""

    def pending_numbers(self) -> list[int]:
        """Numbers of the articles that are in no segment yet, in order."""

    def pending(self, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
        """Keys of articles that are in no segment yet."""

    def add_pending(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """Keep keys until they are filed."""

    def take_pending(self, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
        """Give up the keys of these articles, of those that are in no segment yet."""

    def dead(self) -> list[int]:
        """Numbers whose postings still lie in a segment although the article is gone, in order."""

    def dead_count(self) -> int:
        """How many there are of those."""

    def dead_among(self, numbers: Sequence[int]) -> list[int]:
        """Which of these numbers are."""

    def bury(self, numbers: Sequence[int]) -> None:
        """Make a note of dead numbers."""

    def forget(self, numbers: Sequence[int]) -> None:
        """Drop the note: their postings are gone."""

    def may_file(self) -> bool:
        """Whether this transaction, and no other, may make and drop segments from now on."""

    def segments(self) -> list[Segment]:
        """All segments, the oldest first."""

    def new_segment(self) -> int:
        """A number for a segment."""

    def add_segment(self, segment: Segment, fences: bytes) -> None:
        """Make a segment known, when its blocks are there."""

    def drop_segments(self, segments: Sequence[Segment]) -> None:
        """Drop segments and their blocks."""

    def fences(self, number: int) -> bytes:
        """The fences of a segment."""

    def add_blocks(self, blocks: Sequence[tuple[int, bytes]]) -> None:
        """Store blocks."""

    def blocks(self, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
        """The blocks of these numbers that are there, in order."""

    def block_count(self) -> int:
        """How many blocks there are, of known segments or not."""

    def block_range(self, first: int, last: int) -> list[tuple[int, bytes]]:
        """The blocks from one number to another, both included, in order."""
