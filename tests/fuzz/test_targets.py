"""The fuzzing targets hold over their seeds, and over each input that once broke a promise."""

from __future__ import annotations

import importlib
import os
import random
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.fuzz import TARGETS
from tests.fuzz.engine import compiled_modules

if TYPE_CHECKING:
    from pathlib import Path

FOUND: dict[str, tuple[bytes, ...]] = {}
"""Inputs that fuzzing found, made small; each has a test of its own where what it broke is tested."""


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_holds_over_its_seeds_and_what_was_found(name: str) -> None:
    target = importlib.import_module(f"tests.fuzz.{name}")
    rng = random.Random(name)
    for seed in (*target.SEEDS, *FOUND.get(name, ())):
        target.check(seed)
        target.check(seed[: rng.randrange(len(seed))])


def test_every_target_is_listed() -> None:
    files = {path.stem for path in (ROOT / "tests" / "fuzz").glob("*.py")}
    assert files - {"__init__", "__main__", "engine", "test_targets"} == set(TARGETS)


def test_what_numba_compiles_is_left_as_it_is() -> None:
    assert {"syndicate.kernels", "syndicate.parse.scan", "syndicate.index.probe"} <= set(compiled_modules())


def fuzz(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    return subprocess.run(
        [sys.executable, "-m", "tests.fuzz", *arguments],
        cwd=folder, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_one_input_runs_again_by_itself(tmp_path: Path) -> None:
    (tmp_path / "crash-1").write_bytes(b'{"text":')
    done = fuzz(tmp_path, "json_lines", "--input", "crash-1")
    assert (done.returncode, done.stderr) == (0, "crash-1: all is well\n")


@pytest.mark.skipif(find_spec("atheris") is None, reason="needs atheris: make fuzz")
def test_a_target_is_fuzzed_and_counted(tmp_path: Path) -> None:
    done = fuzz(tmp_path, "json_lines", "--seconds", "1")
    assert done.returncode == 0, done.stderr
    assert "nothing found" in done.stderr
