"""Learnt rules as TOML that people read and edit: keys in the order of docs/rules.md, texts without escapes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from syndicate.rules.report import SCHEMA
from syndicate.rules.rule import RuleStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from syndicate.learn.proposal import Proposal
    from syndicate.rules.rule import Case, Evidence, Seen

_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_HALF: Final = re.compile(r"[\ud800-\udfff]")


def pack_head(host: str) -> str:
    """The beginning of a publisher's pack file, without rules."""
    return (
        f"# Made by 'syndicate rules learn' from pages of {host if host.isprintable() else 'one publisher'}.\n"
        '# A rule of the status "preview" fires only with --preview, until somebody has looked at it:\n'
        "# 'syndicate rules review' goes through them. What is edited here stays as it is.\n"
        f"schema = {SCHEMA}\n\n[pack]\n"
        f"name = {quoted(f'learnt-{host}')}\n"
        'version = "1"\n'
        f"summary = {quoted(f'What repeats on pages of {host}')}\n"
        f"hosts = [{quoted(host)}]\n"
    )


def pack_text(host: str, proposals: Iterable[Proposal], name: str) -> str:
    """A rule file of proposals, under a name of its own, for rules that are used and not written."""
    head = pack_head(host).replace(quoted(f"learnt-{host}"), quoted(name), 1)
    return head + "".join(f"\n{rule_table(proposal, proposal.id)}" for proposal in proposals)


def rule_table(proposal: Proposal, slug: str) -> str:
    """A proposal as a `[[rule]]` of the status "preview"."""
    lines = [
        "[[rule]]",
        f"id = {quoted(slug)}",
        f"kind = {quoted(proposal.kind)}",
        f"summary = {literal(proposal.summary)}",
    ]
    if proposal.pattern is not None:
        lines.append(f"pattern = {literal(proposal.pattern)}")
    if proposal.text:
        lines.append(f"text = {_texts(proposal.text)}")
    lines += [f"match = {quoted(proposal.match)}", f"zone = {quoted(proposal.zone)}"]
    if proposal.zone_blocks:
        lines.append(f"zone_blocks = {proposal.zone_blocks}")
    if proposal.keywords:
        lines.append(f"keywords = [{', '.join(map(literal, proposal.keywords))}]")
    lines += [
        f"action = {quoted(proposal.action)}",
        f"confidence = {quoted(proposal.confidence.name.lower())}",
        f"status = {quoted(RuleStatus.PREVIEW)}",
        *(line for case in proposal.accept for line in ("[[rule.accept]]", *_case_lines(case))),
        *(line for case in proposal.reject for line in ("[[rule.reject]]", *_case_lines(case))),
    ]
    return "\n".join(lines) + "\n" + evidence_table(proposal.evidence)


def evidence_table(evidence: Evidence) -> str:
    """What a rule rests on as its `[rule.evidence]`."""
    lines = ["[rule.evidence]", f"stories = {evidence.stories}", f"of = {evidence.of}"]
    if evidence.first_seen is not None:
        lines.append(f"first_seen = {quoted(evidence.first_seen)}")
    if evidence.last_seen is not None:
        lines.append(f"last_seen = {quoted(evidence.last_seen)}")
    lines.append(f"unseen = {evidence.unseen}")
    if evidence.guessed:
        lines.append(f"guessed = [{', '.join(map(quoted, evidence.guessed))}]")
    lines += (line for place in evidence.seen for line in ("[[rule.evidence.seen]]", *_place_lines(place)))
    return "\n".join(lines) + "\n"


def literal(text: str) -> str:
    """A string without escapes, where nothing in the text asks for them: what cannot be seen is escaped."""
    if text.isprintable():
        if "'" not in text:
            return f"'{text}'"
        if "'''" not in text and not text.endswith("'"):
            return f"'''{text}'''"
    return quoted(text)


def quoted(text: str) -> str:
    """A string in double quotes; a half of a character, which TOML cannot have, becomes U+FFFD."""
    return '"' + "".join(map(_escaped, _HALF.sub("\ufffd", text))) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def _texts(texts: tuple[str, ...]) -> str:
    if len(texts) == 1:
        return literal(texts[0])
    return "[\n" + "".join(f"  {literal(text)},\n" for text in texts) + "]"


def _case_lines(case: Case) -> Iterable[str]:
    for key in ("text", "html"):
        if value := getattr(case, key):
            yield f"{key} = {literal(value)}"
    if case.capture is not None:
        captured = ", ".join(f"{field} = {literal(value)}" for field, value in case.capture)
        yield f"capture = {{ {captured} }}"
    if case.leaves is not None:
        yield f"leaves = {literal(case.leaves)}"
    if case.why:
        yield f"why = {literal(case.why)}"
    if case.taken_by:
        yield f"taken_by = [{', '.join(map(quoted, case.taken_by))}]"


def _place_lines(place: Seen) -> Iterable[str]:
    return (f"{key} = {literal(getattr(place, key))}" for key in ("page", "before", "text", "after"))
