"""Near duplicates as Daft's documentation finds them, in a process of its own; run by grown.py in .venv-peers.

The recipe of tutorials/minhash_dedupe in Daft's repository: texts normalised, `minhash` of 64 hashes of 5-grams,
8 bands of 8 rows (its optimum for a threshold of .7), one row a band, grouped, each group's members linked to its
least. The notebook's connected components, many joins to a fixed point, are a union-find here, which is faster.
"""

from __future__ import annotations

import json
import sys
import time

import daft
from daft import col
from daft.functions import monotonically_increasing_id

HASHES, NGRAM, SEED, BANDS, ROWS = 64, 5, 42, 8, 8


@daft.func()  # type: ignore[untyped-decorator]
def band_numbers(band: list[int]) -> list[int]:
    return list(range(len(band)))


def components(path: str) -> dict[str, int]:
    """For each article that has a near duplicate the least node of its component."""
    texts = daft.read_parquet(path).with_column(
        "normal", col("text").normalize(remove_punct=True, lowercase=True, nfd_unicode=True, white_space=True)
    )
    hashed = texts.select(
        "id", hashes=col("normal").minhash(num_hashes=HASHES, ngram_size=NGRAM, seed=SEED, hash_function="xxhash")
    )
    nodes = hashed.with_column("node", monotonically_increasing_id()).collect()
    bands = nodes.select("node", bands=col("hashes").chunk(ROWS))
    bands = bands.with_column("band", band_numbers(col("bands"))).explode("bands", "band")
    groups = bands.groupby(col("band"), col("bands")).agg(col("node").list_agg().alias("nodes"))
    edges = (
        groups.with_column("u", col("nodes").list_min())
        .explode("nodes")
        .select("u", v=col("nodes"))
        .where(col("u") != col("v"))
        .distinct()
        .to_pydict()
    )
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    for one, other in zip(edges["u"], edges["v"], strict=True):
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    names = nodes.select("id", "node").to_pydict()
    return {name: root(node) for name, node in zip(names["id"], names["node"], strict=True) if node in parent}


def main() -> None:
    """Print what was found of the planted articles, and in what time."""
    components(sys.argv[2])
    start = time.perf_counter()
    found = components(sys.argv[1])
    seconds = time.perf_counter() - start
    planted = daft.read_parquet(sys.argv[1]).select("id").to_pydict()["id"]
    figures: dict[str, float] = {"seconds": seconds}
    for kind in "ce":
        pairs = [(name, f"o{name[-7:]}") for name in planted if name[0] == kind]
        same = sum(name in found and found[name] == found.get(source) for name, source in pairs)
        figures[kind] = same / len(pairs)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
