"""Where things stand in canonical markup: compiled searches, each linear, that never leave it.

Places are offsets in bytes; what is not found is found at the end of the markup.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np

from syndicate.kernels import compiled
from syndicate.parse.tags import RAW, ROLES, TAGS, VOID

_TABLE: Final = 1_024
_FACTOR: Final = np.uint64(0x100000001B3)


def _hash_of(name: str) -> np.uint64:
    """What `hashed` gives for a name."""
    value = 0
    for byte in name.encode():
        value = (value * int(_FACTOR) + byte + 1) % 2**64
    return np.uint64(value)


# Bytes by name: the compiler takes a call of `ord` for what it is.
LESS, GREATER, SLASH, BANG, QUERY, AND, EQUALS, QUOTE, BLANK, COLON = map(np.uint8, b'<>/!?&=" :')
TAB, FEED, RETURN, ZERO, NINE = map(np.uint8, b"\t\n\r09")
CLASS, ID, ROLE, PROPERTY, STYLE = range(0, 10, 2)
"""Where the values of these attributes start, among spans; each ends one later."""
NAMING: Final = 4
"""How many of them, the first, name an element."""
_CLASS, _ID, _ROLE, _PROPERTY, _STYLE, _HIDDEN, _ARIA, _TRUE = map(
    _hash_of, ("class", "id", "role", "itemprop", "style", "hidden", "aria-hidden", "true")
)
_DISPLAY, _NONE, _VISIBILITY, _INVISIBLE = (
    np.frombuffer(word, np.uint8) for word in (b"display", b"none", b"visibility", b"hidden")
)
_COMMENT, _DASHES = np.frombuffer(b"<!--", np.uint8), np.frombuffer(b"--", np.uint8)
_LT, _GT, _NBSP, _QUOT = (np.frombuffer(word, np.uint8) for word in (b"lt;", b"gt;", b"nbsp;", b"quot;"))
_SCRIPT: Final = np.frombuffer(b"script", np.uint8)
_WORD: Final = 8
_ONES: Final = np.uint64(0x0101010101010101)
_HIGH: Final = np.uint64(0x8080808080808080)
_AMP: Final = np.frombuffer(b"amp;", np.uint8)


@cache
def tag_table() -> Any:
    """What compiled code knows of tags: hash, number, role of each, by open addressing; a row of none is 0, -1, 0."""
    table = np.zeros((_TABLE, 3), np.int64)
    table[:, 1] = -1
    for number, tag in enumerate(TAGS):
        value = _hash_of(tag)
        place = int(value) % _TABLE
        while table[place, 1] >= 0:
            place = (place + 1) % _TABLE
        table[place] = value.astype(np.int64), number, ROLES[number]
    return table


@compiled
def find(data: Any, at: Any, byte: Any) -> Any:
    """The next place of a byte; eight are looked at in one step (A. Mycroft's test for a zero byte, 1987)."""
    close = min(at + _WORD, data.size)
    while at < close:
        if data[at] == byte:
            return at
        at += 1
    words = data[: data.size // _WORD * _WORD].view(np.uint64)
    place, pattern = at // _WORD, _ONES * np.uint64(byte)
    while place < words.size:
        unlike = words[place] ^ pattern
        if (unlike - _ONES) & ~unlike & _HIGH:
            break
        place += 1
    at = max(at, place * _WORD)
    while at < data.size and data[at] != byte:
        at += 1
    return min(at, data.size)


@compiled
def equals(data: Any, at: Any, word: Any) -> Any:
    """Whether a word stands here."""
    if at < 0 or at + word.size > data.size:
        return False
    place = 0
    while place < word.size and data[at + place] == word[place]:
        place += 1
    return place == word.size


@compiled
def search(data: Any, at: Any, end: Any, word: Any) -> Any:
    """The next place of a word before an end; the end, if there is none."""
    while at < end:
        if data[at] == word[0] and equals(data, at, word):
            return at
        at += 1
    return end


@compiled
def hashed(data: Any, at: Any, end: Any) -> Any:
    """The hash of a name."""
    value = np.uint64(0)
    for place in range(at, end):
        value = value * _FACTOR + np.uint64(data[place]) + np.uint64(1)
    return value


@compiled
def tag_at(table: Any, data: Any, at: Any, end: Any) -> Any:
    """The number and the role of the tag whose name stands here; -1 and 0 if it has none."""
    value = hashed(data, at, end)
    place = np.int64(value % np.uint64(len(table)))
    while table[place, 1] >= 0 and table[place, 0] != np.int64(value):
        place = (place + 1) % len(table)
    return table[place, 1], table[place, 2]


@compiled
def is_space(code: Any) -> Any:
    """Whether a code point is white space, as `str.isspace` has it."""
    if code < 0x80:
        return code == BLANK or TAB <= code <= RETURN or 0x1C <= code <= 0x1F
    if code < 0x2000:
        return code == 0x85 or code == 0xA0 or code == 0x1680
    return code <= 0x200A or 0x2028 <= code <= 0x2029 or code == 0x202F or code == 0x205F or code == 0x3000


@compiled
def name_end(data: Any, at: Any) -> Any:
    """Where a start tag's name ends."""
    while at < data.size and data[at] != BLANK and data[at] != GREATER:
        at += 1
    return at


@compiled
def after_comment(data: Any, at: Any) -> Any:
    """Where a comment, doctype or instruction is over."""
    end = find(data, at, GREATER)
    if equals(data, at, _COMMENT):
        first = at + _COMMENT.size + _DASHES.size
        while end < data.size and (end < first or not equals(data, end - _DASHES.size, _DASHES)):
            end = find(data, end + 1, GREATER)
    return min(end + 1, data.size)


@compiled
def raw_end(data: Any, at: Any, first: Any, last: Any) -> Any:
    """Where the end tag stands of an element without escapes, whose name stands at some other place.

    A script may hold a comment with whole scripts in it (the standard's "script data double escaped state").
    """
    is_script = equals(data, first, _SCRIPT)
    hidden_to, is_inner = 0, False  # to where a comment goes in a script; whether in there another is open
    at = find(data, at, LESS)
    while at < data.size:
        is_inner = is_inner and at < hidden_to
        if _closes(data, at, first, last):
            if not is_inner:
                return at
            is_inner = False
        elif is_script and at >= hidden_to and equals(data, at, _COMMENT):
            hidden_to = after_comment(data, at)
        elif at < hidden_to and _stands(data, at + 1, data.size, _SCRIPT):
            is_inner = True
        at = find(data, at + 1, LESS)
    return data.size


@compiled
def _closes(data: Any, at: Any, first: Any, last: Any) -> Any:
    """Whether the end tag of the name from `first` to `last` stands here."""
    size = last - first
    if at + 2 + size > data.size or data[at + 1] != SLASH:
        return False
    place = 0
    while place < size and data[at + 2 + place] == data[first + place]:
        place += 1
    return place == size


@compiled
def element_end(table: Any, data: Any, at: Any) -> Any:
    """Where the content of an element ends that begins here, and where the element does."""
    depth = 1
    while at < data.size:
        start = find(data, at, LESS)
        if start + 1 >= data.size:
            break
        if data[start + 1] == BANG or data[start + 1] == QUERY:
            at = after_comment(data, start)
            continue
        closes = data[start + 1] == SLASH
        name = start + 1 + closes
        last = name_end(data, name)
        at = find(data, last, GREATER) + 1
        _, role = tag_at(table, data, name, last)
        if not role & VOID:
            depth += -1 if closes else 1
        if not depth:
            return start, at
        if role & RAW and not closes:
            at = raw_end(data, at, name, last)
    return data.size, data.size


@compiled
def decoded(data: Any, at: Any) -> Any:
    """The code point of the entity, or of the bytes, that stand here, and where they end."""
    first = np.int64(data[at])
    if first == AND:
        return _entity(data, at + 1)
    size = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    if first < 0xC0 or at + size > data.size:
        return first, at + 1
    code = first & (0xFF >> (size + 1))
    for place in range(at + 1, at + size):
        code = code << 6 | np.int64(data[place]) & 0x3F
    return code, at + size


@compiled
def _entity(data: Any, at: Any) -> Any:
    """What stands after an "&": the standard's serialisation has these five, and nothing else."""
    if equals(data, at, _AMP):
        return AND, at + _AMP.size
    if equals(data, at, _NBSP):
        return 0xA0, at + _NBSP.size
    if equals(data, at, _LT):
        return LESS, at + _LT.size
    if equals(data, at, _GT):
        return GREATER, at + _GT.size
    if equals(data, at, _QUOT):
        return QUOTE, at + _QUOT.size
    return AND, at


@compiled
def read_attributes(data: Any, at: Any, end: Any, spans: Any) -> Any:
    """Find where the values of those attributes stand that count, and tell whether they hide the element."""
    spans[:] = 0
    hides = False
    while at < end:
        while at < end and data[at] == BLANK:
            at += 1
        name, at = at, find(data, at + 1, EQUALS)  # a name may begin with one
        value = hashed(data, name, at)
        start, at = at + 2, find(data, at + 2, QUOTE)
        if value == _HIDDEN or (value == _ARIA and hashed(data, start, at) == _TRUE):
            hides = True
        else:
            column = _column_of(value)
            if column >= 0:
                spans[column], spans[column + 1] = start, at
        at += 1
    return hides or _is_hiding(data, spans[STYLE], spans[STYLE + 1])


@compiled
def _column_of(name: Any) -> Any:
    if name == _CLASS:
        return CLASS
    if name == _ID:
        return ID
    if name == _ROLE:
        return ROLE
    if name == _PROPERTY:
        return PROPERTY
    return STYLE if name == _STYLE else -1


@compiled
def _is_hiding(data: Any, start: Any, end: Any) -> Any:
    """Whether a style has "display: none", or "visibility: hidden"."""
    for at in range(start, end):
        if _declares(data, at, end, _DISPLAY, _NONE) or _declares(data, at, end, _VISIBILITY, _INVISIBLE):
            return True
    return False


@compiled
def _declares(data: Any, at: Any, end: Any, name: Any, value: Any) -> Any:
    if not _stands(data, at, end, name):
        return False
    at = _after_spaces(data, at + name.size, end)
    return at < end and data[at] == COLON and _stands(data, _after_spaces(data, at + 1, end), end, value)


@compiled
def _stands(data: Any, at: Any, end: Any, word: Any) -> Any:
    """Whether a word stands here, in small or large letters."""
    if at + word.size > end:
        return False
    place = 0
    while place < word.size and data[at + place] | 0x20 == word[place]:
        place += 1
    return place == word.size


@compiled
def _after_spaces(data: Any, at: Any, end: Any) -> Any:
    while at < end and (data[at] == BLANK or TAB <= data[at] <= RETURN):
        at += 1
    return at


@compiled
def add_names(data: Any, at: Any, end: Any, names: Any, size: Any) -> Any:
    """Add the words of a value to names of which there are so many bytes; how many there are then."""
    first = size
    while at < end:
        byte, after = data[at], at + 1
        if byte == AND:
            code, after = decoded(data, at)
            byte = np.uint8(BLANK if code == 0xA0 else code)
        at = after
        if byte == BLANK or TAB <= byte <= RETURN:
            first = size
            continue
        if first == size and size:
            names[size] = BLANK
            size += 1
        names[size] = byte
        size += 1
    return size
