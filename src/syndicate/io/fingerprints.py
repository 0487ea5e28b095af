"""Fingerprints out and in as Parquet, which any table of data can be joined with.

A file has the columns `id` (text), `signature` (128 uint32), `sample` (a list of uint32) and `shingles` (int64), the
last three null for a text too short for a fingerprint; others are passed over. The recipe stands in the metadata of
its schema. Needs pyarrow, which the extra `parquet` brings.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from syndicate.errors import InputError
from syndicate.io.parquet import damage_named, pyarrow
from syndicate.io.write import whole_file
from syndicate.sketch import BATCH, PERMUTATIONS, RECIPE, Fingerprint, check_recipe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_RECIPE_KEY: Final = b"syndicate.recipe"


def write_fingerprints(path: Path, fingerprints: Iterable[tuple[str, Fingerprint | None]]) -> None:
    """Write fingerprints with the ids of their articles to a Parquet file, which appears when it is whole.

    Args:
        path: The file.
        fingerprints: Ids with fingerprints, or with None for a text too short for one; read as they are written.

    Raises:
        RecipeMismatch: A fingerprint was made in another way than this version's.
        InputError: The file cannot be written, or pyarrow is not installed.
    """
    arrow, parquet = pyarrow()
    schema = _schema(arrow)
    rows = iter(fingerprints)
    with whole_file(path) as file, parquet.ParquetWriter(file, schema, write_page_checksum=True) as writer:
        while batch := list(islice(rows, BATCH)):
            writer.write_table(_table(arrow, batch))


def read_fingerprints(path: Path) -> Iterator[tuple[str, Fingerprint | None]]:
    """Read the fingerprints of a Parquet file with their ids, in the file's order, a batch at a time.

    Raises:
        RecipeMismatch: They were made in another way than this version's.
        InputError: The file cannot be read, is damaged or not of this form, or pyarrow is not installed.
    """
    arrow, parquet = pyarrow()
    with (
        damage_named(path, arrow),
        path.open("rb") as raw,
        parquet.ParquetFile(raw, page_checksum_verification=True) as file,
    ):
        recipe = (file.schema_arrow.metadata or {}).get(_RECIPE_KEY)
        if recipe is None:
            raise InputError(f"{path}: not a file of fingerprints: its schema names no {_RECIPE_KEY.decode()}")
        check_recipe(recipe.decode("utf-8", "replace"))
        schema = _schema(arrow)
        missing = [name for name in schema.names if name not in file.schema_arrow.names]
        if missing:
            raise InputError(f"{path}: not a file of fingerprints: no column {missing[0]!r}")
        for batch in file.iter_batches(BATCH, columns=schema.names):
            yield from _rows(batch.cast(schema))


def _schema(arrow: Any) -> Any:
    fields = (
        arrow.field("id", arrow.string(), nullable=False),
        arrow.field("signature", arrow.list_(arrow.uint32(), PERMUTATIONS)),
        arrow.field("sample", arrow.list_(arrow.uint32())),
        arrow.field("shingles", arrow.int64()),
    )
    return arrow.schema(fields, metadata={_RECIPE_KEY: RECIPE.encode()})


def _table(arrow: Any, rows: Sequence[tuple[str, Fingerprint | None]]) -> Any:
    schema = _schema(arrow)
    for _, fingerprint in rows:
        if fingerprint is not None:
            check_recipe(fingerprint.recipe)
    prints = [fingerprint for _, fingerprint in rows]
    columns = (
        [name for name, _ in rows],
        [each and each.signature for each in prints],
        [each and each.sample for each in prints],
        [each and each.shingles for each in prints],
    )
    try:
        arrays = [arrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    except UnicodeEncodeError as error:
        raise InputError(f"the id {error.object!r} cannot stand in Parquet: it has half a character") from error
    return arrow.Table.from_arrays(arrays, schema=schema)


def _rows(batch: Any) -> Iterator[tuple[str, Fingerprint | None]]:
    ids, signatures, samples, counts = batch.columns
    for id_, signature, sample, count in zip(ids, signatures, samples, counts, strict=True):
        if not (signature.is_valid or sample.is_valid or count.is_valid):
            yield id_.as_py(), None
            continue
        if not (signature.is_valid and sample.is_valid and count.is_valid):
            raise ValueError(f"half a fingerprint of {id_.as_py()!r}")
        arrays = [np.array(values.values.to_numpy()) for values in (signature, sample)]
        for array in arrays:
            array.setflags(write=False)
        yield id_.as_py(), Fingerprint(RECIPE, arrays[0], arrays[1], count.as_py())
