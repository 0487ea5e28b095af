"""A block's text as rules see it, with the way back to the document."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

_INVISIBLE: Final = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
# A run of white space and invisible characters, unless it is one space and nothing else.
_IRREGULAR: Final = re.compile(rf" ?(?:[^\S ]|[{_INVISIBLE}])[\s{_INVISIBLE}]*| [ ][\s{_INVISIBLE}]*")
_SPACE: Final = re.compile(r"\s")
_NOWHERE: Final = [0]
"""Where the text of most blocks drifts from what it was made of."""
_BULLETS: Final = re.compile(r"[-–—•*·>\[(【※◆●▼■▶▽☆★◎（〔▲△◇○□]{0,3} ?")
# Where a sentence, or a clause that stands for one, may begin: after an end, a colon, a closing or a dividing mark.
_BEGINNING: Final = re.compile(r"[.!?:…”\"’)\]|»*>؟۔।] |[。！？]”?」?")
_LONGEST_CLOSE: Final = 3
"""Characters of an end of a sentence: a mark, and what closes after it."""
# A run of marks with what closes after it; one in group 1 ends a sentence whatever follows.
_END: Final = re.compile(r"[.!?…؟۔।]++[\"”’»)\]]{0,2}|([。！？]++[”」』）]?)")


class BlockText:
    """A block's text: white space folded to single spaces, invisible characters left out.

    Attributes:
        text: The normalised text.
        start: Where the block starts in the document.
    """

    __slots__ = ("_beginnings", "_from", "_to", "start", "text")

    def __init__(self, raw: str, start: int = 0) -> None:
        self.start = start
        self._beginnings: list[tuple[int, int]] | None = None
        if raw.isprintable() and "  " not in raw:  # no white space but single spaces, nothing invisible
            self.text = raw
            self._from = self._to = _NOWHERE
            return
        # Breakpoints of the map from normalised to raw offsets, only where the two drift apart.
        self._from, self._to = [0], [0]
        pieces: list[str] = []
        at = length = 0
        for irregular in _IRREGULAR.finditer(raw):
            pieces.append(raw[at : irregular.start()])
            length += irregular.start() - at
            inside = irregular.start() > 0 and irregular.end() < len(raw)
            if inside and _SPACE.search(irregular[0]):
                pieces.append(" ")
                length += 1
            at = irregular.end()
            if at - length != self._to[-1] - self._from[-1]:
                self._from.append(length)
                self._to.append(at)
        pieces.append(raw[at:])
        self.text = "".join(pieces)

    def offset(self, at: int) -> int:
        """The document offset of a normalised offset."""
        piece = bisect_right(self._from, at) - 1
        return self.start + self._to[piece] + at - self._from[piece]

    def end_offset(self, at: int) -> int:
        """The document offset of the end of a span, which does not reach over what was left out after it."""
        return self.offset(at - 1) + 1 if at else self.start

    @property
    def beginnings(self) -> list[tuple[int, int]]:
        """Where sentences may begin, and where their first word stands: bullets lie between the two."""
        if self._beginnings is None:
            ends = {0, *(match.end() for match in _BEGINNING.finditer(self.text))}
            found = ((at, _BULLETS.match(self.text, at)) for at in sorted(ends))
            self._beginnings = [(at, bullets.end()) for at, bullets in found if bullets]
        return self._beginnings

    def end_of_sentence(self, at: int) -> int:
        """The first end of a sentence at or after an offset, closing marks included; the text's end is one."""
        for found in _END.finditer(self.text, max(0, at - _LONGEST_CLOSE)):
            end = found.end()
            if end >= at and (found[1] or self.text[end : end + 1] in ("", " ")):
                return end
        return len(self.text)
