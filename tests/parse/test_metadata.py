"""What a page says of itself, and which of its sayings counts."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from syndicate import Cleaner
from syndicate.parse import parse_html, parse_soup
from syndicate.parse.metadata import iso_date

if TYPE_CHECKING:
    from syndicate import Claim


def claims_of(head: str, body: str = "<p>The gates are shut.</p>") -> tuple[Claim, ...]:
    """The page's claims; a soup of the same page must make the same."""
    markup = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    claims = parse_html(markup).claims
    assert parse_soup(BeautifulSoup(markup, "html5lib")).claims == claims
    return claims


def best(head: str, body: str = "<p>The gates are shut.</p>") -> dict[str, str]:
    """The first claim of each field, which is the one that counts."""
    first: dict[str, str] = {}
    for claim in claims_of(head, body):
        first.setdefault(claim.field, claim.value)
    return first


def linked(*things: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(thing)}</script>' for thing in things)


ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Marrow Lock opens",
    "datePublished": "2026-03-03T06:10:00Z",
    "dateModified": "2026-03-04",
    "author": {"@type": "Person", "name": "Nora Pell"},
    "publisher": {"@type": "NewsMediaOrganization", "name": "Lock Herald"},
}
SITE = {"@type": "WebSite", "name": "Lock Herald", "headline": "All the news of the lock", "author": "Nobody"}


@pytest.mark.parametrize(
    "shape",
    [
        ARTICLE,
        [SITE, ARTICLE],
        {"@context": "https://schema.org", "@graph": [SITE, ARTICLE]},
        [{"@graph": [SITE]}, {"@graph": [ARTICLE]}],
        {**ARTICLE, "@type": ["Thing", "ReportageNewsArticle"]},
    ],
    ids=["alone", "list", "graph", "graphs", "types"],
)
def test_the_json_ld_article_is_found_in_every_shape(shape: object) -> None:
    assert best(linked(shape)) == {
        "title": "Marrow Lock opens",
        "byline": "Nora Pell",
        "published": "2026-03-03T06:10:00+00:00",
        "modified": "2026-03-04",
        "outlet": "Lock Herald",
    }


def test_the_json_ld_article_may_stand_in_the_body_beside_others() -> None:
    body = f"<p>The gates are shut.</p>{linked(SITE, ARTICLE)}"
    assert best("", body)["byline"] == "Nora Pell"


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("Nora Pell", "Nora Pell"),
        (["Nora Pell", {"name": " Ada Rell "}], "Nora Pell, Ada Rell"),
        ([{"@id": "#1"}, {"name": "Ada Rell"}], "Ada Rell"),
        ({"name": ["Ada"]}, None),
        (None, None),
        ("https://lockherald.example/staff/pell", None),
    ],
)
def test_authors_are_names_in_whatever_form_they_come(author: object, byline: str | None) -> None:
    assert best(linked({**ARTICLE, "author": author})).get("byline") == byline


def test_an_article_without_an_author_does_not_hide_the_next_one_s() -> None:
    bare = {"@type": "Article", "headline": "Marrow Lock opens"}
    assert best(linked(bare, ARTICLE))["byline"] == "Nora Pell"


def test_white_space_in_json_ld_is_folded_as_everywhere() -> None:
    assert best(linked({**ARTICLE, "headline": " Marrow\n  Lock opens "}))["title"] == "Marrow Lock opens"


def test_entities_in_json_ld_are_read_as_characters() -> None:
    # WordPress plugins escape headlines for HTML and then put them into JSON.
    assert best(linked({**ARTICLE, "headline": "Pell&#8217;s lock &amp; bridge"}))["title"] == "Pell’s lock & bridge"


@pytest.mark.parametrize(
    "script",
    ["", "{", '{"@type": "NewsArticle", "headline": "cut', "null", "7", '"text"', "[" * 20_000, '{"@graph": 7}'],
)
def test_broken_json_ld_says_nothing_and_hides_nothing(script: str) -> None:
    head = f'<script type="application/ld+json">{script}</script>{linked(ARTICLE)}'
    assert best(head)["title"] == "Marrow Lock opens"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*ARTICLE, "@graph", "name"]), json_values, max_size=6), json_values)
def test_json_ld_of_any_shape_is_read_without_error(thing: dict[str, Any], other: object) -> None:
    page = linked({"@type": "NewsArticle", **thing}, {"@graph": [other, thing]}, other)
    for claim in parse_html(f"<p>One</p>{page.replace('</', '<')}").claims:
        assert claim.value.strip()


def test_titles_are_taken_json_ld_first_then_og_then_the_heading_then_the_tab() -> None:
    tab, heading = "<title>Tab | Lock Herald</title>", "<h1>The <b>heading</b></h1>"
    og = '<meta property="og:title" content="For sharing">'
    assert best(tab + og + linked(ARTICLE), heading)["title"] == "Marrow Lock opens"
    assert best(tab + og, heading)["title"] == "For sharing"
    assert best(tab, heading)["title"] == "The heading"
    assert best(tab)["title"] == "Tab | Lock Herald"
    assert "title" not in best("")


def test_each_claim_says_where_it_was_read() -> None:
    head = '<title>Marrow Lock opens</title><meta property="og:title" content="Marrow Lock opens"><meta name="x">'
    assert [(claim.field, claim.rule) for claim in claims_of(head + linked({**ARTICLE, "headline": "Lock"}))][:2] == [
        ("title", "meta/ld:headline"),
        ("title", "meta/og:title"),
    ]


def test_publication_times_are_taken_json_ld_first_then_meta_then_the_time_element() -> None:
    meta = '<meta property="article:published_time" content="2026-03-02T09:00:00+01:00">'
    time = '<p>The gates are shut.</p><time datetime="2026-03-01">Sunday</time>'
    assert best(meta + linked(ARTICLE), time)["published"] == "2026-03-03T06:10:00+00:00"
    assert best(meta, time)["published"] == "2026-03-02T09:00:00+01:00"
    assert best("", time)["published"] == "2026-03-01"


def test_a_date_that_is_none_gives_way_to_the_next() -> None:
    meta = '<meta name="date" content="last Tuesday"><meta name="pubdate" content="2026-03-01">'
    assert best(meta)["published"] == "2026-03-01"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-03", "2026-03-03"),
        (" 2026-03-03 ", "2026-03-03"),
        ("2026-03-03T06:10:00Z", "2026-03-03T06:10:00+00:00"),
        ("2026-03-03T06:10:00.000Z", "2026-03-03T06:10:00+00:00"),
        ("2026-03-03T06:10+0100", "2026-03-03T06:10:00+01:00"),
        ("2026-03-03 06:10:00", "2026-03-03T06:10:00"),
        ("Tue, 03 Mar 2026 06:10:00 GMT", "2026-03-03T06:10:00+00:00"),
        ("Tue, 3 Mar 2026 06:10:00 -0500", "2026-03-03T06:10:00-05:00"),
    ],
)
def test_dates_become_iso_8601_as_precise_as_they_were(written: str, meant: str) -> None:
    assert iso_date(written) == meant


@pytest.mark.parametrize(
    "junk",
    ["", " ", "yesterday", "3 hours ago", "2026-13-45", "2026-02-30T00:00:00Z", "0000-00-00", "1772518200", "%s"],
)
def test_what_is_no_date_is_none(junk: str) -> None:
    assert iso_date(junk) is None


@given(st.one_of(st.dates(), st.datetimes(), st.datetimes(timezones=st.timezones())))
def test_iso_dates_come_back_as_they_went(moment: date | datetime) -> None:
    found = iso_date(moment.isoformat())
    assert found is not None
    assert type(moment).fromisoformat(found) == type(moment).fromisoformat(moment.isoformat())


words = st.sampled_from(
    ["Tue,", "3", "03", "Mar", "2026", "26", "06:10", "06:10:99", "GMT", "+9999", "-0500", "9" * 30]
)


@given(st.one_of(st.text(), st.lists(words, max_size=7).map(" ".join)))
@example(f"1 Jan {'9' * 20} 00:00:00 +0000")
def test_no_date_however_odd_raises(text: str) -> None:
    found = iso_date(text)
    assert found is None or iso_date(found) == found


def test_the_canonical_address_is_the_link_s_then_open_graph_s() -> None:
    og = '<meta property="og:url" content="https://lockherald.example/?p=7">'
    link = '<link rel="canonical" href=" https://lockherald.example/lock-opens ">'
    assert best(og + link)["canonical"] == "https://lockherald.example/lock-opens"
    assert best(og + '<link rel="Shortlink CANONICAL" href="/lock">')["canonical"] == "/lock"
    assert best(og + '<link rel="icon" href="/icon.png">')["canonical"] == "https://lockherald.example/?p=7"


def test_the_language_is_the_document_s_then_open_graph_s() -> None:
    locale = '<meta property="og:locale" content="en_GB">'
    markup = f'<html lang="cy"><head>{locale}</head><body><p>Mae’r llifddorau ar gau.</p></body></html>'
    assert next(claim.value for claim in parse_html(markup).claims if claim.field == "language") == "cy"
    assert best(locale)["language"] == "en_GB"


def test_the_outlet_is_the_site_s_name_then_the_publisher_s() -> None:
    assert best('<meta property="og:site_name" content="The Lock">' + linked(ARTICLE))["outlet"] == "The Lock"
    assert best(linked(ARTICLE))["outlet"] == "Lock Herald"


@pytest.mark.parametrize("address", ["https://www.facebook.com/nora.pell", "http://lockherald.example/staff/pell"])
def test_a_byline_is_no_address(address: str) -> None:
    head = f'<meta name="author" content="{address}"><meta name="dc.creator" content="Nora Pell">'
    assert best(head)["byline"] == "Nora Pell"


def test_names_of_meta_tags_are_read_in_any_case_and_the_first_of_a_name_counts() -> None:
    head = '<meta name="Author" content="Nora  Pell"><meta name="AUTHOR" content="Ada Rell"><meta content="loose">'
    assert [claim.value for claim in claims_of(head) if claim.field == "byline"] == ["Nora Pell"]


def test_an_endless_value_is_cut() -> None:
    assert len(best(f'<meta property="og:title" content="{"long " * 100_000}">')["title"]) <= 1_000
    assert len(best(linked({**ARTICLE, "headline": "long " * 100_000}))["title"]) <= 1_000


def test_the_article_takes_over_what_the_page_says(cleaner: Cleaner) -> None:
    body = (
        "<article><p>"
        + "The gates of Marrow Lock are shut, and they will stay shut all week. " * 8
        + "</p></article>"
    )
    article = cleaner.clean(f"<html><head>{linked(ARTICLE)}</head><body>{body}</body></html>")
    assert (article.title, article.byline, article.outlet) == ("Marrow Lock opens", "Nora Pell", "Lock Herald")
    assert article.published == "2026-03-03T06:10:00+00:00"
