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
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grown import grow
from quality import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator

FIGURES = Path(__file__).with_name("spark.json")
SHARES = 16
FOOTER = (
    "The opinions that readers send us are their own and the editors may shorten a letter or leave it out and all "
    "who write to us agree that their name and the place where they live are printed beside what they have to say"
)
MOST_SKEW = 1.5
TICKS = 100


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
        for kind, folder in processes():
            own = (folder / "stat").read_text().rpartition(")")[2].split()
            ended = int(own[13]) + int(own[14]) if kind == "ours" else 0  # workers that have come and gone
            found[kind] += (int(own[11]) + int(own[12]) + ended) / TICKS
        return found

    def _look(self) -> None:
        while not self._ended.wait(0.5):
            now: Counter[str] = Counter()
            for kind, folder in processes():
                resident = int((folder / "statm").read_text().split()[1]) * 4096
                now[kind] += resident
            self.peaks |= now


def processes() -> Iterator[tuple[str, Path]]:
    """Java machines and Python workers, each with its folder in /proc."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            (folder / "stat").read_bytes()
        except OSError:
            continue  # it has ended
        if b"pyspark" in command and b"daemon" in command:
            yield "ours", folder
        elif command.partition(b"\0")[0].endswith(b"/java"):
            yield "spark", folder


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
        processes = Processes()
        before, start = processes.seconds(), time.perf_counter()
        found = match_articles(frame)
        pairs = found.pairs.checkpoint()
        matched = time.perf_counter()
        told = stories(pairs, frame).checkpoint().count()
        ended = time.perf_counter()
        spent = {kind: seconds - before[kind] for kind, seconds in processes.seconds().items()}
        processes.stop()
        figures = {
            "articles": count, "matches": pairs.count(), "stories": told, "chrome": found.chrome.count(),
            "match_seconds": matched - start, "story_seconds": ended - matched,
            "spark_cpu_seconds": spent["spark"], "our_cpu_seconds": spent["ours"],
            "spark_peak_bytes": processes.peaks["spark"], "our_peak_bytes": processes.peaks["ours"],
            "kept_bytes": sum(file.stat().st_size for file in kept.rglob("*") if file.is_file()),
        }  # fmt: skip
    return figures | moved(events)


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
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if not SHARED.is_dir():
        print(f"skipped: needs the development data in {SHARED.name}/ beside the checkout")
        return 0
    rows = []
    good = True
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            grow(size, folder / "articles.parquet")
            rows.append(bench(folder / "articles.parquet", size, folder))
            print(
                f"{size:9,} articles: {rows[-1]['match_seconds'] + rows[-1]['story_seconds']:.0f} s; {told(rows[-1])}"
            )
            if options.skew and size == min(options.sizes):
                skew(folder / "articles.parquet", folder / "skewed.parquet")
                (folder / "skew").mkdir()
                rows.append({"skewed": True} | bench(folder / "skewed.parquet", size, folder / "skew"))
                ratios = [rows[-1][name] / rows[-2][name] for name in ("match_seconds", "our_peak_bytes")]
                print(f"a footer on 30% of them: {ratios[0]:.2f} times the time, {ratios[1]:.2f} times the memory")
                good = max(ratios) <= MOST_SKEW and rows[-1]["chrome"] > rows[-2]["chrome"]
                good &= rows[-1]["matches"] == rows[-2]["matches"]
    if options.write:
        FIGURES.write_text(json.dumps({"runs": rows}, indent=1) + "\n")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
