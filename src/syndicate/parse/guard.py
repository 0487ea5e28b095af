"""Markup that would stall a parser, mended before one sees it.

Parsers are quadratic in things that no honest page has many of: nesting, misnesting, attributes on one tag, and,
those written in Python, tags and comments that never end. A page is looked at cheaply first, so nearly every page
goes to its parser as it came. A page that looks odd is read tag by tag, once, and only if that finds it over a limit
is it written anew: every element closed where it ends, and what is nested too deep as paragraphs without more.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from syndicate.parse.nesting import MOST_DEEP, MOST_ODD, Nesting

_MOST_OPEN: Final = 1_000
"""How many more tags may be opened than closed before a page is read closely. With as many formatting elements open
lexbor takes half a second, and its time grows with their cube; one page in fifty has more, mostly pictures."""
_MANY_TAGS: Final = 8_000
"""With fewer, end tags of nothing that is open do not hide enough nesting to matter much."""
_LONG_TAG: Final = 16_384
MOST_ATTRIBUTES: Final = 256
_MANY_WORDS: Final = 4 * MOST_ATTRIBUTES
"""A drawing's path is a long tag, too, with few words in it; what parts words is white space or "/"."""
_MOST_OPTIONS: Final = 2_000
_LONGEST_NAME: Final = 100

# Possessive throughout: what has matched is never tried again, so each is linear in what it reads.
_ATTRIBUTE: Final = re.compile(
    r"""[\t\n\f\r /]*+[^\t\n\f\r />][^\t\n\f\r />=]*+(?:(?![\t\n\f\r ]*+=)|"""
    r"""[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:"[^"]*+"|'[^']*+'|[^\t\n\f\r >"'][^\t\n\f\r >]*+|(?=>)))"""
)
_TAG: Final = re.compile(rf"<(/?)([a-zA-Z][^\t\n\f\r />]*+)((?:{_ATTRIBUTE.pattern})*+)[\t\n\f\r /]*+>")
_SHALLOW: Final = re.compile(
    rb"<(?!option\b)([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>[^<]*+</\1>|<(?:br|img|input|link|meta|source)\b[^<>]*+>",
    re.IGNORECASE,
)
_OPEN_NOTHING: Final = (b"<br>", b"<br/>", b"<br ", b"<img ", b"<input ", b"<link ", b"<meta ", b"<!--")
_TAG_BEGINS: Final = re.compile(r"</?[a-zA-Z]")
_KNOWN_SECTION: Final = re.compile(
    r"<!\[(?:(?:temp|cdata|ignore|include|rcdata)\[[^>]*\]\]>|(?:if|else|endif)\b[^>]*\]>)", re.IGNORECASE
)
"""The sections that Python's parser takes; of others it takes no page."""
_COMMENT_ENDS: Final = re.compile(r"(?<=<!--)-?>|--!?>")

_RAW: Final = {
    "html.parser": frozenset(("script", "style")),
    "": frozenset("script style textarea title xmp iframe noembed noframes".split()),
}
"""The elements in which a parser looks for nothing but their end; "" stands for the parsers not named."""
_RAW_ENDS: Final = {name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE) for name in _RAW[""]}


class Guarded(NamedTuple):
    """Markup that any parser reads in time, and what a person should know of it."""

    markup: str
    notes: tuple[str, ...] = ()


def guard(markup: str, parser: str = "lexbor") -> Guarded:
    """Mend markup that would stall a parser or lose it in its own depths.

    This reads every tag, in Python: a few milliseconds a page. Before lexbor, which is as fast, ask `is_odd` first.

    Args:
        markup: HTML of any quality.
        parser: What will parse it.

    Returns:
        The very same markup where nothing is wrong with it; else what to parse in its stead, with all text that
        stands before the first tag, comment or script without an end, and a note for each thing that is wrong.
    """
    reader = _Reader(markup, parser)
    end = reader.read()
    notes = reader.notes()
    if notes:
        markup = "".join(reader.pieces)
    elif end >= 0:
        markup = markup[:end]
    if end >= 0:
        notes.append(f"the markup ends inside {reader.inside}, which is left out; the text before it is kept")
    return Guarded(markup, tuple(notes))


def is_odd(data: bytes) -> bool:
    """Whether a page should be read closely before lexbor sees it.

    Odd is a page that ends inside something, has a very long tag, or opens far more than it closes.

    Args:
        data: Markup in UTF-8. This runs on every page, so it asks only what a search through memory answers.
    """
    return (
        data.rfind(b"<") > data.rfind(b">")
        or data.rfind(b"<!--") > data.rfind(b"-->")
        or data.find(b"<script", data.rfind(b"</script") + 1) >= 0
        or _has_open_title(data)
        or _has_long_tag(data)
        or _opens_much(data)
    )


def _has_open_title(data: bytes) -> bool:
    start = data.find(b"<title")
    return start >= 0 and data.find(b"</title", start) < 0


def _has_long_tag(data: bytes) -> bool:
    """Whether a tag is long and has many words; hops from one ">" to a later one, so ">" in a value hides it."""
    at = 0
    while at < len(data):
        last = data.rfind(b">", at, at + _LONG_TAG)
        if last >= 0:
            at = last + 1
            continue
        start = data.find(b"<", at, at + _LONG_TAG)
        if start < 0:
            at += _LONG_TAG
            continue
        end = data.find(b">", start)
        end = len(data) if end < 0 else end
        if end - start > _LONG_TAG and _is_wordy(data, start, end):
            return True
        at = end + 1
    return False


def _is_wordy(data: bytes, start: int, end: int) -> bool:
    """Whether a stretch has the words for many attributes, and is no script's."""
    if data.rfind(b"<script", 0, start) > data.rfind(b"</script", 0, start):
        return False
    return len(data[start:end].replace(b"/", b" ").split(None, _MANY_WORDS)) > _MANY_WORDS


def _opens_much(data: bytes) -> bool:
    """Whether far more is opened than closed, or very much is opened, once that is gone which cannot nest."""
    if not _is_over(data):
        return False
    first, *others = data.split(b"<script")
    data = first + b"".join(part[max(part.find(b"</script"), 0) :] for part in others)
    if not _is_over(data) or data.count(b"<") - sum(map(data.count, _OPEN_NOTHING)) <= _MOST_OPEN:
        return False
    return _is_over(_SHALLOW.sub(b"", data))


def _is_over(data: bytes) -> bool:
    if len(data) < 3 * _MOST_OPEN:
        return False
    import numpy as np

    codes = np.frombuffer(data, np.uint8)
    tags = codes == ord("<")
    opened = np.count_nonzero(tags)
    closed = np.count_nonzero(tags[:-1] & (codes[1:] == ord("/")))
    return bool(opened > _MANY_TAGS or opened - 2 * closed > _MOST_OPEN)


class _Reader:
    """Reads markup tag by tag, and writes it anew as it goes.

    Attributes:
        pieces: The markup as it is written anew.
        inside: What the markup ends inside of.
    """

    def __init__(self, markup: str, parser: str) -> None:
        self.markup, self.parser = markup, parser
        self.raw = _RAW.get(parser, _RAW[""])
        self.pieces: list[str] = []
        self.nesting = Nesting(self.pieces)
        self.floods = self.options = self.unknown = self.comments = 0
        self.inside = ""

    def read(self) -> int:
        """Read all; where that begins which has no end, or -1."""
        markup, nesting, at = self.markup, self.nesting, 0
        while True:
            start = markup.find("<", at)
            if start < 0:
                nesting.text(markup[at:])
                break
            if start > at:
                nesting.text(markup[at:start])
            tag = _TAG.match(markup, start)
            at = self.tag(tag) if tag else self.other(start)
            if at < 0:
                break
        nesting.finish()
        return start

    def notes(self) -> list[str]:
        """What is over a limit."""
        nesting = self.nesting
        odd = nesting.odd + self.comments
        if self.parser == "html.parser":  # in its trees nothing closes unless it has its end tag
            odd += nesting.implied // 4
        found = (
            (nesting.dropped, f"markup nested more than {MOST_DEEP} deep was made flat; its text is kept"),
            (odd > MOST_ODD, f"markup with more than {MOST_ODD} elements closed out of turn was put in order"),
            (
                self.floods,
                f"a tag of more than {MOST_ATTRIBUTES} attributes has lost the rest, or a name was no name",
            ),
            (self.options > _MOST_OPTIONS, f"a page of more than {_MOST_OPTIONS} options has lost the rest"),
            (self.unknown, "declarations that are no HTML were left out"),
        )
        return [note for wrong, note in found if wrong]

    def tag(self, tag: re.Match[str]) -> int:
        """Read a tag, with the text of a script or the like; where it ends, or -1."""
        name = tag[2].lower()
        if len(name) > _LONGEST_NAME:
            self.floods += 1
            return tag.end()
        if tag[1]:
            self.nesting.end(name, tag[0])
            return tag.end()
        if name == "option":
            self.options += 1
            if self.options > _MOST_OPTIONS:
                return tag.end()
        self.nesting.start(name, self.start_tag(tag), closed=tag[0].endswith("/>"))
        if name not in self.raw or self.nesting.is_foreign:
            return tag.end()
        end = _RAW_ENDS[name].search(self.markup, tag.end())
        if end is None:
            self.inside = f"<{name}>"
            return -1
        self.pieces.append(self.markup[tag.end() : end.start()])
        return end.start()

    def start_tag(self, tag: re.Match[str]) -> str:
        """A start tag with as many attributes as an honest one may have."""
        if len(tag[0]) <= 2 * MOST_ATTRIBUTES:  # each takes a letter and what parts it from the next
            return tag[0]
        end = tag.start(3)
        for _ in range(MOST_ATTRIBUTES):
            attribute = _ATTRIBUTE.match(self.markup, end, tag.end(3))
            if attribute is None:
                return tag[0]
            end = attribute.end()
        if end == tag.end(3):
            return tag[0]
        self.floods += 1
        return self.markup[tag.start() : end] + ">"

    def other(self, start: int) -> int:
        """Read a comment, a declaration, or a "<" that begins neither; where it ends, or -1 for what has no end."""
        markup = self.markup
        if _TAG_BEGINS.match(markup, start):
            self.inside = "a tag"
            return -1
        if markup.startswith("<!--", start):
            end = _COMMENT_ENDS.search(markup, start + 4)
            self.inside = "a comment"
            if end is None:
                return -1
            self.comments += end[0] != "-->"
            return end.end()
        if not markup.startswith(("<!", "<?", "</"), start):
            self.nesting.text("&lt;")
            return start + 1
        end_at = markup.find(">", start)
        if end_at < 0:
            self.inside = "a declaration"
            return -1
        if markup[start + 2 : start + 9].lower() == "doctype":
            self.pieces.append(markup[start : end_at + 1])
        elif markup.startswith("<![", start) and self.parser == "html.parser":
            self.unknown += _KNOWN_SECTION.match(markup, start) is None
        return end_at + 1
