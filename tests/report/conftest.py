"""A real browser, and reports for it to open."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from typer.testing import CliRunner

from syndicate.cli import app
from tests.conftest import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

_SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip

_NAME = """(() => {
  const { ariaLabel, labels, name, role, textContent } = document.activeElement;
  const label = labels?.[0]?.querySelector("span")?.textContent;
  return role === "region" ? "" : ariaLabel || label || textContent.trim() || name || "";
})()"""


def run(*arguments: str | Path) -> None:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.stderr


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, or another; without one a test skips, but in CI it fails.

    It runs a loop of its own in this thread, which tests of other modules would find there.
    """
    path = os.environ.get("SYNDICATE_TEST_CHROMIUM") or shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI provides a Chromium, and names it in SYNDICATE_TEST_CHROMIUM")
        pytest.skip("needs Chromium: SYNDICATE_TEST_CHROMIUM names none")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_SWITCHES))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def examples_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the example pages, made by the commands that the README shows."""
    folder = tmp_path_factory.mktemp("examples")
    run("clean", EXAMPLES / "pages", EXAMPLES / "feed.jsonl", "-o", folder / "cleaned.jsonl", "-q")
    run("match", folder / "cleaned.jsonl", "-o", folder)
    run("report", folder, "-o", folder / "report.html")
    return folder / "report.html"


@pytest.fixture(scope="session")
def wire_report(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Path:
    """The report of real wire copies."""
    import gzip

    folder = tmp_path_factory.mktemp("wire")
    with (
        gzip.open(shared / "data" / "syndication" / "wire-copies.docs.jsonl.gz", "rt", encoding="utf-8") as rows,
        (folder / "pages.jsonl").open("w", encoding="utf-8") as file,
    ):
        for row in map(json.loads, rows):
            page = {
                "id": row["id"], "outlet": row["outlet"], "published": row["scraped_at"],
                "title": row["paragraphs"][0], "text": "\n\n".join(row["paragraphs"]),
            }  # fmt: skip
            file.write(json.dumps(page) + "\n")
    run("clean", folder / "pages.jsonl", "-o", folder / "cleaned.jsonl", "-q")
    run("match", folder / "cleaned.jsonl", "-o", folder)
    run("report", folder, "-o", folder / "report.html")
    return folder / "report.html"


@dataclass
class Reader:
    """Someone who reads a report with the keyboard, and what the browser had to complain of meanwhile."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, browser: Any, path: Path, **options: Any) -> Reader:
        reader = cls(browser.new_page(**options))
        reader.page.on("console", lambda message: reader.complaints.append(f"{message.type}: {message.text}"))
        reader.page.on("pageerror", lambda error: reader.complaints.append(str(error)))
        reader.page.on("dialog", reader.dismiss)
        reader.page.on("request", lambda request: reader.requests.append(request.url))
        reader.page.goto(path.as_uri())
        return reader

    def dismiss(self, dialog: Any) -> None:
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focused(self) -> str:
        """The text, label or name of what has the focus."""
        return str(self.page.evaluate(_NAME))

    def tab_to(self, text: str, most: int = 400) -> None:
        """Go on with the tabulator to what bears a text."""
        for _ in range(most):
            self.press("Tab")
            if text in self.focused():
                return
        raise AssertionError(f"the tabulator does not come to {text!r}")

    def search(self, words: str) -> None:
        """Look for words, from the first page on."""
        self.heading("Overview")
        self.tab_to("Search titles")
        self.page.keyboard.type(words)
        self.press("Enter")
        self.heading("Articles")

    def heading(self, text: str) -> None:
        """Wait until the page whose heading has a text is shown."""
        self.page.locator("h1:visible", has_text=text).wait_for()

    def axe(self) -> list[str]:
        """What axe finds on the page, from moderate on."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:200]}"
            for one in found
            if one["impact"] in ("moderate", "serious", "critical")
        ]
