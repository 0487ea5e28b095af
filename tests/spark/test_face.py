"""What `syndicate.spark` shows."""

from __future__ import annotations

import subprocess
import sys

import pytest

import syndicate.spark


@pytest.mark.usefixtures("needs_spark")
def test_names_are_those_of_what_they_name() -> None:
    for name in syndicate.spark.__all__:
        assert getattr(syndicate.spark, name).__name__ == name


def test_names_are_listed_and_others_are_attribute_errors() -> None:
    assert set(syndicate.spark.__all__) <= set(dir(syndicate.spark))
    with pytest.raises(AttributeError, match=r"module 'syndicate.spark' has no attribute 'nothing'"):
        _ = syndicate.spark.nothing


def test_importing_it_loads_nothing_heavy() -> None:
    program = "import sys, syndicate.spark; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"numpy", "numba", "pyspark", "pyarrow", "pandas"}.isdisjoint(loaded)
