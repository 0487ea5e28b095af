"""Pages for the tests of Spark, and what the local engine makes of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from syndicate.cli import app
from tests.conftest import EXAMPLES
from tests.test_pickle import CONFIG, OWN

if TYPE_CHECKING:
    from pathlib import Path

TIDES = "See also our tide tables"


def example_records() -> list[dict[str, Any]]:
    """The example pages as records with ids, and with fields that pass through."""
    records = [json.loads(line) for line in (EXAMPLES / "feed.jsonl").read_text("utf-8").splitlines()]
    for path in sorted((EXAMPLES / "pages").iterdir()):
        content = {"text" if path.suffix == ".txt" else "html": path.read_text("utf-8")}
        records.append({"id": path.name, **content, "depth": len(records), "tags": ["a", path.suffix]})
    return records


def odd_records() -> list[dict[str, Any]]:
    """Records that can be cleaned, by way of a corner."""
    return [
        {"id": "half", "text": "The gates of Marrow Lock are shut \ud800 until noon.", "mood": "\udfff"},
        {
            "id": 17,
            "html": "<p>The lock keeper said the gates would open at noon on Tuesday.",
            "crawled": "2026-03-03",
        },
        {
            "id": "named",
            "text": "The gates open at noon, the keeper said.",
            "line": "its own",
            "status": "draft",
            "file": "b.png",
        },
        {"id": "none", "text": ""},
        {"id": "tides", "text": f"The gates of the lock are shut, the keeper said.\n\n{TIDES}\n"},
    ]


def write_lines(path: Path, records: list[dict[str, Any]], *others: bytes) -> Path:
    """A file of JSON Lines: records, then lines that are given as they are."""
    path.write_bytes(b"".join([*(json.dumps(record).encode() + b"\n" for record in records), *others]))
    return path


def cli(*arguments: str | Path) -> Any:
    """What a command does and says."""
    return CliRunner().invoke(app, list(map(str, arguments)))


def locally(source: Path, target: Path, *options: str | Path) -> list[bytes]:
    """The lines that the local engine writes."""
    result = cli("clean", source, "-o", target, "-q", *options)
    assert result.exit_code in {0, 1}, result.output
    return target.read_bytes().splitlines()


def parts(folder: Path) -> bytes:
    """All parts of a folder, in the order of their names."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("part-*")))


def configured(folder: Path) -> Path:
    """A `syndicate.toml` with a pack beside it, that takes `TIDES`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.toml").write_text(OWN, "utf-8")
    config = folder / "syndicate.toml"
    config.write_text(CONFIG, "utf-8")
    return config
