"""What is wrong with a rule although it loads and passes its tests: slow, loose, or not what it looks like."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import regex

from syndicate.rules.literals import ENDLESS, fold, longest_match, parsed
from syndicate.rules.match import matches
from syndicate.rules.rule import MatchMode
from syndicate.rules.text import BlockText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from syndicate.rules.match import RuleSet
    from syndicate.rules.rule import Rule

SLOW_SECONDS: Final = 0.005
"""Time that a pattern may take on one bad text, on a machine that takes `_YARDSTICK_SECONDS` for the yardstick."""
_BAD_LENGTH: Final = 100_000
_WORDS: Final = "Word word "
_GIVE_UP_SECONDS: Final = 0.25
_TRIES: Final = 8
"""Timings of which the best counts where the first is too long, since the machine does other things too."""
_YARDSTICK: Final = regex.compile(r"\b(?:[A-Z][a-z]{2,12} ){1,3}ends")
_YARDSTICK_TEXT: Final = "Word Word word " * 6_667
_YARDSTICK_SECONDS: Final = 0.0028
"""The yardstick's time on the machine where `SLOW_SECONDS` was set."""

_LEADING_FLAGS: Final = re.compile(r"\(\?[a-zA-Z]+\)")
_FUZZY: Final = re.compile(r"\{[^{}]*[eids]\s*<?=|\{[eids]\}|\(\?[a-zA-Z]*[be][a-zA-Z]*[):]")
_RECURSION: Final = re.compile(r"\(\?(?:R|\d+|&|P>)")
_PIECE: Final = re.compile(
    r"\\[pP]\{[^}]*\}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?[^)(<=!:>P]*:|\(\?[a-zA-Z-]+\)|[()]|.", re.DOTALL
)


_NO_COMBINATORS: Final = re.compile(r"""\[(?:[^\]"']|"[^"]*"|'[^']*')*\]|\\.""")
"""Parts of a selector that name what an element has, in which a space combines nothing."""
_TIGHT: Final = re.compile(r"\s*([>+~,])\s*|(?<=\()\s+|\s+(?=\))")
_ALTERNATIVE: Final = regex.compile(r"(?:[^,()]|(\((?:[^()]|(?1))*\)))+")
_DESCENDANTS: Final = re.compile(r"\s+")
_MOST_DESCENDANTS: Final = 2
_MOST_SIBLINGS: Final = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a rule that a person should mend."""

    rule: Rule
    message: str

    def __str__(self) -> str:
        return f"{self.rule.place}: {self.rule.id}: {self.message}"


def lint_rules(rules: RuleSet) -> tuple[Finding, ...]:
    """Look at every rule.

    Returns:
        Findings in the order of the rules.
    """
    return tuple(
        Finding(rule, message)
        for rule in rules.rules
        for check in (_PATTERN_CHECKS if rule.selector is None else _SELECTOR_CHECKS)
        for message in check(rule)
    )


def _no_keyword(rule: Rule) -> Iterator[str]:
    for case in rule.accept:
        if not any(keyword in fold(case.text) for keyword in rule.keywords):
            yield f"no keyword stands in its accept {case.text!r:.60}, so it is never tried there"


def _folded_capitals(rule: Rule) -> Iterator[str]:
    """Under `(?i)` a capital is any letter, and a name any word."""
    stack = [False]
    for piece in _PIECE.findall(rule.pattern.pattern):
        if piece == "(":
            stack.append(stack[-1])
        elif piece.startswith("(?"):
            on, _, off = piece[2:].rstrip(":)").partition("-")
            folded = ("i" in on or stack[-1]) and "i" not in off
            if piece.endswith(":"):
                stack.append(folded)
            else:
                stack[-1] = folded
        elif piece == ")" and len(stack) > 1:
            stack.pop()
        elif r"\p{Lu}" in piece and stack[-1]:
            yield r"\p{Lu} under (?i) matches small letters too: wrap it in (?-i:...)"
            return


def _leading_wildcard(rule: Rule) -> Iterator[str]:
    source = _LEADING_FLAGS.sub("", rule.pattern.pattern, count=1).removeprefix(r"\A").lstrip("(?:")
    if re.match(r"\.[*+]|\.\{\d*,\}", source):
        yield "the pattern begins with a wildcard: use match = 'anywhere' or 'end'"


def _nested_quantifiers(rule: Rule) -> Iterator[str]:
    tree = parsed(rule.pattern.pattern)
    if tree is not None and _is_nested(tree, inside=False):
        yield "a repeat without end inside another: time grows with the square of the text, or worse"


def _is_nested(tree: Any, *, inside: bool) -> bool:
    """Whether an endless repeat is all that the body of another endless repeat needs to match."""
    for operation, argument in tree:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            endless = argument[1] == ENDLESS
            if endless and inside and len(tree) == 1:
                return True
            if _is_nested(argument[2], inside=endless or (inside and len(tree) == 1)):
                return True
        elif name == "SUBPATTERN":
            if _is_nested(argument[-1], inside=inside and len(tree) == 1):
                return True
        elif name == "BRANCH" and any(_is_nested(branch, inside=inside and len(tree) == 1) for branch in argument[1]):
            return True
    return False


def _matches_nothing(rule: Rule) -> Iterator[str]:
    if rule.pattern.search("") is not None:
        yield "the pattern matches the empty text"


def _fuzzy_or_recursive(rule: Rule) -> Iterator[str]:
    if _FUZZY.search(rule.pattern.pattern):
        yield "fuzzy matching is slow, and takes what it was not meant to"
    if _RECURSION.search(rule.pattern.pattern):
        yield "recursion has no bound on its time"


def _slow(rule: Rule) -> Iterator[str]:
    for name, block in _bad_texts(rule):
        if rule.match is MatchMode.SENTENCE:
            _ = block.beginnings  # found once a block, for all rules
        best = _seconds(rule, block)
        for _ in range(_TRIES - 1):
            if best > SLOW_SECONDS:
                best = min(best, _seconds(rule, block) / _slowness())
        if best > SLOW_SECONDS:
            size = f"{len(block.text) / 1000:.0f} kB"
            yield f"takes {best * 1000:.0f} ms on {size} of {name}; {SLOW_SECONDS * 1000:.0f} ms is the most"
            return


def _bad_texts(rule: Rule) -> Iterator[tuple[str, BlockText]]:
    """Texts that a slow pattern chokes on, no longer than a `whole` rule can match: it is never tried on more."""
    longest = min(_BAD_LENGTH, longest_match(rule.pattern.pattern)) if rule.match is MatchMode.WHOLE else _BAD_LENGTH
    for name, piece, times, rest in _bad_pieces(rule):
        yield name, _block(piece, min(times, longest // len(piece) + 1), rest, longest)


def _bad_pieces(rule: Rule) -> Iterator[tuple[str, str, int, str]]:
    """What each bad text is called, what comes again and again in it, how often, and what comes again after that."""
    yield "one letter", "a", _BAD_LENGTH, ""
    yield "capitalised words", "Word Word word ", _BAD_LENGTH // 15, ""
    yield "short clauses", "a, B, c; ", _BAD_LENGTH // 9, ""
    for case in rule.accept[:2]:
        yield "its own accept 100 times and then words", f"{case.text} ", 100, _WORDS
    for keyword in rule.keywords[:2]:
        word = keyword.rstrip(".!?:")
        around = f"{word} and Other words that go on for a while, as a sentence does that has no end in sight; "
        yield f"{word!r} again and again", around, _BAD_LENGTH // len(around), ""
        yield f"{keyword!r} and then words", f"{keyword} ", 1, _WORDS


@lru_cache(maxsize=16)  # the first three texts are every rule's
def _block(piece: str, times: int, rest: str, longest: int) -> BlockText:
    text = piece * times
    if rest and len(text) < longest:
        text += rest * ((longest - len(text)) // len(rest) + 1)
    return BlockText(text[:longest])


def _slowness() -> float:
    """How many times slower this machine is now than the one the limit was set on; 1 where it is faster."""
    start = time.thread_time()
    _YARDSTICK.search(_YARDSTICK_TEXT)
    return max(1.0, (time.thread_time() - start) / _YARDSTICK_SECONDS)


def _seconds(rule: Rule, block: BlockText) -> float:
    start = time.thread_time()
    with suppress(TimeoutError):  # the time it took says it
        next(matches(rule, block, _GIVE_UP_SECONDS), None)
    return time.thread_time() - start


def _slow_selector(rule: Rule) -> Iterator[str]:
    """A selector tries every way up or back to its first part, and no timer stops it; the times are lexbor's."""
    selector = _TIGHT.sub(lambda found: found[1] or "", _NO_COMBINATORS.sub("", rule.selector or "").strip())
    alternatives = [found[0] for found in _ALTERNATIVE.finditer(selector)]
    if any(len(_DESCENDANTS.findall(alternative)) > _MOST_DESCENDANTS for alternative in alternatives):
        yield "more than two descendant combinators: on a page nested 256 deep three take 0.2 s, four 11 s; use '>'"
    if any(alternative.count("~") > _MOST_SIBLINGS for alternative in alternatives):
        yield "more than one '~': among 3,000 siblings one takes 0.03 s and two 24 s; use '+'"


_PATTERN_CHECKS: Final[tuple[Callable[[Rule], Iterator[str]], ...]] = (
    _no_keyword,
    _folded_capitals,
    _leading_wildcard,
    _nested_quantifiers,
    _matches_nothing,
    _fuzzy_or_recursive,
    _slow,
)
_SELECTOR_CHECKS: Final[tuple[Callable[[Rule], Iterator[str]], ...]] = (_slow_selector,)
