"""How fast texts are cleaned, beside reading them, and fingerprinted, beside peers; one core. Run with `make bench`.

The machine is shared and noisy: each figure is the best of several rounds, and what the pinned limits in speed.json
hold are ratios taken in the same run. Texts to clean are the gold texts of the development data's news set, cut at
740 words; `signatures.py` says which are fingerprinted, and beside whom.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import signatures
from syndicate import Cleaner, Page
from syndicate.rules.ftr import import_ftr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent / "shared" / "data"
TEXTS = SHARED / "extraction" / "naeb.jsonl.gz"
SITE_FILES = SHARED / "rules" / "ftr-site-config.tar.gz"
LIMITS = HERE / "speed.json"
WORDS = 740
ROUNDS = 25
TIMES_THE_RULES = 10


def cut_texts() -> list[tuple[str, str]]:
    """The texts of at least 740 words, cut there, with their addresses."""
    found: list[tuple[str, str]] = []
    with gzip.open(TEXTS, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            lines: list[str] = []
            left = WORDS
            for line in row["gold"].split("\n"):
                words = line.split()
                lines.append(" ".join(words[:left]) if len(words) > left else line)
                left -= min(left, len(words))
                if not left:
                    found.append(("\n".join(lines), row["url"]))
                    break
    return found


def best(works: Sequence[Callable[[], object]]) -> list[float]:
    """The least processor time of each, in seconds, of rounds in which they take turns: so all see the same machine.

    A round before the first, which compiles patterns, does not count.
    """
    times = [float("inf")] * len(works)
    for work in works:
        work()
    for _ in range(ROUNDS):
        for at, work in enumerate(works):
            start = time.process_time()
            work()
            times[at] = min(times[at], time.process_time() - start)
    return times


def read(file: Path) -> int:
    """Read the texts from a compressed file, as a pipeline does that hands them on."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return sum(len(json.loads(line)["text"].split()) for line in lines)


def clean(cleaner: Cleaner, texts: Iterable[tuple[str, str]]) -> None:
    """Clean each text."""
    for text, url in texts:
        cleaner.clean_page(Page(text, id=url, url=url, format="text"))


def many_rules(folder: Path, count: int) -> Path:
    """A pack of as many rules of the usual form as asked for, each with a keyword of its own."""
    rules = (
        f'[[rule]]\nid = "rule-{number}"\nkind = "promo"\nsummary = "s"\nzone = "tail"\n'
        f"pattern = '(?i:(?:please )?subscribe to harrow{number:05}\\b.{{0,80}}+)'\n"
        f'[[rule.accept]]\ntext = "Subscribe to harrow{number:05} today"\n'
        f'[[rule.reject]]\ntext = "We subscribe to harrow."\n'
        for number in range(count)
    )
    head = 'schema = 1\n[pack]\nname = "many"\nversion = "1"\nsummary = "s"\n'
    file = folder / "many.toml"
    file.write_text(head + "".join(rules), encoding="utf-8")
    return file


def cleaning_figures() -> dict[str, float]:
    """Print how many texts are cleaned a second; return what the limits hold."""
    texts = cut_texts()
    every = Cleaner()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.jsonl.gz"
        with gzip.open(file, "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps({"text": text}) + "\n" for text, _ in texts)
        pack = many_rules(Path(folder), (TIMES_THE_RULES - 1) * len(every.rules.rules))
        more = Cleaner(packs=["core", "publishers", pack])
        import_ftr(SITE_FILES, Path(folder) / "sites", {})
        imported = Cleaner(packs=["core", "publishers", Path(folder) / "sites"])
        works: list[Callable[[], object]] = [lambda: read(file)]
        works += (partial(clean, cleaner, texts) for cleaner in (every, more, imported))
        reading, cleaning, with_more, with_imported = (seconds / len(texts) for seconds in best(works))
    rules, in_all = len(every.rules.rules), len(more.rules.rules)
    print(f"{len(texts)} articles of {WORDS} words; read {1 / reading:,.0f} a second")
    print(f"cleaned with {rules:,} rules: {1 / cleaning:,.0f} articles a second")
    print(f"cleaned with {in_all:,} rules: {1 / with_more:,.0f} articles a second")
    return {
        "clean_to_read": cleaning / reading,
        "ten_times_the_rules": with_more / cleaning,
        "imported_site_files": with_imported / cleaning,
    }


def signature_figures() -> dict[str, float]:
    """Print how long a text takes from itself to its signature; return what the limits hold."""
    times = signatures.in_turns()
    print(f"texts of {signatures.WORDS} words to signatures, one thread, microseconds a text:")
    print(", ".join(f"{name} {time:,.1f}" for name, time in sorted(times.items(), key=lambda item: item[1])))
    return {f"times_{peer}": times[peer] / times["syndicate"] for peer in ("rensa", "daft", "datasketch")}


def main() -> int:
    """Print the figures; fail where a limit is passed."""
    if not (TEXTS.is_file() and signatures.TEXTS.is_file()):
        print("skipped: needs the development data in shared/ beside the checkout")
        return int("CI" in os.environ)  # CI provides it
    figures = cleaning_figures() | signature_figures()
    passed = False
    for side, limits in json.loads(LIMITS.read_text()).items():
        for name, limit in limits.items():
            over = figures[name] > limit if side == "at_most" else figures[name] < limit
            passed |= over
            print(f"{name:<22} {figures[name]:6.2f}, {side.replace('_', ' ')} {limit}{'  passed' if over else ''}")
    return int(passed)


if __name__ == "__main__":
    sys.exit(main())
