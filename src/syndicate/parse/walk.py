"""A tree to blocks: one walker, told of the nodes of whatever tree there is.

Who holds a tree tells the walker of its nodes in document order: an element opens, a text, an element closes, or a
leaf, which is an element whose content is no text of the page.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from syndicate.model import Block, Document, Element, Selection
from syndicate.parse.mask import MASKED, PLACEHOLDER, unmasked
from syndicate.parse.metadata import HEAD_LEAVES, MARKUP_LEAVES, Head, metadata_claims

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LEAVES: Final = frozenset(
    "script style template noscript svg iframe object embed canvas audio video select textarea datalist input title "
    "meta link base frame area param source track img br hr wbr rp rt".split()
)
"""`rt` is how a word is read aloud, inside that word."""
PLAIN: Final = frozenset(
    "abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label map mark nobr picture q ruby s samp "
    "small span strike strong sub sup tt u var".split()
)
"""Inline elements that leave no trace in a document; only a selector asks for them. `a` and `time` are the others."""
_HIDING_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SEPARATOR: Final = "\n\n"
_BREAK: Final = "\n"
"""A `<br>` among the pieces of a run; line feeds of the markup itself are other strings, or have words around."""


class Tree(NamedTuple):
    """How to read a kind of tree: its nodes' attributes, identity and inner text, and a node as markup."""

    attributes: Callable[[Any], Mapping[str, Any]]
    identity: Callable[[Any], int]
    text: Callable[[Any], str]
    markup: Callable[[Any], str]


class _Mark:
    """The text under one selected element, as it becomes known."""

    __slots__ = ("depth", "end", "selector", "start")

    def __init__(self, selector: str, depth: int) -> None:
        self.selector, self.depth = selector, depth
        self.start = self.end = 0


class Walker:
    """The text, blocks and elements met so far. The text between two block boundaries is one block.

    Args:
        tree: How to read the nodes of the tree.
        selected: For each node that a rule's selector matched, by identity, those selectors.
        head: Takes the pieces of metadata, and what is stored out of sight.
        dated: Whether elements beside `time` may say the page's date.
    """

    def __init__(self, tree: Tree, selected: Mapping[int, list[str]], head: Head, *, dated: bool = True) -> None:
        self.tree, self.head, self.dated = tree, head, dated
        self.marks = _Marks(self, selected) if selected else None
        self.elements = [Element("", -1, "", hidden=False)]  # the document, which holds what stands in no element
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.length = 0  # of `pieces`
        # The open elements: those noted in the document, as indices, and inside them those that wait. Half of all
        # elements hold no block and are never looked at; one is noted when there is a block in it, or metadata.
        self.open = [0]
        self.waiting: list[tuple[str, Any]] = []
        self.plain = 0  # how many plain elements are open
        self.containers = [1]  # of the block-level ones, how many that are not plain were open when they had opened
        self.run: list[str] = []  # text since the last block boundary
        self.broken = False  # whether the run holds a line break
        self.breaks = 0  # line breaks since the last visible text
        self.link_depth = self.link_chars = self.pre_depth = 0
        self.pending: list[tuple[_Mark, str, int]] = []  # marks inside the run: which end, at which piece

    def enter(self, tag: str, node: Any) -> None:
        """Tell of an element that opens; a plain one need not be told of if nothing is selected or `dated`."""
        if self.dated and tag != "time":
            self.head.element(tag, self.tree.attributes(node))
        if tag in PLAIN:
            self.plain += 1
        elif tag == "a":
            self.waiting.append((tag, node))
            self.link_depth += 1
        elif tag == "time":
            self.waiting.append((tag, node))
            self._note(len(self.open) + len(self.waiting))
            self.head.element(tag, self.tree.attributes(node))
        else:
            self._enter_block(tag, node)
        if self.marks:
            self.marks.open(node)

    def _enter_block(self, tag: str, node: Any) -> None:
        if self.run:
            self.flush()
        self.waiting.append((tag, node))
        self.containers.append(len(self.open) + len(self.waiting))
        if tag == "pre":
            self.pre_depth += 1
        elif tag == "html" and not self.dated:
            self.head.element(tag, self.tree.attributes(node))

    def leave(self, tag: str) -> None:
        """Tell that the element opened last closes."""
        if self.marks:
            self.marks.close()
        if tag in PLAIN:
            self.plain -= 1
            return
        if tag == "a":
            self.link_depth -= 1
        elif tag != "time":
            if self.run:
                self.flush()
            self.containers.pop()
            if tag == "pre":
                self.pre_depth -= 1
        (self.waiting or self.open).pop()

    def text(self, data: str, parent: Any) -> None:
        """Tell of a text, and the node it stands in."""
        if not data.isspace():
            if data.startswith(PLACEHOLDER):
                data = unmasked(self.tree.attributes(parent).get(MASKED) or "") or data
            self.breaks = 0
            if self.link_depth:
                self.link_chars += len(_folded(data))
            self.run.append(data)
        elif self.run:
            self.run.append(data if self.pre_depth else " ")

    def leaf(self, tag: str, node: Any) -> None:
        """Tell of an element whose content is no text of the page."""
        if tag in HEAD_LEAVES:
            read = self.tree.markup if tag in MARKUP_LEAVES else self.tree.text
            self.head.leaf(tag, self.tree.attributes(node), partial(read, node))
        elif tag == "br":
            self.breaks += 1
            if self.breaks > 1:
                self.flush()
            else:
                self.run.append(_BREAK)
                self.broken = True
        elif tag == "hr":
            self.flush()

    def flush(self) -> None:
        """End the run of text, and make a block of it if there is anything to see."""
        if not self.run:
            return
        text = self._laid_out(len(self.run)).rstrip()
        start = self.length
        if text:
            if self.pieces:
                self.pieces.append(_SEPARATOR)
                start += len(_SEPARATOR)
            depth = self.containers[-1]
            if depth > len(self.open):
                self._note(depth)
            container = self.open[depth - 1]
            tag = self.elements[container].tag or "p"
            self.length = start + len(text)
            self.blocks.append(Block(start, self.length, tag, container, min(self.link_chars, len(text))))
            self.pieces.append(text)
        for mark, end, pieces in self.pending:
            before = self._laid_out(pieces)
            space = before[-1:] > " " and self.run[pieces - 1][-1:].isspace()
            setattr(mark, end, start + min(len(text), len(before) + space))
        self.pending.clear()
        self.run.clear()
        self.broken = False
        self.link_chars = 0

    def mark(self, mark: _Mark, end: str) -> None:
        """Note that a mark starts or ends here."""
        if self.run:
            self.pending.append((mark, end, len(self.run)))
        else:
            setattr(mark, end, self.length)

    def document(self) -> Document:
        """What has been met, once the whole tree has been told."""
        self.flush()
        return Document(
            text="".join(self.pieces),
            blocks=tuple(self.blocks),
            elements=tuple(self.elements),
            claims=metadata_claims(self.head, self.blocks, self.pieces, self.elements),
            selections=self.marks.selections() if self.marks else (),
        )

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self.open) + len(self.waiting) + self.plain

    def _note(self, depth: int) -> None:
        """Add open elements that wait to those of the document, until so many are noted."""
        count = depth - len(self.open)
        for tag, node in self.waiting[:count]:
            attributes = self.tree.attributes(node)
            parent = self.open[-1]
            self.open.append(len(self.elements))
            if attributes:
                self.elements.append(Element(tag, parent, _names(attributes), _is_hidden(attributes)))
            else:
                self.elements.append(Element(tag, parent, "", hidden=False))
        del self.waiting[:count]

    def _laid_out(self, pieces: int) -> str:
        """The first pieces of the run as they will stand in the text, but for white space at the end."""
        run = self.run if pieces == len(self.run) else self.run[:pieces]
        text = "".join(run)
        if self.pre_depth:
            return text.lstrip()
        if not self.broken:
            return _folded(text)
        lines: list[list[str]] = [[]]
        for piece in run:
            if piece == _BREAK:
                lines.append([])
            else:
                lines[-1].append(piece)
        return _BREAK.join(_folded("".join(line)) for line in lines).lstrip()


class _Marks:
    """The selected elements of a page, those that are open and those that are done."""

    def __init__(self, walker: Walker, selected: Mapping[int, list[str]]) -> None:
        self.walker, self.selected = walker, selected
        self.opened: list[_Mark] = []
        self.closed: list[_Mark] = []

    def open(self, node: Any) -> None:
        """Begin a mark for each selector of the element that has just opened."""
        for selector in self.selected.get(self.walker.tree.identity(node), ()):
            self.opened.append(_Mark(selector, self.walker.depth))
            self.walker.mark(self.opened[-1], "start")

    def close(self) -> None:
        """End the marks of the element that is about to close."""
        while self.opened and self.opened[-1].depth == self.walker.depth:
            self.closed.append(self.opened.pop())
            self.walker.mark(self.closed[-1], "end")

    def selections(self) -> tuple[Selection, ...]:
        """What was selected, in text order."""
        found = {Selection(mark.selector, mark.start, mark.end) for mark in self.closed if mark.end > mark.start}
        return tuple(sorted(found, key=lambda selection: selection[1:]))


def _folded(text: str) -> str:
    return " ".join(text.split())


def _names(attributes: Mapping[str, Any]) -> str:
    words: list[str] = []
    for name in ("class", "id", "role", "itemprop"):
        value = attributes.get(name)
        if value:
            words += value if isinstance(value, list) else value.split()
    return " ".join(words)


def _is_hidden(attributes: Mapping[str, Any]) -> bool:
    style = attributes.get("style")
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or (bool(style) and bool(_HIDING_STYLE.search(str(style))))
    )
