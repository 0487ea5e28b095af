"""CSV to pages: a row a page, its columns by their names."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from syndicate.errors import InputError
from syndicate.io.inputs import Failure
from syndicate.io.records import METADATA
from syndicate.parse.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from syndicate.io.inputs import ReadOptions
    from syndicate.io.records import RecordReader
    from syndicate.model import Page

_LEFT_OFF = "; what follows cannot be told apart, so this file is left here"


def read_table(file: io.BufferedReader[Any], name: str, records: RecordReader) -> Iterator[Page | Failure]:
    """The pages of a CSV file; one that is no CSV from some line on is left there, with a failure that says so.

    Bytes that are no UTF-8 stay bytes, so that a page's own charset counts.
    """
    # The module has one limit for all that read with it: it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), records.options.page_limit))
    with io.TextIOWrapper(file, "utf-8-sig", "surrogateescape", newline="") as text:
        yield from _pages(_Lines(text, records.options), name, records)


def _pages(lines: _Lines, name: str, records: RecordReader) -> Iterator[Page | Failure]:
    rows = csv.reader(lines, strict=True)
    header: list[str] = []
    while True:
        first = rows.line_num + 1
        lines.size = 0
        try:
            row = next(rows)
        except StopIteration:
            return
        except (csv.Error, InputError, OSError) as error:
            noticed = f"line {rows.line_num}: " if rows.line_num > first else ""
            yield Failure(f"{name}:{first}", f"{noticed}{error}{_LEFT_OFF}")
            return
        place = f"{name}:{first}"
        if not row:
            continue
        if not header:
            header = list(map(_plain, row))
            if (lack := records.missing(header)) is not None:
                yield Failure(name, lack)
                return
        elif len(row) != len(header):
            # A quote too many joins rows; one comma too many does not.
            is_joined = rows.line_num > first
            yield Failure(
                place, f"{len(row)} fields, but the header has {len(header)}{_LEFT_OFF if is_joined else ''}"
            )
            if is_joined:
                return
        else:
            yield records.page(_record(header, row, records), place)


class _Lines:
    """The lines of a text, until one record of it is too large.

    Attributes:
        size: Characters of the current record.
    """

    def __init__(self, text: io.TextIOWrapper, options: ReadOptions) -> None:
        self._text = text
        self._options = options
        self.size = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        # A page at the limit has room for its other fields.
        limit = 2 * self._options.page_limit
        line = self._text.readline(limit + 1)
        self.size += len(line)
        if self.size > limit:
            raise InputError(f"a record {self._options.too_large}")
        if not line:
            raise StopIteration
        return line


def _record(header: Sequence[str], row: Sequence[str], records: RecordReader) -> dict[str, Any]:
    """A row as a record: a cell of ours that is empty is not there, but for the content."""
    record: dict[str, Any] = {key: _plain(cell) for key, cell in zip(header, row, strict=True)}
    names = records.names
    for key in (*(names[name] for name in METADATA), names["id"], names["crawled"]):
        if record.get(key) == "":
            record[key] = None
    cells = dict(zip(header, row, strict=True))
    markup, text = cells.get(names["html"]), cells.get(names["text"])
    if markup is not None:
        record[names["html"]] = _content(markup) if markup or not text else None
    if text is not None:
        record[names["text"]] = _content(text)
    return record


def _plain(cell: str) -> str:
    """A cell as text, in whatever encoding it was."""
    content = _content(cell)
    return content if isinstance(content, str) else decode(content)


def _content(cell: str) -> str | bytes:
    """A cell as text or, where that is not UTF-8, as its bytes."""
    try:
        cell.encode()
    except UnicodeEncodeError:
        return cell.encode(errors="surrogateescape")
    return cell
