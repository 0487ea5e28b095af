"""What is learnt of invented publishers: their chrome and not their stories, the same however the pages come."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from syndicate import Cleaner, Page
from syndicate.errors import RuleError
from syndicate.learn.left import left_of
from syndicate.learn.pack import PackFile
from syndicate.rules.check import check_rules
from syndicate.rules.lint import lint_rules
from syndicate.rules.packs import load_packs
from syndicate.rules.rule import Action, RuleStatus
from tests.learn.publishers import (
    ALSO,
    BACKGROUND,
    BIOS,
    CORE_LINE,
    COUNTED,
    FOLLOW,
    HARBOUR,
    HEADING,
    LENS,
    LETTER,
    PROMISE,
    PUT_RIGHT,
    STANDING,
    VALLEY,
    WIRE,
    Story,
    also,
    day,
    harbour,
    harbour_text,
    learnt,
    story,
    text_page,
    valley,
    wire,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from syndicate.rules.rule import Rule

COUNT = 30
CHROME = (*LETTER, *BIOS, STANDING, LENS, ALSO, COUNTED, PROMISE, FOLLOW)


@pytest.fixture(scope="module")
def learnt_packs(cleaner: Cleaner, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packs of both publishers."""
    folder = tmp_path_factory.mktemp("learnt")
    learnt(cleaner, [*harbour(COUNT), *wire(), *valley()], folder)
    return folder


@pytest.fixture
def packs(learnt_packs: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return shutil.copytree(learnt_packs, tmp_path / "packs")


@pytest.fixture(scope="module")
def stricter(learnt_packs: Path) -> Cleaner:
    """A cleaner with the core rules and all that was learnt."""
    return Cleaner(["core", learnt_packs], preview=True)


def rules_of(folder: Path, host: str = HARBOUR) -> dict[str, Rule]:
    return PackFile(folder / f"{host}.toml").rules


def rule_for(folder: Path, text: str, host: str = HARBOUR) -> Rule:
    """The rule that shows a text, or what begins with it, as what it takes."""
    (rule,) = (
        rule for rule in rules_of(folder, host).values() if any(case.text.startswith(text) for case in rule.accept)
    )
    return rule


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def sentences_of(told: Story) -> Iterator[str]:
    for paragraph in told.paragraphs:
        yield from paragraph.removesuffix(".").split(". ")


def test_each_piece_of_chrome_has_one_rule_and_nothing_else_has(learnt_packs: Path) -> None:
    rules = {**rules_of(learnt_packs), **rules_of(learnt_packs, VALLEY)}
    shown = {slug: {text for text in CHROME if rule.accept[0].text.startswith(text)} for slug, rule in rules.items()}
    assert sorted(text for found in shown.values() for text in found) == sorted(CHROME)
    assert all(len(found) == 1 for found in shown.values())


@pytest.mark.parametrize("text", [*WIRE, HEADING, BACKGROUND, CORE_LINE, PUT_RIGHT])
def test_no_rule_is_proposed_for_what_is_a_story_s_or_is_taken_already(learnt_packs: Path, text: str) -> None:
    shown = [case.text for rule in rules_of(learnt_packs).values() for case in rule.accept]
    assert [one for one in shown if one.startswith(text)] == []


def test_cleaned_with_previews_pages_lose_the_chrome_and_keep_the_story(stricter: Cleaner) -> None:
    for number, page in enumerate(harbour(COUNT)):
        cleaned = stricter.clean_page(page).text
        assert [text for text in (*CHROME, CORE_LINE) if text in cleaned] == []
        told = story(number)
        assert [one for one in sentences_of(told) if one not in cleaned] == []
        assert (HEADING in cleaned, BACKGROUND in cleaned) == (number % 3 == 0, told.topic == "sluice")
        assert also(number).removeprefix(ALSO) in cleaned
    for page in wire():
        assert [text for text in WIRE if text not in stricter.clean_page(page).text] == []
    for number, page in enumerate(valley()):
        cleaned = stricter.clean_page(page).text
        assert [text for text in (PROMISE, FOLLOW) if text in cleaned] == []
        assert [one for one in sentences_of(story(50_000 + number)) if one not in cleaned] == []


def test_without_previews_nothing_that_was_learnt_is_in_force(learnt_packs: Path) -> None:
    page = harbour(1)[0]
    text = Cleaner(["core", learnt_packs]).clean_page(page).text
    assert text == Cleaner(["core"]).clean_page(page).text
    assert STANDING in text


def test_rules_are_exact_or_let_numbers_or_values_differ(learnt_packs: Path, stricter: Cleaner) -> None:
    exact, label, counted, named = (rule_for(learnt_packs, text) for text in (STANDING, ALSO, COUNTED, LENS))
    assert (exact.match, exact.action) == ("whole", Action.DROP)
    assert (label.match, label.action) == ("start", Action.TRIM)
    written = PackFile(learnt_packs / f"{HARBOUR}.toml").written(label.id.rpartition("/")[2])
    assert written["text"] == ALSO.strip()
    for rule, begun, value in ((counted, COUNTED, ": 7"), (named, LENS, "Wanda Zorn")):
        assert rule.action is Action.DROP
        blocks = [begun + value if one.startswith(begun) else one for one in harbour_text(story(0))]
        taken = stricter.clean_page(text_page(HARBOUR, 0, blocks)).removed
        assert [removal.text.strip() for removal in taken if removal.rule == rule.id] == [begun + value]


def test_packs_pass_their_own_tests_and_lint(learnt_packs: Path) -> None:
    rules = load_packs([learnt_packs])
    assert len(rules.packs) == 2
    assert check_rules(rules)[1] == ()
    assert lint_rules(rules) == ()
    assert {rule.status for rule in rules.rules} == {RuleStatus.PREVIEW}
    assert all(rule.hosts for rule in rules.rules)


def test_evidence_counts_stories_and_tells_their_dates(learnt_packs: Path) -> None:
    standing = rule_for(learnt_packs, STANDING).evidence
    assert standing is not None
    # The wire story runs five times and is one.
    assert (standing.stories, standing.of) == (COUNT + 1, COUNT + 1)
    assert (standing.first_seen, standing.last_seen, standing.unseen) == (day(0), day(COUNT - 1), 0)
    ada = rule_for(learnt_packs, BIOS[0]).evidence
    assert ada is not None
    dated = {day(number) for number in range(0, COUNT, 3)}
    assert (ada.first_seen, ada.last_seen, ada.unseen) == (min(dated), max(dated), 2)
    assert (ada.stories, ada.of) == (len(dated) + 1, COUNT + 1)  # the wire story runs with each of the bios
    assert ada.guessed == ("kind",)


def test_evidence_shows_places_with_what_stands_around(learnt_packs: Path) -> None:
    evidence = rule_for(learnt_packs, LETTER[1]).evidence
    assert evidence is not None
    addresses = {page.id: str(page.content) for page in [*harbour(COUNT), *wire()]}
    assert evidence.seen
    for seen in evidence.seen:
        assert seen.text in addresses[seen.page]
        assert seen.before == LETTER[0]
        assert seen.after in addresses[seen.page]


def test_rejects_are_sentences_of_stories(learnt_packs: Path) -> None:
    told = "\n".join(str(page.content) for page in [*harbour(COUNT), *wire()])
    for rule in rules_of(learnt_packs).values():
        assert rule.reject
        assert [case.text for case in rule.reject if case.text not in told] == []


@pytest.mark.parametrize(("seed", "workers"), [(1, 1), (2, 2)])
def test_neither_order_nor_processes_change_a_byte(
    cleaner: Cleaner, learnt_packs: Path, tmp_path: Path, seed: int, workers: int
) -> None:
    pages = [*harbour(COUNT), *wire(), *valley()]
    random.Random(seed).shuffle(pages)
    learnt(cleaner, pages, tmp_path, workers=workers)
    assert files(tmp_path) == files(learnt_packs)


def test_where_processes_are_not_forked_the_same_is_learnt(
    cleaner: Cleaner, learnt_packs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syndicate.learn.learner.FORKS", False)
    learnt(cleaner, [*harbour(COUNT), *wire(), *valley()], tmp_path)
    assert files(tmp_path) == files(learnt_packs)


def test_a_second_run_changes_no_byte(cleaner: Cleaner, learnt_packs: Path, packs: Path) -> None:
    changes = learnt(cleaner, [*harbour(COUNT), *wire(), *valley()], packs)
    assert files(packs) == files(learnt_packs)
    assert [(change.new, change.dead) for change in changes.values()] == [((), ()), ((), ())]
    assert changes[HARBOUR].counted == len(rules_of(packs))


def test_a_rule_that_was_edited_stays_as_it_was_made(cleaner: Cleaner, packs: Path) -> None:
    path = packs / f"{HARBOUR}.toml"
    slug = rule_for(packs, STANDING).id.rpartition("/")[2]
    pack = PackFile(path)
    mine = pack.table(slug).replace("summary = ", "# ours\nsummary = ").replace('"likely"', '"certain"')
    pack.replace(slug, mine)
    pack.save()
    change = learnt(cleaner, harbour(COUNT + 2), packs, (HARBOUR,))[HARBOUR]
    assert change.new == ()
    after = PackFile(path).table(slug)
    assert after != mine  # counted again
    assert [line for line in after.split("\n") if not line.startswith(("stories", "of", "last_seen"))] == [
        line for line in mine.split("\n") if not line.startswith(("stories", "of", "last_seen"))
    ]


def test_a_rule_that_was_rejected_is_not_proposed_again(cleaner: Cleaner, packs: Path) -> None:
    pack = PackFile(packs / f"{HARBOUR}.toml")
    slug = rule_for(packs, LETTER[0]).id.rpartition("/")[2]
    pack.settle(slug, RuleStatus.REJECTED)
    pack.save()
    before = list(pack.rules)
    assert learnt(cleaner, [*harbour(COUNT), *wire()], packs)[HARBOUR].new == ()
    assert list(rules_of(packs)) == before
    assert rules_of(packs)[slug].status is RuleStatus.REJECTED
    text = Cleaner(["core", packs], preview=True).clean_page(harbour(1)[0]).text
    assert (LETTER[0] in text, LETTER[1] in text) == (True, False)


def test_chrome_that_is_new_is_added_at_the_end(cleaner: Cleaner, packs: Path) -> None:
    path = packs / f"{HARBOUR}.toml"
    new = "Bring a friend to the quay on Sunday and both of you will be shown around our printing works."
    pages = [replace(page, content=f"{page.content}\n\n{new}") for page in harbour(12, first=40)]
    before = list(rules_of(packs))
    (slug,) = learnt(cleaner, [*harbour(COUNT), *pages], packs)[HARBOUR].new
    assert list(PackFile(path).rules) == [*before, slug]
    evidence = PackFile(path).rules[slug].evidence
    assert evidence is not None
    assert (evidence.stories, evidence.of, evidence.first_seen) == (12, COUNT + 12, day(40))


def test_a_rule_whose_chrome_the_publisher_gave_up_is_named(cleaner: Cleaner, packs: Path) -> None:
    slug = rule_for(packs, STANDING).id.rpartition("/")[2]
    later = [text_page(HARBOUR, number, [*story(number).paragraphs, *BIOS]) for number in range(100, 155)]
    change = learnt(cleaner, [*harbour(COUNT), *later], packs)[HARBOUR]
    assert slug in change.dead
    bios = {rule_for(packs, bio).id.rpartition("/")[2] for bio in BIOS}
    assert not bios & {*change.dead}
    evidence = rules_of(packs)[slug].evidence
    assert evidence is not None
    assert (evidence.stories, evidence.of, evidence.unseen) == (COUNT, COUNT + 55, 55)


def without_address(pages: list[Page]) -> list[Page]:
    return [replace(page, url=None, id=f"page-{number}") for number, page in enumerate(pages)]


def test_pages_without_an_address_are_of_the_one_publisher_asked_for(cleaner: Cleaner, tmp_path: Path) -> None:
    assert learnt(cleaner, without_address(harbour(12)), tmp_path, (HARBOUR,))[HARBOUR].new
    assert rule_for(tmp_path, STANDING).hosts == (HARBOUR,)


@pytest.mark.parametrize("hosts", [(), (HARBOUR, VALLEY)])
def test_pages_of_nobody_knows_whom_are_passed_over(cleaner: Cleaner, tmp_path: Path, hosts: tuple[str, ...]) -> None:
    assert learnt(cleaner, without_address(harbour(4)), tmp_path, hosts) == {}


def test_only_the_publishers_asked_for_are_learnt(cleaner: Cleaner, tmp_path: Path) -> None:
    assert list(learnt(cleaner, [*harbour(4), *valley()], tmp_path, (VALLEY,))) == [VALLEY]
    assert list(files(tmp_path)) == [f"{VALLEY}.toml"]


def test_two_stories_are_too_few(cleaner: Cleaner, tmp_path: Path) -> None:
    assert learnt(cleaner, harbour(2), tmp_path) == {}
    assert files(tmp_path) == {}


def test_the_same_story_ever_again_teaches_nothing(cleaner: Cleaner, tmp_path: Path) -> None:
    pages = [text_page(HARBOUR, number, [*WIRE, BIOS[number % 3], STANDING]) for number in range(12)]
    assert learnt(cleaner, pages, tmp_path)[HARBOUR].new == ()
    assert files(tmp_path) == {}


def test_a_page_that_is_not_text_is_passed_over(cleaner: Cleaner) -> None:
    assert left_of(cleaner, Page(b"\x89PNG\r\n\x1a\n" + bytes(200), id="a", url=f"https://{HARBOUR}/a")) is None


def test_a_pack_that_does_not_hold_stops_the_run_before_any_is_written(cleaner: Cleaner, tmp_path: Path) -> None:
    damaged = tmp_path / f"{VALLEY}.toml"
    damaged.write_text("schema = 1\n[pack\n", "utf-8")
    with pytest.raises(RuleError):
        learnt(cleaner, [*harbour(8), *valley()], tmp_path)
    assert files(tmp_path) == {damaged.name: b"schema = 1\n[pack\n"}
