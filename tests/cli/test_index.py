"""`syndicate index`: articles kept on disk, and found again."""

from __future__ import annotations

import json
import os
import pickle
import pty
import re
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from syndicate import Index
from syndicate.cli import app
from tests.stories import body

if TYPE_CHECKING:
    from pathlib import Path


def index(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["index", *map(str, arguments)])


def process(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "syndicate", "index", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def record(name: str, text: str, **facts: object) -> str:
    return json.dumps({"schema": 1, "id": name, "text": text, "status": "ok", **facts})


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """An index of three articles, two of them copies."""
    cleaned = tmp_path / "cleaned.jsonl"
    cleaned.write_text("\n".join([record("a", body(1)), record("b", body(2)), record("c", body(1))]))
    result = index("add", tmp_path / "news.db", cleaned)
    assert result.exit_code == 0
    last = "3 seen = 3 ok + 0 suspect + 0 empty + 0 rejected + 0 failed; 3 articles in"
    assert result.stderr.splitlines()[-1] == f"{last} {tmp_path / 'news.db'}"
    assert result.stdout == ""
    return tmp_path / "news.db"


def test_matches_are_lines_of_json_the_best_first(database: Path, tmp_path: Path) -> None:
    asked = tmp_path / "today.jsonl"
    asked.write_text("\n".join([record("new", f"{body(1)} {body(3, 3)}"), record("other", body(9))]))
    result = index("match", database, asked)
    assert result.exit_code == 0
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(match["a"], match["b"], match["relation"]) for match in found] == [
        ("a", "new", "repost"), ("c", "new", "repost"),
    ]  # fmt: skip
    assert result.stderr.splitlines()[-1].endswith("; 2 matches")
    assert index("match", database, asked, "-o", tmp_path / "matches.jsonl").stdout == ""
    assert (tmp_path / "matches.jsonl").read_text() == result.stdout


def test_articles_that_are_added_again_stay_as_they_are(database: Path, tmp_path: Path) -> None:
    assert index("add", database, tmp_path / "cleaned.jsonl").stderr.endswith(f"; 3 articles in {database}\n")


def test_bad_lines_are_reported_and_the_rest_is_added(database: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.jsonl"
    more.write_text("\n".join([record("d", body(4)), '{"id": "cut', record("", body(5)), record("e", body(6))]))
    result = index("add", database, more, "--batch", "2")
    assert result.exit_code == 1
    assert [line.partition(": ")[0] for line in result.stderr.splitlines()[:-1]] == ["failed", "failed"]
    assert f"{more}:2" in result.stderr
    assert "it has no id" in result.stderr
    assert result.stderr.splitlines()[-1].startswith(
        "4 seen = 2 ok + 0 suspect + 0 empty + 0 rejected + 2 failed; 5 "
    )


@pytest.fixture
def story(tmp_path: Path) -> Path:
    """An index of an original, a copy that credits it, an excerpt, and a stranger."""
    teaser = "\n\n".join(body(1).split("\n\n")[:3])
    credit = {
        "field": "source",
        "value": "Harbour Ledger",
        "rule": "test/rule",
        "text": "From the Harbour \x1b[2J Ledger",
    }
    cleaned = tmp_path / "cleaned.jsonl"
    cleaned.write_text("\n".join([
        record("x/ledger", body(1), outlet="Harbour Ledger", published="2026-03-03T06:10:00Z"),
        record("x/metro", body(1), outlet="City Metro", published="2026-03-04T06:10:00Z", claims=[credit]),
        record("x/gazette", teaser, outlet="North Gazette"),
        record("x/stranger", body(2)),
    ]))  # fmt: skip
    assert index("add", tmp_path / "stories.db", cleaned).exit_code == 0
    return tmp_path / "stories.db"


def test_the_story_of_an_article_is_a_line_of_json_as_match_writes_it(story: Path, tmp_path: Path) -> None:
    result = index("story", story, "x/metro")
    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert told["members"] == ["x/ledger", "x/metro"]
    assert (told["origin"]["outlet"], told["origin"]["article"]) == ("Harbour Ledger", "x/ledger")
    assert [(edge["from"], edge["to"], edge["evidence"]) for edge in told["edges"]] == [
        ("x/gazette", "x/ledger", "origin"), ("x/metro", "x/ledger", "named"),
    ]  # fmt: skip
    matched = CliRunner().invoke(app, ["match", str(tmp_path / "cleaned.jsonl"), "-o", str(tmp_path / "out")])
    assert matched.exit_code == 0
    assert (tmp_path / "out" / "stories.jsonl").read_text() == result.stdout
    assert index("story", story, "x/metro", "-o", tmp_path / "story.jsonl").stdout == ""
    assert (tmp_path / "story.jsonl").read_text() == result.stdout


def on_a_terminal(*arguments: str | Path) -> str:
    """What a command of the index shows on a terminal of its own."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "syndicate", "index", *map(str, arguments)]
    environment = os.environ | {"COLUMNS": "140", "TERM": "xterm"}
    with subprocess.Popen(command, stdout=slave, env=environment) as running:
        os.close(slave)
        shown = b""
        with suppress(OSError):  # as Linux says that the other end has gone
            while more := os.read(master, 10_000):
                shown += more
        assert running.wait() == 0
    os.close(master)
    return re.sub(r"\x1b\[[\d;]*m", "", shown.decode()).replace("\r\n", "\n")


def test_on_a_terminal_a_story_is_a_table_and_the_evidence_word_for_word(story: Path, tmp_path: Path) -> None:
    shown = on_a_terminal("story", story, "x/metro")
    rows = [line.split("  ") for line in shown.splitlines()]
    told = {row[0].strip(): [cell.strip() for cell in row[1:] if cell.strip()] for row in rows}
    assert told["ledger"] == ["Harbour Ledger", "2026-03-03T06:10:00Z", "the original"]
    assert told["metro"] == ["City Metro", "2026-03-04T06:10:00Z", "repost of ledger", "it names that outlet"]
    assert told["gazette"] == ["North Gazette", "?", "excerpt of ledger", "that is the original"]
    assert "(2 pages): the origin is Harbour Ledger (ledger), confidence 0." in shown
    assert "metro: “From the Harbour \\u001b[2J Ledger”" in shown
    assert "\x1b" not in shown
    assert on_a_terminal("story", story, "x/metro", "-o", tmp_path / "story.jsonl") == ""
    assert json.loads((tmp_path / "story.jsonl").read_text())["members"] == ["x/ledger", "x/metro"]


def test_an_article_without_a_story_and_one_that_is_not_there_are_told_apart(story: Path) -> None:
    alone = index("story", story, "x/stranger")
    assert (alone.exit_code, alone.stdout) == (0, "")
    assert alone.stderr.startswith("x/stranger: of no story")
    missing = index("story", story, "\x1bz")
    assert (missing.exit_code, missing.stdout, missing.stderr) == (1, "", "failed: \\u001bz: no such article\n")


def test_articles_are_removed_by_their_ids(database: Path) -> None:
    result = index("remove", database, "a", "z")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "failed: z: no such article", "2 seen = 1 removed + 1 failed; 2 left",
    ]  # fmt: skip
    with Index.open(database) as left:
        assert list(left) == ["b", "c"]


def test_stats_count_and_check_finds_nothing(database: Path) -> None:
    counted = dict(line.split(maxsplit=1) for line in index("stats", database).stdout.splitlines())
    assert (counted["articles"], counted["format"], counted["waiting"], counted["name"]) == (
        "3", "1", "3", str(database),
    )  # fmt: skip
    result = index("check", database)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "3 articles, all is well\n")


def test_check_names_what_is_damaged(database: Path) -> None:
    with Index.open(database) as opened:
        opened._store._run("UPDATE texts SET text = zeroblob(30) WHERE number = 2")  # type: ignore[attr-defined]
    result = index("check", database)
    assert result.exit_code == 1
    assert "the text of article 'b' is damaged" in result.stdout
    assert result.stderr == "3 articles, 1 problems\n"


@pytest.mark.parametrize("command", ["match", "story", "remove", "stats", "check"])
def test_an_index_that_is_not_there_is_not_begun_by_asking_it(tmp_path: Path, command: str) -> None:
    (tmp_path / "cleaned.jsonl").write_text(record("a", body(1)))
    more = {"match": [str(tmp_path / "cleaned.jsonl")], "story": ["a"], "remove": ["a"]}.get(command, [])
    result = process(command, tmp_path / "news.db", *more)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"error: {tmp_path / 'news.db'}: no such index; 'syndicate index add' makes one\n"
    assert not (tmp_path / "news.db").exists()


def test_a_file_that_is_no_index_is_refused_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "news.db").write_bytes(pickle.dumps([1]))
    (tmp_path / "cleaned.jsonl").write_text(record("a", body(1)))
    result = process("add", tmp_path / "news.db", tmp_path / "cleaned.jsonl")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"error: {tmp_path / 'news.db'}: not an index: a pickle, which is never read\n"
    missing = process("add", tmp_path / "other.db", tmp_path / "none.jsonl")
    assert missing.returncode == 2
    assert "no such file" in missing.stderr


def test_an_index_that_breaks_while_articles_are_added_says_how_far_it_came(database: Path, tmp_path: Path) -> None:
    with Index.open(database) as opened:
        opened._store._run("DROP TABLE pending")  # type: ignore[attr-defined]
    result = process("add", database, tmp_path / "cleaned.jsonl")
    assert result.returncode == 2
    assert result.stderr.splitlines()[0].startswith("stopped after 0 seen = 0 ok")
    assert result.stderr.splitlines()[1].startswith(f"error: {database}: cannot be used: no such table: pending")
