"""The names of people in bylines: what stands around them goes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from syndicate.parse.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NO_NAME: Final = re.compile(r"https?:|www\.|://|@|\.(?:com|org|net|html?|php)\b|[{}<>=]", re.IGNORECASE)
_LISTED: Final = re.compile(r"^\[\s*[\"']?|[\"']?\s*\]$")
_QUOTED: Final = re.compile(r"[\"']\s*,\s*[\"']")
_ENDS: Final = re.compile(r"\s*(?:[|•·●/\n\t(\[»›–—:]|\s-\s|\d|\bfor\b|\bin\b|\bfür\b)")
_BETWEEN: Final = re.compile(
    r"\s*[,;、，]\s*(?:and|und|et|y|e|og|och|en|i|a|и|та|ve)?\s+|\s+(?:and|und|et|y|e|og|och|en|i|a|és|și|ja|и|та|ve|&|with|mit)\s+|\s*[;、，]\s*"
)
_PARTICLES: Final = frozenset(
    "de da do dos das di del della der den des du van von zu zum zur la le el al bin ben ibn abu ten ter te af av y e und "
    "d' o' mc st st. jr jr. sr sr. ii iii dr dr. of".split()
)
_WORDS: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff'’`´.-])*", re.UNICODE)
_LONGEST_NAME: Final = 50
_MOST_WORDS: Final = 5
_CASELESS: Final = re.compile(r"[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def tidy_byline(value: str) -> str | None:
    """A byline from metadata without what is no name: "By ", addresses, machine names; None where nothing is left."""
    value = _QUOTED.sub(", ", _LISTED.sub("", value.strip()))
    lead = load_words().before.match(value)
    if lead is not None and lead.end() < len(value):
        value = value[lead.end() :]
    value = ", ".join(part for part in (part.strip() for part in value.split(",")) if part and not _NO_NAME.search(part))
    value = value.strip(" ,;|-–—:·•")
    words = [word.casefold() for word in _WORDS.findall(value)]
    if not words or len(words) == 1 and words[0] in load_words().roles:
        return None
    return value


def visible_names(line: str, *, in_byline: bool) -> tuple[str, ...]:
    """The people that a short line by the heading names as its authors.

    Args:
        line: The text of a block.
        in_byline: Whether the page's markup calls the line a byline, so that it needs no "By".
    """
    lead = load_words().before.match(line)
    if lead is None and not in_byline:
        return ()
    rest = line[lead.end() :] if lead else line
    end = _ENDS.search(rest, 1)
    if end is not None:
        rest = rest[: end.start()]
    return tuple(_leading_names(part.strip(" ,.·") for part in _BETWEEN.split(rest)))


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
    if any(word.casefold().strip(".,'’") in roles for word in words):
        return False
    if _CASELESS.search(part):
        return len(part) >= 2
    return len(words) >= 2 and all(_WORDS.fullmatch(word) and (word[0].isupper() or word.casefold() in _PARTICLES) for word in words)
