"""Input to `Document`: whatever it is, one call takes it apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from syndicate.errors import InputError
from syndicate.parse.decode import as_utf8, binary_kind, looks_like_html, utf8
from syndicate.parse.guard import guard, is_odd
from syndicate.parse.html import check_selector, parse_html, parse_soup
from syndicate.parse.text import parse_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from syndicate.model import Document, Page

__all__ = ["NotText", "check_parser", "check_selector", "parse", "parse_html", "parse_soup", "parse_text"]


class NotText(ValueError):  # noqa: N818 - an outcome on its way to a status, never seen by a caller
    """The input is no text; the message names what it is."""


def parse(page: Page, selectors: Iterable[str] = (), parser: str = "lexbor") -> Document:
    """Take a page apart.

    Args:
        page: Its content may be markup, plain text, the bytes of either, or a BeautifulSoup tree.
        selectors: CSS selectors of the rules in force; what they match is listed in the document.
        parser: "lexbor", or a BeautifulSoup tree builder: "lxml", "html5lib", "html.parser".

    Raises:
        NotText: The content is an image, an archive, or other binary data.
        InputError: The content is of no type that is read, or the parser gave up on it.
    """
    content = page.content
    if isinstance(content, str):
        data = utf8(content)
    elif isinstance(content, (bytes, bytearray, memoryview)):
        data = bytes(content)
        kind = binary_kind(data)
        if kind is not None:
            raise NotText(f"{kind}, not text")
        data = as_utf8(data)
    elif hasattr(content, "contents") and hasattr(content, "select"):
        return parse_soup(content, selectors)
    else:
        raise InputError(
            f"cannot clean a {type(content).__name__}: give HTML or text as str or bytes, or a BeautifulSoup tree"
        )
    if page.format == "text" or (page.format == "auto" and not looks_like_html(data)):
        return parse_text(content if isinstance(content, str) else data.decode())
    return _parse_markup(data, selectors, parser)


def _parse_markup(data: bytes, selectors: Iterable[str], parser: str) -> Document:
    if parser == "lexbor" and not is_odd(data):
        return parse_html(data, selectors)
    markup, notes = guard(data.decode(), parser)
    tree = None if parser == "lexbor" else _soup(markup, parser)
    document = parse_html(markup, selectors) if tree is None else parse_soup(tree, selectors)
    return replace(document, notes=(*notes, *document.notes)) if notes else document


def check_parser(parser: str) -> None:
    """Make sure that a parser is there.

    Raises:
        InputError: It is not; the message names the way out.
    """
    from bs4 import builder

    if parser != "lexbor" and builder.builder_registry.lookup(parser) is None:  # type: ignore[attr-defined]
        raise InputError(
            f"parser {parser!r} is not here: use 'lexbor', 'html.parser', or, once syndicate-news[lxml] or "
            "syndicate-news[html5lib] is installed, 'lxml' or 'html5lib'"
        )


def _soup(markup: str, parser: str) -> object:
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    check_parser(parser)
    try:
        return BeautifulSoup(markup, parser)
    except ParserRejectedMarkup as error:
        raise InputError(f"{parser} gave up on the markup; lexbor reads any: {error}") from error
