"""Titles without the name of the site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_PARTING: Final = re.compile(r"\s+[|‹›«»·•:–—~/-]{1,2}\s+|\s*[|｜»]\s*")
_NO_LETTER: Final = re.compile(r"[\W_]+")
_FEWEST_CHARACTERS: Final = 8
"""A title is no shorter than this, or it is no title but a name."""


def without_site(title: str, names: Iterable[str], heading: str | None) -> str:
    """A title without the site's name before or behind it.

    Args:
        title: As the head gives it.
        names: The names of the site.
        heading: The visible heading: a title that only adds to it behind a dash or a bar is the heading.
    """
    if heading and len(heading) >= _FEWEST_CHARACTERS and len(title) > len(heading) and title.startswith(heading):
        if _PARTING.match(title, len(heading)):
            return heading
    folded = {_letters(name) for name in names}
    folded |= {name.removeprefix("the") for name in folded}
    folded -= {""}
    marks = list(_PARTING.finditer(title)) if folded else []
    while marks and _letters(title[marks[-1].end() :]).removeprefix("the") in folded:
        if marks[-1].start() < _FEWEST_CHARACTERS:
            return title
        title = title[: marks.pop().start()]
    if marks and _letters(title[: marks[0].start()]) in folded and len(title) - marks[0].end() >= _FEWEST_CHARACTERS:
        title = title[marks[0].end() :]
    return title


def _letters(name: str) -> str:
    return _NO_LETTER.sub("", name.casefold())
