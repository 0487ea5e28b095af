"""Quality of matching on the development data beside the checkout (../shared), held against floors in matching.json.

Wire copies: pages of 80 outlets on three events, cleaned as plain text, each labelled pair found or not. Same event:
pairs of texts that report the same and share nothing. Background: 9,311 articles of many outlets, cleaned; `--read`
prints the matches with the least overlap, since none may rest on chrome alone. Run with `make bench`.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from quality import SHARED, rows
from syndicate import Article, Cleaner, Page, Status, match_corpus

if TYPE_CHECKING:
    from syndicate import Match

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "matching.json"
DATA = SHARED / "data" / "syndication"
NO_MATCHES: Final = ("quote", "unrelated")
READ: Final = 50
"""Matches with the least overlap that `--read` prints."""


def cleaned(cleaner: Cleaner, row: dict[str, Any], text: str) -> Article:
    """A row's text as users would have it before matching."""
    page = Page(text, row["id"], url=row.get("url"), title=row.get("title"), outlet=row["outlet"], format="text")
    article = cleaner.clean_page(page)
    return replace(article, outlet=article.outlet or row["outlet"])


def verdict(name: str, figure: float, limit: float, *, least: bool) -> bool:
    """Print a figure beside its limit; return whether it is kept."""
    kept = figure >= limit if least else figure <= limit
    print(f"{name:<44} {figure:7.4f} {'at least' if least else 'at most'} {limit:.4f}{'' if kept else '  not kept'}")
    return kept


def bench_wire(floors: dict[str, Any], cleaner: Cleaner, *, read: bool) -> bool:
    """Labelled pairs of wire copies that are matched."""
    documents = rows(DATA / "wire-copies.docs.jsonl.gz")
    articles = [cleaned(cleaner, row, "\n\n".join(row["paragraphs"])) for row in documents]
    matches = {(match.a, match.b): match for match in match_corpus(articles).matches}
    found: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    labelled: Counter[str] = Counter()
    for pair in rows(DATA / "wire-copies.pairs.jsonl.gz"):
        label = pair["label"]
        labelled[label] += 1
        match = matches.get((pair["a"], pair["b"])) or matches.get((pair["b"], pair["a"]))
        found[label] += match is not None
        if match is not None and label in NO_MATCHES:
            wrong[f"{match.a} {match.b}"] += 1
            if read:
                print(f"  {label}: {describe(match)}")
    kept = True
    for label, floor in floors["recall"].items():
        kept &= verdict(f"wire copies: {label} found", found[label] / labelled[label], floor, least=True)
    mistaken = sum(found[label] for label in NO_MATCHES) / found.total()
    kept &= verdict("wire copies: matched, labelled as no match", mistaken, floors["mistaken"], least=False)
    unlisted = wrong.keys() - set(floors["labels_found_wrong"])
    kept &= verdict("... less labels found wrong", len(unlisted) / found.total(), floors["unlisted"], least=False)
    return kept


def bench_same_event(floors: dict[str, Any]) -> bool:
    """Pairs of texts on the same event that share no more than quotations."""
    pairs = [row for row in rows(DATA / "semeval-same-event.pairs.jsonl.gz") if row["contain5"] < floors["contain5"]]
    articles = [
        Article(id=f"{at:03}{side}", text=row[f"text{side}"], status=Status.OK)
        for at, row in enumerate(pairs)
        for side in "12"
    ]
    matched = {(match.a, match.b) for match in match_corpus(articles).matches}
    found = sum((f"{at:03}1", f"{at:03}2") in matched for at in range(len(pairs)))
    return verdict(f"same event: of {len(pairs)} pairs matched", found, floors["matched"], least=False)


def bench_background(floors: dict[str, Any], cleaner: Cleaner, *, read: bool) -> bool:
    """Matches among background articles, which their outlets' chrome must not make."""
    articles = [cleaned(cleaner, row, row["text"]) for row in rows(DATA / "allsides-background.jsonl.gz")]
    texts = {article.id: article for article in articles}
    matches = match_corpus(articles).matches
    for match in sorted(matches, key=overlap)[: READ if read else 0]:
        print(f"  {texts[match.a].outlet} and {texts[match.b].outlet}: {describe(match)}")
        for passage in sorted(match.passages, key=lambda span: span.a_start - span.a_end)[:2]:
            print(f"    {texts[match.a].text[passage.a_start : passage.a_end][:200]!r}")
    return verdict("background: matches, each read by eye", len(matches), floors["matched"], least=False)


def overlap(match: Match) -> float:
    """How much of the shorter text the longer has."""
    return max(match.containment_a, match.containment_b)


def describe(match: Match) -> str:
    """A match on one line."""
    lengths = [passage.a_end - passage.a_start for passage in match.passages]
    return f"{match.a} {match.b} {match.relation} {match.containment_a:.2f} {match.containment_b:.2f} {lengths}"


def main() -> int:
    """Print figures beside their floors; fail where one is not reached. `--read` prints what should be read."""
    if not SHARED.is_dir():
        print(f"skipped: needs the development data in {SHARED.name}/ beside the checkout")
        return int("CI" in os.environ)  # CI provides it
    floors = json.loads(FLOORS.read_text())
    cleaner = Cleaner()
    read = "--read" in sys.argv
    kept = bench_wire(floors["wire"], cleaner, read=read)
    kept &= bench_same_event(floors["same_event"])
    kept &= bench_background(floors["background"], cleaner, read=read)
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
