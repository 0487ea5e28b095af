"""Rules against blocks: which rules hit where, and where that is in the document."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate import Cleaner
from syndicate.model import Kind
from syndicate.rules.literals import required_keywords
from syndicate.rules.match import LONGEST_UNTIMED, RuleSet, matches
from syndicate.rules.read import LazyPattern, in_mode
from syndicate.rules.rule import Action, Confidence, MatchMode, Pack, Rule, Zone
from syndicate.rules.text import BlockText

if TYPE_CHECKING:
    from pathlib import Path


def make_rule(source: str = "Share this", match: MatchMode = MatchMode.ANYWHERE, **fields: Any) -> Rule:
    base = Rule(
        id="try/rule", kind=Kind.PROMO, summary="", source=source, pattern=LazyPattern(in_mode(source, match)),
        selector=None, match=match, zone=Zone.ANYWHERE, zone_blocks=0, keywords=required_keywords(source) or (),
        action=Action.DROP, max_cut_blocks=12, confidence=Confidence.LIKELY, hosts=(), accept=(), reject=(),
        known_miss=(), place="try.toml:1",
    )  # fmt: skip
    return replace(base, **fields)


def make_set(*rules: Rule, hosts: tuple[str, ...] = ()) -> RuleSet:
    return RuleSet(
        [Pack("try", "1", "", hosts, tuple(replace(rule, hosts=hosts) for rule in rules), "try.toml", "0")]
    )


def lay_out(*texts: str) -> list[BlockText]:
    """Blocks as a document has them, two line breaks apart."""
    blocks: list[BlockText] = []
    start = 0
    for text in texts:
        blocks.append(BlockText(text, start))
        start += len(text) + 2
    return blocks


def blocks_hit(rules: RuleSet, *texts: str, **options: Any) -> list[int]:
    return [hit.block for hit in rules.hits(lay_out(*texts), **options)]


@pytest.mark.parametrize(
    ("match", "text", "taken"),
    [
        (MatchMode.WHOLE, "Share this", ["Share this"]),
        (MatchMode.WHOLE, "Share this now", []),
        (MatchMode.START, "Share this now", ["Share this"]),
        (MatchMode.START, "Please Share this", []),
        (MatchMode.END, "Please Share this", ["Share this"]),
        (MatchMode.END, "Share this now", []),
        (MatchMode.ANYWHERE, "Please Share this now", ["Share this"]),
        (MatchMode.ANYWHERE, "Share this. Share this!", ["Share this", "Share this"]),
        (MatchMode.ANYWHERE, "Share that", []),
    ],
)
def test_match_mode_says_which_part_of_a_block_is_matched(match: MatchMode, text: str, taken: list[str]) -> None:
    rules = make_set(make_rule(match=match))
    assert [text[hit.start : hit.end] for hit in rules.hits(lay_out(text))] == taken


def test_leading_flags_and_alternatives_keep_their_meaning_at_start_and_end() -> None:
    for match, text in ((MatchMode.START, "SHARE THIS or not"), (MatchMode.END, "do SHARE THIS")):
        rules = make_set(make_rule("(?i)share this|read this", match))
        assert blocks_hit(rules, text) == [0]
        assert blocks_hit(rules, f"x {text} x") == []


@pytest.mark.parametrize(
    ("zone", "deep", "hit"),
    [
        (Zone.HEAD, 2, [0, 1]),
        (Zone.TAIL, 2, [3, 4]),
        (Zone.HEAD, 0, []),
        (Zone.TAIL, 9, [0, 1, 2, 3, 4]),
        (Zone.ANYWHERE, 1, [0, 1, 2, 3, 4]),
    ],
)
def test_zones_are_counted_in_blocks(zone: Zone, deep: int, hit: list[int]) -> None:
    rules = make_set(make_rule(zone=zone, zone_blocks=deep))
    assert blocks_hit(rules, *["Share this"] * 5) == hit


@pytest.mark.parametrize(
    ("pattern", "host", "applies"),
    [
        ("example.org", "example.org", True),
        ("example.org", "news.example.org", True),
        ("example.org", "notexample.org", False),
        ("example.org", "org", False),
        ("=example.org", "example.org", True),
        ("=example.org", "news.example.org", False),
        ("example.org", None, False),
        ("=example.org", None, False),
    ],
)
def test_host_pack_applies_to_its_hosts_alone(pattern: str, host: str | None, applies: bool) -> None:
    rules = make_set(make_rule(), make_rule(id="try/box", source=".box", selector=".box"), hosts=(pattern,))
    assert blocks_hit(rules, "Share this", host=host) == [0] * applies
    assert list(rules.stamps(host)) == ["try"] * applies
    assert list(rules.selectors(host)) == [".box"] * applies


def test_pack_of_no_host_applies_everywhere() -> None:
    rules = make_set(make_rule())
    assert blocks_hit(rules, "Share this", host=None) == blocks_hit(rules, "Share this", host="a.example") == [0]


def at_least(least: Confidence, rule: Rule) -> Rule | None:
    return rule if rule.confidence >= least else None


def test_rules_less_sure_than_asked_for_are_left_out() -> None:
    rules = make_set(*(make_rule(id=f"try/{level}", confidence=level) for level in Confidence))
    for least in Confidence:
        sure = rules.only(partial(at_least, least))
        found = {hit.rule.confidence for hit in sure.hits(lay_out("Share this"))}
        assert found == {level for level in Confidence if level >= least}


def test_hits_come_in_order_of_block_and_position_with_the_document_s_offsets() -> None:
    rules = make_set(make_rule("tips line", id="try/b"), make_rule(id="try/a"))
    texts = ("Nothing here", "tips line, Share this, tips line", "Share this")
    document = "\n\n".join(texts)
    hits = rules.hits(lay_out(*texts))
    assert [hit.block for hit in hits] == [1, 1, 1, 2]
    assert sorted(document[hit.start : hit.end] for hit in hits) == ["Share this"] * 2 + ["tips line"] * 2


def test_captures_carry_value_and_place_of_every_repetition() -> None:
    rules = make_set(make_rule(r"Written by(?: (?P<author>\p{Lu}\w+)(?:,| and|$))+"))
    text = "Written by  Ada, Bo and Cy"
    (hit,) = rules.hits(lay_out("Intro", text))
    document = f"Intro\n\n{text}"
    assert [(capture.field, capture.value) for capture in hit.captures] == [
        ("author", name) for name in ("Ada", "Bo", "Cy")
    ]
    assert all(document[capture.start : capture.end] == capture.value for capture in hit.captures)


def test_span_of_a_capture_is_that_of_its_value() -> None:
    (hit,) = make_set(make_rule("Written by(?P<author>[^.]+)")).hits(lay_out("Written by Ada Quill ."))
    (capture,) = hit.captures
    assert capture.value == "Ada Quill"
    assert "Written by Ada Quill ."[capture.start : capture.end] == "Ada Quill"


def test_catastrophic_pattern_is_stopped_and_named_and_others_still_work() -> None:
    rules = make_set(make_rule("(a+)+b", keywords=("aaaa",), id="try/slow", place="try.toml:7"), make_rule())
    notes: list[str] = []
    began = time.process_time()
    assert [hit.rule.id for hit in rules.hits(lay_out("a" * 30_000, "Share this"), notes=notes)] == ["try/rule"]
    assert time.process_time() - began < 0.5
    (note,) = notes
    assert "try/slow" in note
    assert "try.toml:7" in note


def test_nothing_to_match_gives_no_hits() -> None:
    assert RuleSet().hits(lay_out("Share this")) == []
    assert make_set(make_rule()).hits([]) == []
    assert make_set(make_rule(source=".box", selector=".box", pattern=None, keywords=())).hits(lay_out("Share")) == []


def test_two_rules_with_one_selector_are_both_in_force(tmp_path: Path) -> None:
    def pack(name: str, action: str) -> str:
        header = f'schema = 1\n[pack]\nname = "{name}"\nversion = "1"\nsummary = "s"\n'
        rule = f'[[rule]]\nid = "box"\nkind = "promo"\nsummary = "s"\nselector = "p.box"\naction = "{action}"\n'
        cases = '[[rule.accept]]\nhtml = "<p class=box>a</p>"\n[[rule.reject]]\nhtml = "<p>a</p>"\n'
        return header + rule + cases

    story = "<p>" + "The ferry to the north shore will run again from Monday, the harbour office said. " * 3 + "</p>"
    page = f"<article>{story}<p class=box>Buy our calendar</p>{story}</article>"
    for actions in (("keep", "drop"), ("drop", "keep")):  # keep wins, in whichever order
        folder = tmp_path / "-".join(actions)
        folder.mkdir()
        for name, action in zip("ab", actions, strict=True):
            (folder / f"{name}.toml").write_text(pack(name, action), "utf-8")
        assert "Buy our calendar" in Cleaner([folder]).clean(page).text, actions


_FRAGMENTS = ("abba", "Abba", "baab", "abab", " ", "a", "b", "'", "’", "\n", "\u200b", "aabb")
_PATTERNS = ("abba", "(?i)abba baab", "abbab+a?", "(?:abba|baab) ?b", "(?i)(?:a|b)?aabb", "abba['’]a", r"aa\w\w?abab")


_OF_A_REGEX = (MatchMode.WHOLE, MatchMode.START, MatchMode.END, MatchMode.ANYWHERE)


@settings(max_examples=60)
@given(
    texts=st.lists(st.lists(st.sampled_from(_FRAGMENTS), min_size=1, max_size=8).map("".join), max_size=5),
    wanted=st.lists(st.tuples(st.sampled_from(_PATTERNS), st.sampled_from(_OF_A_REGEX)), min_size=1, max_size=6),
)
def test_keywords_lose_no_hit_that_running_every_pattern_finds(
    texts: list[str], wanted: list[tuple[str, MatchMode]]
) -> None:
    rules = make_set(*(make_rule(source, match, id=f"try/{at}") for at, (source, match) in enumerate(wanted)))
    assert all(rule.keywords for rule in rules.rules)
    blocks = lay_out(*texts)
    expected: set[tuple[str, int, int]] = set()
    for rule in rules.rules:
        for at, block in enumerate(blocks):
            prefix, suffix = {
                MatchMode.WHOLE: (r"\A(?:", r")\s*\Z"), MatchMode.START: (r"\A(?:", ")"),
                MatchMode.END: ("(?:", r")\s*\Z"), MatchMode.ANYWHERE: ("(?:", ")"),
            }[rule.match]  # fmt: skip
            flag, body = ("(?i)", rule.source[4:]) if rule.source.startswith("(?i)") else ("", rule.source)
            expected |= {
                (rule.id, at, match.start()) for match in regex.finditer(flag + prefix + body + suffix, block.text)
            }
    found = {(hit.rule.id, hit.block, hit.start) for hit in rules.hits(blocks)}
    assert found == {(rule, at, blocks[at].offset(start)) for rule, at, start in expected}


_SPACES = (" ", "\n", "\t", "\u00a0", "\u202f", "\r\n", "\x0b")
_INVISIBLES = ("\u200b", "\u00ad", "\ufeff", "\u200e", "\u2060")
_RAW = st.lists(st.sampled_from(("a", "b", "É", "😀", *_SPACES, *_INVISIBLES)), max_size=20).map("".join)


@given(_RAW, st.integers(0, 100), st.data())
def test_span_of_normalised_text_points_at_raw_text_that_normalises_to_it(
    raw: str, start: int, data: st.DataObject
) -> None:
    block = BlockText(raw, start)
    first = data.draw(st.integers(0, len(block.text)))
    last = data.draw(st.integers(first, len(block.text)))
    if first == last:
        return
    document = "-" * start + raw + "-"
    piece = document[block.offset(first) : block.end_offset(last)]
    assert BlockText(piece).text.strip() == block.text[first:last].strip()
    assert piece[-1] not in _INVISIBLES or block.text[last - 1] == " "


@given(_RAW)
def test_normalised_text_has_single_spaces_and_nothing_invisible(raw: str) -> None:
    visible = "".join(char for char in raw if char not in _INVISIBLES)
    assert BlockText(raw).text.strip() == " ".join(visible.split())


def test_plain_text_is_its_own_normalisation() -> None:
    block = BlockText("Share this", 7)
    assert block.text == "Share this"
    assert (block.offset(6), block.end_offset(10)) == (13, 17)


@pytest.mark.parametrize(
    "text", ["\u200b Share this", "Share\u00a0\u200b this", "Share \u200b this\u200b ", "Sha\u00adre this"]
)
def test_invisible_characters_do_not_hide_chrome(text: str) -> None:
    assert blocks_hit(make_set(make_rule(match=MatchMode.WHOLE)), text) == [0]


@given(st.lists(st.text(max_size=20), max_size=4))
def test_blocks_are_told_apart_whatever_stands_in_them(texts: list[str]) -> None:
    rules = make_set(make_rule())
    hits = blocks_hit(rules, *texts, "Share this", *texts)
    assert hits == [
        at for at, text in enumerate([*texts, "Share this", *texts]) if "Share this" in BlockText(text).text
    ]


def test_rules_of_a_language_fire_on_its_pages_and_on_those_of_unknown_language() -> None:
    rules = make_set(make_rule(languages=("de",)), make_rule(id="try/any"))
    for language, expected in (("de", 2), ("en", 1), (None, 2)):
        assert len(rules.hits(lay_out("Share this"), language=language)) == expected


def test_the_language_of_a_page_is_the_one_it_claims_where_its_words_tell_none(tmp_path: Path) -> None:
    file = tmp_path / "pack.toml"
    file.write_text(
        'schema = 1\n[pack]\nname = "german"\nversion = "1"\nsummary = "s"\nlanguages = ["de"]\n'
        '[[rule]]\nid = "share"\nkind = "share-prompt"\nsummary = "s"\ntext = "Share this"\n'
        '[[rule.accept]]\ntext = "Share this"\n[[rule.reject]]\ntext = "Share it"\n'
    )
    story = "<p>Marrow Lock gates shut, repairs cost 3,800 crowns, ferries wait upstream, divers blame rust.</p>" * 2
    for language, kept in (("de-AT", False), ("DE", False), ("en", True), ("", False)):
        page = f'<html lang="{language}"><body><article>{story}<p>Share this</p>{story}</article></body></html>'
        assert ("Share this" in Cleaner([file]).clean(page).text) is kept, language


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Share this with a friend.", ["Share this with a friend."]),
        ("The gates are shut. Share this with a friend. They stay shut.", ["Share this with a friend."]),
        ("Do not share this, or Share this: no.", []),
        ("– Share this", ["– Share this"]),
        ("“Go home.” Share this (please!) now? Yes.", ["Share this (please!)"]),
        ("Share this. Share this.", ["Share this.", "Share this."]),
        ("门关了。Share this！明天开。", ["Share this！"]),
        ("Note: Share this at lockherald.example today.", ["Share this at lockherald.example today."]),
    ],
)
def test_a_sentence_rule_takes_the_sentences_that_begin_as_it_says(text: str, taken: list[str]) -> None:
    rules = make_set(make_rule("Share this", MatchMode.SENTENCE))
    assert [text[hit.start : hit.end] for hit in rules.hits(lay_out(text))] == taken


@given(_RAW)
def test_sentences_begin_and_end_inside_the_text_in_order(raw: str) -> None:
    block = BlockText(raw)
    ends = [block.end_of_sentence(at) for at in range(len(block.text) + 1)]
    assert ends == sorted(ends)
    assert all(at <= end <= len(block.text) for at, end in enumerate(ends))
    assert all(at <= first <= len(block.text) for at, first in block.beginnings)


def test_a_long_row_of_marks_after_a_sentence_costs_no_more_than_its_length() -> None:
    text = "Share this with a friend" + "." * 100_000 + "now. The gates are shut."
    rules = make_set(make_rule("Share this", MatchMode.SENTENCE))
    began = time.process_time()
    (hit,) = rules.hits(lay_out(text))
    assert time.process_time() - began < 0.5
    assert text[hit.end :] == " The gates are shut."


def test_a_shipped_pattern_is_timed_where_a_limit_is_given_or_the_block_is_long() -> None:
    shipped = make_rule(pattern=LazyPattern(r"(?:a|a)*(?:b|c)", is_vetted=True), match=MatchMode.WHOLE)
    with pytest.raises(TimeoutError):
        list(matches(shipped, BlockText("a" * 60), 0.05))
    with pytest.raises(TimeoutError):
        list(matches(shipped, BlockText("a" * (LONGEST_UNTIMED + 1))))
