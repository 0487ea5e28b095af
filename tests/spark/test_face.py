"""What `syndicate.spark` shows."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import Any

import pytest

import syndicate.spark


def test_a_function_is_not_hidden_by_the_module_it_is_named_as(spark: Any) -> None:
    del spark
    module = importlib.import_module("syndicate.spark.match")
    assert syndicate.spark.match is module.match
    assert syndicate.spark.clean.__module__ == "syndicate.spark.cleaning"
    assert syndicate.spark.fingerprint.__module__ == "syndicate.spark.prints"


def test_names_are_listed_and_others_are_attribute_errors() -> None:
    assert {"clean", "fingerprint", "match", "stories"} <= set(dir(syndicate.spark))
    with pytest.raises(AttributeError, match=r"module 'syndicate.spark' has no attribute 'nothing'"):
        _ = syndicate.spark.nothing


def test_importing_it_loads_nothing_heavy() -> None:
    program = "import sys, syndicate.spark; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"numpy", "numba", "pyspark", "pyarrow", "pandas"}.isdisjoint(loaded)
