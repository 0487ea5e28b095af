"""Cleaning: nothing is lost, every removal has its reason, and every page has a status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate import Claim, Cleaner, InputError, Page, Status
from syndicate.moments import out_by
from tests.conftest import EXAMPLES
from tests.whole import assert_whole

WORDS = ["ferry", "share", "council", "newsletter", "Reuters", "photo", "the", "of", "sign", "up"]


def rule_file(rules: list[dict[str, object]]) -> str:
    """A rule file of rules that match single words of `WORDS`."""
    lines = ["schema = 1", "[pack]", 'name = "random"', 'version = "1"', 'summary = "random rules"']
    for at, rule in enumerate(rules):
        lines += ["[[rule]]", f'id = "rule-{at}"', 'summary = "random"']
        lines += [f"{key} = {json.dumps(value)}" for key, value in rule.items()]
        lines += ["[[rule.accept]]", 'text = "x"', "[[rule.reject]]", 'text = "y"']
    return "\n".join(lines) + "\n"


@st.composite
def rules(draw: st.DrawFn) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for _ in range(draw(st.integers(0, 5))):
        action = draw(st.sampled_from(["drop", "trim", "tag", "keep", "cut-after", "cut-before"]))
        zone = {"cut-after": "tail", "cut-before": "head"}.get(action) or draw(
            st.sampled_from(["anywhere", "head", "tail"])
        )
        word, other = draw(st.sampled_from(WORDS)), draw(st.sampled_from(WORDS))
        found.append(
            {
                "kind": draw(st.sampled_from(["share-prompt", "promo", "byline"])),
                "pattern": draw(st.sampled_from([word, rf"{word}\s+{other}", rf"(?P<source>{word}).*"])),
                "keywords": [word],
                "match": draw(st.sampled_from(["whole", "start", "end", "anywhere"])),
                "zone": zone,
                "action": action,
                "max_cut_blocks": draw(st.integers(1, 4)),
            }
        )
    return found


blocks = st.lists(
    st.lists(st.sampled_from([*WORDS, "<b>x</b>", "\u200b", "é", "渡轮"]), min_size=1, max_size=12).map(" ".join),
    max_size=8,
)
gaps = st.sampled_from(["\n\n", "\n", "\r\n\r\n", " \n \n\n", "\n\t"])


@settings(max_examples=200)
@given(blocks, gaps, rules())
def test_kept_and_removed_spans_rebuild_any_text_under_any_rules(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], gap: str, random_rules: list[dict[str, object]]
) -> None:
    file = tmp_path_factory.mktemp("rules") / "random.toml"
    file.write_text(rule_file(random_rules), "utf-8")
    text = gap.join(lines)
    assert_whole(Cleaner([file]).clean_page(Page(text, id="page", format="text")), text)


@given(st.text())
def test_any_text_at_all_is_rebuilt(cleaner: Cleaner, text: str) -> None:
    assert_whole(cleaner.clean_page(Page(text, id="page", format="text")), text)


@settings(max_examples=50)
@given(
    st.lists(st.sampled_from(["p", "div", "li", "b", "a", "nav", "h2", "br", "pre", "aside"]), max_size=20), blocks
)
def test_any_markup_is_rebuilt_and_cleaned_the_same_from_its_soup(
    cleaner: Cleaner, tags: list[str], lines: list[str]
) -> None:
    markup = "<html><body>" + "".join(f"<{tag}>{line}" for tag, line in zip(tags, lines, strict=False))
    article = cleaner.clean_page(Page(markup, id="page", format="html"))
    assert_whole(article, article.restore())
    soup = BeautifulSoup(markup, "html5lib")
    assert cleaner.clean(soup, id="page").restore() == article.restore()


@pytest.mark.parametrize("page", sorted((EXAMPLES / "pages").iterdir()), ids=lambda page: page.name)
def test_examples_are_rebuilt(cleaner: Cleaner, page: Path) -> None:
    article = cleaner.clean(page.read_bytes(), id=page.name)
    assert_whole(article, page.read_text() if page.suffix == ".txt" else article.restore())


@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        ("", Status.EMPTY, "no text"),
        (b" \n\t ", Status.EMPTY, "no text"),
        ("<html><script>let x = 1</script></html>", Status.EMPTY, "no text"),
        (
            "<html><body><nav><a href='/'>Home</a> <a href='/news'>News</a></nav></body></html>",
            Status.EMPTY,
            "article",
        ),
        ("Share this article with your friends.", Status.SUSPECT, "nothing was taken"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", Status.REJECTED, "a JPEG image, not text"),
        ("A brief.\n\nIt has three sentences. This is the last.", Status.OK, ""),
    ],
)
def test_expected_outcomes_are_statuses(cleaner: Cleaner, content: str | bytes, status: Status, reason: str) -> None:
    article = cleaner.clean(content, id="page")
    assert article.status is status
    assert reason in article.reason
    assert bool(article.reason) == (status is not Status.OK)


def test_a_refused_plan_keeps_the_text_and_shows_the_plan(cleaner: Cleaner) -> None:
    article = cleaner.clean("Share this article with your friends.", id="page")
    assert article.text == "Share this article with your friends."
    assert [removal.kind for removal in article.refused] == ["share-prompt"]
    assert "refused" in article.to_dict()


def test_a_refused_removal_is_placed_in_the_text_that_was_kept(cleaner: Cleaner) -> None:
    page = "\n\n  Share this article with your\nfriends.\n\nSign up for our newsletter.\n"
    article = cleaner.clean(page, id="page")
    assert len(article.refused) == 2
    for removal in article.refused:
        assert removal.at is not None
        taken = removal.text.strip().replace("\n", " ")
        assert article.text[removal.at :].lstrip().startswith(taken[:20])


def test_content_of_another_type_is_wrong_use(cleaner: Cleaner) -> None:
    with pytest.raises(InputError, match="cannot clean a list"):
        cleaner.clean(["<p>"])  # wrong on purpose


def test_a_parser_that_is_not_there_is_named_with_the_way_out() -> None:
    with pytest.raises(InputError, match=r"use 'lexbor', 'html\.parser'"):
        Cleaner(parser="htmlmagic").clean("<p>One paragraph.</p><p>Another.</p>")


@pytest.mark.parametrize("parser", ["lxml", "html5lib", "html.parser"])
def test_soup_parsers_find_the_article_that_lexbor_finds(cleaner: Cleaner, parser: str) -> None:
    page = (EXAMPLES / "pages" / "valley-courier-ferry.html").read_text()
    assert Cleaner(parser=parser).clean(page).text == cleaner.clean(page).text


def test_the_url_is_the_id_where_none_is_given(cleaner: Cleaner) -> None:
    url = "https://harbourledger.example/ferry"
    assert cleaner.clean("The ferry is late.", url).id == url
    assert cleaner.clean("The ferry is late.", url, id="7").id == "7"
    assert cleaner.clean("The ferry is late.").id == ""


def test_what_the_caller_knows_wins_over_what_the_page_says(cleaner: Cleaner) -> None:
    page = (EXAMPLES / "pages" / "harbour-ledger-ferry.html").read_text()
    told = cleaner.clean_page(Page(page, id="1", outlet="The Other", published="2020-01-01"))
    assert (told.outlet, told.published) == ("The Other", "2020-01-01")
    read = cleaner.clean(page)
    assert (read.outlet, read.byline) == ("Harbour Ledger", "Imogen Tarrant")
    assert read.published is not None
    assert read.published.startswith("2026-03-03T06:10")


def test_an_outlet_is_known_by_its_host(cleaner: Cleaner) -> None:
    assert cleaner.clean("Rain is due.", "https://new.thecradle.co/articles/1").outlet == "The Cradle"
    assert cleaner.clean("Rain is due.", "https://www.unlisted.example/1").outlet == "unlisted.example"


def test_a_plain_texts_title_is_its_first_line_and_stays_in_the_text(cleaner: Cleaner) -> None:
    article = cleaner.clean("Ferry cut to three days\n\nThe ferry will run on three days a week, the board said.")
    assert article.title == "Ferry cut to three days"
    assert article.text.startswith("Ferry cut")
    assert cleaner.clean("The ferry is late.\n\nIt will run tomorrow.").title is None


def test_hard_wrapped_text_comes_out_in_whole_paragraphs(cleaner: Cleaner) -> None:
    page = (EXAMPLES / "pages" / "river-weekly-orchard.txt").read_text()
    article = cleaner.clean(page)
    assert article.restore() == page
    assert max(len(paragraph) for paragraph in article.text.split("\n\n")) > 150
    assert all("\n" not in paragraph for paragraph in article.text.split("\n\n"))


def test_selectors_take_what_they_match(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text("""
schema = 1
[pack]
name = "ledger"
version = "1"
summary = "One publisher"
hosts = ["harbourledger.example"]
[[rule]]
id = "tip-box"
kind = "promo"
summary = "The tip box"
selector = ".tip-box, .inline-tip"
action = "trim"
[[rule.accept]]
html = '<p class="tip-box">Tell us</p>'
[[rule.reject]]
html = '<p class="tip">Tell us</p>'
""")
    page = """<article><p>The ferry will run on three days a week, the harbour board said on Monday night.
    <span class="inline-tip">Seen the ferry?</span> It will be so until June.</p>
    <p class="tip-box">Tell us about the ferry.</p><p>Fares will not rise before the autumn.</p></article>"""
    cleaner = Cleaner([tmp_path])
    here = cleaner.clean(page, "https://www.harbourledger.example/ferry")
    assert "Seen the ferry" not in here.text
    assert "Tell us" not in here.text
    assert "Monday night. It will be so" in here.text
    assert {removal.rule for removal in here.removed} >= {"ledger/tip-box"}
    assert "Tell us" in cleaner.clean(page, "https://citymetronow.example/ferry").text


def test_packs_in_force_are_named_with_version_and_hash(cleaner: Cleaner) -> None:
    anywhere = cleaner.clean("Rain is due.").packs
    assert "core-en" in anywhere
    assert all("+sha256:" in stamp for stamp in anywhere.values())
    assert "globalresearch.ca" in cleaner.clean("Rain is due.", "https://www.globalresearch.ca/1").packs
    assert "globalresearch.ca" not in anywhere


def test_less_sure_rules_can_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text(
        rule_file([{"kind": "promo", "pattern": "Try our new app today", "confidence": "possible"}])
    )
    text = "The ferry is late again.\n\nTry our new app today"
    assert "Try our" not in Cleaner([tmp_path]).clean(text).text
    assert "Try our" in Cleaner([tmp_path], min_confidence="likely").clean(text).text


def test_the_time_of_the_crawl_becomes_a_claim_by_which_the_article_was_out(cleaner: Cleaner) -> None:
    page = Page(
        "The gates of Marrow Lock are shut, and they will stay shut all week.", crawled="2026-03-04T10:00:00Z"
    )
    article = cleaner.clean_page(page)
    assert Claim("crawled", "2026-03-04T10:00:00Z", "page") in article.claims
    assert article.published is None
    assert out_by(article) == "2026-03-04T10:00:00Z"
