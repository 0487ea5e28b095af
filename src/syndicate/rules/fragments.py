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


class UnknownFragmentError(ValueError):
    """A pattern uses a fragment that is not defined, or one that uses itself; `name` is which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def expand(pattern: str, fragments: Mapping[str, str], inside: tuple[str, ...] = ()) -> str:
    """Put fragments in the place of their names.

    Args:
        pattern: A pattern that may use fragments.
        fragments: Patterns by name; they may use each other.
        inside: The fragments that are being expanded, outermost first.

    Raises:
        UnknownFragmentError: A fragment is not defined, or uses itself.
    """

    def text_of(use: regex.Match[str]) -> str:
        name = use[1]
        if name not in fragments or name in inside:
            raise UnknownFragmentError(name)
        return f"(?:{expand(fragments[name], fragments, (*inside, name))})"

    return str(_USE.sub(text_of, pattern))


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
