"""Plain text to blocks.

Blank lines part paragraphs, and so does every other line break, unless the text is hard-wrapped: a line that was
broken because the next word did not fit goes on in the next line, and the break is one of `Document.wraps`. Spans
point into the text as it was given.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from syndicate.model import Block, Document

if TYPE_CHECKING:
    from collections.abc import Iterator

# Atomic and possessive, so that "\r\n" is one break and a long run of white space is read once.
_BLANK: Final = re.compile(
    r"(?>\r\n|[\n\r\x0b\x0c\u2028\u2029])[^\S\n\r\x0b\x0c\u2028\u2029]*+(?>\r\n|[\n\r\x0b\x0c\u2028\u2029])\s*"
)
_BREAK: Final = re.compile(r"(?>\r\n|[\n\r\x0b\x0c\x85\u2028\u2029])\s*")
# The same for texts whose only line breaks are line feeds, which is nearly all: a literal is found ten times faster.
_RARE_BREAKS: Final = "\r\x0b\x0c\x85\u2028\u2029"
_BLANK_OF_FEEDS: Final = re.compile(r"\n[^\S\n]*+\n\s*")
_FEED: Final = re.compile(r"\n\s*")
_NARROWEST, _WIDEST = 40, 120
"""Columns between which people and programs wrap text."""


def parse_text(text: str) -> Document:
    """Split plain text into blocks.

    Args:
        text: Any text; it is kept as it is.

    Returns:
        A document whose blocks are paragraphs or lines, and whose `wraps` are the breaks inside them.
    """
    rare = any(mark in text for mark in _RARE_BREAKS)
    blank, line_break = (_BLANK, _BREAK) if rare else (_BLANK_OF_FEEDS, _FEED)
    paragraphs = [list(_pieces(text, *span, line_break)) for span in _pieces(text, 0, len(text), blank)]
    column = _wrap_column(paragraphs)
    blocks: list[Block] = []
    wraps: list[tuple[int, int]] = []
    for lines in paragraphs:
        start = lines[0][0]
        for line, following in zip_longest(lines, lines[1:]):
            if following is not None and column is not None and _is_wrap(text, line, following, column):
                wraps.append((line[1], following[0]))
            else:
                blocks.append(Block(start, line[1]))
                start = following[0] if following else 0
    return Document(text=text, blocks=tuple(blocks), wraps=tuple(wraps))


def _pieces(text: str, start: int, end: int, separator: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Spans between separators, without outer white space, empty ones left out."""
    at = start
    for gap in separator.finditer(text, start, end):
        yield from _stripped(text, at, gap.start())
        at = gap.end()
    yield from _stripped(text, at, end)


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    inner = piece.strip()
    if inner:
        start += len(piece) - len(piece.lstrip())
        yield start, start + len(inner)


def _wrap_column(paragraphs: list[list[tuple[int, int]]]) -> int | None:
    """The column the text is wrapped at: the longest line, if most lines that go on in another come near it."""
    inner = [end - start for lines in paragraphs for start, end in lines[:-1]]
    longest = max((end - start for lines in paragraphs for start, end in lines), default=0)
    if not inner or not _NARROWEST <= longest <= _WIDEST:
        return None
    near = sum(length > longest * 0.75 for length in inner)
    return longest if near >= len(inner) * 0.6 else None


def _is_wrap(text: str, line: tuple[int, int], following: tuple[int, int], column: int) -> bool:
    """Whether the line was broken only because the next word did not fit."""
    next_word = text[slice(*following)].split(maxsplit=1)[0]
    return line[1] - line[0] + 1 + len(next_word) > column * 0.9
