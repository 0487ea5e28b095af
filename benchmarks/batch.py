"""Runs of `syndicate clean`: what a second processor gains, memory as pages go by, and runs that are broken off.

The pages are those of the development data, again and again under new names. Each run is the real command. Rates are
taken from an early checkpoint of a run to its last. Memory is what the run's processes take together (their
proportional set size), the most while the first thousand pages are cleaned and the most later. A run is killed at
random moments, and gone on with after each: its file must be that of a run nobody touched.

Run with `make bench`, or for many pages: python benchmarks/batch.py --pages 100000 --kills 5
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "shared" / "data" / "extraction"
LIMITS = HERE / "batch.json"
FIRST, SETTLED = 1_000, 8_000
"""Pages after which memory grows no more than a little, and not at all: each process has met the largest by then."""
COMPILED = 400
"""Pages after which most patterns that a page may want are compiled."""
LOOK = 0.05
"""Seconds from one look at a run to the next."""
ROUNDS = 5
RATED = 1_600
"""Pages by which the rates are taken."""


class Look(NamedTuple):
    """A run at a moment: seconds since it began, inputs noted as done, and the MB it takes."""

    seconds: float
    inputs: int
    memory: float


class Done(NamedTuple):
    """How a run went: its exit code, its last line, and how it looked whenever it had noted something."""

    code: int
    account: str
    looks: list[Look]

    def rate(self) -> float:
        """Inputs a second, from when each process has compiled the patterns of most rules to the last checkpoint."""
        first, last = next(look for look in self.looks if look.inputs >= COMPILED), self.looks[-1]
        return (last.inputs - first.inputs) / (last.seconds - first.seconds)

    def memory(self, first: int, last: int) -> float:
        """The most it took while it did these inputs."""
        return max((look.memory for look in self.looks if first < look.inputs <= last), default=0.0)


def make_pages(folder: Path, count: int) -> None:
    """Write the pages once, and give them all the names."""
    originals: list[Path] = []
    for file in sorted(DATA.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as rows:
            for row in rows:
                path = folder / "once" / f"{len(originals)}.html"
                path.parent.mkdir(exist_ok=True)
                path.write_text(json.loads(row)["html"], "utf-8", errors="replace")
                originals.append(path)
    random.Random(7).shuffle(originals)  # noqa: S311 - so that the first thousand are like the rest
    for at in range(count):
        name = folder / "pages" / f"{at // 1000:04}" / f"{at:07}.html"
        name.parent.mkdir(parents=True, exist_ok=True)
        os.link(originals[at % len(originals)], name)


def memory(process: int) -> float:
    """MB that a process and its children take."""
    kilobytes = 0
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        for one in (str(process), *children):
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.MULTILINE)
            kilobytes += int(found[1]) if found else 0
    except (FileNotFoundError, ProcessLookupError):
        pass  # one ended just now
    return kilobytes / 1024


def inputs_done(output: Path) -> int:
    """How many inputs a run has noted as done."""
    try:
        journal = json.loads((output.parent / f".{output.name}.journal").read_text())
    except FileNotFoundError:
        return 0
    return int(journal["checkpoint"]["inputs"])


def run(inputs: list[str], output: Path, *options: str, kill_after: float = float("inf")) -> Done:
    """Carry a run out, or kill it after so many seconds."""
    command = [sys.executable, "-m", "syndicate", "clean", *inputs, "-o", str(output), "--quiet", *options]
    start = time.monotonic()
    looks: list[Look] = []
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        while process.poll() is None:
            time.sleep(LOOK)
            done, seconds = inputs_done(output), time.monotonic() - start
            if done > (looks[-1].inputs if looks else 0):
                looks.append(Look(seconds, done, memory(process.pid)))
            if seconds > kill_after:
                process.send_signal(signal.SIGKILL)
        said = process.stderr.read().splitlines() if process.stderr else []
    return Done(process.returncode, said[-1] if said else "", looks)


class Rates(NamedTuple):
    """Pages a second of one process, of a run with two, and of two runs with one each, side by side."""

    one: float
    two: float
    apart: float


def rates(folder: Path) -> Rates:
    """In turns, until a round keeps a limit; what two runs do side by side is what the machine has to give."""
    some = [str(path) for path in sorted((folder / "pages").rglob("*.html"))[:RATED]]

    def rate(name: str, workers: int) -> float:
        return run(some, folder / f"{name}.jsonl", "--workers", str(workers)).rate()

    limits = json.loads(LIMITS.read_text())
    rounds: list[Rates] = []
    with ThreadPoolExecutor(2) as pool:
        while len(rounds) < ROUNDS:
            found = Rates(rate("one", 1), rate("two", 2), sum(pool.map(rate, "ab", (1, 1))))
            rounds.append(found)
            if found.two / found.one >= limits["two_to_one"] or found.two / found.apart >= limits["two_to_apart"]:
                break
    return rounds[-1]


def adds_up(account: str, pages: int) -> bool:
    """Whether an account has all the pages, each in one count."""
    seen, *counts = map(int, re.findall(r"\d+", account))
    return seen == pages == sum(counts)


def broken(folder: Path, whole: Done, kills: int) -> tuple[bytes, bool]:
    """The file of a run that is killed at random moments; and whether its account adds up."""
    output = folder / "broken.jsonl"
    chance = random.Random()  # noqa: S311 - another moment each time
    for _ in range(kills):
        after = chance.uniform(0.1, 1.0) * whole.looks[-1].seconds / kills
        done = run([str(folder / "pages")], output, "--resume", kill_after=after)
        print(f"  killed after {after:.0f} s, {inputs_done(output):,} inputs noted (code {done.code})")
    last = run([str(folder / "pages")], output, "--resume")
    return digest(output), last.account == whole.account


def digest(path: Path) -> bytes:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def main() -> int:
    """Print the figures; fail where a limit is not kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=3_000)
    parser.add_argument("--kills", type=int, default=2)
    wanted = parser.parse_args()
    if not DATA.is_dir():
        print("skipped: needs the development data in shared/ beside the checkout")
        return int("CI" in os.environ)  # CI provides it
    with tempfile.TemporaryDirectory(dir=HERE.parent) as name:
        folder = Path(name)
        make_pages(folder, wanted.pages)
        pace = rates(folder)
        print(f"{pace.one:.0f} pages a second with one process, {pace.two:.0f} with two; two apart: {pace.apart:.0f}")
        whole = run([str(folder / "pages")], folder / "whole.jsonl")
        size = (folder / "whole.jsonl").stat().st_size
        print(f"{whole.account}, in {whole.looks[-1].seconds:.0f} s, {size / 1e6:,.0f} MB written")
        growth = whole.memory(FIRST, wanted.pages) / whole.memory(0, FIRST)
        creep = whole.memory(SETTLED, wanted.pages) / whole.memory(FIRST, SETTLED)
        steps = [FIRST * 2**step for step in range(20) if FIRST * 2**step <= wanted.pages]
        print("MB: " + ", ".join(f"{whole.memory(first // 2, first):.0f} by {first:,}" for first in steps))
        made, same_account = broken(folder, whole, wanted.kills)
        same = made == digest(folder / "whole.jsonl") and same_account
    print(f"killed {wanted.kills} times and gone on with: {'the same file' if same else 'ANOTHER FILE'}")
    limits = json.loads(LIMITS.read_text())
    gain, share = pace.two / pace.one, pace.two / pace.apart
    print(f"two processes: {gain:.2f} times one, at least {limits['two_to_one']}")
    print(f"... {share:.2f} of two runs apart; at least {limits['two_to_apart']} will do")
    print(f"memory: {growth:.2f} times that of the first {FIRST:,}, at most {limits['memory_later_to_first']}")
    if wanted.pages > SETTLED:
        print(f"from {SETTLED:,} on {creep:.2f} times that before, at most {limits['memory_last_to_settled']}")
    # Where the machine has no second processor to give at the moment, two runs apart have none either.
    kept = gain >= limits["two_to_one"] or share >= limits["two_to_apart"]
    kept &= growth <= limits["memory_later_to_first"] and creep <= limits["memory_last_to_settled"]
    return int(not (kept and same and adds_up(whole.account, wanted.pages)))


if __name__ == "__main__":
    sys.exit(main())
