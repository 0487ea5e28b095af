"""Stories in the data that scripts carry: what a page is drawn from, or goes on with, once its scripts run.

Frameworks and publishing systems lay an article out in many ways: one string of markup, a list of paragraphs, a tree
of nodes. They are told by form, by no site's and no system's name: several paragraphs beside each other.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from syndicate.parse.titles import folded_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_BUDGET: Final = 4_000_000
"""Characters of scripts that are decoded in a page."""
_MOST_NODES: Final = 100_000
_MOST_STARTS: Final = 100
_FEWEST, _MOST_SIBLINGS = 3, 2_000
"""How many paragraphs stand beside each other in a story."""
_PARAGRAPH: Final = 80
_DEEPEST: Final = 8
_NEAR: Final = 4
"""How many objects up from a story its title may stand."""
_FEWEST_LETTERS: Final = 10
_LONGEST_TITLE: Final = 400
_DATA: Final = re.compile(r'(?:^|[=(])\s*+(?=[\[{]\s*+["\[{])|JSON\.parse\(\s*+(?=")')
_DECODER: Final = json.JSONDecoder(strict=False)
_MARKUP: Final = re.compile(r"</?[a-zA-Z]|&#?\w+;")
_PARAGRAPHS: Final = re.compile(r"<(?:p|br|div|h[1-6])\b", re.IGNORECASE)
_LINES: Final = re.compile(r"\s*\n\s*")
_TEXTS: Final = (
    "text", "value", "content", "html", "body", "children", "nodes", "leaves", "blocks", "model", "items", "element",
    "data",
)  # fmt: skip
"""Names under which nodes hold their text, or other nodes."""
_BODIES: Final = frozenset(("articleBody", "body", "content", "html", "text", "story", "fullText", "bodyText"))
"""Names under which a long string without markup is a story."""
_TITLES: Final = ("headline", "headlines", "title")
_NAMES: Final = (*_TITLES, "slug")
"""What has one of these is no part of a story, but a story."""
_JSON: Final = ("[{", '{"')
_CODE: Final = ("{", "}", "()", " = ")
_MOST_CODE: Final = 200
"""One of these in so many characters tells that a string is a program, or data."""
_BLOCK: Final = re.compile(r"^(?:p|ul|ol|li|h[1-6]|div)$|para|head|title|list|quote|block|section", re.IGNORECASE)
_HEADING: Final = re.compile(r"head|title|^h[1-6]$", re.IGNORECASE)
_LIST: Final = re.compile(r"list$|^[uo]l$", re.IGNORECASE)
_NO_TEXT: Final = re.compile(
    r"^ads?(?:$|[-_ ])|advert|image|photo|picture|video|audio|embed|gallery|iframe|script|related|recirc|newsletter|"
    r"promo|interstitial|social|tweet|oembed|divider|^raw",
    re.IGNORECASE,
)


class Story(NamedTuple):
    """A text of several paragraphs.

    Attributes:
        markup: The text.
        holders: The objects around it, the nearest first.
    """

    markup: str
    holders: tuple[dict[str, Any], ...]

    def is_named(self, titles: Sequence[str]) -> bool | None:
        """Whether its nearest object that has a title has one of some; None where only one further off says it.

        Args:
            titles: Folded.
        """
        for holder in self.holders:
            own = [said for name in _TITLES for said in _said(holder.get(name))]
            if own:
                return _agree(own, titles)
        beside = (said for holder in self.holders for value in holder.values() for said in _said(value))
        return None if _agree(beside, titles) else False


def stories(scripts: Iterable[str], least: int) -> Iterator[Story]:
    """Find the stories in the data of scripts.

    Args:
        scripts: Their text, as it stands in the page; data is found behind a "=" or "(", too.
        least: Characters that a story has at least.
    """
    for data in _data(scripts, least):
        yield from _stories(data, least)


def paragraphs(text: str) -> str:
    """Markup of a text that may be markup, escaped markup, or lines."""
    if "<" not in text and "&" in text:
        text = html.unescape(text)
    if _PARAGRAPHS.search(text):
        return text
    return "".join(f"<p>{_inline(line)}</p>" for line in _LINES.split(text.strip()))


def _data(scripts: Iterable[str], least: int) -> Iterator[Any]:
    budget = _BUDGET
    for script in scripts:
        if len(script) < least:
            continue
        at = 0
        for _ in range(_MOST_STARTS):
            start = _DATA.search(script, at)
            if start is None or budget < len(script) - start.end():
                break
            try:
                data, at = _DECODER.raw_decode(script, start.end())
                if isinstance(data, str):
                    data = _DECODER.decode(data)
            except RecursionError:
                break
            except json.JSONDecodeError as error:
                at = max(start.end() + 1, error.pos if error.doc is script else at)
            else:
                if isinstance(data, (dict, list)) and at - start.end() >= least:
                    yield data
            budget -= at - start.end()


def _stories(data: Any, least: int) -> Iterator[Story]:
    open_: list[tuple[Any, str, tuple[dict[str, Any], ...]]] = [(data, "", ())]
    for _ in range(_MOST_NODES):
        if not open_:
            return
        value, name, holders = open_.pop()
        if isinstance(value, str):
            inner = _of_json(value) if len(value) >= least and value.startswith(_JSON) else None
            if inner is not None:
                open_.append((inner, name, holders))
                continue
            markup = _of_string(value, name) if len(value) >= least else ""
        else:
            markup = _of_siblings(value)
        if len(markup) >= least:
            yield Story(markup, holders)
        if isinstance(value, dict):
            inside = (value, *holders[: _NEAR - 1])
            open_ += (
                (item, key, inside) for key, item in value.items() if item and isinstance(item, (str, dict, list))
            )
        elif isinstance(value, list):
            open_ += ((item, name, holders) for item in value if item and isinstance(item, (str, dict, list)))


def _of_string(value: str, name: str) -> str:
    if sum(map(value.count, _CODE)) * _MOST_CODE > len(value):
        return ""
    is_story = _is_markup(value) or (name in _BODIES and value.count(". ") >= _FEWEST)
    return paragraphs(value) if is_story else ""


def _of_json(value: str) -> Any:
    """What a string of JSON inside JSON holds, None for any other."""
    try:
        return _DECODER.decode(value)
    except (ValueError, RecursionError):
        return None


def _of_siblings(value: Any) -> str:
    """The markup of paragraphs beside each other; "" where there are not enough of them."""
    if isinstance(value, dict):  # numbered pages are a list by another name
        value = list(value.values()) if len(value) >= _FEWEST and all(map(str.isdigit, value)) else ()
    if not _FEWEST <= len(value) <= _MOST_SIBLINGS or any(
        isinstance(item, dict) and _is_named(item) for item in value
    ):
        return ""
    pieces = [_block(item, 0) for item in value]
    long = sum(len(piece) >= _PARAGRAPH for piece in pieces)
    return "".join(pieces) if long >= _FEWEST else ""


def _is_named(item: dict[str, Any]) -> bool:
    return any(item.get(name) for name in _NAMES)


def _block(item: Any, depth: int) -> str:
    """A node as a paragraph, heading or list, or as the blocks inside it."""
    kind = _kind(item)
    if _NO_TEXT.search(kind) or depth > _DEEPEST:
        return ""
    inner = _inner(item)
    if isinstance(inner, list) and (_LIST.search(kind) or any(_BLOCK.search(_kind(child)) for child in inner)):
        pieces = [_block(child, depth + 1) for child in inner]
        return "".join(f"<li>{piece}</li>" for piece in pieces) if _LIST.search(kind) else "".join(pieces)
    if isinstance(inner, str) and _PARAGRAPHS.search(html.unescape(inner)):
        return paragraphs(inner)
    text = _inline(inner, depth)
    tag = "h2" if _HEADING.search(kind) else "p"
    return f"<{tag}>{text}</{tag}>" if text and not text.isspace() else ""


def _inline(value: Any, depth: int = 0) -> str:
    """The text of a node that holds no blocks, as markup."""
    if isinstance(value, str):
        return value if _MARKUP.search(value) else html.escape(value, quote=False)
    if depth > _DEEPEST or _NO_TEXT.search(_kind(value)):
        return ""
    if isinstance(value, list):
        return "".join(_inline(item, depth + 1) for item in value)
    return _inline(_inner(value), depth + 1)


def _inner(item: Any) -> Any:
    """What a node holds: a text, or a list of nodes; numbers and the like are none."""
    if isinstance(item, dict):
        held = (item[name] for name in _TEXTS if name in item)
        known = next((value for value in held if value and isinstance(value, (str, list, dict))), None)
        return known or "".join(paragraphs(value) for value in item.values() if _is_markup(value))
    return item if isinstance(item, (str, list)) else ""


def _is_markup(value: Any) -> bool:
    return isinstance(value, str) and ("<p" in value or "&lt;p" in value)


def _kind(item: Any) -> str:
    """What a node says that it is; a mere "tag" or "element" says it inside."""
    if not isinstance(item, dict):
        return ""
    inner = item.get("element")
    kind = item.get("tag") or (inner.get("tag") if isinstance(inner, dict) else None) or item.get("type")
    return kind if isinstance(kind, str) else ""


def _said(value: Any) -> Iterator[str]:
    """A short text, or those of an object, folded."""
    for said in value.values() if isinstance(value, dict) else (value,):
        if isinstance(said, str) and said and len(said) <= _LONGEST_TITLE:
            yield folded_name(html.unescape(said))


def _agree(said: Iterable[str], titles: Sequence[str]) -> bool:
    return any(
        one == title or (len(title) > 2 * _FEWEST_LETTERS and title in one)
        for one in said
        for title in titles
        if len(title) >= _FEWEST_LETTERS
    )
