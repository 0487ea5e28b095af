"""Which articles may share text: the pairs that `syndicate.candidates` finds, of articles in frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pyspark.sql import functions as sql

from syndicate.candidates import MOST_PAIRED, needed_samples, unpack
from syndicate.io.parquet import pyarrow
from syndicate.match import MOST_CROSSED
from syndicate.postings import HUBS, band_pairs
from syndicate.spark import counting
from syndicate.spark.frames import lists, record_batch, whole_groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from pyspark.sql import DataFrame

_POSTED: Final = "key bigint, number bigint, size int, following int, asked int, fresh boolean"
_MET: Final = "number bigint, asked int, others array<bigint>"
_PAIRS: Final = "left bigint, right bigint"
_ROWS: Final = 1 << 18
"""Rows that a task gives out at a time."""


def candidates(owners: DataFrame, texts: DataFrame) -> DataFrame:
    """Pairs of articles that may match.

    Args:
        owners: Articles as `keys.Owners` has them.
        texts: Their rows in `keys.numbered`, for the bands.

    Returns:
        Rows of `left` and `right`, the smaller number on the left; each pair once.
    """
    met = _met(owners).withColumn("near", sql.lit(False))
    near = _near(owners, texts).withColumn("near", sql.lit(True))
    sides = (sql.least("left", "right").alias("left"), sql.greatest("left", "right").alias("right"))
    pairs = met.unionByName(near).groupBy(*sides).agg(sql.bool_or("near").alias("near"))
    return _counted(pairs, owners)


def _met(owners: DataFrame) -> DataFrame:
    """Pairs that meet under enough keys, the larger article on the left."""
    posted = owners.select("number", "size", "keys", "fresh").where("size(keys) > 0").mapInArrow(_post, _POSTED)
    by_key = posted.repartition("key").sortWithinPartitions("key", sql.desc("size"), "number")
    met = by_key.mapInArrow(_meet, _MET)
    return met.repartition("number").sortWithinPartitions("number").mapInArrow(_gather, _PAIRS)


def _post(batches: Iterable[Any]) -> Iterator[Any]:
    for batch in batches:
        keys, starts = _ragged(batch.column("keys"))
        sizes = batch.column("size").to_numpy()
        articles, following, asked = counting.readers(keys, starts, needed_samples(sizes))
        numbers = batch.column("number").to_numpy()
        fresh = batch.column("fresh").to_numpy(zero_copy_only=False)
        columns = (keys, numbers[articles], sizes[articles], following, asked, fresh[articles])
        yield record_batch(columns, _POSTED)


def _meet(batches: Iterable[Any]) -> Iterator[Any]:
    for table in whole_groups(batches, "key"):
        names = ("key", "number", "following", "asked", "fresh")
        key, number, *posted = (table.column(name).to_numpy() for name in names)
        starts, met = counting.meet(key, *posted)
        rows = np.flatnonzero(np.diff(starts))
        for some in np.array_split(rows, met.size // _ROWS + 1):
            begins = np.append(starts[some], starts[some[-1] + 1]) if some.size else starts[:1]
            others = number[met[begins[0] : begins[-1]]]
            yield record_batch((number[some], posted[1][some], lists(begins - begins[0], others)), _MET)


def _gather(batches: Iterable[Any]) -> Iterator[Any]:
    for table in whole_groups(batches, "number"):
        rows = table.combine_chunks().to_batches()[0]
        number, asked = (rows.column(name).to_numpy() for name in ("number", "asked"))
        pairs = counting.often_met(number, asked, _ragged(rows.column("others")))
        yield from _rows((pairs[:, 0], pairs[:, 1]), _PAIRS)


def _near(owners: DataFrame, texts: DataFrame) -> DataFrame:
    """Pairs that share a band; of a text's very many copies only with the first of the band."""
    copied = owners.where("copied").select("number", "copied")
    bands = texts.select("number", "fresh", sql.posexplode("bands").alias("band", "value"))
    filed = bands.select(
        "number", "fresh", sql.expr("shiftleft(cast(band as bigint), 32) | (value & 4294967295L)").alias("key")
    )
    is_copied = sql.col("copied").isNotNull().alias("copied")
    filed = filed.join(copied, "number", "left").select("key", "number", "fresh", is_copied)
    by_key = filed.repartition("key").sortWithinPartitions("key", "number")
    return by_key.mapInArrow(_resemble, _PAIRS)


def _resemble(batches: Iterable[Any]) -> Iterator[Any]:
    for table in whole_groups(batches, "key"):
        key, number, copied, fresh = (table.column(name).to_numpy() for name in ("key", "number", "copied", "fresh"))
        groups = np.cumsum(np.concatenate([[False], key[1:] != key[:-1]])).astype(np.uint64)
        numbers, places = np.unique(number, return_inverse=True)
        packed = groups << np.uint64(32) | places.astype(np.uint64)
        pairs = band_pairs(packed[~copied], MOST_PAIRED, HUBS)
        if copied.any():
            pairs = np.concatenate([pairs, band_pairs(packed, 1, 1)])
        left, right = unpack(np.unique(pairs))
        is_fresh = np.isin(numbers, number[fresh])
        wanted = is_fresh[left] | is_fresh[right]
        yield from _rows((numbers[left[wanted]], numbers[right[wanted]]), _PAIRS)


def _counted(pairs: DataFrame, owners: DataFrame) -> DataFrame:
    """Of pairs those that share enough of all their keys."""
    left = owners.select(*(sql.col(name).alias(f"left_{name}") for name in ("number", "size", "keys", "hubs")))
    right = owners.select(*(sql.col(name).alias(f"right_{name}") for name in ("number", "size", "keys", "hubs")))
    both = pairs.join(left, pairs["left"] == left["left_number"]).join(right, pairs["right"] == right["right_number"])
    return both.drop("left_number", "right_number").mapInArrow(_count, _PAIRS)


def _count(batches: Iterable[Any]) -> Iterator[Any]:
    for batch in batches:
        sizes = np.stack([batch.column("left_size").to_numpy(), batch.column("right_size").to_numpy()])
        need = needed_samples(sizes.min(axis=0))
        near = batch.column("near").to_numpy(zero_copy_only=False)
        wanted = np.zeros(need.size, np.bool_)
        for larger, smaller, own in (
            ("left", "right", sizes[0] >= sizes[1]), ("right", "left", sizes[0] < sizes[1]),
        ):  # fmt: skip
            rows = batch.filter(_mask(own))
            lists = (_ragged(rows.column(name)) for name in (f"{larger}_keys", f"{smaller}_keys", f"{larger}_hubs"))
            wanted[own] = counting.is_candidate(*lists, need[own], near[own])
        yield batch.select(["left", "right"]).filter(_mask(wanted))


def all_copies(pairs: DataFrame, articles: DataFrame, first_copies: DataFrame) -> DataFrame:
    """Pairs of texts as pairs of all articles that have them, and the pairs of one text's articles.

    Args:
        pairs: Pairs of the first articles of each text.
        articles: All of them, as `keys.numbered` has them.
        first_copies: What `keys.first_copies` gives.
    """
    several = first_copies.where("copies > 1")
    members = articles.select("whole", "number").join(several, "whole").select("first", "number", "copies")
    counts = several.select("first", "copies")
    crossed = pairs
    for side in ("left", "right"):
        own = counts.select(sql.col("first").alias(side), sql.col("copies").alias(f"{side}_copies"))
        crossed = crossed.join(own, side, "left").fillna(1, [f"{side}_copies"])
    few = crossed.where(f"left_copies * right_copies <= {MOST_CROSSED}")
    many = crossed.where(f"left_copies * right_copies > {MOST_CROSSED}")
    found = [
        _each(_each(few, members, "left"), members, "right"),
        _each(many, members, "left"),
        _each(many, members, "right"),
        _within(members),
    ]
    sides = (sql.least("left", "right").alias("left"), sql.greatest("left", "right").alias("right"))
    rows = [each.select(*sides) for each in found]
    return rows[0].union(rows[1]).union(rows[2]).union(rows[3]).distinct()


def _each(pairs: DataFrame, members: DataFrame, side: str) -> DataFrame:
    """Pairs with each copy of the text of one side."""
    copies = members.select(sql.col("first").alias(side), sql.col("number").alias("copy"))
    return pairs.join(copies, side, "left").withColumn(side, sql.coalesce("copy", side)).drop("copy")


def _within(members: DataFrame) -> DataFrame:
    """Pairs of the articles that have one text: each with each, or where they are very many, with the first."""
    other = members.select("first", sql.col("number").alias("right"))
    few = members.where(f"copies <= {MOST_PAIRED}").join(other, "first").where("number < right")
    many = members.where(f"copies > {MOST_PAIRED} and number != first")
    pairs = few.select(sql.col("number").alias("left"), "right")
    return pairs.union(many.select("first", "number"))


def _ragged(lists: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The values of lists, one after the other, and where each begins, and the end."""
    starts = np.concatenate([[0], np.cumsum(lists.value_lengths().to_numpy(), dtype=np.int64)])
    return lists.flatten().to_numpy(), starts


def _mask(wanted: NDArray[np.bool_]) -> Any:
    arrow, _ = pyarrow()
    return arrow.array(wanted)


def _rows(columns: tuple[NDArray[Any], ...], schema: str) -> Iterator[Any]:
    """Columns as record batches, some rows at a time."""
    for start in range(0, len(columns[0]), _ROWS):
        yield record_batch((column[start : start + _ROWS] for column in columns), schema)
