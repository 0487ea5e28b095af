"""Which blocks of a page its gold text has: what the extractor learns from."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TOKEN = re.compile(r"\w+")
SHINGLE = 4
"""Tokens in a shingle, as the scorer counts them."""
SLACK = 8
"""How many tokens two texts of the same place may be apart."""
MOST_PLACES = 6
MOST_ANCHORS = 3
LONGEST_GAP = 400


def labels(texts: Sequence[str], gold: str) -> list[float]:
    """For each text of a page, in order, the share of it that stands in the gold text at that place.

    Texts of four tokens and more are placed by their shingles; of all places the heaviest chain counts that keeps
    both orders, so that a second copy of a passage is none of the gold's. Shorter texts count where the gold has them
    between the places of their neighbours.
    """
    blocks = [TOKEN.findall(text) for text in texts]
    tokens = TOKEN.findall(gold)
    found = [0.0] * len(blocks)
    chain = _chain(list(_places(blocks, tokens)))
    for block, _, _, share in chain:
        found[block] = share
    ends = [(-1, 0), *((block, place) for block, place, _, _ in chain), (len(blocks), len(tokens))]
    for (before, start), (after, end) in pairwise(ends):
        at = max(start + (len(blocks[before]) if before >= 0 else 0) - SLACK, 0)
        last = min(end + SLACK, len(tokens), at + LONGEST_GAP)
        for block in range(before + 1, after):
            size = len(blocks[block])
            if 0 < size < SHINGLE:
                place = next((p for p in range(at, last - size + 1) if tokens[p : p + size] == blocks[block]), None)
                if place is not None:
                    found[block], at = 1.0, place + size
    return found


def segment_labels(texts: Sequence[str], row: dict[str, list[str]]) -> list[float | None]:
    """The same where only some segments are known that must stay (`with`) or go (`without`); None is not known."""
    squashed = [" ".join(text.split()) for text in texts]
    stay, go = ([" ".join(text.split()) for text in row[key]] for key in ("with", "without"))
    return [
        1.0 if any(part in text for part in stay) else 0.0 if any(part in text for part in go) else None
        for text in squashed
    ]


def _places(blocks: Sequence[Sequence[str]], tokens: Sequence[str]) -> Iterable[tuple[int, int, int, float]]:
    """Where blocks may stand in the gold: block, place, tokens covered, and their share of the block."""
    index = defaultdict(list)
    for at in range(len(tokens) - SHINGLE + 1):
        index[tuple(tokens[at : at + SHINGLE])].append(at)
    for at, block in enumerate(blocks):
        anchors: defaultdict[int, set[int]] = defaultdict(set)
        for start in range(len(block) - SHINGLE + 1):
            for place in index.get(tuple(block[start : start + SHINGLE]), ())[:MOST_PLACES]:
                anchors[(place - start) // SLACK].update(range(start, start + SHINGLE))
        covered = set().union(*anchors.values())
        for anchor, here in sorted(anchors.items(), key=lambda item: -len(item[1]))[:MOST_ANCHORS]:
            if len(here) >= 0.3 * len(covered):
                yield at, anchor * SLACK, len(covered), len(covered) / len(block)


def _chain(places: Sequence[tuple[int, int, int, float]]) -> list[tuple[int, int, int, float]]:
    """The heaviest sequence of places that goes on in both texts."""
    weights: list[int] = []
    previous: list[int] = []
    for at, (block, place, weight, _) in enumerate(places):
        best, before = 0, -1
        for earlier in range(at):
            if places[earlier][0] < block and places[earlier][1] <= place + SLACK and weights[earlier] > best:
                best, before = weights[earlier], earlier
        weights.append(best + weight)
        previous.append(before)
    chain = []
    at = max(range(len(places)), key=weights.__getitem__, default=-1)
    while at >= 0:
        chain.append(places[at])
        at = previous[at]
    return chain[::-1]
