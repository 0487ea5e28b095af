"""Matching on Spark as a corpus grows: what an article costs, and what part of that is Spark's and what part ours.

Corpora are those of `grown.py`, one Spark session on this machine each. Processor time of the Java machine is Spark's
(reading, joins, sorts, shuffles), that of its Python workers ours, with what passes between the two. Bytes are those
that Spark's own event log counts. With --skew a footer is planted on 30% of the articles of the smallest corpus, that
no rule takes; it must cost next to nothing, and be reported. The figures are written to spark.json with --write.

`make bench-spark` does 20,000, 100,000 and 400,000 articles (2 GB of disk, and some fifteen minutes).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import quality
from grown import grow

if TYPE_CHECKING:
    from collections.abc import Iterator

FIGURES = Path(__file__).with_name("spark.json")
SHARES = 16
FOOTER = (
    "The opinions that readers send us are their own and the editors may shorten a letter or leave it out and all "
    "who write to us agree that their name and the place where they live are printed beside what they have to say"
)
MOST_SKEW = 1.5
TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")


class Processes:
    """Processor seconds and peak memory of the Java machine and of Python's workers, by kind, from /proc."""

    def __init__(self) -> None:
        self.peaks: Counter[str] = Counter()
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()

    def stop(self) -> None:
        self._ended.set()
        self._watch.join()

    def seconds(self) -> dict[str, float]:
        found = {"spark": 0.0, "ours": 0.0}
        for kind, seconds, _ in processes():
            found[kind] += seconds
        return found

    def _look(self) -> None:
        while not self._ended.wait(0.5):
            now: Counter[str] = Counter()
            for kind, _, resident in processes():
                now[kind] += resident
            self.peaks |= now


def processes() -> Iterator[tuple[str, float, int]]:
    """This process's Java machine and its Python workers: the kind, processor seconds, and bytes in memory."""
    parents: dict[int, int] = {}
    found: dict[int, tuple[str, float, int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            facts = (folder / "stat").read_text().rpartition(")")[2].split()
            is_java = (folder / "cmdline").read_bytes().partition(b"\0")[0].endswith(b"/java")
        except OSError:
            continue  # it has ended
        ticks = facts[11:13] if is_java else facts[11:15]  # of Python those of workers, too, that have come and gone
        seconds = sum(map(int, ticks)) / TICKS
        parents[int(folder.name)] = int(facts[1])
        found[int(folder.name)] = ("spark" if is_java else "ours", seconds, int(facts[21]) * PAGE)
    for process, figures in found.items():
        above = process
        while above in parents and above != os.getpid():
            above = parents[above]
        if above == os.getpid() != process:
            yield figures


def bench(path: Path, count: int, folder: Path) -> dict[str, Any]:
    """Match a file, and make stories of the matches."""
    from syndicate.spark.matching import match_articles
    from syndicate.spark.session import open_session
    from syndicate.spark.story import stories

    events, kept = folder / "events", folder / "kept"
    events.mkdir()
    conf = {
        "spark.sql.shuffle.partitions": str(SHARES), "spark.checkpoint.dir": str(kept), "spark.driver.memory": "3g",
        "spark.eventLog.enabled": "true", "spark.eventLog.dir": events.as_uri(), "spark.eventLog.compress": "false",
        "spark.eventLog.rolling.enabled": "true",
        "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.local.dir": str(folder),
    }  # fmt: skip
    with open_session("local[*]", conf) as spark:
        frame = spark.read.parquet(str(path))
        match_articles(frame.limit(100)).pairs.count()  # loads the compiled code, and what Java compiles first
        watch = Processes()
        before, start = watch.seconds(), time.perf_counter()
        found = match_articles(frame)
        pairs = found.pairs.checkpoint()
        matched = time.perf_counter()
        told = stories(pairs, frame).checkpoint().count()
        ended = time.perf_counter()
        spent = {kind: seconds - before[kind] for kind, seconds in watch.seconds().items()}
        watch.stop()
        figures = {
            "articles": count, "matches": pairs.count(), "stories": told, "chrome": found.chrome.count(),
            "match_seconds": matched - start, "story_seconds": ended - matched,
            "spark_cpu_seconds": spent["spark"], "our_cpu_seconds": spent["ours"],
            "spark_peak_bytes": watch.peaks["spark"], "our_peak_bytes": watch.peaks["ours"],
            "kept_bytes": sum(file.stat().st_size for file in kept.rglob("*") if file.is_file()),
        }  # fmt: skip
    return figures | moved(events)


def bench_cleaning(pages: int, folder: Path) -> dict[str, Any]:
    """Clean real pages, each of them many times, from Parquet to Parquet."""
    import pyarrow as pa
    from pyarrow import parquet

    from syndicate.spark.cleaning import clean
    from syndicate.spark.session import open_session

    rows = [row for name in ("naeb", "wcxb-articles") for row in quality.rows(quality.gold(name))]
    many = [rows[at % len(rows)] | {"id": str(at)} for at in range(pages)]
    (folder / "pages").mkdir()
    for part in range(SHARES):
        own = [{name: row[name] for name in ("id", "url", "html")} for row in many[part::SHARES]]
        parquet.write_table(pa.Table.from_pylist(own), folder / "pages" / f"{part}.parquet")
    with open_session("local[*]", {"spark.driver.memory": "3g", "spark.ui.showConsoleProgress": "false"}) as spark:
        frame = spark.read.parquet(str(folder / "pages"))
        clean(frame.limit(64)).write.parquet(str(folder / "warm"))
        watch = Processes()
        before, start = watch.seconds(), time.perf_counter()
        clean(frame).write.parquet(str(folder / "cleaned"))
        seconds = time.perf_counter() - start
        spent = {kind: now - before[kind] for kind, now in watch.seconds().items()}
        watch.stop()
    each = {"ms": seconds, "ms of Spark's": spent["spark"], "ms of ours": spent["ours"]}
    line = ", ".join(f"{1e3 * value / pages:.2f} {name}" for name, value in each.items())
    print(f"{pages:9,} pages: {seconds:.0f} s; {line}")
    return {
        "pages": pages, "seconds": seconds, "spark_cpu_seconds": spent["spark"], "our_cpu_seconds": spent["ours"],
    }  # fmt: skip


def moved(events: Path) -> dict[str, int]:
    """Bytes that were shuffled and spilled, and rows."""
    sums: Counter[str] = Counter()
    for file in events.rglob("events_*"):
        with file.open() as lines:
            for line in lines:
                metrics = json.loads(line).get("Task Metrics")
                if metrics:
                    sums["shuffle_bytes"] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
                    sums["shuffle_rows"] += metrics["Shuffle Write Metrics"]["Shuffle Records Written"]
                    sums["spilled_bytes"] += metrics["Disk Bytes Spilled"]
    return dict(sums)


def skew(path: Path, planted: Path) -> None:
    """Plant the footer on three articles in ten."""
    import pyarrow as pa
    from pyarrow import parquet

    table = parquet.read_table(path)
    texts = [
        f"{text}\n\n{FOOTER}" if number % 10 < 3 else text
        for number, text in enumerate(table.column("text").to_pylist())
    ]
    parquet.write_table(table.set_column(table.schema.get_field_index("text"), "text", pa.array(texts)), planted)


def told(figures: dict[str, Any]) -> str:
    """Figures as a line: all an article."""
    count = figures["articles"]
    parts = {
        "ms": 1e3 * figures["match_seconds"], "ms of stories": 1e3 * figures["story_seconds"],
        "ms of Spark's": 1e3 * figures["spark_cpu_seconds"], "ms of ours": 1e3 * figures["our_cpu_seconds"],
        "shuffled rows": figures["shuffle_rows"], "shuffled bytes": figures["shuffle_bytes"],
        "spilled bytes": figures["spilled_bytes"], "kept bytes": figures["kept_bytes"],
    }  # fmt: skip
    return ", ".join(f"{value / count:.2f} {name}" for name, value in parts.items())


def main() -> int:
    """Bench the sizes that are given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=lambda size: int(size.replace("_", "")))
    parser.add_argument("--skew", action="store_true")
    parser.add_argument("--pages", type=int, default=0, help="how many pages to clean, besides")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not quality.SHARED.is_dir():
        print(f"skipped: needs the development data in {quality.SHARED.name}/ beside the checkout")
        return 0
    smallest = min(options.sizes, default=0)
    if smallest:
        bench_size(smallest)  # Java compiles what it runs often
    runs, good = [], True
    for size in options.sizes:
        runs.append(bench_size(size))
        print(f"{size:9,} articles: {runs[-1]['match_seconds'] + runs[-1]['story_seconds']:.0f} s; {told(runs[-1])}")
        if options.skew and size == smallest:
            plain, skewed = runs[-1], bench_size(size, planted=True)
            runs.append({"skewed": True} | skewed)
            ratios = [skewed[name] / plain[name] for name in ("match_seconds", "our_peak_bytes", "shuffle_bytes")]
            parts = zip(ratios, ("the time", "the memory of our part", "the bytes"), strict=True)
            print("a footer on 30% of them:", ", ".join(f"{ratio:.2f} times {what}" for ratio, what in parts))
            same = skewed["matches"] == skewed["local_matches"] and skewed["chrome"] > plain["chrome"]
            good = max(ratios) <= MOST_SKEW and same
    figures: dict[str, Any] = {"runs": runs}
    if options.pages:
        with tempfile.TemporaryDirectory() as name:
            figures["cleaning"] = bench_cleaning(options.pages, Path(name))
    if options.write:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
    return int(not good)


def bench_size(size: int, *, planted: bool = False) -> dict[str, Any]:
    """Bench so many articles, in a folder that is gone afterwards; with the footer, they are matched locally, too."""
    from syndicate.io.parquet import read_texts
    from syndicate.match import match_texts

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        grow(size, folder / "articles.parquet")
        if planted:
            skew(folder / "articles.parquet", folder / "skewed.parquet")
            local = match_texts(read_texts(folder / "skewed.parquet"))
            return bench(folder / "skewed.parquet", size, folder) | {"local_matches": len(local.pairs)}
        return bench(folder / "articles.parquet", size, folder)


if __name__ == "__main__":
    sys.exit(main())
