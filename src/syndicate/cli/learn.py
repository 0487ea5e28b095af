"""`syndicate rules learn`: packs from pages, and what became of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from syndicate.cli.terminal import report, say, tell
from syndicate.errors import InputError
from syndicate.io.inputs import Failure
from syndicate.io.read import read_pages
from syndicate.learn.groups import FEWEST
from syndicate.learn.pack import write_pack

if TYPE_CHECKING:
    from pathlib import Path

    from syndicate.io.inputs import Note, ReadOptions
    from syndicate.learn.learner import Learner
    from syndicate.learn.pack import PackChange
    from syndicate.learn.site import Learnt


def learn_packs(learner: Learner, inputs: list[str], reading: ReadOptions, folder: Path) -> int:
    """Learn, and write a pack a publisher.

    Args:
        learner: What learns.
        inputs: What is read.
        reading: How.
        folder: Where the packs are, or will be.

    Returns:
        How many inputs could not be read.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: {error.strerror or error}") from error
    sums: Counter[str] = Counter()

    def watch(item: Failure | Note) -> None:
        if isinstance(item, Failure):
            sums["failed"] += 1
            report(item)
        else:
            tell(item)

    with learner.read(read_pages(inputs, reading), watch) as shelf:
        for learnt in learner.learn(shelf, lambda site: folder / f"{site}.toml"):
            change = write_pack(folder / f"{learnt.site}.toml", learnt.site, learnt.proposals, learnt.counted)
            sums.update(new=len(change.new), packs=int(change.path.exists()), dead=len(change.dead))
            if change.path.exists():
                say(_line(learnt, change))
    said = f"{folder}: packs {sums['packs']}, new rules {sums['new']}, dead {sums['dead']}"
    if shelf.passed_over:
        said += f"; pages passed over, no text or of no publisher asked for or known: {shelf.passed_over}"
    if not sums["packs"]:
        said += f"; a rule needs {FEWEST} different stories of one publisher that have the same text"
    say(said)
    return sums["failed"]


def _line(learnt: Learnt, change: PackChange) -> str:
    parts = [f"{len(change.new)} new"]
    if change.counted:
        parts.append(f"{change.counted} counted again")
    if change.dead:
        parts.append(f"{len(change.dead)} dead ({', '.join(change.dead)})")
    return f"{change.path.name}: {learnt.stories} stories on {learnt.pages} pages: {', '.join(parts)}"
