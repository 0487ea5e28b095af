"""A tree as canonical markup: as the HTML standard serialises it, with the marks of selected elements.

lexbor writes its trees so itself; BeautifulSoup's, whatever parser made them, are written here. Only what `scan`
reads is written of those: no comments, and nothing of drawings and the like.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from syndicate.parse.decode import utf8
from syndicate.parse.tags import HEAD_TAGS, LEAF_TAGS, RAW_TAGS, VOID_TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MARK: Final = "selected"
"""The attribute of a selected element, the last one: numbers of selectors, parted by spaces. Two spaces stand before
it, which no attribute of a page can have."""
_QUOTE: Final = '"'
_TAG_NAME: Final = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE_NAME: Final = re.compile(r"[^\s/>=][^\s/>=]*")
_WRITTEN: Final = HEAD_TAGS | VOID_TAGS
"""The leaves that are written; of the others nothing is ever read."""
_RAW_ENDS: Final = {name: re.compile(rf"</(?={name})", re.IGNORECASE) for name in RAW_TAGS}
_UNKNOWN: Final = "unknown"


def soup_markup(root: Any, marks: Mapping[int, Sequence[int]]) -> bytes:
    """Write a BeautifulSoup object, or one of its tags, without a stack of calls: trees are deep.

    Args:
        root: The tree; it is left as it is.
        marks: For each selected tag, by identity, the numbers of the selectors.
    """
    return utf8("".join(_pieces(root, marks)))


def _pieces(root: Any, marks: Mapping[int, Sequence[int]]) -> Iterator[str]:
    from bs4 import CData, NavigableString, Tag
    from bs4.element import Script, Stylesheet, TemplateString

    # Comments, doctypes and the like are other kinds of strings, and no text of the page.
    texts = {NavigableString, CData, Script, Stylesheet, TemplateString}
    open_tags: list[tuple[str, Any]] = [("", iter((root,)))]
    if root.name == "[document]":
        open_tags = [("", iter(root.contents))]
    while open_tags:
        name, children = open_tags[-1]
        child = next(children, None)
        if child is None:
            open_tags.pop()
            if name:
                yield f"</{name}>"
        elif isinstance(child, Tag):
            tag = _name(child.name)
            if tag in LEAF_TAGS and tag not in _WRITTEN:
                continue
            yield f"<{tag}{''.join(_attributes(child, marks.get(id(child), ())))}>"
            if tag not in VOID_TAGS:
                open_tags.append((tag, iter(child.contents)))
        elif type(child) in texts:
            yield _RAW_ENDS[name].sub(r"<\\/", child) if name in RAW_TAGS else _escaped(child)


def _name(name: str) -> str:
    return name.lower() if _TAG_NAME.fullmatch(name) else _UNKNOWN


def _attributes(tag: Any, marks: Sequence[int]) -> Iterator[str]:
    for name, value in tag.attrs.items():
        if _ATTRIBUTE_NAME.fullmatch(name):
            whole = " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
            yield f' {name.lower()}="{_escaped(whole).replace(_QUOTE, "&quot;")}"'
    if marks:
        yield f'  {MARK}="{" ".join(map(str, marks))}"'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
