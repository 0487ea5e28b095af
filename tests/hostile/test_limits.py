"""What is far too large: reading stops at the limit, and neither memory nor time grows with the input."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

zstd = pytest.importorskip("backports.zstd" if sys.version_info < (3, 14) else "compression.zstd")

MEMORY = 110_000_000
"""Bytes above what the package itself takes: some copies of a page of ten million bytes, and no more."""
SECONDS = 8.0 if sys.gettrace() is None else 24.0
"""Of the process, and several times what the slowest of these takes."""
PROGRAM = """
import json, resource, sys, time
from syndicate.io.read import Failure, Page, read_pages
from syndicate.io import parquet
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
before, start = peak(), time.process_time()
kinds, messages = [], []
for found in read_pages(sys.argv[1:]):
    kinds.append(type(found).__name__)
    if not isinstance(found, Page):
        messages.append(f"{found.place}: {found.message}")
print(json.dumps([kinds, messages, peak() - before, time.process_time() - start]))
"""
SIZE = 400_000_000


def read(*inputs: str, feed: Any = None) -> tuple[list[str], list[str]]:
    """The kinds of what is read and the messages of failures, read in a process of its own within the caps."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *inputs], stdin=feed, capture_output=True, text=True, check=True
    )
    kinds, messages, memory, seconds = json.loads(done.stdout)
    assert memory < MEMORY
    assert seconds < SECONDS
    return kinds, messages


def packed(write: Callable[[bytes], object], head: bytes, size: int, tail: bytes = b"") -> None:
    """Write a stream of that many letters between two ends."""
    piece = b"x" * 10_000_000
    write(head)
    for _ in range(size // len(piece)):
        write(piece)
    write(tail)


def bomb(path: Path, head: bytes, size: int, tail: bytes = b"") -> str:
    if path.suffix == ".gz":
        with gzip.open(path, "wb", compresslevel=1) as file:
            packed(file.write, head, size, tail)
    else:
        with zstd.open(path, "wb") as file:
            packed(file.write, head, size, tail)
    assert path.stat().st_size < size / 100
    return str(path)


@pytest.mark.parametrize("name", ["a.html", "a.txt", "a.jsonl", "a.csv", "a.warc", "a"])
def test_a_large_file_of_nothing_stops_at_the_limit(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(b"text\n" if name == "a.csv" else b"")
        file.truncate(300_000_000)
    kinds, messages = read(str(path))
    if name != "a.warc":  # whose blank space between records may be as long as it likes
        assert kinds == ["Failure"]
        assert "10,000,000" in messages[0]


def test_an_endless_standard_input_ends() -> None:
    with open("/dev/zero", "rb") as endless:  # noqa: PTH123
        kinds, (message,) = read("-", feed=endless)
    assert kinds == ["Failure"]
    assert "larger than the limit of 10,000,000 bytes a page" in message


def test_an_endless_line_of_json_ends() -> None:
    read_end, write_end = os.pipe()
    endless = subprocess.Popen(
        [sys.executable, "-c", "import os\nos.write(1, b'{\"text\": \"')\nwhile os.write(1, b'x' * 65536): pass"],
        stdout=write_end,
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        kinds, (message,) = read("-", feed=read_end)
    finally:
        os.close(read_end)
        endless.kill()
        endless.wait()
    assert kinds == ["Failure"]
    assert "no end of the line" in message


def test_a_line_of_json_of_200_megabytes_costs_itself_only(tmp_path: Path) -> None:
    line = b'{"text": "The gates are shut."}\n'
    path = bomb(tmp_path / "a.jsonl.gz", line + b'{"text": "', 200_000_000, b'"}\n' + line)
    kinds, (message,) = read(path)
    assert kinds == ["Page", "Failure", "Page"]
    assert message.startswith(f"{path}:2: ")
    assert "10,000,000" in message


@pytest.mark.parametrize("name", ["a.html.gz", "a.html.zst", "a.txt.gz", "a.csv.gz", "a.jsonl.zst", "a.warc.gz"])
def test_what_unpacks_to_far_too_much_stops_at_the_limit(tmp_path: Path, name: str) -> None:
    kinds, messages = read(bomb(tmp_path / name, b"text\n" if ".csv" in name else b"", SIZE))
    assert kinds == ["Failure"]
    assert ".warc" in name or "limit of 10,000,000 bytes" in messages[0] or "no end of the line" in messages[0]


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def record(number: int, length: int) -> bytes:
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%d>\r\n"
        b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n" % (number, length)
    )


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_a_record_of_a_web_archive_that_unpacks_to_far_too_much_costs_itself_only(
    tmp_path: Path, packing: str
) -> None:
    body = HEAD + b"\r\n<p>The gates are shut."
    one = record(1, len(body)) + body + b"\r\n\r\n"
    large = record(2, len(HEAD) + 2 + SIZE) + HEAD + b"\r\n"
    kinds, (message,) = read(bomb(tmp_path / f"a.warc.{packing}", one + large, SIZE, b"\r\n\r\n" + one))
    assert kinds == ["Page", "Failure", "Page"]
    assert f"offset {len(one)} " in message
    assert "larger than the limit of 10,000,000 bytes a page" in message


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_body_that_unpacks_to_far_too_much_costs_itself_only(tmp_path: Path, encoding: str) -> None:
    inner = bomb(tmp_path / f"body.{'gz' if encoding == 'gzip' else 'zst'}", b"", SIZE)
    with open(inner, "rb") as file:  # noqa: PTH123
        body = HEAD + b"Content-Encoding: " + encoding.encode() + b"\r\n\r\n" + file.read()
    plain = HEAD + b"\r\n<p>Shut."
    path = tmp_path / "a.warc"
    path.write_bytes(record(1, len(body)) + body + b"\r\n\r\n" + record(2, len(plain)) + plain + b"\r\n\r\n")
    kinds, (message,) = read(str(path))
    assert kinds == ["Failure", "Page"]
    assert "offset 0: larger than the limit" in message


def test_memory_does_not_grow_with_a_row_group_of_parquet(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow", reason="needs pyarrow: the extra `parquet`")
    parquet = pytest.importorskip("pyarrow.parquet")
    schema = arrow.schema([("html", arrow.string())])
    path = tmp_path / "a.parquet"
    rows = [[f"<p>{at}{'The gates are shut. ' * 5_000}" for at in range(400)]]
    batch = arrow.record_batch(rows, schema=schema)
    parquet.write_table(arrow.Table.from_batches([batch] * 10), path, use_dictionary=False, row_group_size=10**6)
    assert parquet.ParquetFile(path).num_row_groups == 1
    kinds, _ = read(str(path))
    assert kinds == ["Page"] * 4_000
