"""Make `src/syndicate/extract/model.npz` from the development data, and cross-validate it by site.

    python benchmarks/train.py             cross-validate: five models, each scored on the sites it has not seen
    python benchmarks/train.py --write     train on all pages and write the model

Run with `make train`. Labels are made by `labels.py`. A block weighs as much as it counts in the score of its page.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock
from urllib.parse import urlsplit

import lightgbm
import numpy as np

import syndicate.extract
from labels import labels, segment_labels
from quality import FLOORS, gold, report, rows, score
from syndicate import Cleaner, Page
from syndicate.extract.features import FEATURES, look
from syndicate.extract.forest import MODEL, Forest
from syndicate.extract.names import Names
from syndicate.parse import parse_html

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from syndicate.model import Document

SETS: dict[str, dict[str, Any]] = json.loads(FLOORS.read_text())["pages"]
FOLDS = 5
SHIFTS = (-2, -1, 1, 2)
CONTEXT = (
    "text:length", "text:words", "text:ends-sentence", "text:link-share", "text:stop-rate", "text:capital-words",
    "text:digits", "text:begins-upper", "prose", "chrome", "in-region", "same-shape-prose", "title", "kind:any",
    "tag:p", "tag:li", "tag:h2", "tag:h3",
)  # fmt: skip
"""What is asked of a block's neighbours."""
COLUMNS = [(at, 0) for at in range(len(FEATURES))] + [
    (FEATURES.index(name), shift) for shift in SHIFTS for name in CONTEXT
]
PARAMETERS = {
    "objective": "binary", "learning_rate": 0.06, "num_leaves": 31, "max_bin": 63, "min_data_in_leaf": 100,
    "bagging_fraction": 0.7, "bagging_freq": 1, "feature_fraction": 0.35, "lambda_l2": 10.0, "seed": 1,
    "deterministic": True, "force_col_wise": True, "num_threads": 2, "verbosity": -1,
}  # fmt: skip
TREES = 300
FEWEST_TOKENS = 50
MOST_WEIGHT = 0.2
"""No block weighs more than this share of its page."""
SEGMENT_WEIGHT = 0.25


@dataclass(frozen=True, slots=True)
class Example:
    """A page to learn from: features of blocks and their neighbours; what is right for each block, and its weight."""

    name: str
    site: str
    row: dict[str, Any]
    values: Any
    right: Any
    weights: Any

    @property
    def fold(self) -> int:
        """All pages of a site are in one fold."""
        return int(hashlib.md5(self.site.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


def site_of(name: str, row: dict[str, Any]) -> str:
    """The site a page is of: its host, or, where no address is known, the publisher in its id."""
    if row.get("url"):
        return str(urlsplit(row["url"]).netloc).removeprefix("www.")
    return "/".join(row["id"].split("/")[:2]) if name == "fundus-fixtures" else str(row["id"])


def examples(names: Names) -> Iterator[Example]:
    """All pages of all sets."""
    for name, floors in SETS.items():
        for row in rows(gold(name)):
            document = parse_html(row["html"])
            if document.blocks:
                right, weights = truth(document, row, floors["kind"])
                values = with_neighbours(look(document, names).features)
                yield Example(name, site_of(name, row), row, values, right, weights)


def truth(document: Document, row: dict[str, Any], kind: str) -> tuple[Any, Any]:
    """For each block whether it is the article's, and how much that matters."""
    texts = [document.text[block.start : block.end] for block in document.blocks]
    sizes = np.array([len(re.findall(r"\w+", text)) for text in texts], float)
    if kind == "segments":
        known = segment_labels(texts, row)
        weights = np.array([label is not None for label in known]) * np.minimum(sizes + 1, 60) / 60
        return np.array([label == 1.0 for label in known]), weights * SEGMENT_WEIGHT
    right = np.array(labels(texts, row["gold"])) > 0.5
    return right, np.minimum((sizes + 1.5) / max(sizes[right].sum(), FEWEST_TOKENS), MOST_WEIGHT)


def with_neighbours(features: Any) -> Any:
    """The columns the trees may ask for, in the order of `COLUMNS`."""
    reach = max(SHIFTS)
    padded = np.pad(features, ((reach, reach), (0, 0)))
    columns = [FEATURES.index(name) for name in CONTEXT]
    shifted = [padded[reach + shift : reach + shift + len(features), columns] for shift in SHIFTS]
    return np.concatenate([features, *shifted], axis=1)


def train(pages: Sequence[Example]) -> Forest:
    """Grow the trees."""
    values, right = np.concatenate([page.values for page in pages]), np.concatenate([page.right for page in pages])
    weights = np.concatenate([page.weights for page in pages]) * 1000
    used = weights > 0
    data = lightgbm.Dataset(values[used], right[used].astype(int), weight=weights[used])
    booster = lightgbm.train(PARAMETERS, data, num_boost_round=TREES)
    return as_forest(booster.dump_model())


def as_forest(model: dict[str, Any]) -> Forest:
    """LightGBM's trees as arrays."""
    nodes: list[tuple[int, int, float, int, int]] = []
    leaves: list[float] = []

    def add(tree: dict[str, Any]) -> int:
        if "leaf_value" in tree:
            leaves.append(tree["leaf_value"])
            return -len(leaves)
        at = len(nodes)
        nodes.append((0, 0, 0.0, 0, 0))
        feature, shift = COLUMNS[tree["split_feature"]]
        nodes[at] = (feature, shift, tree["threshold"], add(tree["left_child"]), add(tree["right_child"]))
        return at

    roots = [add(tree["tree_structure"]) for tree in model["tree_info"]]
    features, shifts, thresholds, left, right = zip(*nodes, strict=True)
    whole, real = np.int32, np.float32
    return Forest(
        np.array(features, whole), np.array(shifts, whole), np.array(thresholds, real), np.array(left, whole),
        np.array(right, whole), np.array(leaves, real), np.array(roots, whole),
    )  # fmt: skip


def cross_validate(pages: Sequence[Example], cleaner: Cleaner) -> bool:
    """Print what the cleaner scores on pages of sites that its model has not seen; whether the floors are reached."""
    texts: dict[str, list[tuple[str, str]]] = {name: [] for name in SETS}
    for fold in range(FOLDS):
        forest = train([page for page in pages if page.fold != fold])
        with mock.patch("syndicate.extract.markup.load_forest", return_value=forest):
            for page in pages:
                if page.fold == fold:
                    source = Page(page.row["html"], page.row["id"], url=page.row.get("url"), format="html")
                    texts[page.name].append((page.row["id"], cleaner.clean_page(source).text))
    reached = True
    for name, floors in SETS.items():
        figures = score(name, floors["kind"], texts[name])
        reached &= report(f"{name}: unseen sites", figures, floor=floors["unseen"])
    return reached


def main() -> int:
    """Cross-validate, or write the model."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    cleaner = Cleaner(packs=["core"])
    pages = tuple(examples(Names.of(cleaner.rules.markers)))
    if not arguments.write:
        return int(not cross_validate(pages, cleaner))
    path = Path(syndicate.extract.__file__).with_name(MODEL)
    with path.open("wb") as file:
        np.savez_compressed(file, names=np.array(FEATURES), **train(pages)._asdict())
    print(f"{path.name}: {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
