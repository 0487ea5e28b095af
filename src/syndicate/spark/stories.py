"""Stories of matches in frames: `syndicate.story`, a component of the matches at a time."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from pyspark.sql import functions as sql
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import ArrayType, StructType

from syndicate.errors import InputError
from syndicate.evidence import FIELDS, Key, Witnesses
from syndicate.graph import Match, Rival
from syndicate.io.parquet import pyarrow
from syndicate.model import Article, Claim, Status
from syndicate.moments import OUT_BY
from syndicate.spark.components import components
from syndicate.spark.frames import settled, whole_groups
from syndicate.story import build_stories

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyspark.sql import Column, DataFrame

    from syndicate.graph import Story

STORIES: Final = (
    "story string, members array<string>, "
    "origin struct<outlet:string,article:string,confidence:double,"
    "evidence:array<struct<kind:string,article:string,value:string,text:string>>,"
    "rivals:array<struct<outlet:string,article:string,confidence:double>>>, "
    "edges array<struct<`from`:string,`to`:string,relation:string,evidence:string>>, notes array<string>"
)
"""The frame of stories: what `Story.to_dict` has, the rivals by name."""

_MATCH: Final = (
    "struct<a:string,b:string,relation:string,resemblance:double,containment_a:double,containment_b:double>"
)
_OF_MATCH: Final = ("a", "b", "relation", "resemblance", "containment_a", "containment_b")
_ARTICLE: Final = (
    "struct<id:string,url:string,outlet:string,byline:string,published:string,"
    "claims:array<struct<field:string,value:string,rule:string,text:string>>,length:int>"
)
"""What stories are told by."""
_OF_CLAIM: Final = ("field", "value", "rule", "text")
_LISTED: Final = "kind string, value string, id string, name string"
_ASKED: Final = "component bigint, kind string, value string"


def stories(matches: DataFrame, articles: DataFrame | None = None) -> DataFrame:
    """Make stories of verified matches, as `build_stories` does.

    Memory is that of the largest component of the matches, without texts.

    Args:
        matches: Rows of `a`, `b`, `relation`, `resemblance`, `containment_a` and `containment_b`, each pair once.
        articles: All articles of the corpus, in rows of `id`, and any of `url`, `outlet`, `byline`, `published`,
            `claims` and `text`, as cleaned articles have them. Without them no story has an origin, and an excerpt
            is the copy of the longer text. An article of a match that is not there, or is there twice, fails the job
            with an `InputError`.

    Returns:
        Rows as `STORIES` has them; `build_stories` has them in order of their first members.

    Raises:
        InputError: A column is missing, or claims are not as cleaned articles have them; or the session has no
            checkpoint folder.
    """
    _check(matches, "matches", _OF_MATCH)
    ends = (_vertex(end).alias(end) for end in ("a", "b"))
    pairs = settled(matches.select(*ends, sql.struct(*_OF_MATCH).cast(_MATCH).alias("match")))
    if articles is None:
        articles = pairs.select(sql.explode(sql.array("match.a", "match.b")).alias("id")).distinct()
    lean = settled(_lean(articles))
    places = components(pairs.select("a", "b"))
    linked = pairs.join(places, pairs["a"] == places["vertex"]).select("component", "match")
    matched = lean.join(places, "vertex").select("component", "article")
    rows = linked.unionByName(matched, allowMissingColumns=True)
    rows = rows.unionByName(_known_outlets(matched, lean), allowMissingColumns=True)
    told = partial(_tell, schema=to_arrow_schema(StructType.fromDDL(STORIES)))
    return rows.repartition("component").sortWithinPartitions("component").mapInArrow(told, STORIES)


def _check(frame: DataFrame, what: str, columns: Iterable[str]) -> None:
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise InputError(f"the frame of {what} has no column {missing[0]!r}; it has {', '.join(frame.columns)}")


def _vertex(column: str) -> Column:
    """An article in the graph of matches. Where two ids are one vertex, two components are told together."""
    return sql.xxhash64(sql.col(column).cast("string"))


def _lean(articles: DataFrame) -> DataFrame:
    """Articles as stories are told by, with their vertices."""
    _check(articles, "articles", ["id"])
    there = frozenset(articles.columns)
    facts = [sql.col(name) if name in there else sql.lit(None) for name in ("url", "outlet", "byline", "published")]
    claims = _claims(articles) if "claims" in there else sql.lit(None)
    length = sql.length("text") if "text" in there else sql.lit(None)
    article = sql.struct("id", *facts, claims, length).cast(_ARTICLE).alias("article")
    return articles.where("id is not null").select(_vertex("id").alias("vertex"), article)


def _claims(articles: DataFrame) -> Column:
    """Of an article's claims what stories are told by."""
    kind = articles.schema["claims"].dataType
    claim = kind.elementType if isinstance(kind, ArrayType) else None
    fields = claim.names if isinstance(claim, StructType) else []
    if not {"field", "value", "rule"}.issubset(fields):
        raise InputError(
            f"the column 'claims' is {kind.simpleString()}, and no array of structs of field, value, rule"
        )

    def lean(claim: Column) -> Column:
        return sql.struct(*(claim[name] if name in fields else sql.lit(None) for name in _OF_CLAIM))

    told = sql.filter("claims", lambda claim: claim["field"].isin(*FIELDS, *OUT_BY))
    return sql.transform(told, lean)


def _known_outlets(matched: DataFrame, lean: DataFrame) -> DataFrame:
    """For each component what of the corpus's directory of outlets its articles may ask for."""
    listed = lean.select("article.id", "article.url", "article.outlet").mapInArrow(_list, _LISTED)
    directory = listed.groupBy("kind", "value").agg(sql.min_by("name", "id").alias("name"))
    asked = matched.mapInArrow(_ask, _ASKED).distinct()
    known = sql.struct("kind", "value", "name").alias("known")
    return asked.join(directory, ["kind", "value"]).select("component", known)


def _list(batches: Iterable[Any]) -> Iterator[Any]:
    """The keys of the articles' outlets, each with the least id that a batch has for it."""
    arrow, _ = pyarrow()
    witnesses = Witnesses(())
    for batch in batches:
        found: dict[Key, tuple[str, str]] = {}
        for row in batch.to_pylist():
            article = Article(row["id"], "", Status.OK, url=row["url"], outlet=row["outlet"])
            listed = article.id, witnesses.outlet_of(article)
            for key in witnesses.keys_of(article):
                found[key] = min(listed, found.get(key, listed))
        yield _rows(arrow, [(*key, *listed) for key, listed in found.items()], _LISTED)


def _ask(batches: Iterable[Any]) -> Iterator[Any]:
    """The keys that articles may ask for."""
    arrow, _ = pyarrow()
    witnesses = Witnesses(())
    for batch in batches:
        rows = zip(batch.column("component").to_pylist(), batch.column("article").to_pylist(), strict=True)
        asked = {(component, *key) for component, row in rows for key in witnesses.keys_asked(_article(row))}
        yield _rows(arrow, list(asked), _ASKED)


def _rows(arrow: Any, rows: list[tuple[Any, ...]], schema: str) -> Any:
    kinds = {"string": arrow.string(), "bigint": arrow.int64()}
    columns = [column.split() for column in schema.split(", ")]
    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    arrays = [arrow.array(each, kinds[kind]) for each, (_, kind) in zip(values, columns, strict=True)]
    return arrow.RecordBatch.from_arrays(arrays, [name for name, _ in columns])


def _tell(batches: Iterable[Any], schema: Any) -> Iterator[Any]:
    """Stories of components, some of them at a time."""
    arrow, _ = pyarrow()
    for table in whole_groups(batches, "component"):
        matches, rows, known = (table.column(name).drop_null().to_pylist() for name in ("match", "article", "known"))
        found = [Match.from_dict(match | {"passages": ()}) for match in matches]
        articles = [_article(row) for row in rows]
        _check_articles(found, articles)
        lengths = {row["id"]: row["length"] or 0 for row in rows}
        directory = {Key(row["kind"], row["value"]): row["name"] for row in known}
        told = [_record(story) for story in build_stories(articles, found, lengths, directory)]
        yield from arrow.Table.from_pylist(told, schema).to_batches()


def _article(row: Mapping[str, Any]) -> Article:
    claims = (Claim(**claim | {"text": claim["text"] or ""}) for claim in row["claims"] or ())
    return Article(
        row["id"], "", Status.OK, url=row["url"], outlet=row["outlet"], byline=row["byline"],
        published=row["published"], claims=tuple(claims),
    )  # fmt: skip


def _check_articles(matches: Iterable[Match], articles: Iterable[Article]) -> None:
    counts = Counter(article.id for article in articles)
    twice = [name for name, count in counts.most_common(1) if count > 1]
    if twice:
        raise InputError(f"two articles have the id {twice[0]!r}")
    missing = {name for match in matches for name in (match.a, match.b)} - counts.keys()
    if missing:
        raise InputError(f"{min(missing)!r} is in a match, and not among the articles: give those that were matched")


def _record(story: Story) -> dict[str, Any]:
    record: dict[str, Any] = story.to_dict()
    rivals = [Rival(*rival)._asdict() for rival in record["origin"]["rivals"]]
    return record | {"origin": record["origin"] | {"rivals": rivals}}
