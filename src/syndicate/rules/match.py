"""Rules against blocks: one pass of an Aho-Corasick automaton finds the few rules whose pattern is worth trying.

The automaton runs over the folded text of all blocks at once, so a thousand more rules cost next to nothing
(A. Aho, M. Corasick, "Efficient String Matching", 1975; here `ahocorasick_rs`). There is one for each language, and a
small one for each publisher, so that no page pays for the rules of others. Each pattern that is tried runs under a
time limit, but for shipped ones on short blocks; one that overruns is skipped for the page and named.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from syndicate.rules.hosts import ByHost
from syndicate.rules.literals import fold, longest_match
from syndicate.rules.names import load_names
from syndicate.rules.rule import LISTED, Markers, MatchMode, Zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from syndicate.rules.rule import Pack, Rule
    from syndicate.rules.text import BlockText

PATTERN_SECONDS: Final = 0.05
"""Time limit of one pattern on one block."""
LONGEST_UNTIMED: Final = 2_000
"""Characters of a block up to which a shipped pattern runs without a timer; lint times it on fifty times as many."""
LONGEST_SENTENCES: Final = 4_000
"""Characters that a `sentence` rule's pattern may see from the start of its sentence."""
LONGEST_END: Final = 1_000
"""Characters from the end of a block within which an `end` rule's match begins."""
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_HOUSES: Final = 1_000
"""Publishers whose automata are kept."""
_MOST_KEYWORDS: Final = 5_000
"""Keywords up to which the automaton is a table of all states: twice as fast, and slow to make past that."""


class Capture(NamedTuple):
    """A named group's match, as a span in the document."""

    field: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule's match in one block; the span is in the document."""

    rule: Rule
    block: int
    start: int
    end: int
    captures: tuple[Capture, ...]


class _Index(NamedTuple):
    """An automaton of keywords, and for each of them the rules it calls up."""

    automaton: Any
    rules: tuple[tuple[Rule, ...], ...]

    @classmethod
    def of(cls, rules: Iterable[Rule], language: str | None) -> _Index:
        """The keywords of a language's rules and of those for any; where it is not known, of all."""
        from ahocorasick_rs import AhoCorasick, Implementation

        by_keyword: dict[str, list[Rule]] = {}
        for rule in rules:
            if language is None or not rule.languages or language in rule.languages:
                for keyword in rule.keywords:
                    by_keyword.setdefault(keyword, []).append(rule)
        table = Implementation.DFA if len(by_keyword) <= _MOST_KEYWORDS else None
        return cls(AhoCorasick(list(by_keyword), implementation=table), tuple(map(tuple, by_keyword.values())))

    def find(self, folded: str) -> list[tuple[int, int, int]]:
        """The keywords of a folded text: number, start, end."""
        try:
            found = self.automaton.find_matches_as_indexes(folded, overlapping=True)
        except UnicodeEncodeError:  # half a character; no keyword has one
            found = self.automaton.find_matches_as_indexes(_SURROGATE.sub("\ufffd", folded), overlapping=True)
        return found  # type: ignore[no-any-return]


class RuleSet:
    """Packs in order of precedence, the more specific later, ready to be matched.

    Attributes:
        packs: As given.
        markers: What `html.toml` says of elements.
        rules: The rules of all packs; those that are rejected stand among them, and are not matched.
    """

    def __init__(self, packs: Sequence[Pack] = (), markers: Markers | None = None) -> None:
        self.packs = tuple(packs)
        self.markers = markers or Markers(frozenset(), {}, {})
        self.rules = tuple(rule for pack in self.packs for rule in pack.rules)
        self._matched = tuple(rule for rule in self.rules if not rule.is_rejected)
        self._specificity = {rule.id: (bool(rule.hosts), at) for at, rule in enumerate(self.rules)}
        self._general_index = lru_cache(maxsize=None)(self._make_general_index)
        self._stamps = lru_cache(maxsize=_HOUSES)(self._make_stamps)
        self._house_index = lru_cache(maxsize=_HOUSES)(self._make_house_index)

    @classmethod
    def of(cls, rule: Rule) -> RuleSet:
        """One rule by itself, which is matched even where it is rejected: so its own tests can be run."""
        alone = cls()
        alone.rules = alone._matched = (rule,)
        alone._specificity = {rule.id: (False, 0)}
        return alone

    def only(self, keep: Callable[[Rule], Rule | None]) -> RuleSet:
        """The same packs with each rule as a function gives it back, less those for which that is None."""
        packs = [
            replace(pack, rules=tuple(kept for rule in pack.rules if (kept := keep(rule)) is not None))
            for pack in self.packs
        ]
        return RuleSet(packs, self.markers)

    def rank(self, rule: Rule) -> tuple[bool, int]:
        """Of two rules with the same action, the one of the higher rank names the reason."""
        return self._specificity[rule.id]

    def stamps(self, host: str | None) -> dict[str, str]:
        """Version and hash of the packs in force for a page of a host, in order of precedence."""
        return dict(self._stamps(host))

    def selectors(self, host: str | None) -> dict[str, list[Rule]]:
        """The selector rules in force for a host, by selector."""
        found: dict[str, list[Rule]] = {}
        for rule in self._selectors_by_host.of(host):
            found.setdefault(rule.source, []).append(rule)
        return found

    @cached_property
    def _packs_by_host(self) -> ByHost[Pack]:
        return ByHost(self.packs)

    @cached_property
    def _selectors_by_host(self) -> ByHost[Rule]:
        return ByHost(rule for rule in self._matched if rule.selector is not None)

    def _make_stamps(self, host: str | None) -> dict[str, str]:
        return {pack.name: pack.stamp for pack in self._packs_by_host.of(host)}

    def _make_general_index(self, language: str | None) -> _Index:
        """The rules for any host."""
        return _Index.of((rule for rule in self._matched if not rule.hosts), language)

    def _make_house_index(self, host: str, language: str | None) -> _Index | None:
        """The rules for a host and not for any, if there are such."""
        rules = self._rules_by_host.of(host)
        return _Index.of(rules, language) if rules else None

    @cached_property
    def _rules_by_host(self) -> ByHost[Rule]:
        return ByHost(rule for rule in self._matched if rule.hosts)

    @cached_property
    def _languages(self) -> frozenset[str]:
        return frozenset(language for rule in self._matched for language in rule.languages)

    def hits(
        self,
        blocks: Sequence[BlockText],
        host: str | None = None,
        language: str | None = None,
        notes: list[str] | None = None,
    ) -> list[Hit]:
        """Match the text rules in force for a host against an article's blocks.

        Args:
            blocks: The blocks of the article, in order; zones are counted in them.
            host: The page's host; None where it is not known, and then no publisher pack applies.
            language: The page's primary language subtag, lower-case; None where it is not known, and then rules of
                all languages apply.
            notes: Takes a line for each rule that ran out of time.

        Returns:
            Hits in order of block and position.
        """
        found: list[Hit] = []
        for at, rules in sorted(self.called(blocks, host, language).items()):
            for rule in sorted(rules.values(), key=self.rank) if len(rules) > 1 else rules.values():
                found += _block_hits(rule, at, blocks[at], notes)
        return found

    def called(
        self, blocks: Sequence[BlockText], host: str | None = None, language: str | None = None
    ) -> dict[int, dict[str, Rule]]:
        """For each block the rules in force there of which a keyword occurs in it."""
        starts: list[int] = []
        length = 0
        for block in blocks:
            starts.append(length)
            length += len(block.text) + 1
        folded = fold("\n".join(block.text for block in blocks))
        called: dict[int, dict[str, Rule]] = defaultdict(dict)
        for index in self._indexes(host, language):
            for keyword, start, _ in index.find(folded):
                at = bisect_right(starts, start) - 1
                for rule in index.rules[keyword]:
                    if rule.zone is Zone.ANYWHERE or _in_zone(rule, at, len(starts)):
                        called[at][rule.id] = rule
        return called

    def _indexes(self, host: str | None, language: str | None) -> Iterator[_Index]:
        # A language without rules of its own shares the automaton of those for any.
        known = language if language is None or language in self._languages else ""
        yield self._general_index(known)
        house = self._house_index(host, known) if host else None
        if house:
            yield house


def _in_zone(rule: Rule, at: int, count: int) -> bool:
    if rule.zone is Zone.HEAD:
        return at < rule.zone_blocks
    return at >= count - rule.zone_blocks


def _block_hits(rule: Rule, at: int, block: BlockText, notes: list[str] | None) -> list[Hit]:
    """A rule's hits in a block: all of them, or none where it runs out of time."""
    try:
        return [
            Hit(rule, at, block.offset(start), block.end_offset(end), tuple(_captures(match, block)))
            for start, end, match in matches(rule, block)
            if end > start and _names_outlets(match)
        ]
    except TimeoutError:
        if notes is not None:
            notes.append(f"rule {rule.id} ran out of time on block {at} and was skipped ({rule.place})")
        return []


def matches(rule: Rule, block: BlockText, seconds: float | None = None) -> Iterator[tuple[int, int, Any]]:
    """What a rule matches of a block, as spans of its text, and the matches that say so.

    Args:
        rule: A rule with a pattern.
        block: Where to look.
        seconds: Time limit; where none is given, `PATTERN_SECONDS`, and none for a shipped pattern on a short block.

    Raises:
        TimeoutError: The pattern overran its time.
    """
    text = block.text
    # A timer costs more than most matches do.
    is_untimed = seconds is None and rule.pattern.is_vetted and len(text) <= LONGEST_UNTIMED
    limit = {} if is_untimed else {"timeout": PATTERN_SECONDS if seconds is None else seconds}
    if rule.match is MatchMode.SENTENCE:
        yield from _sentences(rule, block, limit)
    elif rule.match is MatchMode.ANYWHERE:
        for match in rule.pattern.finditer(text, **limit):
            yield match.start(), match.end(), match
    else:
        match = _one_match(rule, text.rstrip(), limit)
        if match is not None:
            yield match.start(), match.end(), match


def _one_match(rule: Rule, text: str, limit: Mapping[str, float]) -> Any:
    """The match of a rule that means the whole of a block, its start or its end."""
    if rule.match is MatchMode.WHOLE:
        return rule.pattern.fullmatch(text, **limit) if len(text) <= longest_match(rule.pattern.pattern) else None
    first = max(0, len(text) - LONGEST_END) if rule.match is MatchMode.END else 0
    return rule.pattern.search(text, first, **limit)


def _sentences(rule: Rule, block: BlockText, limit: Mapping[str, float]) -> Iterator[tuple[int, int, Any]]:
    """The sentences that begin as a rule says, each to the end of the sentence that the match ends in."""
    taken = 0
    for start, first in block.beginnings:
        if start < taken:
            continue
        for at in dict.fromkeys((first, start)):  # a pattern may begin with what else is a bullet
            # The end of the text to look at is far away, and keeps `regex` from reading all of a huge block.
            match = rule.pattern.match(block.text, at, at + LONGEST_SENTENCES, **limit)
            if match is not None and match.end() > at:
                taken = block.end_of_sentence(match.end())
                yield start, taken, match
                break


def _names_outlets(match: Any) -> bool:
    """Whether what a match takes for listed outlets are such."""
    return LISTED not in match.re.groupindex or all(map(load_names().is_listed, match.captures(LISTED)))


def _captures(match: Any, block: BlockText) -> Iterator[Capture]:
    for group in match.re.groupindex:
        field = "source" if group == LISTED else group
        for value, start in zip(match.captures(group), match.starts(group), strict=True):
            bare = value.strip()
            if bare:
                first = start + value.index(bare)
                yield Capture(field, bare, block.offset(first), block.end_offset(first + len(bare)))
