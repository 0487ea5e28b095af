"""What the page's script is given: offsets as it counts them, addresses that may be links, removals and claims."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import Article, Claim, Cleaner, Status
from syndicate.graph import Passage
from syndicate.report.payload import article_payload, in_units, long_places, passage_payload, web_address
from tests.report.reports import taken
from tests.stories import article


def sliced(text: str, start: int, end: int) -> str:
    """What `text.slice(start, end)` gives in JavaScript."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")


def payload(one: Article) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(article_payload(0, one))
    return record


WHOLE = st.characters(codec="utf-8")
TEXTS = st.text(st.one_of(WHOLE, st.sampled_from("aé漢😀🇺\U0010ffff\U00010000")))


@given(TEXTS, st.data())
def test_text_sliced_by_units_is_the_text_sliced_by_code_points(text: str, data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    places = long_places(text)
    assert sliced(text, in_units(start, places), in_units(end, places)) == text[start:end]


@given(TEXTS, TEXTS, st.data())
def test_passages_are_of_the_same_words_in_units_as_in_code_points(
    left: str, right: str, data: st.DataObject
) -> None:
    a = sorted(data.draw(st.tuples(*[st.integers(0, len(left))] * 2)))
    b = sorted(data.draw(st.tuples(*[st.integers(0, len(right))] * 2)))
    found = passage_payload([Passage(*a, *b)] * 2, long_places(left), long_places(right))
    assert found[:4] == found[4:]
    assert sliced(left, *found[:2]) == left[slice(*a)]
    assert sliced(right, *found[2:4]) == right[slice(*b)]


@pytest.mark.parametrize(
    "url",
    [
        "http://lock.example", "https://lock.example/story?id=7&x=%20#top", "HTTPS://Lock.Example/", "hTTp://a.b",
        "https://lock.example:8080/", "https://münchen.example/größe", "https://新聞.example/",
        "https://xn--mnchen-3ya.example/", "http://127.0.0.1/", "http://[::1]:80/", "https://lock.example/a@b",
        "https://lock.example/?next=javascript:alert(1)", "https://lock.example/😀",
    ],
)  # fmt: skip
def test_addresses_of_the_web_are_links_as_they_are(url: str) -> None:
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None, "", "lock.example/story", "/story", "//lock.example/story", "javascript:alert(1)",
        "JavaScript:alert(1)", "javascript://lock.example/%0aalert(1)", "java\nscript:alert(1)", "data:text/html,x",
        "vbscript:x", "file:///etc/passwd", "ftp://lock.example/", "mailto:a@lock.example", "blob:https://lock.example/",
        "http:", "http://", "https:///story", "https:lock.example", "http://?x", "https://:80/",
        " https://lock.example", "https://lock.example ", "https://lock.example/a b", "https://lock.example/\ta",
        "https://lock.example/\r\nx", "https://lock.example/\x00", "https://lock.example/\x7f",
        "https://lock.example/\x85", "https://lock.example/\x9b", "\x01https://lock.example", "https://lock.example/\u3000",
        "https://lock.example/\u2028", "https://lock.example/\u202egpj.exe", "https://lock.example/\u2066x",
        "https://lo\u200bck.example/", "https://lo\xadck.example/", "https://lock.example/\ud83d",
        "https://bank.example@lock.example/", "https://bank.example:pass@lock.example/", "https://@lock.example/",
        "https://lock.example\\@other.example/", "https:\\\\lock.example", "https://lock.example:99999/",
        "https://lock.example:port/", "http://[::1/", "https://lock℀.example/",
    ],
)  # fmt: skip
def test_addresses_that_are_none_or_read_as_others_are_no_links(url: str | None) -> None:
    assert web_address(url) is None


@given(st.text())
def test_no_text_breaks_the_look_at_an_address(text: str) -> None:
    for url in (text, f"https://{text}", f"https://lock.example/{text}"):
        assert web_address(url) in (None, url)


def test_article_is_given_with_its_address_shown_and_linked_only_where_it_may_be() -> None:
    assert payload(article("a", "t", url="https://lock.example/a"))["href"] == "https://lock.example/a"
    bad = payload(article("a", "t", url="javascript:alert(1)"))
    assert (bad["url"], bad["href"]) == ("javascript:alert(1)", None)


def test_removals_stand_at_their_places_in_units() -> None:
    text = "😀 The gates are shut.\n\n😀 They stay shut."
    at = text.index("They")
    removed = (
        taken("lock/tide-tables", "Read 😀 on", start=30, at=at, captures=(("author", "Pell"),)),
        taken("extract/outer-space", " \n ", "layout", start=40, at=at),
        taken("lock/old", "Old", start=50),
    )
    found = payload(article("a", text, removed=removed))
    place, end, rule, kind, words, captures = found["removed"][0]
    assert place == end
    assert sliced(found["text"], place, place + 4) == "They"
    assert (rule, kind, words, captures) == ("lock/tide-tables", "promo", "Read 😀 on", [["author", "Pell"]])
    assert [removal[0] for removal in found["removed"]] == [place, None], "white space is not shown"
    assert not found["refused"]


def test_what_was_refused_is_shown_instead_of_what_was_taken() -> None:
    one = Article(
        id="a", text="Read on", status=Status.SUSPECT, reason="too little left",
        removed=(taken("extract/menu", "Menu", "boilerplate", at=0),),
        refused=(taken("lock/tide-tables", "Read on", start=4, at=0),),
    )  # fmt: skip
    found = payload(one)
    assert found["refused"]
    assert found["removed"] == [[0, 7, "lock/tide-tables", "promo", "Read on", []]]
    assert (found["status"], found["reason"]) == ("suspect", "too little left")


def test_what_was_refused_is_marked_where_it_still_stands(cleaner: Cleaner) -> None:
    page = "\n\n  Share this article with your\nfriends.\n\nSign up for our newsletter.\n"
    found = payload(cleaner.clean(page, id="page"))
    assert found["refused"]
    words = [sliced(found["text"], *removal[:2]).split() for removal in found["removed"]]
    assert words == [removal[4].split() for removal in found["removed"]]
    assert [some[0] for some in words] == ["Share", "Sign"]


def test_claims_say_in_which_removal_they_were_read() -> None:
    removed = (
        taken("lock/a", "  ", start=0),
        taken("lock/b", "By Ada Rell", start=10),
        taken("lock/c", "Read on", start=30),
    )

    def at(start: int | None) -> Claim:
        return Claim("author", "Ada Rell", "lock/b", "By Ada Rell", start, None if start is None else start + 8)

    claims = (at(None), at(1), at(10), at(20), at(21), at(30), at(99))
    found = payload(article("a", "t", removed=removed, claims=claims))
    assert [claim[-1] for claim in found["claims"]] == [-1, -1, 0, 0, -1, 1, -1]
    assert found["claims"][0][:4] == ["author", "Ada Rell", "lock/b", "By Ada Rell"]


@given(st.text())
def test_every_text_comes_through_even_half_characters(text: str) -> None:
    found = payload(article(text, text, title=text, byline=text, outlet=text, published=text, notes=(text,)))
    pairs = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")  # as scripts read it
    assert {found[name] for name in ("id", "text", "title", "byline", "outlet", "published")} == {pairs}
    assert found["notes"] == [pairs]
