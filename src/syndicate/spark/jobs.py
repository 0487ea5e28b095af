"""What `--engine spark` does: files that Spark reaches to folders of parts, with an account of every input."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from syndicate.batch import FAILED, Account, MatchAccount
from syndicate.errors import InputError
from syndicate.graph import Chrome, Match, Relation, Story
from syndicate.io.inputs import STDIN, Failure, ReadOptions
from syndicate.io.parquet import pyarrow
from syndicate.io.write import json_line
from syndicate.spark.cleaning import clean, clean_to_lines
from syndicate.spark.frames import settled
from syndicate.spark.reading import by_format, is_parquet, read_articles, read_lines
from syndicate.spark.session import told_plainly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pyspark.sql import DataFrame, SparkSession

    from syndicate.clean import Cleaner

NAMED: Final = 10
"""Failures that are named; where the others are is told."""


@dataclass(frozen=True, slots=True)
class CleanJob:
    """What is cleaned, how, and where to.

    Attributes:
        cleaner: What cleans.
        inputs: Paths as Spark takes them.
        output: The folder that is made.
        form: What its parts are: "jsonl" or "parquet"; by the folder's name if None.
        reading: How the inputs are read; their format is "jsonl", "parquet", or told by their names.
        why: Whether what the extractor left out is written, too.

    Raises:
        InputError: Spark cannot do that.
    """

    cleaner: Cleaner
    inputs: tuple[str, ...]
    output: str
    form: str | None
    reading: ReadOptions
    why: bool = False

    def __post_init__(self) -> None:
        if self.output in {"", STDIN}:
            raise InputError("--engine spark writes a folder of parts: name it with -o")
        if STDIN in self.inputs:
            raise InputError("--engine spark cannot read standard input: give paths that its executors reach, too")
        if self.reading.format not in {"auto", "jsonl", "parquet"}:
            raise InputError(f"--engine spark reads jsonl and parquet, not {self.reading.format}")
        if self.form not in {None, "jsonl", "parquet"}:
            raise InputError(f"--engine spark writes jsonl and parquet, not {self.form}")
        if self.output.endswith((".gz", ".zst")):
            raise InputError(f"{self.output}: --engine spark writes parts that are not compressed, or Parquet")

    @property
    def folder(self) -> str:
        """The output, without a slash at its end."""
        return self.output.rstrip("/")

    @property
    def is_parquet(self) -> bool:
        """Whether the parts are Parquet."""
        return (self.form or ("parquet" if is_parquet(self.output) else "")) == "parquet"

    @property
    def failures(self) -> str:
        """The folder, beside the output, of what failed; it is made where something did."""
        return f"{self.folder}.failed"


@told_plainly()
def clean_job(spark: SparkSession, job: CleanJob, report: Callable[[Failure], None]) -> Account:
    """Clean pages into a folder of parts; what failed goes into `job.failures`, as JSON Lines.

    Args:
        spark: The session.
        job: What to do.
        report: Called with the first failures by id, `NAMED` at the most.

    Raises:
        InputError: A folder is there already, an input is not, or it has not the columns that are needed.
    """
    from pyspark import StorageLevel

    _check_absent(spark, job.folder, job.failures)
    make = clean if job.is_parquet else clean_to_lines
    frames = [make(pages, job.cleaner, why=job.why, options=job.reading) for pages in _pages(spark, job)]
    # Cleaning is far dearer than this copy, of which a part is made again where it is lost.
    cleaned = reduce(lambda one, other: one.unionByName(other), frames).persist(StorageLevel.DISK_ONLY)
    try:
        good = cleaned.where(f"status <> '{FAILED}'")
        if job.is_parquet:
            good.write.option("compression", "zstd").parquet(job.folder)
        else:
            good.select("line").write.text(job.folder)
        return Account(_counted(cleaned, job.failures, report))
    finally:
        cleaned.unpersist()


@told_plainly()
def match_job(
    spark: SparkSession, inputs: Iterable[str], output: str, report: Callable[[Failure], None]
) -> MatchAccount:
    """Match cleaned articles into DIR/matches.jsonl, DIR/stories.jsonl and DIR/chrome.jsonl, folders of parts.

    The parts of each, one after the other in the order of their names, are the file that the local engine writes.
    What is no cleaned article goes into DIR/failed.jsonl.

    Args:
        spark: The session.
        inputs: What `syndicate clean` wrote, as Spark takes paths.
        output: The folder for the three.
        report: Called with the first failures by id, `NAMED` at the most.

    Raises:
        InputError: A folder is there already, an input is not, two articles have one id, or one has none.
    """
    from pyspark import StorageLevel
    from pyspark.sql import functions as sql

    from syndicate.spark.matching import match_articles
    from syndicate.spark.story import stories

    folders = {name: f"{output.rstrip('/')}/{name}.jsonl" for name in ("matches", "stories", "chrome", "failed")}
    _check_absent(spark, *folders.values())
    articles = read_articles(spark, inputs).persist(StorageLevel.DISK_ONLY)
    try:
        counts = _counted(articles, folders["failed"], report)
        found = match_articles(articles)
        pairs = settled(found.pairs)
        told = settled(stories(pairs, articles))
        _write(pairs.orderBy("a", "b"), _match_line, folders["matches"])
        _write(found.chrome.orderBy("place"), _chrome_line, folders["chrome"])
        _write(told.orderBy(sql.col("members")[0]), _story_line, folders["stories"])
    finally:
        articles.unpersist()
    matches, stories_ = (spark.read.text(folders[name]).count() for name in ("matches", "stories"))
    failed = counts.pop(FAILED, 0)
    return MatchAccount(sum(counts.values()), failed, matches, stories_)


def _pages(spark: SparkSession, job: CleanJob) -> Iterator[DataFrame]:
    """The inputs as frames: lines, and tables of which each may have columns of its own."""
    lines, tables = by_format(job.inputs)
    if job.reading.format != "auto":
        lines, tables = ([*job.inputs], []) if job.reading.format == "jsonl" else ([], [*job.inputs])
    if lines:
        yield read_lines(spark, lines)
    for table in tables:
        yield spark.read.parquet(table)


def _check_absent(spark: SparkSession, *paths: str) -> None:
    """Make sure that nothing is overwritten, before anything is worked out.

    Raises:
        InputError: Something is there.
    """
    context = spark.sparkContext
    for path in paths:
        # PySpark itself has no way to ask.
        place = context._jvm.org.apache.hadoop.fs.Path(path)  # noqa: SLF001
        if place.getFileSystem(context._jsc.hadoopConfiguration()).exists(place):  # noqa: SLF001
            raise InputError(f"{path}: is there already; remove it, or name another with -o")


def _counted(frame: DataFrame, folder: str, report: Callable[[Failure], None]) -> dict[str, int]:
    """How many rows have which status; those that failed are written into a folder, and the first are reported."""
    counts = {row["status"]: row["count"] for row in frame.groupBy("status").count().collect()}
    if FAILED in counts:
        failures = frame.where(f"status = '{FAILED}'").select("id", "reason").orderBy("id", "reason")
        _write(failures, _failure_line, folder)
        for row in failures.limit(NAMED).collect():
            report(Failure(row["id"], row["reason"]))
    return counts


def _write(frame: DataFrame, line: Callable[[dict[str, Any]], Mapping[str, Any]], folder: str) -> None:
    """Write a frame as JSON Lines, in its order."""

    def lines(batches: Iterable[Any]) -> Iterator[Any]:
        arrow, _ = pyarrow()
        for batch in batches:
            told = [json_line(line(row)).decode().removesuffix("\n") for row in batch.to_pylist()]
            yield arrow.RecordBatch.from_arrays([arrow.array(told, arrow.string())], ["line"])

    frame.mapInArrow(lines, "line string").write.text(folder)


def _failure_line(row: dict[str, Any]) -> Mapping[str, Any]:
    return row


def _match_line(row: dict[str, Any]) -> Mapping[str, Any]:
    return Match(**row | {"relation": Relation(row["relation"])}).to_dict()


def _chrome_line(row: dict[str, Any]) -> Mapping[str, Any]:
    return Chrome(row["text"], row["articles"], row["example"]).to_dict()


def _story_line(row: dict[str, Any]) -> Mapping[str, Any]:
    rivals = [rival.values() if isinstance(rival, dict) else rival for rival in row["origin"]["rivals"]]
    return Story.from_dict(row | {"origin": row["origin"] | {"rivals": rivals}}).to_dict()
