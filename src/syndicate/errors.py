"""Every error this package raises on purpose.

    SyndicateError
     ├─ InputError          a file, record or argument that cannot be used
     ├─ RuleError           rule files that do not hold; carries every problem found, each with its place
     ├─ FingerprintError
     │   └─ RecipeMismatch  fingerprints made in two different ways were compared
     └─ StoreError          an index that is damaged, foreign, or of another format

Expected outcomes (an empty page, a brief, a binary file) are statuses of an `Article`, not errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class SyndicateError(Exception):
    """The root of the tree; its text is ready to be shown to a person."""


class InputError(SyndicateError):
    """Input that cannot be used: the text names the input and the way out."""


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One thing wrong with one rule file.

    Attributes:
        file: Path of the rule file as the user gave it.
        line: 1-based line of the offending key or table.
        rule: The rule's `id`, or `pack` where the problem is not inside a rule.
        message: What is wrong and, where one is near, the right word.
    """

    file: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.message}"


class RuleError(SyndicateError):
    """Rule files that do not hold; `problems` has all of them, in file and line order."""

    def __init__(self, problems: Iterable[RuleProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.file, problem.line)))
        super().__init__("\n".join(map(str, self.problems)))

    @property
    def file(self) -> str:
        """The file of the first problem."""
        return self.problems[0].file

    @property
    def line(self) -> int:
        """The 1-based line of the first problem."""
        return self.problems[0].line

    @property
    def rule(self) -> str:
        """The rule of the first problem."""
        return self.problems[0].rule


class FingerprintError(SyndicateError):
    """A fingerprint that cannot be used."""


class RecipeMismatch(FingerprintError):  # noqa: N818 - the public contract's name
    """Two fingerprints made by different recipes were compared; their numbers mean different things."""


class StoreError(SyndicateError):
    """An index that is damaged, foreign, or of another format."""
