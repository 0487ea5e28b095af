"""Which blocks of a page are the article: what its markup tells, and what plain text alone can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syndicate.extract.beside import beside_article
from syndicate.extract.leak import leaked_script
from syndicate.extract.repeat import repeated
from syndicate.extract.site import Repeats, SiteBlocks, site_chrome
from syndicate.extract.title import title_lines
from syndicate.extract.trailing import trailing_headlines

__all__ = ["Repeats", "SiteBlocks", "beside_article", "extract", "site_chrome", "trailing_headlines"]

if TYPE_CHECKING:
    from collections.abc import Iterable

    from syndicate.account import Reason
    from syndicate.model import Document
    from syndicate.rules.rule import Markers


def extract(document: Document, markers: Markers, titles: Iterable[str] = ()) -> dict[int, Reason]:
    """Choose the article of a page.

    Args:
        document: A page; plain text has no elements, and all of it is the article but for what leaked into it.
        markers: What tags and names say.
        titles: What is known to be the page's title; an article that opens with it once more does without.

    Returns:
        The reason for each block, by index, that is not the article's.
    """
    if document.elements:
        from syndicate.extract.markup import outside_article  # plain text needs no compiled loops

        reasons = outside_article(document, markers)
    else:
        reasons = leaked_script(document)
    reasons |= repeated(document, reasons)
    return reasons | title_lines(document, reasons, titles)
