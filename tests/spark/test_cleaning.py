"""Cleaning on Spark: what the local engine makes of a page, wherever its row lies."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from syndicate import Article, Cleaner, InputError
from syndicate.io import article_rows
from syndicate.io.inputs import ReadOptions
from syndicate.spark.cleaning import article_schema, clean, clean_to_lines
from syndicate.spark.reading import read_articles, read_lines
from syndicate.spark.shipping import ShippedCleaner
from tests.spark.clusters import on_cluster
from tests.spark.pages import (
    TIDES,
    cli,
    configured,
    example_records,
    locally,
    odd_records,
    write_lines,
)

if TYPE_CHECKING:
    from pathlib import Path

parquet = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow: the extra `parquet`")
arrow = pytest.importorskip("pyarrow")

PAGE = "<html><body><article><p>The gates of the lock are shut, the keeper said on Tuesday.</article></body></html>"


def lines_of(frame: Any) -> list[bytes]:
    """The lines of a frame, without failures."""
    return [row.line.encode() for row in frame.collect() if row.line is not None]


def by_id(rows: Any) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in (row.asDict(recursive=True) for row in rows)}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lines(tmp_path_factory.mktemp("pages") / "pages.jsonl", example_records() + odd_records())


@pytest.mark.parametrize("why", [False, True])
def test_lines_are_those_of_the_local_engine_byte_for_byte(
    spark: Any, pages: Path, tmp_path: Path, why: bool
) -> None:
    expected = locally(pages, tmp_path / "local.jsonl", *(["--why"] if why else []))
    made = clean_to_lines(read_lines(spark, [str(pages)]), why=why)
    assert sorted(lines_of(made)) == sorted(expected)
    assert len(expected) == len(example_records()) + len(odd_records())


def test_rows_are_those_of_the_local_engines_parquet(spark: Any, pages: Path, tmp_path: Path) -> None:
    local = tmp_path / "local.parquet"
    assert cli("clean", pages, "-o", local, "-q").exit_code == 0
    clean(read_lines(spark, [str(pages)])).write.parquet(str(tmp_path / "spark.parquet"))
    expected = {row["id"]: row for row in parquet.read_table(local).to_pylist()}
    made = {row["id"]: row for row in parquet.read_table(tmp_path / "spark.parquet").to_pylist()}
    assert made == expected


def test_a_frame_with_columns_is_cleaned_as_its_records_are(spark: Any, tmp_path: Path) -> None:
    columns = {
        "id": ["a", "b", "c"], "html": [PAGE.encode("utf-16"), None, b"<meta charset=latin1><p>Caf\xe9 shut."],
        "text": [None, "The lock is shut.\n\nIt opens on Monday, the keeper said.", None],
        "title": ["Lock", None, None], "fetched": [datetime(2026, 3, 3, 10, 0, 0, 5)] * 3,  # noqa: DTZ001
        "day": [date(2026, 3, 3)] * 3, "price": [Decimal("1.50"), None, None], "size": [float("nan"), 1.5, 2.0],
        "more": [{"deep": [{"at": "x"}]}] * 3, "blob": [b"\xffA", b"", None],
    }  # fmt: skip
    path = tmp_path / "pages.parquet"
    parquet.write_table(arrow.table(columns), path)
    made = clean_to_lines(spark.read.parquet(str(path)))
    assert sorted(lines_of(made)) == sorted(locally(path, tmp_path / "local.jsonl"))


def test_a_row_without_an_id_is_known_by_its_address(spark: Any) -> None:
    rows = [(None, "https://a.example/1", PAGE), ("x", "https://a.example/2", PAGE)]
    made = clean(spark.createDataFrame(rows, "id string, url string, html string")).collect()
    assert [row.id for row in made] == ["https://a.example/1", "x"]


def test_what_cannot_be_cleaned_is_a_row_that_says_why(spark: Any) -> None:
    rows = [
        ("good", None, PAGE, None), (None, None, PAGE, None), ("nothing", None, None, None),
        (None, "https://a.example/long", "x" * 2_000, None), ("title", None, PAGE, 5),
    ]  # fmt: skip
    frame = spark.createDataFrame(rows, "id string, url string, html string, title int")
    made = clean(frame, options=ReadOptions(page_limit=1_000)).collect()
    assert [(row.id, row.status, row.reason) for row in made] == [
        ("good", "ok", ""),
        ("", "failed", "no 'id' and no 'url' to know it by"),
        ("nothing", "failed", "no 'html' or 'text' that is a string"),
        ("https://a.example/long", "failed", "larger than the limit of 1,000 bytes a page"),
        ("title", "failed", "'title' is not a string"),
    ]
    assert [row.text is None for row in made] == [False, True, True, True, True]


def test_a_text_that_is_no_utf_8_costs_its_row(spark: Any) -> None:
    rows = [("a", b"The gates are shut, he said."), ("b", b"half \xff of it"), ("c", b"They open at noon.")]
    frame = spark.createDataFrame(rows, "id string, html binary").selectExpr("id", "cast(html as string) html")
    made = by_id(clean(frame).collect())
    assert {name: row["status"] for name, row in made.items()} == {"a": "ok", "b": "failed", "c": "ok"}
    assert "cannot read: 'utf-8' codec can't decode byte 0xff" in made["b"]["reason"]


def test_lines_that_are_no_records_fail_and_say_how_they_begin(spark: Any, tmp_path: Path) -> None:
    good = {"id": "a", "html": PAGE}
    # A carriage return ends no line, and a mark of UTF-8 may come first.
    source = write_lines(
        tmp_path / "in.jsonl", [good], b'{"id": \r "b",\r\n', b"\n", b"[1]\r\n", b'{"id": "c"} x\xff'
    )
    source.write_bytes(b"\xef\xbb\xbf" + source.read_bytes())
    made = [row for row in clean(read_lines(spark, [str(source)])).collect() if row.status == "failed"]
    local = cli("clean", source, "-o", tmp_path / "local.jsonl", "-q").stderr.splitlines()
    assert local[-1] == "4 seen = 1 ok + 0 suspect + 0 empty + 0 rejected + 3 failed"
    assert {row.id for row in made} == {source.as_uri().replace("///", "/")}
    for row, told in zip(made, local, strict=False):
        said, begun = row.reason.split("; the line begins ")
        assert said == told.split(": ", 2)[2]
        assert begun in {"""'{"id": \\r "b",\\r'""", "'[1]\\r'", """'{"id": "c"} x\\\\xff'"""}


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_compressed_lines_are_read(spark: Any, tmp_path: Path, packing: str) -> None:
    if shutil.which(packing) is None:
        pytest.skip(f"needs the program {packing}")
    source = write_lines(tmp_path / "in.jsonl", [{"id": "a", "html": PAGE}, {"id": "b", "html": PAGE}])
    subprocess.run([packing, "-q", str(source)], check=True)
    (packed,) = {*tmp_path.iterdir()} - {source}
    assert [row.id for row in clean(read_lines(spark, [str(packed)])).collect()] == ["a", "b"]


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("id string, body string", "the frame has no column 'html' or 'text'; it has 'id', 'body'"),
        ("html string, link string", "the frame has no column 'id' or 'url' to know its rows by"),
    ],
)
def test_a_frame_without_its_columns_is_refused_at_once(spark: Any, schema: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        clean(spark.createDataFrame([], schema))


def test_columns_of_other_names_are_mapped(spark: Any) -> None:
    frame = spark.createDataFrame([("https://a.example/1", PAGE)], "link string, body string")
    (row,) = clean(frame, options=ReadOptions(fields={"url": "link", "html": "body"})).collect()
    assert (row.id, row.url, row.status) == ("https://a.example/1", "https://a.example/1", "ok")


def test_the_schema_of_articles_is_that_of_the_parquet_files(spark: Any, tmp_path: Path, pages: Path) -> None:
    del spark
    local = tmp_path / "local.parquet"
    assert cli("clean", pages, "-o", local, "-q").exit_code == 0
    assert article_schema().names == parquet.read_schema(local).names
    assert article_schema()["packs"].dataType.simpleString() == "map<string,string>"


def test_large_pages_come_and_go_in_small_batches(spark: Any) -> None:
    # Ten thousand rows would be a batch by their number: two gigabytes.
    frame = spark.range(0, 1_000, 1, 1).selectExpr(
        "cast(id as string) id", "concat(repeat('The gates are shut. ', 100), repeat(' ', 150000)) html"
    )

    def sizes(batches: Any) -> Any:
        for batch in batches:
            yield arrow.RecordBatch.from_pylist([{"rows": batch.num_rows, "bytes": batch.nbytes}])

    came = frame.mapInArrow(sizes, "rows bigint, bytes bigint").collect()
    went = clean(frame.limit(600)).mapInArrow(sizes, "rows bigint, bytes bigint").collect()
    assert max(row.bytes for row in came) < 100_000_000
    assert sum(row.rows for row in went) == 600


def test_packs_travel_with_the_job(spark: Any, pages: Path, tmp_path: Path) -> None:
    config = configured(tmp_path / "rules")
    expected = locally(pages, tmp_path / "local.jsonl", "--config", config)
    assert sum(b"own/tides" in line for line in expected) == 1
    made = clean_to_lines(read_lines(spark, [str(pages)]), Cleaner(config=config))
    shutil.rmtree(tmp_path / "rules")
    assert sorted(lines_of(made)) == sorted(expected)


def test_packs_travel_to_executors_that_never_had_them(spark: Any, tmp_path: Path) -> None:
    del spark  # tells whether there is one
    config = configured(tmp_path / "rules")
    source = write_lines(tmp_path / "in.jsonl", odd_records())
    expected = locally(source, tmp_path / "local.jsonl", "--config", config)
    body = """
        import pathlib, shutil, syndicate.spark
        from syndicate.spark.reading import read_lines
        from syndicate.spark.cleaning import clean_to_lines
        config, source, target = sys.argv[1:]
        made = clean_to_lines(read_lines(spark, [source]).repartition(4), syndicate.Cleaner(config=config))
        shutil.rmtree(pathlib.Path(config).parent)
        made.select("line").write.text(target)
    """
    result = on_cluster(body, tmp_path, config, source, tmp_path / "out")
    assert result.returncode == 0, result.stderr
    made = [line for part in (tmp_path / "out").glob("part-*") for line in part.read_bytes().splitlines()]
    assert sorted(made) == sorted(expected)


def test_a_folder_of_packs_is_shipped_in_its_order(tmp_path: Path) -> None:
    folder = configured(tmp_path / "rules").parent
    own = (folder / "own.toml").read_text("utf-8")
    (folder / "syndicate.toml").unlink()
    (folder / "below").mkdir()
    (folder / "below" / "other.toml").write_text(own.replace('name = "own"', 'name = "other"'), "utf-8")
    cleaner = Cleaner(["core", folder, "publishers"])
    shipped = ShippedCleaner.of(cleaner)
    shutil.rmtree(folder)
    assert shipped.cleaner().stamps == cleaner.stamps
    assert shipped.cleaner() is replace(shipped).cleaner()  # loaded once
    article = shipped.cleaner().clean(f"The gates are shut, he said.\n\n{TIDES}", id="a")
    assert article == cleaner.clean(f"The gates are shut, he said.\n\n{TIDES}", id="a")


def test_a_cleaner_is_refused_where_the_packs_that_come_along_are_others() -> None:
    shipped = ShippedCleaner.of(Cleaner(["core"]))
    name, stamp = shipped.stamps[0]
    older = replace(shipped, stamps=((name, f"{stamp}0"), *shipped.stamps[1:]))
    with pytest.raises(InputError, match=f"made with other rule packs than are here: {name}"):
        older.cleaner()


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_cleaned_articles_are_read_from_what_either_engine_wrote(
    spark: Any, pages: Path, tmp_path: Path, form: str
) -> None:
    local, made = tmp_path / f"local.{form}", tmp_path / f"spark.{form}"
    assert cli("clean", pages, "-o", local, "-q").exit_code == 0
    if form == "parquet":
        clean(read_lines(spark, [str(pages)])).write.parquet(str(made))
    else:
        clean_to_lines(read_lines(spark, [str(pages)])).select("line").write.text(str(made))
    one, other = (by_id(read_articles(spark, [str(path)]).collect()) for path in (local, made))
    assert one == other
    articles = [Article.from_dict(article_rows.article_record(row)) for row in one.values()]
    assert len(articles) == len(example_records()) + len(odd_records())
    assert {article.status for article in articles} == {"ok", "empty"}


def test_what_is_no_cleaned_article_is_a_row_that_says_why(spark: Any, tmp_path: Path) -> None:
    good = {"schema": 1, "id": "good", "text": "Shut.", "status": "ok", "more": [1]}
    source = write_lines(
        tmp_path / "in.jsonl",
        [good, good | {"id": "newer", "schema": 2}, good | {"id": "odd", "notes": [{}]}, {"id": "page", "html": ""}],
        b"oops\n",
    )
    rows = {row.id: row for row in read_articles(spark, [str(source)]).collect()}
    assert {row.id for row in rows.values() if row.status != "failed"} == {"good"}
    assert json.loads(rows["good"].extra) == {"more": [1]}
    assert rows["newer"].reason.startswith("not a cleaned article of schema 1 (schema: 2)")
    assert rows["page"].reason.startswith("not a cleaned article of schema 1 (schema: None)")
    assert rows["odd"].reason.startswith("not a cleaned article: ")
    assert rows[source.as_uri().replace("///", "/")].reason.endswith("the line begins 'oops'")


def test_a_failed_page_stays_one_when_it_is_read_again(spark: Any, tmp_path: Path) -> None:
    frame = spark.createDataFrame([("a", PAGE), ("b", None)], "id string, html string")
    clean(frame).write.parquet(str(tmp_path / "out.parquet"))
    rows = by_id(read_articles(spark, [str(tmp_path / "out.parquet")]).collect())
    assert {name: row["status"] for name, row in rows.items()} == {"a": "ok", "b": "failed"}
    assert rows["b"]["reason"] == "no 'html' or 'text' that is a string"
    assert rows == by_id(clean(frame).collect())


def test_moments_of_a_frame_are_told_in_utc(spark: Any) -> None:
    frame = spark.createDataFrame(
        [("a", PAGE, datetime(2026, 3, 3, 10, tzinfo=UTC))], "id string, html string, at timestamp"
    )
    (row,) = clean(frame).collect()
    assert json.loads(row.extra) == {"at": "2026-03-03T10:00:00+00:00"}
