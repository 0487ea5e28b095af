"""The words that bylines and datelines are written with, from `words.toml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import tomli

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FILE: Final = Path(__file__).with_name("words.toml")


@dataclass(frozen=True, slots=True)
class Words:
    """What `words.toml` lists.

    Attributes:
        months: Folded name of a month to its number, 1 to 12.
        label: Finds the word that says what a date is of; its `lastgroup` is "published" or "modified".
        before: Matches what comes before the names of a byline, where something does.
        roles: Folded words that no person's name has.
    """

    months: Mapping[str, int]
    label: re.Pattern[str]
    before: re.Pattern[str]
    roles: frozenset[str]


@cache
def load_words() -> Words:
    """Read the words, once."""
    data: dict[str, Any] = tomli.loads(_FILE.read_text("utf-8"))
    months = {name: number for number, names in enumerate(data["months"].values(), 1) for name in names}
    labels, byline = data["labels"], data["byline"]
    return Words(
        months=months,
        label=re.compile(
            rf"(?<!\w)(?:(?P<published>{_any(labels['published'])})|(?P<modified>{_any(labels['modified'])}))(?![^\W\d])"
        ),
        before=re.compile(
            rf"\W*(?:(?:{_any(byline['before'])})(?:\s*:\s*|\s+)|(?:{_any(byline['only_labelled'])})\s*[:：/]\s*)",
            re.IGNORECASE,
        ),
        roles=frozenset(byline["roles"]),
    )


def _any(words: Iterable[str]) -> str:
    """A pattern of words, the longer before those they begin with."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))
