"""Runs of cleaning, small and moody, for the tests of them."""

from __future__ import annotations

import ctypes
import faulthandler
import json
import time
from typing import TYPE_CHECKING, Any

from syndicate import Cleaner, Page
from syndicate.io.inputs import ReadOptions
from syndicate.record import Target
from syndicate.run import Run, carry_out

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from syndicate import Article
    from syndicate.extract import Repeats
    from syndicate.io.inputs import Note
    from syndicate.record import Outcome

PACK = """\
schema = 1
[pack]
name = "lock"
version = "1"
summary = "The lock's own"
[[rule]]
id = "tide-tables"
kind = "promo"
summary = "Tide tables"
text = "Read our tide tables."
[[rule.accept]]
text = "Read our tide tables."
[[rule.reject]]
text = "Read our lips."
"""
WORDS = "gates lock tide harbour keeper chain water night storm barge pilot quay rope lamp mud gull wind oar".split()


class Moody(Cleaner):
    """A cleaner that hangs at some pages, and takes its process down at others."""

    def clean_among(self, page: Page, repeats: Mapping[str, Repeats]) -> Article:
        if "hang" in page.id:
            time.sleep(60)
        if "crash" in page.id:
            faulthandler.disable()
            ctypes.string_at(0)
        if "bug" in page.id:
            raise IndexError("list index out of range")
        return super().clean_among(page, repeats)


def text_of(number: int) -> str:
    """A text of its own for every number, of some 90 words."""
    return " ".join(f"{WORDS[(number * 7 + at * at) % len(WORDS)]}{number * at % 89}" for at in range(90))


def pages(*names: str) -> list[Page]:
    return [Page(f"{text_of(at)}\n\nRead our tide tables.\n", id=name) for at, name in enumerate(names)]


def numbered(count: int) -> list[Page]:
    return pages(*(f"p{at:04}" for at in range(count)))


def carried_out(run: Run, given: Any, *, resume: bool = False) -> tuple[str, list[Outcome | Note]]:
    events: list[Outcome | Note] = []
    return str(carry_out(run, given, events.append, resume=resume)), events


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def make(cleaner: Cleaner, path: Path | None, **others: Any) -> Run:
    target = others.pop("target", None) or Target(path)
    return Run(cleaner, target, ("pages",), ReadOptions(), **{"workers": 2, "limit": 1.0, **others})
