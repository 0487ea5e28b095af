"""Many pages: every input is in one count, and a bad one costs itself only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate import Article, Cleaner, Page, Status
from syndicate.batch import Account, clean_pages
from syndicate.io.read import Failure, read_pages, without_notes
from tests.conftest import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterable

SENTENCE = "The gates of Marrow Lock are shut, and they will stay shut all week. "

INPUTS: dict[str, Page | Failure] = {
    "ok": Page(SENTENCE * 5, id="ok"),
    "suspect": Page("Click the share buttons.", id="suspect"),
    "empty": Page("<html><script>var x;</script></html>", id="empty"),
    "rejected": Page(b"\xff\xd8\xff\xe0JFIF", id="rejected"),
    "failed": Failure("feed.jsonl:3", "not JSON"),
}


def run(pages: Iterable[Page | Failure], cleaner: Cleaner) -> tuple[list[Article], list[Failure], Account]:
    account = Account()
    failures: list[Failure] = []
    return [article for _, article in clean_pages(pages, cleaner, account, failures.append)], failures, account


@pytest.fixture(scope="module")
def greedy(tmp_path_factory: pytest.TempPathFactory) -> Cleaner:
    """A cleaner with a rule that takes a whole page, so that its plan is refused."""
    pack = tmp_path_factory.mktemp("packs") / "greedy.toml"
    pack.write_text(
        'schema = 1\n[pack]\nname = "greedy"\nversion = "1"\nsummary = "Takes it all"\n'
        '[[rule]]\nid = "share"\nkind = "share-prompt"\nsummary = "Buttons"\ntext = "Click the share buttons."\n'
        '[[rule.accept]]\ntext = "Click the share buttons."\n[[rule.reject]]\ntext = "Share it."\n'
    )
    return Cleaner([pack])


@given(st.lists(st.sampled_from(list(INPUTS)), max_size=8))
@settings(max_examples=50)
def test_the_account_adds_up(greedy: Cleaner, kinds: list[str]) -> None:
    articles, failures, account = run((INPUTS[kind] for kind in kinds), greedy)
    assert [str(article.status) for article in articles] == [kind for kind in kinds if kind != "failed"]
    assert len(failures) == account.failed == kinds.count("failed")
    counts = " + ".join(f"{kinds.count(kind)} {kind}" for kind in INPUTS)
    assert str(account) == f"{len(kinds)} seen = {counts}"


def test_pages_come_out_in_the_order_they_went_in_each_with_its_page(cleaner: Cleaner) -> None:
    pages = [Page(SENTENCE * size, id=f"{size}", extra={"size": size}) for size in (3, 1, 2)]
    found = list(clean_pages(pages, cleaner, Account(), lambda _: None))
    assert [(page.extra["size"], article.id) for page, article in found] == [(3, "3"), (1, "1"), (2, "2")]


def test_pages_are_cleaned_as_they_are_asked_for(cleaner: Cleaner) -> None:
    read: list[str] = []

    def endless() -> Iterable[Page]:
        while True:
            read.append("page")
            yield Page(SENTENCE, id=f"{len(read)}")

    next(iter(clean_pages(endless(), cleaner, Account(), lambda _: None)))
    assert len(read) == 1


def test_content_that_cannot_be_cleaned_is_a_failure_and_the_rest_goes_on(cleaner: Cleaner) -> None:
    articles, failures, account = run([Page(42, id="number"), Page(SENTENCE, id="text")], cleaner)
    assert [article.id for article in articles] == ["text"]
    assert [failure.place for failure in failures] == ["number"]
    assert "int" in failures[0].message
    assert str(account).endswith("+ 1 failed")


@pytest.mark.parametrize("format", ["text", "html"])
@pytest.mark.parametrize("parser", ["lexbor", "lxml", "html5lib", "html.parser"])
def test_half_an_emoji_costs_no_page(format: str, parser: str) -> None:  # noqa: A002
    # JSON Lines carry lone surrogates wherever a scraper has cut a string.
    pages = [Page(f"{SENTENCE}Join us \ud83d", id="cut", format=format), Page(SENTENCE, id="whole", format=format)]
    articles, failures, _ = run(pages, Cleaner(parser=parser))
    assert [article.id for article in articles] == ["cut", "whole"]
    assert failures == []
    assert all(article.text.startswith(SENTENCE.strip()) for article in articles)


@pytest.mark.parametrize("parser", ["lexbor", "lxml", "html5lib", "html.parser"])
@pytest.mark.parametrize(
    "markup",
    ["<![foo]>", "<![ CDATA[x]]>", "<![if !mso]>", "<!DOCTYPE [", "<?php echo", "\x00", "&#xFFFFFFFF;", "<\x1f>"],
)
def test_markup_that_a_parser_may_refuse_costs_that_page_at_most(parser: str, markup: str) -> None:
    broken = Page(f"<p>{SENTENCE * 5}</p>{markup}", id="broken", format="html")
    articles, failures, account = run([broken, Page(SENTENCE, id="whole")], Cleaner(parser=parser))
    assert articles[-1].id == "whole"
    assert len(articles) + len(failures) == account.counts.total() == 2


def test_the_examples_are_all_accounted_for(cleaner: Cleaner) -> None:
    pages = without_notes(read_pages([str(EXAMPLES / "pages"), str(EXAMPLES / "feed.jsonl")]), print)
    articles, _, account = run(pages, cleaner)
    assert str(account) == "16 seen = 15 ok + 0 suspect + 1 empty + 0 rejected + 0 failed"
    assert [article.id.rpartition("/")[2] for article in articles if article.status is not Status.OK] == [
        "empty-shell.html"
    ]
