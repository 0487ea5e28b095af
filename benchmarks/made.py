"""A corpus of 500 made stories, the same each time for a seed, with its answers: what `origin.py` examines.

Texts are the middle paragraphs of background articles and, one story in ten, of news in other languages, each used
once; everything around them is invented. Outlets are from the rules' list (four in ten, where the language has some)
and invented; agencies are the list's. About half of the pages are HTML. An answer is given only where a careful
reader of a story's pages could tell it; else the answer is that it cannot be told. Of 500 stories:

 170  have the original in the corpus and copies that credit it, in the text (`credited` 80), with dates before the
      original's (`clock` 12), within the same minutes (`minutes` 10), undated (`undated` 14), in chains (`chain` 24,
      four in ten with the head of the chain outside), in the markup alone (`markup` 28, half of them with the
      original outside)
  42  are credited to an outlet that the corpus does not have (`elsewhere`); of all credited stories' copies three in
      ten say nothing
  66  are an agency's, shown by seven in ten of their copies (`agency`)
  75  are told by time alone (`time` 50, `edits` 25): two hours apart or more where dates leave no doubt, else
      60 hours
  39  are excerpted (`excerpt` 18), or made into a digest with others (`digest` 21)
  60  have traps (`cited`, `photo`, `own`, `host`, `box`, `book`, `bio`) and are told by time, or not at all (about
      20)
  40  cannot be told (`nothing`): no dates, one date, the same minutes, the same day, local times without zones
  10  have an original that nobody names and that is not in the corpus (`lost`): not graded, since nobody can know,
      but they count in how far confidence is to be relied on

The proportions are a judgement, not a measurement. `python benchmarks/made.py SEED` prints the pages as JSON lines.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from made_kinds import KINDS
from made_outlets import seeded
from made_pages import lay_out
from made_scenes import SEEDS, Desk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from made_outlets import Outlet
    from made_scenes import Plot
    from syndicate import Page


@dataclass(frozen=True, slots=True)
class Gold:
    """A story's answer.

    Attributes:
        kind: How the story was made.
        origin: Where the text came from; None where it cannot be told.
        article: Id of the original's page; None where the corpus does not have it, or it cannot be told.
        members: Ids of the pages that carry the text.
        graded: Whether an answer is right or wrong; else it only counts in how far answers are to be relied on.
    """

    kind: str
    origin: Outlet | None
    article: str | None
    members: tuple[str, ...]
    graded: bool


@dataclass(frozen=True, slots=True)
class Corpus:
    """Made pages with their answers.

    Attributes:
        pages: In order of ids, which tell nothing.
        stories: What is to be told of them.
        sources: For each copy whose source can be told, the ids of the pages it has its text from.
        kinds: For each page the kind of its story.
    """

    pages: tuple[Page, ...]
    stories: tuple[Gold, ...]
    sources: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, str]


def make(seed: str) -> Corpus:
    """The corpus of a seed: one of `SEEDS`."""
    desk = Desk(seed)
    order = [kind for kind, (_, count) in KINDS.items() for _ in range(count)]
    desk.rng.shuffle(order)
    plots = [(kind, KINDS[kind][0](desk)) for kind in order]
    return _laid_out(plots, seed)


def _laid_out(plots: list[tuple[str, Plot]], seed: str) -> Corpus:
    rng = seeded("pages", seed)
    total = sum(len(plot.drafts) for _, plot in plots)
    numbers = iter(rng.sample(range(total), total))
    pages: list[Page] = []
    stories: list[Gold] = []
    sources: dict[str, tuple[str, ...]] = {}
    kinds: dict[str, str] = {}
    for kind, plot in plots:
        names = [f"p{next(numbers):05}" for _ in plot.drafts]
        pages += [lay_out(draft, name, rng) for draft, name in zip(plot.drafts, names, strict=True)]
        kinds |= dict.fromkeys(names, kind)
        sources |= {names[copy]: tuple(names[at] for at in found) for copy, found in plot.sources.items()}
        for told in plot.stories:
            article = None if told.article is None else names[told.article]
            members = tuple(sorted(names[at] for at in told.members))
            stories.append(Gold(kind, told.origin, article, members, told.graded))
    return Corpus(tuple(sorted(pages, key=lambda page: page.id)), tuple(stories), sources, kinds)


def main() -> int:
    """Print the pages of a seed's corpus, as `syndicate clean` reads them."""
    if sys.argv[1:2] not in [[seed] for seed in SEEDS]:
        print(f"usage: made.py {'|'.join(SEEDS)}", file=sys.stderr)
        return 2
    for page in make(sys.argv[1]).pages:
        record = {"id": page.id, "url": page.url, page.format: page.content, "title": page.title,
                  "outlet": page.outlet, "published": page.published}  # fmt: skip
        print(json.dumps({key: value for key, value in record.items() if value is not None}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
