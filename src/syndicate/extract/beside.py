"""What stands beside the article and is none of it, but may say whose it is.

"This story first appeared in ...", "Reporting by ...", a licence: a page keeps such lines in its chrome. They are
left out, and the rules still read them, so that nothing they say of the article's origin is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from syndicate.model import EXTRACTOR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from syndicate.account import Reason
    from syndicate.model import Document

_BEFORE, _AFTER = 8, 16
"""How many blocks before and after the article are read."""
_LONGEST: Final = 600
_SILENT: Final = frozenset(("navigation", "comments", "cookie-notice", "image-credit"))
"""Kinds of chrome that speak of other things than the article: the source of a picture is not the text's."""


def beside_article(document: Document, left_out: Mapping[int, Reason], kept: Sequence[int]) -> tuple[int, ...]:
    """The blocks, by index, that are not the article's and stand in it or next to it, and might speak of it.

    Args:
        document: A page with elements; plain text has nothing beside the article.
        left_out: Its blocks that are not the article's.
        kept: The others.
    """
    if not (kept and document.elements):
        return ()
    blocks = document.blocks
    near = range(max(kept[0] - _BEFORE, 0), min(kept[-1] + _AFTER + 1, len(blocks)))
    return tuple(
        at
        for at in near
        if at in left_out
        and left_out[at].kind not in _SILENT
        and left_out[at].rule != f"{EXTRACTOR}hidden"
        and blocks[at].end - blocks[at].start <= _LONGEST
    )
