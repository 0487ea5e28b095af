"""Headlines of other articles below an English plain text.

What a scraper keeps of a box of related articles is their headlines, bare. In English a headline is told by its
capital letters; in a language without them nothing is. A list that its text announces is the text's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from syndicate.account import Reason
from syndicate.model import EXTRACTOR

if TYPE_CHECKING:
    from collections.abc import Collection

    from syndicate.model import Document

_HEADLINE: Final = Reason(f"{EXTRACTOR}headline", "read-more", joined=True)
_BULLETS: Final = re.compile(r"\A[-–—•*+>»\s]+")
_WORD: Final = re.compile(r"[^\W\d_][\w’'-]*")
_ROW: Final = re.compile(r"\||[$€£].*[$€£]")
"""Of a table, or of a list of prices."""
_SMALL: Final = frozenset(
    "a an and are as at be but by for from has her his in into is it its nor of off on or our out over the their to "
    "up vs was were with you your".split()
)
_ENDS: Final = (".", "!", ":", ";", ",", "…", ")", "”", '"')
_MOST: Final = 8
"""A longer run is a list of the text's own: of products, of books, of matches."""
_FEWEST_WORDS, _LONGEST = 5, 140
_CAPITALS: Final = 0.85
"""Share of the words that are not small ones that begin with a capital."""


def trailing_headlines(document: Document, gone: Collection[int], told: Collection[int] = ()) -> dict[int, Reason]:
    """The headlines below a plain text, by index of their blocks, with the reason.

    Args:
        document: A plain text; in a page with elements, headlines of other articles are links, and gone before.
        gone: Its blocks that are not the article's, or that rules have dropped.
        told: Its blocks of which a rule knows what they are.
    """
    if document.elements:
        return {}
    run: list[int] = []
    for at in reversed([at for at in range(len(document.blocks)) if at not in gone]):
        text = document.text[document.blocks[at].start : document.blocks[at].end]
        if at in told or not _is_headline(text):
            announced = text.endswith(":")
            return {} if announced or len(run) > _MOST else dict.fromkeys(run, _HEADLINE)
        run.append(at)
    return {}


def _is_headline(text: str) -> bool:
    text = _BULLETS.sub("", text)
    if len(text) > _LONGEST or text.endswith(_ENDS) or _ROW.search(text) or not text[:1].isascii():
        return False
    words: list[str] = _WORD.findall(text)
    telling = [word for word in words if word.lower() not in _SMALL]
    if len(words) < _FEWEST_WORDS or len(telling) < _FEWEST_WORDS - 1 or len(telling) == len(words):
        return False
    return sum(word[0].isupper() for word in telling) >= _CAPITALS * len(telling)
