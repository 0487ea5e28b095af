"""Text that stands on a page more than once.

A page made for two screens holds its article twice, and a call to sign up stands between its paragraphs again and
again. A run of blocks that says what an earlier run said is a copy, and goes; a long block that comes back three
times on its own is a box, and goes wherever it stands. A line that says one thing twice is a link and its picture's
text.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from syndicate.account import Reason
from syndicate.model import BOILERPLATE, EXTRACTOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from syndicate.model import Document

_COPY: Final = Reason(f"{EXTRACTOR}copy", BOILERPLATE, joined=True)
_BOX: Final = Reason(f"{EXTRACTOR}repeated", BOILERPLATE, joined=True)
_DOUBLED: Final = Reason(f"{EXTRACTOR}doubled", "read-more", joined=True)
_DOUBLED_CHARACTERS: Final = 15
_LONGEST_LINK: Final = 500
_FEWEST_BLOCKS, _FEWEST_CHARACTERS = 3, 400
"""What a copied run holds at least: a list of products that comes twice is shorter, an article's copy is not."""
_BOX_TIMES, _BOX_CHARACTERS = 3, 60
"""How often, and how long, a block must be to be a box that comes back: refrains are shorter."""
_MOST_BOXES: Final = 0.4
"""Share of a text past which what comes back is the text itself."""
_LIST_MARKS: Final = "-–—•*|+#>/"
_SENTENCE_ENDS: Final = (".", "!", "?", "…", "。", "！", "？", "؟", "।")
"""A box says something; rows of tables and lines of code and of lists come back for reasons of their own."""


def repeated(document: Document, left_out: Mapping[int, Reason]) -> dict[int, Reason]:
    """The blocks of an article that repeat others, by index, with the reason.

    Args:
        document: The page.
        left_out: Its blocks that are not the article's.
    """
    positions = [at for at in range(len(document.blocks)) if at not in left_out]
    texts = [document.text[document.blocks[at].start : document.blocks[at].end] for at in positions]
    found = {
        positions[at]: _DOUBLED for at, text in enumerate(texts) if len(text) < _LONGEST_LINK and _is_doubled(text)
    }
    if len(set(texts)) == len(texts):
        return found
    copies = set(_copies(texts))
    found |= {positions[at]: _COPY for at in copies}
    alone = Counter(text for at, text in enumerate(texts) if at not in copies)
    boxes = {text for text, times in alone.items() if times >= _BOX_TIMES and _is_box(text)}
    if sum(alone[text] * len(text) for text in boxes) <= _MOST_BOXES * sum(map(len, alone.elements())):
        found |= {positions[at]: _BOX for at, text in enumerate(texts) if at not in copies and text in boxes}
    return found


def _copies(texts: Sequence[str]) -> Iterator[int]:
    """The positions of texts in runs that follow each other as they did when they first came."""
    first: dict[str, int] = {}
    start = 0
    earlier = -1
    for at, text in enumerate(texts):
        before = first.setdefault(text, at)
        if before == at or before != earlier + 1:
            yield from _long_enough(texts, start, at)
            start = at if before != at else at + 1
        earlier = before
    yield from _long_enough(texts, start, len(texts))


def _long_enough(texts: Sequence[str], start: int, end: int) -> range:
    long = end - start >= _FEWEST_BLOCKS and sum(map(len, texts[start:end])) >= _FEWEST_CHARACTERS
    return range(start, end) if long else range(0)


def _is_box(text: str) -> bool:
    return len(text) >= _BOX_CHARACTERS and text.endswith(_SENTENCE_ENDS) and text[0] not in _LIST_MARKS


def _is_doubled(text: str) -> bool:
    """Whether a text is one text twice, with a space between."""
    middle = len(text) // 2
    return middle >= _DOUBLED_CHARACTERS and text[middle].isspace() and text[:middle] == text[middle + 1 :]
