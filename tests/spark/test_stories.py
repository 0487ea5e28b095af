"""Stories on Spark: those of `build_stories`, to the last digit, however the rows lie."""

from __future__ import annotations

import gzip
import json
import random
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("pyspark")

from syndicate import Article, Cleaner, Match, Page, match_corpus
from syndicate.errors import InputError
from syndicate.graph import Relation
from syndicate.io.read import read_pages
from syndicate.io.write import write_articles
from syndicate.spark.story import stories
from syndicate.story import build_stories
from tests.conftest import EXAMPLES
from tests.stories import article, body, claim, invented

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_MATCHES = (
    "a string, b string, relation string, resemblance double, containment_a double, containment_b double, "
    "passages array<array<int>>"
)


def rows_of(spark: Any, matches: Iterable[Match]) -> Any:
    rows = [(one.a, one.b, str(one.relation), *_measures(one), list(map(list, one.passages))) for one in matches]
    return spark.createDataFrame(rows, _MATCHES)


def _measures(match: Match) -> tuple[float, float, float]:
    return match.resemblance, match.containment_a, match.containment_b


def parquet(spark: Any, articles: Iterable[Article], folder: Path) -> Any:
    """Articles as our own files have them."""
    file = folder / f"articles-{random.getrandbits(64):x}.parquet"
    write_articles(file, (one.to_dict() for one in articles))
    return spark.read.parquet(str(file))


def told(matches: Any, articles: Any = None) -> list[dict[str, Any]]:
    """Stories on Spark as lines of stories.jsonl, in the order that these have there."""
    found = [row.asDict(recursive=True) for row in stories(matches, articles).collect()]
    for story in found:
        story["origin"]["rivals"] = [list(rival.values()) for rival in story["origin"]["rivals"]]
    return sorted(found, key=lambda story: story["members"])


def told_here(articles: Sequence[Article], matches: Iterable[Match]) -> list[dict[str, object]]:
    return [story.to_dict() for story in build_stories(articles, matches)]


@pytest.mark.parametrize("seed", range(3))
def test_stories_are_those_of_one_machine(spark: Any, tmp_path: Path, seed: int) -> None:
    articles = invented(random.Random(seed), 80)
    matches = match_corpus(articles).matches
    expected = told_here(articles, matches)
    assert len(expected) > 40
    random.Random(seed).shuffle(articles)
    assert told(rows_of(spark, matches).repartition(3), parquet(spark, articles, tmp_path)) == expected


def test_the_examples_have_their_stories(spark: Any, tmp_path: Path, cleaner: Cleaner) -> None:
    pages = read_pages([str(EXAMPLES / "pages"), str(EXAMPLES / "feed.jsonl")])
    articles = [cleaner.clean_page(page) for page in pages if isinstance(page, Page)]
    matches = match_corpus(articles).matches
    found = told(rows_of(spark, matches), parquet(spark, articles, tmp_path))
    assert found == told_here(articles, matches)
    assert [len(story["members"]) for story in found] == [5, 2]


def test_real_wire_copies_have_their_stories(spark: Any, tmp_path: Path, cleaner: Cleaner, shared: Path) -> None:
    with gzip.open(shared / "data" / "syndication" / "wire-copies.docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row, _ in zip(map(json.loads, lines), range(300), strict=False)]
    pages = [
        Page(
            "\n\n".join(row["paragraphs"]), row["id"], None, "text", outlet=row["outlet"], published=row["scraped_at"]
        )
        for row in rows
    ]
    articles = list(map(cleaner.clean_page, pages))
    matches = match_corpus(articles).matches
    assert told(rows_of(spark, matches), parquet(spark, articles, tmp_path)) == told_here(articles, matches)


def test_matches_alone_make_stories_without_origins(spark: Any) -> None:
    articles = [article("a", body(1, 60)), article("b", body(1, 60)), article("c", body(1, 60)[:1500])]
    matches = match_corpus(articles).matches
    found = told(rows_of(spark, matches))
    assert found == told_here([article(one.id, "") for one in articles], matches)
    (story,) = found
    assert story["members"] == ["a", "b"]
    assert story["origin"]["outlet"] is None
    assert [(edge["from"], edge["to"]) for edge in story["edges"]] == [("c", "a")]


def test_matches_and_articles_can_be_json_with_what_is_known(spark: Any, tmp_path: Path) -> None:
    articles = [
        article("first", body(1), outlet="Harbour Ledger", published="2026-03-01T08:00:00Z"),
        article("later", body(1), claims=(claim("source", "Harbour Ledger"),)),
    ]
    matches = match_corpus(articles).matches
    files = {"matches": [one.to_dict() for one in matches], "articles": [one.to_dict() for one in articles]}
    for name, records in files.items():
        (tmp_path / name).write_text("\n".join(map(json.dumps, records)))
    frames = {name: spark.read.json(str(tmp_path / name)) for name in files}
    assert told(frames["matches"], frames["articles"]) == told_here(articles, matches)
    (story,) = told(frames["matches"], frames["articles"].select("id", "outlet", "claims"))
    assert story["origin"]["outlet"] == "Harbour Ledger"


def test_an_outlet_is_known_by_an_article_that_nothing_matches(spark: Any, tmp_path: Path) -> None:
    known = [
        article("\U0001f600", body(3), outlet="Ledger of the Later Id", url="https://ledger.example/9"),
        article("\uff5e", body(2), outlet="Harbour Ledger", url="https://www.ledger.example/1"),
    ]
    copies = [article(name, body(1), claims=(claim("source", "ledger.example"),)) for name in "ab"]
    matches = match_corpus([*known, *copies]).matches
    (story,) = told(rows_of(spark, matches), parquet(spark, [*known, *copies], tmp_path))
    assert story["origin"]["outlet"] == "Harbour Ledger"
    assert [story] == told_here([*known, *copies], matches)


def test_lengths_are_counted_in_characters(spark: Any, tmp_path: Path) -> None:
    text = body(1)
    faces = "\U0001f600" * (len(text) // 8)
    articles = [article("a", text, outlet="A"), article("b", text + faces, outlet="B")]
    matches = match_corpus(articles).matches
    (story,) = told(rows_of(spark, matches), parquet(spark, articles, tmp_path))
    assert f"{len(text + faces)} characters, the next {len(text)}" in json.dumps(story)


def test_a_story_of_thousands_and_rows_that_come_in_many_batches(spark: Any, tmp_path: Path) -> None:
    articles = [article(f"{at:04}", "", outlet=f"Outlet {at}") for at in range(3_000)]
    star = [Match("0000", one.id, Relation.REPOST, 0.9, 0.9, 0.9, ()) for one in articles[1:2_000]]
    pairs = [
        Match(one.id, other.id, Relation.REPOST, 0.9, 0.9, 0.9, ())
        for one, other in zip(articles[2_000::2], articles[2_001::2], strict=True)
    ]
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "700")
    try:
        found = told(rows_of(spark, [*star, *pairs]), parquet(spark, articles, tmp_path))
    finally:
        spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")
    assert found == told_here(articles, [*star, *pairs])
    assert len(found) == 501


def test_nothing_has_no_stories(spark: Any) -> None:
    assert told(rows_of(spark, ())) == []
    assert told(rows_of(spark, ()), spark.createDataFrame([("a",)], "id string")) == []


def test_what_is_missing_is_named(spark: Any) -> None:
    matches = rows_of(spark, [Match("a", "b", Relation.REPOST, 0.9, 0.9, 0.9, ())])
    with pytest.raises(InputError, match="the frame of matches has no column 'relation'; it has a, b"):
        stories(matches.select("a", "b"))
    with pytest.raises(InputError, match="the frame of articles has no column 'id'"):
        stories(matches, spark.createDataFrame([("a",)], "name string"))
    with pytest.raises(InputError, match="'claims' is array<string>"):
        stories(matches, spark.createDataFrame([("a", ["x"])], "id string, claims array<string>"))
    with pytest.raises(InputError, match="1 articles that match are not among the articles"):
        stories(matches, spark.createDataFrame([("a",), ("c",)], "id string"))
    with pytest.raises(InputError, match="1 rows have an id that another article has"):
        stories(matches, spark.createDataFrame([("a",), ("b",), ("a",), ("c",), ("c",)], "id string"))
