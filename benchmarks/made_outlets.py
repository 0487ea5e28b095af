"""The outlets of the made stories: real ones from the rules' lists, and invented ones that no list knows."""

from __future__ import annotations

import random
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

HERE = Path(__file__).resolve().parent
RULES = HERE.parent / "rules"
LANGUAGES: Final = {
    "de": (".de", ".at"), "fr": (".fr",), "es": (".es", ".mx", ".ar"), "it": (".it",), "tr": (".tr",),
    "no": (".no",), "nl": (".nl",), "cs": (".cz",),
    "en": (".com", ".org", ".co.uk", ".net", ".us", ".com.au", ".ie", ".co.nz", ".co", ".gov"),
}  # fmt: skip
"""Where the listed outlets of a language have their sites; a language of none of these has invented outlets only."""
ZONES: Final = {"en": (-8, -6, -5, -4, 0, 1, 5.5, 8, 10), "tr": (3,)}
"""Hours from UTC of the outlets of a language; others have Central European time."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes.

    Attributes:
        name: As its pages write it.
        names: Other names that are as right an answer.
        host: Of its site; "" for an agency, whose own page is in no corpus.
        zone: Hours from UTC of its clocks.
        also: Further hosts of the same outlet.
        dateline: What an agency's datelines say.
    """

    name: str
    names: tuple[str, ...] = ()
    host: str = ""
    language: str = "en"
    zone: float = 0
    also: tuple[str, ...] = ()
    dateline: str = ""

    def is_named(self, answer: str | None) -> bool:
        """Whether an answer names this outlet: by any of its names, or its host."""
        known = (self.name, *self.names, self.host, *self.also)
        return answer is not None and fold(answer) in {fold(name) for name in known if name}


def fold(name: str) -> str:
    """A name without case, accents, punctuation, "www." and a leading article."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    words = letters.split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in {"the", "www"} else words)


def seeded(*key: object) -> random.Random:
    """A source of chance that is the same each time for the same key."""
    return random.Random(" ".join(map(str, key)))  # noqa: S311


@cache
def words() -> dict[str, Any]:
    """The words of the made stories."""
    return tomllib.loads((HERE / "made.toml").read_text(encoding="utf-8"))


@cache
def agencies() -> dict[str, Outlet]:
    """The wire services that the rules list, by name."""
    rows = tomllib.loads((RULES / "agencies.toml").read_text(encoding="utf-8"))["agency"]
    return {row["name"]: _agency(row) for row in rows}


def _agency(row: dict[str, Any]) -> Outlet:
    datelines = row.get("datelines", ())
    names = (*row.get("names", ()), *datelines)
    return Outlet(row["name"], names, dateline=next(iter(datelines), row["name"]))


@cache
def listed() -> tuple[Outlet, ...]:
    """The outlets that the rules list, less those that are wire services as well."""
    rows = tomllib.loads((RULES / "outlets.toml").read_text(encoding="utf-8"))["outlet"]
    wires = {fold(name) for agency in agencies().values() for name in (agency.name, *agency.names)}
    return tuple(_listed(row) for row in rows if fold(row["name"]) not in wires and row.get("hosts"))


def _listed(row: dict[str, Any]) -> Outlet:
    hosts = row["hosts"]
    language = next((name for name, ends in LANGUAGES.items() if hosts[0].endswith(ends)), "")
    zone = seeded("zone", row["name"]).choice(ZONES.get(language, (1,)))
    return Outlet(row["name"], tuple(row.get("names", ())), hosts[0], language, zone, tuple(hosts[1:]))


@cache
def invented(language: str) -> tuple[Outlet, ...]:
    """Outlets of a language that no list knows."""
    return tuple(_invent(language))


def _invent(language: str) -> Iterator[Outlet]:
    forms, known = words()["papers"][language], {fold(outlet.name) for outlet in listed()}
    for at, town in enumerate(words()["towns"]):
        for form in dict.fromkeys(forms[(at + step) % len(forms)] for step in range(4)):
            name = form.format(t=town)
            if fold(name) not in known:
                host = fold(name).replace(" ", "") + ".example"
                yield Outlet(name, (), host, language, seeded("zone", name).choice(ZONES.get(language, (1,))))


def cast(language: str, rng: random.Random, count: int, *, without: Iterable[Outlet] = ()) -> list[Outlet]:
    """Different outlets for one story: about four in ten listed ones, where the list has some of the language."""
    real = [outlet for outlet in listed() if outlet.language == language]
    chosen: list[Outlet] = []
    gone = {outlet.name for outlet in without}
    while len(chosen) < count:
        pool: Sequence[Outlet] = real if real and rng.random() < 0.4 else invented(language)
        outlet = rng.choice(pool)
        if outlet.name not in gone:
            gone.add(outlet.name)
            chosen.append(outlet)
    return chosen


def agency_for(language: str, rng: random.Random) -> Outlet:
    """A wire service whose copy outlets of a language run."""
    known = [agencies()[name] for name in words()["agency"][language]["names"] if name in agencies()]
    return rng.choice(known)
