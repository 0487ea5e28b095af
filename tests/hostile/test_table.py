"""The table of faults in the docs names tests that are there, and the rows in their order."""

from __future__ import annotations

import ast
import re

from tests.conftest import ROOT

TABLE = (ROOT / "docs" / "faults.md").read_text("utf-8")


def test_every_test_that_the_table_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TABLE)
    assert named
    functions = {
        file: {
            node.name
            for node in ast.parse((ROOT / file).read_text("utf-8")).body
            if isinstance(node, ast.FunctionDef)
        }
        for file in {file for file, _ in named}
    }
    assert [f"{file}::{name}" for file, name in named if name not in functions[file]] == []


def test_every_row_has_its_place_and_its_tests() -> None:
    rows = [line.split(" | ") for line in TABLE.splitlines() if re.match(r"\| \d", line)]
    numbers = [int(row[0].strip("| ")) for row in rows]
    assert numbers == sorted(set(numbers))
    assert all("`tests/" in row[3] for row in rows)
