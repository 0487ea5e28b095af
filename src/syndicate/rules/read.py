"""One rule's table to a `Rule`: its words, its pattern, its keywords and its tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import regex

from syndicate.errors import InputError
from syndicate.model import Kind
from syndicate.parse import check_selector
from syndicate.rules import shapes
from syndicate.rules.fragments import LongPatternError, UnknownFragmentError, expand
from syndicate.rules.literals import fold, required_keywords
from syndicate.rules.rule import CAPTURES, Action, Case, Confidence, Evidence, MatchMode, Rule, RuleStatus, Seen, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from syndicate.rules.report import FileReport

RULE_KEYS: Final = {
    "id": shapes.WORDS, "kind": shapes.STRING, "summary": shapes.WORDS, "pattern": shapes.WORDS,
    "text": shapes.WORDS_OR_LIST, "selector": shapes.WORDS, "match": shapes.STRING, "zone": shapes.STRING,
    "zone_blocks": shapes.COUNT, "keywords": shapes.LIST, "action": shapes.STRING, "max_cut_blocks": shapes.COUNT,
    "confidence": shapes.STRING, "accept": shapes.TABLES, "reject": shapes.TABLES, "known_miss": shapes.TABLES,
    "hosts": shapes.LIST, "languages": shapes.LIST, "status": shapes.STRING, "replaced_by": shapes.WORDS,
    "references": shapes.LIST, "evidence": shapes.TABLE,
}  # fmt: skip
CASE_KEYS: Final = {
    "text": shapes.WORDS, "html": shapes.WORDS, "capture": shapes.STRINGS_TABLE, "leaves": shapes.STRING,
    "why": shapes.STRING, "taken_by": shapes.LIST,
}  # fmt: skip
EVIDENCE_KEYS: Final = {
    "stories": shapes.FROM_ZERO, "of": shapes.COUNT, "first_seen": shapes.DATE, "last_seen": shapes.DATE,
    "unseen": shapes.FROM_ZERO, "guessed": shapes.LIST, "seen": shapes.TABLES,
}  # fmt: skip
SEEN_KEYS: Final = {
    "page": shapes.STRING, "before": shapes.STRING, "text": shapes.WORDS, "after": shapes.STRING,
}  # fmt: skip
EVIDENCE_NEEDS: Final = ("stories", "of")
SEEN_NEEDS: Final = ("page", "text")
_LEADING_FLAGS: Final = regex.compile(r"\(\?[aiLmsuxVbefprwx01]+\)")
_DEFAULT_ZONE_BLOCKS: Final = {Zone.HEAD: 5, Zone.TAIL: 12, Zone.ANYWHERE: 0}
_DEFAULT_CUT_BLOCKS: Final = 12
_FOLDED: Final = {"'": "['‘’ʼ′]", '"': '["“”„«»″]', "-": "[-‐‑‒–—−]"}
_ZONE_OF_CUT: Final = {Action.CUT_AFTER: Zone.TAIL, Action.CUT_BEFORE: Zone.HEAD}


class RuleReader:
    """Reads one rule's table, whose keys and shapes are already known to be right."""

    def __init__(self, report: FileReport, fragments: Mapping[str, str], table: Mapping[str, Any], path: str) -> None:
        self.report, self.fragments, self.table, self.path = report, fragments, table, path
        self.slug = ""

    def read(self, slug: str, pack: str) -> Rule | None:
        """The rule of an id, or None where problems were noted."""
        self.slug = slug
        before = len(self.report.problems)
        table = self.table
        kind = self._word("kind", Kind, None)
        mode = self._word("match", MatchMode, MatchMode.WHOLE)
        zone = self._word("zone", Zone, Zone.ANYWHERE)
        action = self._word("action", Action, Action.DROP)
        levels = {level.name.lower(): level for level in Confidence}
        confidence = self._word("confidence", levels, Confidence.LIKELY)
        status = self._word("status", RuleStatus, RuleStatus.STABLE)
        if (status is RuleStatus.DEPRECATED) != ("replaced_by" in table):
            self._problem("status", "a deprecated rule, and no other, says what it is 'replaced_by'")
        source, pattern = self._pattern(mode)
        keywords = self._keywords(source) if pattern is not None else ()
        needed = _ZONE_OF_CUT.get(action)
        if needed is not None and zone != needed:
            self._problem("action", f"action {str(action)!r} needs zone = {str(needed)!r}")
        cases = {name: self._cases(name) for name in ("accept", "reject", "known_miss")}
        for name in ("accept", "reject"):
            if not table.get(name):
                self._problem("id", f"no [[rule.{name}]]: a rule shows at least one text it {name}s")
        evidence = self._evidence()
        if before != len(self.report.problems):
            return None
        return Rule(
            id=f"{pack}/{self.slug}", kind=kind, summary=table["summary"], source=source, pattern=pattern,
            selector=table.get("selector"), match=mode, zone=zone,
            zone_blocks=table.get("zone_blocks", _DEFAULT_ZONE_BLOCKS[zone]), keywords=keywords, action=action,
            max_cut_blocks=table.get("max_cut_blocks", _DEFAULT_CUT_BLOCKS), confidence=confidence,
            hosts=self._words("hosts"), languages=self._words("languages"), status=status,
            replaced_by=table.get("replaced_by"), references=tuple(table.get("references", ())), **cases,
            evidence=evidence, place=f"{self.report.file}:{self.report.lines.table(self.path)}",
        )  # fmt: skip

    def _words(self, key: str) -> tuple[str, ...]:
        return tuple(word.lower() for word in self.table.get(key, ()))

    def _problem(self, key: str, message: str) -> None:
        self.report.problem(self.path, key, self.slug, message)

    def _word(self, key: str, words: Iterable[str], default: Any) -> Any:
        """The value of a key whose words are closed; a mapping gives what a word stands for."""
        known = words if isinstance(words, dict) else {str(word): word for word in words}
        value = self.table.get(key)
        if value is None:
            return default
        if value not in known:
            self._problem(key, f"unknown {key} {value!r}{shapes.nearest(value, known)}")
            return default
        return known[value]

    def _pattern(self, mode: MatchMode) -> tuple[str, Any]:
        """The pattern as written and compiled; for a selector the selector and None."""
        given = [key for key in ("pattern", "text", "selector") if key in self.table]
        if len(given) != 1:
            found = " and ".join(map(repr, given)) or "none of them"
            key = given[-1] if given else "id"
            self._problem(key, f"one of 'pattern', 'text' and 'selector' is needed; found {found}")
            return "", None
        if given == ["selector"]:
            try:
                check_selector(self.table["selector"])
            except InputError as error:
                self._problem("selector", str(error))
            return self.table["selector"], None
        source = self.table["pattern"] if given == ["pattern"] else literal_pattern(self._texts())
        try:
            pattern = LazyPattern(in_mode(expand(source, self.fragments), mode), is_vetted=self.report.is_vetted)
            if self.report.is_vetted:
                return source, pattern
            groups = pattern.groupindex
        except UnknownFragmentError as error:
            self._problem(given[0], unknown_fragment(error.name, self.fragments))
            return source, None
        except (regex.error, LongPatternError, RecursionError, OverflowError) as error:
            self._problem(given[0], f"bad pattern: {error}")
            return source, None
        for group in groups:
            if group not in CAPTURES:
                self._problem(given[0], f"unknown group {group!r}{shapes.nearest(group, CAPTURES)}")
        return source, pattern

    def _texts(self) -> list[str]:
        texts = self.table["text"]
        return [texts] if isinstance(texts, str) else texts

    def _keywords(self, source: str) -> tuple[str, ...]:
        given = self.table.get("keywords")
        if given:
            return tuple(map(fold, given))
        if "text" in self.table:
            return tuple(" ".join(fold(text).split()) for text in self._texts())
        found = required_keywords(expand(source, self.fragments))
        if not found:
            self._problem(
                "pattern",
                "no literal of 4 characters that every match contains: give 'keywords', one of which must occur",
            )
        return found or ()

    def _cases(self, name: str) -> tuple[Case, ...]:
        needed = "html" if "selector" in self.table else "text"
        cases: list[Case] = []
        for number, table in enumerate(self.table.get(name, ())):
            path = f"{self.path}.{name}.{number}"
            right = self.report.checked(table, CASE_KEYS, path, self.slug)
            if needed not in table:
                self.report.problem(path, "", self.slug, f"{needed!r} is missing in [[rule.{name}]]")
            capture = right.get("capture")
            cases.append(
                Case(
                    line=self.report.lines.table(path),
                    text=right.get("text", ""),
                    html=right.get("html", ""),
                    capture=None if capture is None else tuple(sorted(capture.items())),
                    leaves=right.get("leaves"),
                    why=right.get("why", ""),
                    taken_by=tuple(right.get("taken_by", ())),
                )
            )
        return tuple(cases)

    def _evidence(self) -> Evidence | None:
        """What a learnt rule rests on; None where it does not say, or says it wrongly."""
        table = self.table.get("evidence")
        if table is None:
            return None
        path = f"{self.path}.evidence"
        before = len(self.report.problems)
        right = self._whole(table, path, EVIDENCE_KEYS, EVIDENCE_NEEDS)
        for field in right.get("guessed", ()):
            if field not in RULE_KEYS:
                self.report.problem(
                    path, "guessed", self.slug, f"no field {field!r}{shapes.nearest(field, RULE_KEYS)}"
                )
        places = [
            self._whole(place, f"{path}.seen.{number}", SEEN_KEYS, SEEN_NEEDS)
            for number, place in enumerate(right.get("seen", ()))
        ]
        if before != len(self.report.problems):
            return None
        return Evidence(
            right["stories"], right["of"], right.get("first_seen"), right.get("last_seen"), right.get("unseen", 0),
            tuple(right.get("guessed", ())),
            tuple(Seen(one["page"], one.get("before", ""), one["text"], one.get("after", "")) for one in places),
        )  # fmt: skip

    def _whole(
        self, table: Mapping[str, Any], path: str, known: Mapping[str, str], needed: Iterable[str]
    ) -> dict[str, Any]:
        """The keys of a table that are right; those that it needs and has not are noted."""
        for key in needed:
            if key not in table:
                self.report.problem(path, "", self.slug, f"{key!r} is missing")
        return self.report.checked(table, known, path, self.slug)


class LazyPattern:
    """A compiled pattern of the `regex` module, compiled when it is first used.

    Seven hundred patterns take two seconds to compile, and a page uses a few dozen of them. What is wrong with a
    pattern shows when it is compiled: a rule of the user's own is compiled at once.

    Attributes:
        pattern: What is compiled.
        is_vetted: Whether lint, which times every shipped pattern on hostile text, has seen it.
    """

    def __init__(self, pattern: str, *, is_vetted: bool = False) -> None:
        self.pattern = pattern
        self.is_vetted = is_vetted

    def __getattr__(self, name: str) -> Any:
        compiled = regex.compile(self.pattern)
        for method in ("search", "match", "fullmatch", "finditer", "groupindex"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def in_mode(source: str, mode: MatchMode) -> str:
    """A rule's pattern so that `search` and `fullmatch` see the part of a block its mode means."""
    flags = _LEADING_FLAGS.match(source)
    head, body = (flags[0], source[flags.end() :]) if flags else ("", source)
    if mode is MatchMode.END:
        body = rf"(?:{body})\Z"
    elif mode is MatchMode.START:
        body = rf"\A(?:{body})"
    return head + body


def literal_pattern(texts: Iterable[str]) -> str:
    """A pattern for literal texts: case, white space, quotes and dashes folded, longest first."""
    ordered = sorted(texts, key=lambda text: (-len(text), text))
    return "(?i)(?:" + "|".join(map(literal, ordered)) + ")"


def literal(text: str) -> str:
    """A piece of a pattern for a literal text, in which white space, quotes and dashes are folded."""
    words = fold(text).split()
    return r"\s+".join("".join(_FOLDED.get(char, regex.escape(char)) for char in word) for word in words)


def unknown_fragment(name: str, known: Iterable[str]) -> str:
    """The message for a fragment that is not defined, or uses itself."""
    return f"no fragment {name!r}, or it uses itself{shapes.nearest(name, known)}"
