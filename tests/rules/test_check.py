"""The rules' own tests: what is said of one that does not come out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from syndicate.rules.check import check_rules
from syndicate.rules.load import load_files
from syndicate.rules.match import RuleSet

if TYPE_CHECKING:
    from pathlib import Path

RULE = """\
schema = 1
[pack]
name = "try"
version = "1"
summary = "For a test"
[[rule]]
id = "written-by"
kind = "byline"
summary = "Who wrote it"
pattern = 'Written by (?P<author>\\p{Lu}\\w+(?: \\p{Lu}\\w+)*)\\.?'
match = "end"
action = "trim"
[[rule.accept]]
text = "The ferry runs again. Written by Ada Quill."
capture = { author = "Ada Quill" }
leaves = "The ferry runs again."
[[rule.reject]]
text = "It was written by candle light."
[[rule.known_miss]]
text = "Words by Ada Quill."
"""
BOX = """\
schema = 1
[pack]
name = "try"
version = "1"
summary = "For a test"
[[rule]]
id = "box"
kind = "promo"
summary = "A box"
selector = ".box"
[[rule.accept]]
html = "<p>News</p><p class=box>Buy</p>"
[[rule.reject]]
html = "<p class=boxer>News</p>"
"""


def failures(folder: Path, text: str) -> list[str]:
    """What is said of the tests of a rule file, without the folder's name."""
    file = folder / "try.toml"
    file.write_text(text, "utf-8")
    count, failed = check_rules(RuleSet(*load_files([file], {})))
    assert count == text.count("[[rule.")
    return [str(failure).removeprefix(f"{folder}/") for failure in failed]


@pytest.mark.parametrize("text", [RULE, BOX])
def test_rule_that_does_what_its_tests_say_passes(tmp_path: Path, text: str) -> None:
    assert failures(tmp_path, text) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "It was written by candle light.",
            "Written by Ada.",
            "17: try/written-by: reject: matches 'Written by Ada.', and must not: 'Written by Ada.'",
        ),
        (
            "Words by Ada Quill.",
            "Written by Ada Quill.",
            "19: try/written-by: known_miss: matches now: move it to accept: 'Written by Ada Quill.'",
        ),
        (
            "The ferry runs again. Written by Ada Quill.",
            "The ferry runs again.",
            "13: try/written-by: accept: does not match 'The ferry runs again.'",
        ),
        (
            '{ author = "Ada Quill" }',
            '{ author = "Ada" }',
            "13: try/written-by: accept: captures author = 'Ada Quill', not author = 'Ada'",
        ),
        (
            '{ author = "Ada Quill" }',
            "{}",
            "13: try/written-by: accept: captures author = 'Ada Quill', not nothing",
        ),
        (
            'leaves = "The ferry runs again."',
            'leaves = "The ferry."',
            "13: try/written-by: accept: leaves 'The ferry runs again.', not 'The ferry.'",
        ),
        (
            'action = "trim"',
            'action = "drop"',
            "13: try/written-by: accept: leaves '', not 'The ferry runs again.'",
        ),
    ],
    ids=["reject", "known-miss", "accept", "capture", "no-capture", "leaves", "leaves-of-drop"],
)  # fmt: skip
def test_failing_test_is_named_with_file_line_and_what_happened(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert failures(tmp_path, RULE.replace(old, new)) == [f"try.toml:{said}"]


def test_tag_leaves_the_text(tmp_path: Path) -> None:
    (said,) = failures(tmp_path, RULE.replace('action = "trim"', 'action = "tag"'))
    assert "leaves 'The ferry runs again. Written by Ada Quill.', not 'The ferry runs again.'" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("class=box>", "class=other>", "11: try/box: accept: does not match '<p>News</p><p class=other>Buy</p>'"),
        ("class=boxer", "class=box", "13: try/box: reject: matches 'News', and must not: '<p class=box>News</p>'"),
    ],
)
def test_failing_markup_test_shows_the_markup(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert failures(tmp_path, BOX.replace(old, new)) == [f"try.toml:{said}"]


def test_all_failures_of_all_rules_are_listed_in_order(tmp_path: Path) -> None:
    text = RULE.replace("leaves =", 'why = "x"\nleaves =').replace("Ada Quill.", "nobody.")
    second = text[text.index("[[rule]]") :].replace("written-by", "second")
    said = failures(tmp_path, text + second)
    assert [line.split(": ")[0] for line in said] == ["try.toml:13", "try.toml:29"]


def test_every_repetition_of_a_group_is_shown_in_a_failure(tmp_path: Path) -> None:
    text = RULE.replace(r"(?: \p{Lu}\w+)*)\.?", r"(?: \p{Lu}\w+)*)(?: and (?P<author>\p{Lu}\w+))?\.?").replace(
        "pattern =", 'keywords = ["written by"]\npattern ='
    )
    (said,) = failures(tmp_path, text.replace("by Ada Quill.", "by Ada and Zoe.").replace("Ada Quill", "Zoe"))
    assert "Ada" in said


def test_tests_of_a_publisher_pack_run_as_on_its_own_pages(tmp_path: Path) -> None:
    for host in ("example.org", "=example.org"):
        assert failures(tmp_path, RULE.replace("[[rule]]", f'hosts = ["{host}"]\n[[rule]]')) == []


@pytest.mark.parametrize("zone", ["head", "tail"])
def test_zones_do_not_hide_a_test(tmp_path: Path, zone: str) -> None:
    assert failures(tmp_path, RULE.replace("action =", f'zone = "{zone}"\nzone_blocks = 1\naction =')) == []


def test_pattern_that_runs_out_of_time_fails_its_tests(tmp_path: Path) -> None:
    text = RULE.replace(r"Written by (?P<author>\p{Lu}\w+(?: \p{Lu}\w+)*)\.?", "(a+)+b").replace(
        "pattern =", 'keywords = ["aaa"]\npattern ='
    )
    said = failures(tmp_path, text.replace("It was written by candle light.", "a" * 5000))
    assert any("reject" in line and "ran out of time" in line for line in said)
