"""The numbers that are counted of a page's blocks, in compiled loops: one row a block, one column a number.

What each column holds is named in the tuples here, in order; the model's file names the columns it was made for.
Lengths are characters; a "share" or "rate" is between 0 and 1; `log` is the natural logarithm of one more.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from syndicate.kernels import compiled

# Classes of characters.
OTHER, UPPER, LOWER, DIGIT, SPACE, STOP, COMMA, QUOTE, SYMBOL, UNSPACED = range(10)
PIPE, COPYRIGHT, AT, BREAK, SLASH, ARROW, BULLET = range(10, 17)
CLASSES: Final = 17

TEXT: Final = (
    "length", "words", "word-length", "stops", "commas", "stop-rate", "capitals", "capital-words", "digits",
    "symbols", "quotes", "unspaced", "ends-sentence", "ends-colon", "ends-question", "ends-ellipsis", "ends-bracket",
    "begins-upper", "begins-lower", "begins-digit", "begins-quote", "begins-symbol", "pipes", "copyrights", "ats",
    "breaks", "slashes", "arrows", "bullets", "link-share", "has-link", "all-link",
)  # fmt: skip
"""Of a block's own text. `length`, `words`, `stops` and `commas` are logarithms."""

TREE: Final = ("block-count", "prose", "link-share", "mean-length", "paragraphs", "depth-below", "place", "in-region")
"""Of a container of the block: how many blocks it holds (log), its share of the page's prose, how much of it is
links, its blocks' mean length (log), the share of them that are `p`, how many levels it is above the block, where in
it the block stands, and whether it lies in the region that holds most of the page's prose."""
LEVELS: Final = 4
"""Containers looked at, each holding more blocks than the one before; the first is the block's own element."""

WINDOWS: Final = (2, 5, 12)
WINDOW: Final = ("prose", "link-share", "prose-before", "prose-after")
"""Of the blocks that many before and after: mean prose (log), how much is links, and the prose on either side."""

_PARAGRAPH: Final = 80
"""Characters from which on a block counts in full as prose; shorter ones count by their length's share of it."""
_MANY_LINKS: Final = 0.9
_NEAR: Final = 50
_LONG_PROSE: Final = 120
_COLON, _QUESTION, _ELLIPSIS, _PERIOD, _ROUND, _SQUARE = (np.uint32(ord(char)) for char in ":?….)]")


@compiled
def text_columns(codes: Any, classes: Any, starts: Any, ends: Any, links: Any) -> Any:
    """The `TEXT` columns.

    Args:
        codes: The page's text as code points, uint32.
        classes: For each code point its class, uint8; what is past its end is `OTHER`.
        starts: Where the blocks begin, int64.
        ends: Where they end, int64.
        links: Characters of link text in each block, int64.

    Returns:
        float32, a row a block.
    """
    out = np.zeros((starts.size, len(TEXT)), np.float32)
    counts = np.zeros(CLASSES, np.float32)
    for at in range(starts.size):
        counts[:] = 0
        for place in range(starts[at], ends[at]):
            counts[_class(codes[place], classes)] += 1
        row = out[at]
        _count_columns(row, counts, ends[at] - starts[at])
        _edge_columns(row, codes, classes, starts[at], ends[at])
        share = links[at] / (ends[at] - starts[at])
        row[29], row[30], row[31] = share, links[at] > 0, share > _MANY_LINKS
    return out


@compiled
def _class(code: Any, classes: Any) -> Any:
    return classes[code] if code < classes.size else OTHER


@compiled
def _count_columns(row: Any, counts: Any, length: Any) -> None:
    letters = counts[UPPER] + counts[LOWER] + counts[UNSPACED]
    words = counts[SPACE] + counts[BREAK] + 1 + counts[UNSPACED] / 2
    symbols = counts[SYMBOL] + counts[PIPE] + counts[COPYRIGHT] + counts[AT] + counts[SLASH] + counts[ARROW]
    row[0], row[1], row[2] = np.log1p(length), np.log1p(words), letters / words
    row[3], row[4], row[5] = np.log1p(counts[STOP]), np.log1p(counts[COMMA]), counts[STOP] / words
    row[6], row[7] = counts[UPPER] / max(letters, 1), counts[UPPER] / words
    row[8], row[9] = counts[DIGIT] / length, (symbols + counts[BULLET]) / length
    row[10], row[11] = min(counts[QUOTE], 6), counts[UNSPACED] / length
    for at in range(PIPE, CLASSES):
        row[22 + at - PIPE] = min(counts[at], 3)


@compiled
def _edge_columns(row: Any, codes: Any, classes: Any, start: Any, end: Any) -> None:
    """What the block begins and ends with."""
    last = codes[end - 1]
    before = codes[max(end - 2, start)]
    closing = _class(last, classes)
    row[12] = closing == STOP or (closing == QUOTE and _class(before, classes) == STOP)
    row[13], row[14] = last == _COLON, last == _QUESTION
    row[15] = last == _ELLIPSIS or (last == _PERIOD and before == _PERIOD)
    row[16] = last == _ROUND or last == _SQUARE
    opening = _class(codes[start], classes)
    row[17], row[18], row[19] = opening == UPPER, opening == LOWER, opening == DIGIT
    row[20], row[21] = opening == QUOTE, opening == SYMBOL or opening >= PIPE


@compiled
def prose(starts: Any, ends: Any, links: Any) -> Any:
    """How much each block speaks for being the article: its text that is no link, short blocks for less (float64)."""
    out = np.zeros(starts.size)
    for at in range(starts.size):
        length = ends[at] - starts[at]
        out[at] = max(0, length - 2 * links[at]) * min(1.0, length / _PARAGRAPH)
    return out


@compiled
def ancestor_columns(parents: Any, tags: Any, kinds: Any, named: Any, sizes: Any) -> Any:
    """What stands above a block in the tree, for each element with all that is in it.

    Args:
        parents: For each element the index of its parent, less than its own; -1 for the first.
        tags: For each element the number of its tag, -1 for tags not counted.
        kinds: For each element the number of the kind of chrome that its tag or name says, or -1.
        named: Whether its names name an article's body.
        sizes: How many tags and how many kinds there are.

    Returns:
        float32: depth (log); how many ancestors have each tag, at most 4; how near one of each kind is (1 for the
        element itself, 1/2 for its parent, ...), and one of any kind; how near one is that is named, and how many.
    """
    count_tags, count_kinds = sizes
    first_kind = 1 + count_tags
    last = first_kind + count_kinds
    out = np.zeros((parents.size, last + 3), np.float32)
    depth = np.zeros(parents.size, np.int64)
    for at in range(parents.size):
        row, parent = out[at], parents[at]
        if parent >= 0:
            row[:] = out[parent]
            depth[at] = depth[parent] + 1
            for column in range(first_kind, last + 2):
                row[column] = row[column] / (1 + row[column])
        row[0] = np.log1p(depth[at])
        if tags[at] >= 0:
            row[1 + tags[at]] = min(row[1 + tags[at]] + 1, 4)
        if kinds[at] >= 0:
            row[first_kind + kinds[at]] = row[last] = 1
        if named[at]:
            row[last + 1] = 1
            row[last + 2] += 1
    return out


@compiled
def subtree_sums(parents: Any, elements: Any, values: Any) -> Any:
    """For each element the sum of the values of all blocks under it (float64).

    Args:
        parents: For each element the index of its parent.
        elements: For each block its element.
        values: For each block a row of numbers.
    """
    out = np.zeros((parents.size, values.shape[1]))
    for block in range(elements.size):
        out[elements[block]] += values[block]
    for at in range(parents.size - 1, 0, -1):
        out[parents[at]] += out[at]
    return out


@compiled
def spans(parents: Any, elements: Any) -> Any:
    """For each element its first and last block (int64), and how deep it stands; of one without blocks, no sense."""
    out = np.zeros((parents.size, 3), np.int64)
    out[:, 0] = elements.size
    out[:, 1] = -1
    for block in range(elements.size):
        at = elements[block]
        out[at, 0] = min(out[at, 0], block)
        out[at, 1] = block
    for at in range(parents.size - 1, 0, -1):
        parent = parents[at]
        out[parent, 0] = min(out[parent, 0], out[at, 0])
        out[parent, 1] = max(out[parent, 1], out[at, 1])
    for at in range(1, parents.size):
        out[at, 2] = out[parents[at], 2] + 1
    return out


@compiled
def container_columns(parents: Any, elements: Any, sums: Any, spans: Any, inside: Any) -> Any:
    """The `TREE` columns of each of the block's containers.

    Args:
        parents: For each element the index of its parent.
        elements: For each block its element.
        sums: For each element length, prose, count, link characters and paragraphs of its blocks, and one more.
        spans: What `spans` returns.
        inside: For each element whether it lies in the region.
    """
    width = len(TREE)
    out = np.zeros((elements.size, LEVELS * width), np.float32)
    whole = max(sums[0, 1], 1.0)
    for block in range(elements.size):
        at = elements[block]
        for level in range(LEVELS):
            if level:
                while parents[at] >= 0 and sums[parents[at], 2] == sums[at, 2]:
                    at = parents[at]
                at = max(parents[at], 0)
            length, mass, count, links, paragraphs, _ = sums[at]
            first, last, depth = spans[at]
            row = out[block, level * width : (level + 1) * width]
            row[0], row[1], row[2] = np.log1p(count), mass / whole, links / max(length, 1.0)
            row[3], row[4] = np.log1p(length / max(count, 1.0)), paragraphs / max(count, 1.0)
            row[5] = spans[elements[block], 2] - depth
            row[6], row[7] = (block - first) / max(last - first, 1), inside[at]
    return out


@compiled
def window_columns(lengths: Any, mass: Any, links: Any) -> Any:
    """The `WINDOW` columns for each of `WINDOWS`, and how far the next long prose is before and after (log)."""
    count, width = mass.size, len(WINDOW)
    out = np.zeros((count, len(WINDOWS) * width + 2), np.float32)
    sums = np.zeros((3, count + 1))
    for at in range(count):
        sums[0, at + 1], sums[1, at + 1] = sums[0, at] + mass[at], sums[1, at] + links[at]
        sums[2, at + 1] = sums[2, at] + lengths[at]
    for at in range(count):
        for index in range(len(WINDOWS)):
            low, high = max(at - WINDOWS[index], 0), min(at + WINDOWS[index] + 1, count)
            row = out[at, index * width : (index + 1) * width]
            row[0] = np.log1p((sums[0, high] - sums[0, low]) / (high - low))
            row[1] = (sums[1, high] - sums[1, low]) / max(sums[2, high] - sums[2, low], 1.0)
            row[2] = np.log1p(sums[0, at] - sums[0, low])
            row[3] = np.log1p(sums[0, high] - sums[0, at + 1])
    _distances(out[:, -2], mass)
    _distances(out[::-1, -1], mass[::-1])
    return out


@compiled
def _distances(column: Any, mass: Any) -> None:
    since = _NEAR
    for at in range(mass.size):
        since = min(since + 1, _NEAR)
        column[at] = np.log1p(since)
        if mass[at] > _LONG_PROSE:
            since = 0
