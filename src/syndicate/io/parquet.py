"""Parquet in: rows to pages, and texts to matching without a stop; and what Parquet needs of pyarrow."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from syndicate.errors import InputError
from syndicate.io.inputs import Failure, size_of
from syndicate.rules.names import fold_name
from syndicate.verify import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from syndicate.io.inputs import Meter
    from syndicate.io.records import RecordReader
    from syndicate.model import Page

_ROWS: Final = 2_048
"""Rows of texts that are read at a time."""
_PAGES: Final = 16
"""Rows of pages that are read at a time: a page has a hundred times the bytes of its text."""
_BUFFER: Final = 1_048_576


def read_parquet(name: str, records: RecordReader, meter: Meter) -> Iterator[Page | Failure]:
    """The pages of a Parquet file, a row a page; one without an id has "file:row" for one, counted from 1.

    Memory does not grow with the file, even if all of it is one row group. A row group that is damaged is left where
    the damage is, with a failure, and the next one is read.

    Raises:
        InputError: It cannot be read at all, lacks a column, or pyarrow is not installed.
    """
    before, size = meter.done, size_of(name) or 0
    arrow, parquet = pyarrow()
    with damage_named(None, arrow):
        file = parquet.ParquetFile(name, buffer_size=_BUFFER, pre_buffer=False, page_checksum_verification=True)
    with file:
        if (lack := records.missing(file.schema_arrow.names)) is not None:
            raise InputError(lack)
        end = 0
        for group in range(file.num_row_groups):
            start, end = end, end + file.metadata.row_group(group).num_rows
            row = start
            try:
                with damage_named(None, arrow):
                    for batch in file.iter_batches(_PAGES, row_groups=[group], use_threads=False):
                        for record in plain_records(batch, records):
                            row += 1
                            yield records.page(record, f"{name}:{row}")
                        meter.done = before + size * row // file.metadata.num_rows
            except InputError as error:
                yield Failure(f"{name}:{row + 1}", f"{error}; rows {row + 1:,} to {end:,} are lost")


def plain_records(batch: Any, records: RecordReader) -> Iterator[dict[str, Any]]:
    """The rows of an Arrow batch as records that can stand in JSON, but for the bytes of their content.

    Raises:
        ValueError: A text is no UTF-8, or a time is none that Python has.
    """
    arrow, _ = pyarrow()
    content = {records.names["html"], records.names["text"]}
    columns = [_readable(column, arrow) for column in batch.columns]
    names = batch.schema.names
    for row in zip(*(column.to_pylist() for column in columns), strict=True):
        yield {
            name: value if name in content and isinstance(value, bytes) else _plain(value)
            for name, value in zip(names, row, strict=True)
        }


def _readable(column: Any, arrow: Any) -> Any:
    """A column whose values Python has."""
    kind = column.type
    if arrow.types.is_timestamp(kind) and kind.unit == "ns":
        return column.cast(arrow.timestamp("us", kind.tz), safe=False)
    return column


def _plain(value: Any) -> Any:
    """A value as JSON has it: times in ISO 8601, and bytes that are no UTF-8 with escapes."""
    match value:
        case datetime() | date() | time():
            plain: Any = value.isoformat()
        case Decimal() | timedelta():
            plain = str(value)
        case bytes():
            plain = value.decode(errors="backslashreplace")
        case float():
            plain = value if isfinite(value) else None
        case dict():
            plain = {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            plain = list(map(_plain, value))
        case _:
            plain = value
    return plain


def read_texts(path: Path, *, id: str = "id", text: str = "text", outlet: str = "outlet") -> Iterator[Text]:  # noqa: A002
    """Read cleaned texts for `match_texts`, some thousand rows at a time.

    Args:
        path: The file.
        id: The column of the ids.
        text: The column of the cleaned texts; a null is an empty text, which matches nothing.
        outlet: The column of the outlets' names, if there is such a column.

    Raises:
        InputError: The file cannot be read or is damaged, has not these columns or other things in them, or pyarrow
            is not installed.
    """
    arrow, parquet = pyarrow()
    with damage_named(path, arrow), parquet.ParquetFile(path, memory_map=True) as file:
        there = file.schema_arrow.names
        missing = [name for name in (id, text) if name not in there]
        if missing:
            raise InputError(f"{path}: no column {missing[0]!r}; it has {', '.join(map(repr, there))}")
        names = [id, text, outlet] if outlet in there else [id, text]
        for batch in file.iter_batches(_ROWS, columns=names):
            ids, texts, *outlets = (_as_text(batch.column(name), arrow) for name in names)
            # As bytes, which the kernels take: strings would be decoded here and encoded there.
            rows = texts.cast(arrow.binary()).fill_null(b"").to_pylist()
            folded = [fold_name(name or "") for name in outlets[0].to_pylist()] if outlets else [""] * len(rows)
            yield from map(Text, ids.fill_null("").to_pylist(), folded, rows)


def _as_text(column: Any, arrow: Any) -> Any:
    """A column as text, whose UTF-8 is right."""
    strings = column.cast(arrow.string())
    strings.validate(full=True)
    return strings


def pyarrow() -> tuple[Any, Any]:
    """The modules pyarrow and pyarrow.parquet.

    Raises:
        InputError: They are not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise InputError("Parquet needs pyarrow: pip install 'syndicate-news[parquet]'") from error
    return pa, parquet


@contextmanager
def damage_named(path: Path | None, arrow: Any) -> Iterator[None]:
    """Errors of reading come out as `InputError`, with the file's name if it is given."""
    lead = f"{path}: " if path else ""
    try:
        yield
    except (arrow.ArrowException, ValueError) as error:
        raise InputError(f"{lead}damaged, or no Parquet file of the form that is wanted: {error}") from error
    except OSError as error:
        raise InputError(f"{lead}cannot read: {error.strerror or error}") from error
