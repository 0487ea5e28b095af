"""What all steps on Spark need: results that stay settled, batches of whole groups, and what every task is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from syndicate.errors import InputError
from syndicate.io.parquet import pyarrow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from pyspark.sql import DataFrame

SHARE: Final = "share"
"""Column that says, from 0 on, which share of the work a row belongs to; see `told`."""


def settled(frame: DataFrame) -> DataFrame:
    """A frame that is worked out now, once, and kept in the session's checkpoint folder.

    What is made of it later sees the same rows, whatever executors are lost, and its plan does not grow.

    Raises:
        InputError: The session has no checkpoint folder.
    """
    if frame.sparkSession.sparkContext.getCheckpointDir() is None:
        raise InputError(
            "the Spark session has no checkpoint folder: name one that every executor reaches, with "
            "--conf spark.checkpoint.dir=FOLDER or spark.sparkContext.setCheckpointDir(FOLDER)"
        )
    return frame.checkpoint()


def shares_of(frame: DataFrame) -> int:
    """Into how many shares the session cuts work: as many as a shuffle has partitions."""
    return int(frame.sparkSession.conf.get("spark.sql.shuffle.partitions"))


def told(frame: DataFrame, head: DataFrame, *order: str) -> DataFrame:
    """A frame's rows, share by share, where each share begins with what all of them are told.

    So what every task must know travels with the work, and not by way of the driver.

    Args:
        frame: Rows with a column `SHARE`, less than `shares_of` it.
        head: What comes first, with the other columns of `frame`.
        order: Columns by which the rows of a share are sorted; the caller sees to it that the head's are the least.
    """
    shares = frame.sparkSession.range(shares_of(frame)).withColumnRenamed("id", SHARE)
    rows = frame.unionByName(shares.crossJoin(head))
    return rows.repartition(SHARE).sortWithinPartitions(SHARE, *order)


def record_batch(columns: Iterable[Any], schema: str) -> Any:
    """An Arrow batch of columns, which are numpy's or Arrow's arrays, named as a schema of plain types has them."""
    arrow, _ = pyarrow()
    names = [column.split()[0] for column in schema.split(", ")]
    arrays = [column if isinstance(column, arrow.Array) else arrow.array(column) for column in columns]
    return arrow.RecordBatch.from_arrays(arrays, names)


def lists(starts: NDArray[np.integer], values: NDArray[Any]) -> Any:
    """An Arrow array of lists.

    Args:
        starts: Where each one's values begin, and the end.
        values: The values, list after list.
    """
    arrow, _ = pyarrow()
    return arrow.ListArray.from_arrays(arrow.array(starts, arrow.int32()), arrow.array(values))


def whole_groups(batches: Iterable[Any], column: str) -> Iterator[Any]:
    """Arrow batches of rows that are sorted by a column, cut anew so that all rows of one value come together.

    Args:
        batches: Record batches of one partition.
        column: A column of integers without nulls.

    Yields:
        Tables, each of one or more whole groups.
    """
    arrow, _ = pyarrow()
    waiting: list[Any] = []
    for batch in batches:
        if not batch.num_rows:
            continue
        values = batch.column(column).to_numpy()
        if waiting and waiting[0].column(column)[0].as_py() != values[0]:
            yield arrow.Table.from_batches(waiting)
            waiting = []
        changes = np.flatnonzero(values[1:] != values[:-1])
        if changes.size:
            last = int(changes[-1]) + 1
            yield arrow.Table.from_batches([*waiting, batch.slice(0, last)])
            waiting, batch = [], batch.slice(last)  # noqa: PLW2901
        waiting.append(batch)
    if waiting:
        yield arrow.Table.from_batches(waiting)
