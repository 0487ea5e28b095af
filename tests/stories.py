"""Invented articles for tests of matching, made of sentences that no two of them share by chance."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

from syndicate import Article, Claim, Status

_NOUNS = (
    "ferry harbour council bridge school farm mill library orchard reservoir tram clinic museum ridge market".split()
)
_VERBS = "opened closed repaired sold inspected measured painted flooded doubled delayed approved questioned".split()
_ADVERBS = "quietly early late twice again badly slowly publicly finally briefly cheaply carefully".split()
_NAMES = "Alder Birch Cedar Drummond Ellery Fenwick Garrick Holloway Ives Jessop Kestrel Lomax Marlow Norwood".split()

_OUTLETS = {
    "ledger.example": ("Harbour Ledger", "HARBOUR LEDGER", "The Harbour Ledger", "Harbour Ledger Inc."),
    "courier.co.uk": ("Valley Courier", "valley courier", "Vallée Courier"),
    "weir.example": ("Weir Post", None),
    "metro.example": ("City Metro", "City-Metro"),
    "thecradle.co": ("The Cradle", None),
}
_SAID = (
    *(name for names in _OUTLETS.values() for name in names if name), *_OUTLETS, "www.ledger.example", "AP",
    "Reuters", "Moorland Times", "Jane Roe", "Smith's", "3:30 p.m.", "http://[", "\U0001f600", "a.b",
)  # fmt: skip
_CLAIMED = (
    ("source", "core/articles-by"), ("source", "core/licence"), ("licence", "core/licence"),
    ("agency", "core/dateline"), ("source", "meta/counter:pixel"), ("author", "meta/author"),
)  # fmt: skip
_LINKED = (
    ("canonical", "meta/canonical"), ("source_url", "meta/syndication-source"), ("source_url", "meta/ld:isBasedOn"),
    ("source_url", "core/link"),
)  # fmt: skip


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


def invented(rng: random.Random, texts: int) -> list[Article]:
    """A corpus of copies, cuts, digests and strangers, most of whom say something of where they have it from."""
    found: list[str] = []
    for number in range(texts):
        text = body(rng.getrandbits(40), rng.choice((12, 24, 40)))
        found += [text, body(rng.getrandbits(40), 6)]
        found += [_copy(rng, text, number, found) for _ in range(rng.randrange(5))]
    names = map("".join, product("ab\u00e9\uff5e\U0001f600", repeat=5))
    return [_page(rng, name, text) for name, text in zip(rng.sample(list(names), len(found)), found, strict=True)]


def _copy(rng: random.Random, text: str, seed: int, others: list[str]) -> str:
    parts = text.split("\n\n")
    return rng.choice(
        (
            text,
            text + " More \U0001f600." * rng.randrange(30),
            f"{text}\n\n{rng.choice(others)}",
            edited(text, rng.choice((8, 25, 60)), seed),
            "\n\n".join(parts[: rng.randrange(1, len(parts) + 1)]),
            "\n\n".join([*parts[: len(parts) // 2], *rng.choice(others).split("\n\n")[:6]]),
        )
    )


def _page(rng: random.Random, name: str, text: str) -> Article:
    site = rng.choice((None, *_OUTLETS, *_OUTLETS, f"{rng.randrange(30)}.example"))
    outlet = rng.choice((*_OUTLETS.get(site or "", ("Moorland Times", None)), rng.choice(_SAID)))
    day = f"2026-03-{rng.randrange(1, 9):02}"
    claims = [
        claim(field, rng.choice(_SAID), rule) for field, rule in rng.choices(_CLAIMED, k=rng.choice((0, 0, 1, 2)))
    ]
    if rng.random() < 0.4:
        claims.append(claim("source", rng.choice([*_OUTLETS]), "core/articles-by"))
    if rng.random() < 0.3:
        field, rule = rng.choice(_LINKED)
        claims.append(claim(field, f"https://{rng.choice(('www.', 'm.', ''))}{rng.choice([*_OUTLETS])}/1", rule))
    if rng.random() < 0.2:
        claims.append(claim(rng.choice(("modified", "crawled")), f"{day}T12:00:00Z", "meta/time"))
    published = rng.choice((None, day, f"{day}T{rng.randrange(24):02}:30:00Z"))
    return article(
        name, text, outlet=outlet, url=site and f"https://www.{site}/{name}", claims=tuple(claims),
        byline=rng.choice((None, "Jane Roe")), published=published,
    )  # fmt: skip
