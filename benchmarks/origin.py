"""How well the origin of reposts is told, held against floors in origin.json.

Wire copies: pages of 80 outlets, whose groups' agencies are known; photo credits that must not pass for them; stories
against the labelled groups. Made stories (`made.py`): 500 with their answers, by kind: the origin's outlet and
article, "cannot be told" where it cannot, who copied whom, and whether confidence means what it says. Of two corpora
without a text in common one is to calibrate on, `--calibrate`; the other is the examination. `--read KIND` prints the
stories of a kind that fail, and `--read wire` the wire copies. Run with `make bench`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from made import make
from made_kinds import KINDS
from made_outlets import Outlet, agencies
from made_scenes import SEEDS
from matching import DATA, cleaned, verdict
from quality import SHARED, rows
from syndicate import Cleaner, match_corpus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from made import Corpus, Gold
    from syndicate import Article, Story, SyndicationGraph

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "origin.json"
AGENCIES: Final = {"AP": "Associated Press", "Reuters": "Reuters", "AFP": "Agence France-Presse"}
"""The names of the data, and those of `rules/agencies.toml`."""
CNN: Final = Outlet("CNN", ("CNN Wire", "CNN Wires", "CNN NewSource"), "cnn.com")
"""No agency of the list, but its affiliates run its texts as they do an agency's."""
BINS: Final = (0.3, 0.5, 0.7, 0.8, 0.9, 1.01)
BAR: Final = 40
QUOTED: Final = 140


def bench_wire(floors: dict[str, Any], cleaner: Cleaner, *, read: bool) -> bool:
    """Agencies of wire copies, photo credits as traps, stories against groups."""
    documents = list(rows(DATA / "wire-copies.docs.jsonl.gz"))
    articles = [cleaned(cleaner, row, "\n\n".join(row["paragraphs"])) for row in documents]
    by_id = {article.id: article for article in articles}
    stories = match_corpus(articles).stories
    groups = multi_outlet(documents)
    # 65 groups with 239 articles; of 34 of them, with 162 articles, the agency is known (`cluster_wire`, the same in
    # a whole group). Groups of one article or one outlet have a `cluster`, perhaps an agency too, and do not count.
    known = [row for row in documents if row["cluster_wire"] and row["cluster"] in groups]
    labels = {row["cluster"]: row["cluster_wire"] for row in known}
    corrected = labels | {int(group): name for group, name in floors["labels_found_wrong"].items()}
    wrong = [row for row in known if not is_of(corrected[row["cluster"]], story_with(row["id"], stories))]
    strict = [row for row in known if not is_of(labels[row["cluster"]], story_with(row["id"], stories))]
    bare = sum(not row["wire"] for row in known)
    right, found = 1 - len(wrong) / len(known), bare - sum(not row["wire"] for row in wrong)
    kept = verdict(f"wire: agency right, of {len(known)}", right, floors["agency"], least=True)
    kept &= verdict(f"... of the {bare} without a credit", found, floors["uncredited"], least=True)
    print(f"{'... both, by the labels as they are':<44} {1 - len(strict) / len(known):7.4f} "
          f"{bare - sum(not row['wire'] for row in strict)}")  # fmt: skip
    named = [row for row in documents if row["photo_credit_only"]]
    shown = [row for row in named if shows_agency(row, by_id[row["id"]], story_with(row["id"], stories))]
    credited = floors["photo_labels_found_wrong"]  # these have a credit of an agency's for their text after all
    caught = [row for row in shown if row["id"] not in credited]
    traps = len(named) - len(credited)
    kept &= verdict(f"... photo credits taken for it, of {traps}", len(caught), floors["photo"], least=False)
    print(f"{f'... labelled so, but credited, of {len(credited)}: told':<44} {len(shown) - len(caught):7}")
    figures = clusters(groups, stories)
    name = f"stories: B-cubed F1, {figures['documents']} in {len(groups)} groups"
    kept &= verdict(name, figures["b3_f1"], floors["b3_f1"], least=True)
    print(f"{'... precision and recall':<44} {figures['b3_precision']:7.4f} {figures['b3_recall']:.4f}")
    if read:
        for row in wrong:
            print(f"  {row['id']} is {corrected[row['cluster']]}'s: {described(story_with(row['id'], stories))}")
        for row in caught:
            print(
                f"  {row['id']}, a photo of {row['photo_credit_only']}: {described(story_with(row['id'], stories))}"
            )
    return kept


def multi_outlet(documents: Iterable[dict[str, Any]]) -> dict[int, list[str]]:
    """The ids of each labelled group that has articles of two outlets or more."""
    groups: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in documents:
        if row["cluster"] is not None:
            groups[row["cluster"]].append(row)
    return {
        group: [row["id"] for row in members]
        for group, members in groups.items()
        if len({row["outlet"] for row in members}) > 1
    }


def story_with(article: str, stories: Iterable[Story]) -> Story | None:
    """The story that an article is a member of."""
    return next((story for story in stories if article in story.members), None)


def is_of(label: str, story: Story | None) -> bool:
    """Whether a story is told to be an agency's, in a name of the data's, or CNN's."""
    if story is None:
        return False
    return CNN.is_named(story.origin.outlet) if label == CNN.name else story.origin.outlet == AGENCIES[label]


def shows_agency(row: dict[str, Any], article: Article, story: Story | None) -> bool:
    """Whether a page that names an agency in a photo credit is taken for an agency's text.

    It shows in a claim of the page's, or in evidence for an agency that is said to be in this page. The page may
    well be a member of that agency's story, for what other pages say.
    """
    told = [claim.value for claim in article.claims if claim.field == "agency"]
    evidence = story.origin.evidence if story is not None else ()
    told += (piece.value for piece in evidence if piece.article == row["id"])
    return any(agencies()[name].is_named(value) for value in told for name in AGENCIES.values())


def clusters(groups: Mapping[int, Sequence[str]], stories: Iterable[Story]) -> dict[str, Any]:
    """What the scorer says of stories against the groups, over the groups' members."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("gold.jsonl", "found.jsonl")]
        labelled: list[tuple[str, Sequence[str]]] = [(str(name), ids) for name, ids in groups.items()]
        found: list[tuple[str, Sequence[str]]] = [(story.id, story.members) for story in stories]
        for path, sets in zip(paths, (labelled, found), strict=True):
            lines = (json.dumps({"group": name, "members": list(ids)}) for name, ids in sets)
            path.write_text("\n".join(lines), encoding="utf-8")
        scorer = [sys.executable, str(SHARED / "eval" / "score.py"), "clusters", *map(str, paths)]
        figures: dict[str, Any] = json.loads(subprocess.run(scorer, check=True, capture_output=True).stdout)  # noqa: S603
    return figures


class Answers:
    """What was answered to a made corpus, beside its gold."""

    def __init__(self, corpus: Corpus, graph: SyndicationGraph) -> None:
        self.corpus = corpus
        self.stories = {gold: best_story(gold, graph.stories) for gold in corpus.stories}
        self.edges = {(edge.copy, edge.source) for story in graph.stories for edge in story.edges}
        self.direct = {(copy, source) for copy, sources in corpus.sources.items() for source in sources}
        self.known = {(copy, source) for copy in corpus.sources for source in ancestors(copy, corpus.sources)}

    def is_right(self, gold: Gold) -> bool:
        """Whether the outlet is right, or that it cannot be told."""
        story = self.stories[gold]
        if story is None:
            return False  # what is not found is not answered
        if gold.origin is None:
            return story.origin.outlet is None
        return gold.origin.is_named(story.origin.outlet)

    def has_article(self, gold: Gold) -> bool:
        """Whether the original's page is right, or that the corpus has none."""
        story = self.stories[gold]
        return story is not None and story.origin.article == gold.article

    def share_right(self, golds: Iterable[Gold]) -> float:
        """Of stories the share whose outlet is right."""
        verdicts = [self.is_right(gold) for gold in golds]
        return sum(verdicts) / max(1, len(verdicts))

    def directions(self, kind: str | None = None) -> tuple[int, int, int, int]:
        """Edges whose direction is right; wrong; direct sources found; and all of those. Of a kind, or all."""

        def count(pairs: Iterable[tuple[str, str]]) -> int:
            return sum(kind in {None, self.corpus.kinds[copy]} for copy, _ in pairs)

        wrong = {(copy, source) for copy, source in self.edges if (source, copy) in self.known}
        return count(self.edges & self.known), count(wrong), count(self.edges & self.direct), count(self.direct)


def ancestors(copy: str, sources: Mapping[str, Sequence[str]]) -> set[str]:
    """What a copy has its text from, near and far."""
    found: set[str] = set()
    for source in sources.get(copy, ()):
        found |= {source, *ancestors(source, sources)}
    return found


def best_story(gold: Gold, stories: Sequence[Story]) -> Story | None:
    """The story that has most of a made story's members, and of several the one with fewest others."""
    members = set(gold.members)
    shared = [(len(members.intersection(story.members)), -len(story.members), story) for story in stories]
    best = max(shared, key=lambda found: found[:2], default=None)
    return best[2] if best is not None and best[0] else None


def bench_made(floors: dict[str, Any], cleaner: Cleaner, seed: str, *, read: str | None) -> bool:
    """Origins, articles, directions and confidence of made stories."""
    corpus = make(seed)
    articles = [cleaner.clean_page(page) for page in corpus.pages]
    answers = Answers(corpus, match_corpus(articles))
    graded = [gold for gold in corpus.stories if gold.graded]
    told = [gold for gold in graded if gold.origin is not None]
    untold = [gold for gold in graded if gold.origin is None]
    right, wrong, direct, directs = answers.directions()
    print(f"\n{len(corpus.stories)} made stories on {len(corpus.pages)} pages, seed {seed}")
    print_kinds(answers)
    kept = verdict(f"made: outlet right, of {len(told)}", answers.share_right(told), floors["outlet"], least=True)
    kept &= verdict(
        f"... cannot be told, of {len(untold)}", answers.share_right(untold), floors["untold"], least=True
    )
    kept &= verdict(
        f"... direction right, of {right + wrong} edges",
        right / max(1, right + wrong),
        floors["direction"],
        least=True,
    )
    print(f"{f'... direct sources found, of {directs}':<44} {direct / directs:7.4f}")
    print(f"{'... edges where no direction can be told':<44} {len(answers.edges) - right - wrong:7}")
    for name, golds in (("the article", [gold for gold in told if gold.article]),
                        ("no article", [gold for gold in told if not gold.article])):  # fmt: skip
        found = sum(map(answers.has_article, golds))
        print(f"{f'... {name} right, of {len(golds)}':<44} {found / len(golds):7.4f}")
    kept &= print_reliability(answers, floors["sure"])
    if read:
        print_failures(answers, {article.id: article for article in articles}, read)
    return kept


def print_kinds(answers: Answers) -> None:
    """A row a kind: stories whose outlet is right, and whose members are; directions right, wrong, and not found."""
    print("kind         stories  right  wrong silent members   directions: right wrong missed")
    for kind in KINDS:
        golds = [gold for gold in answers.corpus.stories if gold.kind == kind]
        right = sum(map(answers.is_right, golds))
        stories = [answers.stories[gold] for gold in golds]
        silent = sum(
            gold.origin is not None and (story is None or story.origin.outlet is None)
            for gold, story in zip(golds, stories, strict=True)
        )
        whole = sum(
            story is not None and set(story.members) == set(gold.members)
            for gold, story in zip(golds, stories, strict=True)
        )
        forward, back, direct, directs = answers.directions(kind)
        print(f"{kind:<12} {len(golds):>7} {right:>6} {len(golds) - right - silent:>6} {silent:>6} {whole:>7} "
              f"{forward:>19} {back:>5} {directs - direct:>6}")  # fmt: skip


def print_reliability(answers: Answers, floor: float) -> bool:
    """How many answers of each confidence are right, as a plot; those of .9 and more must be nearly all."""
    counts: Counter[float] = Counter()
    right: Counter[float] = Counter()
    for gold, story in answers.stories.items():
        if story is not None and story.origin.outlet is not None:
            least = max((low for low in BINS if low <= story.origin.confidence), default=0.0)
            counts[least] += 1
            right[least] += answers.is_right(gold)
    print("confidence     answers  right")
    for low, high in pairwise((0.0, *BINS)):
        if counts[low]:
            share = right[low] / counts[low]
            print(
                f"{low:.2f} to {min(high, 1):.2f}   {counts[low]:>7}  {share:.3f} {'#' * round(share * BAR):<{BAR}}|"
            )
    sure = right[0.9] / max(1, counts[0.9])
    return verdict("... right, of answers at .9 and more", sure, floor, least=True)


def print_failures(answers: Answers, articles: Mapping[str, Article], kind: str) -> None:
    """The stories of a kind that fail, with what their pages claim of their origin."""
    for gold in answers.corpus.stories:
        if gold.kind != kind or (answers.is_right(gold) and not _misled(answers, gold)):
            continue
        name = gold.origin.name if gold.origin else "cannot be told"
        print(f"\n{name} ({gold.article}); answered: {described(answers.stories[gold])}")
        for member in gold.members:
            article = articles[member]
            claims = [f"{claim.field}={claim.value}" for claim in article.claims
                      if claim.field in {"agency", "source", "source_url", "canonical", "licence"}]  # fmt: skip
            found = [source for copy, source in answers.edges if copy == member]
            print(f"  {member} {article.outlet} {article.published} {claims} has it from {found}, "
                  f"should {answers.corpus.sources.get(member, ())}")  # fmt: skip
            for removal in article.removed:
                if not removal.by_extractor:
                    print(f"      - {removal.rule}: {removal.text[:QUOTED]!r}")
            print(f"      {article.text[:QUOTED]!r} ... {article.text[-QUOTED:]!r}")


def _misled(answers: Answers, gold: Gold) -> bool:
    """Whether a copy in a story has a wrong direction, or no source where it can be told."""
    copies = [member for member in gold.members if member in answers.corpus.sources]
    return any(
        (source, copy) in answers.edges or (copy, source) not in answers.edges
        for copy in copies
        for source in answers.corpus.sources[copy]
    )


def described(story: Story | None) -> str:
    """A story's answer on one line."""
    if story is None:
        return "no story"
    origin = story.origin
    evidence = [f"{piece.kind} {piece.article} {piece.value}" for piece in origin.evidence[:4]]
    return f"{origin.outlet} ({origin.article}) {origin.confidence:.2f} {evidence}"


def main() -> int:
    """Print figures beside their floors; fail where one is not reached."""
    if not SHARED.is_dir():
        print(f"skipped: needs the development data in {SHARED.name}/ beside the checkout")
        return int("CI" in os.environ)  # CI provides it
    parser = argparse.ArgumentParser(description="How well the origin of reposts is told.")
    parser.add_argument("--calibrate", action="store_true", help="the corpus to calibrate on, not the examination's")
    parser.add_argument("--read", choices=("wire", *KINDS), help="print what fails of a kind")
    options = parser.parse_args()
    floors = json.loads(FLOORS.read_text())
    cleaner = Cleaner()
    kept = bench_wire(floors["wire"], cleaner, read=options.read == "wire")
    kept &= bench_made(floors["made"], cleaner, SEEDS[not options.calibrate], read=options.read)
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
