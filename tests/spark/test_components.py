"""Connected components on Spark, against those of networkx."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("pyspark")

from syndicate.errors import InputError
from syndicate.spark import components as module
from syndicate.spark.components import components

_APART = 1 << 32
"""What keeps the vertices of the graphs of one run apart."""

_ROUNDS = 14
"""Of a path of 10,000 vertices, whose numbers ascend: with numbers in no order it takes 10."""


def expected(edges: list[tuple[int, int]]) -> dict[int, int]:
    graph = nx.Graph(edges)
    return {vertex: min(found) for found in nx.connected_components(graph) for vertex in found}


def found(spark: Any, edges: list[tuple[int, int]]) -> dict[int, int]:
    rows = components(spark.createDataFrame(edges, "one bigint, other bigint").repartition(3)).collect()
    assert len({row.vertex for row in rows}) == len(rows)
    return {row.vertex: row.component for row in rows}


def test_an_edge_joins_and_a_loop_only_names_its_vertex(spark: Any) -> None:
    edges = [(7, 3), (3, 7), (7, 3), (5, 5), (-9, 8), (8, 8), (8, 2)]
    assert found(spark, edges) == {3: 3, 7: 3, 5: 5, -9: -9, 8: -9, 2: -9}


def test_a_graph_without_edges_has_no_components(spark: Any) -> None:
    assert found(spark, []) == {}


@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 1 << 30))
def test_components_are_those_of_networkx(spark: Any, seed: int) -> None:
    rng = random.Random(seed)
    edges = [
        (graph * _APART + one, graph * _APART + other)
        for graph in range(-100, 100)
        for one, other in _any_edges(rng, rng.randrange(1, 60), rng.choice((0.5, 0.8, 1, 2)))
    ]
    rng.shuffle(edges)
    assert found(spark, edges) == expected(edges)


def _any_edges(rng: random.Random, vertices: int, density: float) -> list[tuple[int, int]]:
    """Edges of a graph: at random, a path, a ring or a star, some of them twice or the other way round."""
    names = rng.sample(range(_APART), vertices)
    match rng.randrange(4):
        case 0:
            edges = [(rng.choice(names), rng.choice(names)) for _ in range(int(vertices * density))]
        case 1:
            edges = list(pairwise(names))
        case 2:
            edges = list(zip(names, names[1:] + names[:1], strict=True))
        case _:
            edges = [(names[0], name) for name in names]
    return [*edges, *((other, one) for one, other in edges if rng.random() < 0.2)]


def test_a_long_path_takes_a_handful_of_rounds(spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = spark.range(9_999).selectExpr("id", "id + 1")
    monkeypatch.setattr(module, "MOST_ROUNDS", _ROUNDS + 1)  # in the last, it is seen that all is done
    counted = components(path).groupBy("component").count().collect()
    assert [tuple(row) for row in counted] == [(0, 10_000)]


def test_a_path_that_is_longer_than_the_rounds_allow_is_an_error(spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROUNDS", 2)
    with pytest.raises(InputError, match="not done in 2 rounds"):
        components(spark.range(100).selectExpr("id", "id + 1"))


@pytest.mark.parametrize("hub", [0, 50_000, 1_000_000])
def test_a_hub_with_very_many_neighbours(spark: Any, hub: int) -> None:
    counted = components(spark.range(100_001).selectExpr(f"{hub}L", "id")).groupBy("component").count().collect()
    assert [tuple(row) for row in counted] == [(0, 100_002 if hub > 100_000 else 100_001)]
