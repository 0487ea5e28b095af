"""The recipes of docs/pipelines.md run as they stand."""

from __future__ import annotations

import asyncio
import pickle
import re
import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pytest
from bs4 import BeautifulSoup
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.misc import build_from_crawler, load_object

import syndicate
from syndicate import Cleaner
from tests.conftest import ROOT
from tests.crawls.site import copied, own, page_of, serving, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DOCUMENT = (ROOT / "docs" / "pipelines.md").read_text("utf-8")
ORIGINALS = own("harbour", range(4))
STORIES = [*ORIGINALS, *copied("valley", ORIGINALS[:2])]
URLS = [story.url for story in STORIES]
PAGES = [page_of(story) for story in STORIES]
TEXTS = [text_of(story) for story in STORIES]


def sections() -> dict[str, str]:
    """The Python under each heading."""
    parts = re.split(r"^#+ (.*)$", DOCUMENT, flags=re.MULTILINE)[1:]
    code = {
        heading: "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
        for heading, text in zip(parts[::2], parts[1::2], strict=True)
    }
    return {heading: python for heading, python in code.items() if python}


def run(heading: str, **names: Any) -> dict[str, Any]:
    """Run what stands under a heading; returned are the names it leaves."""
    exec(compile(sections()[heading], heading, "exec"), names)  # noqa: S102 - the code is ours
    return names


def texts_of(articles: list[syndicate.Article]) -> list[str]:
    return [article.text for article in articles]


def test_no_recipe_goes_untested() -> None:
    here = (ROOT / "tests" / "test_recipes.py").read_text("utf-8")
    assert set(sections()) == set(re.findall(r'\brun\(\s*"([^"]+)"', here))


def test_the_beginning() -> None:
    assert isinstance(run("In a pipeline")["cleaner"], Cleaner)


def test_requests_and_beautifulsoup(cleaner: Cleaner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with serving(STORIES) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        names = run("requests and BeautifulSoup", cleaner=cleaner, urls=URLS)
    assert texts_of(names["articles"]) == TEXTS
    assert [article.id for article in names["articles"]] == URLS
    assert names["headings"][0] == "What became of matter 1000"


@pytest.mark.parametrize("parser", ["html.parser", "lxml", "html5lib"])
def test_a_tree_is_left_as_it_is(cleaner: Cleaner, parser: str) -> None:
    soup = BeautifulSoup(PAGES[0], parser)
    tags = soup.find_all()
    attributes = [dict(tag.attrs) for tag in tags]
    before = str(soup)
    cleaner.clean(soup, url=URLS[0])
    assert str(soup) == before
    assert soup.find_all() == tags
    assert [tag.attrs for tag in tags] == attributes


def test_trafilatura(cleaner: Cleaner, monkeypatch: pytest.MonkeyPatch) -> None:
    def bare_extraction(html: str, **_: object) -> SimpleNamespace | None:
        """What trafilatura makes of a page: a paragraph a line, with what stands below the article."""
        if not html:
            return None
        short = "The ferry is late.\nThe harbour is closed, and will stay so until Monday.\nNobody said why."
        text = f"{short}\nThis article was originally published by Harbour Ledger."
        return SimpleNamespace(text=text, title="A title", author="Imogen Tarrant", date="2026-03-01")

    module = ModuleType("trafilatura")
    module.bare_extraction = bare_extraction  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "trafilatura", module)
    pages = [(URLS[4], PAGES[4]), ("http://valley.example/empty", "")]
    (article,) = run("trafilatura", cleaner=cleaner, syndicate=syndicate, pages=pages)["articles"]
    assert article.text.split("\n\n") == [
        "The ferry is late.", "The harbour is closed, and will stay so until Monday.", "Nobody said why.",
    ]  # fmt: skip
    assert (article.id, article.title, article.byline, article.published) == (
        URLS[4], "A title", "Imogen Tarrant", "2026-03-01",
    )  # fmt: skip
    assert [claim.value for claim in article.claims if claim.field == "source"] == ["Harbour Ledger"]


def test_several_processes(cleaner: Cleaner) -> None:
    names = run("Several processes", cleaner=cleaner, htmls=PAGES, urls=URLS, __name__="__main__")
    assert texts_of(names["articles"]) == TEXTS


class Dataset:
    """Maps functions as `datasets.Dataset` does: by their pickles, over dicts of lists."""

    def __init__(self, columns: dict[str, list[Any]]) -> None:
        self.columns = columns

    def map(
        self, function: Callable[..., Any], *, batch_size: int, remove_columns: list[str], **_: object
    ) -> Dataset:
        function.__globals__["cleaner"] = pickle.loads(pickle.dumps(function.__globals__["cleaner"]))  # noqa: S301
        size = len(next(iter(self.columns.values())))
        done: dict[str, list[Any]] = {}
        for start in range(0, size, batch_size):
            batch = {name: values[start : start + batch_size] for name, values in self.columns.items()}
            for name, values in (batch | function(batch)).items():
                done.setdefault(name, []).extend(values)
        return Dataset({name: values for name, values in done.items() if name not in remove_columns})


def test_frames_and_data_sets(cleaner: Cleaner) -> None:
    columns: dict[str, list[Any]] = {"url": [*URLS, "http://harbour.example/none"], "html": [*PAGES, None]}
    names = run(
        "Frames and data sets", cleaner=cleaner, syndicate=syndicate, frame=pd.DataFrame(columns),
        table=pl.DataFrame(columns), dataset=Dataset(columns),
    )  # fmt: skip
    expected = [*TEXTS, ""]
    assert names["cleaned"]["text"].tolist() == expected
    assert names["cleaned"]["status"].tolist() == ["ok"] * len(TEXTS) + ["empty"]
    assert names["cleaned_rows"]["text"].to_list() == names["dataset"].columns["text"] == expected
    assert names["cleaned_rows"].columns == list(names["cleaned"].columns) == list(names["dataset"].columns)
    assert names["cleaned_rows"]["byline"].dtype == pl.String
    assert set(names["matches"].select("a", "b").iter_rows()) == {
        (story.url, copy.url) for story, copy in zip(ORIGINALS[:2], STORIES[4:], strict=True)
    }


def test_an_index_that_grows(
    cleaner: Cleaner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    articles = [
        cleaner.clean(page, url=url) for page, url in zip([*PAGES, ""], [*URLS, "http://a.example"], strict=True)
    ]
    run("An index that grows", syndicate=syndicate, articles=articles)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ", 1)[0] for line in lines] == URLS[4:]
    assert all(line.endswith("by Harbour Ledger") for line in lines)
    with syndicate.Index.open("news.db") as index:
        assert set(index) == set(URLS)


def test_scrapy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings({name: value for name, value in run("Scrapy").items() if name.isupper()})
    crawler = Crawler(Spider, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    (path,) = settings.getdict("ITEM_PIPELINES")
    pipeline = build_from_crawler(load_object(path), crawler)
    pipeline.open_spider()
    items = [
        asyncio.run(pipeline.process_item({"url": url, "body": page})) for url, page in zip(URLS, PAGES, strict=True)
    ]
    pipeline.close_spider()
    assert [item["article"] for item in items] == TEXTS
    assert [item["repost_of"] for item in items] == [None] * 4 + URLS[:2]
    assert not {"text", "removed"} & set(items[0])


def test_every_setting_and_field_of_the_scrapy_pipeline_is_documented() -> None:
    from syndicate.scrapy import _FIELDS, _SETTINGS

    text = DOCUMENT.partition("## Scrapy")[2]
    assert {name for name in (*_SETTINGS, *_FIELDS) if f"`{name}`" not in text} == set()
