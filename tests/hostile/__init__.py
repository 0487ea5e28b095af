"""Inputs that broke other programs: tiny files made here, each read in time, with nothing lost in silence."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from syndicate import Page
from syndicate.parse import parse

if TYPE_CHECKING:
    from syndicate.model import Document

PARSERS = ("lexbor", "lxml", "html5lib", "html.parser")
BEFORE = "<p>The harbour gates were shut on Tuesday.</p>"
WORDS = "The harbour gates were shut on Tuesday."
LIMIT = 1.0 if sys.gettrace() is None else 4.0
"""Seconds of this process that any page here may take; those that stalled took from ten seconds to an hour. Measuring
coverage makes every line take three times as long."""


def parsed(markup: str, parser: str, selectors: tuple[str, ...] = ()) -> Document:
    """The document of some markup, made within the limit."""
    start = time.process_time()
    document = parse(Page(markup, format="html"), selectors, parser)
    spent = time.process_time() - start
    assert spent < LIMIT, f"{parser} took {spent:.1f} s"
    return document
