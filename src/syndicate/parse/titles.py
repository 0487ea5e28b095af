"""Titles without the name of the site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

_PARTING: Final = re.compile(r"\s+[|‹›«»·•:–—~/-]{1,2}\s+|\s*[|｜»]\s*")
_NO_LETTER: Final = re.compile(r"[\W_]+")
_FEWEST_CHARACTERS: Final = 8
"""A title is no shorter than this, or it is no title but a name."""


def without_site(title: str, names: Collection[str], heading: str | None) -> str:
    """A title without the site's name before or behind it.

    Args:
        title: As the head gives it.
        names: The names of the site, folded.
        heading: The visible heading: a title that only adds to it behind a dash or a bar is the heading.
    """
    adds = heading and len(heading) >= _FEWEST_CHARACTERS and title.startswith(heading)
    if heading and adds and _PARTING.match(title, len(heading)):
        return heading
    marks = list(_PARTING.finditer(title)) if names else []
    while marks and folded_name(title[marks[-1].end() :]) in names:
        if marks[-1].start() < _FEWEST_CHARACTERS:
            return title
        title = title[: marks.pop().start()]
    is_first = bool(marks) and folded_name(title[: marks[0].start()]) in names
    return title[marks[0].end() :] if is_first and len(title) - marks[0].end() >= _FEWEST_CHARACTERS else title


def folded_name(name: str) -> str:
    """A name's letters and digits, folded, without "the" before them: what titles, hosts and bylines share of it."""
    return _NO_LETTER.sub("", name.casefold()).removeprefix("the")
