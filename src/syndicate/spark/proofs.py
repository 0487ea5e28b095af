"""Pairs of articles proved on their texts: each pair meets its two texts, and `verify_many` looks at both."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pyspark.sql import functions as sql
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from syndicate.io.parquet import pyarrow
from syndicate.rules.names import fold_name
from syndicate.spark.frames import SHARE, shares_of, told
from syndicate.verify import NOTHING, Text, verify_many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyspark.sql import DataFrame

    from syndicate.graph import Match

MATCHES: Final = (
    "a string, b string, relation string, resemblance double, containment_a double, containment_b double, "
    "passages array<array<int>>"
)
"""The frame of matches: the fields of a line of matches.jsonl, not rounded."""
FEW: Final = 1_000_000
"""Rows that every task is told, so that the texts they ask for are found where they lie, and no others are moved."""
_PROVED: Final = 64
"""Pairs that are verified at a time."""


def prove(pairs: DataFrame, numbers: DataFrame, texts: DataFrame, shingles: DataFrame) -> DataFrame:
    """The matches among candidates.

    Args:
        pairs: `left` and `right`, numbers of articles, each pair once.
        numbers: `id` and `number` of all articles.
        texts: `id`, `outlet` and `text`, in UTF-8.
        shingles: At most one row: `text`, the bytes of the shingles that do not count, ascending.

    Returns:
        Rows as `MATCHES` has them.
    """
    share = sql.pmod(sql.xxhash64("left"), sql.lit(shares_of(pairs))).alias(SHARE)
    pairs = pairs.select(share, "left", "right")
    # The left one's text comes once for all its pairs, and before them, being no larger than any of their numbers.
    once = pairs.select(SHARE, "left").distinct().withColumn("right", sql.col("left"))
    wanted = pairs.union(once).withColumn("number", sql.col("right"))
    wanted = wanted.join(numbers, "number").drop("number")
    if pairs.count() <= FEW:
        wanted = sql.broadcast(wanted)
    rows = wanted.join(texts, "id").select(SHARE, "left", "right", "id", "outlet", "text")
    head = shingles.selectExpr("-1L left", "-1L right", "'' id", "'' outlet", "text")
    schema = to_arrow_schema(StructType.fromDDL(MATCHES))
    return told(rows, head, "left", "right").mapInArrow(partial(_prove, schema=schema), MATCHES)


def _prove(batches: Iterable[Any], schema: Any) -> Iterator[Any]:
    chrome = NOTHING
    texts: list[Text] = []
    pairs: list[tuple[int, int]] = []
    own = -1
    for batch in batches:
        columns = (batch.column(name).to_pylist() for name in ("left", "right", "id", "outlet", "text"))
        matches: list[Match] = []
        for left, right, name, outlet, data in zip(*columns, strict=True):
            if left < 0:
                chrome = np.frombuffer(data, np.uint64)
                continue
            if len(pairs) >= _PROVED:
                matches += verify_many(texts, np.array(pairs), chrome)
                texts, pairs = texts[own : own + 1], []
                own = 0
            if left == right:
                own = len(texts)
            else:
                pairs.append((own, len(texts)))
            texts.append(Text(name, fold_name(outlet or ""), data))
        yield _batch(matches, schema)
    if pairs:
        yield _batch(verify_many(texts, np.array(pairs), chrome), schema)


def _batch(matches: Iterable[Match], schema: Any) -> Any:
    arrow, _ = pyarrow()
    rows = [
        {
            "a": match.a, "b": match.b, "relation": str(match.relation), "resemblance": match.resemblance,
            "containment_a": match.containment_a, "containment_b": match.containment_b,
            "passages": list(map(list, match.passages)),
        }
        for match in matches
    ]  # fmt: skip
    return arrow.RecordBatch.from_pylist(rows, schema)
