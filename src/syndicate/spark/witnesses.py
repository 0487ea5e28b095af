"""Articles as stories are told by, each with the outlets of the corpus that what it says may speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyspark.sql import functions as sql
from pyspark.sql.types import ArrayType, StructType

from syndicate.errors import InputError
from syndicate.evidence import FIELDS, Key, Witnesses
from syndicate.io.parquet import pyarrow
from syndicate.model import Article, Claim, Status
from syndicate.moments import OUT_BY
from syndicate.origin import OriginFinder
from syndicate.spark.frames import record_batch, settled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyspark.sql import Column, DataFrame

WITNESSES: Final = (
    "id string, article struct<url:string,outlet:string,byline:string,published:string,"
    "claims:array<struct<field:string,value:string,rule:string,text:string>>,length:int>, "
    "known array<struct<kind:string,value:string,name:string>>"
)
"""`claims` has those alone that are evidence, or times; `length` counts the characters of the text."""
_ARTICLE: Final = WITNESSES.partition(" article ")[2].rpartition(", known ")[0]
_FACTS: Final = ("url", "outlet", "byline", "published")
_OF_CLAIM: Final = ("field", "value", "rule", "text")
_LISTED: Final = "kind string, value string, id string, name string"
_ASKED: Final = "id string, kind string, value string"


def witnesses(articles: DataFrame, ids: DataFrame) -> DataFrame:
    """Look at a corpus, and pick some articles of it.

    Args:
        articles: All of it, in rows of `id`, and any of `url`, `outlet`, `byline`, `published`, `claims` and `text`,
            as cleaned articles have them.
        ids: Which are wanted, in one column, each once.

    Returns:
        Rows as `WITNESSES` has them, settled.

    Raises:
        InputError: A wanted article is missing, or there twice; there is no column `id`, or the claims are not as
            cleaned articles have them; or the session has no checkpoint folder.
    """
    lean = settled(_lean(articles))
    wanted = lean.join(ids.toDF("id"), "id")
    listed = lean.select("id", "article.url", "article.outlet").mapInArrow(_list, _LISTED)
    directory = listed.groupBy("kind", "value").agg(sql.min_by("name", "id").alias("name"))
    asked = wanted.select("id", "article").mapInArrow(_ask, _ASKED).join(directory, ["kind", "value"])
    known = asked.groupBy("id").agg(sql.collect_set(sql.struct("kind", "value", "name")).alias("known"))
    found = settled(wanted.join(known, "id", "left"))
    _check(found, ids.count())
    return found


def finder_of(rows: Sequence[Mapping[str, Any]]) -> OriginFinder:
    """What decides the origins of some articles; rows as `WITNESSES` has them, of one article perhaps several."""
    return OriginFinder(
        [_article(row["id"], row["article"]) for row in rows],
        lengths={row["id"]: row["article"]["length"] or 0 for row in rows},
        directory={Key(key["kind"], key["value"]): key["name"] for row in rows for key in row["known"] or ()},
    )


def _check(found: DataFrame, wanted: int) -> None:
    rows, ids = found.count(), found.select("id").distinct().count()
    if rows > ids:
        raise InputError(f"{rows - ids:,} rows have an id that another article has")
    if ids < wanted:
        raise InputError(
            f"{wanted - ids:,} articles that match are not among the articles: give all those that were matched"
        )


def _lean(articles: DataFrame) -> DataFrame:
    there = frozenset(articles.columns)
    if "id" not in there:
        raise InputError(f"the frame of articles has no column 'id'; it has {', '.join(articles.columns)}")
    facts = [sql.col(name) if name in there else sql.lit(None) for name in _FACTS]
    claims = _claims(articles) if "claims" in there else sql.lit(None)
    length = sql.length("text") if "text" in there else sql.lit(None)
    article = sql.struct(*facts, claims, length).cast(_ARTICLE).alias("article")
    return articles.where("id is not null").select(sql.col("id").cast("string"), article)


def _claims(articles: DataFrame) -> Column:
    kind = articles.schema["claims"].dataType
    claim = kind.elementType if isinstance(kind, ArrayType) else None
    fields = claim.names if isinstance(claim, StructType) else []
    if not {"field", "value", "rule"}.issubset(fields):
        raise InputError(
            f"the column 'claims' is {kind.simpleString()}, and no array of structs of field, value, rule"
        )

    def lean(claim: Column) -> Column:
        return sql.struct(*(claim[name] if name in fields else sql.lit(None) for name in _OF_CLAIM))

    return sql.transform(sql.filter("claims", lambda claim: claim["field"].isin(*FIELDS, *OUT_BY)), lean)


def _list(batches: Iterable[Any]) -> Iterator[Any]:
    """The keys of the articles' outlets, each with the least id that a batch has for it."""
    looker = Witnesses(())
    for batch in batches:
        found: dict[Key, tuple[str, str]] = {}
        for row in batch.to_pylist():
            article = Article(row["id"], "", Status.OK, url=row["url"], outlet=row["outlet"])
            listed = article.id, looker.outlet_of(article)
            for key in looker.keys_of(article):
                found[key] = min(listed, found.get(key, listed))
        yield strings([(*key, *listed) for key, listed in found.items()], _LISTED)


def _ask(batches: Iterable[Any]) -> Iterator[Any]:
    """The keys that articles may ask for."""
    looker = Witnesses(())
    for batch in batches:
        articles = (_article(row["id"], row["article"]) for row in batch.to_pylist())
        yield strings([(article.id, *key) for article in articles for key in looker.keys_asked(article)], _ASKED)


def _article(name: str, row: Mapping[str, Any]) -> Article:
    claims = (Claim(**claim | {"text": claim["text"] or ""}) for claim in row["claims"] or ())
    return Article(name, "", Status.OK, claims=tuple(claims), **{fact: row[fact] for fact in _FACTS})


def strings(rows: Sequence[tuple[str, ...]], schema: str) -> Any:
    """A record batch of strings."""
    arrow, _ = pyarrow()
    values = zip(*rows, strict=True) if rows else ((),) * len(schema.split(", "))
    return record_batch((arrow.array(each, arrow.string()) for each in values), schema)
