"""Articles by number, and the sampled shingles they are compared by: what `syndicate.candidates` holds in arrays.

Articles are numbered in the order of their ids. Keys that one article alone has are dropped where keys are grouped;
of those that very many have only sums are made, so that no task ever holds all articles of a key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pyspark.sql import Window
from pyspark.sql import functions as sql

from syndicate.candidates import COMMONEST, MOST_PAIRED, MOSTLY
from syndicate.errors import InputError
from syndicate.postings import HUBS
from syndicate.spark.counting import CROWDED
from syndicate.spark.frames import settled

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_COMMON: Final = (MOST_PAIRED + 1) << 32
"""The first of the keys that very many have."""
_SAMPLE: Final = "key & 4294967295L"
_NO_KEYS: Final = "cast(array() as array<bigint>)"


class Owners(NamedTuple):
    """Articles with the keys they own.

    Attributes:
        articles: `number`; `fresh`; `size`, how many of its sampled shingles count; `keys`, those that others have,
            too, as `counting` orders them; `hubs`, those of them from `CROWDED` on for which it is one of the first;
            `copied`, whether it is one of very many copies. A row for each text that has a fingerprint.
        common: Sampled shingles that are set aside: `key`, `held`, in how many articles; `different`, how many of
            these are not copies of a text that very many have.
        holders: These articles: `key` and `number`.
    """

    articles: DataFrame
    common: DataFrame
    holders: DataFrame


def numbered(ids: DataFrame) -> DataFrame:
    """Ids with a `number` each, ascending with them; settled.

    Args:
        ids: Rows with `id`.

    Raises:
        InputError: Two articles have one id, or one has none.
    """
    rows = settled(ids.select("id").sort("id").withColumn("number", sql.monotonically_increasing_id()))
    if rows.where("id is null or id = ''").limit(1).count():
        raise InputError("an article has no id: clean it with url= or id=")
    if rows.groupBy("id").agg(sql.count("*").alias("rows")).where("rows > 1").limit(1).count():
        raise InputError("two articles have one id: ids must tell them apart; groupBy('id').count() finds them")
    return rows


def first_copies(articles: DataFrame) -> DataFrame:
    """Texts that articles have: `whole`; `first`, the least number of these; `copies`, how many they are; `fresh`."""
    texts = articles.where("whole != 0").groupBy("whole")
    first, copies = sql.min("number").alias("first"), sql.count("*").alias("copies")
    return texts.agg(first, copies, sql.bool_or("fresh").alias("fresh"))


def owners(texts: DataFrame, *, partly: bool) -> Owners:
    """Find which keys articles have in common.

    Args:
        texts: Rows with `number`, `size`, `sample` and `fresh`, one for each different text.
        partly: Whether only keys are looked at that fresh texts have; else all are fresh.
    """
    own = settled(_shared(texts, partly=partly))
    many = own.select("number", "size", sql.explode(_kept(f"key -> key >= {_COMMON}L")).alias("key"))
    if not many.limit(1).count():
        none = many.selectExpr("key", "key held", "key different")
        articles = own.withColumns({"hubs": sql.expr(_NO_KEYS), "copied": sql.lit(False)})
        return Owners(articles, none, many.select("key", "number"))
    told = many.join(_copied(many), "number", "left")
    kinds = told.groupBy("key").agg(sql.count_if(sql.col("copied").isNull()).alias("different"))
    kinds = settled(kinds.select("key", "different", sql.expr("shiftright(key, 32)").alias("held")))
    common = kinds.where(f"different > {COMMONEST}")
    holders = told.where("copied is null").join(common.select("key"), "key", "left_semi")
    articles = settled(_judged(own, told, kinds))
    return Owners(
        _with_hubs(articles),
        common.withColumn("key", sql.expr(_SAMPLE)),
        holders.select(sql.expr(_SAMPLE).alias("key"), "number"),
    )


def _shared(texts: DataFrame, *, partly: bool) -> DataFrame:
    """Each article with the keys that others have, too, the rarest first."""
    postings = texts.select("number", sql.explode("sample").alias("key"))
    if partly:
        wanted = texts.where("fresh").select(sql.explode("sample").alias("key"))
        postings = postings.join(wanted, "key", "left_semi")
    by_key = postings.repartition("key")  # once, for both sides of the join
    held = by_key.groupBy("key").agg(sql.count("*").alias("held")).where("held > 1")
    order = sql.expr("shiftleft(held, 32) | (cast(key as bigint) & 4294967295L)")
    rows = by_key.join(held.hint("shuffle_hash"), "key").select("number", order.alias("key"))
    rows = rows.withColumns({"size": sql.lit(0), "fresh": sql.lit(False)})
    alone = texts.select("number", "size", sql.expr("cast(null as bigint) key"), "fresh")
    keys = sql.sort_array(sql.collect_list("key")).alias("keys")
    whole = rows.unionByName(alone).groupBy("number")
    return whole.agg(sql.max("size").alias("size"), keys, sql.bool_or("fresh").alias("fresh"))


def _copied(many: DataFrame) -> DataFrame:
    """Articles that are copies of a text that very many have, as `candidates` tells them; settled."""
    firsts = many.groupBy("key").agg(sql.min("number").alias("first"))
    agreed = (
        many.join(firsts, "key")
        .groupBy("number", "first")
        .agg(sql.count("*").alias("keys"), sql.max("size").alias("size"))
    )
    copied = agreed.where(sql.col("keys") >= sql.lit(MOSTLY) * sql.col("size"))
    return settled(copied.select("number").distinct().withColumn("copied", sql.lit(True)))


def _judged(own: DataFrame, told: DataFrame, kinds: DataFrame) -> DataFrame:
    """Articles without the keys that are set aside, the crowded ones last."""
    aside = sql.col("different") > COMMONEST
    crowded = sql.when(sql.expr("2 * different < held"), sql.col("key") + sql.lit(CROWDED)).otherwise(sql.col("key"))
    rows = told.join(kinds, "key").select("number", "copied", aside.alias("aside"), crowded.alias("key"))
    sums = rows.groupBy("number").agg(
        sql.bool_or("copied").alias("copied"), sql.count_if("aside").alias("aside"),
        sql.sort_array(sql.collect_list(sql.when(~sql.col("aside"), sql.col("key")))).alias("common"),
    )  # fmt: skip
    kept = sql.concat(_kept(f"key -> key < {_COMMON}L"), sql.coalesce("common", sql.expr(_NO_KEYS)))
    size = sql.col("size") - sql.coalesce("aside", sql.lit(0)).cast("int")
    copied = sql.coalesce("copied", sql.lit(False))
    found = own.join(sums, "number", "left")
    return found.select("number", "fresh", size.alias("size"), kept.alias("keys"), copied.alias("copied"))


def _with_hubs(articles: DataFrame) -> DataFrame:
    """Articles with the crowded keys for which they are one of the first, the larger ones before the smaller ones."""
    crowded = articles.select("number", "size", sql.explode(_kept(f"key -> key >= {CROWDED}L")).alias("key"))
    place = sql.row_number().over(Window.partitionBy("key").orderBy(sql.desc("size"), "number"))
    firsts = crowded.withColumn("place", place).where(f"place <= {HUBS}")
    hubs = firsts.groupBy("number").agg(sql.sort_array(sql.collect_list("key")).alias("hubs"))
    rows = articles.join(hubs, "number", "left")
    return settled(rows.withColumn("hubs", sql.coalesce("hubs", sql.expr(_NO_KEYS))))


def _kept(condition: str) -> Column:
    """Those of the keys for which a condition holds."""
    return sql.expr(f"filter(keys, {condition})")
