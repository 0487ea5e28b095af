"""`syndicate clean`: lines out, the account, exit codes, and what is never left behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from syndicate.cli import app
from tests.conftest import EXAMPLES

PAGES = EXAMPLES / "pages"
SENTENCE = "The gates of Marrow Lock are shut, and they will stay shut all week. "
MODULE = [sys.executable, "-m", "syndicate", "clean"]

PACK = """\
schema = 1
[pack]
name = "lock"
version = "1"
summary = "Chrome of the lock's own site"
[[rule]]
id = "tide-tables"
kind = "promo"
summary = "A line that praises the tide tables"
confidence = "possible"
text = "Read our tide tables."
[[rule.accept]]
text = "Read our tide tables."
[[rule.reject]]
text = "Read our lips."
"""


def clean(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["clean", *map(str, arguments)])


def process(*arguments: str | Path, stdin: bytes = b"", **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the real thing, with its streams as they are."""
    return subprocess.run([*MODULE, *map(str, arguments)], input=stdin, capture_output=True, check=False, **options)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Options that spare a process the time of loading all packs."""
    pack = tmp_path_factory.mktemp("packs") / "lock.toml"
    pack.write_text(PACK)
    return ["--packs", str(pack)]


def records(lines: str | bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.splitlines()]


def assert_refused(result: subprocess.CompletedProcess[bytes], *words: str) -> None:
    """Exit code 2, nothing on standard output, and an error for people, not a traceback."""
    error = result.stderr.decode()
    assert result.returncode == 2, error
    assert result.stdout == b""
    assert "Traceback" not in error
    for word in words:
        assert word in error


def test_one_line_a_page_in_the_order_of_the_inputs(tmp_path: Path) -> None:
    inputs = [PAGES / "valley-courier-ferry.html", EXAMPLES / "feed.jsonl", PAGES / "city-metro-ferry.html"]
    result = clean(*inputs)
    assert result.exit_code == 0
    found = records(result.stdout)
    assert [page["id"] for page in found] == [
        str(inputs[0]),
        "bar-20260306-0017",
        "hxo-20260308-0004",
        str(inputs[2]),
    ]
    assert {page["schema"] for page in found} == {1}
    written = clean(*inputs, "-o", tmp_path / "new" / "cleaned.jsonl")
    assert written.stdout == ""
    assert (tmp_path / "new" / "cleaned.jsonl").read_text("utf-8") == result.stdout


def test_the_last_line_on_standard_error_accounts_for_every_input() -> None:
    result = clean(PAGES, EXAMPLES / "feed.jsonl")
    assert result.exit_code == 0
    assert len(records(result.stdout)) == 16
    assert result.stderr.splitlines()[-1] == "16 seen = 15 ok + 0 suspect + 1 empty + 0 rejected + 0 failed"


def test_chrome_goes_and_the_story_stays() -> None:
    (page,) = records(clean(PAGES / "valley-courier-ferry.html").stdout)
    assert page["text"].startswith("The last car ferry linking Port Averley")
    assert page["text"].endswith("until every question had been asked.")
    assert "originally published" in " ".join(removal["text"] for removal in page["removed"])
    assert {claim["value"] for claim in page["claims"] if claim["field"] == "source"} == {"Harbour Ledger"}


def test_pages_without_an_article_come_out_with_their_status_and_reason(tmp_path: Path) -> None:
    (tmp_path / "a-empty.html").touch()
    (tmp_path / "b-brief.txt").write_text("The gates are shut. They will stay shut. Nobody minds.")
    (tmp_path / "c-photo.html").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00")
    (tmp_path / "d-menu.html").write_text("<html><nav><a href=/>Home</a></nav><script>x</script></html>")
    result = clean(tmp_path)
    assert result.exit_code == 0
    assert [page["status"] for page in records(result.stdout)] == ["empty", "ok", "rejected", "empty"]
    assert [bool(page["reason"]) for page in records(result.stdout)] == [True, False, True, True]
    assert f"rejected: {(tmp_path / 'c-photo.html').as_posix()}: a JPEG image" in result.stderr
    assert result.stderr.splitlines()[-1] == "4 seen = 1 ok + 0 suspect + 2 empty + 1 rejected + 0 failed"


def test_an_input_that_cannot_be_read_is_reported_counted_and_gives_exit_code_1(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text(
        '{"id": "a", "text": "The gates are shut."}\n{"id": "b", "te\n{"id": "c", "text": "Still shut."}\n'
    )
    out = tmp_path / "out.jsonl"
    result = clean(feed, "-o", out)
    assert result.exit_code == 1
    assert [page["id"] for page in records(out.read_text())] == ["a", "c"]
    assert result.stderr.startswith(f"failed: {feed}:2: not JSON")
    assert result.stderr.splitlines()[-1] == "3 seen = 2 ok + 0 suspect + 0 empty + 0 rejected + 1 failed"


def test_what_is_unknown_in_a_record_passes_through_and_its_content_does_not(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    known = {"id": "a", "url": "https://lock.example/a", "outlet": "Lock Herald", "html": f"<p>{SENTENCE}"}
    feed.write_text(json.dumps({**known, "crawl": {"n": 2}}))
    (page,) = records(clean(feed).stdout)
    assert (page["crawl"], page["outlet"], page["url"]) == ({"n": 2}, "Lock Herald", "https://lock.example/a")
    assert "html" not in page


def test_text_alone_for_one_page_is_the_article_and_nothing_else() -> None:
    result = clean(PAGES / "valley-courier-ferry.html", "--to", "text")
    (page,) = records(clean(PAGES / "valley-courier-ferry.html").stdout)
    assert result.stdout == f"{page['text']}\n"


def test_text_of_several_pages_stands_each_under_its_name() -> None:
    by_name = clean(PAGES / "city-metro-ferry.html", PAGES / "valley-courier-ferry.html", "--to", "text").stdout
    heads = [line for line in by_name.splitlines() if line.startswith("==> ")]
    assert heads == [f"==> {PAGES / name} <==" for name in ("city-metro-ferry.html", "valley-courier-ferry.html")]


def test_text_of_a_folder_stands_under_names_from_the_first_page_on() -> None:
    result = clean(PAGES, "--to", "text")
    assert result.stdout.startswith(f"==> {(PAGES / 'briefing-digest.html').as_posix()} <==\n")
    assert result.stdout.count("==> ") == 14


def test_what_the_extractor_left_out_is_listed_only_on_demand() -> None:
    (short,) = records(clean(PAGES / "valley-courier-ferry.html").stdout)
    (long,) = records(clean(PAGES / "valley-courier-ferry.html", "--why").stdout)
    assert not [removal for removal in short["removed"] if removal["rule"].startswith("extract/")]
    left_out = " ".join(removal["text"] for removal in long["removed"] if removal["rule"].startswith("extract/"))
    assert "Proudly powered by WordPress" in left_out
    assert long["text"] == short["text"]
    assert sum(len(removal["text"]) for removal in long["removed"]) > len(left_out)


def test_the_format_of_inputs_can_be_told(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('{"id": "a", "html": "<p>The gates are shut.</p><p>All week.</p>"}')
    (as_lines,), (as_text,), (as_html,) = (
        records(clean(page, "--from", source).stdout) for source in ("jsonl", "text", "html")
    )
    assert (as_lines["id"], as_lines["text"]) == ("a", "The gates are shut.\n\nAll week.")
    assert as_text["text"] == page.read_text()
    assert "<p>" not in as_html["text"]


def test_rules_come_from_the_packs_that_are_named_and_as_sure_as_asked(tmp_path: Path) -> None:
    page, pack = tmp_path / "page.txt", tmp_path / "lock.toml"
    page.write_text(f"{SENTENCE * 3}\n\nRead our tide tables.\n")
    pack.write_text(PACK)
    (mine,) = records(clean(page, "--packs", "core", "--packs", pack).stdout)
    assert [removal["rule"] for removal in mine["removed"]] == ["lock/tide-tables"]
    assert "lock" in mine["packs"]
    (sure,) = records(clean(page, "--packs", pack, "--min-confidence", "likely").stdout)
    assert "tide tables" in sure["text"]
    assert list(sure["packs"]) == ["lock"]


def test_a_wrong_rule_file_is_refused_with_every_problem_in_its_place(tmp_path: Path) -> None:
    pack, out = tmp_path / "my-rules.toml", tmp_path / "out.jsonl"
    pack.write_text(PACK.replace('kind = "promo"', 'kind = "promos"').replace("confidence =", "confidance ="))
    result = process(PAGES, "--packs", "core", "--packs", pack, "-o", out)
    assert_refused(result)
    wrong_key = f"{pack}:10: tide-tables: unknown key 'confidance' (did you mean 'confidence'?)"
    assert result.stderr.decode().removeprefix("error: ").splitlines() == [wrong_key]
    pack.write_text(PACK.replace('kind = "promo"', 'kind = "promos"').replace('"possible"', '"posible"'))
    assert process(PAGES, "--packs", pack, "-o", out).stderr.decode().splitlines() == [
        f"{pack}:8: tide-tables: unknown kind 'promos' (did you mean 'promo'?)",
        f"{pack}:10: tide-tables: unknown confidence 'posible' (did you mean 'possible'?)",
    ]
    assert not out.exists()


def test_wrong_use_is_refused_and_leaves_no_file(tmp_path: Path, quick: list[str]) -> None:
    out, page = tmp_path / "out.jsonl", PAGES / "valley-courier-ferry.html"
    assert_refused(process(page, tmp_path / "no-such.html", *quick, "-o", out), "no-such.html")
    assert_refused(process(page, "--packs", "no-such-pack", "-o", out), "no-such-pack")
    assert_refused(process(page, "--from", "docx", "-o", out), "docx", "jsonl")
    assert_refused(process("-o", out), "INPUT")
    assert list(tmp_path.iterdir()) == []


def test_a_parser_that_is_not_there_is_refused_and_leaves_no_file(tmp_path: Path, quick: list[str]) -> None:
    out = tmp_path / "out.jsonl"
    assert_refused(process(PAGES, *quick, "--parser", "html6lib", "-o", out), "html6lib", "html5lib")
    assert not out.exists()


@pytest.mark.parametrize("out", ["file/out.jsonl", "folder", "."])
def test_output_that_cannot_be_written_is_refused_without_a_traceback(
    tmp_path: Path, quick: list[str], out: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    result = process(PAGES / "valley-courier-ferry.html", *quick, "-o", out, cwd=tmp_path)
    assert_refused(result, out, "cannot write")
    assert sorted(entry.name for entry in tmp_path.rglob("*")) == ["file", "folder"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_standard_output_is_an_error_without_a_traceback(quick: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run([*MODULE, str(PAGES), *quick], stdout=full, stderr=subprocess.PIPE, check=False)
    assert result.returncode not in (0, 130)
    assert b"No space left" in result.stderr
    assert b"Traceback" not in result.stderr


def test_a_reader_that_goes_away_stops_the_run_quietly(quick: list[str]) -> None:
    with subprocess.Popen([*MODULE, str(PAGES), *quick], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        run.stdout.close()
        assert run.stderr is not None
        assert b"Traceback" not in run.stderr.read()


def test_standard_input_is_a_page_or_json_lines(quick: list[str]) -> None:
    (page,) = records(process("-", *quick, stdin=(PAGES / "valley-courier-ferry.html").read_bytes()).stdout)
    assert (page["id"], page["outlet"]) == ("-", "Valley Courier")
    lines = records(process("-", *quick, stdin=(EXAMPLES / "feed.jsonl").read_bytes()).stdout)
    assert [line["id"] for line in lines] == ["bar-20260306-0017", "hxo-20260308-0004"]


def interrupted(folder: Path, options: list[str], with_signal: signal.Signals) -> tuple[int, str]:
    """Start cleaning an endless input into a file, stop it in the middle; its exit code and standard error."""
    command = [*MODULE, "-", *options, "--from", "jsonl", "-o", str(folder / "out.jsonl")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdin is not None
        assert run.stderr is not None
        run.stdin.write(json.dumps({"id": "a", "text": SENTENCE}).encode() + b"\n")
        run.stdin.flush()
        deadline = time.monotonic() + 20
        while not list(folder.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert list(folder.iterdir()), "it never began to write"
        # Python loses an interruption that falls into a weak reference's callback, as imports have them.
        for _ in range(3):
            run.send_signal(with_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                return run.wait(10), run.stderr.read().decode()
        run.kill()
        pytest.fail("it went on")


def test_an_interruption_gives_130_and_leaves_nothing_behind(tmp_path: Path, quick: list[str]) -> None:
    code, error = interrupted(tmp_path, quick, signal.SIGINT)
    assert code == 130
    assert "Traceback" not in error
    assert list(tmp_path.iterdir()) == []


def test_a_kill_leaves_no_file_that_looks_complete(tmp_path: Path, quick: list[str]) -> None:
    interrupted(tmp_path, quick, signal.SIGKILL)
    assert not (tmp_path / "out.jsonl").exists()


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = (process(PAGES, "--why", env=os.environ | {"PYTHONHASHSEED": seed}).stdout for seed in ("1", "2"))
    assert first == second


def test_control_characters_of_an_id_are_shown_and_not_sent_to_the_terminal(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text('{"id": "\\u001b]52;c;aGk=\\u0007", "html": ""}\n')
    result = clean(feed)
    assert records(result.stdout)[0]["id"] == "\x1b]52;c;aGk=\x07"
    assert "]52;c;aGk=" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """Three articles of one site above one box."""
    box = "Seven pieces worth reading over breakfast, chosen by our editors on weekdays."
    file = tmp_path / "crawl.jsonl"
    lines = [
        {
            "url": f"https://ledger.example/{topic}",
            "text": "\n\n".join([*(f"{topic} {at} {topic[::-1]}." for at in range(9)), box]),
        }
        for topic in ("Orchards bear early", "Railways close", "Glaciers retreat")
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return file


def test_site_repeats_go_when_asked_for(crawl: Path, quick: list[str]) -> None:
    for options, goes in (([], False), (["--site-repeats"], True)):
        result = clean(crawl, *quick, *options, "--why")
        assert result.exit_code == 0
        found = records(result.stdout)
        assert [page["text"].endswith("weekdays.") for page in found] == [not goes] * 3
        removed = [(removal["rule"], removal["captures"]) for page in found for removal in page["removed"]]
        assert removed == [("extract/site", [["pages", "3"]])] * 3 * goes


def test_site_repeats_with_an_input_that_is_read_only_once_is_refused(
    crawl: Path, quick: list[str], tmp_path: Path
) -> None:
    assert_refused(process("-", "--site-repeats", *quick, stdin=crawl.read_bytes()), "only once", "file")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert_refused(process(pipe, "--site-repeats", *quick), str(pipe), "only once")


def test_a_broken_line_is_reported_once_with_site_repeats(crawl: Path, quick: list[str]) -> None:
    crawl.write_bytes(crawl.read_bytes() + b"{broken\n")
    result = process(crawl, "--site-repeats", *quick)
    assert result.returncode == 1
    assert result.stderr.decode().count("crawl.jsonl:4") == 1
    assert b"4 seen = 3 ok" in result.stderr
