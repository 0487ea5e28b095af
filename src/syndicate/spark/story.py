"""Stories of matches in frames: what `syndicate.story` decides, and only what must be seen together in one place.

Over all matches one digest after the other would chain most of a large corpus, so nothing here is done by components
of these. Which articles are one story is decided by components of the matches that merge, which way the links between
two stories go by their matches alone, and a story is told from what is in it and what was taken from it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from pyspark.sql import functions as sql
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from syndicate.errors import InputError
from syndicate.graph import Match, Relation, Rival
from syndicate.io.parquet import pyarrow
from syndicate.spark.components import components
from syndicate.spark.frames import settled, whole_groups
from syndicate.spark.witnesses import finder_of, strings, witnesses
from syndicate.story import Link, cluster_articles, direct_links, merges, tell_stories

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyspark.sql import Column, DataFrame

    from syndicate.graph import Story

STORIES: Final = (
    "story string, members array<string>, "
    "origin struct<outlet:string,article:string,confidence:double,"
    "evidence:array<struct<kind:string,article:string,value:string,text:string>>,"
    "rivals:array<struct<outlet:string,article:string,confidence:double>>>, "
    "edges array<struct<`from`:string,`to`:string,relation:string,evidence:string>>, notes array<string>"
)
"""What `Story.to_dict` has, and of rivals what `Rival` has."""
_MATCH: Final = (
    "struct<a:string,b:string,relation:string,resemblance:double,containment_a:double,containment_b:double>"
)
_OF_MATCH: Final = ("a", "b", "relation", "resemblance", "containment_a", "containment_b")
_MERGING: Final = f"match {_MATCH}, merging boolean"
_HOMES: Final = "id string, story string"
_LINKS: Final = "copy string, source string, relation string, copied string, story string"
"""`copied` is the story of the copy, `story` that of the source."""


def stories(matches: DataFrame, articles: DataFrame | None = None) -> DataFrame:
    """Make stories of verified matches, as `build_stories` does.

    Memory is that of the largest component of the matches that merge, or of the largest story with what was taken
    from it; without texts.

    Args:
        matches: Rows of `a`, `b`, `relation`, `resemblance`, `containment_a` and `containment_b`, each pair once.
        articles: All articles of the corpus, in rows of `id`, and any of `url`, `outlet`, `byline`, `published`,
            `claims` and `text`, as cleaned articles have them. Without them no story has an origin, and an excerpt
            is the copy of the longer text.

    Returns:
        Rows as `STORIES` has them; `build_stories` has them in order of their first members.

    Raises:
        InputError: A column is missing, or claims are not as cleaned articles have them; an article of a match is
            not there, or is there twice; or the session has no checkpoint folder.
    """
    missing = [name for name in _OF_MATCH if name not in matches.columns]
    if missing:
        raise InputError(f"the frame of matches has no column {missing[0]!r}; it has {', '.join(matches.columns)}")
    pairs = settled(matches.select(sql.struct(*_OF_MATCH).cast(_MATCH).alias("match")).mapInArrow(_mark, _MERGING))
    ids = pairs.select(sql.explode(sql.array("match.a", "match.b")).alias("id")).distinct()
    seen = witnesses(ids if articles is None else articles, ids)
    homes = settled(_clustered(pairs))
    placed = settled(_placed(pairs, homes))
    links = settled(_directed(placed.where("home_a != home_b"), seen))
    return _told(homes, placed.where("home_a = home_b"), settled(_without_detours(links)), seen)


def _clustered(pairs: DataFrame) -> DataFrame:
    """The story of each article of a match that merges."""
    ends = [sql.xxhash64(end) for end in ("match.a", "match.b")]
    places = components(pairs.where("merging").select(*ends))
    # Two ids may have one hash, and two components come together for that: each has its stories all the same.
    both = pairs.withColumns({"a": ends[0], "b": ends[1]})
    both = both.join(places.toDF("a", "component"), "a").join(places.toDF("b", "other"), "b")
    return _together(both.where("component = other").select("component", "match"), _cluster, _HOMES)


def _placed(pairs: DataFrame, homes: DataFrame) -> DataFrame:
    """Matches, and the stories of both ends."""
    found = pairs.select("match", "match.a", "match.b")
    found = found.join(homes.toDF("a", "home_a"), "a", "left").join(homes.toDF("b", "home_b"), "b", "left")
    return found.selectExpr("match", "coalesce(home_a, a) home_a", "coalesce(home_b, b) home_b")


def _directed(between: DataFrame, seen: DataFrame) -> DataFrame:
    """Links, as `_LINKS` has them, of matches between stories."""
    component = sql.xxhash64(sql.least("home_a", "home_b"), sql.greatest("home_a", "home_b"))
    between = between.withColumn("component", component)
    ends = between.select("component", sql.explode(sql.array("match.a", "match.b")).alias("id")).distinct()
    rows = between.unionByName(_seen(ends, seen), allowMissingColumns=True)
    return _together(rows, _direct, _LINKS)


def _without_detours(links: DataFrame) -> DataFrame:
    """Leave out, as `build_stories` does, links to stories that have a source in common with the copy's."""
    sources = links.select("copied", "story").distinct()
    further = sources.join(sources.toDF("story", "source"), "story")
    detours = further.join(sources.toDF("copied", "source"), ["copied", "source"], "left_semi")
    return links.join(detours.select("copied", "story").distinct(), ["copied", "story"], "left_anti")


def _told(homes: DataFrame, within: DataFrame, links: DataFrame, seen: DataFrame) -> DataFrame:
    """Stories of their members, the matches within them, and the links to them."""
    members = homes.union(links.select("source", "story")).distinct().withColumn("home", sql.col("story"))
    takers = links.select(sql.col("copy").alias("id"), "story").distinct()
    people = members.unionByName(takers, allowMissingColumns=True)
    people = _seen(people.select(_component(), "id", "home"), seen)
    linked = links.select(_component(), sql.struct("copy", "source", "relation").alias("link"))
    matched = within.select(sql.xxhash64("home_a").alias("component"), "match")
    rows = people.unionByName(linked, allowMissingColumns=True).unionByName(matched, allowMissingColumns=True)
    return _together(rows, partial(_tell, schema=to_arrow_schema(StructType.fromDDL(STORIES))), STORIES)


def _component() -> Column:
    return sql.xxhash64("story").alias("component")


def _seen(rows: DataFrame, seen: DataFrame) -> DataFrame:
    """Rows of ids, with the articles."""
    article = sql.struct("id", "article", "known").alias("seen")
    return rows.join(seen, "id").select(*(name for name in rows.columns if name != "id"), article)


def _together(rows: DataFrame, work: Any, schema: str) -> DataFrame:
    """What a task makes of rows, those of one component in one piece."""
    return rows.repartition("component").sortWithinPartitions("component").mapInArrow(work, schema)


def _mark(batches: Iterable[Any]) -> Iterator[Any]:
    arrow, _ = pyarrow()
    for batch in batches:
        merging = arrow.array([merges(match) for match in _matches(batch)], arrow.bool_())
        yield arrow.RecordBatch.from_arrays([*batch.columns, merging], ["match", "merging"])


def _cluster(batches: Iterable[Any]) -> Iterator[Any]:
    for table in whole_groups(batches, "component"):
        yield strings(list(cluster_articles(_matches(table)).items()), _HOMES)


def _direct(batches: Iterable[Any]) -> Iterator[Any]:
    for table in whole_groups(batches, "component"):
        matches = _matches(table)
        homes = zip(_present(table, "home_a"), _present(table, "home_b"), strict=True)
        story_of: dict[str, str] = {}
        for match, (one, other) in zip(matches, homes, strict=True):
            story_of |= {match.a: one, match.b: other}
        links = direct_links(matches, story_of, finder_of(_present(table, "seen")))
        yield strings([(*link, story_of[link.copy], story_of[link.source]) for link in links], _LINKS)


def _tell(batches: Iterable[Any], schema: Any) -> Iterator[Any]:
    arrow, _ = pyarrow()
    for table in whole_groups(batches, "component"):
        people = zip(table.column("seen").to_pylist(), table.column("home").to_pylist(), strict=True)
        story_of = {seen["id"]: home for seen, home in people if home is not None}
        links = [Link(link["copy"], link["source"], Relation(link["relation"])) for link in _present(table, "link")]
        told = tell_stories(_matches(table), links, story_of, finder_of(_present(table, "seen")))
        yield from arrow.Table.from_pylist(list(map(_record, told)), schema).to_batches()


def _present(table: Any, column: str) -> list[Any]:
    """The values of a column, without the nulls of other kinds of rows."""
    values: list[Any] = table.column(column).drop_null().to_pylist()
    return values


def _matches(table: Any) -> list[Match]:
    return [Match.from_dict(match | {"passages": ()}) for match in _present(table, "match")]


def _record(story: Story) -> dict[str, Any]:
    record: dict[str, Any] = story.to_dict()
    rivals = [Rival(*rival)._asdict() for rival in record["origin"]["rivals"]]
    return record | {"origin": record["origin"] | {"rivals": rivals}}
