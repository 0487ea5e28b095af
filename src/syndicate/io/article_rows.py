"""Cleaned articles as rows of Parquet, and back.

The columns are those of an article's JSON, with types of their own: spans as numbers, removals and claims as lists of
structs, packs as a map. What the JSON has beside them stands in `extra`, as one JSON object.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from syndicate.errors import InputError
from syndicate.io.inputs import Failure
from syndicate.io.parquet import damage_named, pyarrow
from syndicate.model import ARTICLE_FIELDS, Article

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_ROWS: Final = 256
_TEXTS: Final = ("id", "url", "outlet", "title", "byline", "published", "status", "reason", "text")
_HALVES: Final = re.compile("[\ud800-\udfff]")


def schema(arrow: Any) -> Any:
    """The schema of a file of articles."""
    string, number = arrow.string(), arrow.int64()
    capture = arrow.struct([("field", string), ("value", string)])
    removal = [
        ("rule", string), ("kind", string), ("start", number), ("end", number), ("text", string),
        ("captures", arrow.list_(capture)), ("replacement", string), ("at", number),
    ]  # fmt: skip
    claim = [
        ("field", string), ("value", string), ("rule", string), ("text", string), ("start", number), ("end", number),
    ]  # fmt: skip
    return arrow.schema(
        [
            ("schema", arrow.int32()),
            *((name, string) for name in _TEXTS),
            ("removed", arrow.list_(arrow.struct(removal))),
            ("refused", arrow.list_(arrow.struct(removal))),
            ("claims", arrow.list_(arrow.struct(claim))),
            ("packs", arrow.map_(string, string)),
            ("length", number),
            ("notes", arrow.list_(string)),
            ("extra", string),
        ]
    )


def table(arrow: Any, records: Sequence[Mapping[str, Any]]) -> Any:
    """Articles' JSON objects as a table; half a character, which Parquet cannot hold, becomes U+FFFD."""
    rows = [_row(record) for record in records]
    try:
        return arrow.Table.from_pylist(rows, schema(arrow))
    except UnicodeEncodeError:
        return arrow.Table.from_pylist([whole(row) for row in rows], schema(arrow))


def read_rows(name: str) -> Iterator[Article | Failure]:
    """The articles of a Parquet file."""
    row = 0
    try:
        arrow, parquet = pyarrow()
        with (
            damage_named(None, arrow),
            parquet.ParquetFile(name, buffer_size=1 << 20, pre_buffer=False, page_checksum_verification=True) as file,
        ):
            if "schema" not in file.schema_arrow.names:
                yield Failure(name, "not a file of cleaned articles; make one with 'syndicate clean --to parquet'")
                return
            for batch in file.iter_batches(_ROWS, use_threads=False):
                for record in batch.to_pylist():
                    row += 1
                    try:
                        yield Article.from_dict(article_record(record))
                    except InputError as error:
                        yield Failure(f"{name}:{row}", str(error))
    except InputError as error:
        yield Failure(f"{name}:{row + 1}" if row else name, str(error))


def _row(record: Mapping[str, Any]) -> dict[str, Any]:
    extra = {key: value for key, value in record.items() if key not in ARTICLE_FIELDS}
    row = {name: record.get(name) for name in ARTICLE_FIELDS}
    for name in ("removed", "refused"):
        row[name] = [_removal_row(removal) for removal in record.get(name) or ()]
    row["packs"] = list((record.get("packs") or {}).items())
    row["extra"] = json.dumps(extra, ensure_ascii=False) if extra else None
    return row


def _removal_row(removal: Mapping[str, Any]) -> dict[str, Any]:
    captures = [{"field": field, "value": value} for field, value in removal.get("captures") or ()]
    return {**removal, "captures": captures}


def article_record(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as an article's JSON object, without what stands in `extra`."""
    record = {name: row.get(name) for name in ARTICLE_FIELDS}
    for name in ("removed", "refused"):
        record[name] = [_removal(removal) for removal in row.get(name) or ()]
    record["claims"] = [claim | {"text": claim.get("text") or ""} for claim in row.get("claims") or ()]
    record["packs"] = dict(row.get("packs") or ())
    return record


def _removal(row: Mapping[str, Any]) -> dict[str, Any]:
    captures = [(capture["field"], capture["value"]) for capture in row.get("captures") or ()]
    return {**row, "captures": captures, "replacement": row.get("replacement") or ""}


def whole(value: Any) -> Any:
    """A value of JSON with U+FFFD for half characters in its strings."""
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {whole(key): whole(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(map(whole, value))
    return value
