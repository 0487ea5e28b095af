"""Web archives to pages: what other tools write is read, and nothing is passed over in silence."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from syndicate import Page
from syndicate.io.read import Failure, Note, ReadOptions, read_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

zstd = pytest.importorskip("backports.zstd" if sys.version_info < (3, 14) else "compression.zstd")
PACKERS: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstd.compress}
each_packing = pytest.mark.parametrize("packing", PACKERS)
HTML = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def record(number: int, block: bytes | str, kind: str = "response", length: int | None = None, **more: str) -> bytes:
    """A record by hand; names in `more` have underscores for hyphens."""
    data = block.encode() if isinstance(block, str) else block
    headers = {
        "WARC-Type": kind, "WARC-Record-ID": f"<urn:uuid:{number}>", "WARC-Date": "2026-03-03T10:00:00Z",
        "WARC-Target-URI": f"https://a.example/{number}",
        "Content-Type": "application/http; msgtype=response" if kind == "response" else "text/plain",
        "Content-Length": str(len(data) if length is None else length),
    } | {name.replace("_", "-"): value for name, value in more.items()}  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"WARC/1.1\r\n{head}\r\n".encode() + data + b"\r\n\r\n"


def page_record(number: int) -> bytes:
    return record(number, f"{HTML}\r\n<p>Lock {number} is shut.")


def read(path: Path, limit: int = 10_000_000) -> tuple[list[Page], list[Failure], list[Note]]:
    found = list(read_pages([str(path)], ReadOptions(page_limit=limit)))
    return (
        [one for one in found if isinstance(one, Page)],
        [one for one in found if isinstance(one, Failure)],
        [one for one in found if isinstance(one, Note)],
    )


def archive(folder: Path, *records: bytes, packing: str = "") -> Path:
    path = folder / f"a.warc{packing}"
    path.write_bytes(b"".join(map(PACKERS[packing], records)))
    return path


def numbers(pages: Iterable[Page]) -> list[str]:
    return [page.id.rpartition(":")[2] for page in pages]


@each_packing
def test_a_response_is_a_page_with_its_address_and_the_time_it_was_fetched(tmp_path: Path, packing: str) -> None:
    (page,), failures, notes = read(archive(tmp_path, page_record(7), packing=packing))
    assert page == Page(
        b"<p>Lock 7 is shut.", "urn:uuid:7", "https://a.example/7", "html", crawled="2026-03-03T10:00:00Z"
    )
    assert (failures, notes) == ([], [])


def test_conversions_and_plain_text_are_pages_of_text(tmp_path: Path) -> None:
    path = archive(
        tmp_path, record(1, "Shut.", "conversion"), record(2, "HTTP/1.0 200 OK\nContent-Type: text/plain\n\nShut.")
    )
    pages, _, _ = read(path)
    assert [(page.content, page.format) for page in pages] == [(b"Shut.", "text")] * 2


def test_what_is_no_page_is_told_in_one_note(tmp_path: Path) -> None:
    path = archive(
        tmp_path,
        record(0, "software: x", "warcinfo"), record(1, "GET / HTTP/1.1", "request"), page_record(2),
        *(record(at, "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8") for at in (3, 4, 5)),
        *(record(at, "HTTP/1.1 301 Moved\r\nContent-Type: text/html\r\n\r\n") for at in (6, 7)),
        record(8, "HTTP/1.1 200 OK\r\n\r\n", "revisit"),
        record(9, "a.example 1.2.3.4", Content_Type="text/dns"),
    )  # fmt: skip
    pages, failures, (note,) = read(path)
    assert (numbers(pages), failures) == (["2"], [])
    words = "7 records are no pages: 3 image/jpeg, 2 HTTP 301, 1 revisit record, 1 text/dns"
    assert note == Note(str(path), words)


def chunked(data: bytes) -> bytes:
    return b"".join(
        b"%x;x=1\r\n%s\r\n" % (len(data[at : at + 5]), data[at : at + 5]) for at in range(0, len(data), 5)
    )


def bare_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


BODY = b"<p>The gates of Marrow Lock are shut all week."
ENCODED = {
    "chunked": ("Transfer-Encoding: chunked", chunked(BODY) + b"0\r\n\r\n"),
    "chunked and cut by the server": ("Transfer-Encoding: chunked", chunked(BODY)),
    "not chunked, whatever it says": ("Transfer-Encoding: chunked", BODY),
    "gzip": ("Content-Encoding: gzip", gzip.compress(BODY)),
    "gzip in two members": ("Content-Encoding: x-gzip", gzip.compress(BODY[:9]) + gzip.compress(BODY[9:])),
    "gzip in chunks": (
        "Content-Encoding: gzip\r\nTransfer-Encoding: chunked",
        chunked(gzip.compress(BODY)) + b"0\r\n",
    ),
    "not gzip, whatever it says": ("Content-Encoding: gzip", BODY),
    "deflate": ("Content-Encoding: deflate", zlib.compress(BODY)),
    "deflate without its head": ("Content-Encoding: deflate", bare_deflate(BODY)),
    "zstd": ("Content-Encoding: zstd", zstd.compress(BODY)),
    "not br, whatever it says": ("Content-Encoding: br", BODY),
    "twice": ("Content-Encoding: deflate, gzip", gzip.compress(zlib.compress(BODY))),
    "identity": ("Content-Encoding: identity", BODY),
}


@pytest.mark.parametrize("kind", ENCODED)
def test_transfer_and_content_encodings_are_undone(tmp_path: Path, kind: str) -> None:
    if kind in {"zstd", "not br, whatever it says"}:
        pytest.importorskip("fastwarc", reason="needs fastwarc: the extra `warc`")
    head, body = ENCODED[kind]
    pages, failures, _ = read(archive(tmp_path, record(1, f"{HTML}{head}\r\n\r\n".encode() + body)))
    assert failures == []
    assert [page.content for page in pages] == [BODY]


def test_brotli_is_undone(tmp_path: Path) -> None:
    stream_io = pytest.importorskip("fastwarc.stream_io", reason="needs fastwarc: the extra `warc`")
    packed = tmp_path / "body.br"
    writer = stream_io.BrotliWriter(str(packed))
    writer.write(BODY)
    writer.close()
    pages, _, _ = read(
        archive(tmp_path, record(1, f"{HTML}Content-Encoding: br\r\n\r\n".encode() + packed.read_bytes()))
    )
    assert [page.content for page in pages] == [BODY]


@pytest.mark.parametrize(
    ("head", "body", "words"),
    [
        ("Content-Encoding: rot13", b"x", "'rot13'"),
        ("Content-Encoding: gzip", b"\x1f\x8b\x08 damaged", "damaged"),
    ],
)
def test_a_body_that_cannot_be_decoded_is_a_failure_and_the_next_record_is_read(
    tmp_path: Path, head: str, body: bytes, words: str
) -> None:
    path = archive(tmp_path, page_record(1), record(2, f"{HTML}{head}\r\n\r\n".encode() + body), page_record(3))
    pages, (failure,), _ = read(path)
    assert numbers(pages) == ["1", "3"]
    assert failure.place == f"{path}: offset {len(page_record(1))}"
    assert words in failure.message


def test_without_a_reader_of_brotli_the_failure_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fastwarc", None)
    packed = record(1, f"{HTML}Content-Encoding: br\r\n\r\nx")
    pages, (failure,), _ = read(archive(tmp_path, packed, page_record(2)))
    assert numbers(pages) == ["2"]
    assert "pip install 'syndicate-news[warc]'" in failure.message


def test_brotli_that_is_damaged_is_a_failure(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc", reason="needs fastwarc: the extra `warc`")
    packed = record(1, f"{HTML}Content-Encoding: br\r\n\r\n".encode() + b"\x00\x01 damaged")
    pages, (failure,), _ = read(archive(tmp_path, packed, page_record(2)))
    assert numbers(pages) == ["2"]
    assert "damaged" in failure.message


@pytest.mark.parametrize(
    ("charset", "body", "expected"),
    [
        ("iso-8859-2", "<p>erdő".encode("iso-8859-2"), "<p>erdő"),
        ("iso-8859-2", "<p>erdő".encode(), "<p>erdő".encode()),
        ("koi8-r", "<meta charset=iso-8859-2><p>erdő".encode("iso-8859-2"), "<meta charset=iso-8859-2><p>erdő"),
        ("iso-8859-2", b"\xff\xd8\xff\xe0JFIF", b"\xff\xd8\xff\xe0JFIF"),
    ],
)
def test_the_server_s_charset_counts_only_where_the_page_tells_none(
    tmp_path: Path, charset: str, body: bytes, expected: str | bytes
) -> None:
    head = f'HTTP/1.1 200 OK\r\ncontent-type: text/html; Charset="{charset}"\r\n\r\n'
    (page,), _, _ = read(archive(tmp_path, record(1, head.encode() + body)))
    assert page.content == expected


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files that warcio leaves open
@pytest.mark.parametrize(
    ("tool", "packing"),
    [("warcio", ""), ("warcio", ".gz"), ("fastwarc", ""), ("fastwarc", ".gz"), ("fastwarc", ".zst")],
)
def test_of_an_archive_cut_short_all_but_the_last_are_pages_and_it_is_told(
    tmp_path: Path, tool: str, packing: str
) -> None:
    path = tmp_path / f"a.warc{packing}"
    starts = WRITERS[tool](path, 2_000, packing)
    whole = path.read_bytes()
    pages, failures, _ = read(path)
    assert (len(pages), failures) == (2_000, [])
    assert pages[1_999].content == b"<html><p>Lock 1999 is shut."
    assert pages[1_999].url == "https://a.example/1999"
    for cut in (starts[-1] + 15, (starts[-1] + len(whole)) // 2, len(whole) - 12):
        path.write_bytes(whole[:cut])
        pages, (failure,), _ = read(path)
        assert len(pages) == 1_999
        assert failure.place == f"{path}: offset {starts[-1]}"
        assert "cut short" in failure.message


def write_by_warcio(path: Path, count: int, packing: str) -> list[int]:
    """Where each record begins."""
    headers = pytest.importorskip("warcio.statusandheaders")
    starts = []
    with path.open("wb") as file:
        writer = pytest.importorskip("warcio.warcwriter").WARCWriter(file, gzip=packing == ".gz")
        for at in range(count):
            starts.append(file.tell())
            http = headers.StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            body = io.BytesIO(f"<html><p>Lock {at} is shut.".encode())
            writer.write_record(
                writer.create_warc_record(f"https://a.example/{at}", "response", payload=body, http_headers=http)
            )
    return starts


def write_by_fastwarc(path: Path, count: int, packing: str) -> list[int]:
    warc = pytest.importorskip("fastwarc.warc", reason="needs fastwarc: the extra `warc`")
    stream_io = pytest.importorskip("fastwarc.stream_io")
    starts = []
    with path.open("wb") as file:
        for at in range(count):
            starts.append(file.tell())
            packed = io.BytesIO()
            made: Any = warc.WarcRecord()
            made.init_headers(warc.response)
            made.headers["WARC-Target-URI"] = f"https://a.example/{at}"
            made.is_http = True
            made.set_bytes_content(f"{HTML}\r\n<html><p>Lock {at} is shut.".encode())
            if packing:
                writer = {".gz": stream_io.GzipWriter, ".zst": stream_io.ZstdWriter}[packing](packed)
                made.write(writer)
                writer.finish()
                writer.flush()
            else:
                made.write(packed)
            file.write(packed.getvalue())
    return starts


WRITERS = {"warcio": write_by_warcio, "fastwarc": write_by_fastwarc}


@each_packing
def test_wherever_an_archive_is_cut_nothing_is_lost_in_silence(tmp_path: Path, packing: str) -> None:
    records = [PACKERS[packing](page_record(at)) for at in range(3)]
    whole, last = b"".join(records), len(records[0] + records[1])
    path = tmp_path / f"a.warc{packing}"
    for cut in range(last + 1, len(whole)):
        path.write_bytes(whole[:cut])
        pages, failures, _ = read(path)
        assert numbers(pages)[:2] == ["0", "1"]
        # The last one is whole where only the line breaks or the check sum behind it are missing.
        assert len(pages) == 3 or (failures and failures[0].place == f"{path}: offset {last}")
        assert len(pages) == 2 or cut > len(whole) - 16


@each_packing
def test_after_a_damaged_record_the_next_ones_are_read(tmp_path: Path, packing: str) -> None:
    records = [PACKERS[packing](page_record(at)) for at in range(5)]
    middle = len(records[1]) // 2
    for damaged in (records[1][:middle], records[1][:middle] + bytes(9) + records[1][middle:], records[1][:-9]):
        path = tmp_path / f"a.warc{packing}"
        path.write_bytes(b"".join((records[0], damaged, *records[2:])))
        pages, failures, _ = read(path)
        assert {"0", "3", "4"} <= {*numbers(pages)}
        assert failures
        assert failures[0].place in {
            f"{path}: offset {len(records[0])}",
            f"{path}: offset {len(records[0] + damaged)}",
        }


def test_a_record_that_says_it_is_longer_than_the_file_costs_itself_only(tmp_path: Path) -> None:
    path = archive(tmp_path, page_record(1), record(2, "x", length=10**12), page_record(3))
    pages, (failure,), _ = read(path)
    assert numbers(pages) == ["1", "3"]
    assert "cut short" in failure.message


@pytest.mark.parametrize("length", ["", "-5", "1e3", "9" * 400, "\u0663"])
def test_a_length_that_is_no_number_costs_that_record_only(tmp_path: Path, length: str) -> None:
    bad = record(2, "x", Content_Length=length)
    pages, (failure,), _ = read(archive(tmp_path, page_record(1), bad, page_record(3)))
    assert numbers(pages) == ["1", "3"]
    assert "Content-Length" in failure.message or "cut short" in failure.message


def test_an_archive_compressed_as_a_whole_is_read_and_damage_has_its_offset_in_what_is_unpacked(
    tmp_path: Path,
) -> None:
    records = [page_record(at) for at in range(3)]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(records[0] + records[1].replace(b"Content-Length", b"Content-Width") + records[2]))
    pages, (failure,), _ = read(path)
    assert numbers(pages) == ["0", "2"]
    assert failure.place == f"{path}: offset {len(records[0])} of what is unpacked"


def test_pages_over_the_limit_are_failures_and_the_next_record_is_read(tmp_path: Path) -> None:
    bomb = gzip.compress(b"x" * 5_000)
    path = archive(
        tmp_path,
        record(1, f"{HTML}\r\n{'x' * 2_000}"), record(2, f"{HTML}Content-Encoding: gzip\r\n\r\n".encode() + bomb),
        record(3, "x" * 2_000, "conversion"), record(4, f"{HTML}\r\n{'x' * 2_000_000}"), page_record(5),
    )  # fmt: skip
    pages, failures, _ = read(path, limit=1_000)
    assert numbers(pages) == ["5"]
    assert ["1,000" in failure.message for failure in failures] == [True] * 4


def test_archives_are_known_by_their_first_bytes(tmp_path: Path) -> None:
    for name, data in (("a", page_record(1)), ("b", gzip.compress(page_record(2)))):
        (tmp_path / name).write_bytes(data)
        assert len(read(tmp_path / name)[0]) == 1


@pytest.mark.parametrize("data", [b"nothing", b"nothing\n" * 50_000, bytes(3_000_000), b"WARC/1.0\r\n" * 5_000])
def test_what_is_no_archive_is_a_failure(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.warc").write_bytes(data)
    pages, failures, _ = read(tmp_path / "a.warc")
    assert pages == []
    assert failures or not data.strip(b"\0")
