"""What patterns tell before they are tried: literals that stand in every match, and how long a match can be.

The idea is that of RE2's and ripgrep's prefilters (R. Cox, "Regular Expression Matching with a Trigram Index",
2012): walk the parsed pattern, take the best set of required literals of each part, and give up, rather than
guess, where a part can match without any.
"""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from functools import cache, lru_cache
from typing import Any, Final

_PARSER: Any = importlib.import_module("re._parser")
ENDLESS: Final = _PARSER.MAXREPEAT
"""How often a repeat without end may repeat, in a tree."""
# What the `regex` module reads and the standard library does not, or reads as something else.
_FOREIGN: Final = re.compile(r"\[\[|\{(?![\d,])|\[:\^?\w+:\]|\\L<")
_PROPERTY: Final = re.compile(r"\\[pP](?:\{[^}]*\}|[A-Z])")
_NAME: Final = re.compile(r"\(\?P<\w+>")
_SHORTEST: Final = 4
"""Characters a keyword needs to be worth looking for."""
_MOST: Final = 64
"""Alternatives past which a set of keywords says the pattern has none."""


def required_keywords(pattern: str) -> tuple[str, ...] | None:
    """Find keywords, folded, one of which every match of the pattern must contain.

    Args:
        pattern: A pattern of the `regex` module. Properties are read as "any word character", which asks less.

    Returns:
        The keywords, or None where the pattern has none, or is past what the standard library's parser reads.
    """
    tree = parsed(pattern)
    found = None if tree is None else _required(tree)
    return tuple(sorted({fold(word) for word in found})) if found else None


@cache
def longest_match(pattern: str) -> int:
    """The most characters a match of a pattern of the `regex` module can have; past all bounds if it is unknown."""
    tree = parsed(pattern)
    return sys.maxsize if tree is None else int(tree.getwidth()[1])


@lru_cache(maxsize=4)  # several questions are asked of one pattern in a row
def parsed(pattern: str) -> Any:
    """The tree of a pattern of the `regex` module, groups without names, where the standard library can read it."""
    if _FOREIGN.search(plain := _NAME.sub("(", _PROPERTY.sub(r"\\w", pattern))):
        return None
    try:
        with warnings.catch_warnings(action="error"):  # set operations are a warning there
            return _PARSER.parse(plain)
    except (re.error, RecursionError, OverflowError, Warning):
        return None


def fold(text: str) -> str:
    """Fold case and the quotes, dashes and spaces that publishers vary, keeping the length."""
    if text.isascii():
        return text.lower()
    for variant, plain in _VARIANTS:
        text = text.replace(variant, plain)
    folded = text.lower()
    if len(folded) != len(text):
        folded = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return folded.replace("ς", "σ")  # what a capital sigma becomes at the end of a word


_VARIANTS: Final = tuple(
    (variant, plain)
    for plain, variants in (
        ("i", "ıİ"),
        ("σ", "ς"),
        ("'", "‘’ʼ′"),
        ('"', "“”„«»″"),
        ("-", "‐‑‒–—−"),
        (" ", "\u00a0\u2009\u202f\u3000"),
    )
    for variant in variants
)


def _required(tree: Any) -> set[str] | None:
    """The best set of required literals of a sequence: the one whose shortest literal is longest."""
    candidates: list[set[str]] = []
    literal: list[str] = []

    def end_literal() -> None:
        # A literal ends where a space may stand: the text may have other white space there.
        candidates.extend({word} for word in "".join(literal).split() if len(word) >= _SHORTEST)
        if len(joined := "".join(literal).strip()) >= _SHORTEST:
            candidates.append({joined})
        literal.clear()

    for operation, argument in tree:
        name = str(operation)
        if name == "LITERAL":
            literal.append(chr(argument))
            continue
        end_literal()
        inner = _required_of(name, argument)
        if inner:
            candidates.append(inner)
    end_literal()
    usable = [words for words in candidates if len(words) <= _MOST]
    return max(usable, key=lambda words: (min(map(len, words)), -len(words)), default=None)


def _required_of(name: str, argument: Any) -> set[str] | None:
    if name == "SUBPATTERN":
        return _required(argument[-1])
    if name == "ATOMIC_GROUP":
        return _required(argument)
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, _, body = argument
        return _required(body) if least else None
    if name == "BRANCH":
        words: set[str] = set()
        for branch in argument[1]:
            inner = _required(branch)
            if not inner:
                return None
            words |= inner
        return words
    return None
