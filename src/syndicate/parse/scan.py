"""Canonical markup to text, blocks and elements, in one compiled pass.

Canonical markup is what the HTML standard's serialisation makes of a tree (`canonical`): end tags where they belong,
every attribute as `name="value"`, "<" and ">" escaped wherever they are no tag's. So it is read without a parser, at
the speed of memory; and whatever made the tree, what it says is decided here.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from syndicate.kernels import compiled, inlined
from syndicate.parse import places
from syndicate.parse.canonical import MARK
from syndicate.parse.tags import BREAK, HEAD, LEAF, LINK, PLAIN, PRE, RAW, RULE, TIME, VOID

_MARK: Final = np.frombuffer(f'  {MARK}="'.encode(), np.uint8)
_MICRODATA: Final = np.frombuffer(b' itemprop="', np.uint8)

# How much there is of everything, and what is known of the run of text since the last block boundary.
_FIELDS: Final = 18
(
    _OUT, _START, _VISIBLE, _SPACE, _BREAKS, _LINKS, _LINK_CHARS, _PRES, _PLAINS, _DEPTH, _NOTED, _ELEMENTS, _BLOCKS,
    _NAMES, _TOLD, _MARKS, _OPEN_MARKS, _NEW_MARKS,
) = range(_FIELDS)  # fmt: skip
_NO_SPACE, _ONE_SPACE, _NEW_LINE = range(3)

# Columns of an open element, of one that is noted, and of a mark.
_TAG, _TAG_START, _TAG_END, _FIRST, _LAST, _HOLDER, _INDEX = range(7)
PARENT, _NAMES_START, _NAMES_END, HIDDEN, _HASH, FORM = 3, 4, 5, 6, 7, 8
_SELECTOR, _MARK_START, _MARK_END, _MARK_DEPTH, _OPEN_MARK, _NEW_MARK, _NEW_COLUMN = range(7)
_BLOCK, _ELEMENT, _TELLING, _STACKED = range(4)  # kinds of rows


class Scanned(NamedTuple):
    """What there is in a page, as arrays of int64 unless said otherwise; places are offsets in the markup.

    Attributes:
        codes: The text as code points, uint32; two line feeds between blocks.
        blocks: A row a block: start and end in the text, element, characters of link text.
        elements: A row an element that holds text, or is a `time`; the first is the document. Number of its tag or
            -1, where the tag's name starts and ends, parent, where its names start and end in `names`, whether it is
            hidden, a hash of tag and names, and the first element that has the same tag and names.
        names: The words of class, id, role and itemprop of the elements, uint8.
        told: A row an element that may tell of the page: number of its tag or -1, where it starts, where its
            attributes start and end, and, of a leaf, where its content starts and ends and where it ends.
        marks: A row a selected element: number of the selector, start and end in the text.
    """

    codes: Any
    blocks: Any
    elements: Any
    names: Any
    told: Any
    marks: Any


def scan(data: bytes, *, selected: int = 0, dated: bool = False) -> Scanned:
    """Read canonical markup.

    Args:
        data: The markup, UTF-8.
        selected: How many marks of selectors are in it.
        dated: Whether elements with microdata are told.
    """
    return Scanned(*_scan(np.frombuffer(data, np.uint8), places.tag_table(), selected, dated))


class _Page(NamedTuple):
    """The markup, and the arrays that are filled; see `Scanned`.

    Attributes:
        tags: What is known of tags.
        rows: The rows of blocks, elements, what is told, and open elements. Of these: the first three columns as in
            `elements`, where the attributes start and end, how many elements were open once the innermost that parts
            blocks had opened, and the number in `elements`.
        spans: Where the values of attributes start and end.
        forms: By hash, with open addressing, the first element of each tag and names; 0 where there is none.
        marks: The rows of `marks`; three columns more hold, one below the other, the rows that have no end yet, and
            the rows and columns set since the last block boundary.
    """

    data: Any
    tags: Any
    state: Any
    codes: Any
    names: Any
    rows: Any
    spans: Any
    forms: Any
    marks: Any


@compiled
def _scan(data: Any, known: Any, selected: Any, dated: Any) -> Any:
    most = 2  # tags, and so elements and blocks
    for at in range(data.size):
        most += data[at] == places.LESS
    state = np.zeros(_FIELDS, np.int64)
    rows = np.empty((4, most, 9), np.int64)
    page = _Page(
        data, known, state, np.empty(data.size + 2, np.uint32), np.empty(data.size, np.uint8), rows,
        np.zeros(10, np.int64), np.zeros(2 * most, np.int64), np.zeros((2 * selected, 7), np.int64),
    )  # fmt: skip
    rows[_STACKED, 0] = rows[_ELEMENT, 0] = 0
    rows[_STACKED, 0, _HOLDER] = 1  # the document, which holds what stands in no element
    rows[_STACKED, 0, _TAG] = rows[_ELEMENT, 0, _TAG] = rows[_ELEMENT, 0, PARENT] = -1
    state[_DEPTH] = state[_NOTED] = state[_ELEMENTS] = 1
    at = state[_OUT]
    while at < data.size:
        following = data[at + 1] if at + 1 < data.size else 0
        if data[at] != places.LESS:
            at = _read_text(page, at, places.find(data, at, places.LESS), False)
        elif following == places.SLASH:
            at = _close(page, at)
        elif following == places.BANG or following == places.QUERY:
            at = places.after_comment(data, at)
        else:
            at = _open(page, at, dated)
    _end_run(page)
    return (
        page.codes[: state[_OUT]], rows[_BLOCK, : state[_BLOCKS], :4], rows[_ELEMENT, : state[_ELEMENTS]],
        page.names[: state[_NAMES]], rows[_TELLING, : state[_TOLD], :7], page.marks[: state[_MARKS], :4],
    )  # fmt: skip


@compiled
def _open(page: Any, at: Any, dated: Any) -> Any:
    """Read a start tag, or a leaf with its content; where to go on."""
    data, state = page.data, page.state
    name = at + 1
    first = places.name_end(data, name)
    end = places.find(data, first, places.GREATER)
    number, role = places.tag_at(page.tags, data, name, first)
    if role & LEAF:
        return _read_leaf(page, (number, role), (at, first, end))
    if role & HEAD or (dated and places.search(data, first, end, _MICRODATA) < end):
        _tell(page, number, (at, first, end, end, end, end))
    if role & PLAIN:
        state[_PLAINS] += 1
    else:
        if not role & (LINK | TIME):
            _end_run(page)
        if role & VOID:
            return end + 1
        _push(page, number, role, (name, first, end))
    if page.marks.size:
        _open_marks(page, first, end)
    if role & RAW:
        return _read_text(page, end + 1, places.raw_end(data, end + 1, name, first), True)
    return end + 1


@inlined
def _push(page: Any, number: Any, role: Any, where: Any) -> None:
    state = page.state
    depth = state[_DEPTH]
    opened = page.rows[_STACKED, depth]
    opened[_TAG], opened[_TAG_START], opened[_TAG_END] = number, where[0], where[1]
    opened[_FIRST], opened[_LAST] = where[1], where[2]
    opened[_HOLDER] = page.rows[_STACKED, depth - 1, _HOLDER] if role & (LINK | TIME) else depth + 1
    state[_DEPTH] = depth + 1
    state[_LINKS] += (role & LINK) > 0
    state[_PRES] += (role & PRE) > 0
    if role & TIME:
        _note(page, depth + 1)


@inlined
def _close(page: Any, at: Any) -> Any:
    """Read an end tag; where to go on."""
    state = page.state
    end = places.find(page.data, at, places.GREATER)
    _, role = places.tag_at(page.tags, page.data, at + 2, end)
    if role & (VOID | LEAF):  # drawings have elements of such names, with end tags
        return end + 1
    if state[_OPEN_MARKS]:
        _close_marks(page)
    if role & PLAIN:
        state[_PLAINS] -= 1
    elif state[_DEPTH] > 1:
        if not role & (LINK | TIME):
            _end_run(page)
        state[_LINKS] -= (role & LINK) > 0
        state[_PRES] -= (role & PRE) > 0
        state[_DEPTH] -= 1
        state[_NOTED] = min(state[_NOTED], state[_DEPTH])
    return end + 1


@compiled
def _read_leaf(page: Any, tag: Any, where: Any) -> Any:
    """Read an element whose content is no text; where to go on."""
    state, (number, role), (at, first, end) = page.state, tag, where
    if role & BREAK:
        state[_BREAKS] += 1
        if state[_BREAKS] > 1:
            _end_run(page)
        elif state[_VISIBLE] and state[_PRES]:
            page.codes[state[_OUT]] = places.FEED
            state[_OUT] += 1
        elif state[_VISIBLE]:
            state[_SPACE] = _NEW_LINE
    elif role & RULE:
        _end_run(page)
    close, after = end + 1, end + 1
    if role & RAW:
        close = places.raw_end(page.data, end + 1, at + 1, first)
        after = places.find(page.data, close, places.GREATER) + 1
    elif not role & VOID:
        close, after = places.element_end(page.tags, page.data, end + 1)
    if role & HEAD:
        _tell(page, number, (at, first, end, end + 1, close, after))
    return after


@compiled
def _tell(page: Any, number: Any, where: Any) -> None:
    row = page.rows[_TELLING, page.state[_TOLD]]
    row[0] = number
    for column in range(6):
        row[column + 1] = where[column]
    page.state[_TOLD] += 1


@compiled
def _read_text(page: Any, at: Any, end: Any, raw: Any) -> Any:
    """Add text to the run, its white space folded but in a `pre`; where to go on."""
    data, state, codes = page.data, page.state, page.codes
    out, visible, space, is_pre = state[_OUT], state[_VISIBLE], state[_SPACE], state[_PRES] > 0
    letters, gap = 0, 0
    while at < end:
        code = np.int64(data[at])
        if code >= 0x80 or (code == places.AND and not raw):
            code, at = places.decoded(data, at)
        else:
            at += 1
        if places.is_space(code):
            if visible and is_pre:
                codes[out] = code
                out += 1
            elif visible and space == _NO_SPACE:
                space = _ONE_SPACE
            gap = 1 if letters else 0
            continue
        if not visible:
            out = _begun(codes, out)
            state[_START], visible = out, 1
        elif space != _NO_SPACE:
            codes[out] = places.BLANK if space == _ONE_SPACE else places.FEED
            out += 1
        space = _NO_SPACE
        codes[out] = code
        out += 1
        letters += 1 + gap
        gap = 0
    state[_OUT], state[_VISIBLE], state[_SPACE] = out, visible, space
    if letters:
        state[_BREAKS] = 0
        if state[_LINKS]:
            state[_LINK_CHARS] += letters
    return end


@compiled
def _begun(codes: Any, out: Any) -> Any:
    """Where a block's text begins; what parts it from the one before is written."""
    if out:
        codes[out] = codes[out + 1] = places.FEED
        return out + 2
    return out


@inlined
def _end_run(page: Any) -> None:
    """End the run of text, if there is one; most elements begin and end without any."""
    if page.state[_VISIBLE] or page.state[_NEW_MARKS]:
        _flush(page)


@compiled
def _flush(page: Any) -> None:
    """Make a block of the run of text if there is anything to see in it."""
    state, codes = page.state, page.codes
    if state[_VISIBLE]:
        out = state[_OUT]
        while places.is_space(codes[out - 1]):
            out -= 1
        holder = page.rows[_STACKED, state[_DEPTH] - 1, _HOLDER]
        _note(page, holder)
        row = page.rows[_BLOCK, state[_BLOCKS]]
        row[0], row[1], row[2] = state[_START], out, page.rows[_STACKED, holder - 1, _INDEX]
        row[3] = min(state[_LINK_CHARS], out - state[_START])
        state[_BLOCKS] += 1
        state[_OUT], state[_VISIBLE] = out, 0
    for at in range(state[_NEW_MARKS]):
        mark, column = page.marks[at, _NEW_MARK], page.marks[at, _NEW_COLUMN]
        page.marks[mark, column] = min(page.marks[mark, column], state[_OUT])
    state[_NEW_MARKS] = state[_LINK_CHARS] = 0
    state[_SPACE] = _NO_SPACE


@compiled
def _note(page: Any, depth: Any) -> None:
    """Add open elements to those of the document, until so many are noted."""
    state = page.state
    for place in range(state[_NOTED], depth):
        opened, row = page.rows[_STACKED, place], page.rows[_ELEMENT, state[_ELEMENTS]]
        row[_TAG], row[_TAG_START], row[_TAG_END] = opened[_TAG], opened[_TAG_START], opened[_TAG_END]
        row[PARENT] = page.rows[_STACKED, place - 1, _INDEX]
        row[HIDDEN] = places.read_attributes(page.data, opened[_FIRST], opened[_LAST], page.spans)
        names, size = page.names[state[_NAMES] :], 0
        for value in range(places.NAMING):
            size = places.add_names(page.data, page.spans[2 * value], page.spans[2 * value + 1], names, size)
        row[_NAMES_START] = state[_NAMES]
        state[_NAMES] += size
        row[_NAMES_END] = state[_NAMES]
        _find_form(page, state[_ELEMENTS], names[:size])
        opened[_INDEX] = state[_ELEMENTS]
        state[_ELEMENTS] += 1
    state[_NOTED] = max(state[_NOTED], depth)


@compiled
def _find_form(page: Any, at: Any, names: Any) -> None:
    """Find the first element with the tag and names of one, which may be that one itself."""
    row = page.rows[_ELEMENT, at]
    value = places.hashed(page.data, row[_TAG_START], row[_TAG_END]) + places.hashed(
        names, 0, names.size
    ) * np.uint64(31)
    row[_HASH] = np.int64(value)
    place = np.int64(value % np.uint64(page.forms.size))
    while page.forms[place] and page.rows[_ELEMENT, page.forms[place], _HASH] != row[_HASH]:
        place = (place + 1) % page.forms.size
    if not page.forms[place]:
        page.forms[place] = at
    row[FORM] = page.forms[place]


@compiled
def _open_marks(page: Any, at: Any, end: Any) -> None:
    """Begin a mark for each selector that the element was selected by."""
    data, state = page.data, page.state
    first = end - 1
    while first > at and (data[first - 1] == places.BLANK or places.ZERO <= data[first - 1] <= places.NINE):
        first -= 1
    if data[end - 1] != places.QUOTE or not places.equals(data, first - _MARK.size, _MARK):
        return
    selector = 0
    for place in range(first, end):
        if places.ZERO <= data[place] <= places.NINE:
            selector = 10 * selector + data[place] - places.ZERO
        else:
            mark = state[_MARKS]
            page.marks[mark, _SELECTOR], page.marks[mark, _MARK_DEPTH] = selector, state[_PLAINS] + state[_DEPTH]
            page.marks[state[_OPEN_MARKS], _OPEN_MARK] = mark
            state[_MARKS] += 1
            state[_OPEN_MARKS] += 1
            _set_mark(page, mark, _MARK_START)
            selector = 0


@compiled
def _close_marks(page: Any) -> None:
    """End the marks of the element that is about to close."""
    state = page.state
    while state[_OPEN_MARKS]:
        mark = page.marks[state[_OPEN_MARKS] - 1, _OPEN_MARK]
        if page.marks[mark, _MARK_DEPTH] != state[_PLAINS] + state[_DEPTH]:
            return
        state[_OPEN_MARKS] -= 1
        _set_mark(page, mark, _MARK_END)


@compiled
def _set_mark(page: Any, mark: Any, column: Any) -> None:
    """Set one end of a mark to this place; it may yet turn out to lie behind the end of its block."""
    state = page.state
    page.marks[mark, column] = state[_OUT] + (1 if state[_VISIBLE] and state[_SPACE] != _NO_SPACE else 0)
    page.marks[state[_NEW_MARKS], _NEW_MARK], page.marks[state[_NEW_MARKS], _NEW_COLUMN] = mark, column
    state[_NEW_MARKS] += 1
