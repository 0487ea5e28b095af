"""Extraction quality on the development data beside the checkout (../shared), held against pinned floors.

Run with `make bench`. A floor in quality.json is raised when it is passed by .002 or more, and never lowered unseen.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndicate import Cleaner, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent / "shared"
FLOORS = HERE / "quality.json"
MARGIN = 0.002


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def score(cleaner: Cleaner, name: str, kind: str) -> dict[str, Any]:
    """Clean the pages of one set and score the texts, with the median time a page in milliseconds."""
    gold = SHARED / "data" / "extraction" / f"{name}.jsonl.gz"
    times: list[float] = []
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for row in rows(gold):
            start = time.perf_counter()
            article = cleaner.clean_page(Page(row["html"], id=row["id"], url=row.get("url"), format="html"))
            times.append(time.perf_counter() - start)
            file.write(json.dumps({"id": row["id"], "text": article.text}) + "\n")
        file.flush()
        scorer = [sys.executable, str(SHARED / "eval" / "score.py"), kind, str(gold), file.name]
        figures: dict[str, Any] = json.loads(subprocess.run(scorer, check=True, capture_output=True).stdout)  # noqa: S603
    return figures | {"ms": statistics.median(times) * 1000}


def main() -> int:
    """Print a row a set; fail where a floor is not reached."""
    if not SHARED.is_dir():
        print(f"skipped: needs the development data in {SHARED.name}/ beside the checkout")
        return int("CI" in os.environ)  # CI provides it
    floors = json.loads(FLOORS.read_text())
    cleaner = Cleaner(packs=["core"])
    failed = False
    print(f"{'set':<18} {'F1':>6} {'floor':>6} {'prec.':>6} {'recall':>6} {'exact':>6} {'ms':>5}")
    for name, floor in floors.items():
        figures = score(cleaner, name, floor["kind"])
        verdict = ""
        if figures["f1"] < floor["f1"]:
            verdict, failed = "  below its floor", True
        elif figures["f1"] >= floor["f1"] + MARGIN:
            verdict = "  raise the floor"
        print(
            f"{name:<18} {figures['f1']:6.4f} {floor['f1']:6.4f} {figures['precision']:6.4f} "
            f"{figures['recall']:6.4f} {figures['accuracy']:6.4f} {figures['ms']:5.1f}{verdict}"
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
