"""Real crawls, each in a process of its own, of a web on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from syndicate import Index
from tests.conftest import ROOT
from tests.crawls.site import Story, copied, own, serving, text_of

if TYPE_CHECKING:
    from pathlib import Path

HARBOUR = own("harbour", range(60))
FIRST = [
    *HARBOUR, *own("valley", range(40)), *own("plains", range(40)), *own("coast", range(30)),
    *copied("valley", HARBOUR[:20]), *copied("plains", HARBOUR[10:30]),
]  # fmt: skip
LATER = [*copied("coast", HARBOUR[30:45]), *own("coast", range(100, 115)), HARBOUR[0]]
COPIED = {story.url for story in HARBOUR[:30]}
"""Stories of the first crawl that stand at more than one outlet in it; each copy is a story less its first."""
COPIES = 40


@dataclass
class Crawl:
    """What came of a crawl."""

    items: dict[str, dict[str, Any]]
    dropped: set[str]
    stats: dict[str, int]
    gap: float | None

    def counts(self) -> dict[str, int]:
        """The pipeline's own counts."""
        return {
            name.removeprefix("syndicate/"): value
            for name, value in self.stats.items()
            if name.startswith("syndicate/")
        }


def crawl(stories: list[Story], index: Path, *, lock: float = 0, **settings: Any) -> Crawl:
    with serving(stories) as proxy:
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        task = {
            "urls": [story.url for story in stories],
            "settings": {"SYNDICATE_INDEX": str(index)} | settings,
            "lock": lock,
        }
        command = [sys.executable, "-m", "tests.crawls.spider", json.dumps(task)]
        done = subprocess.run(
            command, cwd=ROOT, env=environment | {"http_proxy": proxy}, capture_output=True, text=True, check=True
        )
    assert done.stderr == ""
    told = json.loads(done.stdout)
    items = {item["url"]: item for item in told["items"]}
    assert len(items) == len(told["items"])
    return Crawl(items, set(told["dropped"]), told["stats"], told["gap"])


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crawl") / "news.db"


@pytest.fixture(scope="module")
def first(index: Path) -> Crawl:
    """A crawl during which another writer holds the index for a while."""
    return crawl(FIRST, index, lock=1.2)


@pytest.fixture(scope="module")
def second(first: Crawl, index: Path) -> Crawl:
    """The next day's crawl, on the first one's index."""
    assert first.items
    return crawl(LATER, index)


def test_items_of_every_kind_come_out_with_the_article_alone(first: Crawl) -> None:
    assert set(first.items) == {story.url for story in FIRST}
    assert {story.url for story in FIRST if first.items[story.url]["text"] != text_of(story)} == set()


def test_an_item_is_told_what_it_has_fields_for(first: Crawl) -> None:
    fields = {url.split("/")[2].partition(".")[0]: set(item) for url, item in first.items.items()}
    assert fields == {
        "harbour": {
            "url", "text", "title", "byline", "published", "outlet", "status", "reason", "claims", "removed",
            "matches", "repost_of", "story", "origin",
        },
        "valley": {"url", "text", "title", "status", "matches", "repost_of", "origin"},
        "plains": {"url", "text", "repost_of"},
        "coast": {"url", "text", "repost_of", "story"},
    }  # fmt: skip
    item = first.items["http://harbour.example/news/40"]
    told = (item["title"], item["byline"], item["outlet"], item["status"])
    assert told == ("What became of matter 1040", "Imogen Tarrant", "Harbour Ledger", "ok")


def test_what_the_spider_found_itself_stays(first: Crawl) -> None:
    assert {item["status"] for url, item in first.items.items() if "valley" in url} == {200}


def test_the_later_of_two_copies_is_the_repost_within_one_crawl(first: Crawl) -> None:
    copies = {url: item["repost_of"] for url, item in first.items.items() if item["repost_of"]}
    texts = {story.url: story.text for story in FIRST}
    assert len(copies) == COPIES
    assert all(texts[url] == texts[original] for url, original in copies.items())
    assert copies.keys() | set(copies.values()) >= COPIED


def test_reposts_are_told_where_the_text_is_from(first: Crawl) -> None:
    item = next(item for url, item in first.items.items() if "valley" in url and item["repost_of"])
    assert item["origin"]["outlet"] == "Harbour Ledger"
    assert item["matches"][0]["relation"] == "repost"


def test_every_item_is_counted(first: Crawl, second: Crawl) -> None:
    assert first.counts() == {"ok": len(FIRST), "indexed": len(FIRST), "reposts": COPIES}
    assert second.counts() == {"ok": len(LATER), "indexed": len(LATER), "reposts": 16}


def test_the_next_crawl_knows_what_the_last_one_found(second: Crawl, index: Path) -> None:
    copies = {url: item["repost_of"] for url, item in second.items.items() if item["repost_of"]}
    again = HARBOUR[0].url
    assert copies.pop(again) == "http://valley.example/news/500"
    assert copies == {copy.url: original.url for copy, original in zip(LATER[:15], HARBOUR[30:45], strict=True)}
    stories = {item["story"] for url, item in second.items.items() if url in copies}
    assert len(stories - {None}) == 15
    with Index.open(index) as opened:
        assert len(opened) == len(FIRST) + 30
        assert opened.check() == ()


def test_the_reactor_never_waits_for_the_index(first: Crawl) -> None:
    assert first.gap is not None
    assert first.gap < 0.9  # of the 1.2 seconds that the index was locked


def test_reposts_are_dropped_where_that_is_asked_for(tmp_path: Path) -> None:
    stories = [*HARBOUR[:20], *copied("valley", HARBOUR[:10]), *own("plains", range(5))]
    index = tmp_path / "news.db"
    done = crawl(stories, index, SYNDICATE_REPOSTS="drop", TWISTED_REACTOR=None, DEFAULT_DROPITEM_LOG_LEVEL="INFO")
    assert done.counts() == {"ok": 35, "indexed": 25, "reposts": 10, "dropped": 10}
    assert (done.stats["item_scraped_count"], done.stats["item_dropped_count"]) == (25, 10)
    assert done.dropped | set(done.items) == {story.url for story in stories}
    kept = [story.text for story in stories if story.url in done.items]
    assert len(set(kept)) == len(kept) == 25
    with Index.open(index) as opened:
        assert set(opened) == set(done.items)
