"""Articles that a page goes on with below its own: a stream of posts, or what loads when a reader scrolls on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from syndicate.account import Reason
from syndicate.model import EXTRACTOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from syndicate.model import Document

_NEXT: Final = Reason(f"{EXTRACTOR}next-article", "read-more", joined=True)
_FEWEST_CHARACTERS: Final = 400
"""What an article holds at least; a shorter box with a main heading is a teaser, and told by other things."""


def following_articles(document: Document, title: int | None) -> dict[int, Reason]:
    """The blocks of other articles below the page's own, by index, with the reason.

    They are told by form: each stands in an element of the same tag and names as the one beside it that holds the
    page's own article, and has a main heading of its own.

    Args:
        document: A page with elements.
        title: Index of the main heading that says the page's title, if there is one.
    """
    blocks = document.blocks
    headings = [at for at, block in enumerate(blocks) if block.tag == "h1"]
    if title is None or len(headings) < 2 or headings[-1] <= title:
        return {}
    own = list(_ancestors(document, blocks[title].element))
    found: dict[int, Reason] = {}
    for heading in headings:
        if heading <= title or heading in found:
            continue
        other = list(_ancestors(document, blocks[heading].element))
        pair = _beside(document, own, other)
        if pair is not None and all(_is_article(document, element) for element in pair):
            found |= dict.fromkeys(_blocks_under(document, pair[1]), _NEXT)
    return found


def _ancestors(document: Document, element: int) -> Iterator[int]:
    """An element and those above it, innermost first."""
    while element >= 0:
        yield element
        element = document.elements.parents[element]


def _beside(document: Document, own: Sequence[int], other: Sequence[int]) -> tuple[int, int] | None:
    """The two elements under the innermost common one that hold the one and the other, if they are of one form."""
    common = next(element for element in own if element in other)
    if common in (own[0], other[0]):
        return None
    mine, theirs = own[own.index(common) - 1], other[other.index(common) - 1]
    elements = document.elements
    alike = elements[mine].tag == elements[theirs].tag and elements[mine].names == elements[theirs].names
    return (mine, theirs) if alike else None


def _is_article(document: Document, element: int) -> bool:
    held = (document.blocks[at] for at in _blocks_under(document, element))
    return sum(block.end - block.start for block in held) >= _FEWEST_CHARACTERS


def _blocks_under(document: Document, element: int) -> list[int]:
    return [at for at, block in enumerate(document.blocks) if element in _ancestors(document, block.element)]
