"""How far a run has come, kept where it cannot get lost: what `--resume` goes on from."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from syndicate.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A moment up to which all that a run has read is written, and nothing of what follows.

    Attributes:
        inputs: How many inputs were seen.
        last: Identity of the last of them; "" before the first.
        size: Bytes of the output's part file.
        counts: How many inputs ended in which status.
        ended: Whether there are no more inputs, and the file only wants its name.
    """

    inputs: int = 0
    last: str = ""
    size: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    ended: bool = False


class Marks(Protocol):
    """Where something can be kept under a name; an `Index` is such a place."""

    def mark(self, name: str) -> str | None:
        """What was kept under a name; None if nothing was."""

    def set_mark(self, name: str, value: str | None) -> None:
        """Keep something under a name; None forgets it."""


class FileMarks:
    """Marks in files: a mark's name is its path."""

    def mark(self, name: str) -> str | None:
        """What the file says; None if there is none."""
        path = Path(name)
        return path.read_text("utf-8") if path.exists() else None

    def set_mark(self, name: str, value: str | None) -> None:
        """Write the file, whole or not at all; None removes it."""
        path = Path(name)
        if value is None:
            path.unlink(missing_ok=True)
            return
        part = path.with_name(f"{path.name}.new")
        with part.open("w", encoding="utf-8") as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


class Journal:
    """The checkpoint of one run.

    Args:
        marks: Where it is kept.
        name: Under which name.
        run: What the run does, option by option; a run that does anything else cannot go on from its checkpoint.
    """

    def __init__(self, marks: Marks, name: str, run: Mapping[str, Any]) -> None:
        self.name = name
        self._marks, self._run = marks, dict(run)

    def read(self) -> Checkpoint | None:
        """The last checkpoint of an unfinished run; None where there is no such run.

        Raises:
            InputError: That run was begun with other options, inputs or rules, or what is kept cannot be read.
        """
        kept = self._marks.mark(self.name)
        if kept is None:
            return None
        try:
            record = json.loads(kept)
            schema, run, checkpoint = record["schema"], record["run"], Checkpoint(**record["checkpoint"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{self.name}: not a journal of syndicate: {error}") from error
        if schema != _SCHEMA:
            raise InputError(f"{self.name}: a journal of schema {schema}; this version of syndicate reads {_SCHEMA}")
        other = [key for key in self._run if self._run[key] != run.get(key)]
        if other:
            key = other[0]
            raise InputError(
                f"the unfinished run had other {', '.join(other)} ({key}: {run.get(key)!r:.200}, now "
                f"{self._run[key]!r:.200}): run the same command as then, or without --resume to begin anew"
            )
        return checkpoint

    def text(self, checkpoint: Checkpoint) -> str:
        """A checkpoint as it is kept."""
        return json.dumps({"schema": _SCHEMA, "run": self._run, "checkpoint": asdict(checkpoint)})

    def write(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint, in the place of the one before."""
        self._marks.set_mark(self.name, self.text(checkpoint))

    def forget(self) -> None:
        """Forget the run: it is finished, or begun anew."""
        self._marks.set_mark(self.name, None)
