"""What is learnt of texts that differ in their midst: cards of links, frames around a value, labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from syndicate import Cleaner
from syndicate.learn.pack import PackFile
from syndicate.learn.values import captured, field_of
from syndicate.model import Kind
from syndicate.rules.check import check_rules
from syndicate.rules.lint import lint_rules
from syndicate.rules.packs import load_packs
from tests.learn.publishers import HARBOUR, learnt, story, text_page

if TYPE_CHECKING:
    from pathlib import Path

    from syndicate import Page
    from syndicate.rules.rule import Rule

PEOPLE = ("Nora Pell", "Ivo Stern", "Mila Tarn", "Otto Quill", "Zoe Marsh", "Finn Alder", "Runa Holt", "Emil Crane")
HEADLINES = ("Ferry late again", "Sluice to be painted", "Council votes on nets", "Orchard opens its gates")


def learn(cleaner: Cleaner, pages: list[Page], folder: Path) -> dict[str, Rule]:
    """The rules that are learnt, by id; they pass their tests and lint."""
    learnt(cleaner, pages, folder)
    path = folder / f"{HARBOUR}.toml"
    if not path.exists():
        return {}
    rules = load_packs([path])
    assert check_rules(rules)[1] == ()
    assert lint_rules(rules) == ()
    return PackFile(path).rules


def card(number: int) -> str:
    """What a name's link opens."""
    family = PEOPLE[number % 8].split()[1]
    shown = " ".join(HEADLINES[(number + step) % 4] for step in range(3))
    return f"Anselm {family}{shown} ANCHOR"


def with_cards(number: int) -> list[str]:
    """A story that has a card in a sentence of its second paragraph."""
    first, second, *rest = story(number).paragraphs
    name = PEOPLE[number % 8]
    return [first, f"So said {name} {card(number)} on Monday. {second}", *rest]


def test_cards_that_were_set_into_sentences_are_taken_out_of_them(cleaner: Cleaner, tmp_path: Path) -> None:
    pages = [text_page(HARBOUR, number, with_cards(number)) for number in range(12)]
    rules = learn(cleaner, pages, tmp_path)
    assert list(rules) == ["link-card"]
    evidence = rules["link-card"].evidence
    assert evidence is not None
    assert (evidence.stories, evidence.of) == (12, 12)
    stricter = Cleaner(["core", tmp_path], preview=True)
    for number, page in enumerate(pages):
        cleaned = stricter.clean_page(page)
        assert f"So said {PEOPLE[number % 8]} on Monday." in cleaned.text
        assert [removal.text.strip() for removal in cleaned.removed] == [card(number)]
    unseen = text_page(
        HARBOUR, 99, ["Up came Ada Rell Adelheid RellBoats are late ANCHOR, and left.", *with_cards(99)[2:]]
    )
    assert "Up came Ada Rell, and left." in stricter.clean_page(unseen).text


def test_names_that_are_said_again_are_no_cards_where_nothing_ends_them(cleaner: Cleaner, tmp_path: Path) -> None:
    pages = [
        text_page(HARBOUR, number, [blocks[0], blocks[1].replace(" ANCHOR on Monday", ""), *blocks[2:]])
        for number in range(12)
        for blocks in [with_cards(number)]
    ]
    assert learn(cleaner, pages, tmp_path) == {}


def test_what_begins_and_ends_alike_is_one_rule_and_its_person_an_author(cleaner: Cleaner, tmp_path: Path) -> None:
    def line(name: str) -> str:
        return f"Story by {name} for the Harbour Ledger news desk, with editing by our staff."

    pages = [
        text_page(HARBOUR, number, [*story(number).paragraphs, line(PEOPLE[number % 8]), "Tides on page two"])
        for number in range(16)
    ]
    rules = learn(cleaner, pages, tmp_path)
    (slug,) = (slug for slug, rule in rules.items() if rule.accept[0].text.startswith("Story by"))
    rule = rules[slug]
    assert rule.kind is Kind.BYLINE
    assert rule.accept[0].capture is not None
    assert dict(rule.accept[0].capture)["author"] in PEOPLE
    stricter = Cleaner(["core", tmp_path], preview=True)
    unseen = text_page(HARBOUR, 99, [*story(99).paragraphs, line("Wanda Zorn"), "Tides on page two"])
    cleaned = stricter.clean_page(unseen)
    assert "Zorn" not in cleaned.text
    assert ("author", "Wanda Zorn") in [(claim.field, claim.value) for claim in cleaned.claims]


def test_a_stock_phrase_of_reports_is_left(cleaner: Cleaner, tmp_path: Path) -> None:
    pages = []
    for number in range(36):
        first, second, *rest = story(number).paragraphs
        if number % 3:
            pages.append(text_page(HARBOUR, number, [first, second, *rest]))
            continue
        said = f"A spokesman for {PEOPLE[number % 8]} declined to comment on the matter on Friday."
        pages.append(text_page(HARBOUR, number, [first, f"{second} {said}", *rest]))
    assert learn(cleaner, pages, tmp_path) == {}


def test_words_that_sentences_begin_with_are_no_label(cleaner: Cleaner, tmp_path: Path) -> None:
    pages = []
    for number in range(12):
        first, *rest = story(number).paragraphs
        pages.append(text_page(HARBOUR, number, [first, f"Both sides {rest[0][:60].lower()}:", *rest]))
    assert learn(cleaner, pages, tmp_path) == {}


def test_a_label_in_capitals_ends_before_the_value(cleaner: Cleaner, tmp_path: Path) -> None:
    pages = []
    for number in range(20):
        first, *rest = story(number).paragraphs
        blurb = f"WATCH CLIP Mayor {PEOPLE[number % 8]} and {rest[0].split('. ')[0]}"
        pages.append(text_page(HARBOUR, number, [first, blurb, *rest]))
    (rule,) = learn(cleaner, pages, tmp_path).values()
    written = PackFile(tmp_path / f"{HARBOUR}.toml").written(rule.id.rpartition("/")[2])
    assert written["text"] == "WATCH CLIP"


@pytest.mark.parametrize(
    ("values", "kind", "field"),
    [
        (["March 3, 2026", "November 12, 2026"], Kind.PROMO, "date"),
        (["desk@harbour.example", "o.quill@harbour.example"], None, "contact_email"),
        (["Ada Rell", "Otto Quill"], Kind.BYLINE, "author"),
        (["Ada Rell", "Otto Quill"], Kind.PROMO, None),
        (["Ada Rell", "the ferry is late"], Kind.BYLINE, None),
        (["The Harbour Ledger", "Valley Courier"], Kind.ATTRIBUTION, "source"),
    ],
)
def test_values_of_one_form_are_of_a_field(values: list[str], kind: Kind | None, field: str | None) -> None:
    found = field_of(values, kind)
    assert (found[0] if found else None) == field
    assert captured(values[0], found) == (((field, values[0]),) if field else None)
    assert captured("what is of no form at all", found) is None
