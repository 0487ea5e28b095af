"""Proof that two articles share text, on their exact shingles: the relation, how much, and which passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from syndicate import kernels
from syndicate.graph import Match, Passage, Relation
from syndicate.passages import (
    CHROME,
    SHORTEST_PASSAGE,
    compare,
    compare_many,
    count_distinct,
    one_stretch,
    typical_tokens,
)
from syndicate.rules.names import fold_name
from syndicate.sketch import FEWEST_SHINGLES
from syndicate.tokens import SHINGLE_TOKENS, Tokens, classes, code_points, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from syndicate.model import Article

MOST_OF_BOTH: Final = 0.5
"""Containment, both ways, from which on two articles are reposts of one text."""
MOST_OF_SHORTER: Final = 0.6
"""Containment of the shorter from which on it is an excerpt of the longer."""
PART_OF_SHORTER: Final = 0.315
"""Containment from which on two articles overlap; below, what they share is quotations."""
RUNNING_TEXT: Final = 29
"""Tokens of the passages that half of an overlap stands in, at the least: what is shared in shorter pieces is
quotations, captions, and the lines of lists."""
ONE_STRETCH: Final = 0.93
"""Share of the place where two articles of one outlet overlap, in each, from which on this is its standing text."""
NOTHING: Final[NDArray[np.uint64]] = np.empty(0, np.uint64)


class Source(NamedTuple):
    """An article as it waits to be taken apart: its id, its outlet's name, folded, and its text."""

    id: str
    outlet: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """An article's text as matching sees it.

    Attributes:
        id: The article's.
        outlet: Its outlet's name, folded; "" where it is not known.
        tokens: Those of the text.
        shingles: Their hashes in text order, repeats included; `CHROME` in the place of those that do not count.
        distinct: How many different shingles count.
    """

    id: str
    outlet: str
    tokens: Tokens
    shingles: NDArray[np.uint64]
    distinct: int

    @classmethod
    def of(cls, article: Article, chrome: NDArray[np.uint64] = NOTHING) -> Text:
        """The text of an article, taken apart."""
        return cls.read(article.id, fold_name(article.outlet or ""), article.text, chrome)

    @classmethod
    def read(cls, id: str, outlet: str, text: str, chrome: NDArray[np.uint64] = NOTHING) -> Text:  # noqa: A002
        """Take a text apart.

        Args:
            id: The article's.
            outlet: Its outlet's name, folded.
            text: The text.
            chrome: Shingles that do not count, ascending: what stands in too many articles.
        """
        tokens = tokenise(text)
        shingles = tokens.shingles()
        if chrome.size:
            shingles[is_chrome(shingles, chrome)] = CHROME
        return cls(id, outlet, tokens, shingles, count_distinct(shingles))


def verify(a: Text, b: Text) -> Match | None:
    """Compare two texts by their exact shingles.

    Args:
        a: The text whose id comes first.
        b: The other.

    Returns:
        How they relate, or None where they share no more than quotations.
    """
    if a.tokens.hashes.size == b.tokens.hashes.size > 0 and np.array_equal(a.tokens.hashes, b.tokens.hashes):
        return _identical(a, b)
    return _judged(a, b, *compare(a.shingles, b.shingles))


def verify_many(
    sources: Sequence[Source], pairs: NDArray[np.int64], chrome: NDArray[np.uint64] = NOTHING
) -> Iterator[Match]:
    """Compare pairs of texts, the texts taken apart at once: what `verify` finds, in the order of the pairs.

    Args:
        sources: The texts.
        pairs: Rows of two texts by number, the one whose id comes first before the other.
        chrome: Shingles that do not count, ascending: what stands in too many articles.
    """
    bounds = np.cumsum([0, *(len(source.text) for source in sources)], dtype=np.int64)
    codes = code_points("".join(source.text for source in sources))
    hashes, spans, ends, unstable = kernels.tokenise_many(codes, bounds, classes())
    shingles, distinct, shared, found, found_ends = compare_many(hashes, ends, chrome, pairs)
    texts: list[Text] = []
    start = 0
    for source, end, counted, is_unstable in zip(
        sources, ends.tolist(), distinct.tolist(), unstable.tolist(), strict=True
    ):
        tokens = Tokens(hashes[start:end], spans[start:end, 0], spans[start:end, 1])
        own = shingles[start : max(end - SHINGLE_TOKENS + 1, start)]
        text = Text(source.id, source.outlet, tokens, own, counted)
        texts.append(Text.read(*source, chrome) if is_unstable else text)
        start = end
    start = 0
    numbers = zip(pairs.tolist(), shared.tolist(), found_ends.tolist(), strict=True)
    for (left, right), (same, count), end in numbers:
        a, b = texts[left], texts[right]
        if unstable[left] or unstable[right]:
            match = verify(a, b)
        elif same and a.tokens.hashes.size:
            match = _identical(a, b)
        else:
            match = _judged(a, b, count, found[start:end])
        start = end
        if match is not None:
            yield match


def _identical(a: Text, b: Text) -> Match:
    """The match of two texts of the same tokens."""
    relation = Relation.REPOST if a.outlet and b.outlet and a.outlet != b.outlet else Relation.IDENTICAL
    ends = ((text.tokens.starts[0], text.tokens.ends[-1]) for text in (a, b))
    whole = Passage(*(int(place) for pair in ends for place in pair))
    return Match(a.id, b.id, relation, 1.0, 1.0, 1.0, (whole,))


def _judged(a: Text, b: Text, shared: int, spans: NDArray[np.int64]) -> Match | None:
    """What two texts are to each other that share so many shingles, in these runs."""
    if min(a.distinct, b.distinct) < FEWEST_SHINGLES:
        return None
    containment_a, containment_b = shared / a.distinct, shared / b.distinct
    if max(containment_a, containment_b) < PART_OF_SHORTER:
        return None
    partial = relation_of(containment_a, containment_b, typical_tokens(spans))
    if a.outlet and a.outlet == b.outlet:
        partial = _of_one_outlet(partial, spans)
    if partial is None:
        return None
    resemblance = shared / (a.distinct + b.distinct - shared)
    return Match(a.id, b.id, partial, resemblance, containment_a, containment_b, _passages(a, b, spans))


def relation_of(containment_a: float, containment_b: float, typical: int) -> Relation | None:
    """Name the relation of two texts that are not the same.

    Args:
        containment_a: The share of the one that is in the other.
        containment_b: The other way round.
        typical: Tokens of the passages that half of what they share stands in, as `typical_tokens` tells.
    """
    if min(containment_a, containment_b) >= MOST_OF_BOTH:
        return Relation.REPOST
    most = max(containment_a, containment_b)
    if most >= MOST_OF_SHORTER:
        return Relation.EXCERPT
    return Relation.OVERLAP if most >= PART_OF_SHORTER and typical >= RUNNING_TEXT else None


def _of_one_outlet(relation: Relation | None, spans: NDArray[np.int64]) -> Relation | None:
    """What a relation is between two articles of one outlet.

    A text much like another is its revision. One stretch that stands in two articles with nothing else in common is
    the outlet's own: a gallery's captions, a list of who was asked, last week's item.
    """
    if relation is Relation.REPOST:
        return Relation.REVISION
    standing = relation is Relation.OVERLAP and one_stretch(spans, RUNNING_TEXT - SHINGLE_TOKENS + 1, ONE_STRETCH)
    return None if standing else relation


def is_chrome(shingles: NDArray[np.uint64], chrome: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of the shingles are chrome, which is ascending and not empty."""
    at = np.minimum(np.searchsorted(chrome, shingles), chrome.size - 1)
    found: NDArray[np.bool_] = chrome[at] == shingles
    return found


def _passages(a: Text, b: Text, spans: NDArray[np.int64]) -> tuple[Passage, ...]:
    """Ranges of shingles as spans of text, but for the shortest."""
    spans = spans[spans[:, 1] - spans[:, 0] >= SHORTEST_PASSAGE]
    last = SHINGLE_TOKENS - 2  # a run of n shingles covers n + 4 tokens
    columns = (
        a.tokens.starts[spans[:, 0]], a.tokens.ends[spans[:, 1] + last],
        b.tokens.starts[spans[:, 2]], b.tokens.ends[spans[:, 3] + last],
    )  # fmt: skip
    return tuple(map(Passage, *(column.tolist() for column in columns)))
