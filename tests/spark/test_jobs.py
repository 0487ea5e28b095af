"""`--engine spark`: the commands on Spark, and that they write what they write without it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from syndicate.io.read import read_articles
from tests.spark.pages import cli, configured, example_records, locally, odd_records, parts, write_lines

if TYPE_CHECKING:
    from pathlib import Path

parquet = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow: the extra `parquet`")

SPARK = ("--engine", "spark")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lines(tmp_path_factory.mktemp("pages") / "pages.jsonl", example_records() + odd_records())


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory, pages: Path) -> Path:
    target = tmp_path_factory.mktemp("cleaned") / "cleaned.jsonl"
    locally(pages, target)
    return target


def test_clean_writes_the_lines_of_the_local_engine(spark: Any, pages: Path, cleaned: Path, tmp_path: Path) -> None:
    del spark
    result = cli("clean", pages, "-o", f"{tmp_path / 'out'}/", *SPARK)
    assert result.exit_code == 0, result.output
    assert sorted(parts(tmp_path / "out").splitlines()) == sorted(cleaned.read_bytes().splitlines())
    assert result.stderr.splitlines()[-1] == "21 seen = 19 ok + 0 suspect + 2 empty + 0 rejected + 0 failed"
    assert not (tmp_path / "out.failed").exists()


def test_clean_takes_the_same_options(spark: Any, pages: Path, tmp_path: Path) -> None:
    del spark
    write_lines(
        tmp_path / "in.jsonl", [{"key": 1, "body": "See also our tide tables\n\nThe gates are shut, he said."}]
    )
    options = ("--config", configured(tmp_path / "rules"), "--why", "--parser", "html.parser")
    renamed = ("--map", "id=key", "--map", "text=body", "--from", "jsonl")
    for source, more in ((pages, options), (tmp_path / "in.jsonl", (*options, *renamed))):
        target = tmp_path / f"{source.stem}.out"
        assert cli("clean", source, "-o", target, *more, *SPARK).exit_code == 0
        expected = locally(source, tmp_path / f"{source.stem}.jsonl", *more)
        assert sorted(parts(target).splitlines()) == sorted(expected)


@pytest.mark.parametrize("option", [["-o", "out.parquet"], ["-o", "out", "--to", "parquet"]])
def test_clean_writes_parquet(spark: Any, pages: Path, tmp_path: Path, option: list[str]) -> None:
    del spark
    target = tmp_path / option[1]
    assert cli("clean", pages, "-o", target, *option[2:], *SPARK).exit_code == 0
    assert cli("clean", pages, "-o", tmp_path / "local.parquet").exit_code == 0
    made, expected = (
        {row["id"]: row for row in parquet.read_table(path).to_pylist()}
        for path in (target, tmp_path / "local.parquet")
    )
    assert made == expected


def test_lines_and_tables_are_read_in_one_run(spark: Any, tmp_path: Path) -> None:
    page = "<p>The gates of the lock are shut, the keeper said on Tuesday."
    first, second, lines = (tmp_path / name for name in ("a.parquet", "b.parquet", "c.jsonl"))
    spark.createDataFrame([("a", page, 1)], "id string, html string, size int").write.parquet(str(first))
    spark.createDataFrame([("b", page)], "id string, text string").write.parquet(str(second))
    write_lines(lines, [{"id": "c", "html": page}])
    result = cli("clean", first, second, f"{tmp_path}/[c].*", "-o", tmp_path / "out", *SPARK)
    assert result.exit_code == 0, result.output
    assert {json.loads(line)["id"] for line in parts(tmp_path / "out").splitlines()} == {"a", "b", "c"}


def test_what_failed_is_counted_named_and_kept_beside_the_output(spark: Any, tmp_path: Path) -> None:
    del spark
    bad: list[dict[str, Any]] = [{"id": f"p{at:02}", "html": at} for at in range(12)]
    source = write_lines(tmp_path / "in.jsonl", [*bad, {"id": "good", "html": "<p>The gates are shut, he said."}])
    result = cli("clean", source, "-o", tmp_path / "out", *SPARK)
    assert result.exit_code == 1
    told = result.stderr.splitlines()
    assert told[-1] == "13 seen = 1 ok + 0 suspect + 0 empty + 0 rejected + 12 failed"
    assert told[:10] == [f"failed: p{at:02}: no 'html' or 'text' that is a string" for at in range(10)]
    assert told[10] == f"note: all that failed, with the reasons: {tmp_path / 'out.failed'}"
    kept = [json.loads(line) for line in parts(tmp_path / "out.failed").splitlines()]
    assert kept == [{"id": page["id"], "reason": "no 'html' or 'text' that is a string"} for page in bad]
    assert [json.loads(line)["id"] for line in parts(tmp_path / "out").splitlines()] == ["good"]


def test_nothing_is_overwritten(spark: Any, pages: Path, cleaned: Path, tmp_path: Path) -> None:
    del spark
    for command, source, there in (
        ("clean", pages, ""), ("clean", pages, ".failed"), ("match", cleaned, "/chrome.jsonl"),
    ):  # fmt: skip
        target = tmp_path / f"{command}{len(there)}"
        folder = tmp_path / f"{target.name}{there}"
        folder.mkdir(parents=True)
        result = cli(command, source, "-o", target, *SPARK)
        assert str(result.exception) == f"{folder}: is there already; remove it, or name another with -o"
        assert list(folder.iterdir()) == []


@pytest.mark.parametrize("command", ["clean", "match"])
def test_an_input_that_is_not_there_is_told_plainly(spark: Any, tmp_path: Path, command: str) -> None:
    del spark
    result = cli(command, tmp_path / "nothing.jsonl", "-o", tmp_path / "out", *SPARK)
    assert str(result.exception).startswith("Spark: [PATH_NOT_FOUND] Path does not exist: file:")
    assert "\n" not in str(result.exception)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--workers", "2"], "--workers does not go with --engine spark"),
        (["--resume"], "--resume does not go with --engine spark"),
        (["--index", "news.db"], "--index does not go with --engine spark"),
        (["--site-repeats"], "--site-repeats does not go with --engine spark"),
        (["--time-limit", "30"], "--time-limit does not go with --engine spark"),
        (["-v"], "--verbose does not go with --engine spark"),
        (["-o", "-"], "--engine spark writes a folder of parts: name it with -o"),
        (["-o", "out.jsonl.gz"], "out.jsonl.gz: --engine spark writes parts that are not compressed, or Parquet"),
        (["--to", "text"], "--engine spark writes jsonl and parquet, not text"),
        (["--from", "warc"], "--engine spark reads jsonl and parquet, not warc"),
        (["-"], "--engine spark cannot read standard input: give paths that its executors reach, too"),
        (
            ["--conf", "spark.ui.enabled"],
            "--conf spark.ui.enabled: say to what it is set: --conf spark.ui.enabled=VALUE",
        ),
    ],
)
def test_options_that_mean_nothing_on_spark_are_refused(arguments: list[str], message: str) -> None:
    result = cli("clean", "pages.jsonl", "-o", "out", *arguments, *SPARK)
    assert result.exit_code != 0
    assert str(result.exception) == message


@pytest.mark.parametrize("command", ["clean", "match"])
@pytest.mark.parametrize("option", [["--master", "yarn"], ["--conf", "a=b"]])
def test_options_of_spark_are_refused_without_it(command: str, option: list[str]) -> None:
    result = cli(command, "pages.jsonl", "-o", "out", *option)
    assert result.exit_code != 0
    assert str(result.exception) == f"{option[0]} goes with --engine spark alone"


def test_a_stdout_that_is_not_named_is_refused() -> None:
    result = cli("clean", "pages.jsonl", *SPARK)
    assert str(result.exception) == "--engine spark writes a folder of parts: name it with -o"


def test_what_spark_wrote_the_local_engine_reads(spark: Any, pages: Path, cleaned: Path, tmp_path: Path) -> None:
    del spark
    for target in (tmp_path / "lines", tmp_path / "rows.parquet"):
        assert cli("clean", pages, "-o", target, *SPARK).exit_code == 0
        assert cli("match", target, "-o", tmp_path / f"{target.name}.graph").exit_code == 0
        assert cli("match", cleaned, "-o", tmp_path / "graph").exit_code == 0
        for name in ("matches.jsonl", "stories.jsonl", "outlets.csv"):
            made, expected = (tmp_path / folder / name for folder in (f"{target.name}.graph", "graph"))
            assert made.read_bytes() == expected.read_bytes()
    assert len(list(read_articles([str(tmp_path / "lines")]))) == 21


def test_match_writes_the_files_of_the_local_engine_in_parts(spark: Any, cleaned: Path, tmp_path: Path) -> None:
    del spark
    result = cli("match", cleaned, "-o", tmp_path / "spark", *SPARK)
    local = cli("match", cleaned, "-o", tmp_path / "local")
    assert (result.exit_code, local.exit_code) == (0, 0), result.output
    for name in ("matches.jsonl", "stories.jsonl", "chrome.jsonl"):
        assert parts(tmp_path / "spark" / name) == (tmp_path / "local" / name).read_bytes()
    said, expected = (told.stderr.splitlines()[-1].partition(" in ")[0] for told in (result, local))
    assert said == expected
    assert said.startswith("21 seen = 21 ok + 0 failed; ")


def test_match_names_and_keeps_what_is_no_article(spark: Any, cleaned: Path, tmp_path: Path) -> None:
    del spark
    source = tmp_path / "cleaned.jsonl"
    source.write_bytes(cleaned.read_bytes() + b'{"id": "page", "html": ""}\n')
    result = cli("match", source, "-o", tmp_path / "out", *SPARK)
    assert result.exit_code == 1
    assert "failed: page: not a cleaned article of schema 1 (schema: None)" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("22 seen = 21 ok + 1 failed; ")
    assert json.loads(parts(tmp_path / "out" / "failed.jsonl"))["id"] == "page"


def test_the_command_opens_a_session_of_its_own(spark: Any, tmp_path: Path) -> None:
    del spark
    source = write_lines(tmp_path / "in.jsonl", odd_records(), b"oops\n")
    command = [sys.executable, "-m", "syndicate", "clean", str(source), "-o", str(tmp_path / "out"), *SPARK]
    result = subprocess.run(
        [*command, "--master", "local[1]", "--conf", "spark.app.name=ours"],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert result.returncode == 1, result.stderr
    assert result.stderr.splitlines()[-1] == "6 seen = 4 ok + 0 suspect + 1 empty + 0 rejected + 1 failed"
    assert len(parts(tmp_path / "out").splitlines()) == 5
    assert "Traceback" not in result.stderr
