"""Reports in a real browser: read by keyboard alone, without an error, a request, or a script of an article's own."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from syndicate import Claim, Removal
from tests.conftest import EXAMPLES, ROOT
from tests.report.conftest import Reader, run
from tests.stories import article, body, edited

if TYPE_CHECKING:
    from pathlib import Path


def test_a_story_is_found_and_compared_by_keyboard_alone(browser: Any, examples_report: Path) -> None:
    reader = Reader.of(browser, examples_report)
    reader.search("ferry metro")
    assert "1 of 16 articles" in reader.page.inner_text("#view")
    reader.tab_to("Island braces for shortages")
    reader.press("Enter")
    reader.heading("Island braces for shortages")
    reader.tab_to("Skerrow ferry cut to three days")
    reader.press("Enter")
    reader.heading("Skerrow ferry cut to three days")
    assert "Harbour Ledger" in reader.page.inner_text("#view .origin")
    reader.tab_to("Compare City Metro Now with Harbour Ledger")
    reader.press("Enter")
    reader.heading("Side by side")
    left, right = (reader.page.locator(f"tr.shared td:nth-child({at})").all_inner_texts() for at in (1, 2))
    assert len(left) == len(right) > 5
    assert sum(one == other for one, other in zip(left, right, strict=True)) > 3
    assert reader.page.locator("tr.shared del").count() > 3
    assert reader.page.locator("tr.shared ins").count() > 3
    reader.tab_to("“Skerrow ferry cut")
    reader.press("Enter")
    reader.heading("Skerrow ferry cut to three days")
    assert reader.focused() == "Compare City Metro Now with Harbour Ledger"
    for heading in ("Side by side", "Skerrow ferry cut", "Island braces for shortages", "Articles", "Overview"):
        reader.page.go_back()  # what Alt and the left arrow do in a window
        reader.heading(heading)
    assert reader.focused() == "Overview"
    assert (reader.complaints, reader.requests) == ([], [examples_report.as_uri()])


def test_any_two_pages_of_a_story_can_be_picked(browser: Any, examples_report: Path) -> None:
    reader = Reader.of(browser, examples_report)
    reader.tab_to("Skerrow ferry cut to three days")
    reader.press("Enter")
    reader.heading("Skerrow ferry")
    reader.tab_to("Compare")
    reader.page.keyboard.type("Valley")
    reader.tab_to("with")
    reader.page.keyboard.type("Bay Area")
    reader.tab_to("Side by side")
    reader.press("Enter")
    reader.heading("Side by side")
    heads = reader.page.locator(".compare th").all_inner_texts()
    assert "Valley Courier" in heads[0]
    assert "Bay Area Reader" in heads[1]
    assert reader.page.locator("tr.shared").count() > 3
    assert reader.complaints == []


def test_every_removed_part_names_its_rule_when_the_keyboard_comes_to_it(browser: Any, examples_report: Path) -> None:
    reader = Reader.of(browser, examples_report)
    reader.tab_to("Articles")
    reader.press("Enter")
    reader.heading("Articles")
    reader.tab_to("Words in title")
    reader.page.keyboard.type("independentmonitor")
    reader.press("Enter")
    reader.page.locator("#view [role=status]", has_text="1 of 16").wait_for()
    reader.tab_to("Skerrow ferry cut")
    reader.press("Enter")
    reader.heading("Skerrow ferry cut")
    shown = reader.page.locator("#view .article")
    assert "Articles by: Harbour Ledger" in shown.locator("del", has_text="attribution").inner_text()
    reader.tab_to("disclaimer")
    tip = reader.page.locator("[role=tooltip]:visible")
    assert tip.inner_text().startswith("core-en/disclaimer")
    described = reader.page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert tip.get_attribute("id") == described
    reader.page.locator("tr", has_text="core-en/articles-by").get_by_role("button", name="show").focus()
    reader.press("Enter")
    assert "Articles by: Harbour Ledger" in reader.focused()
    assert reader.complaints == []


def test_real_wire_copies_are_read_by_keyboard_alone(browser: Any, wire_report: Path) -> None:
    reader = Reader.of(browser, wire_report)
    reader.search("census chron")
    reader.page.locator("#view .list a.role").first.wait_for()
    reader.tab_to("copy")
    reader.press("Enter")
    reader.page.locator("#view .pages").wait_for()
    assert "Associated Press" in reader.page.inner_text("#view .origin")
    title = reader.page.inner_text("#view h1")
    reader.tab_to("Side by side")
    reader.press("Enter")
    reader.heading("Side by side")
    assert reader.page.locator("tr.shared").count() > 3
    reader.tab_to(f"“{title}”")
    reader.press("Enter")
    reader.heading(title)
    assert (reader.complaints, reader.requests) == ([], [wire_report.as_uri()])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, examples_report: Path, scheme: str) -> None:
    reader = Reader.of(browser, examples_report, color_scheme=scheme)
    addresses = {
        "#/": "#overview", "#/story/0": "#view .pages", "#/story/0/compare/5/12": "#view .compare",
        "#/article/6": "#view .article", "#/articles?q=ferry": "#view .list", "#/stories": "#view .list",
    }  # fmt: skip
    assert faults(reader, addresses) == {}


def test_axe_finds_nothing_on_real_wire_copies(browser: Any, wire_report: Path) -> None:
    reader = Reader.of(browser, wire_report)
    show(reader, "#/story/1", "#view .pages")
    comparison = reader.page.locator("#view .pages a[href*=compare]").first.get_attribute("href")
    addresses = {
        "#/": "#overview", "#/story/1": "#view .pages", comparison: "#view .compare",
        "#/article/100": "#view .article", "#/articles?q=putin": "#view .list",
    }  # fmt: skip
    assert faults(reader, addresses) == {}


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("outlet=Valley+Courier", {"Skerrow ferry cut to three days", "Queue along Mill Lane"}),
        ("relation=original", {"Skerrow ferry cut to three days"}),
        ("source=Associated+Press", {"Nebraska farmers vote", "Co-op members back"}),
        ("from=2026-03-06&to=2026-03-06&relation=repost", {"Rust leaves Skerrow Island"}),
        ("q=FERRY+bay+area", {"Rust leaves Skerrow Island"}),
        ("q=no+such+words", set()),
        ("q=kittiwake", set()),
        ("q=kittiwake+metro&texts=1", {"Island braces for shortages"}),
    ],
)
def test_lists_are_filtered(browser: Any, examples_report: Path, query: str, titles: set[str]) -> None:
    reader = Reader.of(browser, examples_report)
    show(reader, f"#/articles?{query}", "#view .filters")
    reader.page.locator("#view [role=status]", has_text=re.compile(rf"^{len(titles)} of 16 articles $")).wait_for()
    found = reader.page.locator("#view .list li > a:first-child").all_inner_texts()
    assert len(found) == len(titles)
    assert all(any(title in one for one in found) for title in titles)
    assert all(any(title in one for title in titles) for one in found)


MARKUP = "<script>alert('pwned')</script><img src=x onerror=\"alert('pwned')\">"


def test_hostile_text_runs_no_script_and_leads_nowhere(browser: Any, tmp_path: Path) -> None:
    hostile = {
        "title": f"\"'>{MARKUP}\u202egnol {{{{ 7*7 }}}}", "outlet": f"</option></select>{MARKUP}", "byline": MARKUP,
    }  # fmt: skip
    rows = []
    for name, text, url in (
        ("a", body(1), "javascript:alert('pwned')"),
        ("b", edited(body(1), 30), "http://b.example"),
    ):
        removed = (Removal(f"core/{MARKUP}", MARKUP, 0, 9, f"{MARKUP}</script>\n", (("author", MARKUP),), at=0),)
        claims = (Claim("source", MARKUP, MARKUP, MARKUP, 0, 9),)
        facts = hostile | {
            "outlet": f"{hostile['outlet']} {name}",
            "published": f"2026-03-0{1 + (name == 'b')}T08:00:00Z",
        }
        rows.append(
            article(f"{MARKUP}{name}", f"{MARKUP}\n\n{text}", url=url, removed=removed, claims=claims, **facts)
        )
    write(rows, tmp_path)
    reader = Reader.of(browser, tmp_path / "report.html")
    scripts = reader.page.locator("script").count()
    for address, shown in (
        ("#/", "#overview"), ("#/story/0", "#view .pages"), ("#/story/0/compare/0/1", "#view .compare"),
        ("#/article/0", "#view .article"), ("#/article/1", "#view .article"), ("#/articles?q=script", "#view .list"),
        ("#/article/9", "#view h1"), (f"#/articles?outlet={MARKUP}", "#view .filters"),
    ):  # fmt: skip
        show(reader, address, shown)
        assert "pwned" in reader.page.inner_text("body") or address not in {"#/story/0", "#/article/0", "#/article/1"}
        assert reader.page.locator("#overview :is(img, iframe, script), #view :is(img, iframe, script)").count() == 0
        assert reader.page.locator("script").count() == scripts
        links = reader.page.evaluate("[...document.querySelectorAll('a')].map((link) => link.getAttribute('href'))")
        assert all(link.startswith(("#", "http://b.example")) for link in links)
    assert (reader.complaints, reader.requests) == ([], [(tmp_path / "report.html").as_uri()])


def test_what_an_article_brings_is_stopped_by_the_policy_too(browser: Any, examples_report: Path) -> None:
    reader = Reader.of(browser, examples_report)
    reader.page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title = 1\">');"
        "document.body.append(Object.assign(document.createElement('script'), { text: 'document.title = 2' }));"
    )
    reader.page.wait_for_timeout(200)
    assert reader.page.title() == "Who copies whom"
    assert len(reader.complaints) >= 2
    assert all("Content Security Policy" in complaint for complaint in reader.complaints)


def test_a_story_of_very_many_copies_is_drawn_in_part_and_compared_by_way_of_the_first(
    browser: Any, tmp_path: Path
) -> None:
    text = body(1)
    rows = [
        article(f"c{at:03}", text, outlet=f"Outlet {at}", title="Copy", published=f"2026-03-01T08:{at % 60:02}:00Z")
        for at in range(210)
    ]  # fmt: skip
    write(rows, tmp_path)
    reader = Reader.of(browser, tmp_path / "report.html")
    show(reader, "#/story/0", "#view .pages")
    assert reader.page.locator(".timeline .mark").count() == 40
    assert reader.page.locator("#view .pages tbody tr").count() == 210
    assert "The first 40 of 210" in reader.page.inner_text("#view")
    show(reader, "#/story/0/compare/70/150", "#view .compare")
    assert "By way of a third page: 1 shared passage" in reader.page.inner_text("#view")
    left, right = (reader.page.locator(f"tr.shared td:nth-child({at}) .text").all_inner_texts() for at in (1, 2))
    assert left == right == text.split("\n\n")
    assert reader.complaints == []


def test_a_page_that_is_explained_opens_at_once(browser: Any, tmp_path: Path) -> None:
    run("explain", "--html", EXAMPLES / "pages" / "independent-monitor-ferry.txt", "-o", tmp_path / "page.html")
    reader = Reader.of(browser, tmp_path / "page.html")
    reader.heading("Skerrow ferry cut")
    assert reader.page.locator("#view del").count() == 9
    assert reader.page.locator("nav").count() == 0
    assert reader.axe() == []
    assert (reader.complaints, reader.requests) == ([], [(tmp_path / "page.html").as_uri()])


def test_the_library_makes_the_same_file(
    examples_report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "report.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "graph").symlink_to(examples_report.parent)
    monkeypatch.chdir(tmp_path)
    before = examples_report.read_bytes()
    exec(compile("\n".join(code), "docs/report.md", "exec"), {})  # noqa: S102 - the code is ours
    assert (tmp_path / "report.html").read_bytes() == before


def test_without_scripts_the_overview_is_there(browser: Any, examples_report: Path) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(examples_report.as_uri())
    assert "Who takes from whom" in page.inner_text("#overview")
    assert "does not run" in page.inner_text("main")


def faults(reader: Reader, addresses: dict[str, str]) -> dict[str, list[str]]:
    """What axe finds, by address."""
    found: dict[str, list[str]] = {}
    for address, selector in addresses.items():
        show(reader, address, selector)
        found[address] = reader.axe()
    return {address: some for address, some in found.items() if some}


def show(reader: Reader, address: str, selector: str) -> None:
    """Go to an address of the report, and wait until its page is there."""
    reader.page.evaluate("address => { location.hash = address; }", address)
    reader.page.locator(selector).first.wait_for()


def write(rows: list[Any], folder: Path) -> None:
    (folder / "cleaned.jsonl").write_text("".join(json.dumps(row.to_dict()) + "\n" for row in rows), "utf-8")
    run("match", folder / "cleaned.jsonl", "-o", folder)
    run("report", folder, "-o", folder / "report.html")
