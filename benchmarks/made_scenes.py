"""What the kinds of made stories are put together from: texts, times, credits and traps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from made_outlets import Outlet, agency_for, cast, listed, seeded, words
from made_pages import Draft, Marks, address, joined, long_date, person
from quality import SHARED, rows

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping, Sequence

BACKGROUND: Final = SHARED / "data" / "syndication" / "allsides-background.jsonl.gz"
FUNDUS: Final = SHARED / "data" / "extraction" / "fundus-fixtures.jsonl.gz"
SEEDS: Final = ("calibrate", "examine")
"""The corpora have no text in common; the first has two thirds of each list of credits."""
BACKGROUND_TEXTS: Final = 640
"""Texts a corpus takes from the background."""
SHORTEST: Final = 150
LONGEST: Final = 1500
GERMAN: Final = {"es/Mallorca", "it/Tageszeitung", "il/", "py/", "li/", "lu/", "ch/", "at/", "de/"}
COUNTRIES: Final = {"es": "es", "fr": "fr", "it": "it", "tr": "tr", "no": "no", "be": "nl", "cz": "cs"}
OWN_WORDS: Final = re.compile(
    r"contributed|copyright|©|reported by|report(?:ing)? (?:by|from)|originally|republish|newsletter|subscribe|photo"
    r"|associated press|\bAP\b|reuters|\bAFP\b|agence|bloomberg|\bdpa\b|\bAPA\b|\bEFE\b|\bANSA\b|xinhua|getty"
    r"|https?:|follow \w+ on|click here|read more|quelle|source ?:|fonte|kaynak|kilde|fuente|\bNTB\b|anadolu|\bAA\b"
    r"|belga|ČTK",
    re.IGNORECASE,
)
"""Paragraphs with these would say of themselves where they are from, and are left out."""
SYNONYMS: Final = {
    " said ": " stated ",
    " but ": " yet ",
    " because ": " since ",
    " also ": " ",
    " about ": " around ",
}
FIRST_DAY: Final = datetime(2016, 1, 4, 12, tzinfo=UTC)
"""Stories begin about noon, when it is the same day for all outlets."""


@dataclass(frozen=True, slots=True)
class Told:
    """A story's answer.

    Attributes:
        origin: Where its text came from; None where a careful reader of its pages could not tell.
        article: Which of the pages is the original's, by place; None where none is, or it cannot be told.
        members: The places of the pages that carry the text.
        graded: Whether an answer is right or wrong; else it only counts in how far answers are to be relied on.
    """

    origin: Outlet | None
    article: int | None
    members: tuple[int, ...]
    graded: bool = True


@dataclass(frozen=True, slots=True)
class Plot:
    """Pages that belong together, what they tell, and from which of them each copy has its text, by places."""

    drafts: tuple[Draft, ...]
    sources: Mapping[int, tuple[int, ...]]
    stories: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """A text, as paragraphs."""

    language: str
    paragraphs: tuple[str, ...]


def bodies(seed: str) -> dict[str, list[Body]]:
    """The texts of one corpus: "en" from the background, "other" the news of other languages."""
    side, rng = SEEDS.index(seed), seeded("bodies")
    news = list(rows(BACKGROUND))
    rng.shuffle(news)
    english: list[Body] = []
    for row in news[side::2]:
        body = Body("en", middle(row["text"], (row["outlet"] or "").partition(" (")[0].partition(" - ")[0]))
        if SHORTEST <= joined(body.paragraphs) <= LONGEST:
            english.append(body)
        if len(english) == BACKGROUND_TEXTS:
            break
    others = [(language, row) for row in rows(FUNDUS) if (language := language_of(row["id"]))]
    found = [Body(language, middle(row["gold"], row["id"].split("/")[1])) for language, row in others[side::2]]
    return {"en": english, "other": [body for body in found if SHORTEST <= joined(body.paragraphs) <= LONGEST]}


def language_of(name: str) -> str | None:
    """The language of a fixture, of those that the made pages know."""
    if name.startswith(tuple(GERMAN)):
        return "de"
    return COUNTRIES.get(name.partition("/")[0])


def middle(text: str, outlet: str) -> tuple[str, ...]:
    """A text's paragraphs without the first and last ones, where publishers speak of themselves."""
    paragraphs = [" ".join(line.split()) for line in text.split("\n") if len(line.split()) > 8]
    edge = 1 if len(paragraphs) > 5 else 0
    kept = paragraphs[edge : len(paragraphs) - edge]
    return tuple(line for line in kept if not OWN_WORDS.search(line) and not (outlet and outlet in line))


def edited(paragraphs: Sequence[str], rng: random.Random) -> tuple[str, ...]:
    """A light edit: another word here and there, a sentence or a paragraph less."""
    kept = list(paragraphs)
    if len(kept) > 6:
        kept.pop(rng.randrange(3, len(kept)))
    for old, new in SYNONYMS.items():
        if rng.random() < 0.5:
            kept = [line.replace(old, new, 1) for line in kept]
    last = re.split(r"(?<=[.!?]) ", kept[-1])
    kept[-1] = " ".join(last[:-1]) or kept[-1]
    return tuple(kept)


def shortened(paragraphs: Sequence[str], share: float) -> tuple[str, ...]:
    """The first words of a text, a share of them but no fewer than 90, the last paragraph cut short."""
    left = max(90, round(share * joined(paragraphs)))
    kept: list[str] = []
    for paragraph in paragraphs:
        words_of = paragraph.split()
        kept.append(" ".join(words_of[:left]) + ("…" if len(words_of) > left else ""))
        left -= len(words_of)
        if left <= 0:
            break
    return tuple(kept)


def stamp(moment: datetime, outlet: Outlet, form: str) -> str | None:
    """How an outlet dates an article: "zoned", "utc", "naive", "day", "wrong" (its own time as if UTC), "none"."""
    local = moment.astimezone(timezone(timedelta(hours=outlet.zone)))
    match form:
        case "zoned":
            return local.isoformat(timespec="seconds")
        case "utc":
            return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        case "naive":
            return local.strftime("%Y-%m-%dT%H:%M:%S")
        case "wrong":
            return local.strftime("%Y-%m-%dT%H:%M:%SZ")
        case "day":
            return local.date().isoformat()
    return None


class Desk:
    """Where scenes come from: the texts that are left, and chance."""

    def __init__(self, seed: str) -> None:
        self.rng = seeded("stories", seed)
        self.share = 2 / 3 if seed == SEEDS[0] else 1
        self._bodies = bodies(seed)
        self._numbers = count(10_000, 7)

    def scene(self, *, english: bool = False, least: int = 0) -> Scene:
        """A text that no other scene has, of so many words at least."""
        pool = self._bodies["other" if not english and self._bodies["other"] and self.rng.random() < 0.12 else "en"]
        at = next(at for at, body in enumerate(pool) if joined(body.paragraphs) >= least)
        body = pool.pop(at)
        start = FIRST_DAY + timedelta(days=self.rng.randrange(3000), seconds=self.rng.randrange(-3600, 3600))
        return Scene(self, body.language, body.paragraphs, start)

    def number(self) -> int:
        """A number for an address."""
        return next(self._numbers)

    def wording(self, forms: Sequence[str]) -> str:
        """One of several wordings."""
        return self.rng.choice(forms[: max(1, round(self.share * len(forms)))])


@dataclass(frozen=True, slots=True)
class Scene:
    """A text, when it was first published, and who has no page of it."""

    desk: Desk
    language: str
    text: tuple[str, ...]
    start: datetime
    absent: tuple[Outlet, ...] = ()

    @property
    def rng(self) -> random.Random:
        return self.desk.rng

    def cast(self, number: int) -> list[Outlet]:
        """So many different outlets, none of which the text names."""
        text = " ".join(self.text)
        named = (outlet for outlet in listed() if outlet.name.removeprefix("The ") in text)
        return cast(self.language, self.rng, number, without=(*self.absent, *named))

    def page(
        self, outlet: Outlet, hours: float, form: str, marks: Marks | None = None, text: Sequence[str] = ()
    ) -> Draft:
        """A page of an outlet, published so many hours after the start."""
        paragraphs = tuple(text) or self.text
        published = stamp(self.start + timedelta(hours=hours), outlet, form)
        return Draft(outlet, self.address(outlet), paragraphs, published, self.start.year, marks or Marks())

    def address(self, outlet: Outlet) -> str:
        """An address for the text on an outlet's site."""
        return address(outlet, " ".join(self.text[0].split()[:8]), self.desk.number())

    def slots(self, outlet: Outlet, url: str = "", published: str | None = None) -> dict[str, str]:
        """What the wordings of credits are filled with."""
        town = self.rng.choice(words()["towns"])
        day = published or self.start.date().isoformat()
        return {
            "x": outlet.name, "h": outlet.host, "u": url, "p": person(self.rng), "y": day[:4], "date": long_date(day),
            "t": town, "T": town.upper(), "a": outlet.name, "d": outlet.dateline or outlet.name,
        }  # fmt: skip

    def credit(self, outlet: Outlet, url: str, published: str | None = None) -> Marks:
        """A repost's credit to its source."""
        forms: dict[str, Any] = words()["credit"][self.language]
        places = [
            place
            for place, weight in (("tail", 5), ("head", 2), ("byline", 1))
            if place in forms
            for _ in range(weight)
        ]
        place = self.rng.choice(places)
        line = self.desk.wording(forms[place]).format(**self.slots(outlet, url, published))
        links = ((outlet.name, url), (outlet.host, url))
        if place == "byline":
            return Marks(byline=line)
        return Marks(tail=(line,), links=links) if place == "tail" else Marks(head=(line,), links=links)

    def agency(self) -> Outlet:
        """A wire service whose text this may be."""
        return agency_for(self.language, self.rng)

    def wire(self, agency: Outlet) -> Marks:
        """How a page shows that its text is an agency's: a dateline, a byline, a line below, or two of these."""
        forms: dict[str, Any] = words()["agency"][self.language]
        slots = self.slots(agency)
        lines = {place: self.desk.wording(forms[place]).format(**slots) for place in ("opening", "byline", "tail")}
        chosen = self.rng.choice(
            ("opening", "byline", "opening byline", "opening tail", "byline tail", "tail", "tag")
        )
        return Marks(
            opening=lines["opening"] if "opening" in chosen else "",
            byline=lines["byline"] if "byline" in chosen else None,
            tail=(lines["tail"],) if "tail" in chosen else (),
            tags=(("ld:sourceOrganization", agency.name),) if chosen == "tag" else (),
        )

    def trap(self, kind: str, others: Sequence[Outlet], published: str | None = None) -> str:
        """Words that name others, two outlets or an agency, and say nothing of the origin."""
        first, second = others
        slots = self.slots(first, published=published)
        wire = agency_for("en", self.rng)
        slots |= {"z": second.name, "a": wire.name, "d": wire.dateline}
        slots["publisher"] = self.rng.choice(words()["publishers"])
        return str(self.rng.choice(words()["trap"][kind])).format(**slots)

    def exact(self) -> str:
        """A way of dating that leaves no doubt."""
        return self.rng.choice(("zoned", "utc"))

    def loose(self) -> str:
        """A way of dating that may be a day off."""
        return self.rng.choice(("zoned", "naive", "day", "wrong", "utc"))

    def any_date(self) -> str:
        """A way of dating, or none."""
        return self.rng.choice(("zoned", "zoned", "utc", "naive", "day", "wrong", "none", "none"))

    def later(self) -> Iterator[tuple[float, str]]:
        """The original's hour and form, then those of copies that are later beyond doubt.

        Dates that leave no doubt are two hours apart or more; others sixty, which no two time zones and no date
        without an hour explain.
        """
        sure = self.rng.random() < 0.5
        yield 0, self.exact() if sure else self.loose()
        while True:
            yield (self.rng.uniform(2, 96), self.exact()) if sure else (self.rng.uniform(60, 400), self.loose())
