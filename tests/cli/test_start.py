"""Starting costs next to nothing, and what is heavy is imported only when it is used."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from importlib import resources

import pytest

import syndicate

HEAVY = ("numpy", "numba", "scipy", "datasketch", "typer", "bs4", "regex", "networkx", "selectolax", "rich")


def python(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def best_of_5(*arguments: str) -> float:
    """Seconds of processor time of the fastest of five runs in fresh processes; other processes cost it nothing."""
    times = []
    for _ in range(5):
        started = _spent_by_children()
        python(*arguments)
        times.append(_spent_by_children() - started)
    return min(times)


def _spent_by_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def imported(code: str) -> set[str]:
    """Which of the heavy modules a fresh process has imported after running some code."""
    return set(python("-c", f"{code}\nimport sys\nprint(*sys.modules)").split()) & set(HEAVY)


def test_importing_the_package_takes_no_time() -> None:
    assert best_of_5("-c", "import syndicate") - best_of_5("-c", "pass") < 0.15


def test_importing_the_package_imports_nothing_heavy() -> None:
    assert imported("import syndicate; dir(syndicate); syndicate.SyndicateError") == set()


def test_articles_cost_nothing_heavy() -> None:
    assert imported("import syndicate; syndicate.Article.from_dict; syndicate.Match") == set()


def test_cleaning_imports_nothing_that_only_matching_needs() -> None:
    cleaning = "import syndicate; print(syndicate.Cleaner().clean({!r}).text)"
    only_for_matching = {"scipy", "datasketch", "networkx", "typer", "rich"}
    assert imported("import syndicate; syndicate.Cleaner") <= {"regex", "selectolax"}
    assert not imported(cleaning.format("The gates are shut.")) & {"numpy", "numba", *only_for_matching}
    assert not imported(cleaning.format("<p>The gates are shut.")) & only_for_matching


def test_the_help_appears_at_once() -> None:
    assert best_of_5("-m", "syndicate", "--help") < 0.4


@pytest.mark.parametrize("command", ["clean", "explain", "match", "rules"])
def test_every_command_has_help_that_shows_an_example_or_its_commands(command: str) -> None:
    text = python("-m", "syndicate", command, "--help")
    assert "Example: syndicate" in text or "test" in text
    assert command in python("-m", "syndicate", "-h")


def test_type_checkers_read_the_package_s_types() -> None:
    assert (resources.files("syndicate") / "py.typed").is_file()


def test_the_version_is_the_package_s() -> None:
    assert python("-m", "syndicate", "--version") == f"syndicate {syndicate.__version__}\n"


def test_every_public_name_is_there_and_no_other() -> None:
    for name in syndicate.__all__:
        assert getattr(syndicate, name).__name__ == name
    assert set(syndicate.__all__) <= set(dir(syndicate))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = syndicate.no_such_name


def test_without_a_command_the_help_is_shown_and_nothing_is_done() -> None:
    done = subprocess.run([sys.executable, "-m", "syndicate"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "clean" in done.stdout + done.stderr


def test_an_unknown_command_is_refused() -> None:
    done = subprocess.run([sys.executable, "-m", "syndicate", "cleen"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cleen" in done.stderr


@pytest.mark.parametrize(
    ("begun", "found"),
    [
        ("syndicate rules show core-en/articles-b", {"core-en/articles-by"}),
        ("syndicate clean --packs pub", {"publishers"}),
        ("syndicate clean --res", {"--resume"}),
        ("syndicate index s", {"stats", "story"}),
    ],
)
def test_a_shell_completes_commands_options_packs_and_rules(begun: str, found: set[str]) -> None:
    words = begun.split()
    asked = {"COMP_WORDS": begun, "COMP_CWORD": str(len(words) - 1), "_SYNDICATE_COMPLETE": "complete_bash"}
    # As the console script does: completion goes by the program's name.
    program = "import sys; sys.argv = ['syndicate']; from syndicate.cli import main; main()"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | asked)
    assert set(done.stdout.split()) == found
