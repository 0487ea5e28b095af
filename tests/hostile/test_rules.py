"""Rules that stall, take too much or are none (rows 10 to 12): refused by name, or stopped; the page comes out."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from syndicate import Cleaner, RuleError, Status
from syndicate.cli import app
from syndicate.rules.fragments import standard_fragments
from syndicate.rules.lint import lint_rules
from tests.hostile import LIMIT
from tests.stories import body

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'schema = 1\n[pack]\nname = "try"\nversion = "1"\nsummary = "For a test"\n'
CASES = "[[rule.accept]]\n{form} = 'Share this'\n[[rule.reject]]\n{form} = 'The gates are shut.'\n"
RULE = "[[rule]]\nid = 'share'\nkind = 'share-prompt'\nsummary = 'Asks to share'\n"
STORY = "".join(f"<p>{' '.join(line.split())}</p>" for line in body(10, 60).split("\n\n"))
LAST = body(10, 60).split("\n\n")[-1]
BLOCK = "share " + "a" * 100_000
PAGE = f"<html><body><article><p>{BLOCK}</p>{STORY}</article></body></html>"


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """What is loaded once is no rule's fault."""
    assert BLOCK in Cleaner([]).clean(PAGE).text


def rule_file(folder: Path, setting: str, match: str = "anywhere") -> Path:
    file = folder / "try.toml"
    is_selector = setting.startswith("selector")
    keys = "" if is_selector else f"match = '{match}'\nkeywords = ['share']\n"
    file.write_text(HEAD + RULE + keys + setting + "\n" + CASES.format(form="html" if is_selector else "text"))
    return file


STALLING = {
    "nested repeats": "pattern = '(?i)share (a+)+b'",
    "alternatives that overlap": "pattern = '(?i)share (?:a|aa)+b'",
    "a repeated back reference": r"pattern = '(?i)share (a*)*\1b'",
    "repeats of repeats": "pattern = '(?i)share (?:(?:a{1,99}){1,99}){1,99}b'",
    "fuzzy": "pattern = '(?i)(?:share b+){e<=9}'",
    "empty": "pattern = '(?:share)?'",
    "empty by looking ahead": "pattern = '(?=share)'",
    "many groups": f"pattern = 'share {'(' * 100}a+{')' * 100}b'",
    "all of 90 kB": f"pattern = 'share {'[a-z]?' * 15_000}b'",
}


@pytest.mark.parametrize("match", ["whole", "start", "end", "sentence", "anywhere"])
@pytest.mark.parametrize("kind", STALLING)
def test_a_rule_that_stalls_or_matches_nothing_costs_no_page(tmp_path: Path, kind: str, match: str) -> None:
    cleaner = Cleaner([rule_file(tmp_path, STALLING[kind], match)])
    start = time.process_time()
    article = cleaner.clean(PAGE)
    assert time.process_time() - start < LIMIT
    assert article.status is Status.OK
    assert LAST in article.text
    assert BLOCK in (article.text if article.notes else article.restore())  # some do match a part of it
    assert all("try/share" in note and "try.toml:6" in note for note in article.notes)


@pytest.mark.parametrize("kind", ["nested repeats", "a repeated back reference", "fuzzy", "empty"])
def test_lint_names_a_rule_that_stalls_or_matches_nothing(tmp_path: Path, kind: str) -> None:
    file = rule_file(tmp_path, STALLING[kind])
    assert lint_rules(Cleaner([file]).rules)
    result = CliRunner().invoke(app, ["rules", "lint", str(file)])
    assert result.exit_code == 1
    assert "try.toml:6: try/share: " in result.stdout + result.stderr


def test_what_a_rule_matched_before_it_ran_out_of_time_does_not_count(tmp_path: Path) -> None:
    cleaner = Cleaner([rule_file(tmp_path, "pattern = 'share|(?:a|aa)+b'")])
    article = cleaner.clean(PAGE)
    assert BLOCK in article.text
    assert len(article.notes) == 1


REFUSED = {
    "five hundred groups": (f"pattern = 'share {'(' * 500}a{')' * 500}'", "bad pattern"),
    "five thousand groups": (f"pattern = 'share {'(?:' * 5_000}a{')' * 5_000}'", "bad pattern"),
    "a megabyte": (f"pattern = 'share {'[a-z]?' * 170_000}'", "longer than 100,000 characters"),
    "a megabyte of text": (f"text = ['share', '{'word ' * 200_000}']", "longer than 100,000 characters"),
    "a repeat past counting": ("pattern = 'share a{99999999999}'", "bad pattern"),
    "a selector of nothing": ("selector = 'div > > p'", "not CSS"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_pattern_past_all_measure_is_refused_on_its_line(tmp_path: Path, kind: str) -> None:
    setting, words = REFUSED[kind]
    start = time.process_time()
    with pytest.raises(RuleError, match=words) as caught:
        Cleaner([rule_file(tmp_path, setting)])
    assert time.process_time() - start < LIMIT
    assert caught.value.rule == "share"
    assert len(str(caught.value)) < 1_000


def test_fragments_that_double_with_each_step_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "try.toml"
    steps = "".join(f"f{at} = '{f'{{{{f{at - 1}}}}}' * 10}'\n" for at in range(1, 7))
    file.write_text(f"{HEAD}[fragments]\nf0 = 'share'\n{steps}")
    standard_fragments()  # read once in a process, which is not what is timed
    start = time.process_time()
    with pytest.raises(RuleError, match="longer than 100,000 characters with its fragments"):
        Cleaner([file])
    assert time.process_time() - start < LIMIT


NO_TOML = {
    "arrays in arrays": "a = " + "[" * 5_000,
    "tables in tables": "a = " + "{a=" * 5_000,
    "a key of many parts": f"a{'.a' * 5_000} = 1",
    "a table of many parts": f"[a{'.a' * 5_000}]",
    "a number of many digits": f"a = {'1' * 5_000}",
    "a number of many hexadecimal digits": f"schema = 0x{'f' * 5_000}",
    "an array of such numbers": f"{HEAD}hosts = [0x{'f' * 5_000}]",
    "quotes": f"{HEAD}a = {chr(34) * 300_000}",
    "brackets": f"{HEAD}{'[' * 300_000}",
    "half a character": f'{HEAD}a = "\\ud800"',
    "a binary file": "\x00\x01\x02",
}


@pytest.mark.parametrize("kind", NO_TOML)
def test_a_file_that_is_hardly_toml_is_a_rule_error_with_its_place(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "try.toml"
    file.write_text(NO_TOML[kind], "utf-8")
    start = time.process_time()
    with pytest.raises(RuleError) as caught:
        Cleaner([file])
    assert time.process_time() - start < LIMIT
    assert caught.value.file == str(file)
    assert 1 <= caught.value.line <= NO_TOML[kind].count("\n") + 1


def test_bad_rule_files_are_all_named_before_any_page_is_processed(tmp_path: Path) -> None:
    for at, text in enumerate(NO_TOML.values()):
        (tmp_path / f"{at:02}.toml").write_text(text, "utf-8")
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    arguments = ["clean", str(tmp_path / "page.html"), "--packs", str(tmp_path), "-o", str(tmp_path / "out.jsonl")]
    command = [sys.executable, "-m", "syndicate", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    for at in range(len(NO_TOML)):
        assert f"{at:02}.toml:" in result.stderr
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("parser", ["lexbor", "html.parser"])
def test_rules_that_would_take_nearly_all_of_a_page_take_nothing(tmp_path: Path, parser: str) -> None:
    file = rule_file(tmp_path, "pattern = '(?i)(?:share|the ferry).*'", "whole")
    paragraphs = "<p>The ferry runs again from Monday, and will share the quay with the old boats until May.</p>" * 19
    article = Cleaner([file], parser=parser).clean(f"<article>{paragraphs}<p>Tide tables will follow.</p></article>")
    assert article.status is Status.SUSPECT
    assert article.text.count("The ferry runs again") == 19
    assert article.removed == ()
    assert {removal.rule for removal in article.refused} == {"try/share"}
    assert "refused" in article.reason
