"""Files, folders, globs and standard input to pages; what cannot be read is reported in its place, never skipped."""

from __future__ import annotations

import codecs
import json
import sys
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from syndicate.errors import InputError
from syndicate.model import Article, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE_LIMIT: Final = 10_000_000
"""Bytes of a page, or of a line of JSON, past which it is not read."""

_FORMATS: Final = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".txt": "text", ".text": "text",
    ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip
_FIELDS: Final = ("title", "outlet", "published", "byline")


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be read; `place` is its path, with the line where there is one."""

    place: str
    message: str


def read_pages(inputs: Iterable[str], format: str = "auto") -> Iterator[Page | Failure]:  # noqa: A002
    """Read pages in the order of the inputs.

    Args:
        inputs: Files, folders (read in name order, known endings only), glob patterns, or "-" for standard input.
        format: "html", "text", "jsonl", or "auto": by the file's ending, else by a look at the content.

    Raises:
        InputError: An input does not exist; found before anything is read.
    """
    for name in _expand(inputs):
        kind = _FORMATS.get(Path(name).suffix.lower(), "auto") if format == "auto" else format
        try:
            with _open(name) as file:
                if kind == "jsonl" or (kind == "auto" and _starts_json(file)):
                    yield from _records(file, name)
                else:
                    yield Page(_limited(file), id=name, format=kind)
        except InputError as error:
            yield Failure(name, str(error))
        except OSError as error:
            yield Failure(name, error.strerror or str(error))


def check_rereadable(inputs: Iterable[str]) -> None:
    """Make sure that inputs can be read twice.

    Raises:
        InputError: One is standard input, a pipe or a device.
    """
    for name in inputs:
        if name == "-" or (Path(name).exists() and not (Path(name).is_file() or Path(name).is_dir())):
            raise InputError(f"{name}: can be read only once; save it to a file first")


def read_one(name: str) -> Page:
    """Read the one page that a file holds, or the first of several.

    Raises:
        InputError: There is no such file, or it cannot be read.
    """
    page = next(read_pages([name]), None)
    if isinstance(page, Page):
        return page
    raise InputError(f"{page.place}: {page.message}" if page else f"{name}: no page in it")


def read_articles(inputs: Iterable[str]) -> Iterator[Article | Failure]:
    """Read cleaned articles, as `syndicate clean` wrote them.

    Raises:
        InputError: An input does not exist.
    """
    for name in _expand(inputs):
        with _open(name) as file:
            for place, record in _lines(file, name):
                if isinstance(record, Failure):
                    yield record
                    continue
                try:
                    yield Article.from_dict(record)
                except InputError as error:
                    yield Failure(place, str(error))


def _expand(inputs: Iterable[str]) -> list[str]:
    """Paths of the files, folders and globs opened up; each file once."""
    names: dict[str, None] = {}
    for name in inputs:
        path = Path(name)
        try:
            is_folder, is_there = path.is_dir(), path.exists()
        except OSError:  # a name that no file can have
            is_folder = is_there = False
        if is_folder:
            inside = (file for file in path.rglob("*") if file.suffix.lower() in _FORMATS and file.is_file())
            names |= dict.fromkeys(file.as_posix() for file in sorted(inside))
        elif name == "-" or is_there:
            names[name] = None
        elif found := [file for file in sorted(glob(name, recursive=True)) if Path(file).is_file()]:  # noqa: PTH207
            names |= dict.fromkeys(found)
        else:
            raise InputError(f"{name:.200}: no such file, folder or match of a glob")
    return list(names)


def _open(name: str) -> IO[bytes]:
    return open(sys.stdin.fileno(), "rb", closefd=False) if name == "-" else Path(name).open("rb")


def _starts_json(file: IO[bytes]) -> bool:
    """Whether unread input begins with a JSON object; the input stays unread."""
    peek = getattr(file, "peek", None)
    return peek is not None and peek(64)[:64].removeprefix(codecs.BOM_UTF8).lstrip().startswith((b'{"', b"{ "))


def _limited(file: IO[bytes]) -> bytes:
    data = file.read(PAGE_LIMIT + 1)
    if len(data) > PAGE_LIMIT:
        raise InputError(f"larger than the limit of {PAGE_LIMIT:,} bytes a page")
    return data


def _records(file: IO[bytes], name: str) -> Iterator[Page | Failure]:
    for place, record in _lines(file, name):
        yield record if isinstance(record, Failure) else _page(record, place)


def _lines(file: IO[bytes], name: str) -> Iterator[tuple[str, dict[str, Any] | Failure]]:
    """The JSON objects of a file, one a line, each with its place "file:line"."""
    number = 0
    while line := file.readline(PAGE_LIMIT + 1):
        number += 1
        place = f"{name}:{number}"
        if len(line) > PAGE_LIMIT:
            while not line.endswith(b"\n") and (line := file.readline(PAGE_LIMIT)):
                pass
            yield place, Failure(place, f"the line is larger than the limit of {PAGE_LIMIT:,} bytes a page")
        elif line.strip():
            try:
                record = json.loads(line.removeprefix(codecs.BOM_UTF8))
            except (ValueError, RecursionError) as error:
                yield place, Failure(place, f"not JSON: {error}")
                continue
            yield place, record if isinstance(record, dict) else Failure(place, "not a JSON object")


def _page(record: dict[str, Any], place: str) -> Page | Failure:
    content = record.get("html") if record.get("html") is not None else record.get("text")
    if not isinstance(content, str):
        return Failure(place, "no 'html' or 'text' that is a string")
    wrong = [name for name in (*_FIELDS, "url") if not isinstance(record.get(name), (str, type(None)))]
    if wrong:
        return Failure(place, f"{wrong[0]!r} is not a string")
    identity = record.get("id")
    return Page(
        content,
        id=str(identity) if identity is not None else place,
        url=record.get("url"),
        format="text" if record.get("html") is None else "html",
        extra={key: value for key, value in record.items() if key not in {"id", "url", "html", "text", *_FIELDS}},
        **{name: record.get(name) for name in _FIELDS},
    )
