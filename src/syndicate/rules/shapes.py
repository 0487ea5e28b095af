"""The shapes of values in a rule file, each by the words an error uses for it."""

from __future__ import annotations

import difflib
import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)


def _is_date(value: Any) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
STRING: Final = "a string"
WORDS: Final = "a string that is not empty"
COUNT: Final = "a whole number from 1 on"
FROM_ZERO: Final = "a whole number from 0 on"
NUMBER: Final = "a whole number"
DATE: Final = 'a date in quotes, as "2026-11-05"'
LIST: Final = "an array of strings, none of them empty"
WORDS_OR_LIST: Final = "a string or an array of strings, none of them empty"
FLAG: Final = "true or false"
TABLE: Final = "a table"
TABLES: Final = "an array of tables"
STRINGS_TABLE: Final = "a table of strings"

_CHECKS: Final[dict[str, Callable[[Any], bool]]] = {
    STRING: lambda value: isinstance(value, str),
    WORDS: lambda value: isinstance(value, str) and bool(value.strip()),
    COUNT: lambda value: type(value) is int and value > 0,
    FROM_ZERO: lambda value: type(value) is int and value >= 0,
    NUMBER: lambda value: type(value) is int,
    DATE: _is_date,
    LIST: _is_words,
    WORDS_OR_LIST: lambda value: (
        (isinstance(value, str) and bool(value.strip())) or (_is_words(value) and bool(value))
    ),
    FLAG: lambda value: isinstance(value, bool),
    TABLE: lambda value: isinstance(value, dict),
    TABLES: lambda value: isinstance(value, list) and all(isinstance(item, dict) for item in value),
    STRINGS_TABLE: lambda value: isinstance(value, dict) and all(isinstance(item, str) for item in value.values()),
}


def fits(value: Any, shape: str) -> bool:
    """Whether a value has a shape."""
    return _CHECKS[shape](value)


def shown(value: Any) -> str:
    """A value as a message shows it."""
    try:
        return repr(value)
    except ValueError:
        return "a number of thousands of digits"


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a message about a wrong word: the nearest right one, or all of them."""
    words = [str(right) for right in known]
    return nearest_only(word, words) or f"; known: {', '.join(words)}"


def nearest_only(word: str, known: Iterable[str]) -> str:
    """The end of a message about a wrong word where the right ones are too many to list."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" (did you mean {near[0]!r}?)" if near else ""
