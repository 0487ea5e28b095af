"""The seconds of processor time that others take from texts to MinHash signatures, as JSON by name.

Runs in the peers' environment, a round for `speed.py`: `.venv-peers/bin/python benchmarks/peer_signatures.py TEXTS`,
a JSON list of texts. All make 128 permutations over the runs of five words, each in the fastest way it offers, on one
processor.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import daft
from daft.functions import minhash
from datasketch import MinHash
from rensa import RMinHash

if TYPE_CHECKING:
    from collections.abc import Callable

PERMUTATIONS, WORDS = 128, 5


def shingles(text: str) -> list[str]:
    """The runs of five words, as all examples of rensa and datasketch make them."""
    words = text.split()
    return [" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1)]


def by_rensa(texts: list[str]) -> None:
    """All at once, which is a tenth faster than one by one."""
    RMinHash.digest_matrix_from_token_sets([shingles(text) for text in texts], num_perm=PERMUTATIONS, seed=1)


def by_datasketch(texts: list[str]) -> None:
    """One by one, which is a quarter faster than `MinHash.bulk`."""
    for text in texts:
        MinHash(num_perm=PERMUTATIONS).update_batch([shingle.encode() for shingle in shingles(text)])


def by_daft(column: daft.DataFrame) -> None:
    """A column of texts, with the hash function that is Daft's default."""
    column.select(minhash(daft.col("text"), num_hashes=PERMUTATIONS, ngram_size=WORDS)).collect()


def timed(work: Callable[[], object]) -> float:
    """Processor time of a second run, when what is made once is made."""
    work()
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Time each."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
    texts = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    column = daft.from_pydict({"text": texts}).collect()
    seconds = {
        "daft": min(timed(lambda: by_daft(column)) for _ in range(3)),
        "rensa": timed(lambda: by_rensa(texts)),
        "datasketch": timed(lambda: by_datasketch(texts)),
    }
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
