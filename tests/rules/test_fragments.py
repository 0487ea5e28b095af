"""Named pieces of patterns: how they are put in, and what is said where one is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import regex

from syndicate.errors import RuleError
from syndicate.rules.fragments import UnknownFragmentError, expand, standard_fragments
from syndicate.rules.load import load_files
from syndicate.rules.match import RuleSet
from syndicate.rules.names import load_names
from syndicate.rules.text import BlockText

if TYPE_CHECKING:
    from pathlib import Path

FILE = r"""schema = 1
[pack]
name = "try"
version = "1"
summary = "For a test"
[fragments]
name = '[A-Z]\w+'
full-name = '{{name}}(?: {{name}})+'
[[rule]]
id = "written-by"
kind = "byline"
summary = "Who wrote it"
pattern = 'Written by (?P<author>{{full-name}})'
[[rule.accept]]
text = "Written by Ada Quill"
[[rule.reject]]
text = "Written by hand"
"""


def hits(folder: Path, text: str, block: str, fragments: dict[str, str]) -> list[str]:
    file = folder / "try.toml"
    file.write_text(text, "utf-8")
    rules = RuleSet(*load_files([file], fragments))
    return [block[hit.start : hit.end] for hit in rules.hits([BlockText(block)])]


def problem(folder: Path, text: str) -> str:
    file = folder / "try.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(RuleError) as caught:
        load_files([file], {"sentence": "[^.]+"})
    return str(caught.value).removeprefix(f"{folder}/")


def test_fragment_stands_for_its_pattern_as_a_whole() -> None:
    fragments = {"or": "a|b", "twice": "{{or}}{2}"}
    assert regex.fullmatch(expand("{{twice}}c|x{3}", fragments), "abc")
    assert not regex.fullmatch(expand("{{or}}c", fragments), "a")
    assert expand(r"x{2,3}\{\{or\}\}", fragments) == r"x{2,3}\{\{or\}\}"


@pytest.mark.parametrize(("pattern", "name"), [("{{no}}", "no"), ("{{}}", ""), ("{{a}}", "a"), ("{{c}}", "c")])
def test_fragment_that_is_not_there_or_uses_itself_is_named(pattern: str, name: str) -> None:
    with pytest.raises(UnknownFragmentError) as caught:
        expand(pattern, {"a": "x{{b}}", "b": "y{{a}}", "c": "{{c}}"})
    assert caught.value.name == name


def test_rules_use_fragments_of_their_file_and_keywords_are_still_found(tmp_path: Path) -> None:
    assert hits(tmp_path, FILE, "Written by Ada Quill", {}) == ["Written by Ada Quill"]
    assert hits(tmp_path, FILE, "Written by Ada", {}) == []


def test_file_s_own_fragment_wins_over_a_standard_one(tmp_path: Path) -> None:
    assert hits(tmp_path, FILE, "Written by Ada Quill", {"name": "Nobody"}) == ["Written by Ada Quill"]


def test_fragments_of_one_file_are_not_seen_by_another(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(FILE, "utf-8")
    text = FILE.replace('"try"', '"other"').replace("full-name =", "long-name =")
    (tmp_path / "b.toml").write_text(text, "utf-8")
    with pytest.raises(RuleError) as caught:
        load_files([tmp_path / "a.toml", tmp_path / "b.toml"], {})
    assert [(problem.file, problem.line) for problem in caught.value.problems] == [(str(tmp_path / "b.toml"), 13)]


def test_braces_in_literal_text_are_no_fragment(tmp_path: Path) -> None:
    text = FILE.replace("pattern = 'Written by (?P<author>{{full-name}})'", "text = 'Share {{name}} now'")
    assert hits(tmp_path, text, "Share {{name}} now", {}) == ["Share {{name}} now"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("(?P<author>{{full-name}}", "({{ful-name}}", "13: written-by: no fragment 'ful-name'"),
        ("{{name}}(?:", "{{nmae}}(?:", "8: pack: no fragment 'nmae'"),
        (r"'[A-Z]\w+'", "'[A-Z'", "7: pack: bad pattern: unterminated character set"),
        (r"'[A-Z]\w+'", "3", "7: pack: 'name' must be a string"),
    ],
)
def test_problem_with_a_fragment_names_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert problem(tmp_path, FILE.replace(old, new)).startswith(f"try.toml:{said}")


def test_unknown_fragment_names_the_nearest_of_the_file_and_of_the_standard_ones(tmp_path: Path) -> None:
    assert "(did you mean 'full-name'?)" in problem(
        tmp_path, FILE.replace("<author>{{full-name", "<author>{{ful-name")
    )
    assert "(did you mean 'sentence'?)" in problem(
        tmp_path, FILE.replace("<author>{{full-name", "<author>{{sentense")
    )


def test_fragments_that_are_no_table_are_a_problem(tmp_path: Path) -> None:
    text = FILE.replace("schema = 1\n", "schema = 1\nfragments = 3\n")
    said = problem(tmp_path, text[: text.index("[fragments]")])
    assert said.startswith("try.toml:2: pack: 'fragments' must be a table, not 3")


def test_standard_fragments_all_compile() -> None:
    fragments = standard_fragments()
    for name in fragments:
        regex.compile(expand(f"{{{{{name}}}}}", fragments))


def test_agency_fragments_match_every_latin_form_of_every_agency() -> None:
    fragments, names = standard_fragments(), load_names()
    for name, forms in (("agency", names.bylines), ("agency-dateline", names.datelines)):
        pattern = regex.compile(expand(f"{{{{{name}}}}}", fragments))
        for form in forms:
            assert bool(pattern.fullmatch(form)) is bool(regex.match(r"[\p{Latin}\d]", form)), form
            assert pattern.fullmatch(form.upper()) or not form.isascii(), form
