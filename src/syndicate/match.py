"""Which articles share text: candidates from fingerprints, each verified on the exact shingles.

Nothing is a match by a shared key alone. What stands in a great many different articles is chrome nobody has a rule
for: it is set aside and reported. The corpus is held as arrays, its texts in a temporary file, so that a million
articles fit; a text is read again where a pair wants proof.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from syndicate.candidates import MOST_PAIRED, candidates, unpack
from syndicate.chrome import find_chrome
from syndicate.corpus import read_corpus
from syndicate.errors import InputError
from syndicate.graph import Matches
from syndicate.model import Article, Status
from syndicate.spool import Spool
from syndicate.verify import Text, verify_many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from syndicate.corpus import Corpus
    from syndicate.graph import Match

MOST_CROSSED: Final = 1_000
"""Pairs of the copies of two texts that match, at the most; of more, the first of each is matched with all of the
other's."""
_HasId = TypeVar("_HasId", Article, Text)
_PROVED: Final = 64
"""Pairs that are verified at a time; each text of them is read once."""


def match_articles(articles: Iterable[Article], *, threads: int | None = None) -> Matches:
    """Find all pairs of articles that share more than quotations.

    Of a text that stands in more than 200 exact copies, each is matched with the one whose id is first, and not with
    each other; of one in more than 200 near copies, each with some of the others.

    Args:
        articles: Cleaned articles with ids, read once. Only those that are `ok` match: two walls of cookies are no
            repost.
        threads: How many work at once; as many as there are processors if not given.

    Returns:
        Verified matches, and the text that was set aside; the same for any order of the articles, any `threads`.

    Raises:
        InputError: Two articles have one id, or one has none.
    """
    good = (article for article in _with_ids(articles) if article.status is Status.OK)
    return _match(map(Text.of, good), threads)


def match_texts(texts: Iterable[Text], *, threads: int | None = None) -> Matches:
    """What `match_articles` finds, of texts in UTF-8 that never were articles, as `io.parquet.read_texts` gives them.

    Args:
        texts: Cleaned texts with ids, read once.
        threads: How many work at once; as many as there are processors if not given.

    Raises:
        InputError: Two texts have one id, or one has none.
    """
    return _match(_with_ids(texts), threads)


def _match(texts: Iterable[Text], threads: int | None) -> Matches:
    threads = threads or os.cpu_count() or 1
    with Spool() as spool:
        corpus = read_corpus(texts, spool, threads)
        copies, firsts = _copies(corpus)
        printed = corpus.keys.printed[corpus.places]
        pairs, common = candidates(corpus.keys, np.where(firsts & printed, corpus.places, -1), threads)
        shingles, chrome = find_chrome(common, corpus)
        wanted = _with_copies(pairs, copies)
        return Matches(_prove(corpus, wanted, shingles, threads), chrome)


def _with_ids(articles: Iterable[_HasId]) -> Iterator[_HasId]:
    seen: set[str] = set()
    for article in articles:
        if not article.id:
            raise InputError("an article has no id: clean it with url= or id=")
        if article.id in seen:
            raise InputError(f"two articles have the id {article.id!r}: ids must tell them apart")
        seen.add(article.id)
        yield article


def find_matches(articles: Iterable[Article], *, threads: int | None = None) -> tuple[Match, ...]:
    """The verified matches alone; as `match_articles` gives them."""
    return match_articles(articles, threads=threads).pairs


def _copies(corpus: Corpus) -> tuple[dict[int, NDArray[np.int64]], NDArray[np.bool_]]:
    """Groups of articles with the same tokens, by their first; and whether each article is the first of its text."""
    wholes = corpus.keys.wholes[corpus.places]
    order = np.argsort(wholes, kind="stable")
    ordered = wholes[order]
    new = np.concatenate([[True], ordered[1:] != ordered[:-1]]) if ordered.size else np.empty(0, np.bool_)
    firsts = np.zeros(wholes.size, np.bool_)
    firsts[order[new]] = True
    firsts &= wholes != 0
    edges = np.append(np.flatnonzero(new), order.size)
    several = np.flatnonzero(np.diff(edges) > 1)
    groups = (order[edges[at] : edges[at + 1]] for at in several if ordered[edges[at]])
    return {int(group[0]): group for group in groups}, firsts


def _with_copies(pairs: NDArray[np.uint64], copies: dict[int, NDArray[np.int64]]) -> NDArray[np.uint64]:
    """Pairs of texts as pairs of all articles that have them, and the pairs of one text's; ascending, each once."""
    if not copies:
        return pairs
    firsts = np.fromiter(copies, np.int64, len(copies))
    left, right = unpack(pairs)
    several = np.isin(left, firsts) | np.isin(right, firsts)
    more = [_packed(pair) for pair in _crossed(left[several], right[several], copies)]
    more += [_packed(pair) for group in copies.values() for pair in _within(group.tolist())]
    return np.unique(np.concatenate([pairs[~several], np.array(more, np.uint64)]))


def _crossed(
    left: NDArray[np.int64], right: NDArray[np.int64], copies: dict[int, NDArray[np.int64]]
) -> Iterator[tuple[int, int]]:
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        ones = copies[one].tolist() if one in copies else [one]
        others = copies[other].tolist() if other in copies else [other]
        if len(ones) * len(others) > MOST_CROSSED:
            yield from ((one, copy) for copy in others)
            yield from ((copy, other) for copy in ones[1:])
        else:
            yield from ((copy, copied) for copy in ones for copied in others)


def _within(group: list[int]) -> Iterator[tuple[int, int]]:
    if len(group) > MOST_PAIRED:
        return ((group[0], copy) for copy in group[1:])
    return combinations(group, 2)


def _packed(pair: tuple[int, int]) -> int:
    return min(pair) << 32 | max(pair)


def _prove(corpus: Corpus, pairs: NDArray[np.uint64], chrome: NDArray[np.uint64], threads: int) -> tuple[Match, ...]:
    """The matches among candidates."""

    def prove(part: tuple[int, int]) -> list[Match]:
        wanted = np.stack(unpack(pairs[slice(*part)]), axis=1)
        numbers, places = np.unique(wanted, return_inverse=True)
        texts = [corpus.text(number) for number in numbers.tolist()]
        return list(verify_many(texts, places.reshape(wanted.shape), chrome))

    parts = pairwise([*range(0, pairs.size, _PROVED), pairs.size])
    with ThreadPoolExecutor(threads) as pool:
        return tuple(match for found in pool.map(prove, parts) for match in found)
