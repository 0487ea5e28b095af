"""The page's title, repeated at the head of its article.

Who cleans a page by its title and address has the title already; in the text it is one line more that stands on every
repost and in no agency's copy. Only a title that is known beforehand counts: what a text begins with may be anything.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from syndicate.account import Reason
from syndicate.model import BOILERPLATE, EXTRACTOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from syndicate.model import Document

_TITLE: Final = Reason(f"{EXTRACTOR}title", BOILERPLATE, joined=True)
_WORD: Final = re.compile(r"\w+")
_SITE: Final = re.compile(r"\s[|–—·-]\s")
"""What stands before the site's name in a page's title."""
_DEPTH: Final = 3
"""Blocks from the head within which a title may stand: a kicker or a date often comes before it."""
_LONGEST: Final = 1.6
"""How many times as long as the title a line may be that holds it with a kicker."""
_GLANCE: Final = 300
"""Characters of a block that mostly tell whether it is too long to be a title."""
_FEWEST_WORDS: Final = 3
_LIKE: Final = 0.7
"""Share of words in common from which on two titles are one."""


def title_lines(document: Document, left_out: Mapping[int, Reason], titles: Iterable[str]) -> dict[int, Reason]:
    """The blocks at the head of an article that say its title, by index, with the reason.

    Args:
        document: The page.
        left_out: Its blocks that are not the article's.
        titles: What is known to be its title.
    """
    parts = dict.fromkeys(part for title in titles for part in (title, _SITE.split(title)[0]))
    known = [words for part in parts if (words := _words(part))]
    if not known:
        return {}
    most_words = _LONGEST * max(map(len, known))
    # The last block of an article is never its title.
    head = list(islice((at for at in range(len(document.blocks)) if at not in left_out), _DEPTH + 1))[:-1]
    found: dict[int, Reason] = {}
    for depth, at in enumerate(head):
        block = document.blocks[at]
        if len(_words(document.text[block.start : min(block.end, block.start + _GLANCE)])) > most_words:
            continue  # a paragraph, which need not be read to its end
        line = _words(document.text[block.start : block.end])
        if any(_is_title(line, title, leading=depth == len(found)) for title in known):
            found[at] = _TITLE
    return found


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _is_title(line: list[str], title: list[str], *, leading: bool) -> bool:
    """Whether a line says the title, or is one with it but for a site's name or, as a `leading` line, a kicker."""
    if line == title:
        return True
    part, whole = sorted((line, title), key=len)
    if len(part) < _FEWEST_WORDS or len(whole) > _LONGEST * len(part):
        return False
    if len(set(part) & set(whole)) >= _LIKE * len(set(part + whole)):
        return True
    return leading and any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
