"""`syndicate clean` over many pages: broken off and gone on with, into every form, with an index kept by."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import pty
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from syndicate.cli import progress
from syndicate.cli.progress import Watch
from syndicate.io.inputs import Meter, Note
from syndicate.io.read import read_articles
from syndicate.record import STEP, Outcome
from syndicate.run import Stopped
from tests.runs import PACK, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

MODULE = [sys.executable, "-m", "syndicate"]
PAGES = 4 * STEP


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Options that spare a process the time of loading all packs."""
    pack = tmp_path_factory.mktemp("packs") / "lock.toml"
    pack.write_text(PACK)
    return ["--packs", str(pack)]


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some hundred pages, one in ten the repost of another, and a line that is cut."""
    path = tmp_path_factory.mktemp("feed") / "feed.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for at in range(PAGES):
            text = text_of(at - 1 if at % 10 == 9 else at)
            record = {"id": f"p{at:04}", "text": text, "outlet": f"Outlet {at % 7}", "section": at % 3}
            file.write(f"{json.dumps(record)}\n" if at != 77 else '{"id": "p0077", "te\n')
    return path


def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MODULE, *map(str, arguments)], capture_output=True, check=False, encoding="utf-8", **options
    )


ACCOUNT = f"{PAGES} seen = {PAGES - 1} ok + 0 suspect + 0 empty + 0 rejected + 1 failed"


@pytest.fixture(scope="module")
def unbroken(feed: Path, quick: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unbroken")
    shutil.copy(feed, folder)
    result = run("clean", feed, *quick, "-o", folder / "out.jsonl")
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == ACCOUNT
    run("clean", "feed.jsonl", *quick, "--index", "news.db", "-o", "traced.jsonl", cwd=folder)
    return folder


def has_checkpoint(folder: Path) -> bool:
    if not (folder / "news.db").exists():
        return (folder / ".out.jsonl.journal").exists()
    with contextlib.closing(sqlite3.connect(folder / "news.db")) as database:
        return bool(database.execute("SELECT count(*) FROM meta WHERE name LIKE 'mark:%'").fetchone()[0])


def broken_off(command: list[str], folder: Path, how: signal.Signals) -> tuple[int, str]:
    """Start a run, and end it once something is committed; its exit code and what it said."""
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        deadline = time.monotonic() + 60
        while not has_checkpoint(folder) and time.monotonic() < deadline:
            time.sleep(0.002)
        for _ in range(3):  # Python loses an interruption that falls into a weak reference's callback
            process.send_signal(how)
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.wait(10), process.stderr.read()
        process.kill()
    pytest.fail("it went on")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", ["out.jsonl", "traced.jsonl"])
def test_a_run_that_is_broken_off_is_gone_on_with(
    quick: list[str], unbroken: Path, tmp_path: Path, how: signal.Signals, name: str
) -> None:
    feed = unbroken / "feed.jsonl"
    command = [*MODULE, "clean", str(feed), *quick, "--workers", "1", "-o", name]
    command += ["--index", "news.db"] if name == "traced.jsonl" else []
    code, said = broken_off(command, tmp_path, how)
    assert not (tmp_path / name).exists()
    assert code == (130 if how is signal.SIGINT else -how), said
    if how is signal.SIGINT:
        assert "the same command with --resume goes on" in said
        assert "Traceback" not in said
    result = run(*command[3:], "--resume", cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == ACCOUNT
    assert "inputs are done, and are passed over" in result.stderr
    assert (tmp_path / name).read_bytes() == (unbroken / name).read_bytes()
    assert [entry for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


def test_processes_do_not_outlive_a_run_that_is_killed(quick: list[str], tmp_path: Path) -> None:
    command = [*MODULE, "clean", "-", "--from", "jsonl", *quick, "--workers", "2", "-o", "out.jsonl"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for at in range(300):
            process.stdin.write(json.dumps({"id": f"{at}", "text": text_of(at)}).encode() + b"\n")
        process.stdin.flush()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        deadline = time.monotonic() + 30
        while len(found := children.read_text().split()) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(found) == 2
        process.kill()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{child}/cmdline").exists() for child in found) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [child for child in found if Path(f"/proc/{child}/cmdline").exists()]


def test_a_disk_that_is_full_loses_nothing_that_was_committed(
    feed: Path, quick: list[str], unbroken: Path, tmp_path: Path
) -> None:
    room = (unbroken / "out.jsonl").stat().st_size * 2 // 3

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))

    command = ["clean", str(feed), *quick, "-o", f"{tmp_path}/out.jsonl"]
    full = run(*command, preexec_fn=little_room)
    assert full.returncode == 2
    assert "out.jsonl: cannot write" in full.stderr
    assert "the same command with --resume goes on" in full.stderr
    assert "Traceback" not in full.stderr
    assert not (tmp_path / "out.jsonl").exists()
    run(*command, "--resume")
    assert (tmp_path / "out.jsonl").read_bytes() == (unbroken / "out.jsonl").read_bytes()


@pytest.mark.parametrize("folder", ["/proc/out", "/dev/null/out"])
def test_a_place_where_nothing_can_be_written_is_an_error(feed: Path, quick: list[str], folder: str) -> None:
    result = run("clean", feed, *quick, "-o", f"{folder}/out.jsonl")
    assert result.returncode == 2
    assert "cannot write" in result.stderr
    assert "Traceback" not in result.stderr


def test_each_line_tells_its_matches_story_and_origin(unbroken: Path) -> None:
    found = [json.loads(line) for line in (unbroken / "traced.jsonl").read_text("utf-8").splitlines()]
    matched = [line["id"] for line in found if line["matches"]]
    assert matched == [f"p{at:04}" for at in range(9, PAGES, 10)]
    for line in found:
        assert bool(line["story"]) == bool(line["matches"])
        assert line["section"] == int(line["id"][1:]) % 3
    stats = run("index", "stats", unbroken / "news.db").stdout
    assert f"articles  {PAGES - 1}" in stats
    assert run("index", "check", unbroken / "news.db").returncode == 0


@pytest.mark.parametrize("name", ["out.jsonl.gz", "out.jsonl.zst", "out.parquet"])
def test_what_is_written_in_another_form_is_read_again(
    feed: Path, quick: list[str], unbroken: Path, tmp_path: Path, name: str
) -> None:
    run("clean", feed, *quick, "-o", tmp_path / name)
    assert list(read_articles([str(tmp_path / name)])) == list(read_articles([str(unbroken / "out.jsonl")]))
    assert run("match", tmp_path / name, "-o", tmp_path / "graph").returncode == 0


def test_texts_go_into_a_folder_a_file_each(feed: Path, quick: list[str], tmp_path: Path) -> None:
    run("clean", feed, *quick, "--to", "text", "-o", f"{tmp_path}/texts/")
    assert len(list((tmp_path / "texts").iterdir())) == PAGES - 1
    assert (tmp_path / "texts" / "p0003.txt").read_text("utf-8") == f"{text_of(3)}\n"


def test_fields_may_have_other_names(quick: list[str], tmp_path: Path) -> None:
    (tmp_path / "feed.csv").write_text(f'link,raw\nhttps://lock.example/a,"<p>{text_of(1)}</p>"\n')
    result = run("clean", tmp_path / "feed.csv", *quick, "--map", "html=raw", "--map", "url=link")
    (line,) = map(json.loads, result.stdout.splitlines())
    assert (line["url"], line["text"]) == ("https://lock.example/a", text_of(1))
    wrong = run("clean", tmp_path / "feed.csv", *quick, "--map", "htlm=raw")
    assert wrong.returncode == 2
    assert "did you mean 'html'" in wrong.stderr
    assert "--map html=NAME" in run("clean", tmp_path / "feed.csv", *quick, "--map", "html").stderr


def test_a_reader_that_goes_away_ends_a_run_with_an_index_quietly(
    feed: Path, quick: list[str], tmp_path: Path
) -> None:
    command = [*MODULE, "clean", str(feed), *quick, "-q", "--index", f"{tmp_path}/news.db"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert "Traceback" not in said
    assert "error" not in said
    assert run("index", "check", f"{tmp_path}/news.db").returncode == 0


def test_how_much_is_said(quick: list[str], tmp_path: Path) -> None:
    (tmp_path / "photo.html").write_bytes(b"\xff\xd8\xff\xe0JFIF")
    (tmp_path / "page.txt").write_text(text_of(1))
    command = ["clean", f"{tmp_path}/photo.html", f"{tmp_path}/page.txt", *quick, "-o", f"{tmp_path}/out.jsonl"]
    rejected = f"rejected: {tmp_path / 'photo.html'}: a JPEG image, not text"
    account = "2 seen = 1 ok + 0 suspect + 0 empty + 1 rejected + 0 failed"
    assert run(*command).stderr.splitlines() == [rejected, account]
    assert run(*command, "-q").stderr.splitlines() == [account]
    assert run(*command, "-v").stderr.splitlines() == [rejected, f"ok: {tmp_path / 'page.txt'}", account]


def test_a_file_is_compressed_when_its_name_says_so(feed: Path, quick: list[str], tmp_path: Path) -> None:
    packed = tmp_path / "feed.jsonl.gz"
    packed.write_bytes(gzip.compress(feed.read_bytes()))
    result = run("clean", packed, *quick, "-o", tmp_path / "out.jsonl")
    assert result.stderr.splitlines()[-1] == ACCOUNT


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = 0.0

    def forward(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr(progress, "monotonic", lambda: now)
    return forward


def test_a_log_has_a_line_now_and_then_with_rate_and_remaining_time(
    clock: Callable[[float], None], capsys: pytest.CaptureFixture[str]
) -> None:
    meter = Meter()
    meter.total, meter.done = 1_000, 0
    watch = Watch(meter, quiet=False, verbose=False)
    for at in range(100):
        clock(1)
        meter.done += 5
        watch(Outcome(f"{at}", "ok"))
    assert capsys.readouterr().err.splitlines() == [
        "30 pages, 1 a second, 15%, 2 min left",
        "60 pages, 1 a second, 30%, 2 min left",
        "90 pages, 1 a second, 45%, 1 min left",
    ]


def test_a_quiet_run_tells_what_failed_and_how_it_is_gone_on_with(capsys: pytest.CaptureFixture[str]) -> None:
    watch = Watch(Meter(), quiet=True, verbose=False)
    watch(Note("feed.jsonl:7", "the line is cut short"))
    watch(Outcome("a", "suspect", reason="the page has no text"))
    watch(Outcome("b", "failed", reason="no 'html' or 'text'"))
    watch(Stopped("out.jsonl", "stopped: 200 inputs are done, and the same command with --resume goes on"))
    assert capsys.readouterr().err.splitlines() == [
        "failed: b: no 'html' or 'text'",
        "note: out.jsonl: stopped: 200 inputs are done, and the same command with --resume goes on",
    ]


def test_a_terminal_has_a_bar_above_which_lines_are_said(feed: Path, quick: list[str], tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [*MODULE, "clean", str(feed), *quick, "-o", str(tmp_path / "out.jsonl")]
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "100"}
    with subprocess.Popen(command, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # its end
            while some := os.read(ours, 4096):
                shown += some
        assert process.wait() == 1
    os.close(ours)
    text = shown.decode()
    assert "failed:" in text
    assert text.rstrip().endswith(ACCOUNT)
    assert " a second" in text
    assert "\x1b[3" not in text.replace("\x1b[33", ""), "NO_COLOR"
