"""Which elements are chrome by what they are called, and which one holds most of the page's prose.

The region is the deepest element that still holds most of the prose, after the idea of Readability (Arc90, 2009).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from syndicate.kernels import compiled

_DOMINANT: Final = 0.3
"""Share of a page's prose from which on an element is no chrome, whatever its name."""
_DESCENT: Final = 0.7
"""Share of its parent's prose that an element must hold for the region to be sought inside it."""
_NAMED: Final = 0.6
"""Share of the region's prose that an element named as the article's body must hold to be taken for it."""
_FEWEST_BLOCKS: Final = 2


@compiled
def chrome_of(parents: Any, marked: Any, stubborn: Any, mass: Any) -> Any:
    """For each element the index of the outermost one at or above it that is chrome, -1 where none is (int64).

    Args:
        parents: For each element the index of its parent, less than its own; -1 for the first.
        marked: Whether it is hidden, or chrome by its tag or name.
        stubborn: Whether it is of a kind that stays chrome however much of the page it holds.
        mass: The prose of all blocks under it.
    """
    out = np.full(parents.size, -1, np.int64)
    limit = _DOMINANT * mass[0]
    for at in range(1, parents.size):
        out[at] = out[parents[at]]
        if out[at] < 0 and marked[at] and (mass[at] < limit or stubborn[at]):
            out[at] = at
    return out


@compiled
def inherited(parents: Any, flags: Any) -> Any:
    """For each element whether it or one above it has the flag (bool)."""
    out = flags.copy()
    for at in range(1, parents.size):
        out[at] |= out[parents[at]]
    return out


@compiled
def region_of(parents: Any, mass: Any, counts: Any, named: Any) -> Any:
    """The element that holds the article, as far as its mass tells.

    Args:
        parents: For each element the index of its parent.
        mass: The prose of all blocks under it.
        counts: How many of them have any.
        named: Whether it is named as an article's body.
    """
    heaviest = np.full(parents.size, -1, np.int64)
    for at in range(1, parents.size):
        parent = parents[at]
        if mass[at] > (mass[heaviest[parent]] if heaviest[parent] >= 0 else 0.0):
            heaviest[parent] = at
    region = 0
    while heaviest[region] >= 0 and mass[heaviest[region]] >= _DESCENT * mass[region] > 0:
        # One long paragraph of a short article is not its container, though it holds most of it.
        if counts[heaviest[region]] < _FEWEST_BLOCKS <= counts[region]:
            break
        region = heaviest[region]
    for at in range(parents.size - 1, region, -1):
        if named[at] and mass[at] >= _NAMED * mass[region] and is_under(parents, at, region):
            return at
    return region


@compiled
def is_under(parents: Any, at: Any, ancestor: Any) -> Any:
    """Whether an element is another one, or under it; an element comes after all that it is under."""
    while at > ancestor:
        at = parents[at]
    return at == ancestor


@compiled
def article_columns(parents: Any, elements: Any, articles: Any, headings: Any, lengths: Any) -> Any:
    """Where each block stands among the headings and articles of a page that has several (float32).

    How many main headings came before or with it, at most 5; the how-manieth of the page's long articles it is in,
    or how many came before it, at most 6; and how many of them there are.

    Args:
        parents: For each element the index of its parent.
        elements: For each block its element.
        articles: Whether an element is an article.
        headings: Whether a block is a main heading that can be seen.
        lengths: For each block its characters.
    """
    nearest = np.full(parents.size, -1, np.int64)
    for at in range(parents.size):
        nearest[at] = at if articles[at] else (nearest[parents[at]] if at else -1)
    sizes, numbers = np.zeros(parents.size, np.int64), np.full(parents.size, -1, np.int64)
    for block in range(elements.size):
        if nearest[elements[block]] >= 0:
            sizes[nearest[elements[block]]] += lengths[block]
    out = np.zeros((elements.size, 3), np.float32)
    met = main = 0
    for block in range(elements.size):
        article = nearest[elements[block]]
        main += headings[block]
        if article >= 0 and sizes[article] > _LONG_ARTICLE and numbers[article] < 0:
            numbers[article] = met
            met += 1
        number = numbers[article] if article >= 0 else -1
        out[block, 0], out[block, 1] = min(main, 5), min(met if number < 0 else number, 6)
    out[:, 2] = met
    return out


_LONG_ARTICLE: Final = 500
"""Characters from which on an `article` element is more than a teaser."""
