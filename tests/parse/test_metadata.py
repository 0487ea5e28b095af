"""What a page says of itself, and which of its sayings counts."""

from __future__ import annotations

import json
import time
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from syndicate import Cleaner
from syndicate.parse import parse_html, parse_soup
from syndicate.parse.dates import iso_date

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
        ({"name": ["Ada Rell"]}, "Ada Rell"),
        ({"name": {"of": "Ada"}}, None),
        ([{"@type": "Organization", "name": "Lock Herald"}, {"@type": "Person", "name": "Nora Pell"}], "Nora Pell"),
        ("By Nora Pell", "Nora Pell"),
        (["Nora Pell", "nora@lockherald.example"], "Nora Pell"),
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
    head = '<meta name="Date" content="2026-03-01"><meta name="DATE" content="2026-03-02"><meta content="loose">'
    assert [claim.value for claim in claims_of(head) if claim.field == "published"] == ["2026-03-01"]


def test_a_tag_for_each_author_makes_one_byline() -> None:
    head = "".join(f'<meta name="author" content="{name}">' for name in ("Nora  Pell", "Ada Rell", "Nora Pell"))
    assert best(head)["byline"] == "Nora Pell, Ada Rell"
    head = "".join(f'<meta name="dc.creator" content="{name}">' for name in ("Pell, Nora", "Rell, Ada"))
    assert best(head)["byline"] == "Nora Pell, Ada Rell"


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


def test_an_author_in_json_ld_may_be_named_elsewhere_in_it() -> None:
    graph = [{**ARTICLE, "author": {"@id": "#pell"}}, {"@type": "Person", "@id": "#pell", "name": "Nora Pell"}]
    assert best(linked({"@graph": graph}))["byline"] == "Nora Pell"


def test_the_article_may_be_what_the_page_is_mainly_about() -> None:
    assert best(linked({"@type": "WebPage", "mainEntity": ARTICLE}))["title"] == "Marrow Lock opens"


def test_of_several_articles_the_one_at_the_page_s_address_counts() -> None:
    teaser = {
        **ARTICLE,
        "headline": "Weir falls",
        "datePublished": "2025-01-01",
        "url": "https://lockherald.example/weir",
    }
    own = {**ARTICLE, "mainEntityOfPage": {"@id": "https://lockherald.example/lock"}}
    link = '<link rel="canonical" href="https://lockherald.example/lock">'
    found = best(link + linked(teaser, own))
    assert (found["title"], found["published"]) == ("Marrow Lock opens", "2026-03-03T06:10:00+00:00")


def test_a_page_s_date_in_json_ld_serves_where_no_article_has_one_and_a_site_s_never() -> None:
    assert best(linked({"@type": "WebPage", "datePublished": "2026-03-01"}))["published"] == "2026-03-01"
    assert "published" not in best(linked({"@type": "CollectionPage", "datePublished": "2026-03-01"}))


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Marrow Lock opens",}',
        '<!-- {"@type": "NewsArticle", "headline": "Marrow Lock opens"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Marrow Lock opens"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Marrow\nLock opens"};',
        '{"@type": "NewsArticle", "description": "it\\\'s", "headline": "Marrow Lock opens"}',
    ],
    ids=["comma", "comment", "cdata", "newline", "backslash"],
)
def test_json_ld_with_small_faults_is_mended(script: str) -> None:
    assert best(f'<script type="application/ld+json">{script}</script>')["title"] == "Marrow Lock opens"


SITE_NAME = '<meta property="og:site_name" content="The Lock Herald">'


@pytest.mark.parametrize(
    ("title", "meant"),
    [
        ("Marrow Lock opens | Lock Herald", "Marrow Lock opens"),
        ("Marrow Lock opens - The Lock Herald", "Marrow Lock opens"),
        ("Lock Herald: Marrow Lock opens", "Lock Herald: Marrow Lock opens"),
        ("Lock Herald – Marrow Lock opens", "Marrow Lock opens"),
        ("Marrow Lock opens - again", "Marrow Lock opens - again"),
        ("Opened - Lock Herald", "Opened - Lock Herald"),
    ],
)
def test_titles_lose_the_site_s_name(title: str, meant: str) -> None:
    assert best(f"{SITE_NAME}<title>{title}</title>")["title"] == meant


def test_a_title_that_only_adds_to_the_heading_is_the_heading() -> None:
    assert best("<title>Marrow Lock opens | Rivers | LH</title>", "<h1>Marrow Lock opens</h1>")["title"] == (
        "Marrow Lock opens"
    )


def test_the_site_s_name_is_a_title_only_where_there_is_no_other() -> None:
    head = f'{SITE_NAME}<meta property="og:title" content="Lock Herald"><title>Marrow Lock opens</title>'
    assert best(head)["title"] == "Marrow Lock opens"


LONG = "<p>" + "The gates of Marrow Lock were shut for the winter, and the keeper went home. " * 4 + "</p>"


def header(*lines: str) -> str:
    return "<article><h1>Marrow Lock opens</h1>" + "".join(lines) + LONG * 3 + "</article>"


def test_the_visible_dateline_tells_published_from_modified() -> None:
    found = best("", header("<p>Published March 3, 2026 at 6:10 a.m. | Updated March 4, 2026</p>"))
    assert (found["published"], found["modified"]) == ("2026-03-03T06:10:00", "2026-03-04")


def test_a_date_that_only_says_when_the_page_was_updated_is_not_its_publication() -> None:
    found = best("", header("<p>Last updated: 4 March 2026</p>"))
    assert found.get("published") is None
    assert found["modified"] == "2026-03-04"


def test_dates_of_other_articles_and_of_the_day_are_not_the_article_s() -> None:
    masthead = "<header><div><div><div>Monday, March 9, 2026</div></div></div></header>"
    teaser = (
        '<aside><h3>Weir falls</h3><time datetime="2026-03-08">8</time><time datetime="2026-03-07">7</time></aside>'
    )
    assert "published" not in best("", masthead + header() + teaser)
    story = header(
        "<p>The council met on 1 March 2026 and decided to keep the gates of the lock shut until spring.</p>"
    )
    assert "published" not in best("", story)


def test_a_time_element_by_the_heading_beats_those_elsewhere() -> None:
    first = '<div><time datetime="2026-03-09T00:00:00Z">now</time></div>'
    own = header('<time datetime="2026-03-03T06:10:00Z">today</time>')
    found = best("", f"{first}<main>{own}</main>")
    assert found["published"] == "2026-03-03T06:10:00+00:00"


def test_the_names_of_a_time_element_tell_what_it_is_of() -> None:
    times = '<p><time class="updated" datetime="2026-03-04">4</time><time pubdate datetime="2026-03-03">3</time></p>'
    found = best("", header(times))
    assert (found["published"], found["modified"]) == ("2026-03-03", "2026-03-04")


def test_the_address_tells_the_day_where_nothing_else_does() -> None:
    assert (
        best('<link rel="canonical" href="https://lockherald.example/2026/03/03/lock">')["published"] == "2026-03-03"
    )


def test_a_time_of_the_same_day_is_more_than_the_day() -> None:
    head = '<meta name="pubdate" content="2026-03-03"><meta name="date" content="2026-03-03T06:10:00Z">'
    assert best(head)["published"] == "2026-03-03T06:10:00+00:00"


@pytest.mark.parametrize("junk", ["0001-01-01T00:00:00", "1970-01-01T00:00:00Z", "9999-12-31"])
def test_the_zero_of_a_clock_is_no_date(junk: str) -> None:
    assert "published" not in best(f'<meta property="article:published_time" content="{junk}">')


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("<p>By Nora Pell and Ada Rell, Staff Writers</p>", "Nora Pell, Ada Rell"),
        ("<p>Von Nora Pell</p>", "Nora Pell"),
        ("<p>By Nora Pell | 3 March 2026</p>", "Nora Pell"),
        ("<p>By Nora Pell on March 3, 2026 at 4 PM</p>", "Nora Pell"),
        ("<div>By</div><div>Nora Pell</div>", "Nora Pell"),
        ('<p class="article-byline">Nora Pell</p>', "Nora Pell"),
        ("<p>3 March 2026 • Nora Pell • 3 min read</p>", "Nora Pell"),
        ("<p>By the river, boats wait.</p>", None),
        ("<p>By Staff Reporter</p>", None),
        ("<p>3 March 2026 • World News</p>", None),
    ],
)
def test_the_visible_byline_names_people(line: str, byline: str | None) -> None:
    assert best("", header(line)).get("byline") == byline


def test_a_person_comes_before_the_outlet() -> None:
    head = f'{SITE_NAME}<meta name="author" content="Lock Herald">'
    assert best(head, header("<p>By Nora Pell</p>"))["byline"] == "Nora Pell"
    assert best(head)["byline"] == "Lock Herald"


def test_the_section_is_told() -> None:
    assert best('<meta property="article:section" content="Rivers">')["section"] == "Rivers"


@pytest.mark.parametrize(
    ("markup", "source", "rule"),
    [
        (
            '<img src="https://counter.theconversation.com/content/7/count.gif">',
            "The Conversation",
            "counter.theconversation.com",
        ),
        ('<script src="https://pixel.propublica.org/pixel.js"></script>', "ProPublica", "pixel.propublica.org"),
        (
            '<img src="https://www.weirpost.example/?republication-pixel=true&post=7">',
            "weirpost.example",
            "republication-pixel",
        ),
    ],
)
def test_republication_counters_name_the_source(markup: str, source: str, rule: str) -> None:
    claims = claims_of("", f"<p>The gates are shut.</p>{markup}")
    assert [(claim.value, claim.rule) for claim in claims if claim.field == "source"] == [
        (source, f"meta/counter:{rule}")
    ]
    box = f"<p>The gates are shut.</p><textarea>{markup.replace('<', '&lt;')}</textarea>"
    assert not [claim for claim in claims_of("", box) if claim.field == "source"]


def test_declared_sources_are_claims() -> None:
    head = '<meta name="syndication-source" content="https://weirpost.example/lock">'
    assert best(head)["source_url"] == "https://weirpost.example/lock"
    based = linked(
        {**ARTICLE, "isBasedOn": {"@id": "https://weirpost.example/a"}, "sourceOrganization": {"name": "AP"}}
    )
    assert (best(based)["source_url"], best(based)["agency"]) == ("https://weirpost.example/a", "AP")


@pytest.mark.parametrize("own", ["https://lockherald.example/lock", "https://www.lockherald.example/", "1", "/lock"])
def test_a_page_that_declares_itself_its_source_declares_none(own: str) -> None:
    link = '<link rel="canonical" href="https://lockherald.example/lock">'
    assert "source_url" not in best(f'{link}<meta name="original-source" content="{own}">')
    assert "agency" not in best(link + linked({**ARTICLE, "sourceOrganization": {"name": "Lock Herald"}}))


def test_masked_addresses_are_unmasked() -> None:
    code = "42" + "".join(f"{byte ^ 0x42:02x}" for byte in b"pell@lock.example")
    body = f'<p>Write to <a href="/x" data-cfemail="{code}">[email&#160;protected]</a> today, or <b>call</b>.</p>'
    assert parse_html(body).text == "Write to pell@lock.example today, or call."
    assert parse_soup(BeautifulSoup(body, "html5lib")).text == "Write to pell@lock.example today, or call."


@pytest.mark.parametrize("code", ["", "4", "zz", "42", "4200", "42ff"])
def test_what_hides_no_address_stays(code: str) -> None:
    assert parse_html(f'<p>Write to <span data-cfemail="{code}">someone</span>.</p>').text == "Write to someone."


def test_the_page_s_address_tells_the_day_last(cleaner: Cleaner) -> None:
    page = f"<html><body>{header()}</body></html>"
    article = cleaner.clean(page, url="https://lockherald.example/2026/03/03/lock")
    assert article.published == "2026-03-03"
    assert [claim.rule for claim in article.claims if claim.field == "published"] == ["url"]


@pytest.mark.parametrize(
    "script",
    ["{" + "-->" + " " * 300_000 + "x", "[" + ", " * 200_000, '{"a":' * 50_000, "\\" * 300_000, "<!--" * 100_000],
    ids=["frame", "commas", "nested", "backslashes", "comments"],
)
def test_hostile_json_ld_does_not_stall(script: str) -> None:
    page = f'<p>One</p><script type="application/ld+json">{script}</script>{linked(ARTICLE)}'
    start = time.process_time()
    parse_html(page)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "line",
    [
        "3 " * 60 + "2026",
        "By " * 50,
        "2026 - " * 20,
        "A" * 150 + " 2026",
        "3.3." * 35 + "2026",
        "| " * 70 + "1 May 2026",
    ],
)
def test_hostile_lines_by_the_heading_do_not_stall(line: str) -> None:
    start = time.process_time()
    claims_of("", header(*[f"<p>{line}</p>"] * 10))
    assert time.process_time() - start < 1
