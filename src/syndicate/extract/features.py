"""A page as numbers: for each block, what it is made of, where it stands, and what stands around it."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from syndicate.encoding import code_points
from syndicate.extract import columns
from syndicate.extract.counted import count
from syndicate.model import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from syndicate.elements import Elements
    from syndicate.extract.names import Names
    from syndicate.model import Document

_TAGS: Final = (
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "blockquote", "div", "figcaption", "pre", "dd", "dt",
    "section", "article", "body", "summary", "label", "address",
)  # fmt: skip
"""Tags of blocks; of the rest it is only known that they are none of these."""
_AROUND: Final = (
    "nav", "footer", "header", "aside", "figure", "figcaption", "form", "button", "main", "article", "section", "ul",
    "ol", "li", "table", "blockquote", "pre", "a", "h1", "dialog", "dl",
)  # fmt: skip
"""Tags of what stands around a block."""
_KINDS: Final = tuple(map(str, Kind))
_PLACE: Final = (
    "place", "text-place", "prose-place", "prose", "page-prose", "page-blocks", "chrome", "hidden", "in-region",
    "region-place", "since-region", "until-region-end", "region-prose",
)  # fmt: skip
_LIKENESS: Final = (
    "same-shape", "same-shape-prose", "same-shape-length", "same-shape-links", "copies", "seen-before", "title",
    "since-title", "title-known", "byline",
)  # fmt: skip
FEATURES: Final = (
    *(f"text:{name}" for name in columns.TEXT),
    *(f"tag:{tag}" for tag in _TAGS),
    "depth",
    *(f"in:{tag}" for tag in _AROUND),
    *(f"kind:{kind}" for kind in _KINDS),
    "kind:any", "named", "times-named",
    *_PLACE, *_LIKENESS,
    "headings-before", "article", "articles",
    *(f"container-{level}:{name}" for level in range(columns.LEVELS) for name in columns.TREE),
    *(f"window-{size}:{name}" for size in columns.WINDOWS for name in columns.WINDOW),
    "since-prose", "until-prose",
)  # fmt: skip
"""Names of the features, in order. Distances ("since", "until") are signed logarithms of blocks."""

_NEVER_CHROME: Final = frozenset(("html", "body", "main", "article"))
_NEVER_ARTICLE: Final = _KINDS.index(Kind.COOKIE_NOTICE)
"""The kind that stays chrome however much of the page it is."""
_TAG_NUMBERS: Final = {tag: at for at, tag in enumerate(_TAGS)}
_AROUND_NUMBERS: Final = {tag: at for at, tag in enumerate(_AROUND)}
_KIND_NUMBERS: Final = {kind: at for at, kind in enumerate(_KINDS)}
_MOST_COPIES: Final = 4
_LONGEST_BYLINE: Final = 120
_LIKE: Final = 0.6
"""Share of words in common from which on a block is taken for the title."""


class Seen(NamedTuple):
    """What there is to see of a page.

    Attributes:
        features: float32, a row a block, in the order of `FEATURES`.
        words: How many words each block has, float32.
        chrome: For each block the index of the outermost element around it that is hidden, or chrome by its tag or
            name, and does not hold too much of the page for that; -1 where there is none.
        inside: For each block whether it lies in the region that holds most of the page's prose.
    """

    features: NDArray[np.float32]
    words: NDArray[np.float32]
    chrome: NDArray[np.int64]
    inside: NDArray[np.bool_]

    def title(self) -> int | None:
        """Index of the main heading that is most like the page's title, if one is like it."""
        likeness = self.features[:, FEATURES.index("title")] * self.features[:, FEATURES.index("tag:h1")]
        best = int(likeness.argmax())
        return best if likeness[best] > _LIKE else None


def look(document: Document, names: Names) -> Seen:
    """Compute the features of a page's blocks.

    Args:
        document: A page with elements and at least one block.
        names: What tags and names say.
    """
    blocks, elements = _blocks(document), document.elements
    numbers = np.array([_TAG_NUMBERS.get(block.tag, -1) for block in document.blocks])
    tags = np.zeros((len(document.blocks), len(_TAGS)), np.float32)
    tags[np.flatnonzero(numbers >= 0), numbers[numbers >= 0]] = 1
    headings = numbers == _TAG_NUMBERS["h1"]
    text, above, articles, containers, windows, prose, chrome, hidden, within = count(
        (code_points(document.text), _classes()),
        blocks,
        _marks(elements, names),
        (numbers == _TAG_NUMBERS["p"], headings),
        (len(_AROUND), len(_KINDS)),
    )
    place = _place(blocks.ends - blocks.starts, prose, (chrome >= 0, hidden, within))
    likeness = _likeness(document, _shapes(blocks, elements), blocks, prose, headings & ~hidden)
    features = np.concatenate([text, tags, above, place, likeness, articles, containers, windows], axis=1)
    return Seen(features, np.expm1(text[:, columns.TEXT.index("words")]), chrome, within)


class _Blocks(NamedTuple):
    """A page's blocks as arrays, and the parents of its elements."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    links: NDArray[np.int64]
    elements: NDArray[np.int64]
    parents: NDArray[np.int64]


class _Marks(NamedTuple):
    """What each element is by its tag, its names and its attributes; see `columns` and `region` for the numbers."""

    tags: NDArray[np.int64]
    kinds: NDArray[np.int64]
    named: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    marked: NDArray[np.bool_]
    stubborn: NDArray[np.bool_]
    articles: NDArray[np.bool_]


def _blocks(document: Document) -> _Blocks:
    starts, ends, _, elements, links = zip(*document.blocks, strict=True)
    return _Blocks(
        *(np.array(values, np.int64) for values in (starts, ends, links, elements, document.elements.parents))
    )


def _marks(elements: Elements, names: Names) -> _Marks:
    rows = []
    for tag, words in elements.forms:
        reason, is_article = names.tell(tag, words)
        kind = -1 if reason is None else _KIND_NUMBERS[reason.kind]
        rows.append((_AROUND_NUMBERS.get(tag, -1), kind, is_article, tag in _NEVER_CHROME, tag == "article"))
    numbers = np.array(rows, np.int64).T[:, elements.numbers]
    kinds, named, body, articles = numbers[1], *(numbers[2:] > 0)
    hiding = np.array(elements.hides)
    marked = (hiding | (kinds >= 0)) & ~body
    return _Marks(numbers[0], kinds, named, hiding, marked, kinds == _NEVER_ARTICLE, articles)


def _place(lengths: Any, prose: Any, flags: tuple[Any, Any, Any]) -> Any:
    """The `_PLACE` columns; the flags are chrome, hidden, in the region."""
    count = prose.size
    at, total = np.arange(count), max(prose.sum(), 1.0)
    within = np.flatnonzero(flags[2])
    first, last = (within[0], within[-1]) if within.size else (0, count - 1)
    values = (
        at / count, lengths.cumsum() / lengths.sum(), prose.cumsum() / total, prose / total,
        np.log1p(total), np.log1p(count), *flags,
        np.clip((at - first) / max(last - first, 1), -1, 2), _signed_log(at - first), _signed_log(last - at),
        prose[flags[2]].sum() / total,
    )  # fmt: skip
    return _table(values, count)


def _table(values: Sequence[Any], count: int) -> Any:
    """Columns, or single numbers for all rows, as an array of so many rows."""
    out = np.empty((count, len(values)), np.float32)
    for at, column in enumerate(values):
        out[:, at] = column
    return out


def _signed_log(steps: Any) -> Any:
    return np.sign(steps) * np.log1p(np.abs(steps))


def _likeness(document: Document, shapes: Any, blocks: _Blocks, prose: Any, headings: Any) -> Any:
    """The `_LIKENESS` columns: blocks of the same shape, with the same text, like the title, of the author's name."""
    texts = [document.text[start:end] for start, end, *_ in document.blocks]
    count = len(texts)
    sizes = np.bincount(shapes)
    lengths, links = np.bincount(shapes, blocks.ends - blocks.starts), np.bincount(shapes, blocks.links)
    first: dict[str, int] = {}
    same = np.array([first.setdefault(text, at) for at, text in enumerate(texts)])
    like = np.array(_likeness_to_title(texts, _values(document, "title")))
    known = bool((like > _LIKE).any() or headings.any())
    heading = np.argmax((like > _LIKE) * (2 + headings + like) + headings * 0.1)
    values = (
        np.log1p(sizes)[shapes], (np.bincount(shapes, prose) / max(prose.sum(), 1.0))[shapes],
        np.log1p(lengths / sizes)[shapes], (links / lengths)[shapes],
        np.minimum(np.bincount(same)[same] - 1, _MOST_COPIES), same < np.arange(count), like,
        _signed_log(np.arange(count) - heading) if known else 0, known,
        _are_bylines(texts, _values(document, "byline")),
    )  # fmt: skip
    return _table(values, count)


def _shapes(blocks: _Blocks, elements: Elements) -> Any:
    """For each block the number of its shape: the form of its element, and of that one's parent."""
    forms = np.array(elements.numbers)
    own, above = forms[blocks.elements], forms[np.maximum(blocks.parents[blocks.elements], 0)]
    return np.unique(own * len(elements.forms) + above, return_inverse=True)[1]


def _values(document: Document, field: str) -> list[str]:
    return [claim.value for claim in document.claims if claim.field == field]


def _likeness_to_title(texts: list[str], titles: list[str]) -> list[float]:
    """For each block about as long as a title the share of words that it and the title have in common."""
    if not titles:
        return [0.0] * len(texts)
    least, most = min(map(len, titles)) / 3, 3 * max(map(len, titles))
    known = [set(title.lower().split()) for title in dict.fromkeys(titles)]
    whole = set().union(*known)
    likeness = []
    for text in texts:
        like = 0.0
        if least < len(text) < most:
            words = set(text.lower().split())
            if not whole.isdisjoint(words):
                like = max(len(words & title) / len(words | title) for title in known)
        likeness.append(like)
    return likeness


def _are_bylines(texts: list[str], bylines: list[str]) -> list[bool]:
    """For each short block whether it has an author's name, or is part of one."""
    found = [False] * len(texts)
    for byline in dict.fromkeys(bylines):
        for at, text in enumerate(texts):
            if len(text) < _LONGEST_BYLINE and (text in byline or byline in text):
                found[at] = True
    return found


_SIGNS: Final = {
    "|": columns.PIPE, "©": columns.COPYRIGHT, "@": columns.AT, "\n": columns.BREAK, "/": columns.SLASH,
    "›": columns.ARROW, "»": columns.QUOTE, "•": columns.BULLET,
}  # fmt: skip
_STOPS: Final = ".!?…。！？؟।"
_COMMAS: Final = ",;、，؛،"
_QUOTES: Final = "\"“”„«»‘’'「」"
_CATEGORIES: Final = {
    "Nd": columns.DIGIT, "Lu": columns.UPPER, "Lt": columns.UPPER, "Ll": columns.LOWER, "Lm": columns.LOWER,
    "Lo": columns.LOWER,
}  # fmt: skip
_FIRST_UNSPACED: Final = 0x2E80
"""Letters without case from here on are those of scripts that part no words."""


@cache
def _classes() -> Any:
    """For each code point of the basic plane its class, as `columns.text_columns` wants it."""
    return np.array([_class(code) for code in range(0x10000)], np.uint8)


def _class(code: int) -> int:
    char, category = chr(code), unicodedata.category(chr(code))
    if char in _SIGNS:
        return _SIGNS[char]
    for chars, number in ((_STOPS, columns.STOP), (_COMMAS, columns.COMMA), (_QUOTES, columns.QUOTE)):
        if char in chars:
            return number
    if char.isspace():
        return columns.SPACE
    if category == "Lo" and code >= _FIRST_UNSPACED:
        return columns.UNSPACED
    return _CATEGORIES.get(category, columns.SYMBOL if category[0] in "SP" else columns.OTHER)
