from __future__ import annotations

from typing import Any

import pytest

from syndicate import Article, InputError, RecipeMismatch, Status
from syndicate.match import match_articles as match_locally
from syndicate.sketch import fingerprint as fingerprint_locally
from tests.spark.corpora import crowd, frame_of
from tests.stories import body, edited

pytest.importorskip("pyspark")

from syndicate.spark.matching import Archive, match, match_articles
from syndicate.spark.prints import fingerprint


def article(name: str, text: str, outlet: str | None = None) -> Article:
    return Article(name, text, Status.OK, outlet=outlet)


def rows_of(pairs: Any) -> list[tuple[Any, ...]]:
    return sorted(
        (row.a, row.b, row.relation, row.resemblance, row.containment_a, row.containment_b, row.passages)
        for row in pairs.collect()
    )


def expected(articles: list[Article]) -> list[tuple[Any, ...]]:
    return [
        (
            one.a, one.b, str(one.relation), one.resemblance, one.containment_a, one.containment_b,
            list(map(list, one.passages)),
        )
        for one in match_locally(articles).pairs
    ]  # fmt: skip


def day() -> list[Article]:
    """An ordinary day: articles, copies of them, and parts of them in others."""
    texts = [body(seed) for seed in range(40)]
    articles = [article(f"https://ledger.example/{at}", text, "Ledger") for at, text in enumerate(texts)]
    articles += [article(f"https://courier.example/{at}", edited(texts[at], 30), "Courier") for at in range(15)]
    articles += [article(f"https://herald.example/{at}", texts[at], "Herald") for at in range(10, 20)]
    return [*articles, *(article(f"zine/{at}", f"{body(99 + at)}\n\n{texts[at][:900]}") for at in range(25, 35))]


def test_crowded_corpus_has_the_same_matches_and_chrome_as_on_one_machine(spark: Any) -> None:
    articles = crowd(1)
    found = match_articles(frame_of(spark, articles))
    assert rows_of(found.pairs) == expected(articles)
    chrome = [(row.text, row.articles, row.example) for row in found.chrome.sort("place").collect()]
    assert chrome == [(one.text, one.articles, one.example) for one in match_locally(articles).chrome]
    assert chrome


def test_partitions_do_not_matter(spark: Any) -> None:
    articles = day()
    frame = frame_of(spark, articles)
    assert rows_of(match(frame.coalesce(1))) == rows_of(match(frame.repartition(7))) == expected(articles)


def test_nothing_matches_nothing(spark: Any) -> None:
    assert rows_of(match(frame_of(spark, [article("a", ""), article("b", ""), article("c", body(1))]))) == []


def test_frame_needs_neither_outlet_nor_status(spark: Any) -> None:
    (pair,) = match(frame_of(spark, [article(name, body(3)) for name in "ab"]).select("text", "id")).collect()
    assert (pair.a, pair.b, pair.relation) == ("a", "b", "identical")


def test_days_articles_are_matched_with_an_archive_as_with_all(spark: Any) -> None:
    articles = day()
    names = [one.id for one in articles]
    today = {name for at, name in enumerate(names) if at % 4 == 0}
    old, new = ([one for one in articles if (one.id in today) is fresh] for fresh in (False, True))
    archive = frame_of(spark, old)
    found = match(frame_of(spark, new), Archive(fingerprint(archive), archive))
    assert rows_of(found) == [row for row in expected(articles) if {row[0], row[1]} & today]


def test_archives_other_texts_are_not_needed(spark: Any) -> None:
    """What is no candidate is not read: here it is not even there."""
    old = day()
    new = [article("today", edited(old[3].text, 60), "Today")]
    archive = frame_of(spark, old)
    wanted = archive.where("id in ('https://ledger.example/3', 'https://courier.example/3')")
    found = rows_of(match(frame_of(spark, new), Archive(fingerprint(archive), wanted)))
    assert {row[:2] for row in found} == {
        ("https://courier.example/3", "today"),
        ("https://ledger.example/3", "today"),
    }


def test_archive_of_another_recipe_is_refused(spark: Any) -> None:
    from pyspark.sql import functions as sql

    archive = frame_of(spark, day())
    prints = fingerprint(archive).withColumn("recipe", sql.lit("shingles of 1999"))
    with pytest.raises(RecipeMismatch, match="fingerprints of two recipes do not compare"):
        match(frame_of(spark, [article("today", body(3))]), Archive(prints, archive))


def test_fingerprints_are_the_librarys(spark: Any) -> None:
    texts = [body(1), body(2, 60), "too short", ""]
    rows = {row.id: row for row in fingerprint(frame_of(spark, [*map(article, "abcd", texts)])).collect()}
    for name, text in zip("abcd", texts, strict=True):
        wanted, row = fingerprint_locally(text), rows[name]
        if wanted is None:
            assert (row.signature, row.sample, row.shingles) == (None, None, None)
        else:
            assert row.recipe == wanted.recipe
            assert (row.signature, row.sample) == (wanted.signature.tolist(), wanted.sample.tolist())
            assert row.shingles == wanted.shingles


def test_two_articles_of_one_id_are_refused(spark: Any) -> None:
    with pytest.raises(InputError, match="two articles have one id"):
        match(frame_of(spark, [article("a", body(1)), article("a", body(2))]))
    with pytest.raises(InputError, match="an article has no id"):
        match(frame_of(spark, [article("", body(1))]))
