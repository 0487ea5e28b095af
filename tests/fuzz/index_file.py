"""A damaged index: it is refused by name, or answers as if it were whole; never misread."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple
from unittest.mock import patch

from syndicate import Index, InputError, RecipeMismatch, StoreError
from syndicate.index import segments
from tests.stories import article, body

_EDITS, _CELL = 0, 1
_CELLS: Final = (
    ("meta", "value"), ("articles", "id"), ("articles", "record"), ("texts", "text"), ("pending", "keys"),
    ("segments", "level"), ("segments", "blocks"), ("segments", "fences"), ("blocks", "postings"), ("meta", "name"),
    ("articles", "number"), ("texts", "number"), ("pending", "number"), ("segments", "number"), ("blocks", "number"),
    ("dead", "number"),
)  # fmt: skip
SEEDS: Final = (
    bytes([_EDITS, 0, 100, 7, 1, 0, 3, 0]),
    bytes([_EDITS, 7, 255, 255, 9]),
    *(bytes([_CELL, at, at, 0]) + b"other bytes" for at in range(len(_CELLS))),
    *(bytes([_CELL, at, 1, kind]) + b"7" for at in range(len(_CELLS)) for kind in (1, 2, 3)),
    bytes([_CELL, 0, 0, 2]) + b"nfkc",
)
WORDS: Final = ("-1", "99999999999999999999", "1.5", "nfkc", "recipe", "\x00\x00\x00\x00", "SQLite format 3")


class Original(NamedTuple):
    """An index that is whole: its file's bytes, and what it answers."""

    folder: Path
    data: bytes
    answers: tuple[object, ...]


def _stored() -> list[object]:
    return [article(f"a{number:02}", body(number % 9, 6), title=f"Title {number}") for number in range(13)]


def _answers(index: Index) -> tuple[object, ...]:
    asked = article("asked", body(3, 6))
    return list(index.articles()), index.match(asked), index.trace(asked), index.story("a01"), len(index)


@cache
def original() -> Original:
    """An index with segments, articles that wait, and a dead one."""
    folder = Path(tempfile.mkdtemp(prefix="syndicate-fuzz-"))
    path = folder / "original.db"
    with patch.object(segments, "PENDING", 5), Index.open(path) as index:
        index.add_many(_stored(), batch=5)  # type: ignore[arg-type]
        index.remove("a03")
        answers = _answers(index)
        assert index.check() == ()
    return Original(folder, path.read_bytes(), answers)


def check(data: bytes) -> None:
    """The first byte says whether bytes of the file are changed, or a cell of a table."""
    if len(data) < 4:
        return
    whole = original()
    file = whole.folder / "news.db"
    for left in whole.folder.glob("news.db*"):
        left.unlink()
    file.write_bytes(_edited(whole.data, data[1:]) if data[0] & 1 == _EDITS else whole.data)
    if data[0] & 1 == _CELL:
        _change(file, data[1], data[2], _value(data[3], data[4:]))
    with suppress(StoreError, RecipeMismatch, InputError), Index.open(file, create=False) as index:
        damage = index.check()
        answers = _answers(index)
        assert damage or answers == whole.answers, "misread"
    with suppress(StoreError, RecipeMismatch, InputError), Index.open(file, create=False) as index:
        index.stats()
        index.add(article("new", body(4, 6)))
        index.remove("a05")


def _edited(whole: bytes, edits: bytes) -> bytes:
    """The file with a byte changed for every four of the edits: its place and its value; an odd one out cuts it."""
    changed = bytearray(whole)
    for at in range(0, len(edits) - 3, 4):
        changed[int.from_bytes(edits[at : at + 3], "big") % len(whole)] = edits[at + 3]
    return bytes(changed[: len(changed) * edits[-1] // 256] if len(edits) % 4 == 1 else changed)


def _value(kind: int, data: bytes) -> object:
    if kind % 4 == 0:
        return data
    if kind % 4 == 1:
        with suppress(ValueError):
            return int(data) if -(2**63) <= int(data) < 2**63 else float(data)
        return len(data)
    return data.decode(errors="replace") if kind % 4 == 2 else None


def _change(file: Path, cell: int, row: int, value: object) -> None:
    table, column = _CELLS[cell % len(_CELLS)]
    key = "name" if table == "meta" else "number"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        keys = connection.execute(f"SELECT {key} FROM {table}").fetchall()  # noqa: S608
        with suppress(sqlite3.Error):  # a number that is taken, a null where none may be
            statement = f"UPDATE {table} SET {column} = ? WHERE {key} = ?"  # noqa: S608
            connection.execute(statement, (value, *keys[row % len(keys)]))
