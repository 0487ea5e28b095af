"""Tree events to blocks: one walker for every kind of tree.

A tree is given as a stream of events in document order: an element opens, a text, an element closes, or a leaf,
which is an element whose content is no text of the page. The walk is iterative, so nesting never costs the stack.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from syndicate.model import Block, Document, Element, Selection
from syndicate.parse.mask import MASKED, unmasked
from syndicate.parse.metadata import Head, metadata_claims

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

OPEN, CLOSE, TEXT, LEAF = range(4)
"""Kinds of events. An event is (kind, tag, node); for TEXT the tag is "" and the node is the text itself."""

LEAVES: Final = frozenset(
    "script style template noscript svg iframe object embed canvas audio video select textarea datalist input title "
    "meta link base frame area param source track img br hr wbr".split()
)
_INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label map mark nobr picture q rp rt ruby "
    "s samp small span strike strong sub sup time tt u var".split()
)
_SPACE: Final = re.compile(r"\s+")
_AROUND_BREAK: Final = re.compile(r" *\n *")
_HIDING_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SEPARATOR: Final = "\n\n"


class Tree(NamedTuple):
    """How to read a kind of tree: its nodes' attributes, identity and inner text."""

    attributes: Callable[[Any], Mapping[str, Any]]
    identity: Callable[[Any], int]
    text: Callable[[Any], str]


class _Mark:
    """The text under one selected element, as it becomes known."""

    __slots__ = ("depth", "end", "selector", "start")

    def __init__(self, selector: str, depth: int) -> None:
        self.selector, self.depth = selector, depth
        self.start = self.end = 0


class _Walker:
    """The text, blocks and elements met so far. The text between two block boundaries is one block."""

    def __init__(self) -> None:
        self.elements = [Element("", -1, "", hidden=False)]  # the document, which holds what stands in no element
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.length = 0  # of `pieces`
        self.open = [0]  # the open elements, as indices
        self.containers = [0]  # those of them that are block-level
        self.run: list[str] = []  # text since the last block boundary
        self.breaks = 0  # line breaks since the last visible text
        self.link_depth = self.link_chars = self.pre_depth = 0
        self.masked = ""  # the address that the next text of the element just entered stands for
        self.pending: list[tuple[_Mark, str, int]] = []  # marks inside the run: which end, at which piece

    def enter(self, tag: str, attributes: Mapping[str, Any]) -> None:
        index = len(self.elements)
        self.elements.append(Element(tag, self.open[-1], _names(attributes), _is_hidden(attributes)))
        self.open.append(index)
        self.masked = unmasked(attributes[MASKED] or "") if MASKED in attributes else ""
        if tag == "a":
            self.link_depth += 1
        elif tag not in _INLINE:
            self.flush()
            self.containers.append(index)
            self.pre_depth += tag == "pre"

    def leave(self, tag: str) -> None:
        self.open.pop()
        self.masked = ""
        if tag == "a":
            self.link_depth -= 1
        elif tag not in _INLINE:
            self.flush()
            self.containers.pop()
            self.pre_depth -= tag == "pre"

    def text(self, data: str) -> None:
        if self.masked:
            data, self.masked = self.masked, ""
        if not self.pre_depth:
            data = _SPACE.sub(" ", data)
        visible = len(data.strip())
        if visible:
            self.breaks = 0
            if self.link_depth:
                self.link_chars += visible
        self.run.append(data)

    def line_break(self) -> None:
        self.breaks += 1
        if self.breaks > 1:
            self.flush()
        else:
            self.run.append("\n")

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
            container = self.containers[-1]
            tag = self.elements[container].tag or "p"
            self.length = start + len(text)
            self.blocks.append(Block(start, self.length, tag, container, min(self.link_chars, len(text))))
            self.pieces.append(text)
        for mark, end, pieces in self.pending:
            setattr(mark, end, start + min(len(text), len(self._laid_out(pieces))))
        self.pending.clear()
        self.run.clear()
        self.link_chars = 0

    def mark(self, mark: _Mark, end: str) -> None:
        if self.run:
            self.pending.append((mark, end, len(self.run)))
        else:
            setattr(mark, end, self.length)

    def _laid_out(self, pieces: int) -> str:
        """The first pieces of the run as they will stand in the text, but for white space at the end."""
        text = "".join(self.run[:pieces]).lstrip()
        if self.pre_depth:
            return text
        if "  " in text:
            text = _SPACE.sub(_one_space, text)
        return _AROUND_BREAK.sub("\n", text) if "\n" in text else text


def _one_space(match: re.Match[str]) -> str:
    return "\n" if "\n" in match[0] else " "


def walk(events: Iterable[tuple[int, str, Any]], tree: Tree, selected: Mapping[int, list[str]]) -> Document:
    """Make a document from a tree's events.

    Args:
        events: The tree in document order.
        tree: How to read its nodes.
        selected: For each node that a rule's selector matched, by identity, those selectors.
    """
    walker, head = _Walker(), Head()
    marks: list[_Mark] = []
    open_marks: list[_Mark] = []
    for kind, tag, node in events:
        if kind == TEXT:
            walker.text(node)
        elif kind == OPEN:
            attributes = tree.attributes(node)
            walker.enter(tag, attributes)
            head.element(tag, attributes)
            for selector in selected.get(tree.identity(node), ()) if selected else ():
                open_marks.append(_Mark(selector, len(walker.open)))
                walker.mark(open_marks[-1], "start")
        elif kind == CLOSE:
            while open_marks and open_marks[-1].depth == len(walker.open):
                marks.append(open_marks.pop())
                walker.mark(marks[-1], "end")
            walker.leave(tag)
        elif tag == "br":
            walker.line_break()
        elif tag == "hr":
            walker.flush()
        else:
            head.leaf(tag, tree.attributes(node), partial(tree.text, node))
    walker.flush()
    found = {Selection(mark.selector, mark.start, mark.end) for mark in marks if mark.end > mark.start}
    return Document(
        text="".join(walker.pieces),
        blocks=tuple(walker.blocks),
        elements=tuple(walker.elements),
        claims=metadata_claims(head, walker.blocks, walker.pieces, walker.elements),
        selections=tuple(sorted(found, key=lambda selection: selection[1:])),
    )


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
