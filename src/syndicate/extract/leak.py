"""Scripts that leaked into plain text.

A scraper that unwraps `<noscript>` or cuts a page in the wrong place hands over the page's scripts as paragraphs.
They are recognised as a whole and only as a whole: an article that quotes markup has a tag here and there, and a
page's scripts follow each other tag by tag, with lines no one wrote by hand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from syndicate.account import Reason
from syndicate.model import BOILERPLATE, EXTRACTOR

if TYPE_CHECKING:
    from syndicate.model import Document

_SCRIPT: Final = Reason(f"{EXTRACTOR}script", BOILERPLATE, joined=True)
_TAG: Final = re.compile(r"</?(?:script|noscript|style)\b", re.IGNORECASE)
_FEWEST_TAGS: Final = 5
_MACHINE_LINE: Final = 500
"""Characters from which on a line with a script's tag, or between such lines, was written by no one by hand."""


def leaked_script(document: Document) -> dict[int, Reason]:
    """The blocks of a plain text that are a page's scripts, by index, with the reason.

    Args:
        document: A plain text.
    """
    text = document.text
    if text.count("<") < _FEWEST_TAGS:
        return {}
    tags = [found.start() for found in _TAG.finditer(text)]
    if len(tags) < _FEWEST_TAGS:
        return {}
    leak = [at for at, block in enumerate(document.blocks) if tags[0] < block.end and block.start <= tags[-1]]
    if all(document.blocks[at].end - document.blocks[at].start < _MACHINE_LINE for at in leak):
        return {}
    return dict.fromkeys(leak, _SCRIPT)
