"""An index in a PostgreSQL database, with psycopg 3 (the extra `postgres`). Many write at once.

The tables lie in the schema that the connection names first (`?options=-csearch_path%3Dnews` chooses another), all
under names that begin with `syndicate_`. Who adds while another makes segments leaves its keys to wait.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, LiteralString, TypeVar

import psycopg
from psycopg import IsolationLevel, errors
from psycopg.conninfo import conninfo_to_dict

from syndicate.errors import StoreError
from syndicate.index.storage import BUSY, FORMAT, SEGMENT_BITS, Row, Segment, Stored
from syndicate.sketch import RECIPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_CONFLICTS: Final = (errors.UniqueViolation, errors.DeadlockDetected, errors.SerializationFailure)
_MAKING: Final = 0x53594E44
_WRITING: Final = _MAKING + 1
"""Keys of advisory locks: of making the tables, and of writing."""
_MARK: Final = "mark:"
"""What the names of marks begin with, beside what else the table tells."""
_SCHEMA: Final = """
    CREATE SEQUENCE syndicate_numbers;
    CREATE SEQUENCE syndicate_segment_numbers;
    CREATE TABLE syndicate_meta (name text PRIMARY KEY, value text NOT NULL);
    CREATE TABLE syndicate_articles (number bigint PRIMARY KEY, id bytea NOT NULL UNIQUE, record bytea NOT NULL);
    CREATE TABLE syndicate_texts (number bigint PRIMARY KEY, text bytea NOT NULL);
    CREATE TABLE syndicate_pending (number bigint PRIMARY KEY, keys bytea NOT NULL);
    CREATE TABLE syndicate_dead (number bigint PRIMARY KEY);
    CREATE TABLE syndicate_segments (
        number bigint PRIMARY KEY, level integer NOT NULL, blocks bigint NOT NULL, fences bytea NOT NULL
    );
    CREATE TABLE syndicate_blocks (number bigint PRIMARY KEY, postings bytea NOT NULL);
    ALTER TABLE syndicate_articles ALTER record SET STORAGE EXTERNAL;
    ALTER TABLE syndicate_texts ALTER text SET STORAGE EXTERNAL;
    ALTER TABLE syndicate_pending ALTER keys SET STORAGE EXTERNAL;
    ALTER TABLE syndicate_segments ALTER fences SET STORAGE EXTERNAL;
    ALTER TABLE syndicate_blocks ALTER postings SET STORAGE PLAIN;
"""
_SIZE: Final = """
    SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class
    WHERE relkind = 'r' AND starts_with(relname, 'syndicate_') AND pg_table_is_visible(oid)
"""

T = TypeVar("T")


class PostgresStore:
    """The store of an index in a database.

    Raises:
        StoreError: The server cannot be reached, or what is there is of another format.
    """

    def __init__(self, address: str, *, create: bool = True) -> None:
        self.name = _without_password(address)
        with self._named():
            self._connection = psycopg.connect(address, autocommit=True, connect_timeout=BUSY)
            self._cursor = self._connection.cursor(binary=True)
            try:
                self._one(f"SET lock_timeout = '{BUSY}s'")
                self.write(lambda: self._make(create=create))
            except BaseException:
                self._connection.close()
                raise

    def _make(self, *, create: bool) -> None:
        """Make the tables where there are none; refuse another format."""
        self._run("SELECT pg_advisory_xact_lock(%s)", _MAKING)
        if self._one("SELECT to_regclass('syndicate_meta')::text") is None:
            if not create:
                raise StoreError(f"{self.name}: no index there; 'syndicate index add' makes one")
            self._connection.execute(_SCHEMA)
            values = [("format", str(FORMAT)), ("recipe", RECIPE)]
            self._copy("COPY syndicate_meta FROM STDIN (FORMAT BINARY)", ("text", "text"), values)
        version = self._meta("format")
        if version != str(FORMAT):
            raise StoreError(
                f"{self.name}: an index of format {version}; this version of syndicate reads format {FORMAT}"
            )

    def _meta(self, name: str) -> str:
        return str(self._one("SELECT value FROM syndicate_meta WHERE name = %s", name))

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Errors of the server come out with its name, and what became of the work."""
        try:
            yield
        except errors.LockNotAvailable as error:
            raise StoreError(f"{self.name}: another's write has lasted {BUSY} seconds; try again later") from error
        except psycopg.OperationalError as error:
            told = " ".join(str(error).split())
            raise StoreError(f"{self.name}: {told}; what was being added is not in the index: run again") from error
        except psycopg.Error as error:
            raise StoreError(f"{self.name}: {' '.join(str(error).split())}") from error

    def read(self, work: Callable[[], T]) -> T:
        """Run a piece of work that sees one state of the database throughout."""
        with self._named():
            self._connection.isolation_level = IsolationLevel.REPEATABLE_READ
            self._connection.read_only = True
            with self._connection.transaction():
                return work()

    def write(self, work: Callable[[], T], *, alone: bool = False) -> T:
        """Run a piece of work that is carried out whole or not at all, again where another's crossed it."""
        with self._named():
            self._connection.isolation_level = IsolationLevel.READ_COMMITTED
            self._connection.read_only = False
            if not alone:
                with suppress(*_CONFLICTS), self._connection.transaction():
                    self._run("SELECT pg_advisory_xact_lock_shared(%s)", _WRITING)
                    return work()
            with self._connection.transaction():
                self._run("SELECT pg_advisory_xact_lock(%s)", _WRITING)  # alone, so that nothing can cross it again
                return work()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _run(self, statement: LiteralString, *values: Any) -> psycopg.Cursor[Any]:
        return self._cursor.execute(statement, values or None)

    def _one(self, statement: LiteralString, *values: Any) -> Any:
        cursor = self._run(statement, *values)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    def _all(self, statement: LiteralString, *values: Any) -> list[Any]:
        return self._run(statement, *values).fetchall()

    def _column(self, statement: LiteralString, *values: Any) -> list[Any]:
        return [value for (value,) in self._all(statement, *values)]

    def _copy(self, statement: LiteralString, types: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        with self._cursor.copy(statement) as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)

    def recipe(self) -> str:
        """The recipe of the fingerprints in it."""
        return self._meta("recipe")

    def mark(self, name: str) -> str | None:
        """What was marked under a name; None if nothing was."""
        value = self._one("SELECT value FROM syndicate_meta WHERE name = %s", f"{_MARK}{name}")
        return None if value is None else str(value)

    def set_mark(self, name: str, value: str | None) -> None:
        """Mark something under a name, or forget it."""
        self._run("DELETE FROM syndicate_meta WHERE name = %s", f"{_MARK}{name}")
        if value is not None:
            self._run("INSERT INTO syndicate_meta VALUES (%s, %s)", f"{_MARK}{name}", value)

    def count(self) -> int:
        """How many articles there are."""
        return int(self._one("SELECT count(*) FROM syndicate_articles"))

    def size(self) -> int:
        """Bytes of the tables, with what belongs to them."""
        return int(self._one(_SIZE))

    def damage(self) -> list[str]:
        """Nothing: the server looks after its files itself."""
        return []

    def ids(self, after: bytes, most: int) -> list[bytes]:
        """The ids that follow one, in order."""
        return self._column("SELECT id FROM syndicate_articles WHERE id > %s ORDER BY id LIMIT %s", after, most)

    def find(self, ids: Sequence[bytes]) -> list[Stored]:
        """The articles with these ids that are there; a write keeps others from changing them."""
        statement: LiteralString = (
            "SELECT number, id, record, text FROM syndicate_articles AS articles JOIN syndicate_texts USING (number) "
            "WHERE id = ANY(%s) ORDER BY id"
        )
        if not self._connection.read_only:
            statement += " FOR UPDATE OF articles"
        return [Stored(number, Row(*row)) for number, *row in self._all(statement, list(ids))]

    def records(self, numbers: Sequence[int]) -> list[tuple[int, bytes, bytes]]:
        """Number, id and record of the articles with these numbers, in order of the numbers."""
        return self._all(
            "SELECT number, id, record FROM syndicate_articles WHERE number = ANY(%s::bigint[]) ORDER BY number",
            list(numbers),
        )

    def texts(self, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
        """Number and text of the articles with these numbers."""
        return self._all("SELECT number, text FROM syndicate_texts WHERE number = ANY(%s::bigint[])", list(numbers))

    def numbers(self, after: int, most: int) -> list[int]:
        """The numbers that follow one, in order."""
        return self._column(
            "SELECT number FROM syndicate_articles WHERE number > %s ORDER BY number LIMIT %s", after, most
        )

    def insert(self, rows: Sequence[Row]) -> list[int]:
        """Store new articles, and give them numbers."""
        numbers = self._column("SELECT nextval('syndicate_numbers') FROM generate_series(1, %s)", len(rows))
        self._copy(
            "COPY syndicate_articles FROM STDIN (FORMAT BINARY)",
            ("int8", "bytea", "bytea"),
            ((number, row.id, row.record) for number, row in zip(numbers, rows, strict=True)),
        )
        self._copy(
            "COPY syndicate_texts FROM STDIN (FORMAT BINARY)",
            ("int8", "bytea"),
            zip(numbers, (row.text for row in rows), strict=True),
        )
        return numbers

    def update(self, rows: Iterable[Stored]) -> None:
        """Put other records and texts in the place of stored ones."""
        for number, row in rows:
            self._run("UPDATE syndicate_articles SET record = %s WHERE number = %s", row.record, number)
            self._run("UPDATE syndicate_texts SET text = %s WHERE number = %s", row.text, number)

    def delete(self, numbers: Sequence[int]) -> None:
        """Take articles out."""
        if numbers:
            self._run("DELETE FROM syndicate_articles WHERE number = ANY(%s::bigint[])", list(numbers))
            self._run("DELETE FROM syndicate_texts WHERE number = ANY(%s::bigint[])", list(numbers))

    def pending_numbers(self) -> list[int]:
        """Numbers of the articles that are in no segment yet, in order."""
        return self._column("SELECT number FROM syndicate_pending ORDER BY number")

    def pending(self, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
        """Keys of articles that are in no segment yet."""
        return self._all("SELECT number, keys FROM syndicate_pending WHERE number = ANY(%s::bigint[])", list(numbers))

    def add_pending(self, rows: Sequence[tuple[int, bytes]]) -> None:
        """Keep keys until they are filed."""
        self._copy("COPY syndicate_pending FROM STDIN (FORMAT BINARY)", ("int8", "bytea"), rows)

    def take_pending(self, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
        """Give up the keys of these articles, of those that are in no segment yet."""
        if not numbers:
            return []
        rows = self._all(
            "DELETE FROM syndicate_pending WHERE number = ANY(%s::bigint[]) RETURNING number, keys", list(numbers)
        )
        return sorted(rows)

    def dead(self) -> list[int]:
        """Numbers whose postings still lie in a segment although the article is gone, in order."""
        return self._column("SELECT number FROM syndicate_dead ORDER BY number")

    def dead_count(self) -> int:
        """How many there are of those."""
        return int(self._one("SELECT count(*) FROM syndicate_dead"))

    def dead_among(self, numbers: Sequence[int]) -> list[int]:
        """Which of these numbers are."""
        return self._column("SELECT number FROM syndicate_dead WHERE number = ANY(%s::bigint[])", list(numbers))

    def bury(self, numbers: Sequence[int]) -> None:
        """Make a note of dead numbers."""
        if numbers:
            self._run("INSERT INTO syndicate_dead SELECT unnest(%s::bigint[])", list(numbers))

    def forget(self, numbers: Sequence[int]) -> None:
        """Drop the note: their postings are gone."""
        if numbers:
            self._run("DELETE FROM syndicate_dead WHERE number = ANY(%s::bigint[])", list(numbers))

    def may_file(self) -> bool:
        """Whether this transaction may make and drop segments: the first that asks, until it ends."""
        return bool(
            self._one("SELECT pg_try_advisory_xact_lock(%s, 'syndicate_segments'::regclass::oid::integer)", _MAKING)
        )

    def segments(self) -> list[Segment]:
        """All segments, the oldest first."""
        rows = self._all("SELECT number, level, blocks FROM syndicate_segments ORDER BY number")
        return [Segment(*row) for row in rows]

    def new_segment(self) -> int:
        """A number for a segment."""
        return int(self._one("SELECT nextval('syndicate_segment_numbers')"))

    def add_segment(self, segment: Segment, fences: bytes) -> None:
        """Make a segment known, when its blocks are there."""
        self._run("INSERT INTO syndicate_segments VALUES (%s, %s, %s, %s)", *segment, fences)

    def drop_segments(self, segments: Sequence[Segment]) -> None:
        """Drop segments and their blocks."""
        for segment in segments:
            last = segment.first + (1 << SEGMENT_BITS) - 1
            self._run("DELETE FROM syndicate_blocks WHERE number BETWEEN %s AND %s", segment.first, last)
            self._run("DELETE FROM syndicate_segments WHERE number = %s", segment.number)

    def fences(self, number: int) -> bytes:
        """The fences of a segment."""
        return bytes(self._one("SELECT fences FROM syndicate_segments WHERE number = %s", number))

    def add_blocks(self, blocks: Sequence[tuple[int, bytes]]) -> None:
        """Store blocks."""
        self._copy("COPY syndicate_blocks FROM STDIN (FORMAT BINARY)", ("int8", "bytea"), blocks)

    def blocks(self, numbers: Sequence[int]) -> list[tuple[int, bytes]]:
        """The blocks of these numbers that are there, in order."""
        return self._all(
            "SELECT number, postings FROM syndicate_blocks WHERE number = ANY(%s::bigint[]) ORDER BY number",
            list(numbers),
        )

    def block_count(self) -> int:
        """How many blocks there are, of known segments or not."""
        return int(self._one("SELECT count(*) FROM syndicate_blocks"))

    def block_range(self, first: int, last: int) -> list[tuple[int, bytes]]:
        """The blocks from one number to another, both included, in order."""
        return self._all(
            "SELECT number, postings FROM syndicate_blocks WHERE number BETWEEN %s AND %s ORDER BY number",
            first,
            last,
        )


def _without_password(address: str) -> str:
    """An address as messages show it.

    Raises:
        StoreError: It is none.
    """
    try:
        parts = conninfo_to_dict(address)
    except psycopg.Error as error:
        raise StoreError(f"not an address of a PostgreSQL server: {' '.join(str(error).split())}") from error
    user = f"{parts['user']}@" if "user" in parts else ""
    port = f":{parts['port']}" if "port" in parts else ""
    return f"postgresql://{user}{parts.get('host', '')}{port}/{parts.get('dbname', '')}"
