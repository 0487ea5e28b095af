"""Origins: who is named, who was first, and when it cannot be told."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from syndicate import Article
from syndicate.graph import Origin
from syndicate.moments import is_before
from syndicate.origin import OriginFinder, earliest
from tests.stories import article, body, claim


def decide(*articles: Article) -> Origin:
    return OriginFinder(articles).decide(articles)


def page(id: str, outlet: str, *claims: tuple[str, str], published: str | None = None) -> Article:  # noqa: A002
    found = tuple(claim(field, value, rule=f"test/{field}") for field, value in claims)
    return article(id, body(1), outlet=outlet, claims=found, published=published)


def test_a_named_source_beats_the_earlier_date() -> None:
    origin = decide(
        page("a", "City Metro", ("source", "Harbour Ledger"), published="2026-03-01T08:00:00Z"),
        page("b", "Harbour Ledger", published="2026-03-03T08:00:00Z"),
    )
    assert (origin.outlet, origin.article) == ("Harbour Ledger", "b")
    assert origin.evidence[0].kind == "attribution"
    assert origin.evidence[0].article == "a"


def test_an_origin_outside_the_corpus_has_no_article() -> None:
    origin = decide(page("a", "City Metro", ("agency", "AP")), page("b", "Valley Courier"))
    assert (origin.outlet, origin.article) == ("Associated Press", None)
    assert origin.confidence > 0.9


def test_a_word_in_brackets_that_is_no_agency_is_no_evidence() -> None:
    assert decide(page("a", "City Metro", ("agency", "NATO")), page("b", "Valley Courier")).outlet is None


def test_spellings_of_one_outlet_are_one() -> None:
    origin = decide(
        page("a", "City Metro", ("source", "Cradle")),
        page("b", "Valley Courier", ("source", "thecradle.co")),
    )
    assert origin.outlet == "The Cradle"
    assert len(origin.evidence) == 2


@pytest.mark.parametrize(
    ("outlet", "url", "name"),
    [
        ("ABC News", "https://www.abc.net.au/news/ferry", "ABC News (Australia)"),
        ("The Sun", "https://www.thesun.co.uk/news/1", "The Sun"),
        ("BBC World Service", "https://ferries.example/1", "BBC News"),
        ("Harbour Ledger", "https://ledger.example/1", "Harbour Ledger"),
        (None, "https://ledger.example/1", "ledger.example"),
    ],
)
def test_an_outlet_is_told_by_its_site_first_then_by_its_name(outlet: str | None, url: str, name: str) -> None:
    page = article("a", body(1), outlet=outlet, url=url)
    assert OriginFinder([page]).outlet_of(page) == name


def test_a_licence_line_is_the_best_evidence() -> None:
    licensed = article(
        "a", body(1), outlet="City Metro",
        claims=(claim("source", "The Conversation", "core/licence"), claim("licence", "CC BY", "core/licence")),
    )  # fmt: skip
    origin = decide(licensed, page("b", "Valley Courier", ("source", "Harbour Ledger")))
    assert origin.outlet == "The Conversation"
    assert origin.evidence[0].kind == "licence"


def test_an_unknown_name_is_weaker_than_a_known_outlet_and_a_persons_name_is_none() -> None:
    unknown = decide(page("a", "City Metro", ("source", "Moorland Times")), page("b", "Valley Courier"))
    known = decide(page("a", "City Metro", ("source", "The Cradle")), page("b", "Valley Courier"))
    assert unknown.outlet == "Moorland Times"
    assert unknown.confidence < known.confidence < 1
    person = article("a", body(1), outlet="City Metro", byline="Jane Roe", claims=(claim("source", "Jane Roe"),))
    assert decide(person, page("b", "Valley Courier")).outlet is None


def test_another_sites_canonical_address_names_the_origin() -> None:
    copy = article(
        "a", body(1), outlet="Aggregator", url="https://aggregator.example/1",
        claims=(claim("canonical", "https://www.harbourledger.example/ferry"),),
    )  # fmt: skip
    origin = decide(copy, page("b", "Valley Courier"))
    assert origin.outlet == "harbourledger.example"
    assert origin.evidence[0].kind == "canonical"
    own = article(
        "a", body(1), outlet="Ledger", url="https://m.ledger.example/1",
        claims=(claim("canonical", "https://ledger.example/1"),),
    )  # fmt: skip
    assert decide(own, page("b", "Valley Courier")).outlet is None


def test_a_sibling_host_is_no_other_site() -> None:
    own = article(
        "a", body(1), outlet="Ledger", url="https://edition.ledger.co.uk/1",
        claims=(claim("canonical", "https://us.ledger.co.uk/1"),),
    )  # fmt: skip
    assert decide(own, page("b", "Valley Courier")).outlet is None


def test_a_republication_counter_names_the_origin_but_not_on_its_own_pages() -> None:
    counter = claim("source", "The Conversation", rule="meta/counter:counter.theconversation.com")
    copy = article("a", body(1), outlet="City Metro", url="https://citymetro.example/1", claims=(counter,))
    origin = decide(copy, page("b", "Valley Courier"))
    assert (origin.outlet, origin.evidence[0].kind) == ("The Conversation", "counter")
    pixel = claim("source", "weirpost.example", rule="meta/counter:republication-pixel")
    own = article("a", body(1), outlet="Weir Post", url="https://www.weirpost.example/1", claims=(pixel,))
    assert decide(own, page("b", "Valley Courier")).outlet is None


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("meta/syndication-source", "declared"),
        ("meta/original-source", "declared"),
    ],
)
def test_a_declared_source_on_another_site_names_the_origin(rule: str, kind: str) -> None:
    declared = claim("source_url", "https://harbourledger.example/ferry", rule=rule)
    copy = article("a", body(1), outlet="City Metro", url="https://citymetro.example/1", claims=(declared,))
    origin = decide(copy, page("b", "Valley Courier"))
    assert (origin.outlet, origin.evidence[0].kind) == ("harbourledger.example", kind)
    own = article("a", body(1), outlet="Ledger", url="https://m.harbourledger.example/1", claims=(declared,))
    assert decide(own, page("b", "Valley Courier")).outlet is None


def test_what_a_page_is_based_on_may_be_a_study_and_is_not_enough_alone() -> None:
    based = claim("source_url", "https://harbourledger.example/ferry", rule="meta/ld:isBasedOn")
    copy = article("a", body(1), outlet="City Metro", url="https://citymetro.example/1", claims=(based,))
    origin = decide(copy, page("b", "Valley Courier"))
    assert (origin.outlet, origin.evidence[0].kind) == (None, "based-on")
    assert origin.rivals[0].outlet == "harbourledger.example"


def test_a_chain_of_credits_leads_to_its_head() -> None:
    origin = decide(
        page("a", "City Metro", ("source", "Valley Courier"), published="2026-03-05T08:00:00Z"),
        page("b", "Valley Courier", ("source", "Harbour Ledger"), published="2026-03-03T08:00:00Z"),
    )
    assert (origin.outlet, origin.article) == ("Harbour Ledger", None)


def test_a_host_in_a_credit_is_the_outlet_of_the_corpus_that_is_there() -> None:
    here = article("b", body(1), outlet="Harbour Ledger", url="https://www.harbourledger.example/1")
    origin = decide(page("a", "City Metro", ("source", "harbourledger.example")), here)
    assert (origin.outlet, origin.article) == ("Harbour Ledger", "b")


@pytest.mark.parametrize(
    "host", ["ledger-staging.platform.example", "www-ledger-example.cache.example", "ledger.hosting.example"]
)
def test_an_address_of_ones_own_at_a_platform_is_no_other_site(host: str) -> None:
    own = article(
        "a", body(1), outlet="The Ledger", url="https://www.ledger.example/1",
        claims=(claim("canonical", f"https://{host}/1"),),
    )  # fmt: skip
    assert decide(own, page("b", "Valley Courier")).outlet is None


@pytest.mark.parametrize(
    ("here", "canonical"),
    [("bbc.com", "bbc.co.uk"), ("theguardian.com", "amp.theguardian.com"), ("msn.com", "cnn.com")],
)
def test_an_address_at_another_domain_of_the_house_is_no_other_outlets(here: str, canonical: str) -> None:
    page_here = article(
        "a", body(1), url=f"https://www.{here}/1", claims=(claim("canonical", f"https://www.{canonical}/1"),)
    )
    named = decide(page_here, page("b", "Valley Courier")).outlet
    assert named == ("CNN" if canonical == "cnn.com" else None)


def test_a_link_in_a_credit_names_the_outlet_that_it_leads_to() -> None:
    there = article("b", body(1), outlet="Harbour Ledger", url="https://www.harbourledger.example/1")
    link = claim("source_url", "https://harbourledger.example/1", rule="core-en/read-original")
    copy = article("a", body(1), outlet="City Metro", url="https://citymetro.example/1", claims=(link,))
    origin = decide(copy, there)
    assert (origin.outlet, origin.evidence[0].kind) == ("Harbour Ledger", "link")


def test_others_without_a_date_make_the_first_date_say_less() -> None:
    first = page("a", "City Metro", published="2026-03-01T08:00:00Z")
    later = page("b", "Valley Courier", published="2026-03-03T08:00:00Z")
    sure, unsure = decide(first, later), decide(first, later, page("c", "Harbour Ledger"))
    assert sure.outlet == "City Metro"
    assert sure.confidence > max(unsure.confidence, unsure.rivals[0].confidence if unsure.rivals else 0)


def test_a_time_of_change_says_that_an_article_was_out_and_no_more() -> None:
    changed = article("a", body(1), outlet="City Metro", claims=(claim("modified", "2026-03-01T08:00:00Z"),))
    later = page("b", "Valley Courier", published="2026-03-03T08:00:00Z")
    assert is_before(changed, later)
    assert not is_before(later, replace(changed, claims=(claim("modified", "2026-03-09T08:00:00Z"),)))
    assert is_before(replace(changed, published="2026-02-01T00:00:00Z"), later)
    origin = decide(changed, later)
    assert origin.article == "a"
    assert origin.evidence[0].text == "out by 2026-03-01T08:00:00Z, before the others"


def test_what_the_answer_and_its_rivals_reach_is_at_most_certain() -> None:
    origin = decide(
        page("a", "City Metro", ("source", "The Cradle")),
        page("b", "Valley Courier", ("agency", "AP")),
        page("c", "Harbour Ledger", published="2026-03-01"),
    )
    assert [rival.outlet for rival in origin.rivals] == ["The Cradle"]
    assert origin.confidence + sum(rival.confidence for rival in origin.rivals) <= 1
    assert origin.confidence >= origin.rivals[0].confidence


def test_rivals_lower_the_confidence() -> None:
    alone = decide(page("a", "City Metro", ("source", "Harbour Ledger")), page("b", "Harbour Ledger"))
    torn = decide(
        page("a", "City Metro", ("source", "Harbour Ledger")),
        page("b", "Harbour Ledger"),
        page("c", "Valley Courier", ("source", "The Cradle")),
    )
    assert torn.confidence < alone.confidence


def test_time_speaks_where_nobody_names_a_source() -> None:
    first, later = "2026-03-03T06:10:00Z", "2026-03-03T15:00:00+00:00"
    origin = decide(page("a", "City Metro", published=later), page("b", "Harbour Ledger", published=first))
    assert (origin.outlet, origin.article) == ("Harbour Ledger", "b")
    assert [piece.kind for piece in origin.evidence] == ["earliest"]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("2026-03-03T06:10:00Z", "2026-03-03T06:40:00Z", False),  # clocks differ by minutes
        ("2026-03-03T06:10:00Z", "2026-03-03T08:10:00Z", True),
        ("2026-03-03T06:10:00", "2026-03-03T20:10:00Z", False),  # a missing zone hides a day
        ("2026-03-03T06:10:00", "2026-03-05T20:10:00", True),
        ("2026-03-03", "2026-03-04", False),
        ("2026-03-03", "2026-03-05", True),
        ("2026-03-03T23:00:00-08:00", "2026-03-04T06:30:00+00:00", False),
        (None, "2026-03-04", False),
        ("yesterday", "2026-03-04", False),
    ],
)
def test_times_say_who_was_first_only_past_their_doubt(first: str | None, second: str, told: bool) -> None:
    one, other = page("a", "City Metro", published=first), page("b", "Valley Courier", published=second)
    assert is_before(one, other) is told
    assert not is_before(other, one)
    assert (earliest([one, other], {"a": "x", "b": "y"}) is one) is told


def test_one_outlets_two_dates_say_nothing_of_another() -> None:
    pages = [page("a", "City Metro", published="2026-03-01"), page("b", "City Metro", published="2026-03-09")]
    assert decide(*pages).outlet is None


def test_the_fuller_text_alone_is_not_enough() -> None:
    short = article("a", body(1)[:1500], outlet="City Metro")
    assert decide(short, page("b", "Valley Courier")).outlet is None


def test_an_outlet_without_a_name_is_its_host_or_the_page_itself() -> None:
    finder = OriginFinder([])
    assert finder.outlet_of(article("a", "", url="https://www.thecradle.co/1")) == "The Cradle"
    assert finder.outlet_of(article("a", "", url="https://www.unlisted.example/1")) == "unlisted.example"
    assert finder.outlet_of(article("a", "")) == "a"


def test_a_story_at_thousands_of_outlets_is_decided_at_once() -> None:
    credit = ("source", "Harbour Ledger")
    copies = [page(f"p{at:04}", f"Outlet {at}", credit, published=f"2026-03-{2 + at % 7:02}") for at in range(4_000)]
    first = page("first", "Harbour Ledger", published="2026-03-01")
    start = time.process_time()
    origin = decide(*copies, first)
    assert time.process_time() - start < 3  # a quarter of a minute, as long as each outlet looked at all members
    assert (origin.outlet, origin.article) == ("Harbour Ledger", "first")
