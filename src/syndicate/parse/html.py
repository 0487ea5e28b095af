"""Markup to blocks: raw HTML by lexbor, or a BeautifulSoup tree walked as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from syndicate.errors import InputError
from syndicate.parse.embedded import with_stored
from syndicate.parse.guard import guard, is_odd
from syndicate.parse.metadata import Head
from syndicate.parse.walk import LEAVES, PLAIN, Tree, Walker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from syndicate.model import Document


def parse_html(markup: str | bytes, selectors: Iterable[str] = ()) -> Document:
    """Parse markup with lexbor and take it apart.

    Args:
        markup: HTML of any quality; bytes are UTF-8.
        selectors: CSS selectors whose matches the document is to list.

    Raises:
        InputError: A selector is not CSS.
    """
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    parser, head = LexborHTMLParser(markup), Head()
    selected: dict[int, list[str]] = {}
    for selector in selectors:
        try:
            nodes = parser.css(selector)
        except SelectolaxError as error:
            raise InputError(f"selector {selector!r} is not CSS that lexbor reads: {error}") from error
        for node in nodes:
            selected.setdefault(node.mem_id, []).append(selector)
    walker = Walker(_LEXBOR, selected, head, dated=_has_dated_element(markup))
    return with_stored(_walk_lexbor(parser.root, walker), head, _stored_document)


def _has_dated_element(markup: str | bytes) -> bool:
    """Whether microdata may date the page; reading the attributes of every element costs a third of the walk."""
    return b'itemprop="date' in markup if isinstance(markup, bytes) else 'itemprop="date' in markup


def parse_soup(soup: Any, selectors: Iterable[str] = ()) -> Document:
    """Take a BeautifulSoup object, or one of its tags, apart, and leave it as it is.

    Raises:
        InputError: A selector is not CSS.
    """
    from soupsieve import SelectorSyntaxError

    selected: dict[int, list[str]] = {}
    for selector in selectors:
        try:
            tags = soup.select(selector)
        except SelectorSyntaxError as error:
            raise InputError(f"selector {selector!r} is not CSS that soupsieve reads: {error}") from error
        for tag in tags:
            selected.setdefault(id(tag), []).append(selector)
    head = Head()
    return with_stored(_walk_soup(soup, Walker(_SOUP, selected, head)), head, _stored_document)


def _stored_document(markup: str) -> Document:
    """Markup that was stored in a page; read by one parser, whatever the page was read by."""
    from selectolax.lexbor import LexborHTMLParser

    data = markup.encode(errors="replace")  # JSON may hold half a character
    parser = LexborHTMLParser(guard(data.decode()).markup if is_odd(data) else data)
    return _walk_lexbor(parser.root, Walker(_LEXBOR, {}, Head(), dated=False))


_LEXBOR = Tree(
    attributes=lambda node: node.attributes,
    identity=lambda node: node.mem_id,
    text=lambda node: node.text(deep=True) or "",
    markup=lambda node: node.html or "",
)
_SOUP = Tree(
    attributes=lambda tag: tag.attrs,
    identity=id,
    text=lambda tag: tag.string or tag.get_text(),
    markup=lambda tag: tag.decode(),
)


def _walk_lexbor(root: Any, walker: Walker) -> Document:
    """Tell a walker of lexbor's tree, without a stack of calls: pages nest deep."""
    silent = frozenset() if walker.marks or walker.dated else PLAIN
    parents: list[tuple[str, Any]] = []
    node = root
    while node is not None:
        if node.is_text_node:
            walker.text(node.text_content, parents[-1][1] if parents else node.parent)
        elif node.is_element_node:
            tag = _TAGS.get(node.tag_id) or _tag(node)
            if tag in LEAVES:
                walker.leaf(tag, node)
            else:
                if tag not in silent:
                    walker.enter(tag, node)
                parents.append((tag, node))
                node = node.first_child
                if node is not None:
                    continue
                tag, node = parents.pop()
                if tag not in silent:
                    walker.leave(tag)
        node = node.next if parents else None
        while node is None and parents:
            tag, node = parents.pop()
            if tag not in silent:
                walker.leave(tag)
            node = node.next if parents else None
    return walker.document()


_TAGS: Final[dict[int, str]] = {}
"""Names of HTML's own tags by lexbor's numbers. Asking a node for its name costs ten times a look here."""
_OWN_TAGS: Final = 1_000
"""lexbor's own tags are numbered below this; for any other, the number is a place in the page's memory."""


def _tag(node: Any) -> str:
    tag = str(node.tag)
    if node.tag_id < _OWN_TAGS:
        _TAGS[node.tag_id] = tag
    return tag


def _walk_soup(root: Any, walker: Walker) -> Document:
    """Tell a walker of a BeautifulSoup object, or of one of its tags."""
    from bs4 import CData, NavigableString, Tag

    # Comments, doctypes and the content of scripts are other kinds of strings, and no text of the page.
    texts = {NavigableString, CData}
    whole = root.name == "[document]"
    if not whole:
        walker.enter(root.name.lower(), root)
    open_tags = [(root, iter(root.contents))]
    while open_tags:
        tag, children = open_tags[-1]
        child = next(children, None)
        if child is None:
            open_tags.pop()
            if open_tags or not whole:
                walker.leave(tag.name.lower())
        elif isinstance(child, Tag):
            name = child.name.lower()
            if name in LEAVES:
                walker.leaf(name, child)
            else:
                walker.enter(name, child)
                open_tags.append((child, iter(child.contents)))
        elif type(child) in texts:
            walker.text(str(child), tag)
    return walker.document()
