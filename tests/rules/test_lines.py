"""Where the tables and keys of a rule file stand."""

from __future__ import annotations

import time
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.rules.lines import TomlLines

_VALUES = (
    "3",
    '"plain"',
    "'[[rule]]'",
    '"""one line"""',
    "'''\n[[rule]]\nid = \"inside\"\n'''",
    '"""first\n  [pack]\nname = 3\n"""',
    '[\n  "a = b",\n  "c",\n]',
    "[\n  'id',  # = a comment\n]",
)
_KEYS = ("id", "kind", "pattern", "text", "why", "zone-blocks", "max_cut")
_FILLERS = ("", "# [[rule]]", '# id = "commented out"', "   ")


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[str, int], dict[tuple[str, str], int]]:
    """A TOML text, with the line that each of its tables and keys was written on."""
    lines: list[str] = []
    tables: dict[str, int] = {}
    keys: dict[tuple[str, str], int] = {}

    def write_table(header: str, path: str) -> None:
        lines.extend(draw(st.lists(st.sampled_from(_FILLERS), max_size=2)))
        lines.append(header)
        tables[path] = len(lines)
        for key in draw(st.lists(st.sampled_from(_KEYS), unique=True, max_size=4)):
            keys[path, key] = len(lines) + 1
            lines.extend(f"{key} = {draw(st.sampled_from(_VALUES))}".split("\n"))

    write_table("[pack]", "pack")
    for rule in range(draw(st.integers(0, 3))):
        write_table("[[rule]]", f"rule.{rule}")
        for group in ("accept", "reject"):
            for case in range(draw(st.integers(0, 2))):
                write_table(f"[[rule.{group}]]", f"rule.{rule}.{group}.{case}")
    return "\n".join(lines), tables, keys


@given(documents())
def test_every_table_and_key_has_the_line_it_stands_on(
    document: tuple[str, dict[str, int], dict[tuple[str, str], int]],
) -> None:
    text, tables, keys = document
    tomllib.loads(text)  # what the strategy writes is TOML
    lines = TomlLines(text)
    assert {path: lines.table(path) for path in tables} == tables
    assert {(path, key): lines.key(path, key) for path, key in keys} == keys


def test_top_level_keys_stand_before_the_first_table() -> None:
    lines = TomlLines('# a comment\nschema = 1\n[pack]\nname = "try"\n')
    assert lines.key("", "schema") == 2
    assert lines.key("pack", "name") == 4


@pytest.mark.parametrize("written", ['"kind"', "'kind'", "  kind", "\tkind", "kind.of"])
def test_quoted_dotted_and_indented_keys_are_seen(written: str) -> None:
    assert TomlLines(f'[pack]\nname = "try"\n{written} = 1\n').key("pack", "kind") == 3


def test_key_without_a_line_of_its_own_has_its_tables_line() -> None:
    lines = TomlLines('[pack]\n\n[[rule]]\nreject = [{ text = "a" }]\n')
    assert lines.key("rule.0", "kind") == 3
    assert lines.key("rule.0.reject.0", "text") == 3
    assert lines.table("elsewhere.7") == 1


@pytest.mark.parametrize(
    "line",
    [
        "# three quotes ''' in a comment",
        '# three quotes """ in a comment',
        "why = \"three quotes ''' in a string\"",
        "why = '''three quotes \"\"\" in a literal string'''",
    ],
)
def test_three_quotes_inside_a_comment_or_string_open_nothing(line: str) -> None:
    text = f'[pack]\n{line}\nname = "try"\n[[rule]]\nid = "first"\n'
    tomllib.loads(text)
    lines = TomlLines(text)
    assert (lines.key("pack", "name"), lines.table("rule.0"), lines.key("rule.0", "id")) == (3, 4, 5)


@pytest.mark.parametrize(
    "text",
    [
        'x = """' + "\\" * 60 + "a" * 100_000,
        'x = """' + '\\"""' * 50_000,
        "''' \"\"\"" * 50_001,
        '"""a\'\'\'b"' * 50_001,
        '"\\' * 100_000,
        "'" + '"' * 200_001,
    ],
    ids=["backslashes", "escaped quotes", "both", "mixed", "open strings", "quotes"],
)
def test_strings_that_nothing_closes_are_read_in_a_moment(text: str) -> None:
    start = time.perf_counter()
    TomlLines(text)
    assert time.perf_counter() - start < 2
