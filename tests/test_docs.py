"""What README and docs show is true: their rule files load and pass, their messages and options are the real ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from syndicate import Page, RuleError
from syndicate.cli import app
from syndicate.rules.check import check_rules
from syndicate.rules.packs import load_packs
from syndicate.rules.rule import CAPTURES
from tests.conftest import ROOT

PAGES = ("README.md", "docs/rules.md")


def text_of(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


@pytest.fixture(params=PAGES)
def rule_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The rule file that a page shows."""
    (shown,) = (
        block for block in re.findall(r"```toml\n(.*?)```", text_of(request.param), re.DOTALL) if "[pack]" in block
    )
    file = tmp_path / "my-rules.toml"
    file.write_text(shown, "utf-8")
    return file


def test_rule_files_that_are_shown_load_and_pass_their_tests(rule_file: Path) -> None:
    count, failures = check_rules(load_packs([rule_file]))
    assert (count, failures) == (2, ())


def test_the_message_that_is_shown_is_what_a_slip_gives(rule_file: Path) -> None:
    rule_file.write_text(rule_file.read_text("utf-8").replace("text = ", "patern = ", 1), "utf-8")
    with pytest.raises(RuleError) as error:
        load_packs([rule_file])
    said = str(error.value).split("tide-tables: ")[1].split("\n")[0]
    assert said == "unknown key 'patern' (did you mean 'pattern'?)"
    for page in PAGES:
        assert f"tide-tables: {said}" in text_of(page)


def test_every_capture_is_documented() -> None:
    assert {name for name in CAPTURES if f"`{name}`" not in text_of("docs/rules.md")} == set()


_COMMAND = r"^    syndicate (\S+(?: (?:list|show|test|lint|stats|new|add|match|story|check)\b)?)"


@pytest.mark.parametrize("command", re.findall(_COMMAND, text_of("README.md"), re.MULTILINE))
def test_commands_of_the_readme_are_there_with_an_example_in_their_help(command: str) -> None:
    result = CliRunner().invoke(app, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert "Example: syndicate" in result.stdout


def test_the_readmes_library_calls_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    html = (ROOT / "examples" / "pages" / "valley-courier-ferry.html").read_text("utf-8")
    names = {"html": html, "pages": [Page(html, id="a"), Page(html, id="b")]}
    (shown,) = re.findall(r"```python\n(.*?)```", text_of("README.md"), re.DOTALL)
    exec(shown, names)  # noqa: S102 - the code is ours
    assert len(names["graph"].matches) == 1  # type: ignore[attr-defined]
