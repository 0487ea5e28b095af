"""Texts of a Parquet file, from its columns to matching without a stop; and what Parquet needs of pyarrow."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from syndicate.errors import InputError
from syndicate.rules.names import fold_name
from syndicate.verify import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ROWS: Final = 2_048
"""Rows that are read at a time."""


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
def damage_named(path: Path, arrow: Any) -> Iterator[None]:
    """Errors of reading come out as `InputError`, with the file's name."""
    try:
        yield
    except (arrow.ArrowException, ValueError) as error:
        raise InputError(f"{path}: damaged, or no Parquet file of the form that is wanted: {error}") from error
    except OSError as error:
        raise InputError(f"{path}: cannot read: {error.strerror or error}") from error
