"""What a learnt rule rests on, and rules that a person did not want."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import jsonschema
import pytest

from syndicate import Cleaner, Page
from syndicate.errors import RuleError
from syndicate.rules.check import check_rules
from syndicate.rules.load import load_files
from syndicate.rules.match import RuleSet
from syndicate.rules.rule import Evidence, Rule, Seen
from syndicate.rules.schema import json_schema
from syndicate.stats import rule_stats

if TYPE_CHECKING:
    from pathlib import Path

LEARNT = """\
schema = 1
[pack]
name = "learnt"
version = "1"
summary = "For a test"
[[rule]]
id = "tide-tables"
kind = "promo"
summary = "The tide tables"
text = "Get our tide tables"
status = "preview"
[[rule.accept]]
text = "Get our tide tables"
[[rule.reject]]
text = "Tide tables are late."
[rule.evidence]
stories = 12
of = 40
first_seen = "2026-11-02"
last_seen = "2026-11-20"
unseen = 3
guessed = ["kind"]
[[rule.evidence.seen]]
page = "https://harbour.example/1"
before = "The ferry is late."
text = "Get our tide tables"
after = ""
"""
STORY = "The ferry will run on three days a week, the harbour board said on Monday night."


def load(folder: Path, text: str = LEARNT) -> RuleSet:
    file = folder / "learnt.toml"
    file.write_text(text, "utf-8")
    return RuleSet(*load_files([file], {}))


def rule_of(folder: Path, text: str = LEARNT) -> Rule:
    (rule,) = load(folder, text).rules
    return rule


def test_evidence_is_read(tmp_path: Path) -> None:
    assert rule_of(tmp_path).evidence == Evidence(
        stories=12, of=40, first_seen="2026-11-02", last_seen="2026-11-20", unseen=3, guessed=("kind",),
        seen=(Seen("https://harbour.example/1", "The ferry is late.", "Get our tide tables", ""),),
    )  # fmt: skip
    jsonschema.validate(tomllib.loads(LEARNT), json_schema())


def test_most_of_the_evidence_may_be_left_out(tmp_path: Path) -> None:
    head = LEARNT.partition("[rule.evidence]")[0]
    assert rule_of(tmp_path, head).evidence is None
    assert rule_of(tmp_path, f"{head}[rule.evidence]\nstories = 0\nof = 1\n").evidence == Evidence(0, 1)
    seen = rule_of(tmp_path, LEARNT.replace('before = "The ferry is late."\n', "").replace('after = ""\n', ""))
    assert seen.evidence is not None
    assert seen.evidence.seen[0].before == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("stories = 12", "storys = 12", "17: tide-tables: unknown key 'storys' (did you mean 'stories'?)"),
        ("stories = 12\n", "", "16: tide-tables: 'stories' is missing"),
        ("of = 40", "of = 0", "18: tide-tables: 'of' must be a whole number from 1 on, not 0"),
        ("unseen = 3", "unseen = -1", "21: tide-tables: 'unseen' must be a whole number from 0 on, not -1"),
        (
            '"2026-11-02"',
            '"2026-02-30"',
            "19: tide-tables: 'first_seen' must be a date in quotes, as \"2026-11-05\", not '2026-02-30'",
        ),
        ('["kind"]', '["kin"]', "22: tide-tables: no field 'kin' (did you mean 'kind'?)"),
        ("before =", "befor =", "25: tide-tables: unknown key 'befor' (did you mean 'before'?)"),
        ('page = "https://harbour.example/1"\n', "", "23: tide-tables: 'page' is missing"),
        ("rule.evidence", "rule.evidense", "16: tide-tables: unknown key 'evidense' (did you mean 'evidence'?)"),
    ],
)
def test_wrong_evidence_is_named_on_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = LEARNT.replace(old, new)
    with pytest.raises(RuleError) as caught:
        load(tmp_path, text)
    assert f"{tmp_path}/learnt.toml:{said}" in str(caught.value).split("\n")
    if "2026" not in new:  # a schema knows the form of a date, and not how many days a month has
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(tomllib.loads(text), json_schema())


@pytest.mark.parametrize(
    ("stories", "of", "unseen", "is_dead"),
    [
        (40, 40, 49, False),
        (40, 40, 50, True),
        (10, 400, 199, False),
        (10, 400, 200, True),
        (0, 100, 499, False),
        (1, 10**400, 99, False),
    ],
)
def test_what_was_long_not_seen_for_how_often_it_stood_is_dead(
    stories: int, of: int, unseen: int, is_dead: bool
) -> None:
    assert Evidence(stories, of, unseen=unseen).is_dead is is_dead


REJECTED = LEARNT.replace("preview", "rejected")


def test_a_rejected_rule_never_fires(tmp_path: Path) -> None:
    for status, fires in (("preview", True), ("rejected", False)):
        file = tmp_path / f"{status}.toml"
        file.write_text(LEARNT.replace("preview", status), "utf-8")
        cleaner = Cleaner([file], preview=True)
        article = cleaner.clean(f"{STORY}\n\nGet our tide tables\n\n{STORY[:50]}")
        assert ("tide tables" not in article.text) is fires
        stats = rule_stats([Page("Get our tide tables")], cleaner)
        assert [one.rule.id for one in stats] == ["learnt/tide-tables"] * fires


def test_a_rejected_selector_never_fires(tmp_path: Path) -> None:
    text = REJECTED.replace('\ntext = "Get our tide tables"\nstatus', '\nselector = ".tides"\nstatus')
    text = text.replace('[[rule.accept]]\ntext = "Get our tide tables"', '[[rule.accept]]\nhtml = "<p class=tides>x"')
    text = text.replace('text = "Tide tables are late."', 'html = "<p>x"')
    rules = load(tmp_path, text)
    assert rules.selectors(None) == {}
    assert check_rules(rules) == (2, ())


def test_the_own_tests_of_a_rejected_rule_still_run(tmp_path: Path) -> None:
    assert check_rules(load(tmp_path, REJECTED)) == (2, ())
    count, failures = check_rules(load(tmp_path, REJECTED.replace("Tide tables are late.", "Get our tide tables")))
    assert (count, len(failures)) == (2, 1)


def test_a_rejected_rule_is_none_of_the_others_that_may_take_a_reject(tmp_path: Path) -> None:
    other = LEARNT.split("[[rule]]")[1].replace("tide-tables", "late-tables")
    other = other.replace("Get our tide tables", "Tide tables are late.").replace(
        '[[rule.reject]]\ntext = "Tide tables are late."', '[[rule.reject]]\ntext = "The ferry is late."'
    )
    assert len(check_rules(load(tmp_path, f"{LEARNT}[[rule]]{other}"))[1]) == 1
    rejected = other.replace("preview", "rejected")
    assert check_rules(load(tmp_path, f"{LEARNT}[[rule]]{rejected}")) == (4, ())
