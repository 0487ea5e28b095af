"""From texts to MinHash signatures, one thread, beside rensa, Daft and datasketch: a part of `speed.py`.

Ours and the peers', which are in a process of their own (`peer_signatures.py`), take turns over the same texts, and
each is given its best round. Ours also counts and samples the distinct shingles; a signature is all the others make.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

from syndicate import fingerprint, fingerprint_many

HERE = Path(__file__).resolve().parent
TEXTS = HERE.parent.parent / "shared" / "data" / "syndication" / "allsides-background.jsonl.gz"
PEERS = HERE.parent / ".venv-peers" / "bin" / "python"
COUNT: Final = 1_000
WORDS: Final = 980
ROUNDS: Final = 3
TRIES: Final = 5


def texts() -> list[str]:
    """A thousand texts of 980 words: the background articles one after another, cut."""
    words: list[str] = []
    with gzip.open(TEXTS, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            words += row["text"].split(" ")
            if len(words) >= COUNT * WORDS:
                break
    return [" ".join(words[at : at + WORDS]) for at in range(0, COUNT * WORDS, WORDS)]


def ours(many: list[str]) -> dict[str, float]:
    """Seconds of processor time: for a batch, and for the texts one by one."""
    best = {"syndicate": float("inf"), "one by one": float("inf")}
    for _ in range(TRIES):
        start = time.process_time()
        list(fingerprint_many(many, threads=1))
        batch = time.process_time()
        for text in many:
            fingerprint(text)
        best["syndicate"] = min(best["syndicate"], batch - start)
        best["one by one"] = min(best["one by one"], time.process_time() - batch)
    return best


def in_turns() -> dict[str, float]:
    """Microseconds a text, by name."""
    many = texts()
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.json"
        file.write_text(json.dumps(many), "utf-8")
        command = [str(PEERS), str(HERE / "peer_signatures.py"), str(file)]
        for _ in range(ROUNDS):
            theirs = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)  # noqa: S603
            for name, seconds in (ours(many) | theirs).items():
                best[name] = min(best.get(name, float("inf")), seconds / len(many) * 1e6)
    return best
