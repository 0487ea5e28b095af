"""Files, folders, globs and standard input to pages; what cannot be read is reported in its place, never skipped."""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING, Any, Final

from syndicate.errors import InputError
from syndicate.io.article_rows import read_rows
from syndicate.io.inputs import (
    PAGE_LIMIT,
    STDIN,
    Failure,
    Meter,
    Note,
    ReadOptions,
    check_rereadable,
    expand,
    format_of,
    packing_of,
    size_of,
)
from syndicate.io.parquet import read_parquet
from syndicate.io.records import RecordReader
from syndicate.io.tables import read_table
from syndicate.io.unpack import opened
from syndicate.io.warc import read_archive
from syndicate.model import Article, Page

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = [
    "PAGE_LIMIT", "Failure", "Meter", "Note", "ReadOptions", "article_of", "check_rereadable", "json_record",
    "read_articles", "read_one", "read_pages", "without_notes",
]  # fmt: skip

_AS_READ: Final = ReadOptions()
_ENDLESS: Final = 100
"""How many times the limit a line of JSON may be long before the file is given up."""


def read_pages(
    inputs: Iterable[str], options: ReadOptions = _AS_READ, meter: Meter | None = None
) -> Iterator[Page | Failure | Note]:
    """Read pages in the order of the inputs.

    Args:
        inputs: Files, folders (read in name order, known endings only), glob patterns, or "-" for standard input.
            What ends in .gz or .zst is unpacked.
        options: How they are read.
        meter: Takes how much there is and how much has been read.

    Raises:
        InputError: An input does not exist; found before anything is read.
    """
    names = expand(inputs)
    meter = meter or Meter()
    meter.weigh(names)
    return _pages(names, options, meter)


def without_notes(pages: Iterable[Page | Failure | Note], tell: Callable[[Note], object]) -> Iterator[Page | Failure]:
    """Pages and failures as they come; the notes between them are told."""
    for page in pages:
        if isinstance(page, Note):
            tell(page)
        else:
            yield page


def read_one(name: str) -> Page:
    """Read the one page that a file holds, or the first of several.

    Raises:
        InputError: There is no such file, or it cannot be read.
    """
    page = next((page for page in read_pages([name]) if not isinstance(page, Note)), None)
    if isinstance(page, Page):
        return page
    raise InputError(f"{page.place}: {page.message}" if page else f"{name}: no page in it")


def read_articles(inputs: Iterable[str]) -> Iterator[Article | Failure]:
    """Read cleaned articles, as `syndicate clean` wrote them: JSON Lines, compressed or not, or Parquet.

    Raises:
        InputError: An input does not exist.
    """
    for name in expand(inputs):
        if format_of(name) == "parquet":
            yield from read_rows(name)
            continue
        try:
            with opened(name, Meter()) as file:
                for place, record in _lines(file, name, _AS_READ):
                    yield record if isinstance(record, Failure) else article_of(record, place)
        except (InputError, OSError) as error:
            yield _failure(name, error)


def article_of(record: Mapping[str, Any], place: str) -> Article | Failure:
    """The cleaned article that a JSON object is."""
    try:
        return Article.from_dict(record)
    except InputError as error:
        return Failure(place, str(error))


def _pages(names: Iterable[str], options: ReadOptions, meter: Meter) -> Iterator[Page | Failure | Note]:
    for name in names:
        form = format_of(name) if options.format == "auto" else options.format
        before, size = meter.done, size_of(name)
        try:
            if form == "parquet" and (packing_of(name) or name == STDIN):
                yield Failure(name, "Parquet is read from a file, and is compressed inside: save or unpack it first")
            elif form == "parquet":
                yield from read_parquet(name, RecordReader.of(options), meter)
            else:
                with opened(name, meter) as file:
                    yield from _unpacked(file, name, form, options)
        except (InputError, OSError) as error:
            yield _failure(name, error)
        if size is not None:
            meter.done = before + size  # also where a file was given up, or read in another order


def _failure(name: str, error: InputError | OSError) -> Failure:
    return Failure(name, (error.strerror if isinstance(error, OSError) else None) or str(error))


def _unpacked(
    file: io.BufferedReader[Any], name: str, form: str, options: ReadOptions
) -> Iterator[Page | Failure | Note]:
    """The pages of a file that is open."""
    form = _sniffed(file) if form == "auto" else form
    if form == "jsonl":
        records = RecordReader.of(options)
        for place, record in _lines(file, name, options):
            yield record if isinstance(record, Failure) else records.page(record, place)
    elif form == "csv":
        yield from read_table(file, name, RecordReader.of(options))
    elif form == "warc":
        yield from read_archive(file, name, options)
    elif form == "parquet":
        raise InputError("looks like Parquet: say so with --from parquet, and give it as a file")
    else:
        data = file.read(options.page_limit + 1)
        if len(data) > options.page_limit:
            raise InputError(options.too_large)
        yield Page(data, id=name, format=form)


def _sniffed(file: io.BufferedReader[Any]) -> str:
    """The format that the first bytes tell; they stay unread."""
    first = file.peek(64)[:64]
    if first.startswith(b"WARC/"):
        return "warc"
    if first.startswith(b"PAR1"):
        return "parquet"
    return "jsonl" if first.removeprefix(codecs.BOM_UTF8).lstrip().startswith((b'{"', b"{ ")) else "auto"


def _lines(
    file: io.BufferedReader[Any], name: str, options: ReadOptions
) -> Iterator[tuple[str, dict[str, Any] | Failure]]:
    """The JSON objects of a file, one a line, each with its place "file:line"."""
    number = 0
    while True:
        number += 1
        place = f"{name}:{number}"
        try:
            line = file.readline(options.page_limit + 1)
            is_long = len(line) > options.page_limit
            if is_long:
                _pass_line(file, line, options)
        except (InputError, OSError) as error:
            yield place, _failure(place, error)
            return
        if not line:
            return
        if line.strip():
            yield place, json_record(line, place, options)


def _pass_line(file: io.BufferedReader[Any], line: bytes, options: ReadOptions) -> None:
    """Read on to the end of a line, of which the beginning was read.

    Raises:
        InputError: It has none within reach.
    """
    size = len(line)
    while line and not line.endswith(b"\n"):
        if size > _ENDLESS * options.page_limit:
            raise InputError(f"no end of the line in {size:,} bytes; what follows is not read")
        line = file.readline(options.page_limit)
        size += len(line)


def json_record(line: bytes, place: str, options: ReadOptions = _AS_READ) -> dict[str, Any] | Failure:
    """The JSON object that a line of JSON Lines is.

    Args:
        line: The line, with its end; of one that is too long, as much as tells that.
        place: Where it stands.
        options: How inputs are read.
    """
    if len(line) > options.page_limit:
        return Failure(place, f"the line is {options.too_large}")
    try:
        record = json.loads(line.removeprefix(codecs.BOM_UTF8))
    except (ValueError, RecursionError) as error:
        return Failure(place, f"not JSON: {error}")
    return record if isinstance(record, dict) else Failure(place, "not a JSON object")
