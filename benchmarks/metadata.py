"""How often the published date and the byline are right, held against pinned floors. Run with `make bench`.

The truth is the page's own JSON-LD, read here by a plain walk that shares no code with the package: a page counts
where all its `datePublished` name one day, and where its article names people as authors. Each page is read twice:
as it is, and held out, with every JSON-LD script taken away first, so that what is left has to do. A third row is of
pages without JSON-LD dates, or with other trouble, whose truth was written down by eye: `metadata_gold.json`.

A date is right if it is the same day as written, or the same moment; a byline, if it names all the people that the
truth names, and names somebody only where the truth does. The peers are trafilatura and, within it, htmldate.
"""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from quality import SHARED, gold, rows
from syndicate import Cleaner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "metadata.json"
BY_EYE = HERE / "metadata_gold.json"
PEERS = HERE.parent / ".venv-peers" / "bin" / "python"
SETS = ("naeb", "wcxb-articles", "fundus-fixtures", "trafilatura-eval")
SCRIPT = re.compile(r"<script[^>]*ld\+json[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
NAME = re.compile(r"\w[^/|,]* [^/|,]*")
"""A name in full; what has a comma or a slash in it is an outlet, an agency or an address as well."""
PUBLISHED = re.compile(r'"datePublished"\s*:\s*"(\d{4}-\d\d-\d\d[^"]*)"')


class Case(NamedTuple):
    """A page and what is true of it; None where nothing is known, () where nobody is named."""

    id: str
    html: str
    url: str | None
    published: str | None
    people: tuple[str, ...] | None
    knows_date: bool


def objects(data: Any) -> Iterator[dict[str, Any]]:
    """Every object in JSON, however deep."""
    if isinstance(data, dict):
        yield data
        for value in data.values():
            yield from objects(value)
    elif isinstance(data, list):
        for value in data:
            yield from objects(value)


def people_of(scripts: Iterable[str]) -> tuple[str, ...] | None:
    """The people that the first article with a headline names as its authors, in the scripts that are sound JSON."""
    for script in scripts:
        try:
            data = json.loads(script, strict=False)
        except ValueError:
            continue
        for thing in objects(data):
            if "headline" in thing and "author" in thing:
                authors = thing["author"] if isinstance(thing["author"], list) else [thing["author"]]
                people = [one for one in authors if isinstance(one, dict) and one.get("@type") == "Person"]
                names = [html.unescape(one["name"]).strip() for one in people if isinstance(one.get("name"), str)]
                if names and all(NAME.fullmatch(name) for name in names):
                    return tuple(names)
    return None


def linked_cases(name: str) -> Iterator[Case]:
    """The pages of a set whose JSON-LD tells something."""
    for row in rows(gold(name)):
        scripts = SCRIPT.findall(row["html"])
        dates = PUBLISHED.findall(" ".join(scripts))
        published = dates[0] if len({date[:10] for date in dates}) == 1 else None
        people = people_of(scripts)
        if published or people:
            yield Case(row["id"], row["html"], row.get("url"), published, people, published is not None)


def cases_by_eye() -> Iterator[Case]:
    """The pages whose truth was written down."""
    for name, truths in json.loads(BY_EYE.read_text()).items():
        for row in rows(gold(name)):
            if row["id"] in truths:
                published, people = truths[row["id"]]
                yield Case(row["id"], row["html"], row.get("url"), published, tuple(people), knows_date=True)


def held_out(case: Case) -> Case:
    """The page without its JSON-LD."""
    return case._replace(html=SCRIPT.sub("", case.html))


def same_date(found: str | None, truth: str | None) -> bool:
    """The same day as written, or the same moment; or no date, where there is none."""
    if not found or not truth:
        return not found and not truth
    if found[:10] == truth[:10]:
        return True
    try:
        one, other = datetime.fromisoformat(found), datetime.fromisoformat(truth)
    except ValueError:
        return False
    return one.tzinfo is not None and other.tzinfo is not None and one == other


def same_people(found: str | None, truth: tuple[str, ...]) -> bool:
    """Whether all are named; or nobody is, where there is nobody."""
    letters = fold(found or "")
    return all(fold(name) in letters for name in truth) if truth else not letters


def fold(text: str) -> str:
    """Letters and digits alone, case folded."""
    return re.sub(r"[\W_]+", "", text.casefold())


def ours(cases: list[Case]) -> dict[str, tuple[str | None, str | None]]:
    """Published date and byline by id, as the core packs alone find them."""
    cleaner = Cleaner(packs=["core"])
    found = {}
    for case in cases:
        article = cleaner.clean(case.html, url=case.url)
        found[case.id] = (article.published, article.byline)
    return found


def theirs(cases: list[Case]) -> dict[str, tuple[str | None, str | None]]:
    """The same of trafilatura."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        file.writelines(json.dumps({"id": case.id, "html": case.html, "url": case.url}) + "\n" for case in cases)
        file.seek(0)
        command = [str(PEERS), str(HERE / "peer_metadata.py")]
        out = subprocess.run(command, stdin=file, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
    return {row["id"]: (row["published"], row["byline"]) for row in map(json.loads, out.splitlines())}


def figures(cases: list[Case], found: Mapping[str, tuple[str | None, str | None]]) -> dict[str, float]:
    """The shares that are right, and of the dates those that are wrong rather than missing."""
    dated = [(found[case.id][0], case.published) for case in cases if case.knows_date]
    signed = [(found[case.id][1], case.people) for case in cases if case.people is not None]
    right = sum(same_date(value, truth) for value, truth in dated)
    wrong = sum(bool(value) and not same_date(value, truth) for value, truth in dated)
    named = sum(same_people(value, people or ()) for value, people in signed)
    return {"dates": right / len(dated), "wrong": wrong / len(dated), "bylines": named / len(signed),
            "of_dates": len(dated), "of_bylines": len(signed)}  # fmt: skip


def main() -> int:
    """Print a row a set and way; fail where a floor is not reached."""
    if not SHARED.is_dir():
        print(f"skipped: needs the development data in {SHARED.name}/ beside the checkout")
        return int("CI" in os.environ)  # CI provides it
    floors = json.loads(FLOORS.read_text())
    tables: dict[str, list[Case]] = {}
    for name in SETS:
        cases = list(linked_cases(name))
        tables[f"{name}: as it is"] = cases
        tables[f"{name}: held out"] = list(map(held_out, cases))
    tables["by eye"] = list(cases_by_eye())
    readers: dict[str, Callable[[list[Case]], dict[str, tuple[str | None, str | None]]]] = {"": ours}
    if PEERS.exists():
        readers["trafilatura"] = theirs
    reached = True
    print(f"{'set':<42} {'dates':>6} {'wrong':>6} {'of':>4} {'bylines':>8} {'of':>4}")
    for name, cases in tables.items():
        for who, reader in readers.items():
            row = figures(cases, reader(cases))
            low = [] if who else [key for key, floor in floors[name].items() if row[key] < floor]
            reached &= not low
            title = f"{name}, {who}" if who else name
            verdict = f"  below its floor: {', '.join(low)}" if low else ""
            print(
                f"{title:<42} {row['dates']:6.3f} {row['wrong']:6.3f} {row['of_dates']:4} "
                f"{row['bylines']:8.3f} {row['of_bylines']:4}{verdict}",
                flush=True,
            )
    return int(not reached)


if __name__ == "__main__":
    sys.exit(main())
