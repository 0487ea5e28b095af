"""What learnt packs are worth on the development data beside the checkout (../shared), held against learning.json.

Portals: the whole text of each page of cleanportaleval, all blocks kept, by halves of each site's pages: packs learnt
on one half clean the other. How much of what an oracle would lift, that knows the gold and drops every other line, do
they lift? Background: pairs of articles of one outlet that share 20 or more shingles of 5 words, before and after the
packs learnt from all of them; none of the pairs is left out, so those that report one story are among them. The core
packs alone are in force besides: what publishers' packs know must be learnt.

Of the removals from the background 200 are drawn. learning_removals.tsv has a verdict on each that was read:
id, rule, a digest of the text, whether it is chrome, and why not. `--read` prints those that are drawn and have none
yet.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from quality import SHARED, gold, pages_of, rows, score
from syndicate import Cleaner, Page
from syndicate.learn.learner import Learner
from syndicate.learn.pack import write_pack
from syndicate.rules.check import check_rules
from syndicate.rules.lint import lint_rules
from syndicate.rules.packs import load_packs
from syndicate.tokens import tokenise
from syndicate.workers import processors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HERE: Final = Path(__file__).resolve().parent
FLOORS: Final = HERE / "learning.json"
VERDICTS: Final = HERE / "learning_removals.tsv"
PORTALS: Final = "cleanportaleval"
BACKGROUND: Final = SHARED / "data" / "syndication" / "allsides-background.jsonl.gz"
LEAST_ARTICLES, LEAST_SHARED = 50, 20
SAMPLE: Final = 200


def taught(core: Cleaner, pages: Iterable[Page], folder: Path) -> Cleaner:
    """A cleaner with the packs that are learnt from pages."""
    learner = Learner(core, workers=processors())
    with learner.read(pages, print) as shelf:
        for learnt in learner.learn(shelf):
            write_pack(folder / f"{learnt.site}.toml", learnt.site, learnt.proposals, learnt.counted)
    return Cleaner(packs=["core", str(folder)], preview=True)


def holds(folder: Path) -> bool:
    """Whether packs pass their tests and lint as they come."""
    rules = load_packs([folder], vet=True)
    count, failures = check_rules(rules)
    findings = lint_rules(rules)
    print(f"{len(rules.rules)} rules, {count} tests, {len(failures)} failed, {len(findings)} findings of lint")
    for one in (*failures, *findings):
        print(f"  {one}")
    return not failures and not findings


def verdict(name: str, figure: float, limit: float, *, least: bool = True) -> bool:
    """Print a figure beside its limit; return whether it is kept."""
    kept = figure >= limit if least else figure <= limit
    print(f"{name:<48} {figure:7.4f} {limit:7.4f}{'' if kept else '  past its limit'}", flush=True)
    return kept


def squashed(text: str) -> str:
    """A text with its white space folded."""
    return " ".join(text.split())


def bench_portals(core: Cleaner, floors: dict[str, float], folder: Path) -> bool:
    """Learn on one half of each portal's pages, clean the other."""
    whole = [Page(core.clean_page(page).restore(), page.id, page.url, "text") for page in pages_of(PORTALS)]
    golds = {row["id"]: squashed(row["gold"]) for row in rows(gold(PORTALS))}
    seen: Counter[str] = Counter()
    halves: tuple[list[Page], list[Page]] = ([], [])
    for page in whole:
        site = core.read(page).site or ""
        halves[seen[site] % 2].append(page)
        seen[site] += 1
    texts: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    kept = True
    for at in (0, 1):
        packs = folder / str(at)
        packs.mkdir()
        cleaner = taught(core, halves[at], packs)
        kept &= holds(packs)
        for page in halves[1 - at]:
            before = core.clean_page(page).text
            lines = (line for line in before.splitlines() if squashed(line) in golds[page.id])
            texts["core"].append((page.id, before))
            texts["oracle"].append((page.id, "\n".join(lines)))
            texts["learnt"].append((page.id, cleaner.clean_page(page).text))
    figures = {name: score(PORTALS, "extraction", found) for name, found in texts.items()}
    for name, figure in figures.items():
        print(f"{name:<10} F1 {figure['f1']:.4f}  precision {figure['precision']:.4f}  recall {figure['recall']:.4f}")
    core_f1, oracle_f1, learnt_f1 = (figures[name]["f1"] for name in ("core", "oracle", "learnt"))
    kept &= verdict("share of what an oracle lifts", (learnt_f1 - core_f1) / (oracle_f1 - core_f1), floors["lift"])
    lost = figures["core"]["recall"] - figures["learnt"]["recall"]
    return verdict("recall lost", lost, floors["lost_recall"], least=False) and kept


def alike(texts: Sequence[str]) -> int:
    """How many pairs of texts share enough shingles."""
    shingles = [np.unique(tokenise(text).shingles()) for text in texts]
    owners = np.repeat(np.arange(len(texts)), [each.size for each in shingles])
    values = np.concatenate(shingles)
    order = np.argsort(values, kind="stable")
    values, owners = values[order], owners[order]
    shared = np.zeros((len(texts), len(texts)), np.int32)
    for group in np.split(owners, np.flatnonzero(np.diff(values)) + 1):
        if group.size > 1:
            shared[np.ix_(group, group)] += 1
    return int((np.triu(shared, 1) >= LEAST_SHARED).sum())


def sample_verdicts(removals: Sequence[tuple[str, str, str]], *, read: bool) -> None:
    """Say what is known of some removals that are drawn at random; print the others."""
    known = {
        tuple(line.split("\t")[:3]): line.split("\t")[3] for line in VERDICTS.read_text("utf-8").splitlines()[1:]
    }
    verdicts: Counter[str] = Counter()
    for name, rule, text in random.Random(1).sample(removals, SAMPLE):  # noqa: S311
        digest = hashlib.blake2b(squashed(text).encode(), digest_size=4).hexdigest()
        verdict = known.get((name, rule, digest), "not read")
        verdicts[verdict] += 1
        if read and verdict == "not read":
            print(f"{name}\t{rule}\t{digest}\n    {squashed(text)[:300]}")
    print(f"of {SAMPLE} removals that were drawn: {dict(verdicts)}")


def bench_background(core: Cleaner, floors: dict[str, float], folder: Path, *, read: bool) -> bool:
    """Learn from the background articles, and count pairs of one outlet that look alike before and after."""
    articles = list(rows(BACKGROUND))
    pages = [
        Page(row["text"], row["id"], row["url"], "text", title=row["title"], published=row["published"] or None)
        for row in articles
    ]
    cleaner = taught(core, pages, folder)
    kept = holds(folder)
    by_outlet: defaultdict[str, list[Page]] = defaultdict(list)
    for row, page in zip(articles, pages, strict=True):
        by_outlet[row["outlet"]].append(page)
    sums: Counter[str] = Counter()
    largest: Counter[str] = Counter()
    removals: list[tuple[str, str, str]] = []
    for outlet, own in sorted(by_outlet.items(), key=lambda item: -len(item[1])):
        if len(own) < LEAST_ARTICLES:
            continue
        cleaned = [cleaner.clean_page(page) for page in own]
        counts = {
            "raw": alike([page.content for page in own]),
            "core": alike([core.clean_page(page).text for page in own]),
            "learnt": alike([article.text for article in cleaned]),
        }
        sums.update(counts)
        largest = max(largest, Counter(counts), key=lambda one: one["core"])
        print(f"{outlet:<28} {len(own):4} articles, pairs alike: {counts}", flush=True)
        removals += [
            (article.id, one.rule, one.text)
            for article in cleaned for one in article.removed if one.rule.startswith("learnt-")
        ]  # fmt: skip
    print(f"{len(removals)} removals; pairs alike: {dict(sums)}")
    sample_verdicts(removals, read=read)
    others = sums - largest
    print(f"without the outlet that has most of them: {1 - others['learnt'] / others['core']:.4f}")
    return verdict("fall of pairs that look alike", 1 - sums["learnt"] / sums["core"], floors["fall"]) and kept


def main() -> int:
    """Print the figures; fail where a limit is passed."""
    if not SHARED.is_dir():
        print(f"skipped: needs the development data in {SHARED.name}/ beside the checkout")
        return int("CI" in os.environ)  # CI provides it
    floors: dict[str, Any] = json.loads(FLOORS.read_text())
    core = Cleaner(packs=["core"])
    with tempfile.TemporaryDirectory() as name:
        (portals := Path(name, "portals")).mkdir()
        (background := Path(name, "background")).mkdir()
        kept = bench_portals(core, floors["portals"], portals)
        kept &= bench_background(core, floors["background"], background, read="--read" in sys.argv)
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
