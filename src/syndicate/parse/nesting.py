"""Which elements are open at a place in markup, as browsers see it; and the markup written anew, nested well.

This follows the tree construction of the HTML standard as far as depth depends on it: which start tags close what
stands open before them, and which end tags reach over what was left open. What is deeper than the limit is no
element any more: its tags are left out, and its text becomes paragraphs, where it would have been parted.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

MOST_DEEP: Final = 256
"""The depth at which libxml2 stops, too; browsers go on to 512, but a selector of three words takes its square."""
MOST_ODD: Final = 192
"""How many elements may be closed by what is not their end tag before a page does without inline elements."""

_VOID: Final = frozenset(
    "area base basefont bgsound br col embed frame hr img image input keygen link meta param source track wbr".split()
)
_BLOCKS: Final = frozenset(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hgroup hr listing main menu nav ol p pre search section summary table ul xmp".split()
)
_PARTING: Final = _BLOCKS | frozenset("li dd dt td th tr caption".split())
_INLINE: Final = frozenset("b big code em font i nobr s small span strike strong sub sup tt u var br img a".split())
_FOREIGN: Final = ("svg", "math")
_HOLDS_HTML: Final = ("foreignobject", "desc", "annotation-xml", "mi", "mo", "mn", "ms", "mtext")
_SCOPES: Final = frozenset("applet caption html table td th marquee object template foreignobject".split())
"""Elements out of which no end tag reaches but those of tables."""
_TABULAR: Final = frozenset("caption table tbody td tfoot th thead tr template html body".split())
_CLOSED_BY_ANYTHING: Final = frozenset("dd dt li optgroup option p rb rp rt rtc tbody td tfoot th thead tr".split())
_ONCE: Final = ("html", "head", "body")

_LISTS: Final = _SCOPES | {"ul", "ol", "menu", "dir"}
_CLOSES: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = (
    dict.fromkeys(_BLOCKS, (frozenset(("p",)), _SCOPES | {"button"}))
    | dict.fromkeys(("dd", "dt"), (frozenset(("dd", "dt")), _SCOPES | {"dl"}))
    | dict.fromkeys(("option", "optgroup"), (frozenset(("option",)), _SCOPES | {"select", "datalist"}))
    | dict.fromkeys(("td", "th"), (frozenset(("td", "th", "caption")), frozenset(("table", "template"))))
    | dict.fromkeys(("rt", "rp"), (frozenset(("rt", "rp")), _SCOPES | {"ruby"}))
    | dict.fromkeys(
        ("tbody", "thead", "tfoot"),
        (frozenset(("tbody", "thead", "tfoot", "caption")), frozenset(("table", "template"))),
    )
    | {"tr": (frozenset(("tr", "caption")), frozenset(("table", "template")))}
    | {"li": (frozenset(("li",)), _LISTS)}
    | {name: (frozenset((name,)), _SCOPES) for name in ("a", "button", "nobr", "title")}
)
"""For each start tag what it closes, and over which open elements it does not reach."""


class Nesting:
    """The elements open now.

    Attributes:
        pieces: Takes the markup as it is written anew.
        odd: How many elements were closed by what is not their end tag, and may stay open in a parser's eyes.
        implied: How many were closed by what may close them.
        dropped: How many were too deep.
    """

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self.odd = self.implied = self.dropped = 0
        self._stack: list[str] = []
        self._open: Counter[str] = Counter()
        self._deep: Counter[str] = Counter()  # what is open below the limit
        self._parted = self._paragraph = False

    @property
    def is_foreign(self) -> bool:
        """Whether the place is in a drawing or formula, where no element's content is raw text."""
        return bool(self._open["svg"] or self._open["math"])

    def text(self, text: str) -> None:
        """Write text that holds no markup."""
        if self._parted and text and not text.isspace():
            self.pieces.append("</p><p>" if self._paragraph else "<p>")
            self._parted, self._paragraph = False, True
        self.pieces.append(text)

    def start(self, name: str, markup: str, *, closed: bool = False) -> None:
        """Open an element.

        Args:
            name: In lower case.
            markup: Its start tag.
            closed: Whether the tag ends in "/>", which counts in drawings and formulas alone.
        """
        if name in _VOID:
            self.pieces.append(markup)
            return
        if self._deep:
            self._drop(name)
            return
        if name in _CLOSES:
            self._close_implied(*_CLOSES[name])
        if self.odd > MOST_ODD and name in _INLINE:
            return
        foreign = self._open["svg"] or self._open["math"]
        if foreign and not any(self._open[holder] for holder in _HOLDS_HTML):
            if name in _BLOCKS or name in _INLINE:
                self._pop_to(max(at for at, open_ in enumerate(self._stack) if open_ in _FOREIGN))
            elif closed:
                self.pieces.append(markup)
                return
        if name in _ONCE and self._open[name]:
            self.odd += 1
            return
        if len(self._stack) < MOST_DEEP:
            self._stack.append(name)
            self._open[name] += 1
            self.pieces.append(markup)
        else:
            self._drop(name)

    def end(self, name: str, markup: str) -> None:
        """Close an element; an end tag of nothing that is open is left out, unless parsers make an element of it."""
        if self._deep:
            if self._deep[name]:
                self._deep[name] -= 1
                self._parted |= name in _PARTING
                if not self._deep[name]:
                    del self._deep[name]
                return
            del self._deep[name]
        at = self._reach(frozenset((name,)), frozenset() if name in _TABULAR else _SCOPES) if self._open[name] else -1
        if at >= 0:
            self._pop_to(at, named=True)
        elif name in {"p", "br"} and not self._deep:
            self.pieces.append(markup)

    def finish(self) -> None:
        """Close whatever is open."""
        self._pop_to(0, named=True)

    def _drop(self, name: str) -> None:
        self.dropped += 1
        self._deep[name] += 1
        if name in _PARTING:
            self._parted = True

    def _close_implied(self, names: frozenset[str], stops: frozenset[str]) -> None:
        for name in names:
            if self._open[name]:
                at = self._reach(names, stops)
                if at >= 0:
                    self._pop_to(at)
                return

    def _reach(self, names: frozenset[str], stops: frozenset[str]) -> int:
        """Place of the innermost open element of some names, or -1 if there is none or it is out of reach."""
        for at in range(len(self._stack) - 1, -1, -1):
            name = self._stack[at]
            if name in names:
                return at
            if name in stops:
                return -1
        return -1

    def _pop_to(self, depth: int, *, named: bool = False) -> None:
        """Close all elements deeper than a depth; the outermost of them has its own end tag if `named`."""
        if self._paragraph:
            self.pieces.append("</p>")
        self._deep.clear()
        self._parted = self._paragraph = False
        while len(self._stack) > depth:
            name = self._stack.pop()
            self._open[name] -= 1
            self.pieces.append(f"</{name}>")
            own = named and len(self._stack) == depth
            self.implied += not own
            self.odd += not own and name not in _CLOSED_BY_ANYTHING
