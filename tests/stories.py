"""Invented articles for tests of matching, made of sentences that no two of them share by chance."""

from __future__ import annotations

import random
from typing import Any

from syndicate import Article, Claim, Status

_NOUNS = (
    "ferry harbour council bridge school farm mill library orchard reservoir tram clinic museum ridge market".split()
)
_VERBS = "opened closed repaired sold inspected measured painted flooded doubled delayed approved questioned".split()
_ADVERBS = "quietly early late twice again badly slowly publicly finally briefly cheaply carefully".split()
_NAMES = "Alder Birch Cedar Drummond Ellery Fenwick Garrick Holloway Ives Jessop Kestrel Lomax Marlow Norwood".split()


def sentence(rng: random.Random) -> str:
    words = [rng.choice(part) for part in (_NAMES, _VERBS, _ADVERBS, _NOUNS, _NAMES, _NOUNS, _ADVERBS, _VERBS)]
    number = rng.randrange(1000, 9999)
    place = f"near {words[4]} {words[5]}"
    return f"{words[0]} {words[1]} the {words[3]} {words[2]} {place}, and {words[6]} {words[7]} {number}."


def body(seed: int, sentences: int = 24) -> str:
    """A text of a given length; one seed gives one text, two seeds share nothing but phrases."""
    rng = random.Random(seed)
    lines = [sentence(rng) for _ in range(sentences)]
    return "\n\n".join(" ".join(lines[at : at + 3]) for at in range(0, sentences, 3))


def edited(text: str, every: int, seed: int = 1) -> str:
    """The text with one word in so many changed."""
    rng = random.Random(seed)
    words = text.split(" ")
    for at in range(rng.randrange(every), len(words), every):
        words[at] = f"edited{at}"
    return " ".join(words)


def article(id: str, text: str, **facts: Any) -> Article:  # noqa: A002
    return Article(id=id, text=text, status=Status.OK, **facts)


def claim(field: str, value: str, rule: str = "test/rule", text: str = "") -> Claim:
    return Claim(field, value, rule, text or value)
