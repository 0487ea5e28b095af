"""Pages: time from bytes to `Article` on one core, beside trafilatura, and memory as a multiple of a page's bytes.

Both clean the news set's pages in turns, a round each: the machine is shared and noisy, and so each is given its best
round as a whole. Memory is the worst of the largest pages, each in a process of its own. Run with `make bench`; what
passes a limit of pages.json fails.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from syndicate import Cleaner, Page

HERE = Path(__file__).resolve().parent
PAGES = HERE.parent.parent / "shared" / "data" / "extraction" / "naeb.jsonl.gz"
PEERS = HERE.parent / ".venv-peers" / "bin" / "python"
LIMITS = HERE / "pages.json"
ROUNDS = 3
WARM_UP = 10
LARGEST = 8


def timed(cleaner: Cleaner, page: Page) -> float:
    """Processor time to clean a page, in seconds."""
    start = time.process_time()
    cleaner.clean_page(page)
    return time.process_time() - start


def in_turns(cleaner: Cleaner, pages: list[Page]) -> tuple[list[float], list[float]]:
    """Seconds for each page in our best round, and in the peer's."""
    for page in pages[:WARM_UP]:
        timed(cleaner, page)
    peer = [str(PEERS), str(HERE / "peer_pages.py"), str(PAGES)]
    ours: list[list[float]] = []
    theirs: list[list[float]] = []
    for _ in range(ROUNDS):
        theirs.append(json.loads(subprocess.run(peer, stdout=subprocess.PIPE, check=True).stdout))  # noqa: S603
        ours.append([timed(cleaner, page) for page in pages])
    return min(ours, key=sum), min(theirs, key=sum)


def memory(content: bytes) -> float:
    """The memory that a page takes in a fresh process, as a multiple of its bytes."""
    command = [sys.executable, str(HERE / "page_memory.py")]
    answer = subprocess.run(command, input=content, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603
    return int(answer.split()[0]) / len(content)


def main() -> int:
    """Print the figures; fail where a limit is passed."""
    if not PAGES.is_file():
        print("skipped: needs the development data in shared/ beside the checkout")
        return int("CI" in os.environ)  # CI provides it
    with gzip.open(PAGES, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    pages = [Page(row["html"].encode(), id=row["id"], url=row["url"], format="html") for row in rows]
    ours, theirs = in_turns(Cleaner(packs=["core"]), pages)
    for name, times in (("syndicate", ours), ("trafilatura", theirs)):
        median, mean = statistics.median(times) * 1000, statistics.mean(times) * 1000
        print(f"{name:<12} median {median:5.1f} ms, mean {mean:5.1f} ms, {1000 / mean:4.0f} pages a second")
    largest = sorted((page.content for page in pages), key=len)[-LARGEST:]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # memory, unlike time, may be taken side by side
        times_their_bytes = list(pool.map(memory, largest))
    figures = {
        "median_ms": statistics.median(ours) * 1000,
        "time_to_trafilatura": sum(ours) / sum(theirs),
        "memory_to_bytes": max(times_their_bytes),
    }
    print(f"{sum(theirs) / sum(ours):.1f} times as many pages a second as trafilatura")
    passed = False
    for name, limit in json.loads(LIMITS.read_text()).items():
        passed |= figures[name] > limit
        print(f"{name:<22} {figures[name]:6.3f} of at most {limit}{'  passed' if figures[name] > limit else ''}")
    return int(passed)


if __name__ == "__main__":
    sys.exit(main())
