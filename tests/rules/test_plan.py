"""Hits to one plan: what goes, by whose reason, and what is never taken."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model import Block, Kind
from syndicate.rules.match import Hit, RuleSet
from syndicate.rules.plan import Plan, make_plan
from syndicate.rules.rule import Action, Confidence, MatchMode, Pack, Rule, Zone

if TYPE_CHECKING:
    from collections.abc import Sequence

STORY = "The ferry to the north shore will run again from Monday, the harbour office said on Friday."
BASE = Rule(
    id="", kind=Kind.PROMO, summary="", source="", pattern=None, selector=None, match=MatchMode.ANYWHERE,
    zone=Zone.ANYWHERE, zone_blocks=0, keywords=(), action=Action.DROP, max_cut_blocks=12,
    confidence=Confidence.LIKELY, hosts=(), accept=(), reject=(), known_miss=(), place="try.toml:1",
)  # fmt: skip
RULES = {action: replace(BASE, id=f"try/{action}", action=action) for action in Action}
DROP, TRIM, KEEP, TAG = (RULES[action] for action in (Action.DROP, Action.TRIM, Action.KEEP, Action.TAG))
CUT_AFTER, CUT_BEFORE = RULES[Action.CUT_AFTER], RULES[Action.CUT_BEFORE]


def lay_out(*texts: str) -> tuple[str, list[Block]]:
    blocks: list[Block] = []
    start = 0
    for text in texts:
        blocks.append(Block(start, start + len(text)))
        start += len(text) + 2
    return "\n\n".join(texts), blocks


def plan_of(texts: Sequence[str], *wanted: tuple[Rule, int, str]) -> Plan:
    """The plan for some blocks and, for each of them, rules that take a piece of it ("" for the whole)."""
    text, blocks = lay_out(*texts)
    hits: list[Hit] = []
    for rule, at, piece in wanted:
        start = text.index(piece, blocks[at].start) if piece else blocks[at].start
        hits.append(Hit(rule, at, start, start + len(piece) if piece else blocks[at].end, ()))
    order = {rule.id: at for at, rule in enumerate([*RULES.values(), *(rule for rule, _, _ in wanted)])}
    return make_plan(text, blocks, hits, lambda rule: (bool(rule.hosts), order[rule.id]))


def left(texts: Sequence[str], plan: Plan) -> list[str]:
    """What is left of each block that is not dropped."""
    text, blocks = lay_out(*texts)
    kept: list[str] = []
    for at, block in enumerate(blocks):
        if at not in plan.dropped:
            gone = {place for trim in plan.trims for place in range(trim.start, trim.end)}
            kept.append("".join(text[place] for place in range(block.start, block.end) if place not in gone))
    return kept


def reasons(plan: Plan) -> dict[int, list[str]]:
    """The rules that take each block that goes, by position."""
    return {at: [trim.hit.rule.id for trim in trims] for at, trims in plan.dropped.items()}


@pytest.mark.parametrize(
    ("stronger", "weaker", "reason"),
    [
        (KEEP, CUT_AFTER, None),
        (KEEP, DROP, None),
        (KEEP, TRIM, None),
        (CUT_AFTER, TRIM, "try/cut-after"),
        (CUT_AFTER, TAG, "try/cut-after"),
        (DROP, TRIM, "try/drop"),
        (DROP, TAG, "try/drop"),
    ],
)
def test_strongest_action_of_a_block_wins(stronger: Rule, weaker: Rule, reason: str | None) -> None:
    texts = [STORY] * 3 + ["Share this now"]
    plan = plan_of(texts, (weaker, 3, "Share this"), (stronger, 3, "Share this"))
    assert reasons(plan) == ({3: [reason]} if reason else {})
    assert plan.trims == ()


def test_trim_wins_over_tag_and_tag_alone_takes_nothing() -> None:
    texts = [STORY, f"{STORY} Share this."]
    assert left(texts, plan_of(texts, (TAG, 1, "Share"), (TRIM, 1, "Share this."))) == [STORY, STORY]
    assert left(texts, plan_of(texts, (TAG, 1, "Share this."))) == texts


def test_cut_takes_whole_blocks_to_the_end_and_names_itself() -> None:
    plan = plan_of([*[STORY] * 5, "About us", "Ada writes.", "Bo edits."], (CUT_AFTER, 5, ""))
    assert reasons(plan) == {at: ["try/cut-after"] for at in (5, 6, 7)}
    assert plan.cut == {5, 6, 7}
    assert not plan.refused


def test_cut_before_takes_all_blocks_up_to_its_own() -> None:
    assert set(plan_of(["Home", "News", "Print", *[STORY] * 3], (CUT_BEFORE, 1, "")).dropped) == {0, 1}


def test_block_inside_a_cut_that_has_a_drop_of_its_own_is_named_by_it() -> None:
    plan = plan_of([*[STORY] * 3, "More", "Share this", "End"], (CUT_AFTER, 3, ""), (DROP, 4, "Share this"))
    assert reasons(plan) == {3: ["try/cut-after"], 4: ["try/drop"], 5: ["try/cut-after"]}
    assert plan.cut == {3, 5}


def test_kept_block_stays_inside_a_cut() -> None:
    plan = plan_of([*[STORY] * 3, "More", "Correction: Friday", "End"], (CUT_AFTER, 3, ""), (KEEP, 4, "Correction"))
    assert sorted(plan.dropped) == [3, 5]


@pytest.mark.parametrize(("limit", "taken"), [(4, {2, 3, 4, 5}), (3, {2}), (0, {2})])
def test_cut_that_would_take_more_than_its_limit_takes_its_own_block_alone(limit: int, taken: set[int]) -> None:
    texts = [STORY, STORY, *["More of it"] * 4]
    assert set(plan_of(texts, (replace(CUT_AFTER, max_cut_blocks=limit), 2, "")).dropped) == taken
    mirrored = {5 - at for at in taken}
    assert set(plan_of(texts[::-1], (replace(CUT_BEFORE, max_cut_blocks=limit), 3, "")).dropped) == mirrored


def test_more_specific_pack_names_the_reason() -> None:
    general = replace(BASE, id="core/share")
    own = replace(BASE, id="example/share", hosts=("example.org",))
    later = replace(BASE, id="mine/share")
    packs = [
        Pack(rule.id, "1", "", rule.hosts, (rule,), "try.toml", "0") for rule in (general, own, later)
    ]  # a pack for one publisher is more specific than any for all, whichever was loaded later
    text, blocks = lay_out(STORY, "Share this")
    for rules, reason in (((general, later), "mine/share"), ((general, own, later), "example/share")):
        hits = [Hit(rule, 1, blocks[1].start, blocks[1].end, ()) for rule in rules]
        assert reasons(make_plan(text, blocks, hits, RuleSet(packs).rank)) == {1: [reason]}


@pytest.mark.parametrize(
    ("text", "pieces", "kept"),
    [
        (f"{STORY} Share this. {STORY}", ["Share this."], f"{STORY} {STORY}"),
        (f"Share this. {STORY}", ["Share this."], STORY),
        (f"{STORY} Share this.", ["Share this."], STORY),
        (f"{STORY} \n Share this.", ["Share this."], STORY),
        (f"{STORY} Share this. Read on.", ["Share this.", "Read on."], STORY),
        (f"{STORY} Share this. Read on.", ["Share this. Read", "Read on."], STORY),
        (f"Share this. {STORY} Read on.", ["Share this.", "Read on."], STORY),
        (f"{STORY} (Share this) {STORY}", ["Share this"], f"{STORY} () {STORY}"),
        (f"{STORY} Share this. {STORY}", [" Share this."], f"{STORY} {STORY}"),
        ("The ferry (share this), which is late", [" (share this)"], "The ferry, which is late"),
    ],
)
def test_trims_take_the_white_space_they_would_leave_behind(text: str, pieces: list[str], kept: str) -> None:
    wanted: list[tuple[Rule, int, str]] = [(TRIM, 1, piece) for piece in pieces]
    assert left([STORY, text], plan_of([STORY, text], *wanted)) == [STORY, kept]


def test_overlap_of_two_trims_goes_once_with_the_stronger_hit() -> None:
    general, own = TRIM, replace(TRIM, id="example/trim", hosts=("example.org",))
    text = f"{STORY} Share this. Read on. {STORY}"
    plan = plan_of([text], (general, 0, "Share this. Read"), (own, 0, "this. Read on."))
    assert [(trim.hit.rule.id, text[trim.start : trim.end]) for trim in plan.trims] == [
        ("try/trim", "Share "),
        ("example/trim", "this. Read on. "),
    ]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Share this | Print this", ["Share this", "Print this"]),
        ("- Share this -", ["Share this"]),
        ("Share this", ["Share", "this"]),
    ],
)
def test_block_of_nothing_but_trims_goes_whole(text: str, pieces: list[str]) -> None:
    wanted: list[tuple[Rule, int, str]] = [(TRIM, 1, piece) for piece in pieces]
    plan = plan_of([STORY, text], *wanted)
    assert reasons(plan) == {1: ["try/trim"] * len(pieces)}
    assert plan.trims == ()


def test_block_of_nothing_but_trims_is_no_part_of_a_cut() -> None:
    plan = plan_of([STORY, "Share this", "Print this"], (TRIM, 1, "Share this"), (TRIM, 2, "Print this"))
    assert set(plan.dropped) == {1, 2}
    assert plan.cut == frozenset()


def test_selected_part_of_a_block_is_trimmed_and_a_selected_block_is_dropped() -> None:
    box = replace(DROP, selector="span.box")
    texts = [STORY, f"{STORY} Buy now.", "Buy now."]
    plan = plan_of(texts, (box, 1, "Buy now."), (box, 2, "Buy now."))
    assert (set(plan.dropped), left(texts, plan)) == ({2}, [STORY, STORY])


@pytest.mark.parametrize(("words", "refused"), [(89, False), (90, False), (91, True), (100, True)])
def test_plan_that_takes_more_than_nine_words_in_ten_is_refused(words: int, refused: bool) -> None:
    texts = [" ".join(["word"] * words), " ".join(["word"] * (100 - words))]
    assert plan_of([text for text in texts if text], (DROP, 0, "")).refused is refused
    assert plan_of([" ".join(texts).strip()], (TRIM, 0, texts[0])).refused is refused


def test_plan_that_takes_nothing_is_never_refused() -> None:
    for texts in ([], ["—"], [STORY]):
        assert not plan_of(texts).refused


_TEXT = "one two, three four. five"


@st.composite
def hits_on_blocks(draw: st.DrawFn) -> tuple[str, list[Block], list[Hit], RuleSet]:
    """Blocks, and hits of rules of every action on any parts of them."""
    text, blocks = lay_out(*[_TEXT] * draw(st.integers(1, 6)))
    rules = tuple(
        replace(
            BASE, id=f"try/{at}", action=draw(st.sampled_from(Action)), max_cut_blocks=draw(st.integers(0, 6)),
            selector=draw(st.sampled_from((None, "p"))), hosts=draw(st.sampled_from(((), ("example.org",)))),
        )
        for at in range(draw(st.integers(0, 5)))
    )  # fmt: skip
    hits: dict[tuple[str, int, int], Hit] = {}
    for rule in rules:
        for _ in range(draw(st.integers(0, 3))):
            at = draw(st.integers(0, len(blocks) - 1))
            start = draw(st.integers(blocks[at].start, blocks[at].end - 1))
            hit = Hit(rule, at, start, draw(st.integers(start + 1, blocks[at].end)), ())
            hits[rule.id, at, start] = hit
    return text, blocks, list(hits.values()), RuleSet([Pack("try", "1", "", (), rules, "try.toml", "0")])


@given(hits_on_blocks(), st.randoms(use_true_random=False))
def test_order_of_hits_never_changes_the_plan(
    example: tuple[str, list[Block], list[Hit], RuleSet], chance: random.Random
) -> None:
    text, blocks, hits, rules = example
    shuffled = list(hits)
    chance.shuffle(shuffled)
    assert make_plan(text, blocks, shuffled, rules.rank) == make_plan(text, blocks, hits, rules.rank)


@given(hits_on_blocks())
def test_plan_is_sound_whatever_the_hits(example: tuple[str, list[Block], list[Hit], RuleSet]) -> None:
    text, blocks, hits, rules = example
    plan = make_plan(text, blocks, hits, rules.rank)
    protected = {hit.block for hit in hits if hit.rule.action is Action.KEEP}
    staying = [block for at, block in enumerate(blocks) if at not in plan.dropped]
    assert protected.isdisjoint(plan.dropped)
    assert plan.cut <= plan.dropped.keys()
    for at, trims in plan.dropped.items():  # what takes a block takes all of it, once
        assert [trims[0].start, *(trim.end for trim in trims)] == [*(trim.start for trim in trims), blocks[at].end]
        assert trims[0].start == blocks[at].start
    assert all(trim.start < trim.end for trim in plan.trims)
    assert all(one.end <= other.start for one, other in zip(plan.trims, plan.trims[1:], strict=False))
    assert all(any(block.start <= trim.start < trim.end <= block.end for block in staying) for trim in plan.trims)
    assert not any(blocks[at].start <= trim.start < blocks[at].end for at in protected for trim in plan.trims)


@given(hits_on_blocks())
def test_every_trim_of_an_unprotected_block_is_carried_out(
    example: tuple[str, list[Block], list[Hit], RuleSet],
) -> None:
    text, blocks, hits, rules = example
    plan = make_plan(text, blocks, hits, rules.rank)
    protected = {hit.block for hit in hits if hit.rule.action is Action.KEEP}
    gone = {place for trim in plan.trims for place in range(trim.start, trim.end)}
    for hit in hits:
        if hit.rule.action is Action.TRIM and hit.block not in protected and hit.block not in plan.dropped:
            assert gone.issuperset(range(hit.start, hit.end))
