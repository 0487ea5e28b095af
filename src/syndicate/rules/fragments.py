"""Fragments: named pieces of patterns, so that a rule says `{{person}}` and not two lines of classes.

A rule file sees its own `[fragments]` and the standard ones of `rules/core/fragments.toml`, with `{{agency}}` and
`{{agency-dateline}}` made from `rules/agencies.toml`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import regex
import tomli

from syndicate.rules.folder import rules_folder
from syndicate.rules.names import load_agency_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_LATIN: Final = regex.compile(r"[\p{Latin}\d]")
_USE: Final = regex.compile(r"\{\{([^{}]*)\}\}")
LONGEST_PATTERN: Final = 100_000
"""Characters of a pattern with its fragments: four times the longest that comes along, and a second to compile."""


class UnknownFragmentError(ValueError):
    """A pattern uses a fragment that is not defined, or one that uses itself; `name` is which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class LongPatternError(ValueError):
    """A pattern is too long, or becomes so with its fragments."""

    def __init__(self) -> None:
        super().__init__(f"longer than {LONGEST_PATTERN:,} characters with its fragments: make several rules of it")


def expand(pattern: str, fragments: Mapping[str, str], inside: tuple[str, ...] = ()) -> str:
    """Put fragments in the place of their names.

    Args:
        pattern: A pattern that may use fragments.
        fragments: Patterns by name; they may use each other.
        inside: The fragments that are being expanded, outermost first.

    Raises:
        UnknownFragmentError: A fragment is not defined, or uses itself.
        LongPatternError: What comes out is longer than `LONGEST_PATTERN`.
    """
    length = len(pattern)

    def text_of(use: regex.Match[str]) -> str:
        nonlocal length
        name = use[1]
        if name not in fragments or name in inside:
            raise UnknownFragmentError(name)
        text = f"(?:{expand(fragments[name], fragments, (*inside, name))})"
        length += len(text) - len(use[0])
        # Fragments of fragments double with each step: stop while there is little of them.
        if length > LONGEST_PATTERN:
            raise LongPatternError
        return text

    expanded = str(_USE.sub(text_of, pattern))
    if length > LONGEST_PATTERN:
        raise LongPatternError
    return expanded


@cache
def standard_fragments() -> dict[str, str]:
    """The fragments that every rule file may use."""
    names = load_agency_forms()
    file = rules_folder() / "core" / "fragments.toml"
    fragments: dict[str, str] = tomli.loads(file.read_text("utf-8"))["fragments"]
    return fragments | {
        "agency": f"(?:[Tt]he |THE )?{_any_of(_with_capitals(names.bylines))}",
        "agency-dateline": _any_of(_with_capitals(names.datelines)),
    }


def _with_capitals(names: Iterable[str]) -> Iterator[str]:
    """Names in Latin letters, and those without accents in capitals too, as bylines shout them.

    Packs of other scripts name their few services themselves: all of them in every pattern would be hundreds more.
    """
    for name in names:
        if _LATIN.match(name):
            yield name
            if name.isascii():
                yield name.upper()


def _any_of(words: Iterable[str]) -> str:
    """A pattern for one of some words, the longest that fits: a tree by letters, since they are hundreds."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _branches(tree)


def _branches(node: dict[str, Any]) -> str:
    branches: list[str] = []
    for char, child in sorted(node.items()):
        stem = regex.escape(char)
        while len(child) == 1 and "" not in child:
            ((char, child),) = child.items()  # noqa: PLW2901
            stem += regex.escape(char)
        if char:
            branches.append(stem + (_branches(child) if child.keys() - {""} else ""))
    return "(?:" + "|".join(branches) + ")" + ("?" if "" in node else "")
