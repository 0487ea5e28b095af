"""Learning at scale: `syndicate rules learn` on many pages with planted chrome, its time and its memory.

Articles are the mixed ones of `grown.py`, in paragraphs. One publisher has a fifth of them, the others are alike.
Each has lines of its own on its pages: a standing line on all, a box of two blocks on half, a label with a person, a
count with a number, and one line that only three in a hundred have. Nothing but these should be proposed, and all of
them. The run is the real command with two processes; its limits are in learning.json. Memory is what its processes
take together, once with a tenth of the pages and once with all.

`make bench-scale` does 100,000 pages: python benchmarks/learning_scale.py 100_000
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import tomli

from batch import memory
from grown import original, sentences
from quality import SHARED

FLOORS: Final = Path(__file__).resolve().parent / "learning.json"
OTHERS: Final = 160
WORDS, PARAGRAPH = 620, 55
LOOK: Final = 0.5
"""Seconds from one look at the memory to the next."""


def line(name: str, words: int) -> str:
    """Words that nothing else has."""
    rng = random.Random(name)  # noqa: S311
    return " ".join(
        "".join(rng.choice("bcdfghklmnprstvz") + rng.choice("aeiou") for _ in range(3)) for _ in range(words)
    )


def planted(site: str) -> dict[str, str]:
    """What a publisher has on its pages."""
    return {
        "standing": f"{line(f'{site} standing', 14).capitalize()}.",
        "box": line(f"{site} box", 5).capitalize(),
        "letter": f"{line(f'{site} letter', 16).capitalize()}.",
        "label": f"{line(f'{site} label', 3).capitalize()}:",
        "count": line(f"{site} count", 4).capitalize(),
        "rare": f"{line(f'{site} rare', 15).capitalize()}.",
    }


def page(number: int) -> dict[str, str]:
    """A page, of the large publisher or of one of the others."""
    rng = random.Random(f"page {number}")  # noqa: S311
    site = "large.example" if rng.random() < 0.2 else f"press{rng.randrange(OTHERS):03}.example"
    own = planted(site)
    words = original(number, WORDS)
    blocks = [" ".join(words[at : at + PARAGRAPH]) for at in range(0, len(words), PARAGRAPH)]
    if rng.random() < 0.5:
        blocks[4:4] = [own["box"], own["letter"]]
    if rng.random() < 0.03:
        blocks.append(own["rare"])
    blocks[1:1] = [f"{own['label']} {line(f'person {number}', 2).title()}"]
    blocks += [f"{own['count']} {rng.randrange(100_000)}", own["standing"]]
    return {"url": f"https://{site}/{number}", "text": "\n\n".join(blocks)}


def part(numbers: range) -> str:
    """The pages of these numbers as JSON Lines."""
    return "".join(json.dumps(page(number)) + "\n" for number in numbers)


def write(count: int, path: Path) -> None:
    """Write so many pages."""
    sentences()  # once for all processes, which are forked
    parts = [range(first, min(first + 2_000, count)) for first in range(0, count, 2_000)]
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool, path.open("w", encoding="utf-8") as file:
        file.writelines(pool.map(part, parts))


def learn(pages: Path, packs: Path) -> tuple[float, float]:
    """Run the command; return its minutes, and the most MB that it took."""
    command = [sys.executable, "-m", "syndicate", "rules", "learn", str(pages), "-o", str(packs), "--workers", "2"]
    start, most = time.monotonic(), 0.0
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        while process.poll() is None:
            time.sleep(LOOK)
            most = max(most, memory(process.pid))
    if process.returncode:
        raise SystemExit(f"rules learn ended with {process.returncode}")
    return (time.monotonic() - start) / 60, most


def found(packs: Path) -> tuple[float, int]:
    """The share of what was planted that is learnt, and how many rules take anything else."""
    hits = wanted = other = 0
    for path in sorted(packs.glob("*.toml")):
        own = planted(path.name.removesuffix(".toml"))
        rules: list[dict[str, Any]] = tomli.loads(path.read_text("utf-8"))["rule"]
        taken = [rule["accept"][0]["text"] for rule in rules]
        wanted += len(own)
        hits += sum(any(text.startswith(one) for text in taken) for one in own.values())
        other += sum(not text.startswith(tuple(own.values())) for text in taken)
    return hits / wanted, other


def main() -> int:
    """Print the figures; fail where a limit is passed."""
    if not SHARED.is_dir():
        print(f"skipped: needs the development data in {SHARED.name}/ beside the checkout")
        return 0
    count = int(sys.argv[1])
    limits = json.loads(FLOORS.read_text())["scale"]
    used: list[float] = []
    for pages in (count // 10, count):
        with tempfile.TemporaryDirectory() as name:
            source, packs = Path(name, "pages.jsonl"), Path(name, "packs")
            write(pages, source)
            minutes, most = learn(source, packs)
            share, other = found(packs)
            used.append(most)
            size = source.stat().st_size / 1e6
            print(f"{pages:,} pages ({size:,.0f} MB): {minutes:.1f} min, {most:,.0f} MB at most", flush=True)
    print(f"{share:.3f} of what is planted learnt, {other} other rules")
    kept = minutes / count * 100_000 <= limits["minutes"] and share >= limits["found"] and other <= limits["other"]
    grown = (used[1] - used[0]) / (count * 0.9) * 1000
    print(f"{grown:.2f} kB of memory a page more")
    return int(not (kept and grown <= limits["kB_a_page"]))


if __name__ == "__main__":
    sys.exit(main())
