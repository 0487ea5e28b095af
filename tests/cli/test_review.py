"""`syndicate rules review`: a person looks at what was learnt."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import termios
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from syndicate.cli import app
from syndicate.learn.pack import PackFile, write_pack
from syndicate.model import Kind
from syndicate.rules.rule import Evidence, RuleStatus, Seen
from tests.learn.test_pack import BOATS, HOST, TIDES

PLACES = tuple(
    Seen(f"page-{number}", "Before \x1b[2J it.", "Get our tide tables", "After it.") for number in range(5)
)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.example.toml"
    tides = replace(TIDES, evidence=replace(TIDES.evidence, seen=PLACES))
    write_pack(path, HOST, [tides, BOATS], {})
    return path


def review(pack: Path, answers: str, editor: str = "") -> Any:
    environment = {"COLUMNS": "140", "EDITOR": editor, "VISUAL": ""}
    return CliRunner().invoke(app, ["rules", "review", str(pack)], input=answers, env=environment)


def statuses(pack: Path) -> list[RuleStatus]:
    return [rule.status for rule in PackFile(pack).rules.values()]


def editor(folder: Path, *edits: tuple[str, str]) -> str:
    """An editor that replaces one text by another in what it is given, each time the next."""
    script = folder / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        "file, left = pathlib.Path(sys.argv[1]), pathlib.Path(__file__).with_name('left')\n"
        f"edits = {edits!r}\n"
        "number = int(left.read_text()) if left.exists() else 0\n"
        "left.write_text(str(number + 1))\n"
        "file.write_text(file.read_text('utf-8').replace(*edits[number]), 'utf-8')\n",
        "utf-8",
    )
    return f"'{sys.executable}' '{script}'"


def test_rules_are_kept_and_rejected(pack: Path) -> None:
    result = review(pack, "k\nr\n")
    assert (result.exit_code, result.stderr) == (0, "1 kept, 1 rejected, 0 edited, 0 skipped, 0 left\n")
    assert statuses(pack) == [RuleStatus.STABLE, RuleStatus.REJECTED]
    assert "guessed" not in pack.read_text("utf-8")
    assert review(pack, "").stderr == "0 kept, 0 rejected, 0 edited, 0 skipped, 0 left\n"


def test_a_rule_is_shown_in_its_places(pack: Path) -> None:
    lines = [line.strip() for line in review(pack, "q\n").stdout.splitlines()]
    assert lines[1:16] == [
        "learnt-harbour.example/tide-tables  1 of 2",
        "summary  The tide tables",
        "kind  promo (guessed)",
        "text  Get our tide tables",
        "match  whole",
        "zone  tail, 4 blocks",
        "action  drop",
        "status  preview",
        "evidence  in 12 of 40 stories, seen 2026-11-02 to 2026-11-20, not in 3 since",
        "seen  page-0",
        "Before \\u001b[2J it.",
        "▸ Get our tide tables",
        "After it.",
        "seen  page-1",
        "Before \\u001b[2J it.",
    ]
    assert "seen  page-2" in lines
    assert "seen  page-3" not in lines
    assert r"pattern  Boats by (?P<author>[A-Z]\w+), it's on" in review(pack, "s\n").stdout


@pytest.mark.parametrize(("answers", "told"), [("s\nq\n", "1 skipped, 1 left"), ("", "0 skipped, 2 left")])
def test_nothing_changes_where_nothing_is_answered(pack: Path, answers: str, told: str) -> None:
    before = pack.read_bytes()
    assert review(pack, answers).stderr == f"0 kept, 0 rejected, 0 edited, {told}\n"
    assert pack.read_bytes() == before


def test_an_answer_that_means_nothing_is_told_what_does(pack: Path) -> None:
    shown = review(pack, "x\n?\nq\n").stdout
    assert shown.count("  k  keep: the rule fires from now on") == 2


def test_a_kind_is_chosen_by_number_or_name(pack: Path) -> None:
    result = review(pack, "c\n2\nc\nbyline\nc\nnonsense\nk\nq\n")
    assert result.stderr == "1 kept, 0 rejected, 1 edited, 0 skipped, 1 left\n"
    assert "kind  newsletter\n" in result.stdout
    assert "the kind stays" in result.stdout
    rule = PackFile(pack).rules["tide-tables"]
    assert (rule.kind, rule.status) == (Kind.BYLINE, RuleStatus.STABLE)


def test_previews_come_first_and_then_what_seems_dead(pack: Path) -> None:
    review(pack, "k\n")
    write_pack(pack, HOST, [], {"tide-tables": Evidence(1, 1, unseen=50)})
    shown = review(pack, "s\nr\n")
    assert shown.stderr == "0 kept, 1 rejected, 0 edited, 1 skipped, 0 left\n"
    assert shown.stdout.index("/boat-show  1 of 2") < shown.stdout.index("/tide-tables  2 of 2")
    assert "not in 50 since: it may be gone" in shown.stdout
    assert statuses(pack) == [RuleStatus.REJECTED, RuleStatus.PREVIEW]


def test_an_edit_is_taken_back(pack: Path, tmp_path: Path) -> None:
    before = pack.read_text("utf-8")
    result = review(pack, "e\nk\nq\n", editor(tmp_path, ("'The tide tables'", "'Tides'  # shorter")))
    assert result.stderr == "1 kept, 0 rejected, 1 edited, 0 skipped, 1 left\n"
    assert "summary  Tides\n" in result.stdout
    want = before.replace("'The tide tables'", "'Tides'  # shorter", 1)
    want = want.replace('status = "preview"', 'status = "stable"', 1)
    assert pack.read_text("utf-8") == want.replace('guessed = ["kind"]\n', "", 1)


def test_an_edit_that_settles_a_rule_goes_on_to_the_next(pack: Path, tmp_path: Path) -> None:
    result = review(pack, "e\nq\n", editor(tmp_path, ('"preview"', '"deprecated"\nreplaced_by = "learnt/x"')))
    assert result.stderr == "0 kept, 0 rejected, 1 edited, 0 skipped, 1 left\n"
    assert "/boat-show  2 of 2" in result.stdout


def test_an_edit_that_does_not_hold_is_asked_for_again(pack: Path, tmp_path: Path) -> None:
    command = editor(
        tmp_path,
        ("summary", "sumary"),
        ("sumary", "summary"),
        ("Tide tables are late.", "Get our tide tables"),
    )
    before = pack.read_bytes()
    result = review(pack, "e\ny\ne\nn\nq\n", command)
    assert "line 4 here: unknown key 'sumary' (did you mean 'summary'?)" in result.stdout
    assert "line 14 here: learnt-harbour.example/tide-tables: reject: matches 'Get our tide tables'" in result.stdout
    assert result.stdout.count("nothing is changed") == 2
    assert result.stderr == "0 kept, 0 rejected, 0 edited, 0 skipped, 2 left\n"
    assert pack.read_bytes() == before


def test_an_edit_that_breaks_another_rule_s_test_is_refused(pack: Path, tmp_path: Path) -> None:
    command = editor(
        tmp_path, ("'Get our tide tables'\nmatch", "['Get our tide tables', 'Tide tables are late.']\nmatch")
    )
    PackFile(pack)
    text = pack.read_text("utf-8")
    own = "[[rule.reject]]\ntext = 'Tide tables are late.'"
    pack.write_text(text.replace(own, "[[rule.reject]]\ntext = 'Ebb.'", 1), "utf-8")
    result = review(pack, "e\nn\nq\n", command)
    assert "learnt-harbour.example/boat-show: reject: learnt-harbour.example/tide-tables takes" in result.stdout
    assert "0 edited" in result.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [("/nowhere/editor", "cannot edit with"), ("'", "cannot edit with"), ("false", "cannot edit")],
)
def test_an_editor_that_does_not_run_is_named(pack: Path, command: str, said: str) -> None:
    result = review(pack, "e\nk\nq\n", command)
    assert said in result.stdout
    assert result.stderr == "1 kept, 0 rejected, 0 edited, 0 skipped, 1 left\n"


def test_an_edit_may_not_give_a_rule_another_id(pack: Path, tmp_path: Path) -> None:
    result = review(pack, "e\nn\nq\n", editor(tmp_path, ('"tide-tables"', '"tides"')))
    assert "one [[rule]] is needed here, with the id 'tide-tables'" in result.stdout


def command_line(pack: Path) -> list[str]:
    return [sys.executable, "-m", "syndicate", "rules", "review", str(pack)]


def test_a_file_that_is_no_rule_file_is_refused(pack: Path) -> None:
    pack.write_text(pack.read_text("utf-8").replace("kind =", "kin =", 1), "utf-8")
    for path, said in ((pack, "unknown key 'kin'"), (pack.with_name("none.toml"), "No such file")):
        done = subprocess.run(command_line(path), input="", capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert said in done.stderr


def on_a_terminal(command: list[str], answers: list[str], **environment: str) -> tuple[int, str]:
    """Give an answer to each question; returns the exit code and what was shown."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env=os.environ | {"COLUMNS": "140", "TERM": "xterm"} | environment,
    ) as running:  # fmt: skip
        os.close(theirs)
        watch = threading.Timer(30, running.kill)
        watch.start()
        shown = b""
        with suppress(OSError):  # as Linux says that the other end has gone
            while more := os.read(ours, 10_000):
                shown += more
                if answers and shown.endswith((b"?] ", b"[Y/n] ", b"name: ")):
                    # A key that is pressed before it is waited for is dropped.
                    while shown.endswith(b"] ") and termios.tcgetattr(ours)[3] & termios.ICANON:
                        time.sleep(0.01)
                    os.write(ours, answers.pop(0).encode())
        code = running.wait()
        watch.cancel()
    os.close(ours)
    return code, re.sub(r"\x1b\[[\d;]*m", "", shown.decode().replace("\r\n", "\n"))


def test_on_a_terminal_each_answer_is_one_key(pack: Path, tmp_path: Path) -> None:
    edit = editor(tmp_path, ("kind =", "kin ="), ("kin =", "kind ="), ("'The tide tables'", "'Boats'"))
    code, shown = on_a_terminal(
        command_line(pack), ["?", "c", "byline\n", "k", "e", "\r", "e", "r"], VISUAL=edit, EDITOR="false"
    )
    assert shown.splitlines()[-1] == "1 kept, 1 rejected, 2 edited, 0 skipped, 0 left"
    assert code == 0
    assert "\x1b" not in shown
    assert "k  keep" in shown
    assert statuses(pack) == [RuleStatus.STABLE, RuleStatus.REJECTED]
    assert PackFile(pack).rules["boat-show"].summary == "Boats"
    assert PackFile(pack).rules["tide-tables"].kind is Kind.BYLINE


def test_what_was_answered_before_an_interruption_is_in_the_file(pack: Path) -> None:
    code, shown = on_a_terminal(command_line(pack), ["k", "\x03"])
    assert code == 128 + signal.SIGINT
    assert "1 kept, 0 rejected, 0 edited, 0 skipped, 1 left" in shown
    assert statuses(pack) == [RuleStatus.STABLE, RuleStatus.PREVIEW]


def test_the_end_of_input_on_a_terminal_quits(pack: Path) -> None:
    code, shown = on_a_terminal(command_line(pack), ["\x04"])
    assert code == 0
    assert "2 left" in shown
