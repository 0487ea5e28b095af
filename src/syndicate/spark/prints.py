"""Fingerprints of a frame of articles, and what of them matching files articles under."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pyspark.sql import functions as sql

from syndicate.io.parquet import pyarrow
from syndicate.keys import BANDED, band_keys
from syndicate.model import Status
from syndicate.sketch import FEWEST_SHINGLES, PERMUTATIONS, RECIPE, check_recipe, sketch_encoded
from syndicate.spark.frames import lists, record_batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from pyspark.sql import DataFrame

PRINTS: Final = (
    "id string, recipe string, whole bigint, signature array<bigint>, sample array<bigint>, shingles bigint"
)
"""The frame of fingerprints: the columns of `syndicate.io.fingerprints`, unsigned numbers as bigint; how they were
made; and `whole`, 64 bits of a hash of the whole text, 0 for one without words. `signature`, `sample` and `shingles`
are null for a text too short for a fingerprint."""

FILED: Final = "id string, whole bigint, printed boolean, size int, sample array<int>, bands array<int>"
"""What an article is filed under: 32 bits of each band's key where the text is not long, and its sampled shingles."""


def fingerprint(articles: DataFrame) -> DataFrame:
    """Fingerprint articles.

    Args:
        articles: Rows with `id` and `text`; of a frame with `status`, those that are `ok`.

    Returns:
        Rows as `PRINTS` has them.
    """
    return _texts(articles).mapInArrow(_printed, PRINTS)


def filed_articles(articles: DataFrame) -> DataFrame:
    """What articles are filed under, as `FILED` has it; `articles` as `fingerprint` takes them."""
    return _texts(articles).mapInArrow(_filed_texts, FILED)


def filed_prints(prints: DataFrame) -> DataFrame:
    """What articles are filed under whose fingerprints are there, as `PRINTS` has them; rows as `FILED` has them.

    Raises:
        RecipeMismatch: A fingerprint was made in another way than this version's.
    """
    for row in prints.where(sql.col("recipe") != RECIPE).limit(1).collect():
        check_recipe(row.recipe)
    return prints.mapInArrow(_filed_prints, FILED)


def good_articles(articles: DataFrame) -> DataFrame:
    """The articles that can match: of a frame with `status`, those that are `ok`."""
    return articles.where(f"status = '{Status.OK}'") if "status" in articles.columns else articles


def _texts(articles: DataFrame) -> DataFrame:
    return good_articles(articles).selectExpr("id", "cast(coalesce(text, '') as binary) text")


def _printed(batches: Iterable[Any]) -> Iterator[Any]:
    arrow, _ = pyarrow()
    for batch in batches:
        sketches = sketch_encoded(batch.column("text").to_pylist(), threads=1)
        short = arrow.array(sketches.counts < FEWEST_SHINGLES)
        size = len(sketches.counts)
        signatures = lists(np.arange(size + 1) * PERMUTATIONS, sketches.signatures.ravel().astype(np.int64))
        samples = lists(_starts(sketches.sample_ends), sketches.samples.astype(np.int64))
        known = (signatures, samples, arrow.array(sketches.counts))
        rows = (
            batch.column("id"), arrow.array([RECIPE] * size, arrow.string()), sketches.wholes.view(np.int64),
            *(arrow.compute.if_else(short, arrow.scalar(None), column) for column in known),
        )  # fmt: skip
        yield record_batch(rows, PRINTS)


def _filed_texts(batches: Iterable[Any]) -> Iterator[Any]:
    for batch in batches:
        sketches = sketch_encoded(batch.column("text").to_pylist(), threads=1, longest=BANDED)
        yield _filed(
            batch.column("id"), sketches.wholes.view(np.int64), sketches.counts, sketches.signatures,
            (_starts(sketches.sample_ends), sketches.samples),
        )  # fmt: skip


def _filed_prints(batches: Iterable[Any]) -> Iterator[Any]:
    for batch in batches:
        counts = batch.column("shingles").fill_null(0).to_numpy()
        sizes = batch.column("sample").value_lengths().fill_null(0).to_numpy()
        samples = batch.column("sample").flatten().to_numpy().astype(np.uint32)
        signatures = np.full((counts.size, PERMUTATIONS), np.uint32(0xFFFFFFFF))
        found = batch.column("signature").flatten().to_numpy().astype(np.uint32)
        signatures[counts >= FEWEST_SHINGLES] = found.reshape(-1, PERMUTATIONS)
        wholes = batch.column("whole").to_numpy()
        yield _filed(batch.column("id"), wholes, counts, signatures, (_starts(np.cumsum(sizes)), samples))


def _filed(
    ids: Any,
    wholes: NDArray[np.int64],
    counts: NDArray[np.int64],
    signatures: NDArray[np.uint32],
    samples: tuple[NDArray[np.int64], NDArray[np.uint32]],
) -> Any:
    """Rows as `FILED` has them; `samples` are the places where each text's begin, and the values."""
    banded = (counts >= FEWEST_SHINGLES) & (counts <= BANDED)
    bands = (band_keys(signatures[banded]) >> np.uint64(32)).astype(np.uint32).view(np.int32)
    ends = np.cumsum(banded) * bands.shape[1]
    rows = (
        ids, wholes, counts >= FEWEST_SHINGLES,
        np.diff(samples[0]).astype(np.int32),
        lists(samples[0], samples[1].view(np.int32)), lists(_starts(ends), bands.ravel()),
    )  # fmt: skip
    return record_batch(rows, FILED)


def _starts(ends: NDArray[np.integer]) -> NDArray[np.int64]:
    return np.concatenate([[0], ends])
