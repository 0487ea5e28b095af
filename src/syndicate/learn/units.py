"""Blocks, and sentences of blocks, and the keys by which the same ones, and like ones, meet."""

from __future__ import annotations

import re
from enum import IntEnum
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.encoding import encoded
from syndicate.rules.literals import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from syndicate.learn.left import LeftBlock

_END: Final = re.compile(r"[.!?…؟۔।]+[\"”’»)\]]{0,2} (?=[\"“‘«(\[•*]{0,2}[^\W_a-z])|[。！？]+[”」』）]?")
# A full stop after these ends no sentence: "Sen.", "U.S.", "R-Ky.".
_ABBREVIATION: Final = re.compile(r"(?:\b[A-Z][a-z]{0,3}|\b(?:[A-Za-z]\.)+[A-Za-z]|-[A-Z][a-z]*)\.$")
_LONGEST_ABBREVIATION: Final = 12
_CLOSED: Final = re.compile(r"[.!?…。！？؟۔।][\"”’»)\]」』）]{0,2}$")
_NUMBER: Final = re.compile(r"\d+")
_WORD: Final = re.compile(r"\w+|[^\w\s]")
_FIRST: Final = 2
"""Words at the start of a block that make a key, and at the end of what begins with the same word."""
_BETWEEN: Final = 2
"""Words at least that are not among them."""
_LONGEST_END: Final = 60
"""Characters in which the last words are looked for."""
_LONGEST: Final = 300
"""Characters of what begins, or ends, like others and is otherwise as it likes."""


class Form(IntEnum):
    """What of a unit's text a key stands for: all, all but its numbers, its first and last words, its first words.

    The higher, the more texts meet in a key.
    """

    EXACT = 0
    NUMBERS = 1
    ENDS = 2
    START = 3

    @property
    def is_open(self) -> bool:
        """Whether a part of the text may be any words."""
        return self >= Form.ENDS


_FORMS: Final = tuple(Form)


class Unit(NamedTuple):
    """A block, or a sentence of one.

    Attributes:
        block: The block's place among those that are left of the page.
        text: The unit's text.
        is_block: Whether it is all of the block.
        is_touched: Whether rules trim the block already.
    """

    block: int
    text: str
    is_block: bool
    is_touched: bool = False


def sentences(text: str) -> list[str]:
    """The sentences of a block; none where it is one alone."""
    found: list[str] = []
    start = 0
    for mark in _END.finditer(text):
        end = mark.end()
        if not _ABBREVIATION.search(text, max(start, mark.start() - _LONGEST_ABBREVIATION), mark.start() + 1):
            found.append(text[start:end].rstrip())
            start = end
    rest = text[start:].strip()
    if found and rest:
        found.append(rest)
    return found if len(found) > 1 else []


def units_of(blocks: Iterable[LeftBlock]) -> Iterator[Unit]:
    """The blocks of a page, each followed by the sentences that are left of it."""
    for at, block in enumerate(blocks):
        yield Unit(at, block.text, is_block=True, is_touched=bool(block.pieces))
        for piece in block.left:
            for sentence in sentences(piece) or ([piece] if block.pieces else ()):
                yield Unit(at, sentence, is_block=False, is_touched=bool(block.pieces))


def keys_of(unit: Unit) -> list[int]:
    """The keys of a unit, the exact one first: numbers of 64 bits whose lowest two tell their form."""
    folded = fold(unit.text)
    plain = _NUMBER.sub("0", folded)
    keys = [_key(Form.EXACT, folded, unit)]
    if plain != folded:
        keys.append(_key(Form.NUMBERS, plain, unit))
    if not unit.is_touched and len(plain) <= _LONGEST:
        if plain.count(" ") >= _FIRST + _BETWEEN:
            last = _WORD.findall(plain[-_LONGEST_END:])[-_FIRST:]
            keys.append(_key(Form.ENDS, " ".join((*_first_words(plain, 1), *last)), unit))
        # A sentence may begin like others and be a story's; one that ends no sentence is a label with its value.
        if unit.is_block and not _CLOSED.search(plain):
            words = _first_words(plain, _FIRST + 1)
            if len(words) > _FIRST:
                keys.append(_key(Form.START, " ".join(words[:_FIRST]), unit))
    return keys


def form_of(key: int) -> Form:
    """What of a unit's text a key stands for."""
    return _FORMS[key & 3]


def _first_words(text: str, count: int) -> list[str]:
    return [word[0] for word in islice(_WORD.finditer(text), count)]


def _key(form: Form, text: str, unit: Unit) -> int:
    digest = blake2b(encoded(text), digest_size=8, person=b"block" if unit.is_block else b"sentence").digest()
    return int.from_bytes(digest, "big") & ~3 | form.value
