"""Quality on the development data beside the checkout (../shared), held against pinned floors.

Pages: from HTML to text. Many: a set's pages in one run, which may use what repeats on a site; also their whole text
without any markup. Texts: what trafilatura makes of the pages, cleaned as plain text with the page's address and
title, by the core packs alone, which is what an unseen site gets, and by all packs. Run with `make bench`. A floor
in quality.json is raised when it is passed by .002 or more, and never lowered unseen.
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
from typing import TYPE_CHECKING, Any, TypeAlias

from syndicate import Cleaner, Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent / "shared"
FLOORS = HERE / "quality.json"
PEERS = HERE.parent / ".venv-peers" / "bin" / "python"
MARGIN = 0.002
MOST_LOST_RECALL = 0.003
"""How much of its recall a text may lose to the rules."""
Texts: TypeAlias = list[tuple[str, str]]
"""Cleaned texts by id."""


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def gold(name: str) -> Path:
    """The file of a set's pages and gold texts."""
    return SHARED / "data" / "extraction" / f"{name}.jsonl.gz"


def score(name: str, kind: str, texts: Texts) -> dict[str, Any]:
    """What the scorer says of texts, given by id."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps({"id": key, "text": text}) + "\n" for key, text in texts)
        file.flush()
        scorer = [sys.executable, str(SHARED / "eval" / "score.py"), kind, str(gold(name)), file.name]
        figures: dict[str, Any] = json.loads(subprocess.run(scorer, check=True, capture_output=True).stdout)  # noqa: S603
    return figures


def clean(cleaner: Cleaner, pages: Iterable[Page]) -> tuple[Texts, float]:
    """The cleaned texts by id, and the median processor time a page in milliseconds."""
    texts: Texts = []
    times: list[float] = []
    for page in pages:
        start = time.process_time()
        article = cleaner.clean_page(page)
        times.append(time.process_time() - start)
        texts.append((page.id, article.text))
    return texts, statistics.median(times) * 1000


def report(name: str, figures: dict[str, Any], ms: float | None = None, floor: float | None = None) -> bool:
    """Print a row; return whether the floor is reached."""
    f1 = figures["f1"]
    verdict = ""
    if floor is not None and f1 < floor:
        verdict = "  below its floor"
    elif floor is not None and f1 >= floor + MARGIN:
        verdict = "  raise the floor"
    print(
        f"{name:<32} {f1:6.4f} {'' if floor is None else format(floor, '.4f'):>6} {figures['precision']:6.4f} "
        f"{figures['recall']:6.4f} {figures['accuracy']:6.4f} {'' if ms is None else format(ms, '.1f'):>5}{verdict}",
        flush=True,
    )
    return floor is None or f1 >= floor


def pages_of(name: str) -> list[Page]:
    """The pages of a set."""
    return [Page(row["html"], row["id"], row.get("url"), "html") for row in rows(gold(name))]


def bench_pages(floors: dict[str, Any], core: Cleaner) -> tuple[bool, dict[str, Texts]]:
    """Clean each set's pages; whether the floors are reached, and the texts by set."""
    reached = True
    cleaned: dict[str, Texts] = {}
    for name, floor in floors.items():
        cleaned[name], ms = clean(core, pages_of(name))
        reached &= report(name, score(name, floor["kind"], cleaned[name]), ms, floor["f1"])
    return reached, cleaned


def bench_many(floors: dict[str, Any], core: Cleaner, cleaned: dict[str, Texts]) -> bool:
    """Clean each set's pages in one run, and count those whose text is another than that of the page alone."""
    reached = True
    for label, floor in floors.items():
        pages, alone = pages_of(floor["set"]), cleaned[floor["set"]]
        if floor.get("whole"):
            pages = [Page(core.clean_page(page).restore(), page.id, page.url, "text") for page in pages]
            alone, _ = clean(core, pages)
        many = [(article.id, article.text) for article in core.clean_many(pages)]
        changed = sum(one != other for one, other in zip(alone, many, strict=True))
        reached &= report(f"{label} ({changed} change)", score(floor["set"], "extraction", many), None, floor["f1"])
        if changed > floor.get("changed", len(pages)):
            print(f"no more than {floor['changed']} may change")
            reached = False
    return reached


def bench_texts(floors: dict[str, Any], cleaners: dict[str, Cleaner]) -> bool:
    """Clean what the peer makes of each set's pages."""
    reached = True
    for name, of_packs in floors.items():
        command = [str(PEERS), str(HERE / "peer_text.py"), str(gold(name))]
        peer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
        given = [json.loads(line) for line in peer.splitlines()]
        before = score(name, "extraction", [(row["id"], row["text"]) for row in given])
        report(f"{name}: trafilatura", before)
        for packs, floor in of_packs.items():
            pages = (Page(row["text"], row["id"], url=row["url"], title=row["title"], format="text") for row in given)
            texts, ms = clean(cleaners[packs], pages)
            figures = score(name, "extraction", texts)
            reached &= report(f"{name}: and {packs} packs", figures, ms, floor)
            if figures["recall"] < before["recall"] - MOST_LOST_RECALL:
                print(f"more recall lost than {MOST_LOST_RECALL}")
                reached = False
    return reached


def main() -> int:
    """Print a row a set; fail where a floor is not reached."""
    if not SHARED.is_dir():
        print(f"skipped: needs the development data in {SHARED.name}/ beside the checkout")
        return int("CI" in os.environ)  # CI provides it
    floors = json.loads(FLOORS.read_text())
    cleaners = {"core": Cleaner(packs=["core"]), "all": Cleaner()}
    print(f"{'set':<32} {'F1':>6} {'floor':>6} {'prec.':>6} {'recall':>6} {'exact':>6} {'ms':>5}")
    reached, cleaned = bench_pages(floors["pages"], cleaners["core"])
    reached &= bench_many(floors["many"], cleaners["core"], cleaned)
    reached &= bench_texts(floors["texts"], cleaners)
    return int(not reached)


if __name__ == "__main__":
    sys.exit(main())
