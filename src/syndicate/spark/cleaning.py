"""Pages to articles on Spark: each page by itself, wherever its row lies."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from syndicate.batch import FAILED
from syndicate.clean import Cleaner
from syndicate.errors import InputError
from syndicate.io import article_rows
from syndicate.io.article_rows import whole
from syndicate.io.inputs import Failure, ReadOptions
from syndicate.io.parquet import plain_records, pyarrow
from syndicate.io.read import json_record
from syndicate.io.records import RecordReader
from syndicate.model import Page
from syndicate.record import Target
from syndicate.run import Run, carry_out_here
from syndicate.spark.shipping import ShippedCleaner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

    from syndicate.record import Outcome

LINES: Final = "id string, status string, reason string, line string"
"""What `clean_to_lines` makes: `line` is what `syndicate clean` writes of the page, and null where it failed."""

T = TypeVar("T")

_AS_READ: Final = ReadOptions()
_ROWS: Final = 16
"""Pages that are taken out of an Arrow batch at a time."""
_GROUP_ROWS, _GROUP_SIZE = 256, 4_000_000
"""Articles, and bytes of their JSON, that are handed on at a time."""


def article_schema() -> StructType:
    """The columns of cleaned articles: those of the Parquet files that `syndicate clean` writes.

    A row with the status "failed" is no article: it has an `id`, as far as one is known, a `reason`, and no text.
    """
    from pyspark.sql.pandas.types import from_arrow_schema

    arrow, _ = pyarrow()
    return from_arrow_schema(article_rows.schema(arrow))


def clean(
    frame: DataFrame, cleaner: Cleaner | None = None, *, why: bool = False, options: ReadOptions = _AS_READ
) -> DataFrame:
    """Clean pages.

    Args:
        frame: A row a page: `html` or `text`, string or binary; `id` or `url`; and, where they are known, `title`,
            `outlet`, `published`, `byline` and `crawled`. Other columns pass through, as JSON in `extra`. Or lines of
            JSON Lines with these fields, as `read_lines` gives them: a column `value`, and nothing else but `file`.
        cleaner: What cleans; one with the packs that come along if not given. Its packs travel with the job.
        why: Whether `removed` also lists what the extractor left out.
        options: What the records call their fields, and how large a page may be.

    Returns:
        A row a page, as `article_schema` has it. What cannot be cleaned is a row with the status "failed".

    Raises:
        InputError: The frame has not the columns that are needed, or a pack is no longer there.
    """
    return frame.mapInArrow(_Job.of(frame, cleaner, options, why=why, form=_rows), article_schema())


def clean_to_lines(
    frame: DataFrame, cleaner: Cleaner | None = None, *, why: bool = False, options: ReadOptions = _AS_READ
) -> DataFrame:
    """Clean pages to the very lines that `syndicate clean` writes of them: as `clean`, but for rows as of `LINES`."""
    return frame.mapInArrow(_Job.of(frame, cleaner, options, why=why, form=_lines), LINES)


@dataclass(frozen=True, slots=True)
class _Job:
    """What a task does, as it travels."""

    shipped: ShippedCleaner
    options: ReadOptions
    why: bool
    is_lines: bool
    form: Callable[[Sequence[Outcome]], Any]

    @classmethod
    def of(
        cls,
        frame: DataFrame,
        cleaner: Cleaner | None,
        options: ReadOptions,
        *,
        why: bool,
        form: Callable[[Sequence[Outcome]], Any],
    ) -> _Job:
        is_lines = "value" in frame.columns and {*frame.columns} <= {"value", "file"}
        lack = None if is_lines else _lack(frame.columns, RecordReader.of(options))
        if lack is not None:
            raise InputError(f"the frame has {lack}")
        return cls(ShippedCleaner.of(cleaner or Cleaner()), options, why, is_lines, form)

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        run = Run(self.shipped.cleaner(), Target(None), (), self.options, why=self.why)
        outcomes = (carry_out_here(run, page) for batch in batches for page in self._pages(batch))
        for group in grouped(outcomes, lambda outcome: len(outcome.line)):
            yield from self.form(group).to_batches()

    def _pages(self, batch: Any) -> Iterator[Page | Failure]:
        records = RecordReader.of(self.options)
        if not self.is_lines:
            for record in _records(batch, records):
                yield record if isinstance(record, Failure) else _page(records, record, "")
            return
        for line, file in lines_of(batch):
            found = line_record(line, file, self.options)
            if found is not None:
                yield found if isinstance(found, Failure) else _page(records, found, file)


def lines_of(batch: Any) -> Iterator[tuple[bytes, str]]:
    """Lines of JSON Lines with the names of their files, "" where the batch has no such column."""
    arrow, _ = pyarrow()
    for start in range(0, batch.num_rows, _ROWS):
        part = batch.slice(start, _ROWS)
        lines = part.column("value").cast(arrow.binary()).to_pylist()
        files = part.column("file").to_pylist() if "file" in part.schema.names else [""] * len(lines)
        yield from ((line or b"", file or "") for line, file in zip(lines, files, strict=True))


def line_record(line: bytes, file: str, options: ReadOptions = _AS_READ) -> dict[str, Any] | Failure | None:
    """The JSON object that a line is; None for an empty one.

    Spark cannot number lines, so a failure says how its line begins.
    """
    if not line.strip():
        return None
    record = json_record(line + b"\n", file, options)
    if isinstance(record, Failure):
        return Failure(file, f"{record.message}; the line begins {line[:60].decode(errors='backslashreplace')!r}")
    return record


def failed_row(failure: Failure) -> dict[str, Any]:
    """A failure as a record for `article_rows.table`."""
    return {"id": failure.place, "status": FAILED, "reason": failure.message}


def _lack(columns: Sequence[str], records: RecordReader) -> str | None:
    """What a frame lacks, in words."""
    lack = records.missing(columns)
    if lack is None and not {records.names["id"], records.names["url"]} & {*columns}:
        lack = f"no column {records.names['id']!r} or {records.names['url']!r} to know its rows by"
    return lack


def _records(batch: Any, records: RecordReader) -> Iterator[dict[str, Any] | Failure]:
    """The rows of a batch; one that cannot be read costs that row."""
    for start in range(0, batch.num_rows, _ROWS):
        part = batch.slice(start, _ROWS)
        try:
            yield from [*plain_records(part, records)]
        except ValueError:
            for at in range(part.num_rows):
                try:
                    yield from [*plain_records(part.slice(at, 1), records)]
                except ValueError as error:
                    yield Failure(_identity(part.slice(at, 1), records), f"cannot read: {error}")


def _identity(row: Any, records: RecordReader) -> str:
    """The identity of a row of which something cannot be read."""
    for name in (records.names["id"], records.names["url"]):
        with suppress(ValueError):
            value = row.column(name).to_pylist()[0] if name in row.schema.names else None
            if value:
                return str(value)
    return ""


def _page(records: RecordReader, record: Mapping[str, Any], file: str) -> Page | Failure:
    identity, url = (record.get(records.names[name]) for name in ("id", "url"))
    known = url if identity is None and isinstance(url, str) and url else identity
    page = records.page(record, file if known is None else str(known))
    if known is None and isinstance(page, Page):
        return Failure(file, f"no {records.names['id']!r} and no {records.names['url']!r} to know it by")
    return page


def grouped(items: Iterable[T], size_of: Callable[[T], int]) -> Iterator[list[T]]:
    """Articles in groups that are small in memory, by how many bytes each has."""
    group: list[T] = []
    size = 0
    for item in items:
        group.append(item)
        size += size_of(item)
        if len(group) == _GROUP_ROWS or size > _GROUP_SIZE:
            yield group
            group, size = [], 0
    if group:
        yield group


def _rows(outcomes: Sequence[Outcome]) -> Any:
    arrow, _ = pyarrow()
    records = [
        json.loads(outcome.line) if outcome.line else failed_row(Failure(outcome.id, outcome.reason))
        for outcome in outcomes
    ]
    return article_rows.table(arrow, records)


def _lines(outcomes: Sequence[Outcome]) -> Any:
    arrow, _ = pyarrow()
    rows = [
        (whole(each.id), each.status, whole(each.reason), each.line.decode().removesuffix("\n") or None)
        for each in outcomes
    ]
    names = ("id", "status", "reason", "line")
    return arrow.table([arrow.array(column, arrow.string()) for column in zip(*rows, strict=True)], names)
