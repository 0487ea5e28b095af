"""Files that Spark reaches, as frames: JSON Lines, read by our own parser, and cleaned articles."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from syndicate.batch import FAILED
from syndicate.io import article_rows
from syndicate.io.inputs import Failure
from syndicate.io.parquet import pyarrow
from syndicate.io.read import article_of
from syndicate.spark.cleaning import article_schema, failed_row, grouped, line_record, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyspark.sql import DataFrame, SparkSession

_ROWS: Final = 256
"""Articles that are taken out of an Arrow batch at a time."""


def read_lines(spark: SparkSession, paths: Sequence[str]) -> DataFrame:
    """JSON Lines as lines: `value`, their bytes, and `file`, where each is from.

    Args:
        spark: The session.
        paths: Files, folders and globs, as Spark takes them; what ends in .gz or .zst is unpacked.
    """
    # Without it, a line would end at a carriage return, too.
    lines = spark.read.option("lineSep", "\n").text([*paths])
    return lines.selectExpr("cast(value as binary) value", "_metadata.file_path file")


def read_articles(spark: SparkSession, paths: Iterable[str]) -> DataFrame:
    """Cleaned articles, as `syndicate clean` wrote them with either engine.

    Args:
        spark: The session.
        paths: As of `read_lines`; what ends in .parquet is Parquet, everything else JSON Lines.

    Returns:
        Rows as `article_schema` has them. What is no cleaned article is a row with the status "failed".
    """
    lines, tables = by_format(paths)
    schema = article_schema()
    frames = []
    if lines:
        frames.append(read_lines(spark, lines).mapInArrow(_from_lines, schema))
    if tables:
        frames.append(spark.read.schema(schema).parquet(*tables).mapInArrow(_from_rows, schema))
    return reduce(type(frames[0]).unionByName, frames)


def by_format(paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """Paths of JSON Lines, and those of Parquet; a file's or a folder's name tells."""
    lines: list[str] = []
    tables: list[str] = []
    for path in paths:
        (tables if is_parquet(path) else lines).append(path)
    return lines, tables


def is_parquet(path: str) -> bool:
    """Whether a path is that of Parquet, a file or a folder of parts, by its name."""
    return path.rstrip("/").lower().endswith(".parquet")


def _from_lines(batches: Iterable[Any]) -> Iterator[Any]:
    lines = (line for batch in batches for line in lines_of(batch))
    for group in grouped(lines, lambda line: len(line[0])):
        yield from _tables([record for line, file in group if (record := _checked(line, file)) is not None])


def _from_rows(batches: Iterable[Any]) -> Iterator[Any]:
    arrow, _ = pyarrow()
    for part in (batch.slice(start, _ROWS) for batch in batches for start in range(0, batch.num_rows, _ROWS)):
        failures = [_failure(article_rows.article_record(row), "") for row in part.to_pylist()]
        yield part.filter(arrow.array([failure is None for failure in failures]))
        yield from _tables([failed_row(failure) for failure in failures if failure])


def _checked(line: bytes, file: str) -> Mapping[str, Any] | None:
    """The record of a line, or that of a failure if it is no cleaned article; None for an empty line."""
    found = line_record(line, file)
    if found is None:
        return None
    if isinstance(found, Failure):
        return failed_row(found)
    failure = _failure(found, file)
    return found if failure is None else failed_row(failure)


def _failure(record: Mapping[str, Any], file: str) -> Failure | None:
    """Why a record is no cleaned article; None if it is one, or was a failure before."""
    if record.get("status") == FAILED:
        return None
    identity = record.get("id")
    found = article_of(record, identity if isinstance(identity, str) and identity else file)
    return found if isinstance(found, Failure) else None


def _tables(records: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    """Articles' records as batches; one that no row can hold costs that one."""
    arrow, _ = pyarrow()
    if not records:
        return
    try:
        yield from article_rows.table(arrow, records).to_batches()
    except (arrow.ArrowException, TypeError, ValueError) as error:
        if len(records) == 1:
            yield from _tables([failed_row(Failure(str(records[0]["id"]), f"not a cleaned article: {error}"))])
            return
        middle = len(records) // 2
        yield from _tables(records[:middle])
        yield from _tables(records[middle:])
