"""The names of people in bylines: what stands around them goes."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from syndicate.parse.dates import dates_in
from syndicate.parse.titles import folded_name
from syndicate.parse.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NO_NAME: Final = re.compile(r"https?:|www\.|://|@|^\S+\.(?:com|org|net|html?|php)$|[{}<>=]", re.IGNORECASE)
_LISTED: Final = re.compile(r"^\[\s*[\"']?|[\"']?\s*\]$")
_QUOTED: Final = re.compile(r"[\"']\s*,\s*[\"']")
_ENDS: Final = re.compile(r"\s*(?:[|•·●/\n\t(\[»›–—:]|\s-\s|\d|\S+@|\b(?:for|in|für|on|am|el|le|aus)\s)")
_BETWEEN: Final = re.compile(
    r"\s*[,;、，]\s*(?:and|und|et|y|e|og|och|en|i|a|и|та|ve)?\s+|"
    r"\s+(?:and|und|et|y|e|og|och|en|i|a|és|și|ja|и|та|ve|&|with|mit)\s+|\s*[;、，]\s*"
)
_PARTICLES: Final = frozenset(
    "de da do dos das di del della der den des du van von zu zum zur la le el al bin ben ibn abu ten ter te af av y "
    "e und d' o' mc st st. jr jr. sr sr. ii iii dr dr. of".split()
)
_WORDS: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff'’.-])*")
_ACCOUNT: Final = re.compile(r"[a-z0-9_.-]+")
_SEPARATOR: Final = re.compile(r"\s*[|•·●]\s*")
_BARE: Final = re.compile(r"\w+(?:[-’']\w{3,})*(?: \S+)?(?: \S+)? (?!\w*[’']s\b)\w*[^\W\d_A-Z]\S*")
_GLUED: Final = re.compile(r"By(?=[A-Z][a-z])")
_LONGEST_NAME: Final = 50
_MOST_WORDS: Final = 5
_CASELESS: Final = re.compile(r"[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def tidy_byline(value: str) -> str | None:
    """A byline from metadata without what is no name: "By ", addresses, machine names; None where nothing is left."""
    value = _QUOTED.sub(", ", _LISTED.sub("", value.strip()))
    lead = load_words().before.match(value)
    if lead is not None and lead.end() < len(value):
        value = value[lead.end() :]
    value = ", ".join(
        part for part in (part.strip() for part in value.split(",")) if part and not _NO_NAME.search(part)
    )
    value = value.strip(" ,;|-–—:·•")
    words = [word.casefold() for word in _WORDS.findall(value)]
    return value if any(word not in load_words().roles for word in words) else None


def is_no_person(byline: str, outlets: Iterable[str]) -> bool:
    """Whether a byline names only the outlet, or an account of its system."""
    if _ACCOUNT.fullmatch(byline):
        return True
    starts = _starts(byline)
    return any(outlet and (outlet[-1] in starts or starts[-1] in outlet) for outlet in map(_starts, outlets))


def _starts(name: str) -> list[str]:
    """The letters of a name's first word, first two words, and so on to all of it."""
    words = [folded for word in name.removeprefix("The ").split() if (folded := folded_name(word))]
    return list(accumulate(words)) or [""]


def given_name_first(name: str) -> str:
    """A name as libraries write it, "Pell, Nora", the way round that newspapers do."""
    surname, comma, given = name.partition(", ")
    return f"{given} {surname}" if comma and "," not in given else name


def visible_names(line: str, *, in_byline: bool) -> tuple[str, ...]:
    """The people that a short line by the heading names as its authors.

    Args:
        line: The text of a block.
        in_byline: Whether the page's markup calls the line a byline, so that it needs no "By".
    """
    for part in _SEPARATOR.split(line):
        lead = load_words().before.match(part) or _GLUED.match(part)
        if lead is None and not in_byline:
            continue
        rest = part[lead.end() :] if lead else part
        date = next(dates_in(rest), None)
        rest = rest[: date.start] if date else rest
        end = _ENDS.search(rest, 1)
        names = tuple(
            _leading_names(name.strip(" ,.·") for name in _BETWEEN.split(rest[: end.start()] if end else rest))
        )
        if names:
            return names
    return ()


def bare_names(line: str) -> tuple[str, ...]:
    """The people in a dateline, or in a line beside it: a part of it between bars that is names and nothing else."""
    date = next(dates_in(line), None)
    sides = (line[: date.start], line[date.end :]) if date else (line,)
    for part in (part for side in sides for part in _SEPARATOR.split(side)):
        names = [name.strip(" ,.·") for name in _BETWEEN.split(part.strip(" ,.·-–")) if "@" not in name]
        if names and all(_is_name(name) and not _CASELESS.search(name) and _BARE.fullmatch(name) for name in names):
            return tuple(names)
    return ()


def _leading_names(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        if not _is_name(part):
            return
        yield part


def _is_name(part: str) -> bool:
    words = part.split()
    if not words or len(part) > _LONGEST_NAME or len(words) > _MOST_WORDS or _NO_NAME.search(part):
        return False
    roles = load_words().roles
    if load_words().label.match(part.casefold()) or any(word.casefold().strip(".,'’") in roles for word in words):
        return False
    if _CASELESS.search(part):
        return len(part) >= 2
    return len(words) >= 2 and all(
        _WORDS.fullmatch(word) and (word[0].isupper() or word.casefold() in _PARTICLES) for word in words
    )
