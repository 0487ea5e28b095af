"""A Spark session that tests share; where PySpark or Java is missing they skip, but in CI they fail."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def needs_spark() -> None:
    """For tests that start Spark themselves."""
    reason = _lacking()
    if reason:
        if os.environ.get("CI"):
            pytest.fail(f"CI provides Spark: {reason}")
        pytest.skip(f"needs Spark: {reason}; 'make spark' installs it")


@pytest.fixture(scope="session")
def spark(needs_spark: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:  # noqa: ARG001
    """A session of two threads, with a checkpoint folder."""
    from syndicate.spark.session import open_session

    folder = tmp_path_factory.mktemp("spark")
    conf = {"spark.sql.shuffle.partitions": "4", "spark.checkpoint.dir": str(folder / "kept")}
    with open_session("local[2]", conf) as session:
        yield session


def _lacking() -> str | None:
    """What a session lacks on this machine, in words."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return "no pyspark"
    from syndicate.errors import InputError
    from syndicate.spark.session import find_java

    try:
        find_java()
    except InputError as error:
        return str(error)
    return None
