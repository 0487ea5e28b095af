"""Invented publishers: stories of many topics, and around them what their pages repeat.

They are the same each time. No two stories share a sentence, but for what is meant to be shared.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape
from typing import TYPE_CHECKING, Final

import pytest

from syndicate import Page
from syndicate.learn.learner import Learner
from syndicate.learn.pack import write_pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from syndicate import Cleaner
    from syndicate.learn.pack import PackChange

HARBOUR: Final = "harbourledger.example"
VALLEY: Final = "valleycourier.example"

LETTER: Final = (
    "Salt and Rope, our Friday letter",
    "Each Friday our columnist picks five boats worth a look, and tells subscribers where they are moored.",
)
STANDING: Final = (
    "The Harbour Ledger is printed on Mondays, and is delivered to subscribers on both banks before breakfast."
)
LENS: Final = "Seen through the lens of "
PUT_RIGHT: Final = "Put right: what stood here this morning misnamed "
ALSO: Final = "Printed in the paper of Monday: "
COUNTED: Final = "Readers who opened this page today"
CORE_LINE: Final = "Sign up for our newsletter"
HEADING: Final = "What happens next?"
BACKGROUND: Final = (
    "The quarrel over the sluice began four winters ago, when engineers found that the sluice gates were rusting "
    "and the council refused to pay for repairs of the sluice."
)
WIRE: Final = (
    "Delegates of nineteen countries have agreed on how many herring may be caught, ending a long dispute over nets.",
    "The accord was signed after midnight, and goes before parliaments within ninety days, negotiators have said.",
    "Environmental groups said that quotas remained far above what scientists had called safe for young herring.",
)
BIOS: Final = tuple(
    f"{name} {what}"
    for name, what in (
        ("Ada Rell", "has written on shipping since she left the customs house, and lives above a chandlery."),
        ("Bram Oster", "reports on schools and their kitchens, and once cooked for a lighthouse crew."),
        ("Cleo Vance", "edits the evening desk, and spends her free days mending accordions."),
    )
)
_PEOPLE: Final = (
    "Nora Pell", "Ivo Stern", "Mila Tarn", "Otto Quill", "Zoe Marsh", "Finn Alder", "Runa Holt", "Emil Crane",
)  # fmt: skip
_SYLLABLES: Final = (
    "ba be bi bo bra cal car cor dal den dor fal fen gar gol har hol jor kal kel lan lor mar mel nor pan "
    "per ral ros sar sel tal tor val ver wal zen"
).split()
_VERBS: Final = (
    "opened closed repaired sold inspected measured painted flooded doubled delayed approved carried".split()
)
TOPICS: Final = {
    "sluice": "sluice engineers gates repairs council quarrel rusting winters refused".split(),
    "ferry": "ferry passengers timetable captain crossing engine fares deckhands".split(),
    "orchard": "orchard pickers blossom frost cider growers harvest barrels".split(),
    "school": "school pupils teachers lessons kitchen playground exams lunches".split(),
}
_TOLD: Final = (
    "The {0} and the {1} were on every mind in {c}, while the {2} {v} the {3}.",
    "For {n} days the {0} has weighed on the {1} of {c}, and on its {2} and {3} no less.",
)
_FORMS: Final = (
    "{a} {v} the {b} near {c} after residents complained about {d} {e}.",
    "Nobody in {c} had expected that the {b} would be {v} before the {d} {e} was settled.",
    "When {a} spoke to the {d} council, the {b} of {c} had been {v} twice, and {e} had followed.",
    "According to {a}, {n} tonnes of {b} were {v} in {c}, which the {d} of {e} disputes.",
    "It took {n} days until {c} {v} its {b}, a {d} that {e} still remembers.",
)


@dataclass(frozen=True, slots=True)
class Story:
    """A story without its publisher's chrome.

    Attributes:
        topic: Which of the topics it is on, whose words come back in it.
    """

    number: int
    title: str
    paragraphs: tuple[str, ...]
    topic: str = ""


def story(number: int, paragraphs: int = 6) -> Story:
    """A story of a topic, in words that are mostly its own."""
    rng = random.Random(f"story {number}")
    topic = list(TOPICS)[number % len(TOPICS)]
    words = [_word(rng) for _ in range(24)]

    def sentence(form: str) -> str:
        a, b, c, d, e = rng.sample(words, 5)
        names = {"a": a.title(), "b": b, "c": c.title(), "d": d, "e": e}
        return form.format(*rng.sample(TOPICS[topic], 4), **names, v=rng.choice(_VERBS), n=rng.randrange(12, 990))

    forms = [[rng.choice(_FORMS), rng.choice(_TOLD), rng.choice(_FORMS)] for _ in range(paragraphs)]
    return Story(
        number,
        " ".join(rng.sample(words, 4)).capitalize(),
        tuple(" ".join(map(sentence, each)) for each in forms),
        topic,
    )


def _word(rng: random.Random) -> str:
    return "".join(rng.sample(_SYLLABLES, 3))


def day(number: int) -> str:
    """The day on which a story of a number was published."""
    return str(date(2026, 9, 1) + timedelta(days=number))


def harbour_text(told: Story) -> list[str]:
    """The blocks of a page of the Harbour Ledger: a story with all that the Ledger puts around it and into it."""
    rng = random.Random(f"page {told.number}")
    blocks = list(told.paragraphs)
    if told.topic == "sluice":
        blocks.insert(2, BACKGROUND)
    if told.number % 3 == 0:
        blocks.insert(len(blocks) - 1, HEADING)
    at = rng.randrange(2, len(blocks))
    blocks[at:at] = LETTER
    blocks.insert(1, LENS + rng.choice(_PEOPLE))
    head, foot = [told.title, f"{COUNTED}: {rng.randrange(100, 99_999)}"], [BIOS[told.number % len(BIOS)], STANDING]
    return [*head, *blocks, *corrections(told.number), also(told.number), CORE_LINE, *foot]


def also(number: int) -> str:
    """A label with a value that is worth reading: the headline of another story."""
    return f"{ALSO}{story(number + 3_000).title} and {story(number + 4_000).title}"


def corrections(number: int) -> list[str]:
    """What a page corrects, if it does."""
    return [f"{PUT_RIGHT}{story(number + 5_000).title}."] * (number % 5 == 0)


def harbour(count: int = 30, first: int = 0) -> list[Page]:
    """Pages of the Harbour Ledger in plain text, dated, one a day."""
    return [text_page(HARBOUR, number, harbour_text(story(number))) for number in range(first, first + count)]


def wire(times: int = 5) -> list[Page]:
    """One wire story under several addresses, with the chrome of the Ledger."""
    told = Story(7_000, "Herring accord signed", WIRE)
    return [
        text_page(HARBOUR, 7_000 + number, harbour_text(replace(told, number=7_000 + number)), on=20)
        for number in range(times)
    ]


def text_page(host: str, number: int, blocks: Sequence[str], on: int | None = None) -> Page:
    """A page of plain text."""
    address = f"https://www.{host}/stories/{number}"
    return Page("\n\n".join(blocks), id=address, url=address, published=day(number if on is None else on))


PROMISE: Final = "Our reporters take no money from those they write about, and pay for their own coffee."
FOLLOW: Final = "Follow the Courier on the village notice boards"


def valley(count: int = 12) -> list[Page]:
    """Pages of the Valley Courier in HTML."""
    return [_valley_page(story(50_000 + number)) for number in range(count)]


def _valley_page(told: Story) -> Page:
    address = f"https://{VALLEY}/{told.number}"
    body = [*told.paragraphs[:3], PROMISE, *told.paragraphs[3:], FOLLOW]
    shown = "\n".join(f"<p>{escape(text)}</p>" for text in body)
    html = (
        f"<!doctype html><html lang=en><head><title>{told.title}</title></head><body><nav><a href=/>Home</a></nav>"
        f"<main><article><h1>{told.title}</h1>{shown}</article></main></body></html>"
    )
    return Page(html, id=address, url=address, published=f"{day(told.number - 50_000)}T12:00:00Z")


def write_lines(path: Path, pages: Iterable[Page]) -> Path:
    """Pages as JSON Lines."""
    rows = (
        {"html" if page.content.startswith("<") else "text": page.content, "id": page.id, "url": page.url}
        | {"published": page.published}
        for page in pages
    )
    path.write_text("".join(json.dumps({key: row[key] for key in row if row[key]}) + "\n" for row in rows), "utf-8")
    return path


def learnt(
    cleaner: Cleaner, pages: Iterable[Page], folder: Path, hosts: tuple[str, ...] = (), workers: int = 1
) -> dict[str, PackChange]:
    """Learn from pages, write the packs, and see by publisher what became of them."""
    learner = Learner(cleaner, hosts, workers)
    with learner.read(pages, lambda item: pytest.fail(str(item))) as shelf:
        return {
            one.site: write_pack(folder / f"{one.site}.toml", one.site, one.proposals, one.counted)
            for one in learner.learn(shelf, lambda site: folder / f"{site}.toml")
        }
