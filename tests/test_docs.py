"""What README and docs show is true: their rule files load and pass, their messages and options are the real ones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from syndicate import Page, RuleError
from syndicate.cli import app
from syndicate.rules.check import check_rules
from syndicate.rules.packs import load_packs
from syndicate.rules.rule import CAPTURES
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def commands() -> dict[str, set[str]]:
    """Every command by its full name, with its long options."""

    def walk(command: Any, name: str) -> Iterator[tuple[str, set[str]]]:
        if not hasattr(command, "commands"):
            yield name, {option for each in command.params for option in each.opts if option.startswith("--")}
        for part, inner in getattr(command, "commands", {}).items():
            yield from walk(inner, f"{name} {part}")

    return dict(walk(get_command(app), "syndicate"))


def test_the_commands_and_options_that_are_documented_are_those_that_there_are() -> None:
    sections = re.split(r"^## ", text_of("docs/commands.md"), flags=re.MULTILINE)[1:]
    option = r"(?m)^\| (?:`-\w`, )?`(--[\w-]+)"
    documented = {section.partition("\n")[0]: set(re.findall(option, section)) for section in sections}
    assert documented == commands()


@pytest.mark.parametrize("page", ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))])
def test_commands_that_are_shown_have_the_options_that_they_are_shown_with(page: str) -> None:
    known = commands()
    for line in re.findall(r"(?m)^(?:    |.*\| )(syndicate [a-z].*)$", text_of(page)):
        shown = re.split(r"\s(?:#|>|\|)", line)[0].split()
        name = next((name for size in (3, 2) if (name := " ".join(shown[:size])) in known), None)
        assert name is not None, line
        assert {word.partition("=")[0] for word in shown if word.startswith("--")} <= known[name] | {"--help"}, line


@pytest.mark.parametrize("command", commands())
def test_every_command_has_an_example_in_its_help(command: str) -> None:
    result = CliRunner().invoke(app, [*command.split()[1:], "--help"])
    assert result.exit_code == 0
    assert f"Example: {command} " in f"{result.stdout.replace(chr(10), ' ')} "


def test_the_readmes_library_calls_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    html = (ROOT / "examples" / "pages" / "valley-courier-ferry.html").read_text("utf-8")
    names = {"html": html, "pages": [Page(html, id="a"), Page(html, id="b")]}
    (shown,) = re.findall(r"```python\n(.*?)```", text_of("README.md"), re.DOTALL)
    exec(shown, names)  # noqa: S102 - the code is ours
    assert len(names["graph"].matches) == 1  # type: ignore[attr-defined]
