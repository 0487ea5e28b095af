"""`syndicate explain`: each removal in its place, with its rule, and nothing that a terminal would obey."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from syndicate.cli import app
from tests.conftest import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

PAGES = EXAMPLES / "pages"
SENTENCE = "The gates of Marrow Lock are shut, and they will stay shut all week. "
PACK = r"""
schema = 1
[pack]
name = "lock"
version = "1"
summary = "Chrome of the lock's own site"
[[rule]]
id = "tide-tables"
kind = "promo"
summary = "A line that praises the tide tables"
pattern = '''Read our tide tables by (?P<author>[^.]+)\.'''
[[rule.accept]]
text = "Read our tide tables by Ada Rell."
[[rule.reject]]
text = "Read our lips."
"""


def explain(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["explain", *map(str, arguments)], env={"COLUMNS": "80"})


def test_what_was_taken_stands_in_its_place_with_its_rule_and_captures(tmp_path: Path) -> None:
    pack, page = tmp_path / "lock.toml", tmp_path / "page.txt"
    pack.write_text(PACK)
    page.write_text(f"{SENTENCE}\n\nRead our tide tables by Ada Rell.\n\n{SENTENCE * 3}\n")
    result = explain(page, "--packs", pack)
    assert result.exit_code == 0
    before, after = result.stdout.split("Read our tide tables by Ada Rell.", 1)
    assert SENTENCE.strip() in before
    first, rest = after.split("\n", 1)
    assert "promo" in first
    assert "lock/tide-tables" in first
    assert "author='Ada Rell'" in first
    assert SENTENCE.strip() in rest
    assert "praises" in rest


def test_the_example_names_the_rules_and_where_the_text_is_from() -> None:
    result = explain(PAGES / "independent-monitor-ferry.txt")
    assert re.search(r"Articles by: Harbour Ledger ◂ attribution · \S+ source='Harbour Ledger'", result.stdout)
    assert "until every question had been asked." in result.stdout
    assert re.search(r"\d characters kept, [\d,]+ taken by rules, [\d,]+ outside the article", result.stdout)


def test_three_lines_tell_where_the_text_is_from_and_why(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    words = " ".join(f"The harbour board met on day {number} and voted on berth {number}." for number in range(40))
    page.write_text(
        f"Harbour board votes\n\n{words}\n\nThis article was originally published by The Cradle.", "utf-8"
    )
    lines = explain(page, "--url", "https://www.newarab.com/harbour").stdout.splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith("The origin is The Cradle, confidence 0.9"))
    assert "“This article was originally published by The Cradle.” (attribution, by core-en/" in lines[at + 1]
    assert lines[at + 2].startswith("and not The New Arab, which has the page")


def test_the_rules_that_fired_are_listed_by_their_full_names() -> None:
    result = explain(PAGES / "independent-monitor-ferry.txt")
    fired = set(re.findall(r"◂ \S+ · (\S+)", result.stdout))
    assert len(fired) > 2
    assert [rule for rule in fired if f"\n{rule} " not in result.stdout] == []


def test_what_stands_outside_the_article_is_counted_and_not_shown() -> None:
    result = explain(PAGES / "valley-courier-ferry.html")
    assert "Proudly powered by WordPress" not in result.stdout
    assert re.search(r"⋯ [\d,]+ characters outside the article ⋯", result.stdout)


def test_an_address_picks_the_publisher_s_packs_and_outlet(tmp_path: Path) -> None:
    pack, page = tmp_path / "lock.toml", tmp_path / "page.txt"
    pack.write_text(PACK.replace('version = "1"', 'version = "1"\nhosts = ["lock.example"]'))
    page.write_text(f"{SENTENCE * 3}\n\nRead our tide tables by Ada Rell.\n")
    inside = explain(page, "--packs", pack, "--url", "https://www.lock.example/gates")
    outside = explain(page, "--packs", pack, "--url", "https://bridge.example/gates")
    assert "lock/tide-tables" in inside.stdout
    assert "lock.example" in inside.stdout
    assert "lock/tide-tables" not in outside.stdout


def test_a_plan_that_was_refused_is_shown_with_the_reason(tmp_path: Path) -> None:
    pack, page = tmp_path / "lock.toml", tmp_path / "page.txt"
    pack.write_text(PACK)
    page.write_text("Read our tide tables by Ada Rell.")
    result = explain(page, "--packs", pack)
    assert result.exit_code == 0
    assert "suspect" in result.stdout
    assert "lock/tide-tables" in result.stdout


def test_pages_without_an_article_are_explained_too(tmp_path: Path) -> None:
    photo = tmp_path / "photo.html"
    photo.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00")
    assert "rejected a JPEG image" in explain(photo).stdout
    assert "empty the page has no text" in explain(PAGES / "empty-shell.html").stdout


ESCAPES = "\x1b]52;c;aGk=\x07\x1b[2J\x9b1m\u202e\r"


def test_control_characters_of_a_page_are_shown_and_not_sent(tmp_path: Path) -> None:
    pack, feed = tmp_path / "lock.toml", tmp_path / "feed.jsonl"
    pack.write_text(PACK)
    page = (
        f'<html><head><meta property="og:title" content="Title {ESCAPES}">'
        f'<meta name="author" content="{ESCAPES}Pell">'
        f'<link rel="canonical" href="https://lock.example/{ESCAPES}"></head><body><p>{SENTENCE}{ESCAPES}</p>'
        f"<p>{SENTENCE}</p><p>Read our tide tables by {ESCAPES}.</p></body></html>"
    )
    records = [
        {
            "id": f"first {ESCAPES}",
            "html": page,
            "outlet": f"Lock {ESCAPES}",
            "url": f"https://lock.example/{ESCAPES}",
        },
        {
            "id": f"second {ESCAPES}",
            "text": f"{SENTENCE}{ESCAPES}\n\n{SENTENCE}\n\nRead our tide tables by {ESCAPES}.",
        },
        {
            "id": f"third {ESCAPES}",
            "title": ESCAPES,
            "published": ESCAPES,
            "text": f"Read our tide tables by {ESCAPES}.",
        },
        {"id": f"fourth {ESCAPES}", "html": 7},
    ]
    feed.write_text("\n".join(map(json.dumps, records)))
    result = explain(feed, "--packs", "core", "--packs", pack)
    assert result.exit_code == 1
    assert "\\u001b]52;c;aGk=" in result.stdout
    assert "lock/tide-tables" in result.stdout
    for control in "\x1b\x07\x9b\u202e\r":
        assert control not in result.stdout
        assert control not in result.stderr


def test_half_a_character_does_not_stop_it(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text(json.dumps({"id": "a", "text": f"{SENTENCE}\n\nJoin us \ud83d"}))
    result = explain(feed)
    assert result.exit_code == 0
    assert "Join us \\ud83d" in result.stdout


def test_it_works_where_standard_output_is_not_unicode() -> None:
    # As on Windows when the output goes to a file.
    result = subprocess.run(
        [sys.executable, "-m", "syndicate", "explain", str(PAGES / "independent-monitor-ferry.txt")],
        capture_output=True, check=False, env=os.environ | {"PYTHONIOENCODING": "cp1252"},
    )  # fmt: skip
    assert (result.returncode, result.stderr) == (0, b"")
    assert "told a packed meeting in the Seamen’s Hall".encode("cp1252") in result.stdout


def test_a_missing_input_is_refused(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "syndicate", "explain", str(tmp_path / "no-such.html")],
        capture_output=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.decode().startswith(f"error: {tmp_path / 'no-such.html'}: no such file")
