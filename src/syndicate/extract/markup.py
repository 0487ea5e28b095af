"""What markup tells of which blocks are the article.

Three steps. Elements that are chrome by tag or name (`rules/core/html.toml`) take their blocks out. Of the text
that is left, the article is the deepest element that still holds most of it, weighed by length against links, after
the idea of Readability (Arc90, 2009) and of text density (Kohlschuetter et al., "Boilerplate Detection using
Shallow Text Features", 2010). Inside it, what is mostly links, and headings with nothing under them, goes too.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from syndicate.account import Reason
from syndicate.model import BOILERPLATE, EXTRACTOR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syndicate.model import Block, Document, Element
    from syndicate.rules.rule import Markers

_HIDDEN: Final = Reason(f"{EXTRACTOR}hidden", BOILERPLATE, joined=True)
_OUTSIDE: Final = Reason(f"{EXTRACTOR}outside", BOILERPLATE, joined=True)
_LINKS: Final = Reason(f"{EXTRACTOR}links", BOILERPLATE, joined=True)
_TITLE: Final = Reason(f"{EXTRACTOR}title", BOILERPLATE, joined=True)
_LONE_HEADING: Final = Reason(f"{EXTRACTOR}lone-heading", BOILERPLATE, joined=True)

_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NEVER_CHROME: Final = frozenset(("html", "body", "main", "article"))
_NEVER_ARTICLE: Final = frozenset(("cookie-notice",))
"""Kinds that stay chrome however much of the page they are."""
_DOMINANT: Final = 0.3
"""Share of a page's prose from which on an element is no chrome, whatever its name."""
_DESCENT: Final = 0.7
"""Share of its parent's text that an element must hold for the article to be sought inside it."""
_NAMED: Final = 0.6
"""Share of the article's text that an element named as the article's body must hold to be taken for it."""
_FEWEST_BLOCKS: Final = 2
_MOSTLY_LINKS: Final = 0.75
_PARAGRAPH: Final = 80
"""Characters from which on a block counts in full; shorter ones count by their length's share of it."""
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PARTS: Final = re.compile(r"[^a-z]+")


def outside_article(document: Document, markers: Markers) -> dict[int, Reason]:
    """Choose the article of a page that has elements.

    Args:
        document: The page.
        markers: What tags and names say.

    Returns:
        The reason for each block, by index, that is not the article's.
    """
    blocks, elements = document.blocks, document.elements
    reasons = _chrome_by_name(document, markers)
    weights = [0.0 if at in reasons else _weight(block) for at, block in enumerate(blocks)]
    region = _region(blocks, elements, weights, markers)
    inside = _inside(elements, region)
    for at, block in enumerate(blocks):
        if at in reasons:
            continue
        if not inside[block.element]:
            reasons[at] = _OUTSIDE
        elif block.tag == "h1":
            reasons[at] = _TITLE
        elif block.link_chars > _MOSTLY_LINKS * (block.end - block.start):
            reasons[at] = _LINKS
    _drop_lone_headings(blocks, reasons)
    return reasons


def _chrome_by_name(document: Document, markers: Markers) -> dict[int, Reason]:
    """The blocks under elements that are hidden, or chrome by their tag or name."""
    elements, blocks = document.elements, document.blocks
    mass = _subtree_sums(blocks, elements, list(map(_weight, blocks)))
    limit = _DOMINANT * mass[0]
    lookup = _Lookup.of(markers)
    of_element: list[Reason | None] = []
    for at, element in enumerate(elements):
        reason = of_element[element.parent] if element.parent >= 0 else None
        if reason is None and element.tag not in _NEVER_CHROME:
            reason = _HIDDEN if element.hidden else lookup.reason(element.tag, element.names)
            if reason is not None and mass[at] >= limit and reason.kind not in _NEVER_ARTICLE:
                reason = None
        of_element.append(reason)
    found: dict[int, Reason] = {}
    for at, block in enumerate(blocks):
        reason = of_element[block.element]
        if reason is not None:
            found[at] = reason
    return found


class _Lookup:
    """Markers by the words of an element's names; pages repeat the same few names, so answers are remembered."""

    def __init__(self, markers: Markers) -> None:
        self.markers = markers
        self.reason = lru_cache(maxsize=20_000)(self._reason)
        self.is_article = lru_cache(maxsize=20_000)(self._is_article)

    @staticmethod
    @lru_cache(maxsize=8)
    def of(markers: Markers) -> _Lookup:
        return _Lookup(markers)

    def _reason(self, tag: str, names: str) -> Reason | None:
        kind = self.markers.tags.get(tag)
        if kind is not None:
            return Reason(f"{EXTRACTOR}{tag}", kind, joined=True)
        for term in _terms(names):
            kind = self.markers.names.get(term)
            if kind is not None:
                return Reason(f"{EXTRACTOR}{term}", kind, joined=True)
        return None

    def _is_article(self, names: str) -> bool:
        return any(term in self.markers.article for term in _terms(names))


def _terms(names: str) -> list[str]:
    """The words of names, and each two and three that follow each other in one name, joined by hyphens."""
    terms: list[str] = []
    for name in names.split():
        words = [word for word in _PARTS.split(_CAMEL.sub("-", name).lower()) if word]
        for size in (3, 2, 1):
            terms += ("-".join(words[at : at + size]) for at in range(len(words) - size + 1))
    return terms


def _weight(block: Block) -> float:
    """How much a block speaks for being the article: its text that is no link, short blocks for less."""
    length = block.end - block.start
    prose = max(0, length - 2 * block.link_chars)
    return prose * min(1.0, length / _PARAGRAPH)


def _subtree_sums(blocks: Sequence[Block], elements: Sequence[Element], weights: Sequence[float]) -> list[float]:
    """For each element the weight of all blocks under it."""
    sums = [0.0] * len(elements)
    for block, weight in zip(blocks, weights, strict=True):
        sums[block.element] += weight
    for at in range(len(elements) - 1, 0, -1):
        parent = elements[at].parent
        if parent >= 0:
            sums[parent] += sums[at]
    return sums


def _region(blocks: Sequence[Block], elements: Sequence[Element], weights: Sequence[float], markers: Markers) -> int:
    """The element that holds the article."""
    mass = _subtree_sums(blocks, elements, weights)
    counts = _subtree_sums(blocks, elements, [float(weight > 0) for weight in weights])
    heaviest: dict[int, int] = {}
    for at in range(1, len(elements)):
        parent = elements[at].parent
        if mass[at] > (mass[heaviest[parent]] if parent in heaviest else 0.0):
            heaviest[parent] = at
    region = 0
    while region in heaviest and mass[heaviest[region]] >= _DESCENT * mass[region] > 0:
        # One long paragraph of a short article is not its container, though it holds most of it.
        if counts[heaviest[region]] < _FEWEST_BLOCKS <= counts[region]:
            break
        region = heaviest[region]
    lookup = _Lookup.of(markers)
    named = [
        at
        for at in range(region, len(elements))
        if mass[at] >= _NAMED * mass[region] and lookup.is_article(elements[at].names)
    ]
    within = _inside(elements, region)
    return next((at for at in reversed(named) if within[at]), region)


def _inside(elements: Sequence[Element], region: int) -> list[bool]:
    """For each element whether it is the region or under it."""
    inside: list[bool] = []
    for at, element in enumerate(elements):
        inside.append(at == region or (element.parent >= 0 and inside[element.parent]))
    return inside


def _drop_lone_headings(blocks: Sequence[Block], reasons: dict[int, Reason]) -> None:
    """A heading at the end of what is left heads nothing."""
    for at in range(len(blocks) - 1, -1, -1):
        if at in reasons:
            continue
        if blocks[at].tag not in _HEADINGS:
            return
        reasons[at] = _LONE_HEADING
