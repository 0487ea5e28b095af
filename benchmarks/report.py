"""A report of 20,000 articles and 2,000 stories: how long it takes to make, and how long one waits in a browser.

The articles are made up: each story is run by five outlets, with words changed and chrome of their own; as many
articles again are of no story. Times in the browser are the medians of several visits by Debian's Chromium: to the
first paint of the file, and from a link to a story (a comparison, a search, an article) to the frame that shows it.

Run with `make bench`; it needs Chromium.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndicate import Article, Removal, Status, match_corpus
from syndicate.io.write import copied_articles, write_graph
from syndicate.report.build import read_report, write_html
from syndicate.rules.packs import load_packs

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMITS = Path(__file__).resolve().with_name("report.json")
ARTICLES, STORIES, COPIES = 20_000, 2_000, 5
WORDS = 700
VISITS = 5
CHROME = (
    ("core-en/share-button", "share-prompt", "Share this article"),
    ("core-en/newsletter-form", "newsletter", "Sign up for our morning letter"),
    ("core-en/rights-reserved", "copyright", "Copyright 2026. All rights reserved."),
)


def text_of(seed: int) -> list[str]:
    """Words in an order that no other seed gives."""
    rng = random.Random(seed)  # noqa: S311
    return [f"{rng.choice('bdfgklmnprst')}{rng.choice('aeiou')}{rng.randrange(400)}" for _ in range(WORDS)]


def paragraphs(words: list[str]) -> str:
    return "\n\n".join(" ".join(words[at : at + 60]) + "." for at in range(0, len(words), 60))


def made_articles() -> Iterator[Article]:
    """The articles: those of stories first, and then as many of none as are missing."""
    rng = random.Random(1)  # noqa: S311
    for number in range(ARTICLES):
        story, copy = divmod(number, COPIES)
        words = text_of(story if story < STORIES else number)
        if story < STORIES and copy:
            for at in range(copy, len(words), 90):
                words[at] = f"changed{number}"
        text = paragraphs(words)
        cut = text.index("\n\n")
        removed = tuple(
            Removal(rule, kind, at + 30 * place, at + 30 * place + len(taken) + 2, f"\n\n{taken}", at=at)
            for place, (at, (rule, kind, taken)) in enumerate(zip((0, cut, len(text)), CHROME, strict=True))
        )
        day, minute = divmod(rng.randrange(28 * 24 * 60), 24 * 60)
        yield Article(
            f"https://outlet{number % 97}.example/{number}", text, Status.OK,
            url=f"https://outlet{number % 97}.example/{number}", outlet=f"Outlet {number % 97}",
            title=" ".join(words[:9]).capitalize(), byline=f"Writer {number % 311}",
            published=f"2026-03-{day + 1:02}T{minute // 60:02}:{minute % 60:02}:00+00:00", removed=removed,
            packs={"core-en": "1"},
        )  # fmt: skip


def make_graph(folder: Path) -> None:
    """Match the articles, and write what `syndicate match` writes."""
    lights: list[Article] = []

    def passing(keep: Any) -> Iterator[Article]:
        for article in made_articles():
            keep(article)
            lights.append(article)
            yield article

    with copied_articles(folder) as keep:
        graph = match_corpus(passing(keep))
    write_graph(graph, lights, folder)


def visit(browser: Any, path: Path) -> dict[str, float]:
    """Milliseconds of one visit."""
    page = browser.new_page()
    page.goto(path.as_uri(), wait_until="load")
    seen = {"paint": page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")}
    seen["read"] = page.evaluate("performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart")
    for name, address, shown in (
        ("search", "#/articles?q=writer+7", "#view .list"),
        ("story", "#/story/7", "#view .timeline"),
        ("other story", "#/story/1500", "#view .timeline"),
        ("comparison", "#/story/900/compare/4500/4503", "#view .compare"),
        ("article", "#/article/19990", "#view .article"),
    ):
        seen[name] = page.evaluate(SHOWN, [address, shown])
    page.close()
    return seen


SHOWN = """([address, shown]) => new Promise((resolve) => {
  document.getElementById("view").replaceChildren();
  const start = performance.now();
  location.hash = address;
  const look = () => document.querySelector(shown) ? requestAnimationFrame(() => resolve(performance.now() - start))
    : requestAnimationFrame(look);
  look();
})"""


def main() -> int:
    from playwright.sync_api import sync_playwright

    limits = json.loads(LIMITS.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_graph(folder)
        start = time.perf_counter()
        report = read_report(folder, load_packs())
        read = time.perf_counter() - start
        with report.corpus:
            write_html(report, folder / "report.html", "Who copies whom")
        made = time.perf_counter() - start
        size = (folder / "report.html").stat().st_size
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{ARTICLES:,} articles, {len(report.views):,} stories, {len(report.graph.matches):,} matches")
        print(f"made in {made:.1f} s, of which {read:.1f} s read; {size / 1e6:.1f} MB; peak {peak:,.0f} MB")
        chromium = os.environ.get("SYNDICATE_TEST_CHROMIUM") or shutil.which("chromium")
        if chromium is None:
            print("no chromium here: name one in SYNDICATE_TEST_CHROMIUM, or install Debian's")
            return 1
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            visits = [visit(browser, folder / "report.html") for _ in range(VISITS)]
            browser.close()
    failed = False
    for what in visits[0]:
        milliseconds = statistics.median(one[what] for one in visits)
        limit = limits.get(what)
        over = limit is not None and milliseconds > limit
        failed |= over
        print(
            f"{what:12} {milliseconds:7.0f} ms" + (f"  of {limit}" if limit else "") + ("  too slow" if over else "")
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
