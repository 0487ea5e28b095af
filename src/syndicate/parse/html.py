"""Markup to blocks: raw HTML by lexbor, or a BeautifulSoup tree as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from syndicate.elements import Elements
from syndicate.errors import InputError
from syndicate.model import Block, Document, Selection
from syndicate.parse.canonical import MARK, soup_markup
from syndicate.parse.decode import utf8
from syndicate.parse.embedded import with_stored
from syndicate.parse.guard import guard, is_odd
from syndicate.parse.head import Head
from syndicate.parse.mask import PLACEHOLDER, unmask
from syndicate.parse.metadata import metadata_claims
from syndicate.parse.tags import TAGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from syndicate.parse.scan import Scanned

_TAGS: Final = (*TAGS, "")  # the last is any other
_NEVER_READ: Final = ["style", "svg"]
"""Elements of which nothing is read, and which are a third of a page: written out they cost more than taken out."""
_DATED: Final = b'itemprop="date'
"""What a page has whose microdata may date it; to read all microdata takes a while."""


def parse_html(markup: str | bytes, selectors: Iterable[str] = ()) -> Document:
    """Parse markup with lexbor and take it apart.

    Args:
        markup: HTML of any quality; bytes are UTF-8.
        selectors: CSS selectors whose matches the document is to list.

    Raises:
        InputError: A selector is not CSS.
    """
    from selectolax.lexbor import LexborHTMLParser

    parser, selectors = LexborHTMLParser(markup), tuple(selectors)
    marks = 0
    marked: dict[int, tuple[LexborNode, list[str]]] = {}
    for number, selector in enumerate(selectors):
        for node in select(parser, selector):
            marked.setdefault(node.mem_id, (node, []))[1].append(str(number))
            marks += 1
    for node, numbers in marked.values():
        node.attrs[f" {MARK}"] = " ".join(numbers)
    parser.strip_tags(_NEVER_READ)
    return with_stored(*_taken_apart(utf8(parser.html or ""), selectors, marks), _stored_document)


def select(parser: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """The elements that a selector matches.

    Raises:
        InputError: It is not CSS.
    """
    from selectolax.lexbor import SelectolaxError

    try:
        return parser.css(selector)
    except SelectolaxError as error:
        raise InputError(f"selector {selector!r:.60} is not CSS that lexbor reads: {error}") from error


def check_selector(selector: str) -> None:
    """Make sure that lexbor reads a selector.

    Raises:
        InputError: It is not CSS.
    """
    from selectolax.lexbor import LexborHTMLParser

    select(LexborHTMLParser("<p></p>"), selector)


def parse_soup(soup: Any, selectors: Iterable[str] = ()) -> Document:
    """Take a BeautifulSoup object, or one of its tags, apart, and leave it as it is.

    Raises:
        InputError: A selector is not CSS.
    """
    from soupsieve import SelectorSyntaxError

    selectors = tuple(selectors)
    marked: dict[int, list[int]] = {}
    for number, selector in enumerate(selectors):
        try:
            tags = soup.select(selector)
        except (SelectorSyntaxError, ValueError, RecursionError) as error:  # the latter two of one too long or deep
            raise InputError(f"selector {selector!r:.60} is not CSS that soupsieve reads: {error}") from error
        for tag in tags:
            marked.setdefault(id(tag), []).append(number)
    taken = _taken_apart(soup_markup(soup, marked), selectors, sum(map(len, marked.values())))
    return with_stored(*taken, _stored_document)


def _stored_document(markup: str) -> Document:
    """Markup that was stored in a page; read by one parser, whatever the page was read by."""
    from selectolax.lexbor import LexborHTMLParser

    data = utf8(markup)  # JSON may hold half a character
    parser = LexborHTMLParser(guard(data.decode()).markup if is_odd(data) else data)
    return _taken_apart(utf8(parser.html or ""), (), 0)[0]


def _taken_apart(data: bytes, selectors: Sequence[str], marks: int) -> tuple[Document, Head]:
    """The page that canonical markup holds, and what else it tells.

    Args:
        data: The markup.
        selectors: Those whose numbers mark the elements that they matched.
        marks: How many such marks there are.
    """
    from syndicate.encoding import text_of
    from syndicate.parse.scan import scan

    scanned = scan(data, selected=marks, dated=_DATED in data)
    text = text_of(scanned.codes)
    if PLACEHOLDER in text:
        data = unmask(data)
        scanned = scan(data, selected=marks, dated=_DATED in data)
        text = text_of(scanned.codes)
    head = Head(data, scanned.told.tolist())
    elements = _elements(data, scanned)
    blocks = _blocks(scanned, elements)
    document = Document(
        text=text,
        blocks=blocks,
        elements=elements,
        claims=metadata_claims(head, text, blocks, elements),
        selections=_selections(scanned, selectors) if marks else (),
    )
    return document, head


def _elements(data: bytes, scanned: Scanned) -> Elements:
    import numpy as np

    from syndicate.parse.scan import FORM, HIDDEN, PARENT

    first, numbers = np.unique(scanned.elements[:, FORM], return_inverse=True)
    names = scanned.names.tobytes()
    forms = [
        (_TAGS[tag] or data[start:end].decode(), names[begin:stop].decode())
        for tag, start, end, _, begin, stop, *_ in scanned.elements[first].tolist()
    ]
    parents, hides = scanned.elements[:, PARENT], scanned.elements[:, HIDDEN] > 0
    return Elements(tuple(forms), *(tuple(column.tolist()) for column in (numbers, parents, hides)))


def _blocks(scanned: Scanned, elements: Elements) -> tuple[Block, ...]:
    starts, ends, holders, links = scanned.blocks.T.tolist()
    tags = [elements.tag(holder) or "p" for holder in holders]
    return tuple(map(Block, starts, ends, tags, holders, links))


def _selections(scanned: Scanned, selectors: Sequence[str]) -> tuple[Selection, ...]:
    """What was selected, in text order."""
    found = {
        Selection(selectors[number], start, end) for number, start, end, _ in scanned.marks.tolist() if end > start
    }
    return tuple(sorted(found, key=lambda selection: selection[1:]))
