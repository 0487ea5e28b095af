"""What is wrong with a rule file, note by note, each with its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import tomli

from syndicate.errors import RuleProblem
from syndicate.rules import shapes
from syndicate.rules.lines import TomlLines

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA: Final = 1
"""The format of rule files and of `syndicate.toml` that this version reads."""


class FileReport:
    """Takes the problems of one rule file.

    Attributes:
        file: The file's path as the user gave it.
        lines: Where its tables and keys stand.
        problems: Those of this file and of others.
        is_vetted: Whether the file comes with the package, whose tests have compiled its patterns.
    """

    def __init__(self, file: str, problems: list[RuleProblem], *, is_vetted: bool = False) -> None:
        self.file, self.problems, self.is_vetted = file, problems, is_vetted
        self.lines = TomlLines("")

    def problem(self, path: str, key: str, rule: str, message: str) -> None:
        """Note a problem with a key of a table, or with the table where the key is ""."""
        self.problem_at(self.lines.key(path, key), rule, message)

    def problem_at(self, line: int, rule: str, message: str) -> None:
        """Note a problem at a 1-based line."""
        self.problems.append(RuleProblem(self.file, line, rule, message))

    def checked(self, table: Mapping[str, Any], known: Mapping[str, str], path: str, rule: str) -> dict[str, Any]:
        """The keys of a table that are known and whose values have the right shape; the others are noted."""
        right: dict[str, Any] = {}
        for key, value in table.items():
            if key not in known:
                self.problem(path, key, rule, f"unknown key {key!r}{shapes.nearest(key, known)}")
            elif not shapes.fits(value, known[key]):
                self.problem(path, key, rule, f"{key!r} must be {known[key]}, not {shapes.shown(value):.60}")
            else:
                right[key] = value
        return right


def read_toml(report: FileReport, data: bytes) -> dict[str, Any] | None:
    """A file's tables, or None where it is no TOML of a known schema; the report has its lines from then on."""
    text = ""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        report.lines = TomlLines(text)
        document = tomli.loads(text)
    except UnicodeDecodeError as error:
        report.problem_at(data[: error.start].count(b"\n") + 1, "pack", f"not UTF-8: {error.reason}")
        return None
    except (
        ValueError,
        RecursionError,
    ) as error:  # not TOML; numbers of thousands of digits, and deep nesting, as well
        at = re.search(r"at line (\d+)", str(error))
        report.problem_at(int(at[1]) if at else text.count("\n") + 1, "pack", f"not TOML: {error}")
        return None
    schema = document.get("schema")
    if type(schema) is not int or schema != SCHEMA:
        newer = isinstance(schema, int) and schema > SCHEMA
        hint = "made for a newer version of syndicate" if newer else f"write schema = {SCHEMA} first"
        report.problem("", "schema", "pack", f"schema {shapes.shown(schema):.60}: {hint}")
        return None
    return document
