"""Tree events to blocks: one walker for every kind of tree.

A tree is given as a stream of events in document order: an element opens, a text, an element closes, or a leaf,
which is an element whose content is no text of the page. The walk is iterative, so nesting never costs the stack.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from syndicate.model import Block, Document, Element, Selection
from syndicate.parse.mask import MASKED, PLACEHOLDER, unmasked
from syndicate.parse.metadata import HEAD_ELEMENTS, HEAD_LEAVES, MARKUP_LEAVES, Head, metadata_claims

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

OPEN, CLOSE, TEXT, LEAF = range(4)
"""Kinds of events. An event is (kind, tag, node); for TEXT the tag is "" and the node is the text itself."""

LEAVES: Final = frozenset(
    "script style template noscript svg iframe object embed canvas audio video select textarea datalist input title "
    "meta link base frame area param source track img br hr wbr rp rt".split()
)
"""`rt` is how a word is read aloud, inside that word."""
_INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label map mark nobr picture q ruby "
    "s samp small span strike strong sub sup time tt u var".split()
)
_HIDING_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SEPARATOR: Final = "\n\n"
_BREAK: Final = "\n"
"""A `<br>` among the pieces of a run; line feeds of the markup itself are other strings, or have words around."""
_INLINE_ELEMENT: Final = -1
"""In the list of open elements, one that is inline and holds nothing block-level so far."""


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


class _Walker:
    """The text, blocks and elements met so far. The text between two block boundaries is one block."""

    def __init__(self, attributes: Callable[[Any], Mapping[str, Any]]) -> None:
        self.attributes = attributes
        self.elements = [Element("", -1, "", hidden=False)]  # the document, which holds what stands in no element
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.length = 0  # of `pieces`
        # The open elements: those noted in the document, as indices, and inside them those that wait. Half of all
        # elements hold no block and are never looked at; one is noted when there is a block in it, or metadata.
        self.open = [0]
        self.waiting: list[tuple[str, Any]] = []
        self.containers = [1]  # of the block-level ones, how many elements were open when they had opened
        self.run: list[str] = []  # text since the last block boundary
        self.broken = False  # whether the run holds a line break
        self.breaks = 0  # line breaks since the last visible text
        self.link_depth = self.link_chars = self.pre_depth = 0
        self.pending: list[tuple[_Mark, str, int]] = []  # marks inside the run: which end, at which piece

    def enter(self, tag: str, node: Any) -> None:
        if tag in _INLINE:
            self.waiting.append((tag, node))
            if tag == "a":
                self.link_depth += 1
            elif tag in HEAD_ELEMENTS:
                self._note(self.depth)
            return
        if self.run:
            self.flush()
        self.waiting.append((tag, node))
        self.containers.append(len(self.open) + len(self.waiting))
        if tag == "pre":
            self.pre_depth += 1

    def leave(self, tag: str) -> None:
        if tag not in _INLINE:
            if self.run:
                self.flush()
            self.containers.pop()
            if tag == "pre":
                self.pre_depth -= 1
        elif tag == "a":
            self.link_depth -= 1
        (self.waiting or self.open).pop()

    def text(self, data: str) -> None:
        if not data.isspace():
            if self.waiting and data.startswith(PLACEHOLDER):
                data = self._unmasked(data)
            self.breaks = 0
            if self.link_depth:
                self.link_chars += len(_folded(data))
            self.run.append(data)
        elif self.run:
            self.run.append(data if self.pre_depth else " ")

    def leaf(self, tag: str) -> None:
        self.breaks += tag == "br"
        if tag == "hr" or (tag == "br" and self.breaks > 1):
            self.flush()
        elif tag == "br":
            self.run.append(_BREAK)
            self.broken = True

    def flush(self) -> None:
        """End the run of text, and make a block of it if there is anything to see."""
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
        if self.run:
            self.pending.append((mark, end, len(self.run)))
        else:
            setattr(mark, end, self.length)

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self.open) + len(self.waiting)

    def _note(self, depth: int) -> None:
        """Add open elements that wait to those of the document, until so many are noted."""
        count = depth - len(self.open)
        for tag, node in self.waiting[:count]:
            attributes = self.attributes(node)
            names = _names(attributes) if attributes else ""
            hidden = bool(attributes) and _is_hidden(attributes)
            self.elements.append(Element(tag, self.open[-1], names, hidden))
            self.open.append(len(self.elements) - 1)
        del self.waiting[:count]

    def _unmasked(self, data: str) -> str:
        code = self.attributes(self.waiting[-1][1]).get(MASKED)
        return (code and unmasked(code)) or data

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

    def __init__(self, walker: _Walker) -> None:
        self.walker = walker
        self.opened: list[_Mark] = []
        self.closed: list[_Mark] = []

    def open(self, selectors: Iterable[str]) -> None:
        """Begin a mark for each selector of the element that has just opened."""
        for selector in selectors:
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


def walk(
    events: Iterable[tuple[int, str, Any]], tree: Tree, selected: Mapping[int, list[str]], head: Head
) -> Document:
    """Make a document from a tree's events.

    Args:
        events: The tree in document order.
        tree: How to read its nodes.
        selected: For each node that a rule's selector matched, by identity, those selectors.
        head: Takes the pieces of metadata, and what is stored out of sight.
    """
    walker = _Walker(tree.attributes)
    marks = _Marks(walker)
    for kind, tag, node in events:
        if kind == TEXT:
            walker.text(node)
        elif kind == OPEN:
            walker.enter(tag, node)
            if tag in HEAD_ELEMENTS:
                head.element(tag, tree.attributes(node))
            if selected:
                marks.open(selected.get(tree.identity(node), ()))
        elif kind == CLOSE:
            if selected:
                marks.close()
            walker.leave(tag)
        elif tag in HEAD_LEAVES:
            read = tree.markup if tag in MARKUP_LEAVES else tree.text
            head.leaf(tag, tree.attributes(node), partial(read, node))
        else:
            walker.leaf(tag)
    walker.flush()
    return Document(
        text="".join(walker.pieces),
        blocks=tuple(walker.blocks),
        elements=tuple(walker.elements),
        claims=metadata_claims(head, walker.blocks, walker.pieces, walker.elements),
        selections=marks.selections(),
    )


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
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool(_HIDING_STYLE.search(attributes.get("style") or ""))
    )
