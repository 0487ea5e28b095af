"""Corpora in which everything stands that matching has a rule for, and more often than its limits allow."""

from __future__ import annotations

import random
from typing import Any

from syndicate import Article, Status

_WORDS = [f"{first}{middle}{last}" for first in "bdfgklmnprst" for middle in "aeiou" for last in (
    "lan", "rin", "tos", "mek", "vud", "sar", "nop", "gil", "dun", "ref", "kab", "jol", "wim", "zet", "hux", "fos",
    "pra", "cli", "blu", "sne", "dro", "gry", "tha", "squ", "ver", "mur", "lit", "fen", "cor", "hal",
)]  # fmt: skip


class Press:
    """Writes invented articles of words that mean nothing; one seed gives one corpus."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.articles: list[Article] = []

    def words(self, count: int) -> str:
        return " ".join(self.rng.choices(_WORDS, k=count))

    def edited(self, text: str, share: float) -> str:
        return " ".join(self.words(1) if self.rng.random() < share else word for word in text.split())

    def part(self, text: str, count: int) -> str:
        words = text.split()
        start = self.rng.randrange(max(1, len(words) - count))
        return " ".join(words[start : start + count])

    def print(self, text: str) -> None:
        name = f"{self.rng.randrange(10**9):09}-{len(self.articles)}"
        outlet = self.rng.choice(["Ledger", "Courier", "Herald", "Monitor", None])
        status = Status.SUSPECT if self.rng.random() < 0.01 else Status.OK
        self.articles.append(Article(name, text, status, outlet=outlet))


def crowd(seed: int) -> list[Article]:
    """Copies and excerpts, and texts, footers and near copies that too many articles have."""
    press = Press(seed)
    footer, notice, family, other, exact = (press.words(count) for count in (50, 45, 300, 120, 250))
    bases = [press.words(press.rng.choice([8, 40, 80, 120, 200, 400, 700])) for _ in range(1_450)]
    for number, base in enumerate(bases):
        press.print(base + f" {footer}" * (number % 9 > 0) + f" {notice}" * (number % 7 == 0))
    for share in [0.03] * 230:
        press.print(press.edited(family, share))
        press.print(press.edited(other, share) + " " + press.words(press.rng.choice([0, 20, 60])))
    for _ in range(220):
        press.print(exact)
    half = f"{exact} {press.words(60)}"
    for text in [half] * 30 + [footer] * 210 + [""] * 5 + [press.words(12)] * 30:
        press.print(text)
    for _ in range(100):
        press.print(f"{press.part(press.rng.choice(bases), 80)} {press.words(press.rng.choice([0, 10, 100]))}")
        press.print(press.edited(press.rng.choice(bases), 0.02))
    for _ in range(20):
        digest = [press.part(text, 90) for text in press.rng.sample([family, other, exact, *bases[:9]], 3)]
        press.print(" ".join([*digest, press.words(100)]))
    press.rng.shuffle(press.articles)
    return press.articles


def frame_of(spark: Any, articles: list[Article]) -> Any:
    """Articles as a frame, in several partitions."""
    rows = [(one.id, one.outlet, str(one.status), one.text) for one in articles]
    return spark.createDataFrame(rows, "id string, outlet string, status string, text string").repartition(3)
