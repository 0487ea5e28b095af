"""Proof that two articles share text, on their exact shingles: the relation, how much, and which passages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from syndicate.encoding import encoded
from syndicate.graph import Match, Passage, Relation
from syndicate.passages import SHORTEST_PASSAGE, compare_many, one_stretch
from syndicate.rules.names import fold_name
from syndicate.sketch import FEWEST_SHINGLES
from syndicate.tokens import SHINGLE_TOKENS, tokenise_many

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from syndicate.model import Article
    from syndicate.tokens import Tokens

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


class Text(NamedTuple):
    """What is compared of an article: its id, its outlet's name, folded, and its text in UTF-8."""

    id: str
    outlet: str
    data: bytes

    @classmethod
    def of(cls, article: Article) -> Text:
        """What is compared of this article."""
        return cls(article.id, fold_name(article.outlet or ""), encoded(article.text))


class _Shared(NamedTuple):
    """What two texts share.

    Attributes:
        same: Whether they have the same tokens; of such, nothing else is told.
        distinct: How many different shingles each has, and how many of them both.
        typical: As `relation_of` takes it.
        spans: As `passages.compare` gives them.
        passages: What is shared, as spans of text.
    """

    same: bool
    distinct: tuple[int, int, int]
    typical: int
    spans: NDArray[np.int64]
    passages: list[Passage]


def verify_many(
    texts: Sequence[Text], pairs: NDArray[np.int64], chrome: NDArray[np.uint64] = NOTHING
) -> Iterator[Match]:
    """Compare pairs of texts by their exact shingles, all at once.

    Args:
        texts: The texts.
        pairs: Rows of two texts by number, the one whose id comes first before the other.
        chrome: Shingles that do not count, ascending: what stands in too many articles.

    Yields:
        How they relate, in the order of the pairs; nothing for texts that share no more than quotations.
    """
    tokens = tokenise_many([text.data for text in texts])
    for (left, right), shared in zip(pairs.tolist(), _shared(tokens, pairs, chrome), strict=True):
        match = _judged(texts[left], texts[right], shared)
        if match is not None:
            yield match


def shared_passages(texts: Sequence[Text], pairs: NDArray[np.int64]) -> Iterator[tuple[Passage, ...]]:
    """What pairs of texts share, whether that makes them a match or not; arguments as of `verify_many`."""
    tokens = tokenise_many([text.data for text in texts])
    return (tuple(shared.passages) for shared in _shared(tokens, pairs, NOTHING))


def _shared(tokens: Tokens, pairs: NDArray[np.int64], chrome: NDArray[np.uint64]) -> Iterator[_Shared]:
    """What each pair of texts shares."""
    distinct, found, spans, ends = compare_many(tokens.hashes, tokens.bounds, chrome, pairs)
    passages = _passages(tokens, np.repeat(pairs, np.diff(ends, prepend=0), axis=0), spans)
    long = spans[:, 1] - spans[:, 0] >= SHORTEST_PASSAGE
    ends_of_long = np.concatenate([[0], np.cumsum(long)])[ends]
    start = first = 0
    rows = zip(pairs.tolist(), distinct[pairs].tolist(), found.tolist(), ends.tolist(), strict=True)
    for ((left, right), sizes, (same, both, typical), end), last in zip(rows, ends_of_long.tolist(), strict=True):
        own = [_whole(tokens, left, right)] if same else passages[first:last]
        yield _Shared(bool(same), (*sizes, both), typical, spans[start:end], own)
        start, first = end, last


def _passages(tokens: Tokens, pairs: NDArray[np.int64], spans: NDArray[np.int64]) -> list[Passage]:
    """Ranges of shingles as spans of text, but for the shortest; of each its row of `pairs` says whose they are."""
    long = spans[:, 1] - spans[:, 0] >= SHORTEST_PASSAGE
    places = spans[long] + np.repeat(tokens.bounds[pairs[long]], 2, axis=1)
    places[:, 1::2] += SHINGLE_TOKENS - 2  # a run of n shingles covers n + 4 tokens
    starts, ends = tokens.starts[places[:, ::2]], tokens.ends[places[:, 1::2]]
    return list(map(Passage, starts[:, 0].tolist(), ends[:, 0].tolist(), starts[:, 1].tolist(), ends[:, 1].tolist()))


def _whole(tokens: Tokens, left: int, right: int) -> Passage:
    """All of two texts."""
    ends = ((tokens.starts[tokens.bounds[text]], tokens.ends[tokens.bounds[text + 1] - 1]) for text in (left, right))
    return Passage(*(int(place) for pair in ends for place in pair))


def _judged(a: Text, b: Text, shared: _Shared) -> Match | None:
    """What two texts are to each other that share so much."""
    if shared.same:
        relation = Relation.REPOST if a.outlet and b.outlet and a.outlet != b.outlet else Relation.IDENTICAL
        return Match(a.id, b.id, relation, 1.0, 1.0, 1.0, tuple(shared.passages))
    of_a, of_b, of_both = shared.distinct
    if min(of_a, of_b) < FEWEST_SHINGLES:
        return None
    containment_a, containment_b = of_both / of_a, of_both / of_b
    partial = relation_of(containment_a, containment_b, shared.typical)
    if a.outlet and a.outlet == b.outlet:
        partial = _of_one_outlet(partial, shared.spans)
    if partial is None:
        return None
    resemblance = of_both / (of_a + of_b - of_both)
    return Match(a.id, b.id, partial, resemblance, containment_a, containment_b, tuple(shared.passages))


def relation_of(containment_a: float, containment_b: float, typical: int) -> Relation | None:
    """Name the relation of two texts that are not the same.

    Args:
        containment_a: The share of the one that is in the other.
        containment_b: The other way round.
        typical: Tokens of the passages that half of what they share stands in.
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
