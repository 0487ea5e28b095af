"""Plain text to blocks.

Blank lines part paragraphs, and so does every other line break, unless the text is hard-wrapped: a line that was
broken because the next word did not fit goes on in the next line, and the break is one of `Document.wraps`. Spans
point into the text as it was given.
"""

from __future__ import annotations

import re
from itertools import accumulate, zip_longest
from typing import Final

from syndicate.model import Block, Document

_BREAK: Final = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_RARE_BREAKS: Final = "\r\x0b\x0c\x85\u2028\u2029"
"""Line breaks that are not line feeds; nearly every text does without."""
_NARROWEST, _WIDEST = 40, 120
"""Columns between which people and programs wrap text."""


def parse_text(text: str) -> Document:
    """Split plain text into blocks.

    Args:
        text: Any text; it is kept as it is.

    Returns:
        A document whose blocks are paragraphs or lines, and whose `wraps` are the breaks inside them.
    """
    paragraphs = _paragraphs(text)
    column = _wrap_column(paragraphs)
    blocks: list[Block] = []
    wraps: list[tuple[int, int]] = []
    for lines in paragraphs:
        if column is None or len(lines) == 1:
            blocks += (Block(*line) for line in lines)
            continue
        start = lines[0][0]
        for line, following in zip_longest(lines, lines[1:]):
            if following is not None and _is_wrap(text, line, following, column):
                wraps.append((line[1], following[0]))
            else:
                blocks.append(Block(start, line[1]))
                start = following[0] if following else 0
    return Document(text=text, blocks=tuple(blocks), wraps=tuple(wraps))


def _paragraphs(text: str) -> list[list[tuple[int, int]]]:
    """The lines of each paragraph, as spans without outer white space; a line without more parts paragraphs."""
    if any(mark in text for mark in _RARE_BREAKS):
        breaks = [found.span() for found in _BREAK.finditer(text)]
        ends, starts = [*(start for start, _ in breaks), len(text)], [0, *(end for _, end in breaks)]
        lines = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    else:
        lines = text.split("\n")
        starts = list(accumulate((len(line) + 1 for line in lines[:-1]), initial=0))
    paragraphs: list[list[tuple[int, int]]] = [[]]
    for start, line in zip(starts, lines, strict=True):
        bare = line.strip()
        if bare:
            if line[0] != bare[0]:
                start += line.index(bare[0])  # noqa: PLW2901
            paragraphs[-1].append((start, start + len(bare)))
        elif paragraphs[-1]:
            paragraphs.append([])
    return paragraphs if paragraphs[-1] else paragraphs[:-1]


def _wrap_column(paragraphs: list[list[tuple[int, int]]]) -> int | None:
    """The column the text is wrapped at: the longest line, if most lines that go on in another come near it."""
    inner = [end - start for lines in paragraphs if len(lines) > 1 for start, end in lines[:-1]]
    if not inner:
        return None
    longest = max(end - start for lines in paragraphs for start, end in lines)
    if not _NARROWEST <= longest <= _WIDEST:
        return None
    near = sum(length > longest * 0.75 for length in inner)
    return longest if near >= len(inner) * 0.6 else None


def _is_wrap(text: str, line: tuple[int, int], following: tuple[int, int], column: int) -> bool:
    """Whether the line was broken only because the next word did not fit."""
    next_word = text[slice(*following)].split(maxsplit=1)[0]
    return line[1] - line[0] + 1 + len(next_word) > column * 0.9
