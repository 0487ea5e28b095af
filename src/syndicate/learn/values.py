"""What changes between the constant parts of a text: a person, a date, an outlet; and how it is captured."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import regex

from syndicate.model import Kind
from syndicate.rules.fragments import expand, standard_fragments

if TYPE_CHECKING:
    from collections.abc import Sequence

_ANY: Final = None
_FIELDS: Final = (
    ("date", "{{date}}", _ANY),
    ("contact_email", "{{email}}", _ANY),
    ("contact_phone", "{{phone}}", frozenset({Kind.MEDIA_CONTACT})),
    ("author", "{{byline-person}}", frozenset({Kind.BYLINE, Kind.AUTHOR_BIO})),
    ("source", "{{paper}}|{{host}}", frozenset({Kind.ATTRIBUTION})),
    ("image_credit", "{{person}}(?: ?/ ?{{outlet}})*", frozenset({Kind.IMAGE_CREDIT})),
)
"""Fields of an article, the pattern of their values, and the kinds of rules that may tell them."""
_MOST: Final = 0.9
"""Share of the values that must be of a field's form."""


def field_of(values: Sequence[str], kind: Kind | None) -> tuple[str, str] | None:
    """Which field of an article values are of, if they are of one.

    Args:
        values: What stands between the constant parts, on different pages.
        kind: The kind of rule that would take it.

    Returns:
        The field, and the pattern of its values, with fragments; None where they are of no field.
    """
    for field, pattern, kinds in _FIELDS:
        if kinds is _ANY or kind in kinds:
            form = _compiled(pattern)
            if sum(form.fullmatch(value) is not None for value in values) >= _MOST * len(values):
                return field, pattern
    return None


def captured(value: str, field: tuple[str, str] | None) -> tuple[tuple[str, str], ...] | None:
    """What a value that is of a field's form makes known; None where it is not."""
    if field is None or not _compiled(field[1]).fullmatch(value):
        return None
    return ((field[0], value),)


@cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(expand(pattern, standard_fragments()))
