"""Files on their way: whole or absent, one writer at a time, the same bytes however often a run was broken."""

from __future__ import annotations

import gzip
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import InputError
from syndicate.io.inputs import Meter
from syndicate.io.part import PartFile, part_path
from syndicate.io.unpack import opened

if TYPE_CHECKING:
    from pathlib import Path


def test_the_file_appears_when_it_is_finished(tmp_path: Path) -> None:
    path = tmp_path / "new" / "out.jsonl"
    with PartFile(path) as part:
        assert part.write([b"a\n", b"b\n"]) == 4
        assert not path.exists()
        part.finish()
    assert path.read_bytes() == b"a\nb\n"
    assert [entry.name for entry in path.parent.iterdir()] == ["out.jsonl"]


def test_what_is_committed_stays_after_an_interruption_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"

    def write() -> None:
        with PartFile(path) as part:
            part.write([b"a\n"])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert part_path(path).read_bytes() == b"a\n"
    with PartFile(path, 2) as part:
        part.write([b"b\n"])
        part.finish()
    assert path.read_bytes() == b"a\nb\n"


def test_an_interruption_before_the_first_commit_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), PartFile(tmp_path / "out.jsonl"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz", "out.jsonl.zst"])
@given(chunks=st.lists(st.binary(max_size=50), max_size=6), broken=st.integers(0, 6))
def test_a_file_that_is_gone_on_with_has_the_bytes_of_an_unbroken_one(
    tmp_path_factory: pytest.TempPathFactory, name: str, chunks: list[bytes], broken: int
) -> None:
    folder = tmp_path_factory.mktemp("part")
    whole, resumed = folder / f"whole-{name}", folder / name
    with PartFile(whole) as part:
        for chunk in chunks:
            part.write([chunk])
        part.finish()
    size = 0
    with PartFile(resumed) as part:
        for chunk in chunks[:broken]:
            size = part.write([chunk])
    if size:
        with part_path(resumed).open("ab") as torn:
            torn.write(b"half of what was to come")
    with PartFile(resumed, size) as part:
        for chunk in chunks[broken:]:
            part.write([chunk])
        part.finish()
    assert resumed.read_bytes() == whole.read_bytes()
    with opened(str(resumed), Meter()) as file:
        assert file.read() == b"".join(chunks)


def test_gzip_is_what_gzip_reads(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl.gz"
    with PartFile(path) as part:
        part.write([b"a\n"])
        part.write([b"b\n"])
        part.finish()
    assert gzip.decompress(path.read_bytes()) == b"a\nb\n"


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    program = (
        "import sys, pathlib, syndicate.io.part as part\n"
        "with part.PartFile(pathlib.Path(sys.argv[1])) as file:\n"
        "    file.write([b'theirs'])\n"
        "    print('ready', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"ready\n"
        with pytest.raises(InputError, match="another run is writing it"):
            PartFile(path)
        assert part_path(path).read_bytes() == b"theirs"
        other.communicate(b"")


def test_a_part_that_lost_what_was_committed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    part_path(path).write_bytes(b"a\n")
    with pytest.raises(InputError, match=r"2 bytes are left of the 1,000 .* without --resume"):
        PartFile(path, 1_000)
    assert part_path(path).read_bytes() == b"a\n"
