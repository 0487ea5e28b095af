"""Which articles of a frame share text: what `syndicate.match` finds, by joins in the place of arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyspark.sql import functions as sql

from syndicate.spark.chrome import CHROME, find_chrome
from syndicate.spark.frames import settled
from syndicate.spark.keys import first_copies, numbered, owners
from syndicate.spark.pairs import all_copies, candidates
from syndicate.spark.prints import filed_articles, filed_prints, good_articles
from syndicate.spark.proofs import prove

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class Matched(NamedTuple):
    """What matching found.

    Attributes:
        pairs: Verified matches, as `proofs.MATCHES` has them.
        chrome: What was set aside, as `chrome.CHROME` has it.
    """

    pairs: DataFrame
    chrome: DataFrame


class Archive(NamedTuple):
    """Articles that were fingerprinted before.

    Attributes:
        prints: Their fingerprints, as `fingerprint` gave them.
        articles: Rows with `id`, `text` and `outlet`; only those are read that may match.
    """

    prints: DataFrame
    articles: DataFrame


def match(articles: DataFrame, archive: Archive | None = None) -> DataFrame:
    """Find the articles that share more than quotations; the matches alone, as `match_articles` gives them."""
    return match_articles(articles, archive).pairs


def match_articles(articles: DataFrame, archive: Archive | None = None) -> Matched:
    """Find all pairs of articles that share more than quotations.

    The same matches as `syndicate.match.match_articles` finds, whatever the frame's partitions are. The frame is read
    several times: write it down before, if it is dear to make.

    Args:
        articles: Rows with `id` and `text`, and `outlet` where it is known; of a frame with `status`, those that are
            `ok`.
        archive: Earlier articles: pairs of an article with one of these are found, too, but not those among them.
            Which shingles are too common is then told by those alone that stand in `articles`.

    Raises:
        InputError: Two articles have one id, or one has none; or the session has no checkpoint folder.
    """
    texts = _texts(articles)
    filed = filed_articles(articles).withColumn("fresh", sql.lit(True))
    ids = good_articles(articles).select("id")
    if archive is not None:
        texts = texts.unionByName(_texts(archive.articles))
        filed = filed.unionByName(filed_prints(archive.prints).withColumn("fresh", sql.lit(False)))
        ids = ids.union(archive.prints.select("id"))
    numbers = numbered(ids)
    known = settled(filed.join(numbers, "id").drop("id"))
    copies = settled(first_copies(known))
    firsts = copies.select(sql.col("first").alias("number"), sql.col("fresh").alias("own"))
    different = known.where("printed").join(firsts, "number").withColumn("fresh", sql.col("own")).drop("own")
    owned = owners(different, partly=archive is not None)
    pairs = candidates(owned.articles, different)
    wanted = all_copies(pairs, known, copies)
    wanted = settled(wanted if archive is None else _with_fresh(wanted, known))
    empty = articles.sparkSession.createDataFrame([], CHROME)
    if not owned.common.limit(1).count():
        return Matched(prove(wanted, numbers, texts, empty.selectExpr("cast(text as binary) text")), empty)
    found = find_chrome(owned, numbers, texts)
    return Matched(prove(wanted, numbers, texts, found.shingles), found.chrome)


def _texts(articles: DataFrame) -> DataFrame:
    outlet = sql.col("outlet") if "outlet" in articles.columns else sql.lit(None).cast("string").alias("outlet")
    return good_articles(articles).select("id", outlet, sql.expr("cast(coalesce(text, '') as binary) text"))


def _with_fresh(pairs: DataFrame, known: DataFrame) -> DataFrame:
    """Pairs of which one article at the least is none of the archive's."""
    fresh = known.where("fresh").select("number")
    left = pairs.join(fresh.withColumnRenamed("number", "left"), "left", "left_semi")
    right = pairs.join(fresh.withColumnRenamed("number", "right"), "right", "left_semi").select("left", "right")
    return left.union(right).distinct()
