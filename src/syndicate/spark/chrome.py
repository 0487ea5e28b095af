"""What stands around sampled shingles that are too common: read in parallel, put together in one task, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from pyspark.sql import Window
from pyspark.sql import functions as sql

from syndicate.chrome import ChromeFinder, Standing, places_read, standing
from syndicate.encoding import decoded
from syndicate.io.parquet import pyarrow
from syndicate.spark.frames import record_batch, settled, whole_groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyspark.sql import DataFrame

    from syndicate.spark.keys import Owners

CHROME: Final = "place int, text string, articles bigint, example string"
"""The frame of what is set aside: the fields of a line of chrome.jsonl, and at which `place` it stands there."""
_FOUND: Final = f"{CHROME}, shingles binary"
_READ: Final = "key bigint, place bigint"
_STANDING: Final = "key bigint, held bigint, example string, words binary, shingles binary"


class Found(NamedTuple):
    """What is set aside.

    Attributes:
        chrome: Rows as `CHROME` has them.
        shingles: One row with `text`, the bytes of all shingles that do not count, ascending; none where nothing is.
    """

    chrome: DataFrame
    shingles: DataFrame


def find_chrome(owners: Owners, numbers: DataFrame, texts: DataFrame) -> Found:
    """Read what stands around the shingles that are set aside.

    Args:
        owners: Where they stand.
        numbers: `id` and `number` of all articles.
        texts: `id` and `text`, in UTF-8.
    """
    place = (sql.row_number().over(Window.partitionBy("key").orderBy("number")) - 1).cast("bigint").alias("place")
    read = owners.common.select("key", "different").mapInArrow(_places, _READ)
    holders = owners.holders.select("key", "number", place).join(read, ["key", "place"])
    held = owners.common.select("key", "held")
    wanted = holders.join(held, "key").join(numbers, "number").drop("number")
    rows = sql.broadcast(wanted).join(texts, "id")
    rows = rows.select("key", "held", "place", "id", "text")
    standings = rows.repartition("key").sortWithinPartitions("key", "place").mapInArrow(_stand, _STANDING)
    in_order = standings.repartition(1).sortWithinPartitions(sql.desc("held"), "key")
    found = settled(in_order.mapInArrow(_put_together, _FOUND))
    return Found(
        found.where("text is not null").drop("shingles"),
        found.where("shingles is not null").select(sql.col("shingles").alias("text")),
    )


def _places(batches: Iterable[Any]) -> Iterator[Any]:
    for batch in batches:
        rows = [
            (key, place)
            for key, count in zip(*(column.to_pylist() for column in batch.columns), strict=True)
            for place in np.unique(places_read(count)).tolist()
        ]
        columns = np.array(rows, np.int64).reshape(-1, 2).T
        yield record_batch(columns, _READ)


def _stand(batches: Iterable[Any]) -> Iterator[Any]:
    for table in whole_groups(batches, "key"):
        keys = table.column("key").to_numpy()
        starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
        rows = []
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), keys.size], strict=True):
            group = table.slice(start, end - start).to_pydict()
            example, texts = group["id"][0], list(map(decoded, group["text"]))
            found = standing(group["key"][0], group["held"][0], example, texts)
            rows.append((found.sample, found.held, example, group["text"][0], found.shingles.tobytes()))
        yield record_batch(zip(*rows, strict=True), _STANDING)


def _put_together(batches: Iterable[Any]) -> Iterator[Any]:
    arrow, _ = pyarrow()
    finder = ChromeFinder()
    for batch in batches:
        for key, held, example, words, shingles in zip(
            *(column.to_pylist() for column in batch.columns), strict=True
        ):
            if not finder.knows(key):
                finder.add(Standing(key, held, example, decoded(words), np.frombuffer(shingles, np.uint64)))
    rows: list[tuple[Any, ...]] = [
        (place, chrome.text, chrome.articles, chrome.example, None) for place, chrome in enumerate(finder.chrome)
    ]
    if finder.shingles.size:
        rows.append((None, None, None, None, finder.shingles.tobytes()))
    kinds = (arrow.int32(), arrow.string(), arrow.int64(), arrow.string(), arrow.binary())
    columns = zip(*rows, strict=True) if rows else ([] for _ in kinds)
    arrays = [arrow.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    yield record_batch(arrays, _FOUND)
