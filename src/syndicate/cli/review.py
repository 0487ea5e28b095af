"""`syndicate rules review`: a person looks at the rules of a pack that nobody has looked at yet, one after the other.

On a terminal an answer is one key; elsewhere answers are read from stdin, one a line. Each is written at once.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer
from rich.console import Console
from rich.text import Text

from syndicate.cli.show import evidence_line, placed_text
from syndicate.cli.terminal import safe, say
from syndicate.errors import InputError, RuleError
from syndicate.learn.pack import PackFile
from syndicate.model import Kind
from syndicate.rules.rule import RuleStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syndicate.rules.rule import Rule

_ANSWERS: Final = {
    "k": "keep: the rule fires from now on",
    "r": "reject: it never fires, and is not proposed again",
    "e": "edit its table in $VISUAL or $EDITOR",
    "c": "choose another kind",
    "s": "skip: ask again next time",
    "q": "quit",
    "?": "show this",
}
_PLACES: Final = 3
"""Places in which a rule's text is shown."""
_EDITOR: Final = "notepad" if os.name == "nt" else "vi"


class Review:
    """A walk through one pack file.

    Args:
        path: The rule file.

    Raises:
        InputError: It cannot be read.
        RuleError: It does not hold.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._console = Console(highlight=False)
        self._waiting = _waiting(PackFile(path))
        self._counts: Counter[str] = Counter()
        self._edited: set[str] = set()

    def walk(self) -> None:
        """Ask about each rule until all are answered or the person has enough, then give an account.

        Raises:
            InputError: The file cannot be read or written any more.
            RuleError: Somebody else has made it wrong meanwhile.
        """
        left = len(self._waiting)
        try:
            for number, slug in enumerate(self._waiting, 1):
                if not self._ask_about(slug, f"{number} of {len(self._waiting)}"):
                    break
                left -= 1
        finally:
            say(
                f"{self._counts['k']} kept, {self._counts['r']} rejected, {len(self._edited)} edited, "
                f"{self._counts['s']} skipped, {left} left"
            )

    def _ask_about(self, slug: str, number: str) -> bool:
        """Ask until a rule is answered; False where the person has enough."""
        is_shown = False
        while slug in _waiting(pack := PackFile(self._path)):
            if not is_shown:
                self._show(pack, slug, number)
                is_shown = True
            self._console.print(f"[{'/'.join(_ANSWERS)}] ", end="", markup=False)
            answer = self._answer()
            if answer == "q":
                return False
            if answer in ("k", "r", "s"):
                self._settle(slug, answer)
                return True
            if answer in ("e", "c"):
                is_shown = not (self._edit(slug) if answer == "e" else self._choose_kind(slug))
            else:
                self._print("\n".join(f"  {key}  {meaning}" for key, meaning in _ANSWERS.items()))
        return True  # an edit has given it another status

    def _show(self, pack: PackFile, slug: str, number: str) -> None:
        rule, written = pack.rules[slug], pack.written(slug)
        self._print(Text.assemble("\n", (safe(rule.id), "bold"), f"  {number}"))
        for name, value in _facts(rule, written.get("text")):
            self._print(Text.assemble((f"{name:>11}  ", "dim"), safe(value)))
        for place in rule.evidence.seen[:_PLACES] if rule.evidence else ():
            self._print(Text.assemble((f"{'seen':>11}  ", "dim"), safe(place.page)))
            self._print(placed_text(place))

    def _settle(self, slug: str, answer: str) -> None:
        if answer != "s":
            pack = PackFile(self._path)
            pack.settle(slug, RuleStatus.STABLE if answer == "k" else RuleStatus.REJECTED)
            pack.save()
        self._counts[answer] += 1

    def _choose_kind(self, slug: str) -> bool:
        """Let the person choose a kind; returns whether they did."""
        kinds = list(Kind)
        self._print("\n".join(f"{number:>4}  {kind}" for number, kind in enumerate(kinds, 1)))
        self._console.print("kind, by number or name: ", end="")
        chosen = sys.stdin.readline().strip()
        if chosen.isdecimal() and 1 <= int(chosen) <= len(kinds):
            chosen = kinds[int(chosen) - 1]
        if chosen not in kinds:
            self._print("the kind stays")
            return False
        pack = PackFile(self._path)
        pack.set_kind(slug, Kind(chosen))
        pack.save()
        self._edited.add(slug)
        return True

    def _edit(self, slug: str) -> bool:
        """Let the person edit a rule until it holds or they give up; returns whether it has changed."""
        table = PackFile(self._path).table(slug)
        edited = table
        while True:
            try:
                edited = _in_editor(edited)
            except InputError as error:
                self._print(safe(str(error)))
                return False
            if edited.rstrip() == table.rstrip():
                self._print("nothing is changed")
                return False
            problems = self._put(slug, edited)
            if not problems:
                self._edited.add(slug)
                return True
            self._print(safe("\n".join(problems)))
            self._console.print("edit it again? [Y/n] ", end="", markup=False)
            if self._answer() not in ("y", ""):
                self._print("nothing is changed")
                return False

    def _put(self, slug: str, table: str) -> list[str]:
        """Put an edited table into the file where it holds and passes its tests; else what is wrong with it."""
        pack = PackFile(self._path)
        known = {(failure.rule.id, failure.message) for failure in pack.failures()}
        first = int(pack.rules[slug].place.rpartition(":")[2])
        try:
            pack.replace(slug, table)
        except RuleError as error:
            return [f"line {problem.line - first + 1} here: {problem.message}" for problem in error.problems]
        except InputError as error:
            return [str(error)]
        failures = [
            failure
            for failure in pack.failures()
            if failure.rule.id == pack.rules[slug].id or (failure.rule.id, failure.message) not in known
        ]
        if not failures:
            pack.save()
        return [
            f"line {failure.case.line - first + 1} here: {failure.rule.id}: {failure.group}: {failure.message}"
            for failure in failures
        ]

    def _answer(self) -> str:
        """The key that is pressed; of input that is no terminal the first letter of a line. At its end "q"."""
        if sys.stdin.isatty():
            try:
                key = typer.getchar().lower().strip()
            except EOFError:
                key = "q"
            self._print(safe(key))
            return key
        line = sys.stdin.readline()
        self._print("")
        return line.strip().lower()[:1] if line else "q"

    def _print(self, text: str | Text) -> None:
        self._console.print(text, soft_wrap=True, markup=False)


def _waiting(pack: PackFile) -> tuple[str, ...]:
    """Slugs of the rules to ask about: previews, then those that are kept and seem to be dead."""
    previews = [slug for slug, rule in pack.rules.items() if rule.is_preview]
    return (*previews, *(slug for slug in pack.dead if slug not in previews))


def _facts(rule: Rule, text: str | list[str] | None) -> Iterator[tuple[str, str]]:
    """What a person judges a rule by."""
    guessed = rule.evidence.guessed if rule.evidence else ()

    def marked(field: str, value: str) -> tuple[str, str]:
        return field, f"{value} (guessed)" if field in guessed else value

    yield marked("summary", rule.summary)
    yield marked("kind", rule.kind)
    if text is None:
        yield marked("selector" if rule.selector else "pattern", rule.source)
    else:
        yield from (marked("text", one) for one in ([text] if isinstance(text, str) else text))
    yield marked("match", rule.match)
    yield marked("zone", f"{rule.zone}, {rule.zone_blocks} blocks" if rule.zone_blocks else rule.zone)
    yield marked("action", rule.action)
    yield "status", rule.status
    if rule.evidence is not None:
        yield "evidence", evidence_line(rule.evidence)


def _in_editor(text: str) -> str:
    """A text as a person left it in their editor.

    Raises:
        InputError: The editor does not run, or what it left is no text.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or _EDITOR
    with tempfile.TemporaryDirectory(prefix="syndicate-") as folder:
        file = Path(folder) / "rule.toml"
        file.write_text(text, "utf-8")
        try:
            subprocess.run([*shlex.split(editor), str(file)], check=True)  # noqa: S603 - the person's own editor
            return file.read_text("utf-8")
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            raise InputError(f"cannot edit with {editor!r}: {error}; say in $EDITOR what to edit with") from error
