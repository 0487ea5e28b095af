"""The rules' own tests: every accept must match, every reject and known miss must not, nor may other rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from syndicate.errors import InputError
from syndicate.model import Block
from syndicate.parse import parse_html
from syndicate.rules.match import Hit, RuleSet
from syndicate.rules.plan import make_plan
from syndicate.rules.rule import Action
from syndicate.rules.text import BlockText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syndicate.rules.rule import Case, Rule

_GROUPS: Final = ("accept", "reject", "known_miss")


@dataclass(frozen=True, slots=True)
class Failure:
    """A test of a rule that did not come out as the rule file says.

    Attributes:
        rule: The rule.
        group: "accept", "reject" or "known_miss".
        case: The test.
        message: What happened instead.
    """

    rule: Rule
    group: str
    case: Case
    message: str

    def __str__(self) -> str:
        file = self.rule.place.rpartition(":")[0]
        return f"{file}:{self.case.line}: {self.rule.id}: {self.group}: {self.message}"


def check_rules(rules: RuleSet) -> tuple[int, tuple[Failure, ...]]:
    """Run the tests of every rule.

    Returns:
        How many tests were run, and those that failed.
    """
    count = 0
    failures: list[Failure] = []
    for rule in rules.rules:
        for group in _GROUPS:
            for case in getattr(rule, group):
                count += 1
                failures += (Failure(rule, group, case, message) for message in _check(rule, group, case))
        for case in rule.reject:
            failures += (Failure(rule, "reject", case, message) for message in _check_others(rules, rule, case))
    return count, tuple(failures)


def _check_others(rules: RuleSet, rule: Rule, case: Case) -> Iterator[str]:
    """A text that a rule must leave is the story's: no other rule takes it either, but those the case names."""
    for hit in rules.hits([BlockText(case.text)], _host(rule)) if case.text else ():
        other = hit.rule
        known = {other.id, other.id.rpartition("/")[2]} & {*case.taken_by}
        if other is not rule and other.action not in (Action.TAG, Action.KEEP) and not known:
            yield f"{other.id} takes {case.text!r:.100}: mend that, or say taken_by = [{other.id!r}]"


def _check(rule: Rule, group: str, case: Case) -> Iterator[str]:
    notes: list[str] = []
    text, hits = _markup_hits(rule, case.html) if rule.selector else _text_hits(rule, case.text, notes)
    shown = f"{case.html or case.text!r:.120}"
    if notes:
        yield notes[0]
    elif group == "reject" and hits:
        yield f"matches {text[hits[0].start : hits[0].end]!r:.120}, and must not: {shown}"
    elif group == "known_miss" and hits:
        yield f"matches now: move it to accept: {shown}"
    elif group == "accept" and not hits:
        yield f"does not match {shown}"
    elif group == "accept":
        yield from _check_outcome(case, text, hits)


def _check_outcome(case: Case, text: str, hits: list[Hit]) -> Iterator[str]:
    if case.capture is not None:
        found = tuple(sorted({(capture.field, capture.value) for hit in hits for capture in hit.captures}))
        if found != case.capture:
            yield f"captures {_listed(found)}, not {_listed(case.capture)}"
    if case.leaves is not None:
        block = Block(0, len(text))
        plan = make_plan(text, [block], hits, lambda _: (False, 0))
        kept = [] if plan.dropped else [(0, len(text))]
        for trim in plan.trims:
            start, end = kept.pop()
            kept += [(start, trim.start), (trim.end, end)]
        left = "".join(text[start:end] for start, end in kept)
        if left != case.leaves:
            yield f"leaves {left!r}, not {case.leaves!r}"


def _listed(captures: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{field} = {value!r}" for field, value in captures) or "nothing"


def _text_hits(rule: Rule, text: str, notes: list[str]) -> tuple[str, list[Hit]]:
    """Hits in a text that is the only block of an article, so that every zone covers it."""
    return text, RuleSet.of(rule).hits([BlockText(text)], _host(rule), notes=notes)


def _markup_hits(rule: Rule, markup: str) -> tuple[str, list[Hit]]:
    try:
        document = parse_html(markup, [rule.source])
    except InputError:
        return markup, []
    return document.text, [Hit(rule, 0, found.start, found.end, ()) for found in document.selections]


def _host(rule: Rule) -> str | None:
    return rule.hosts[0].removeprefix("=") if rule.hosts else None
