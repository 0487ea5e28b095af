"""Compressed inputs: unpacked by their endings, or by a look where there is no ending; progress counts what lies on
the disk."""

from __future__ import annotations

import gzip
import os
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import Article, InputError, Page, Status
from syndicate.io.read import Failure, Meter, ReadOptions, read_articles, read_pages
from syndicate.io.write import article_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

zstd = pytest.importorskip("backports.zstd" if sys.version_info < (3, 14) else "compression.zstd")
PACKERS: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "zst": zstd.compress}
LINES = b"".join(b'{"id": "%d", "text": "The gates of lock %d are shut."}\n' % (at, at) for at in range(5_000))

each_packing = pytest.mark.parametrize("packing", PACKERS)


def read(path: Path | str, options: ReadOptions = ReadOptions()) -> tuple[list[Page], list[Failure]]:  # noqa: B008
    found = list(read_pages([str(path)], options))
    return [one for one in found if isinstance(one, Page)], [one for one in found if isinstance(one, Failure)]


@each_packing
@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.html", b"<p>A", "html"), ("a.txt", b"A", "text"), ("a.jsonl", b'{"text": "A"}', "text"),
        ("a.csv", b"text\nA\n", "text"), ("a", b"<p>A", "auto"),
    ],
)  # fmt: skip
def test_what_is_compressed_is_read_by_its_inner_ending(
    tmp_path: Path, packing: str, name: str, content: bytes, form: str
) -> None:
    path = tmp_path / f"{name}.{packing.upper()}"
    path.write_bytes(PACKERS[packing](content))
    pages, failures = read(path)
    assert failures == []
    assert [page.format for page in pages] == [form]
    assert [page.content for page in pages] in ([content], ["A"])


@each_packing
def test_a_folder_s_compressed_pages_are_found(tmp_path: Path, packing: str) -> None:
    for name in (f"a.html.{packing}", f"notes.{packing}", f"b.tar.{packing}"):
        (tmp_path / name).write_bytes(PACKERS[packing](b"<p>A"))
    assert [page.id for page in read(tmp_path)[0]] == [(tmp_path / f"a.html.{packing}").as_posix()]


@each_packing
def test_several_members_one_after_the_other_are_one_stream(tmp_path: Path, packing: str) -> None:
    path = tmp_path / f"a.jsonl.{packing}"
    pack = PACKERS[packing]
    path.write_bytes(b"".join(pack(part) for part in (LINES[:100], b"", LINES[100:70_000], LINES[70_000:])))
    pages, failures = read(path)
    assert (len(pages), failures) == (5_000, [])


@each_packing
def test_a_stream_without_a_name_tells_by_its_first_bytes(packing: str) -> None:
    read_end, write_end = os.pipe()
    with open(write_end, "wb") as pipe:  # noqa: PTH123 - a descriptor
        pipe.write(PACKERS[packing](LINES[:1_000]))
    pages, failures = read(f"/dev/fd/{read_end}")
    os.close(read_end)
    assert len(pages) == LINES[:1_000].count(b"\n")
    assert len(failures) == 1  # the last line, which is cut


def test_compressed_bytes_named_html_stay_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(gzip.compress(b"<p>A"))
    assert read(tmp_path)[0][0].content == gzip.compress(b"<p>A")


@each_packing
@given(data=st.data())
def test_of_a_stream_that_is_cut_short_every_whole_line_is_read_and_the_cut_is_told(
    tmp_path_factory: pytest.TempPathFactory, packing: str, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("cut") / f"a.jsonl.{packing}"
    whole = PACKERS[packing](LINES)
    kept = data.draw(st.integers(20, len(whole) - 1))
    path.write_bytes(whole[:kept])
    pages, (failure,) = read(path)
    assert [page.id for page in pages] == [f"{at}" for at in range(len(pages))]
    assert failure.place in {f"{path}:{len(pages) + 1}", f"{path}:{len(pages) + 2}"}
    assert "cut short" in failure.message
    if kept > len(whole) - 5 and packing == "gz":  # Zstandard comes in blocks
        assert len(pages) == 5_000


@each_packing
def test_of_a_stream_that_is_damaged_the_lines_before_are_read_and_the_damage_is_told(
    tmp_path: Path, packing: str
) -> None:
    whole = bytearray(PACKERS[packing](LINES[:100_000]) + PACKERS[packing](LINES[100_000:]))
    at = len(PACKERS[packing](LINES[:100_000])) + 40
    whole[at : at + 200] = bytes(200)
    path = tmp_path / f"a.jsonl.{packing}"
    path.write_bytes(whole)
    pages, failures = read(path)
    assert len(pages) >= LINES[:100_000].count(b"\n")
    assert "damaged" in failures[-1].message
    assert failures[-1].place.startswith(f"{path}:")


def test_zeros_behind_the_data_are_no_damage(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(b"<p>A") + bytes(5_000))
    assert [page.content for page in read(tmp_path)[0]] == [b"<p>A"]


def test_without_a_reader_of_zstandard_the_failure_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("backports", "backports.zstd", "compression", "compression.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    (tmp_path / "a.html.zst").write_bytes(b"(\xb5/\xfd")
    (tmp_path / "b.html").write_bytes(b"<p>B")
    pages, (failure,) = read(tmp_path)
    assert "pip install 'syndicate-news[zstd]'" in failure.message
    assert len(pages) == 1


@each_packing
def test_cleaned_articles_come_back_from_compressed_lines(tmp_path: Path, packing: str) -> None:
    article = Article("a", "The gates are shut.", Status.OK)
    path = tmp_path / f"cleaned.jsonl.{packing}"
    path.write_bytes(PACKERS[packing](article_line(article, {}, why=True))[:-1])
    found = list(read_articles([str(path)]))
    assert found[0] == article or packing == "zst"
    assert isinstance(found[-1], Failure)


def test_the_meter_counts_the_bytes_on_the_disk(tmp_path: Path) -> None:
    sizes = []
    for name, content in {"a.html": b"<p>A", "b.jsonl.gz": gzip.compress(LINES), "c.txt": b"C" * 5_000}.items():
        (tmp_path / name).write_bytes(content)
        sizes.append(len(content))
    meter = Meter()
    reading = read_pages([str(tmp_path)], ReadOptions(page_limit=1_000), meter)
    assert (meter.total, meter.done) == (sum(sizes), 0)
    next(reading)
    next(reading)
    assert sizes[0] < meter.done <= sizes[0] + sizes[1]
    assert len(list(reading)) == 5_000
    assert meter.done == meter.total  # though most of the last one was not read


def test_the_meter_knows_no_total_of_a_stream() -> None:
    read_end, write_end = os.pipe()
    with open(write_end, "wb") as pipe:  # noqa: PTH123 - a descriptor
        pipe.write(b"<p>A")
    meter = Meter()
    list(read_pages([f"/dev/fd/{read_end}"], meter=meter))
    os.close(read_end)
    assert (meter.total, meter.done) == (None, 4)


def test_wrong_options_are_refused_with_the_nearest_right_word() -> None:
    with pytest.raises(InputError, match=r"no field 'htm' \(did you mean 'html'\?\)"):
        ReadOptions(fields={"htm": "raw"})
    with pytest.raises(InputError, match=r"no format 'jsnl' \(did you mean 'jsonl'\?\)"):
        ReadOptions("jsnl")
