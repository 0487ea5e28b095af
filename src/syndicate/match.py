"""Which articles share text: candidates from fingerprints, each verified on the exact shingles.

Candidates share a band of the MinHash signature (P. Indyk, R. Motwani, 1998), which finds near copies, or sampled
shingle hashes, which finds excerpts that resemblance misses. Nothing is a match by a shared key alone. A key that
stands in a great many articles is chrome nobody has a rule for: it is set aside and reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from syndicate import kernels
from syndicate.errors import InputError
from syndicate.graph import Match, Passage, Relation
from syndicate.model import Status
from syndicate.rules.names import fold_name
from syndicate.sketch import PERMUTATIONS, Fingerprint, sketch
from syndicate.tokens import SHINGLE_TOKENS, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from syndicate.model import Article
    from syndicate.tokens import Tokens

BAND_ROWS: Final = 4
"""Signature values in a band; 32 bands of 4 find a resemblance of .42 half of the time, of .7 always."""
LEAST_SHARED_SAMPLE: Final = 2
"""Sampled hashes that two articles must share to be candidates without a common band."""
COMMONEST: Final = 1_000
"""Articles in which a key may stand before it is set aside."""

MOST_OF_BOTH: Final = 0.5
"""Containment, both ways, from which on two articles are reposts of one text."""
MOST_OF_SHORTER: Final = 0.6
"""Containment of the shorter from which on it is an excerpt of the longer."""
PART_OF_SHORTER: Final = 0.3
"""Containment from which on two articles overlap; below, what they share is quotations."""
LARGEST_GAP: Final = 12
"""Shingles that may differ inside one passage: a changed word costs five."""
SHORTEST_PASSAGE: Final = 6
"""Shingles a passage has at the least: ten words."""


@dataclass(frozen=True, slots=True, eq=False)
class _Text:
    """An article's text as matching sees it."""

    id: str
    outlet: str  # folded; "" where it is not known
    tokens: Tokens
    shingles: NDArray[np.uint64]  # in text order
    distinct: NDArray[np.uint64]  # ascending
    print: Fingerprint | None

    @classmethod
    def of(cls, article: Article) -> _Text:
        tokens = tokenise(article.text)
        shingles = tokens.shingles()
        return cls(article.id, fold_name(article.outlet or ""), tokens, shingles, np.unique(shingles), sketch(tokens))


def find_matches(articles: Iterable[Article]) -> tuple[Match, ...]:
    """Find all pairs of articles that share more than quotations.

    Args:
        articles: Cleaned articles with ids. Only those that are `ok` match: two walls of cookies are no repost.

    Returns:
        Verified matches, in order of their ids; the same for any order of the articles.

    Raises:
        InputError: Two articles have one id, or one has none.
    """
    texts = [_Text.of(article) for article in sorted(_with_ids(articles), key=lambda article: article.id)]
    pairs = {*_exact_pairs(texts), *_candidates(texts)}
    found = (_verify(texts[a], texts[b]) for a, b in sorted(pairs))
    return tuple(match for match in found if match is not None)


def _with_ids(articles: Iterable[Article]) -> Iterator[Article]:
    seen: set[str] = set()
    for article in articles:
        if not article.id:
            raise InputError("an article has no id: clean it with url= or id=")
        if article.id in seen:
            raise InputError(f"two articles have the id {article.id!r}: ids must tell them apart")
        seen.add(article.id)
        if article.status is Status.OK:
            yield article


def _exact_pairs(texts: Sequence[_Text]) -> Iterator[tuple[int, int]]:
    """Pairs with the same tokens, which also finds copies too short for a fingerprint."""
    same: dict[bytes, list[int]] = {}
    for at, text in enumerate(texts):
        if text.tokens.hashes.size:
            same.setdefault(text.tokens.hashes.tobytes(), []).append(at)
    for group in same.values():
        yield from combinations(group, 2)


def _candidates(texts: Sequence[_Text]) -> Iterator[tuple[int, int]]:
    """Pairs that share a band, or enough of their samples."""
    printed = [(at, text.print) for at, text in enumerate(texts) if text.print is not None]
    if not printed:
        return
    owners = np.array([at for at, _ in printed], np.int64)
    signatures = np.stack([fingerprint.signature for _, fingerprint in printed])
    bands = PERMUTATIONS // BAND_ROWS
    by_band = _pairs(_band_keys(signatures).ravel(), np.repeat(owners, bands))
    samples = [fingerprint.sample for _, fingerprint in printed]
    lengths = [sample.size for sample in samples]
    shared, counts = np.unique(
        _pairs(np.concatenate(samples).astype(np.uint64), np.repeat(owners, lengths)),
        axis=0,
        return_counts=True,
    )
    sizes = np.zeros(len(texts), np.int64)
    sizes[owners] = lengths
    smaller = np.minimum(sizes[shared[:, 0]], sizes[shared[:, 1]])
    enough = (counts >= LEAST_SHARED_SAMPLE) | (counts >= PART_OF_SHORTER * smaller)
    for pair in np.unique(np.concatenate([by_band, shared[enough]]), axis=0):
        yield int(pair[0]), int(pair[1])


def _band_keys(signatures: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """A 64-bit key for each band of each signature, distinct between bands; shape (articles, bands)."""
    bands = signatures.reshape(len(signatures), -1, BAND_ROWS).astype(np.uint64)
    keys = np.broadcast_to(np.arange(bands.shape[1], dtype=np.uint64), bands.shape[:2]).copy()
    for row in range(BAND_ROWS):
        keys = (keys ^ bands[:, :, row]) * np.uint64(0x9E3779B97F4A7C15)
        keys ^= keys >> np.uint64(29)
    return keys


def _pairs(keys: NDArray[np.uint64], owners: NDArray[np.int64]) -> NDArray[np.int64]:
    """All pairs of owners of one key, the smaller first, once for each key they share; shape (pairs, 2)."""
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if keys.size else np.empty(0, np.int64)
    sizes = np.diff(np.append(starts, keys.size))
    found = [np.empty((0, 2), np.int64)]
    for size in np.unique(sizes):
        if 2 <= size <= COMMONEST:
            groups = owners[starts[sizes == size][:, None] + np.arange(size)]
            left, right = np.triu_indices(size, 1)
            found.append(np.stack([groups[:, left].ravel(), groups[:, right].ravel()], axis=1))
    return np.concatenate(found)


def _verify(a: _Text, b: _Text) -> Match | None:
    """The relation of two texts by their exact shingles, or None where they share no more than quotations."""
    if np.array_equal(a.tokens.hashes, b.tokens.hashes):
        relation = Relation.REPOST if a.outlet and b.outlet and a.outlet != b.outlet else Relation.IDENTICAL
        whole = Passage(
            int(a.tokens.starts[0]), int(a.tokens.ends[-1]), int(b.tokens.starts[0]), int(b.tokens.ends[-1])
        )
        return Match(a.id, b.id, relation, 1.0, 1.0, 1.0, (whole,))
    if not a.distinct.size or not b.distinct.size:
        return None
    shared = kernels.count_shared(a.distinct, b.distinct)
    containment_a, containment_b = shared / a.distinct.size, shared / b.distinct.size
    partial = relation_of(containment_a, containment_b)
    if partial is None:
        return None
    resemblance = shared / (a.distinct.size + b.distinct.size - shared)
    return Match(a.id, b.id, partial, resemblance, containment_a, containment_b, tuple(_passages(a, b)))


def relation_of(containment_a: float, containment_b: float) -> Relation | None:
    """Name the relation of two texts that are not the same, by how much of each is in the other."""
    if min(containment_a, containment_b) >= MOST_OF_BOTH:
        return Relation.REPOST
    most = max(containment_a, containment_b)
    if most >= MOST_OF_SHORTER:
        return Relation.EXCERPT
    return Relation.OVERLAP if most >= PART_OF_SHORTER else None


def _passages(a: _Text, b: _Text) -> Iterator[Passage]:
    """Runs of shared shingles, joined over small gaps, as spans of text."""
    runs = kernels.shared_runs(a.shingles, b.shingles, np.argsort(b.shingles, kind="stable"))
    for a_start, a_end, b_start, b_end in _joined(runs):
        if a_end - a_start >= SHORTEST_PASSAGE:
            last = SHINGLE_TOKENS - 2  # a run of n shingles covers n + 4 tokens
            yield Passage(
                int(a.tokens.starts[a_start]), int(a.tokens.ends[a_end + last]),
                int(b.tokens.starts[b_start]), int(b.tokens.ends[b_end + last]),
            )  # fmt: skip


def _joined(runs: Any) -> list[tuple[int, int, int, int]]:
    """Runs as half-open ranges of shingles in both texts, neighbours on nearly the same diagonal made one."""
    joined: list[tuple[int, int, int, int]] = []
    for start_a, start_b, length in runs.tolist():
        if joined:
            first_a, end_a, first_b, end_b = joined[-1]
            if start_a - end_a <= LARGEST_GAP and 0 <= start_b - end_b <= LARGEST_GAP:
                joined[-1] = (first_a, start_a + length, first_b, start_b + length)
                continue
        joined.append((start_a, start_a + length, start_b, start_b + length))
    return joined
