"""Connected components of a graph of any size, by the alternating algorithm of large star and small star.

After R. Kiveris, S. Lattanzi, V. Mirrokni, V. Rastogi and S. Vassilvitskii, Connected Components in MapReduce and
Beyond, 2014. A large star ties what is above a vertex to the least vertex that this knows, a small star what is not.
Neither splits a component or joins two, nor makes more edges, and in the end each component is one star around its
least vertex.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyspark.sql import Window
from pyspark.sql import functions as sql

from syndicate.errors import InputError
from syndicate.spark.frames import settled

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

COMPONENTS: Final = "vertex bigint, component bigint"
MOST_ROUNDS: Final = 60
"""Rounds grow with the logarithm of the vertices: ten billion in one path would take fewer."""


def components(edges: DataFrame) -> DataFrame:
    """The connected component of each vertex of a graph.

    Memory does not grow with a vertex's edges, which are sorted, on disk where they are many.

    Args:
        edges: Rows of two bigints, the two ends of an edge; either way round, once or more often. An edge of a vertex
            with itself only names it.

    Returns:
        Rows as `COMPONENTS` has them, one for each vertex; a component is known by its least vertex.

    Raises:
        InputError: The session has no checkpoint folder, or the edges change from one reading to the next.
    """
    given = settled(edges.toDF("above", "below").select("above", "below").distinct())
    vertices = given.select(sql.col("above").alias("vertex")).union(given.select("below")).distinct()
    proper = given.where("above != below")
    tied = settled(proper.selectExpr("greatest(above, below) above", "least(above, below) below").distinct())
    size = tied.select("above").union(tied.select("below")).distinct().count()
    for _ in range(MOST_ROUNDS):
        if _are_stars(tied, size):
            return vertices.join(tied.toDF("vertex", "component"), "vertex", "left").selectExpr(
                "vertex", "coalesce(component, vertex) component"
            )
        tied = settled(_small_star(_large_star(tied)))
    raise InputError(
        f"components: not done in {MOST_ROUNDS} rounds, and a graph that stays the same is; "
        "write the matches to files and give those"
    )


def _are_stars(tied: DataFrame, size: int) -> bool:
    """Whether each of `size` vertices is a centre or has one edge, to a centre.

    Those that are above another are at least all but the centres, and have an edge each at least; so where edges and
    centres together are as many as the vertices, there is no second edge and no centre above another.
    """
    row = tied.agg(sql.count("*"), sql.count_distinct("below")).first()
    return row is not None and row[0] + row[1] == size


def _large_star(tied: DataFrame) -> DataFrame:
    """Tie each neighbour above a vertex to the least of the vertex and its neighbours."""
    both = tied.union(tied.select("below", "above")).toDF("vertex", "other")
    least = sql.least("vertex", sql.min("other").over(Window.partitionBy("vertex")))
    above = both.withColumn("least", least).where("other > vertex")
    return above.select(sql.col("other").alias("above"), sql.col("least").alias("below"))


def _small_star(tied: DataFrame) -> DataFrame:
    """Tie each vertex, and each neighbour below it, to the least of these."""
    least = tied.withColumn("least", sql.min("below").over(Window.partitionBy("above")))
    ends = least.select(sql.explode(sql.array("above", "below")).alias("above"), sql.col("least").alias("below"))
    return ends.where("above != below").distinct()
