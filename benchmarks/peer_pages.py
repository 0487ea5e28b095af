"""The seconds of processor time that trafilatura takes for each page of a set, as a JSON list.

Runs in the peers' environment, a round for `pages.py`: `.venv-peers/bin/python benchmarks/peer_pages.py SET`.
"""

from __future__ import annotations

import gzip
import json
import sys
import time

from trafilatura import bare_extraction

WARM_UP = 10


def timed(page: bytes) -> float:
    """Processor time to extract text and metadata, comments left out, as news pipelines do."""
    start = time.process_time()
    bare_extraction(page, with_metadata=True, include_comments=False)
    return time.process_time() - start


def main() -> None:
    """Time every page, some of them once before, so that what is made at first use is made."""
    with gzip.open(sys.argv[1], "rt", encoding="utf-8") as file:
        pages = [json.loads(line)["html"].encode() for line in file]
    for page in pages[:WARM_UP]:
        timed(page)
    print(json.dumps([timed(page) for page in pages]))


if __name__ == "__main__":
    main()
