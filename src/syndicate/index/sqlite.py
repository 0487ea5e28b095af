"""An index in one SQLite file, or in memory.

Write-ahead logging: many read while one writes, each seeing one state. A new file gets its name only when it is
complete, so a file without its tables is a damaged one, not one to be begun.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from syndicate.errors import StoreError
from syndicate.index.storage import BUSY, FORMAT, SEGMENT_BITS, Row, Segment, Stored
from syndicate.sketch import RECIPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

MEMORY: Final = ":memory:"
_APPLICATION: Final = 0x53594E44  # "SYND"
_MAGIC: Final = b"SQLite format 3\0"
_AFRESH: Final = "make the index anew from the cleaned articles"
_SCHEMA: Final = f"""
    PRAGMA page_size = 8192;
    PRAGMA application_id = {_APPLICATION};
    PRAGMA user_version = {FORMAT};
    CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE articles (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, record BLOB NOT NULL);
    CREATE TABLE texts (number INTEGER PRIMARY KEY, text BLOB NOT NULL);
    CREATE TABLE pending (number INTEGER PRIMARY KEY, keys BLOB NOT NULL);
    CREATE TABLE dead (number INTEGER PRIMARY KEY);
    CREATE TABLE segments (number INTEGER PRIMARY KEY, level INTEGER, blocks INTEGER, fences BLOB NOT NULL);
    CREATE TABLE blocks (number INTEGER PRIMARY KEY, postings BLOB NOT NULL);
"""
_AMONG: Final = "number IN (SELECT value FROM json_each(?))"
_MARK: Final = "mark:"
"""What the names of marks begin with, beside those of counters."""
_IDS_AT_ONCE: Final = 500
"""Parameters in one statement."""

_KINDS: Final = {"i": int, "b": bytes}

T = TypeVar("T")


class SqliteStore:
    """The store of an index in a file.

    Raises:
        StoreError: The file is no index, damaged, of another format, or cannot be opened.
    """

    def __init__(self, path: str, *, create: bool = True) -> None:
        self.name = path
        self._path = path
        with self._named():
            if path != MEMORY:
                _look(Path(path), create=create)
            self._connection = sqlite3.connect(path, timeout=BUSY, isolation_level=None)
            self._run = self._connection.execute
            try:
                if path == MEMORY:
                    _make(self._connection)
                self._settle()
            except BaseException:
                self._connection.close()
                raise

    def _settle(self) -> None:
        """Check what the file says of itself, and how it is to be used."""
        (application,), (version,) = (
            self._run(f"PRAGMA {what}").fetchone() for what in ("application_id", "user_version")
        )
        if application != _APPLICATION:
            raise StoreError(f"{self.name}: a SQLite database, but not an index of syndicate")
        if version != FORMAT:
            raise StoreError(
                f"{self.name}: an index of format {version}; this version of syndicate reads format {FORMAT}: "
                f"{'upgrade syndicate' if version > FORMAT else _AFRESH}"
            )
        # Every transaction is on disk before it counts, and a large merge does not leave a large log for good.
        for pragma in ("synchronous = FULL", "journal_size_limit = 67108864", "cache_size = -65536"):
            self._run(f"PRAGMA {pragma}")

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Errors of SQLite come out with the file's name and what can be done."""
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"{self.name}: {_told(error)}") from error
        except UnicodeDecodeError as error:  # SQLite's words quote what is left of a table's name
            raise StoreError(f"{self.name}: damaged ({error}); {_AFRESH}") from error
        except BrokenPipeError:
            raise  # of what `settle` writes to: its reader has seen enough
        except OSError as error:
            raise StoreError(f"{self.name}: {error.strerror or error}") from error

    def read(self, work: Callable[[], T]) -> T:
        """Run a piece of work that sees one state of the database throughout."""
        return self._transaction("BEGIN", work)

    def write(self, work: Callable[[], T], *, alone: bool = False) -> T:  # noqa: ARG002 - a write is always alone
        """Run a piece of work that is carried out whole or not at all."""
        return self._transaction("BEGIN IMMEDIATE", work)

    def _transaction(self, begin: str, work: Callable[[], T]) -> T:
        with self._named():
            self._run(begin)
            try:
                result = work()
                self._run("COMMIT")
            except BaseException:
                # Where the disk is full, SQLite has rolled back already.
                with suppress(sqlite3.Error):
                    self._run("ROLLBACK")
                raise
        return result

    def close(self) -> None:
        """Close the file."""
        with self._named():
            self._connection.close()

    def _one(self, statement: str, *values: Any) -> Any:
        row = self._run(statement, values).fetchone()
        return row[0] if row else None

    def _all(self, kinds: str, statement: str, *values: Any) -> list[Any]:
        """Rows of values of these kinds, "i" an integer and "b" bytes; any cell of SQLite may hold anything."""
        rows = self._run(statement, values).fetchall()
        if rows and [set(map(type, column)) for column in zip(*rows, strict=True)] != [
            {_KINDS[kind]} for kind in kinds
        ]:
            raise StoreError(f"{self.name}: damaged (a value of another kind than is kept there); {_AFRESH}")
        return rows

    def _column(self, kind: str, statement: str, *values: Any) -> list[Any]:
        return [value for (value,) in self._all(kind, statement, *values)]

    def _only(self, kind: str, what: str, statement: str, value: Any) -> Any:
        values = self._column(kind, statement, value)
        if not values:
            raise StoreError(f"{self.name}: damaged (no {what}); {_AFRESH}")
        return values[0]

    def _many(self, statement: str, rows: Iterable[Any]) -> None:
        self._connection.executemany(statement, rows)

    def recipe(self) -> str:
        """The recipe of the fingerprints in it."""
        return str(self._one("SELECT value FROM meta WHERE name = 'recipe'"))

    def mark(self, name: str) -> str | None:
        """What was marked under a name; None if nothing was."""
        value = self._one("SELECT value FROM meta WHERE name = ?", f"{_MARK}{name}")
        return None if value is None else str(value)

    def set_mark(self, name: str, value: str | None) -> None:
        """Mark something under a name, or forget it."""
        self._run("DELETE FROM meta WHERE name = ?", (f"{_MARK}{name}",))
        if value is not None:
            self._run("INSERT INTO meta VALUES (?, ?)", (f"{_MARK}{name}", value))

    def count(self) -> int:
        """How many articles there are."""
        return int(self._one("SELECT count(*) FROM articles"))

    def size(self) -> int:
        """Bytes of the file, its log not counted; 0 in memory."""
        pages, page = self._one("PRAGMA page_count"), self._one("PRAGMA page_size")
        return 0 if self._path == MEMORY else int(pages) * int(page)

    def damage(self) -> list[str]:
        """What SQLite's own check of the structure finds; and counters that would give numbers out again."""
        found = [str(line) for (line,) in self._run("PRAGMA integrity_check")]
        damage = [] if found == ["ok"] else found
        for table in ("articles", "segments"):
            last = self._one(f"SELECT max(number) FROM {table}") or 0  # noqa: S608
            if self._counter(table) < last:
                damage.append(f"the counter of {table} is behind")
        return damage

    def ids(self, after: bytes, most: int) -> list[bytes]:
        """The ids that follow one, in order."""
        return self._column("b", "SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT ?", after, most)

    def find(self, ids: Sequence[bytes]) -> list[Stored]:
        """The articles with these ids that are there."""
        found: list[Stored] = []
        for start in range(0, len(ids), _IDS_AT_ONCE):
            some = ids[start : start + _IDS_AT_ONCE]
            found += (
                Stored(number, Row(id, record, text))
                for number, id, record, text in self._all(  # noqa: A001
                    "ibbb",
                    "SELECT number, id, record, text FROM articles JOIN texts USING (number) "  # noqa: S608
                    f"WHERE id IN ({','.join('?' * len(some))})",
                    *some,
                )
            )
        return found

    def records(self, numbers: Sequence[int]) -> list[tuple[int, bytes, bytes]]:
        """Number, id and record of the articles with these numbers, in order of the numbers."""
        return self._among("ibb", "SELECT number, id, record FROM articles", numbers)

    def texts(self, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
        """Number and text of the articles with these numbers."""
        return self._among("ib", "SELECT number, text FROM texts", numbers)

    def numbers(self, after: int, most: int) -> list[int]:
        """The numbers that follow one, in order."""
        return self._column("i", "SELECT number FROM articles WHERE number > ? ORDER BY number LIMIT ?", after, most)

    def _among(self, kinds: str, statement: str, numbers: Sequence[int]) -> list[Any]:
        return self._all(kinds, f"{statement} WHERE {_AMONG} ORDER BY number", json.dumps(numbers))

    def insert(self, rows: Sequence[Row]) -> list[int]:
        """Store new articles, and give them numbers."""
        last = self._counted("articles", len(rows))
        numbers = list(range(last - len(rows) + 1, last + 1))
        articles = ((number, row.id, row.record) for number, row in zip(numbers, rows, strict=True))
        self._many("INSERT INTO articles VALUES (?, ?, ?)", articles)
        self._many("INSERT INTO texts VALUES (?, ?)", zip(numbers, (row.text for row in rows), strict=True))
        return numbers

    def _counted(self, what: str, more: int) -> int:
        """A counter, moved on."""
        self._run("UPDATE meta SET value = value + ? WHERE name = ?", (more, what))
        return self._counter(what)

    def _counter(self, what: str) -> int:
        """The last number that was given out."""
        return int(self._only("i", f"counter of {what}", "SELECT value FROM meta WHERE name = ?", what))

    def update(self, rows: Iterable[Stored]) -> None:
        """Put other records and texts in the place of stored ones."""
        for number, row in rows:
            self._run("UPDATE articles SET record = ? WHERE number = ?", (row.record, number))
            self._run("UPDATE texts SET text = ? WHERE number = ?", (row.text, number))

    def delete(self, numbers: Sequence[int]) -> None:
        """Take articles out."""
        self._drop("articles", numbers)
        self._drop("texts", numbers)

    def _drop(self, table: str, numbers: Sequence[int]) -> None:
        self._many(f"DELETE FROM {table} WHERE number = ?", ((number,) for number in numbers))  # noqa: S608

    def pending_numbers(self) -> list[int]:
        """Numbers of the articles that are in no segment yet, in order."""
        return self._column("i", "SELECT number FROM pending ORDER BY number")

    def pending(self, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
        """Keys of articles that are in no segment yet."""
        return self._among("ib", "SELECT number, keys FROM pending", numbers)

    def add_pending(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """Keep keys until they are filed."""
        self._many("INSERT INTO pending VALUES (?, ?)", rows)

    def take_pending(self, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
        """Give up the keys of these articles, of those that are in no segment yet."""
        rows = self.pending(numbers)
        self._drop("pending", [number for number, _ in rows])
        return rows

    def dead(self) -> list[int]:
        """Numbers whose postings still lie in a segment although the article is gone, in order."""
        return self._column("i", "SELECT number FROM dead ORDER BY number")

    def dead_count(self) -> int:
        """How many there are of those."""
        return int(self._one("SELECT count(*) FROM dead"))

    def dead_among(self, numbers: Sequence[int]) -> list[int]:
        """Which of these numbers are."""
        return [number for (number,) in self._among("i", "SELECT number FROM dead", numbers)]

    def bury(self, numbers: Sequence[int]) -> None:
        """Make a note of dead numbers."""
        self._many("INSERT INTO dead VALUES (?)", ((number,) for number in numbers))

    def forget(self, numbers: Sequence[int]) -> None:
        """Drop the note: their postings are gone."""
        self._drop("dead", numbers)

    def may_file(self) -> bool:
        """Whether this transaction may make and drop segments: it is the only one that writes."""
        return True

    def segments(self) -> list[Segment]:
        """All segments, the oldest first."""
        return [
            Segment(*row) for row in self._all("iii", "SELECT number, level, blocks FROM segments ORDER BY number")
        ]

    def new_segment(self) -> int:
        """A number for a segment."""
        return self._counted("segments", 1)

    def add_segment(self, segment: Segment, fences: bytes) -> None:
        """Make a segment known, when its blocks are there."""
        self._run("INSERT INTO segments VALUES (?, ?, ?, ?)", (*segment, fences))

    def drop_segments(self, segments: Sequence[Segment]) -> None:
        """Drop segments and their blocks."""
        for segment in segments:
            self._run(
                "DELETE FROM blocks WHERE number BETWEEN ? AND ?",
                (segment.first, segment.first + (1 << SEGMENT_BITS) - 1),
            )
        self._drop("segments", [segment.number for segment in segments])

    def fences(self, number: int) -> bytes:
        """The fences of a segment."""
        return bytes(self._only("b", f"segment {number}", "SELECT fences FROM segments WHERE number = ?", number))

    def add_blocks(self, blocks: Sequence[tuple[int, bytes]]) -> None:
        """Store blocks."""
        self._many("INSERT INTO blocks VALUES (?, ?)", blocks)

    def blocks(self, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
        """The blocks of these numbers that are there, in order."""
        return self._among("ib", "SELECT number, postings FROM blocks", numbers)

    def block_count(self) -> int:
        """How many blocks there are, of known segments or not."""
        return int(self._one("SELECT count(*) FROM blocks"))

    def block_range(self, first: int, last: int) -> list[tuple[int, bytes]]:
        """The blocks from one number to another, both included, in order."""
        statement = "SELECT number, postings FROM blocks WHERE number BETWEEN ? AND ? ORDER BY number"
        return self._all("ib", statement, first, last)


def _look(path: Path, *, create: bool) -> None:
    """Make an index where there is no file; refuse a file that is none, without touching it."""
    if not path.exists():
        if not create:
            raise StoreError(f"{path}: no such index; 'syndicate index add' makes one")
        _make_file(path)
        return
    with path.open("rb") as file:
        head = file.read(100)
    size = path.stat().st_size
    if not head:
        raise StoreError(f"{path}: an empty file, not an index; remove it to begin one")
    if not head.startswith(_MAGIC[: len(head)]):
        what = "a pickle, which is never read" if head[:1] == b"\x80" else "not a SQLite file"
        raise StoreError(f"{path}: not an index: {what}")
    page = int.from_bytes(head[16:18], "big")
    whole = (65536 if page == 1 else page) * int.from_bytes(head[28:32], "big")
    log = Path(f"{path}-wal")
    # While a log is there, the file may be behind it.
    if len(head) < 100 or (size < whole and not (log.exists() and log.stat().st_size)):
        raise StoreError(f"{path}: truncated: {size:,} bytes are left of {whole:,}; {_AFRESH}")


def _make_file(path: Path) -> None:
    """A new index, under its name only when it is complete; another process's, if that was quicker."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            _make(connection)
            connection.execute("PRAGMA journal_mode = WAL")
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink(missing_ok=True)


def _make(connection: sqlite3.Connection) -> None:
    connection.executescript(_SCHEMA)
    values = [("recipe", RECIPE), ("articles", 0), ("segments", 0)]
    connection.executemany("INSERT INTO meta VALUES (?, ?)", values)


def _told(error: sqlite3.Error) -> str:
    """An error of SQLite in words that say what to do."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_BUSY:
        return f"another process has been writing to it for {BUSY} seconds; try again when that is done"
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return f"damaged ({error}); {_AFRESH}"
    if isinstance(error, sqlite3.ProgrammingError):
        return "closed, or used in another thread than that which opened it; each thread opens the index itself"
    return f"cannot be used: {error}"
