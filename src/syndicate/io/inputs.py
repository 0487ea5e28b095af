"""What readers are given and what they hand back beside pages: options, names of files, failures, notes, progress."""

from __future__ import annotations

from dataclasses import dataclass, field
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Final

from syndicate.errors import InputError
from syndicate.rules.shapes import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PAGE_LIMIT: Final = 10_000_000
"""Bytes of a page, or of a line of JSON, past which it is not read."""
STDIN: Final = "-"

_ENDINGS: Final = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".txt": "text", ".text": "text", ".jsonl": "jsonl",
    ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet", ".warc": "warc",
}  # fmt: skip
FORMATS: Final = ("auto", *dict.fromkeys(_ENDINGS.values()))
"""What inputs may be; "auto" goes by a file's ending, else by a look at the content."""
_PACKINGS: Final = {".gz": "gz", ".zst": "zst"}
FIELDS: Final = ("id", "url", "html", "text", "title", "outlet", "published", "byline", "crawled")
"""The fields of a record that a page is made of."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How inputs are read.

    Attributes:
        format: One of `FORMATS`.
        fields: For fields of ours, what the records call them: {"html": "raw_content"}.
        page_limit: Bytes of a page, unpacked, past which it is not read.

    Raises:
        InputError: There is no such format, or no such field.
    """

    format: str = "auto"
    fields: Mapping[str, str] = field(default_factory=dict)
    page_limit: int = PAGE_LIMIT

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise InputError(f"no format {self.format!r}{nearest(self.format, FORMATS)}")
        for name in self.fields:
            if name not in FIELDS:
                raise InputError(f"no field {name!r}{nearest(name, FIELDS)}")

    @property
    def too_large(self) -> str:
        """The words for a page over the limit."""
        return f"larger than the limit of {self.page_limit:,} bytes a page"


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be read; `place` is its path, with the line, row or offset where there is one."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something of an input that a person should know and that is no failure; `place` as of a failure."""

    place: str
    message: str


class Meter:
    """How far reading has come, for progress and for the time that remains.

    Attributes:
        total: Bytes of all inputs as they lie on the disk; None where one is a stream, whose end nobody knows.
        done: Bytes of them that have been read; compressed ones, where they are compressed.
    """

    def __init__(self) -> None:
        self.total: int | None = None
        self.done = 0

    def weigh(self, names: Iterable[str]) -> None:
        """Take the size of all inputs."""
        self.total = 0
        for name in names:
            size = size_of(name)
            self.total = None if size is None or self.total is None else self.total + size


def expand(inputs: Iterable[str]) -> list[str]:
    """Paths of the files, folders and globs opened up; each file once.

    Raises:
        InputError: An input does not exist.
    """
    names: dict[str, None] = {}
    for name in inputs:
        path = Path(name)
        try:
            is_folder, is_there = path.is_dir(), path.exists()
        except OSError:  # a name that no file can have
            is_folder = is_there = False
        if is_folder:
            inside = (file for file in path.rglob("*") if format_of(file.name) != "auto" and file.is_file())
            names |= dict.fromkeys(file.as_posix() for file in sorted(inside))
        elif name == STDIN or is_there:
            names[name] = None
        elif found := [file for file in sorted(glob(name, recursive=True)) if Path(file).is_file()]:  # noqa: PTH207
            names |= dict.fromkeys(found)
        else:
            raise InputError(f"{name:.200}: no such file, folder or match of a glob")
    return list(names)


def check_rereadable(inputs: Iterable[str]) -> None:
    """Make sure that inputs can be read twice.

    Raises:
        InputError: One is standard input, a pipe or a device.
    """
    for name in inputs:
        if name == STDIN or (Path(name).exists() and not (Path(name).is_file() or Path(name).is_dir())):
            raise InputError(f"{name}: can be read only once; save it to a file first")


def format_of(name: str) -> str:
    """The format that a file's name tells, compressed or not; "auto" where it tells none."""
    path = Path(name.lower())
    return _ENDINGS.get(Path(path.stem if path.suffix in _PACKINGS else path).suffix, "auto")


def packing_of(name: str) -> str | None:
    """How a file is compressed by its name: "gz", "zst", or "" for not at all; None where the name tells nothing."""
    packing = _PACKINGS.get(Path(name.lower()).suffix)
    return packing or (None if format_of(name) == "auto" else "")


def size_of(name: str) -> int | None:
    """Bytes of a file on the disk; None for standard input, a pipe or a device."""
    path = Path(name)
    try:
        return path.stat().st_size if name != STDIN and path.is_file() else None
    except OSError:
        return 0  # it is gone, which reading will tell
