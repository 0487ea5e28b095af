"""All that is counted of a page's blocks and elements, in one call.

A process loads each compiled function by itself, which takes a twentieth of a second: one is loaded, not a dozen.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from syndicate.extract import columns, region
from syndicate.kernels import compiled

# The compiler looks names up in this module.
_ancestors, _containers, _prose = columns.ancestor_columns, columns.container_columns, columns.prose
_spans, _sums, _text, _windows = columns.spans, columns.subtree_sums, columns.text_columns, columns.window_columns
_articles, _chrome, _inherited, _region = (
    region.article_columns, region.chrome_of, region.inherited, region.region_of,
)  # fmt: skip


@compiled
def count(text: Any, blocks: Any, marks: Any, tags: Any, sizes: Any) -> Any:
    """Count.

    Args:
        text: The page's code points, and the classes of code points.
        blocks: Starts, ends, link characters and elements of the blocks, and the parents of the elements.
        marks: Of the elements the numbers of tag and kind, and whether each is named as the article, hidden, marked
            as chrome, of a stubborn kind, an `article`.
        tags: Whether a block is a `p`, and whether it is an `h1`.
        sizes: How many tags and how many kinds are counted.

    Returns:
        The columns of text, ancestors, articles, containers and windows; the blocks' prose, chrome left out; and for
        each block its chrome element, whether it is hidden, and whether it lies in the region.
    """
    codes, classes = text
    starts, ends, links, elements, parents = blocks
    around, kinds, named, hidden, marked, stubborn, articles = marks
    lengths = ends - starts
    prose = _prose(starts, ends, links)
    masses = _sums(parents, elements, prose.reshape(-1, 1))[:, 0].copy()
    chrome = _chrome(parents, marked, stubborn, masses)[elements]
    hides = _inherited(parents, hidden)[elements]
    for at in range(prose.size):
        if chrome[at] >= 0:
            prose[at] = 0
    values = np.zeros((prose.size, 6))
    values[:, 0], values[:, 1], values[:, 2] = lengths, prose, 1
    values[:, 3], values[:, 4], values[:, 5] = links, tags[0], prose > 0
    sums = _sums(parents, elements, values)
    flags = np.zeros(parents.size, np.bool_)
    flags[_region(parents, sums[:, 1].copy(), sums[:, 5].copy(), named)] = True
    inside = _inherited(parents, flags)
    return (
        _text(codes, classes, starts, ends, links),
        _ancestors(parents, around, kinds, named, sizes)[elements],
        _articles(parents, elements, articles, tags[1] & ~hides, lengths),
        _containers(parents, elements, sums, _spans(parents, elements), inside),
        _windows(lengths, prose, links),
        prose,
        chrome,
        hides,
        inside[elements],
    )  # fmt: skip
