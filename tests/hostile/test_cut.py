"""What was cut short: all that is whole before the cut is read, and the cut is told with its place."""

from __future__ import annotations

import csv
import gzip
import io
import json
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import Page
from syndicate.io.read import Failure, read_pages
from tests.hostile import LIMIT

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [f"{at}: the harbour gates were shut on Tuesday, and again on Friday." for at in range(200)]
LINES = [json.dumps({"text": text}).encode() + b"\n" for text in TEXTS]


def as_csv() -> bytes:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("text",), *((text,) for text in TEXTS)])
    return file.getvalue().encode()


def as_archive() -> list[bytes]:
    head = (
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:uuid:{}>\r\nContent-Length: {}\r\n\r\n{}\r\n\r\n"
    )
    return [head.format(at, len(text), text).encode() for at, text in enumerate(TEXTS)]


RECORDS = as_archive()
LAST = sum(map(len, RECORDS[:-1]))
PACKED = list(map(gzip.compress, RECORDS))
PACKED_LAST = sum(map(len, PACKED[:-1]))

CUT = {
    "a.jsonl": (b"".join(LINES)[:-20], "a.jsonl:200"),
    "a.jsonl.gz": (gzip.compress(b"".join(LINES))[:-1], "a.jsonl.gz:201"),
    "a.csv": (as_csv()[:-10], "a.csv:201"),
    "a.csv.gz": (gzip.compress(as_csv())[:-1], "a.csv.gz:202"),
    "a.warc": (b"".join(RECORDS)[:-20], f"a.warc: offset {LAST}"),
    "a.warc.gz": (b"".join(PACKED)[:-20], f"a.warc.gz: offset {PACKED_LAST}"),
}


@pytest.mark.parametrize("name", CUT)
def test_what_is_whole_before_a_cut_is_read_and_the_cut_is_told(tmp_path: Path, name: str) -> None:
    data, place = CUT[name]
    (tmp_path / name).write_bytes(data)
    (tmp_path / "z.txt").write_text("Z")
    start = time.process_time()
    *pages, failure, after = read_pages([str(tmp_path)])
    assert time.process_time() - start < LIMIT
    contents = [page.content if isinstance(page.content, str) else page.content.decode() for page in pages]  # type: ignore[union-attr]
    assert contents == TEXTS[: len(contents)]
    assert len(contents) >= 199
    assert isinstance(failure, Failure)
    assert failure.place.removeprefix(f"{tmp_path.as_posix()}/") == place
    assert isinstance(after, Page)


def test_a_page_of_which_the_end_is_missing_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(" ".join(TEXTS).encode())[:-50])
    (failure,) = read_pages([str(tmp_path)])
    assert isinstance(failure, Failure)
    assert "cut short" in failure.message


def test_of_parquet_without_its_end_nothing_can_be_read_and_that_is_told(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow", reason="needs pyarrow: the extra `parquet`")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    parquet.write_table(arrow.table({"text": TEXTS}), path)
    path.write_bytes(path.read_bytes()[:-9])
    (failure,) = read_pages([str(path)])
    assert isinstance(failure, Failure)
    assert failure.place == str(path)
    assert "damaged" in failure.message


WHOLE = {
    "a.jsonl": b"".join(LINES[:20]), "a.jsonl.gz": gzip.compress(b"".join(LINES[:20])), "a.csv": as_csv()[:2_000],
    "a.warc": b"".join(RECORDS[:20]), "a.warc.gz": b"".join(PACKED[:20]),
}  # fmt: skip


@given(st.data())
def test_whatever_is_damaged_reading_ends_and_what_is_undamaged_before_is_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(list(WHOLE)))
    whole = WHOLE[name]
    start = data.draw(st.integers(0, len(whole)))
    end = min(len(whole), start + data.draw(st.integers(0, 300)))
    path = tmp_path_factory.mktemp("damaged") / name
    path.write_bytes(whole[:start] + data.draw(st.binary(max_size=40)) + whole[end:])
    spent = time.process_time()
    found = list(read_pages([str(path)]))
    assert time.process_time() - spent < LIMIT
    read = {str(page.content) for page in found if isinstance(page, Page)}
    if name == "a.jsonl":
        before = whole[:start].count(b"\n")
        assert read >= set(TEXTS[:before])
    if name == "a.warc.gz":
        before = sum(sum(map(len, PACKED[: at + 1])) <= start for at in range(20))
        assert read >= {str(text.encode()) for text in TEXTS[:before]}
        assert len(read) >= 20 - 5 or any(isinstance(one, Failure) for one in found)
