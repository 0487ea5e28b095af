"""Stories on Spark: those of `build_stories`, to the last digit, however the rows lie."""

from __future__ import annotations

import gzip
import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("pyspark")

from syndicate import Article, Cleaner, Match, Page, match_corpus
from syndicate.errors import InputError
from syndicate.evidence import Witnesses
from syndicate.graph import Relation
from syndicate.io.read import read_pages
from syndicate.io.write import write_articles
from syndicate.spark.stories import stories
from syndicate.story import build_stories
from tests.conftest import EXAMPLES
from tests.stories import article, body, claim, edited

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_MATCHES = (
    "a string, b string, relation string, resemblance double, containment_a double, containment_b double, "
    "passages array<array<int>>"
)
_OUTLETS = {
    "ledger.example": ("Harbour Ledger", "HARBOUR LEDGER", "The Harbour Ledger", "Harbour Ledger Inc."),
    "courier.co.uk": ("Valley Courier", "valley courier", "Vallée Courier"),
    "weir.example": ("Weir Post", None),
    "metro.example": ("City Metro", "City-Metro"),
    "thecradle.co": ("The Cradle", None),
}
_NAMES = (
    *(name for names in _OUTLETS.values() for name in names if name), *_OUTLETS, "www.ledger.example", "Moorland Times",
    "Reuters", "AP", "Jane Roe", "Smith's", "3:30 p.m.", "http://[", "\U0001f600", "a.b",
)  # fmt: skip
_FIELDS = (
    ("source", "core/articles-by"), ("source", "core/licence"), ("licence", "core/licence"), ("agency", "core/dateline"),
    ("source", "meta/counter:pixel"), ("author", "meta/author"), ("section", "meta/section"),
)  # fmt: skip
_ADDRESSES = (
    ("canonical", "meta/canonical"), ("source_url", "meta/syndication-source"), ("source_url", "meta/ld:isBasedOn"),
    ("source_url", "core/link"),
)  # fmt: skip


def rows_of(spark: Any, matches: Iterable[Match]) -> Any:
    rows = [
        (one.a, one.b, str(one.relation), one.resemblance, one.containment_a, one.containment_b, list(map(list, one.passages)))
        for one in matches
    ]  # fmt: skip
    return spark.createDataFrame(rows, _MATCHES)


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


def invented(rng: random.Random, texts: int = 24) -> list[Article]:
    """A corpus of copies, cuts, digests and strangers, most of whom say something of where they have it from."""
    found: list[str] = []
    for number in range(texts):
        text = body(rng.getrandbits(40), rng.choice((12, 24, 40)))
        parts = text.split("\n\n")
        found += [text, body(rng.getrandbits(40), 6)]
        for _ in range(rng.randrange(5)):
            found.append(
                rng.choice((
                    text, edited(text, rng.choice((8, 25, 60)), number), text + " More \U0001f600." * rng.randrange(30),
                    "\n\n".join(parts[: rng.randrange(1, len(parts) + 1)]),
                    "\n\n".join([*parts[: len(parts) // 2], *rng.choice(found).split("\n\n")[:6]]),
                ))
            )  # fmt: skip
    signs = "ab\u00e9\uff5e\U0001f600"
    names = rng.sample(
        [f"{one}{other}{third}{fourth}" for one in signs for other in signs for third in signs for fourth in signs],
        len(found),
    )
    return [_page(rng, name, text) for name, text in zip(names, found, strict=True)]


def _page(rng: random.Random, name: str, text: str) -> Article:
    site = rng.choice((None, *_OUTLETS, f"{rng.randrange(30)}.example"))
    outlet = rng.choice((*_OUTLETS.get(site or "", ("Moorland Times", None)), rng.choice(_NAMES)))
    day = f"2026-03-{rng.randrange(1, 9):02}"
    claims = [claim(field, rng.choice(_NAMES), rule) for field, rule in rng.choices(_FIELDS, k=rng.randrange(4))]
    if rng.random() < 0.4:
        field, rule = rng.choice(_ADDRESSES)
        claims.append(claim(field, f"https://{rng.choice(('www.', 'm.', ''))}{rng.choice([*_OUTLETS])}/1", rule))
    if rng.random() < 0.2:
        claims.append(claim(rng.choice(("modified", "crawled")), f"{day}T12:00:00Z", "meta/time"))
    return article(
        name, text, outlet=outlet, url=site and f"https://www.{site}/{name}", claims=tuple(claims),
        byline=rng.choice((None, "Jane Roe")), published=rng.choice((None, day, f"{day}T{rng.randrange(24):02}:30:00Z")),
    )  # fmt: skip


@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 1 << 30))
def test_stories_are_those_of_one_machine(spark: Any, tmp_path: Path, seed: int) -> None:
    articles = invented(random.Random(seed), 60)
    graph = match_corpus(articles)
    expected = told_here(articles, graph.matches)
    assert len(expected) > 20
    random.Random(seed).shuffle(articles)
    assert told(rows_of(spark, graph.matches).repartition(3), parquet(spark, articles, tmp_path)) == expected


@settings(max_examples=60)
@given(st.integers(0, 1 << 30))
def test_stories_of_a_part_need_no_more_of_the_directory_than_its_articles_ask_for(seed: int) -> None:
    articles = invented(random.Random(seed), 8)
    matches = match_corpus(articles).matches
    whole = Witnesses(articles)
    directory: dict[Any, str] = {}
    for one in sorted(articles, key=lambda one: one.id):
        for key in whole.keys_of(one):
            directory.setdefault(key, whole.outlet_of(one))
    matched = [one for one in articles if any(one.id in match[:2] for match in map(_ends, matches))]
    asked = {key for one in matched for key in whole.keys_asked(one)}
    known = {key: name for key, name in directory.items() if key in asked}
    assert build_stories(matched, matches, directory=known) == build_stories(articles, matches)


def _ends(match: Match) -> tuple[str, str]:
    return match.a, match.b


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
    articles = [
        cleaner.clean_page(
            Page("\n\n".join(row["paragraphs"]), row["id"], outlet=row["outlet"], published=row["scraped_at"], format="text")
        )
        for row in rows
    ]  # fmt: skip
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


def test_two_ids_that_are_one_vertex_change_nothing(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyspark.sql import functions as sql

    from syndicate.spark import stories as module

    articles = invented(random.Random(5))
    matches = match_corpus(articles).matches
    monkeypatch.setattr(module, "_vertex", lambda column: sql.pmod(sql.xxhash64(column), sql.lit(50)))
    assert told(rows_of(spark, matches), parquet(spark, articles, tmp_path)) == told_here(articles, matches)


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
