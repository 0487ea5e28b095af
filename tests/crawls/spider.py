"""A crawl in a process of its own: `python -m tests.crawls.spider TASK`, where TASK is JSON; it prints JSON."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import attrs
import scrapy
from itemadapter import ItemAdapter
from scrapy import signals
from scrapy.crawler import CrawlerProcess
from twisted.internet.task import LoopingCall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@dataclass
class AsDataclass:
    url: str
    html: str
    text: str | None = None
    title: str | None = None
    status: int = 200
    matches: list[Any] = field(default_factory=list)
    repost_of: str | None = None
    origin: dict[str, Any] | None = None


@attrs.define
class AsAttrs:
    url: str
    html: bytes
    text: str | None = None
    repost_of: str | None = None


class AsItem(scrapy.Item):
    url = scrapy.Field()
    html = scrapy.Field()
    text = scrapy.Field()
    repost_of = scrapy.Field()
    story = scrapy.Field()


class Watch:
    """Holds the write lock of an index for a while, and measures how long the reactor stands still meanwhile."""

    def __init__(self, index: str, seconds: float) -> None:
        self._connection = sqlite3.connect(index, isolation_level=None)
        self._connection.execute("BEGIN IMMEDIATE")
        self._seconds = seconds
        self._began = self._last = time.monotonic()
        self.gap = 0.0
        self._ticks = LoopingCall(self._tick)
        self._ticks.start(0.01)

    def _tick(self) -> None:
        now = time.monotonic()
        self.gap, self._last = max(self.gap, now - self._last), now
        if now - self._began > self._seconds:
            self._ticks.stop()
            self._connection.close()


class News(scrapy.Spider):
    name = "news"
    kinds = {"harbour": dict, "valley": AsDataclass, "plains": AsAttrs, "coast": AsItem}  # noqa: RUF012
    task: dict[str, Any]
    watch: Watch | None = None
    items: list[dict[str, Any]]
    dropped: list[str]

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> News:
        spider: News = super().from_crawler(crawler, *args, **kwargs)
        spider.items, spider.dropped = [], []
        crawler.signals.connect(spider.scraped, signals.item_scraped)
        crawler.signals.connect(spider.lost, signals.item_dropped)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        for url in self.task["urls"]:
            yield scrapy.Request(url)

    def parse(self, response: Any) -> Iterator[Any]:
        if self.task.get("lock") and self.watch is None:
            self.watch = Watch(self.task["settings"]["SYNDICATE_INDEX"], self.task["lock"])
        kind = self.kinds[response.url.split("/")[2].partition(".")[0]]
        yield kind(url=response.url, html=response.body if kind is AsAttrs else response.text)

    def scraped(self, item: Any) -> None:
        record = ItemAdapter(item).asdict()
        del record["html"]
        self.items.append(record)

    def lost(self, item: Any) -> None:
        self.dropped.append(ItemAdapter(item)["url"])


def main() -> None:
    task = json.loads(sys.argv[1])
    settings = {
        "ITEM_PIPELINES": {"syndicate.scrapy.SyndicatePipeline": 300}, "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    }  # fmt: skip
    process = CrawlerProcess(settings | task["settings"])
    crawler = process.create_crawler(News)
    process.crawl(crawler, task=task)
    process.start()
    if process.bootstrap_failed:
        sys.exit(1)
    spider = crawler.spider
    assert isinstance(spider, News)
    json.dump(
        {
            "items": spider.items,
            "dropped": spider.dropped,
            "gap": spider.watch.gap if spider.watch else None,
            "stats": {name: value for name, value in crawler.stats.get_stats().items() if isinstance(value, int)},
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
