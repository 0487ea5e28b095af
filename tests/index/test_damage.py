"""An index that is damaged, foreign or of another version is refused by name, never misread (fault row 13)."""

from __future__ import annotations

import pickle
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from syndicate import Index, RecipeMismatch, StoreError
from syndicate.index import segments, sqlite
from syndicate.sketch import RECIPE
from tests.stories import article, body

if TYPE_CHECKING:
    from collections.abc import Callable

    from syndicate import Article


def stored() -> list[Article]:
    return [article(f"a{number:02}", body(number % 30, 8), title=f"Title {number}") for number in range(45)]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with segments, articles that wait, and dead ones."""
    path = tmp_path_factory.mktemp("index") / "news.db"
    with patch.object(segments, "PENDING", 10), Index.open(path) as index:
        index.add_many(stored(), batch=10)
        index.remove("a03")
        counted = index.stats()
        assert counted.segments
        assert counted.waiting
        assert counted.dead == 1
        assert index.check() == ()
    return path


@pytest.fixture
def file(original: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copy(original, tmp_path / "news.db"))


def change(file: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(statement, values)


@pytest.mark.parametrize("share", [0.001, 0.01, 0.3, 0.7, 0.999])
def test_a_truncated_index_is_refused(file: Path, share: float) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(StoreError, match=r"news\.db: truncated: .* bytes are left of"):
        Index.open(file)


def test_an_empty_file_is_refused(file: Path) -> None:
    file.write_bytes(b"")
    with pytest.raises(StoreError, match="an empty file, not an index"):
        Index.open(file)
    assert file.read_bytes() == b""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (pickle.dumps({"articles": [1, 2, 3]}), "not an index: a pickle, which is never read"),
        (b"Rain is due on Tuesday.\n" * 300, "not an index: not a SQLite file"),
        (b"\x1f\x8b" + bytes(1000), "not an index: not a SQLite file"),
    ],
)
def test_another_kind_of_file_is_refused_and_not_touched(tmp_path: Path, data: bytes, words: str) -> None:
    file = tmp_path / "news.db"
    file.write_bytes(data)
    with pytest.raises(StoreError, match=words):
        Index.open(file)
    assert file.read_bytes() == data
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_and_a_place_that_is_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="directory"):
        Index.open(tmp_path)
    with pytest.raises(StoreError, match="unable to open"):
        Index.open(tmp_path / "no" / "news.db")
    with pytest.raises(StoreError, match="no such index"):
        Index.open(tmp_path / "news.db", create=False)


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "news.db"
    change(file, "CREATE TABLE songs (title TEXT)")
    with pytest.raises(StoreError, match="a SQLite database, but not an index"):
        Index.open(file)


def test_a_newer_format_is_refused_by_its_number(file: Path) -> None:
    change(file, "PRAGMA user_version = 2")
    with pytest.raises(StoreError, match=r"an index of format 2; .* reads format 1: upgrade syndicate"):
        Index.open(file)


def test_another_recipe_is_refused_and_both_are_named(file: Path) -> None:
    change(file, "UPDATE meta SET value = 'nfkc-fold-0/4-tokens' WHERE name = 'recipe'")
    with pytest.raises(RecipeMismatch) as error:
        Index.open(file)
    assert "'nfkc-fold-0/4-tokens'" in str(error.value)
    assert repr(RECIPE) in str(error.value)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("articles", "id"), ("articles", "record"), ("texts", "text"), ("pending", "keys"), ("segments", "fences"),
        ("blocks", "postings"),
    ],
)  # fmt: skip
def test_a_flipped_byte_in_what_is_stored_is_found(original: Path, tmp_path: Path, table: str, column: str) -> None:
    rng = random.Random(f"{table}.{column}")
    for _ in range(6):
        file = Path(shutil.copy(original, tmp_path / "news.db"))
        with closing(sqlite3.connect(file)) as connection:
            rows = connection.execute(f"SELECT number, {column} FROM {table}").fetchall()  # noqa: S608
        number, value = rng.choice(rows)
        at = rng.randrange(len(value))
        changed = value[:at] + bytes([value[at] ^ 1 << rng.randrange(8)]) + value[at + 1 :]
        statement = f"UPDATE {table} SET {column} = ? WHERE number = ?"  # noqa: S608
        change(file, statement, changed, number)
        with Index.open(file) as index:
            assert index.check() != ()
            with pytest.raises(StoreError, match="damaged"):
                read_all(index)


def read_all(index: Index) -> object:
    articles = list(index.articles())
    return articles, [index.match(one) for one in stored()]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM texts WHERE number = 7", "DELETE FROM articles WHERE number = 7", "DELETE FROM pending",
        "DELETE FROM blocks WHERE number = (SELECT max(number) FROM blocks)", "DELETE FROM segments",
        "DELETE FROM dead", "INSERT INTO dead VALUES (7)", "UPDATE segments SET level = level + 1",
        "UPDATE meta SET value = 3 WHERE name = 'articles'",
        "UPDATE texts SET number = 99 WHERE number = 7", "UPDATE articles SET number = 99 WHERE number = 7",
    ],
)  # fmt: skip
def test_what_is_missing_or_in_the_wrong_place_is_found(file: Path, statement: str) -> None:
    change(file, statement)
    with Index.open(file) as index:
        assert index.check() != ()


@pytest.mark.parametrize("value", [-77, 1.5, "text", b"bytes", None])
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("meta", "value"), ("articles", "id"), ("articles", "record"), ("texts", "text"), ("pending", "keys"),
        ("segments", "level"), ("segments", "blocks"), ("segments", "fences"), ("blocks", "postings"),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_damage(file: Path, table: str, column: str, value: object) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        # A byte of the file can make a value null whatever the table says.
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '')")
    row = "name = 'articles'" if table == "meta" else f"number = (SELECT min(number) FROM {table})"  # noqa: S608
    change(file, f"UPDATE {table} SET {column} = ? WHERE {row}", value)  # noqa: S608
    with Index.open(file) as index:
        assert told(index.check) != ()
        told(lambda: read_all(index))
        told(index.stats)
        told(lambda: index.add(article("new", body(1))))


def told(ask: Callable[[], object]) -> object:
    """What an index answers; or that it is damaged, and nothing else."""
    try:
        return ask()
    except StoreError as error:
        return str(error)


def test_a_name_in_the_file_that_is_no_text_is_damage(file: Path) -> None:
    data = file.read_bytes()
    assert data.count(b"CREATE TABLE pending") == 1
    file.write_bytes(data.replace(b"CREATE TABLE pending", b"CREATE \xff\xff\xff\xff\xff pending"))
    with pytest.raises(StoreError, match=r"news\.db: damaged"), Index.open(file) as index:
        read_all(index)


@pytest.mark.parametrize("table", ["articles", "texts"])
def test_an_article_that_is_filed_and_not_there_is_damage(file: Path, table: str) -> None:
    with Index.open(file) as index:
        (asked,) = (one for one in stored() if one.id == "a31")
        assert index.match(asked)
    change(file, f"DELETE FROM {table}")  # noqa: S608
    with (
        pytest.raises(StoreError, match=r"news\.db: damaged: article number \d+ is filed"),
        Index.open(file) as index,
    ):
        index.match(asked)


def test_a_byte_flipped_anywhere_in_the_file_is_found_or_says_nothing(original: Path, tmp_path: Path) -> None:
    data = original.read_bytes()
    with Index.open(original) as index:
        right = read_all(index)
    rng = random.Random(13)
    found = 0
    for _ in range(80):
        file = tmp_path / "news.db"
        at = rng.randrange(len(data))
        file.write_bytes(data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :])
        try:
            with Index.open(file) as index:
                damage = index.check()
                if not damage:
                    assert read_all(index) == right
        except (StoreError, RecipeMismatch):
            damage = ("refused",)
        found += bool(damage)
        for log in tmp_path.glob("news.db-*"):
            log.unlink()
    assert found > 20


def test_who_waits_too_long_for_another_writer_is_told(file: Path) -> None:
    with patch.object(sqlite, "BUSY", 0.2), Index.open(file) as index, Index.open(file) as other:

        def add_meanwhile() -> None:
            with pytest.raises(
                StoreError, match=r"news\.db: another process has been writing to it for 0\.2 seconds"
            ):
                other.add(article("new", body(1)))

        index._store.write(add_meanwhile)
        other.add(article("new", body(1)))
        assert "new" in index


def test_an_index_is_used_by_the_thread_that_opened_it(file: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with Index.open(file) as index, ThreadPoolExecutor(1) as pool, pytest.raises(StoreError, match="each thread"):
        pool.submit(lambda: len(index)).result()


def test_a_full_disk_leaves_the_index_as_it_was(file: Path) -> None:
    with Index.open(file) as index:
        before = list(index)
        pages = index._store._run("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        index._store._run(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]
        with pytest.raises(StoreError, match="full"):
            index.add_many(article(f"n{number}", body(100 + number, 60)) for number in range(50))
        assert list(index) == before
        assert index.check() == ()


def test_work_that_is_broken_off_leaves_nothing(file: Path) -> None:
    def broken() -> Callable[[], None]:
        raise KeyboardInterrupt

    with Index.open(file) as index:
        before = list(index)
        with patch.object(index._segments, "file", broken), pytest.raises(KeyboardInterrupt):
            index.add(article("new", body(1)))
        assert list(index) == before
        assert index.check() == ()
