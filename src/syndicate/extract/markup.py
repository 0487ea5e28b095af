"""Which blocks of a page with markup are the article.

Each block is scored by a learnt model over what it is made of, where it stands and what stands around it
(`features`, `forest`). A page keeps the blocks from the score on that makes the most of it: the one where the
expected harmonic mean of precision and recall is highest (Lipton et al., "Optimal Thresholding of Classifiers to
Maximize F1 Measure", 2014), so an unusual page of which the model is sure of nothing keeps its likeliest text. The
reason for what is left out is the plainest there is: hidden, chrome by its tag or name, links, or outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from syndicate.account import Reason
from syndicate.extract.features import FEATURES, look
from syndicate.extract.forest import load_forest
from syndicate.extract.names import Names
from syndicate.extract.stream import following_articles
from syndicate.model import BOILERPLATE, EXTRACTOR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syndicate.extract.features import Seen
    from syndicate.model import Block, Document
    from syndicate.rules.rule import Markers

_HIDDEN: Final = Reason(f"{EXTRACTOR}hidden", BOILERPLATE, joined=True)
_OUTSIDE: Final = Reason(f"{EXTRACTOR}outside", BOILERPLATE, joined=True)
_UNLIKELY: Final = Reason(f"{EXTRACTOR}unlikely", BOILERPLATE, joined=True)
_LINKS: Final = Reason(f"{EXTRACTOR}links", BOILERPLATE, joined=True)
_TITLE: Final = Reason(f"{EXTRACTOR}title", BOILERPLATE, joined=True)
_LONE_HEADING: Final = Reason(f"{EXTRACTOR}lone-heading", BOILERPLATE, joined=True)

_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LINK_SHARE, _IS_HIDDEN = FEATURES.index("text:link-share"), FEATURES.index("hidden")
_MOSTLY_LINKS: Final = 0.75
_LOWEST, _HIGHEST = 0.03, 0.5
"""Bounds of the probability from which on a block is kept."""
_LINKS_FROM: Final = 0.5
"""The probability from which on a block of links is kept, whatever the page."""
_LEAST: Final = 0.15
"""A page on which no block is as likely as this has no article."""
_FEW: Final = 0.15
"""Share of the article's words below which what is hidden is no part of it; a page that hides most of its article
until a script runs, or a reader pays, hides more."""


def outside_article(document: Document, markers: Markers) -> dict[int, Reason]:
    """Choose the article of a page that has elements.

    Args:
        document: The page.
        markers: What tags and names say.

    Returns:
        The reason for each block, by index, that is not the article's.
    """
    blocks, elements = document.blocks, document.elements
    if not blocks:
        return {}
    names = Names.of(markers)
    seen = look(document, names)
    kept, linked = _kept(seen), _linked(seen)
    reasons = following_articles(document, seen.title())
    for at, block in enumerate(blocks):
        if at in reasons:
            continue
        if kept[at] and block.tag != "h1":
            continue
        marked = elements[seen.chrome[at]] if seen.chrome[at] >= 0 else None
        if marked is not None:
            named = None if marked.hidden else names.tell(marked.tag, marked.names)[0]
            reasons[at] = named or _HIDDEN
        elif block.tag == "h1":
            reasons[at] = _TITLE
        elif not seen.inside[at]:
            reasons[at] = _OUTSIDE
        else:
            reasons[at] = _LINKS if linked[at] else _UNLIKELY
    _drop_lone_headings(blocks, reasons)
    return reasons


def _kept(seen: Seen) -> Any:
    """Whether each block is the article's."""
    probabilities = load_forest().probabilities(seen.features)
    probabilities[_linked(seen) & (probabilities < _LINKS_FROM)] = 0
    if probabilities.max() < _LEAST:
        return np.zeros(probabilities.size, bool)
    kept = probabilities >= _threshold(probabilities, seen.words)
    hidden = seen.features[:, _IS_HIDDEN] > 0
    if seen.words[kept & hidden].sum() < _FEW * seen.words[kept].sum():
        kept &= ~hidden
    return kept


def _linked(seen: Seen) -> Any:
    """Whether each block is mostly links."""
    return seen.features[:, _LINK_SHARE] > _MOSTLY_LINKS


def _threshold(probabilities: Any, words: Any) -> float:
    """The probability from which on keeping blocks gives the highest expected F1, weighed by words."""
    order = np.argsort(-probabilities, kind="stable")
    expected = probabilities * words
    found, taken = expected[order].cumsum(), words[order].cumsum()
    best = np.argmax(2 * found / (taken + expected.sum()))
    return min(max(float(probabilities[order[best]]), _LOWEST), _HIGHEST)


def _drop_lone_headings(blocks: Sequence[Block], reasons: dict[int, Reason]) -> None:
    """A heading at the end of what is left heads nothing."""
    for at in range(len(blocks) - 1, -1, -1):
        if at in reasons:
            continue
        if blocks[at].tag not in _HEADINGS:
            return
        reasons[at] = _LONE_HEADING
