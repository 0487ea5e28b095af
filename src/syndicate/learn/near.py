"""The sentences of stories that come nearest to what a rule takes, and must stay."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from syndicate.learn.groups import telling
from syndicate.learn.units import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from syndicate.learn.left import Left

NEAREST: Final = 16
"""Sentences that are found for a text."""
_FEWEST, _MOST = 6, 40
"""Words of a sentence."""


def near_sentences(texts: Sequence[str], pages: Iterable[Left]) -> list[list[str]]:
    """For each text, sentences of stories that share most of its words, the nearest first.

    Args:
        texts: What rules take.
        pages: Where to look, less what they take.
    """
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        for word in set(telling(text)):
            wanted[word].append(at)
    best: list[dict[str, int]] = [{} for _ in texts]
    for left in pages:
        for block in left.blocks:
            for sentence in (each for piece in block.left for each in sentences(piece) or [piece]):
                if _FEWEST <= sentence.count(" ") + 1 <= _MOST and sentence[-1] in ".。":
                    shared = Counter(at for word in set(telling(sentence)) for at in wanted.get(word, ()))
                    for at, count in (
                        shared or Counter(range(len(texts)) if any(not one for one in best) else ())
                    ).items():
                        _note(best[at], sentence, count)
    return [sorted(found, key=lambda text: (-found[text], len(text), text)) for found in best]


def _note(found: dict[str, int], sentence: str, count: int) -> None:
    """Keep a sentence if it is among the nearest."""
    found[sentence] = max(count, found.get(sentence, 0))
    if len(found) > NEAREST:
        del found[min(found, key=lambda text: (found[text], -len(text), text))]
