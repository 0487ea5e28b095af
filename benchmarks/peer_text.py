"""The text that trafilatura extracts from a set's pages, as JSON Lines: id, url, title, text.

Runs in the peers' environment: `.venv-peers/bin/python benchmarks/peer_text.py SET.jsonl.gz > texts.jsonl`.
"""

from __future__ import annotations

import gzip
import json
import sys

import trafilatura
from trafilatura.metadata import extract_metadata


def main() -> None:
    """Extract every page, as a pipeline would that hands the text, the title and the address on."""
    with gzip.open(sys.argv[1], "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            url = row.get("url")
            known = extract_metadata(row["html"], default_url=url)
            text = trafilatura.extract(row["html"], url=url, include_comments=False) or ""
            title = known.title if known else None
            print(json.dumps({"id": row["id"], "url": url or (known and known.url), "title": title, "text": text}))


if __name__ == "__main__":
    main()
