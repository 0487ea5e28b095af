"""Any bytes as JSON Lines: every line is a page, an article or a failure that names it; nothing else comes."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from syndicate import Page
from syndicate.io.read import Failure, read_articles, read_pages
from syndicate.io.write import article_line, json_line

SEEDS: Final = tuple(
    text.encode()
    for text in (
        '{"id":"a","url":"https://harbour.example/a","html":"<p>The gates are shut.</p>","title":"Gates","n":3}\n',
        '{"text":"The gates are shut."}\n\n{"id":7,"text":"x"',
        '\ufeff{"text":"\\ud83d","published":null}\r\nnull\r\n[]\r\n{"html":3}\r\n',
        (
            '{"schema":1,"id":"a","text":"b","status":"ok","removed":[{"rule":"a/b","kind":"c","start":0,"end":1,"text":"x",'
            '"captures":[["author","Ada"]]}],"claims":[{"field":"source","value":"v","rule":"r","text":"t"}]}'
        ),
        '{"schema":1,"id":"a","text":"b","status":"suspect","packs":{"core":"1"},"notes":["n"],"refused":[]}',
    )
)
WORDS: Final = (
    '{"', '":"', '"}', '"id":', '"text":', '"html":', '"url":', '"schema":1', '"status":"ok"', '"removed":[{', "null",
    '"claims":[{', '"captures":[[', "NaN", "Infinity", "1e999", "\\u0000", "\\ud800", "true", "[[[[", '{"a":{"a":{',
    "\n", "\r\n", "\ufeff", "\u2028", '"packs":{', '"length":', '"notes":[', '"outlet":', '"published":',
)  # fmt: skip


@cache
def _file() -> Path:
    return Path(tempfile.mkdtemp(prefix="syndicate-fuzz-")) / "lines.jsonl"


def check(data: bytes) -> None:
    """The data is the file."""
    _file().write_bytes(data)
    lines = sum(1 for line in data.split(b"\n") if line.strip())
    pages = list(read_pages([str(_file())]))
    articles = list(read_articles([str(_file())]))
    assert len(pages) == len(articles) == lines
    for page in pages:
        assert not isinstance(page, Page) or json.loads(json_line(dict(page.extra))) is not None
    for article in articles:
        if not isinstance(article, Failure):
            article_line(article, {}, why=True)
