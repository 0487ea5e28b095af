"""The pipeline by itself: settings, items of odd kinds, and an index that fails."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import MemoryStatsCollector

from syndicate import Index, InputError, StoreError, SyndicateError
from syndicate.scrapy import SyndicatePipeline
from tests.crawls.site import Story, copied, own, page_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ORIGINAL, OTHER = own("harbour", range(2))
(COPY,) = copied("valley", [ORIGINAL])


class Running:
    """A pipeline that is open."""

    def __init__(self, settings: dict[str, Any]) -> None:
        crawler = Crawler(Spider, settings)
        crawler.stats = MemoryStatsCollector(crawler)
        self.stats = crawler.stats
        self.pipeline = SyndicatePipeline.from_crawler(crawler)

    def process(self, item: Any) -> Any:
        return asyncio.run(self.pipeline.process_item(item))

    def counts(self) -> dict[str, Any]:
        return {name.removeprefix("syndicate/"): value for name, value in self.stats.get_stats().items()}


@contextmanager
def running(**settings: Any) -> Iterator[Running]:
    one = Running({f"SYNDICATE_{name}": value for name, value in settings.items()})
    one.pipeline.open_spider()
    try:
        yield one
    finally:
        one.pipeline.close_spider()


def item_of(story: Story, **more: Any) -> dict[str, Any]:
    return {"url": story.url, "html": page_of(story), **more}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"SYNDICATE_REPOSTS": "dropp"}, "SYNDICATE_REPOSTS is 'dropp' (did you mean 'drop'?)"),
        ({"SYNDICATE_REPOSTS": "drop"}, "SYNDICATE_REPOSTS is 'drop', which needs SYNDICATE_INDEX"),
        ({"SYNDICATE_REPOST": "drop"}, "unknown setting SYNDICATE_REPOST (did you mean 'SYNDICATE_REPOSTS'?)"),
        ({"SYNDICATE_FIELDS": {"htm": "body"}}, "unknown name 'htm' (did you mean 'html'?)"),
        ({"SYNDICATE_FIELDS": {"html": None}}, "'html' is None, and should be the name of an item's field"),
        ({"SYNDICATE_FIELDS": {"text": 3}}, "'text' is 3, and should be the name of an item's field"),
        ({"SYNDICATE_FIELDS": "html=body"}, "SYNDICATE_FIELDS is no mapping of names to item fields"),
        ({"SYNDICATE_PACKS": "no-such-pack"}, "no-such-pack"),
        ({"SYNDICATE_CONFIG": "no-such.toml"}, "no-such.toml"),
        ({"SYNDICATE_INDEX": "/no/such/folder/news.db"}, "/no/such/folder/news.db"),
    ],
)
def test_wrong_settings_are_refused_before_the_first_request(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(SyndicateError) as error:
        Running(settings).pipeline.open_spider()
    assert message in str(error.value)


def test_a_crawl_that_did_not_begin_can_be_closed() -> None:
    Running({}).pipeline.close_spider()


def test_settings_of_the_command_line_are_strings() -> None:
    with running(FIELDS='{"html": "body", "removed": null}', PACKS="core,publishers") as one:
        item = one.process({"url": ORIGINAL.url, "body": page_of(ORIGINAL)})
    assert item["text"] == text_of(ORIGINAL)
    assert "removed" not in item


def test_without_an_index_pages_are_cleaned_and_nothing_else() -> None:
    with running() as one:
        item = one.process(item_of(ORIGINAL))
    assert item["text"] == text_of(ORIGINAL)
    assert item["html"] == page_of(ORIGINAL)
    assert not {"matches", "repost_of", "story", "origin"} & set(item)
    assert one.counts() == {"ok": 1}


def test_what_the_item_knows_wins_over_its_page() -> None:
    when = datetime(2026, 3, 1, 9, tzinfo=UTC)
    with running(INDEX=":memory:", FIELDS={"id": "number"}) as one:
        item = one.process(item_of(ORIGINAL, number=7, outlet="Our feed", published=when, byline=["A", "B"]))
        copy = one.process(item_of(COPY))
    assert (item["outlet"], item["published"], item["byline"]) == ("Our feed", when, ["A", "B"])
    assert item["title"] == "What became of matter 1000"
    assert copy["repost_of"] == "7"


def test_an_id_that_is_a_sites_own_number_is_not_taken_for_an_identity() -> None:
    with running(INDEX=":memory:") as one:
        one.process(item_of(ORIGINAL, id=7))
        assert one.process(item_of(COPY, id=7))["repost_of"] == ORIGINAL.url


def test_text_that_another_extractor_took_can_be_cleaned_in_place() -> None:
    with running(FIELDS={"html": "text"}) as one:
        item = one.process({"url": ORIGINAL.url, "text": text_of(ORIGINAL) + "\n\nSign up for our newsletter"})
    assert item["text"] == text_of(ORIGINAL)


def test_items_without_a_page_go_on_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    with running() as one:
        assert one.process({"name": "an author"}) == {"name": "an author"}
        assert one.process({"html": ""}) == {"html": ""}
    assert one.counts() == {"without_html": 2}
    assert "No item had a page in its field 'html'; SYNDICATE_FIELDS can name another" in caplog.messages


@dataclass
class Bare:
    url: str
    html: str


def test_a_class_without_a_field_for_the_text_is_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    with running() as one:
        for story in (ORIGINAL, OTHER):
            assert one.process(Bare(story.url, page_of(story))) == Bare(story.url, page_of(story))
    assert caplog.messages == ["Bare has no field 'text': the cleaned text is lost"]


def test_what_cannot_be_cleaned_goes_on_and_says_why(caplog: pytest.LogCaptureFixture) -> None:
    with running(INDEX=":memory:") as one:
        item = one.process({"url": "http://harbour.example/odd", "html": 12})
        empty = one.process({"url": "http://harbour.example/empty", "html": "<html><body></body></html>"})
        image = one.process({"url": "http://harbour.example/image", "html": b"\x89PNG\r\n\x1a\n" + bytes(500)})
    assert item["status"] == "failed"
    assert item["reason"]
    assert (empty["status"], empty["text"], empty["matches"]) == ("empty", "", [])
    assert image["status"] == "rejected"
    assert one.counts() == {"failed": 1, "empty": 1, "rejected": 1}
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_an_item_without_an_address_is_cleaned_and_not_indexed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with running(INDEX=":memory:") as one:
        item = one.process({"html": page_of(ORIGINAL)})
    assert (item["text"], item["matches"]) == (text_of(ORIGINAL), None)
    assert one.counts() == {"ok": 1, "index_errors": 1}
    assert "without a url, or an id" in caplog.text


def test_an_index_that_fails_costs_no_item_and_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stopped(*_: object) -> None:
        raise StoreError("news.db: the server has stopped")

    with running(INDEX=str(tmp_path / "news.db")) as one:
        one.process(item_of(ORIGINAL))
        with monkeypatch.context() as patch:
            patch.setattr(Index, "trace", stopped)
            item = one.process(item_of(OTHER))
        with monkeypatch.context() as patch:
            patch.setattr(Index, "add", stopped)
            found = one.process(item_of(COPY))
        after = one.process(item_of(COPY))
    assert (item["text"], item["matches"], item["repost_of"]) == (text_of(OTHER), None, None)
    assert found["repost_of"] == after["repost_of"] == ORIGINAL.url
    assert one.counts() == {"ok": 4, "indexed": 2, "index_errors": 2, "reposts": 2}
    assert f"Cleaned, but not indexed: {OTHER.url}: news.db: the server has stopped" in caplog.messages
    with Index.open(tmp_path / "news.db") as index:
        assert set(index) == {ORIGINAL.url, COPY.url}


def test_crawling_again_keeps_what_was_kept_and_drops_what_was_dropped(tmp_path: Path) -> None:
    for _ in range(2):
        with running(INDEX=str(tmp_path / "news.db"), REPOSTS="drop") as one:
            assert one.process(item_of(ORIGINAL))["text"] == text_of(ORIGINAL)
            with pytest.raises(DropItem, match=f"repost of {ORIGINAL.url}"):
                one.process(item_of(COPY))
        assert one.counts() == {"ok": 2, "indexed": 1, "reposts": 1, "dropped": 1}


def test_of_two_copies_that_an_index_has_already_neither_is_dropped(tmp_path: Path) -> None:
    place = str(tmp_path / "news.db")
    with running(INDEX=place) as tagging:
        tagging.process(item_of(ORIGINAL))
        tagging.process(item_of(COPY))
    with running(INDEX=place, REPOSTS="drop") as dropping:
        assert dropping.process(item_of(ORIGINAL))["repost_of"] == COPY.url
        assert dropping.process(item_of(COPY))["repost_of"] == ORIGINAL.url


def test_a_page_that_came_back_empty_does_not_take_the_articles_place() -> None:
    with running(INDEX=":memory:") as one:
        one.process(item_of(ORIGINAL))
        one.process({"url": ORIGINAL.url, "html": "<html><body></body></html>"})
        assert one.process(item_of(COPY))["repost_of"] == ORIGINAL.url


def test_a_setting_that_is_wrong_is_wrong_input() -> None:
    with pytest.raises(InputError):
        Running({"SYNDICATE_REPOSTS": True})
