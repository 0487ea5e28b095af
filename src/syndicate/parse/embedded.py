"""Articles that stand in a page where none of its blocks is: in JSON-LD, scripts, templates, `noscript`.

Nothing of it is read on a page whose visible prose is enough to be an article, and what is read is taken only if the
visible text does not have it. What is taken comes after the page's own blocks, under an element of its own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.elements import Element, Elements
from syndicate.parse.linked_data import article_facts
from syndicate.parse.state import paragraphs, stories
from syndicate.parse.titles import folded_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from syndicate.model import Block, Document
    from syndicate.parse.head import Head

_POOR: Final = 2_000
"""Characters of visible prose from which on a page is taken to show its article; one page in eight has less."""
_PARAGRAPH: Final = 80
"""Characters from which on a block is prose, if no more than a third of it is links."""
_SHORTEST: Final = 600
"""Characters of prose that a stored article has at least."""
_MOST_FOUND: Final = 64
"""Stored texts that are looked at in a page."""
_LONGER: Final = 1.5
"""How much longer than all visible prose JSON-LD must be to be read on a page that is not poor."""
_SAMPLE, _SAMPLES = 30, 100
"""Characters of a sample, and how many are taken of a text that is long enough for them."""
_SHOWN: Final = 0.5
"""Share of its samples from which on a text stands on the visible page."""
_FLAT: Final = 0.8
"""What JSON-LD counts for against other sources, which keep paragraphs and headings."""
_LINKED_DATA: Final = "JSON-LD"
_TEMPLATE: Final = re.compile(r"template|tmpl|html|handlebars|mustache")
_PLACEHOLDER: Final = re.compile(r"\{[{%]|<[%#]|[$#]\{|\[\[")
_MOST_PLACEHOLDERS: Final = 2
_BODY: Final = re.compile(r'"articleBody"\s*+:\s*+"([^"\\]*+(?:\\.[^"\\]*+)*+)', re.DOTALL)
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ]{5,}")
"""A part of a title that is the same however it is escaped."""
_LETTERS: Final = re.compile(r"\w+")
_LONG_WORD: Final = 5
_DAMAGE: Final = "\ufffd"
_MOST_KNOWN: Final = 0.85
_PARTS: Final = frozenset(("p", "li", "h2", "h3", "h4", "blockquote"))
_WRAPPERS: Final = frozenset(("", "html", "head", "body"))


class _Found(NamedTuple):
    """A stored text that may be the article.

    Attributes:
        source: "JSON-LD", or what it stands in: "a script", "a template", "a noscript element".
        markup: The text.
        sure: Whether the page itself says that it is its article.
    """

    source: str
    markup: str
    sure: bool


class _Candidate(NamedTuple):
    """One of them, taken apart, with what it counts for."""

    weight: float
    found: _Found
    document: Document


def with_stored(document: Document, head: Head, read: Callable[[str], Document]) -> Document:
    """Add to a document the article that its page stores out of sight, if it does not show it.

    Args:
        document: The page as it is seen.
        head: What was met while the page was walked.
        read: Takes markup apart.

    Returns:
        The very same document where nothing was found.
    """
    told = _told(head.linked_data)
    prose = _prose(document.blocks, max(_POOR, len(told)))
    searched: Iterable[_Found] = ()
    if len(told) > (_SHORTEST if prose < _POOR else _LONGER * prose):
        if _is_shown_as_told(told, document.text):
            return document
        searched = _of_linked_data(head)
    if prose < _POOR:
        searched = chain(searched, _of_markup(head, prose), _of_scripts(document, head, prose))
    best = _best(searched, document, prose, read)
    return document if best is None else _joined(document, best)


def _best(
    searched: Iterable[_Found], document: Document, prose: int, read: Callable[[str], Document]
) -> _Candidate | None:
    """The longest of the texts found that is the page's article; None where the page shows its article."""
    best: _Candidate | None = None
    visible = ""
    for found in islice(searched, _MOST_FOUND):
        inner = read(found.markup)
        length = _prose(inner.blocks, len(inner.text))
        if length < _SHORTEST or length <= prose:
            continue
        visible = visible or _letters(document.text)
        is_shown = _is_shown(inner.text, visible, document.text)
        if is_shown and found.sure:
            return None
        if is_shown or not (found.sure or _is_titled(inner.text, document)) or (best and not _agrees(inner, best)):
            continue
        weight = length * (_FLAT if found.source == _LINKED_DATA else 1)
        if best is None or weight > best.weight:
            best = _Candidate(weight, found, inner)
    return best


def _prose(blocks: Sequence[Block], enough: int) -> int:
    """Characters of the blocks that are prose; counting ends once there are enough."""
    total = 0
    for start, end, _, _, link_chars in blocks:
        length = end - start
        if length > _PARAGRAPH and 3 * link_chars < length:
            total += length
            if total > enough:
                break
    return total


def _told(scripts: Sequence[str]) -> str:
    """The longest body that JSON-LD has, as it is escaped there."""
    bodies = (body[1] for script in scripts if '"articleBody"' in script for body in _BODY.finditer(script))
    return max(bodies, key=len, default="")


def _of_linked_data(head: Head) -> Iterator[_Found]:
    body = article_facts(head.linked_data, head.tags.get("link:canonical")).body
    if body:
        yield _Found(_LINKED_DATA, paragraphs(body), sure=True)


def _of_markup(head: Head, prose: int) -> Iterator[_Found]:
    """What templates and `noscript` elements hold, with paragraphs enough, and nothing to be filled in."""
    for stored in head.stored():
        if stored.tag == "script" and not _TEMPLATE.search(stored.type):
            continue
        markup = stored.text
        if len(markup) <= max(prose, _SHORTEST) or len(_PLACEHOLDER.findall(markup)) > _MOST_PLACEHOLDERS:
            continue
        yield _Found("a noscript element" if stored.tag == "noscript" else "a template", markup, sure=False)


def _of_scripts(document: Document, head: Head, prose: int) -> Iterator[_Found]:
    """The stories among the data of scripts that the page's title names."""
    titles = [claim.value for claim in document.claims if claim.field == "title"]
    folded = [folded_name(title) for title in titles]
    plain = [max(_PLAIN.findall(title), key=len, default="") for title in titles]
    texts = (stored.text for stored in head.stored() if stored.tag == "script" and not _TEMPLATE.search(stored.type))
    named = (text for text in texts if any(part in text for part in plain))
    for story in stories(named, max(prose, _SHORTEST)):
        is_named = story.is_named(folded)
        if is_named is not False:
            yield _Found("a script", story.markup, sure=bool(is_named))


def _letters(text: str) -> str:
    """A text without its white space and marks, in which the same words are the same string."""
    return "".join(_LETTERS.findall(text)).casefold()


def _is_shown(text: str, visible: str, raw: str) -> bool:
    """Whether the visible page has most of a text.

    Args:
        text: The text.
        visible: The letters of what is visible.
        raw: The same as it stands there.
    """
    letters = _letters(text)
    step = max(_SAMPLE, len(letters) // _SAMPLES)
    samples = [letters[at : at + _SAMPLE] for at in range(0, max(1, len(letters) - _SAMPLE), step)]
    if sum(sample in visible for sample in samples) >= _SHOWN * len(samples):
        return True
    if _DAMAGE not in raw:
        return False
    # The page was decoded wrong, and what is stored as \\u00fc was not: words of plain letters are left to compare.
    words = {word for word in _LETTERS.findall(text) if len(word) > 5 and word.isascii()}
    return len(words & set(_LETTERS.findall(raw))) >= _MOST_KNOWN * len(words)


def _agrees(inner: Document, best: _Candidate) -> bool:
    """Whether a text is the article that JSON-LD says; without that, any may be."""
    return best.found.source != _LINKED_DATA or _is_shown(best.document.text, _letters(inner.text), "")


def _is_shown_as_told(told: str, text: str) -> bool:
    """Whether a text that is still escaped can be seen, at a glance, to stand on the visible page."""
    places = (len(told) * part // 5 for part in (1, 2, 3, 4))
    return sum(told[at : at + _SAMPLE] in text for at in places) >= 3


def _is_titled(text: str, document: Document) -> bool:
    """Whether a text has half of the long words of the page's title; a dialogue about cookies has not."""
    said = frozenset(_LETTERS.findall(text.casefold()))
    for claim in document.claims:
        words = {word for word in _LETTERS.findall(claim.value.casefold()) if len(word) >= _LONG_WORD}
        if claim.field == "title" and len(words) > 1 and 2 * len(words & said) >= len(words):
            return True
    return False


def _joined(document: Document, candidate: _Candidate) -> Document:
    """The document with the stored article behind its own text."""
    source, inner = candidate.found.source, candidate.document
    tag = source.split()[1] if source.startswith("a ") else "script"
    base = len(document.elements)
    elements = [
        *_without_copies(document, inner),
        Element(tag, 0, "article-body" * candidate.found.sure, hidden=False),
    ]
    places: list[int] = []
    for element in inner.elements:
        if element.tag in _WRAPPERS:
            places.append(base)
            continue
        places.append(len(elements))
        elements.append(element._replace(parent=places[element.parent]))
    separator = "\n\n" if document.text else ""
    shift = len(document.text) + len(separator)
    blocks = (
        block._replace(
            start=block.start + shift,
            end=block.end + shift,
            tag=elements[places[block.element]].tag if places[block.element] > base else "p",
            element=places[block.element],
        )
        for block in inner.blocks
    )
    note = f"the article was read from {source}: the page's own text does not have it"
    return replace(
        document,
        text=f"{document.text}{separator}{inner.text}",
        blocks=(*document.blocks, *blocks),
        elements=Elements.of(elements),
        notes=(*document.notes, note),
    )


def _without_copies(document: Document, inner: Document) -> list[Element]:
    """The page's elements; paragraphs of the article that it does show, most often the first, count as hidden."""
    letters = _letters(inner.text)
    elements = list(document.elements)
    for block in document.blocks:
        is_part = block.tag in _PARTS and block.end - block.start > _PARAGRAPH
        if is_part and _letters(document.text[block.start : block.end]) in letters:
            elements[block.element] = elements[block.element]._replace(hidden=True)
    return elements
