"""What the rules leave of a page, its units, and the words that tell chrome: the parts that learning is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import Cleaner, Page
from syndicate.learn.left import Left, LeftBlock, left_of, without
from syndicate.learn.near import near_sentences
from syndicate.learn.units import Form, Unit, form_of, keys_of, sentences, units_of
from syndicate.learn.words import ChromeWords
from syndicate.model import Kind
from syndicate.rules.text import BlockText
from tests.learn.publishers import CORE_LINE, HARBOUR, story, text_page
from tests.runs import PACK

if TYPE_CHECKING:
    from pathlib import Path


WORDS = st.text(st.characters(codec=None), min_size=1)
BLOCKS = st.builds(LeftBlock, st.integers(0, 10**6), WORDS, st.lists(WORDS, max_size=3).map(tuple))


@given(st.text(), st.text(), st.none() | st.text(), st.integers(0, 10**6), st.lists(BLOCKS, max_size=4))
def test_what_is_left_comes_back_as_it_was(
    page: str, site: str, date: str | None, count: int, blocks: list[LeftBlock]
) -> None:
    left = Left(page, site, date, count, tuple(blocks))
    assert Left.unpacked(left.packed()) == left


def test_what_rules_take_is_not_left(cleaner: Cleaner) -> None:
    told = story(1)
    left = left_of(cleaner, text_page(HARBOUR, 1, [*told.paragraphs, CORE_LINE]))
    assert left is not None
    assert (left.site, left.date, left.count) == (HARBOUR, "2026-09-02", len(told.paragraphs) + 1)
    assert [(block.at, block.text, block.pieces) for block in left.blocks] == [
        (at, text, ()) for at, text in enumerate(told.paragraphs)
    ]


def test_what_rules_trim_leaves_pieces(tmp_path: Path) -> None:
    pack = tmp_path / "trim.toml"
    pack.write_text(PACK.replace('summary = "Tide tables"', 'summary = "a"\nmatch = "end"\naction = "trim"'), "utf-8")
    left = left_of(Cleaner([pack]), Page("It came. Read our tide tables.\n\nIt went.", id="a"), HARBOUR)
    assert left is not None
    assert left.blocks == (LeftBlock(0, "It came. Read our tide tables.", ("It came.",)), LeftBlock(1, "It went."))
    assert left.blocks[0].left == ("It came.",)


@pytest.mark.parametrize(
    ("page", "site", "want"),
    [
        (Page("A ferry came.", id="a", url="https://www.ferry.co.uk/1"), None, "ferry.co.uk"),
        (Page("A ferry came.", id="a", url="https://www.ferry.co.uk/1"), "other.example", "ferry.co.uk"),
        (Page("A ferry came.", id="a"), "other.example", "other.example"),
        (Page("<link rel=canonical href=https://a.b.example/1><p>A ferry came.", id="a"), None, "b.example"),
    ],
)
def test_a_page_is_of_the_site_that_its_address_tells_or_else_of_whom_it_is_said_to_be(
    cleaner: Cleaner, page: Page, site: str | None, want: str
) -> None:
    left = left_of(cleaner, page, site)
    assert left is not None
    assert left.site == want


def test_nothing_is_left_of_pages_of_nobody_knows_whom_or_that_are_no_text(cleaner: Cleaner) -> None:
    assert left_of(cleaner, Page("A ferry came.", id="a")) is None
    assert left_of(cleaner, Page(b"\x89PNG\r\n\x1a\n" + bytes(200), id="a"), "other.example") is None


@pytest.mark.parametrize(
    ("published", "want"), [(None, None), ("soon", None), ("2026-11-02T10:00:00Z", "2026-11-02T10:00:00Z")]
)
def test_a_date_counts_where_it_is_one(cleaner: Cleaner, published: str | None, want: str | None) -> None:
    left = left_of(cleaner, Page("A ferry came.", id="a", published=published), "other.example")
    assert left is not None
    assert left.date == want


def test_more_rules_take_more_and_say_which_they_were(moody: Cleaner) -> None:
    left = Left("a", HARBOUR, None, 4, (LeftBlock(0, "A ferry came."), LeftBlock(3, "Read our tide tables.")))
    less, fired = without(left, moody.rules)
    assert [block.at for block in less.blocks] == [0]
    assert fired == {"lock/tide-tables"}
    assert without(less, moody.rules) == (less, frozenset())


@given(st.text(st.sampled_from("aA1 .!?…。”\"')]»U.S.Mr\u3000ß"), max_size=60) | st.text(max_size=60))
def test_sentences_are_all_of_a_text(raw: str) -> None:
    text = BlockText(raw).text
    parts = sentences(text)
    assert len(parts) != 1
    if parts:
        assert "".join("".join(parts).split()) == "".join(text.split())
        assert all(part.strip() for part in parts)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("One sentence alone.", []),
        ("The first. The second.", ["The first.", "The second."]),
        ("Sen. Roe of the U.S. Senate said no. “Never!” So it went.", None),
        ("He said so (twice.) And she did.", ["He said so (twice.)", "And she did."]),
        ("第一句。第二句。", ["第一句。", "第二句。"]),
        ("It rose 3.5 percent. It fell.", ["It rose 3.5 percent.", "It fell."]),
    ],
)
def test_sentences_end_where_they_end(text: str, want: list[str] | None) -> None:
    found = sentences(text)
    if want is None:
        assert found[0] == "Sen. Roe of the U.S. Senate said no."
    else:
        assert found == want


def test_units_are_blocks_and_the_sentences_that_are_left_of_them() -> None:
    blocks = [LeftBlock(0, "It came. It went."), LeftBlock(4, "By Ada. It stays.", ("It stays.",))]
    assert list(units_of(blocks)) == [
        Unit(0, "It came. It went.", is_block=True),
        Unit(0, "It came.", is_block=False),
        Unit(0, "It went.", is_block=False),
        Unit(1, "By Ada. It stays.", is_block=True, is_touched=True),
        Unit(1, "It stays.", is_block=False, is_touched=True),
    ]


def test_like_units_meet_in_a_key() -> None:
    def keys(text: str, *, is_block: bool = True) -> dict[Form, int]:
        return {form_of(key): key for key in keys_of(Unit(0, text, is_block))}

    assert keys("“Get  Tides”") == keys('"get  tides"')
    assert keys("Read by 12 people.")[Form.NUMBERS] == keys("Read by 4 people.")[Form.NUMBERS]
    assert keys("Read by 12 people.")[Form.EXACT] != keys("Read by 4 people.")[Form.EXACT]
    assert keys("Drawn by Ada Rell")[Form.START] == keys("Drawn by Otto Quill")[Form.START]
    assert Form.START not in keys("Drawn by Ada Rell, who is late.")
    assert keys("Tides", is_block=False)[Form.EXACT] != keys("Tides")[Form.EXACT]


def test_kinds_are_guessed_from_the_words_of_known_rules(cleaner: Cleaner) -> None:
    words = ChromeWords(cleaner.rules.rules)
    assert words.kind("Sign up for the harbour newsletter") is Kind.NEWSLETTER
    assert words.kind("© Harbour Ledger. All rights reserved.") is Kind.COPYRIGHT
    assert words.kind("Photograph: Otto Quill/Getty Images") is Kind.IMAGE_CREDIT
    assert words.kind("12 … 7") is None
    stories = {"herring": 10, "quota": 10, "ferry": 10}
    assert words.weight("Sign up for our newsletter", stories, 30) > 1
    assert words.weight("Herring quota", stories, 30) < 0
    assert words.weight("", stories, 30) == 0


def test_the_sentences_that_come_nearest_share_the_most_words() -> None:
    texts = ["Ada Rell writes on herring and boats for subscribers.", "Tides"]
    told = [
        "Herring and boats were all that Ada Rell spoke of that day.",
        "Boats were late on the river for the third day running.",
        "Nothing at all has happened in this quiet town today.",
    ]
    pages = [Left("a", HARBOUR, None, 1, (LeftBlock(0, " ".join(told)),))]
    near, other = near_sentences(texts, pages)
    assert near[:2] == told[:2]
    assert other  # where no word is shared, any sentence will do
