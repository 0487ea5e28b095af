"""Matching at scale: corpora grown from the background articles, with planted copies and excerpts.

Sentences of the background are mixed into new articles of 980 words; each outlet has a footer on all its pages. Of a
hundred articles five are copies of an earlier one, with one word in fifty changed and another outlet's footer, and
five have 35% of an earlier one in the midst of their own text. Ids say which. Found must be nearly all of these, and
nothing else; time and memory are those of a process of its own, from the Parquet file to verified matches. At 100,000
articles Daft's published recipe (`peer_matching.py`) takes the same file in turns. Floors are in matching.json.

`make bench` does 10,000 and 100,000 articles, `make bench-scale` a million (7 GB of disk for as long as it takes).
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from quality import SHARED, rows

if TYPE_CHECKING:
    import pyarrow as pa

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "matching.json"
PEERS = HERE.parent / ".venv-peers" / "bin" / "python"
BACKGROUND = SHARED / "data" / "syndication" / "allsides-background.jsonl.gz"
WORDS: Final = 980
FOOTER: Final = 40
OUTLETS: Final = 200
EXCERPT: Final = 0.35
CHANGED: Final = 50
"""One word in so many is changed in a copy."""
ROUNDS: Final = 3
"""Turns that we and a peer take; each is given its best."""
WITH_PEER: Final = 100_000
PART: Final = 10_000
"""Articles that a process makes at a time."""


@cache
def sentences() -> tuple[str, ...]:
    """The background's sentences of five to sixty words, each once."""
    found: dict[str, None] = {}
    for row in rows(BACKGROUND):
        for sentence in re.split(r"(?<=[.!?])\s+", row["text"]):
            if 5 <= len(sentence.split()) <= 60:
                found[sentence] = None
    return tuple(found)


def original(number: int, words: int = WORDS) -> list[str]:
    """The words of a new article."""
    rng = random.Random(f"article {number}")  # noqa: S311
    pool = sentences()
    text: list[str] = []
    while len(text) < words:
        text += pool[rng.randrange(len(pool))].split()
    return text[:words]


def footer(outlet: int) -> str:
    """What an outlet has below all its articles."""
    rng = random.Random(f"outlet {outlet}")  # noqa: S311
    return " ".join(f"footer{rng.randrange(10**6)}" for _ in range(FOOTER))


def article(number: int) -> dict[str, str]:
    """Article number so and so; its id says what it is: an original, a copy or an excerpt of which."""
    kind, rng = number % 100, random.Random(f"planted {number}")  # noqa: S311
    outlet = rng.randrange(OUTLETS)
    name = f"o{number:07}"
    if kind >= 90:
        source = rng.randrange(number // 100 + 1) * 100 + rng.randrange(90)  # one that is planted nowhere itself
        source_outlet = random.Random(f"planted {source}").randrange(OUTLETS)  # noqa: S311
        outlet = (source_outlet + 1 + rng.randrange(OUTLETS - 1)) % OUTLETS
        copied = original(source)
    if kind >= 95:
        start = rng.randrange(WORDS - int(WORDS * EXCERPT))
        own = original(number, WORDS - int(WORDS * EXCERPT))
        at = rng.randrange(len(own))
        # The footers are text as well: 35% of all words.
        words = own[:at] + copied[start : start + int((WORDS + FOOTER) * EXCERPT)] + own[at:]
        name = f"e{number:07}-{source:07}"
    elif kind >= 90:
        words = [f"edited{rng.randrange(10**6)}" if rng.randrange(CHANGED) == 0 else word for word in copied]
        name = f"c{number:07}-{source:07}"
    else:
        words = original(number)
    lines = (" ".join(words[at : at + 70]) for at in range(0, len(words), 70))
    return {"id": name, "outlet": f"outlet {outlet}", "text": "\n\n".join((*lines, footer(outlet)))}


def part(numbers: range) -> pa.Table:
    """The articles of these numbers."""
    import pyarrow as pa

    rows = list(map(article, numbers))
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in ("id", "outlet", "text")})


def grow(count: int, path: Path) -> None:
    """Write so many articles as Parquet; the same bytes each time, however many processes make them."""
    from pyarrow import parquet

    sentences()  # once for all processes, which are forked
    parts = [range(first, min(first + PART, count)) for first in range(0, count, PART)]
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool, path.open("wb") as file:
        tables = pool.map(part, parts)
        first = next(tables)
        with parquet.ParquetWriter(file, first.schema) as writer:
            for table in chain([first], tables):
                writer.write_table(table)


def match(path: Path) -> dict[str, Any]:
    """Match a file in this process; what was found, and what it took."""
    import resource
    import time

    from syndicate.io.parquet import read_texts
    from syndicate.match import match_texts

    match_texts(read_texts(path.with_name("warm.parquet")))  # loads the compiled code
    start = time.perf_counter()
    found = match_texts(read_texts(path))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20

    def family(name: str) -> str:
        return name[-7:]

    planted = {name: family(name) for name in ids(path) if name[0] != "o"}
    pairs = {(pair.a, pair.b) for pair in found.pairs}
    matched = {name for a, b in pairs for name, other in ((a, b), (b, a)) if other == f"o{family(name)}"}
    figures: dict[str, Any] = {"seconds": seconds, "gigabytes": peak, "matches": len(pairs)}
    figures["false"] = sum(family(a) != family(b) for a, b in pairs)
    for kind in "ce":
        wanted = {name for name in planted if name[0] == kind}
        figures[kind] = len(wanted & matched) / len(wanted)
    figures["chrome"] = len(found.chrome)
    return figures


def ids(path: Path) -> list[str]:
    """The ids of a file's articles."""
    from pyarrow import parquet

    names: list[str] = parquet.read_table(path, columns=["id"]).column(0).to_pylist()
    return names


def run(command: list[str | Path]) -> dict[str, Any]:
    """What a process prints as JSON."""
    output = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE).stdout  # noqa: S603
    figures: dict[str, Any] = json.loads(output.splitlines()[-1])
    return figures


def best(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The figures of the faster run."""
    return min(one, other, key=lambda figures: figures["seconds"])


def bench(count: int, folder: Path, floors: dict[str, Any]) -> bool:
    """Grow a corpus, match it, and say what came of it."""
    path = folder / f"{count}.parquet"
    grow(count, path)
    ours, theirs = {"seconds": float("inf")}, {"seconds": float("inf")}
    for _ in range(ROUNDS if count == WITH_PEER else 1):
        ours = best(ours, run([sys.executable, __file__, "match", path]))
        if count == WITH_PEER:
            theirs = best(theirs, run([PEERS, HERE / "peer_matching.py", path, folder / "warm.parquet"]))
    path.unlink()
    print(
        f"{count:>9,} articles: {ours['seconds']:6.1f} s, {ours['gigabytes']:5.2f} GB; copies {ours['c']:.4f}, "
        f"excerpts {ours['e']:.4f}, false {ours['false']}, of {ours['matches']:,} matches"
    )
    reached: bool = ours["c"] >= floors["copies"] and ours["e"] >= floors["excerpts"] and not ours["false"]
    if count == WITH_PEER:
        times = theirs["seconds"] / ours["seconds"]
        print(f"{'':>9} Daft: {theirs['seconds']:.1f} s, {times:.2f} times ours; copies {theirs['c']:.4f}, "
              f"excerpts {theirs['e']:.4f}")  # fmt: skip
        reached &= times >= floors["times_daft"]
    limits = floors["limits"].get(str(count), {})
    reached &= all(ours[name] <= limit for name, limit in limits.items())
    if not reached:
        print(f"not reached: {floors}")
    return reached


def main() -> int:
    """Bench the sizes that are given; or, as `match FILE`, match one file and print figures."""
    if sys.argv[1] == "match":
        print(json.dumps(match(Path(sys.argv[2]))))
        return 0
    if not SHARED.is_dir():
        print(f"skipped: needs the development data in {SHARED.name}/ beside the checkout")
        return int("CI" in os.environ)  # CI provides it
    floors = json.loads(FLOORS.read_text())["grown"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        grow(1_000, folder / "warm.parquet")
        reached = [bench(int(count.replace("_", "")), folder, floors) for count in sys.argv[1:]]
    return int(not all(reached))


if __name__ == "__main__":
    sys.exit(main())
