"""An index: articles on disk, found again by the text they share with another. It grows by the day.

    with syndicate.Index.open("news.db") as index:
        index.match(article)
        index.add(article)

Below `Index` stand a `storage.Store` (SQLite or PostgreSQL), which knows of rows and transactions and nothing of
articles, and `segments.Segments`, which files postings in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple, Self, TypeVar

import numpy as np

from syndicate.candidates import COMMONEST
from syndicate.errors import RecipeMismatch, StoreError
from syndicate.index.check import find_damage
from syndicate.index.lookup import Lookup, look_up
from syndicate.index.postings import MOST_NUMBER, Keys, keys_of, pack_keys
from syndicate.index.records import article_of, pack, packed, prints_of, shown_id, stored_id, unpack, unpack_text
from syndicate.index.segments import Segments
from syndicate.index.shelf import Shelf
from syndicate.index.sqlite import SqliteStore
from syndicate.index.storage import FORMAT
from syndicate.index.story import Trace, trace
from syndicate.model import Status
from syndicate.sketch import RECIPE, sketch_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from syndicate.graph import Match, Story
    from syndicate.index.shelf import Held
    from syndicate.index.storage import Row, Store, Stored
    from syndicate.model import Article

BATCH: Final = 1_000
"""Articles in a transaction of `Index.add_many`."""
_SERVERS: Final = ("postgresql://", "postgres://")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class IndexStats:
    """What an index holds.

    Attributes:
        name: Its file, or its address.
        format: The number of the way it is laid out.
        recipe: How the fingerprints in it were made.
        articles: How many articles it holds.
        waiting: How many of them are in no segment yet.
        dead: How many removed articles still have postings in a segment.
        segments: How many segments of postings there are.
        postings: How many postings lie in segments.
        common: Sampled shingles that stand in more than 1,000 articles, and are set aside when matching.
        bytes: What it takes on disk.
    """

    name: str
    format: int
    recipe: str
    articles: int
    waiting: int
    dead: int
    segments: int
    postings: int
    common: int
    bytes: int


class Mark(NamedTuple):
    """Something to be kept in the index that is no article, as how far a run has come.

    Attributes:
        name: Its own; what was marked under it before is replaced.
        value: Anything.
    """

    name: str
    value: str


class Index:
    """Articles on disk. Open it with `Index.open`; a context manager.

    Each thread and each process opens it for itself. A reader sees one state throughout a call. On SQLite one writes
    at a time, and others wait, for a minute at the most; on PostgreSQL many write.

    Every method raises `StoreError` where the store is damaged or out of reach.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._segments = Segments(store)

    @classmethod
    def open(cls, location: str | Path, *, create: bool = True) -> Index:
        """Open an index, or begin one where there is none.

        Args:
            location: A file, ":memory:", or "postgresql://user@host/database" (with the extra `postgres`).
            create: Whether to begin one.

        Raises:
            StoreError: It is no index, damaged, of another format, cannot be reached, or is not there and not to be.
            RecipeMismatch: Its fingerprints were made by another recipe.
        """
        store = _store(str(location), create=create)
        recipe = store.read(store.recipe)
        if recipe != RECIPE:
            store.close()
            raise RecipeMismatch(
                f"{store.name}: an index of the recipe {recipe!r}; this version of syndicate makes {RECIPE!r}: "
                "make the index anew from the cleaned articles"
            )
        return cls(store)

    def close(self) -> None:
        """Let the index go; what was added stays."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, article: Article) -> None:
        """Add an article, in the place of one with its id; on disk when this returns.

        Kept are its id, text, facts and claims; not the account of its cleaning. An article that is not `ok` is kept,
        and matches nothing.

        Raises:
            InputError: It has no id.
        """
        self._put([article])

    def add_many(self, articles: Iterable[Article], *, batch: int = BATCH) -> int:
        """Add articles, a batch a transaction; of two with one id the later stays.

        Args:
            articles: Read as they are needed.
            batch: How many are added at once: an interruption loses one batch at the most.

        Returns:
            How many were given.

        Raises:
            InputError: One has no id; the batches before it are added.
        """
        source = iter(articles)
        before = self._segments.filed
        count = 0
        while some := list(islice(source, batch)):
            self._put(some)
            count += len(some)
        if self._segments.filed > before:
            self._store.write(lambda: self._segments.settle(before))
        return count

    def _put(self, articles: Sequence[Article]) -> None:
        # A pool of threads costs more than one text.
        threads = 1 if len(articles) == 1 else None
        sketches = sketch_many([article.text for article in articles], threads=threads)
        rows = packed(articles, prints_of(sketches))
        self._store.write(lambda: self._store_rows(rows))

    def _store_rows(self, rows: Sequence[Row]) -> None:
        known = {stored.row.id: stored for stored in self._store.find([row.id for row in rows])}
        fresh: list[tuple[Row, Keys]] = []
        moved: list[Stored] = []
        changed: list[Stored] = []
        for row in rows:
            old = known.get(row.id)
            if old is None:
                fresh.append((row, unpack(row.id, row.record).keys()))
            elif row != old.row:
                keys, filed = unpack(row.id, row.record).keys(), unpack(row.id, old.row.record).keys()
                if np.array_equal(keys.keys, filed.keys) and keys.size == filed.size:
                    changed.append(old._replace(row=row))
                else:
                    moved.append(old)
                    fresh.append((row, keys))
        self._take(moved)
        self._store.update(changed)
        numbers = self._store.insert([row for row, _ in fresh])
        if numbers and numbers[-1] > MOST_NUMBER:
            raise StoreError(f"{self._store.name}: full: as many articles were added as can be told apart")
        waiting = [(number, keys) for number, (_, keys) in zip(numbers, fresh, strict=True) if keys.keys.size]
        self._store.add_pending([(number, pack_keys(number, keys)) for number, keys in waiting])
        self._segments.file()

    def _take(self, stored: Sequence[Stored]) -> None:
        """Take articles out; the postings of those that are in a segment are dead from now on."""
        self._store.delete([one.number for one in stored])
        filed = [one.number for one in stored if unpack(one.row.id, one.row.record).keys().keys.size]
        waiting = {number for number, _ in self._store.take_pending(filed)}
        self._store.bury([number for number in filed if number not in waiting])

    def add_traced(
        self, articles: Sequence[Article], settle: Callable[[list[Trace]], Mark | None] | None = None
    ) -> list[Trace]:
        """Trace articles and add them, one after the other, in one transaction: each sees those before it.

        What each finds does not depend on how many are given at a time.

        Args:
            articles: In their order.
            settle: Called with the traces before anything counts. What it returns is marked in the same transaction,
                so who writes the traces elsewhere, and is interrupted, can tell from `mark` how far both have come.

        Raises:
            InputError: One has no id; none is added.
        """
        sketches = sketch_many([article.text for article in articles], threads=1)
        rows = [pack(article, *made) for article, made in zip(articles, prints_of(sketches), strict=True)]

        def add_traced(article: Article, row: Row) -> Trace:
            shelf = Shelf(self._store, self._segments)
            found = trace(shelf.add(article, unpack(row.id, row.record).keys()), shelf)
            self._store_rows([row])
            return found

        def work() -> list[Trace]:
            traces = list(map(add_traced, articles, rows))
            mark = settle(traces) if settle else None
            if mark is not None:
                self._store.set_mark(*mark)
            return traces

        return self._store.write(work, alone=True)

    def mark(self, name: str) -> str | None:
        """What `add_traced` or `set_mark` marked under a name; None if nothing was."""
        return self._store.read(lambda: self._store.mark(name))

    def set_mark(self, name: str, value: str | None) -> None:
        """Mark something under a name, in the place of what was marked under it; None forgets it."""
        self._store.write(lambda: self._store.set_mark(name, value))

    def remove(self, id: str) -> bool:  # noqa: A002 - the word of the contract
        """Remove an article; false if there is none with this id."""
        name = stored_id(id)

        def work() -> bool:
            stored = self._store.find([name])
            self._take(stored)
            return bool(stored)

        return self._store.write(work)

    def __len__(self) -> int:
        return self._store.read(self._store.count)

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        stored = stored_id(name)
        return bool(self._store.read(lambda: self._store.find([stored])))

    def __iter__(self) -> Iterator[str]:
        """The ids, in order. What is added and removed meanwhile may be among them or not."""
        after = b""
        while names := self._store.read(lambda: self._store.ids(after, BATCH)):  # noqa: B023 - run at once
            yield from map(shown_id, names)
            after = names[-1]

    def articles(self) -> Iterator[Article]:
        """The articles, in order of their ids, without the account of their cleaning."""
        after = b""
        while names := self._store.read(lambda: self._store.ids(after, BATCH)):  # noqa: B023
            yield from self._read(names)
            after = names[-1]

    def _read(self, names: Sequence[bytes]) -> list[Article]:
        """The articles of these ids that are there, in order of the ids."""
        stored = sorted(self._store.read(lambda: self._store.find(names)), key=lambda one: one.row.id)
        return [article_of(row.id, unpack(row.id, row.record), unpack_text(row.id, row.text)) for _, row in stored]

    def get(self, id: str) -> Article | None:  # noqa: A002
        """The article of an id, without the account of its cleaning; None if there is none."""
        return next(iter(self._read([stored_id(id)])), None)

    def match(self, article: Article) -> list[Match]:
        """The stored articles that share more than quotations with an article, the best match first.

        Each is verified on the exact shingles. The article need not be stored; if it is, it is not its own match. The
        result does not depend on the order in which articles were added.
        """
        return list(self.look_up(article).matches)

    def look_up(self, article: Article) -> Lookup:
        """What `match` gives, and which words of the article were set aside for standing in too many others."""
        return self._with(article, look_up)

    def trace(self, article: Article) -> Trace:
        """What an article matches, the story it is of, and where that came from: all that the index tells of it.

        The article need not be stored, and is not added: the story is what `story` would tell once it were.
        Where nothing matches, this costs what `match` does.
        """
        return self._with(article, trace)

    def _with(self, article: Article, ask: Callable[[Held, Shelf], T]) -> T:
        """Ask about an article that stands among the stored ones as if it were one, in one read."""
        ((fingerprint, whole),) = prints_of(sketch_many([article.text], threads=1))
        keys = keys_of(fingerprint, whole if article.status is Status.OK else 0)

        def work() -> T:
            shelf = Shelf(self._store, self._segments)
            return ask(shelf.add(article, keys), shelf)

        return self._store.read(work)

    def story(self, id: str) -> Story | None:  # noqa: A002
        """The story that a stored article is of, made from the articles that match it and each other.

        Returns:
            The story; None if the article is of none, or is not there.
        """

        def work() -> Story | None:
            shelf = Shelf(self._store, self._segments)
            held = shelf.get(id)
            return None if held is None else trace(held, shelf).story

        return self._store.read(work)

    def stats(self) -> IndexStats:
        """Count what the index holds; reads all postings."""
        return self._store.read(self._stats)

    def _stats(self) -> IndexStats:
        store = self._store
        segments = store.segments()
        postings, common = self._segments.census(COMMONEST)
        return IndexStats(
            name=store.name, format=FORMAT, recipe=store.recipe(), articles=store.count(),
            waiting=len(store.pending_numbers()), dead=store.dead_count(), segments=len(segments),
            postings=postings, common=common, bytes=store.size(),
        )  # fmt: skip

    def check(self) -> tuple[str, ...]:
        """Look for damage: in the store's own structure, in counts, and in the checksum of everything that is kept.

        Returns:
            What is wrong, for people; nothing if all is well.
        """
        return self._store.read(lambda: find_damage(self._store, self._segments))


def _store(location: str, *, create: bool) -> Store:
    if not location.startswith(_SERVERS):
        return SqliteStore(location, create=create)
    try:
        from syndicate.index.postgres import PostgresStore
    except ImportError as error:
        raise StoreError(f"PostgreSQL needs psycopg: pip install 'syndicate-news[postgres]' ({error})") from error
    return PostgresStore(location, create=create)
