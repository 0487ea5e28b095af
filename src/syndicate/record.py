"""What a cleaning run writes: lines in the order of the inputs, with a checkpoint every some hundred of them.

Where an index is kept by, the checkpoint lies in it, in the transaction that adds the articles; so the file and the
index have always come equally far.
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, Final, Literal

from syndicate.errors import InputError
from syndicate.index import Index, Mark
from syndicate.index.story import Trace
from syndicate.io.journal import Checkpoint, FileMarks, Journal
from syndicate.io.part import PartFile, part_path
from syndicate.io.texts import write_texts
from syndicate.io.write import json_line, whole_file, write_articles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from syndicate.model import Article

STEP: Final = 200
"""Inputs from one checkpoint to the next."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input.

    Attributes:
        id: The page's, or the place of what could not be read.
        status: A `Status`, or "failed".
        reason: Why, where there is something to say.
        notes: What people should know of it.
        detail: Where in the code it failed, if it failed by an error in the code.
        line: What is written of it.
        article: What goes into an index, if one is kept by and there is a text.
    """

    id: str
    status: str
    reason: str = ""
    notes: tuple[str, ...] = ()
    detail: str = ""
    line: bytes = b""
    article: Article | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where the cleaned articles go.

    Attributes:
        path: A file or folder; None for standard output.
        form: "jsonl"; "text", all in one file; "texts", a folder with a file each; "parquet".

    Raises:
        InputError: The form cannot be written there.
    """

    path: Path | None
    form: Literal["jsonl", "text", "texts", "parquet"] = "jsonl"

    def __post_init__(self) -> None:
        path = self.path
        if path is None:
            if self.form == "parquet":
                raise InputError("Parquet cannot go to standard output: name a file with -o")
        elif self.form == "texts":
            if path.is_dir() and any(path.iterdir()):
                raise InputError(f"{path}: cannot write: the folder is not empty")
        elif path.is_dir():
            raise InputError(f"{path}: cannot write: Is a directory")
        elif self.form == "parquet" and path.suffix.lower() in {".gz", ".zst"}:
            raise InputError(f"{path}: Parquet is compressed in itself: drop {path.suffix}")

    @property
    def file(self) -> Path | None:
        """The path, if a run into it can go on later: not that of a pipe or a device."""
        path = self.path
        return path if path is None or not path.exists() or path.is_file() or path.is_dir() else None


@contextmanager
def recording(
    target: Target, options: Mapping[str, Any], index: str | None = None, *, resume: bool = False
) -> Iterator[Record]:
    """Begin to write, or go on with what an earlier run wrote. What is not finished stays, up to its last checkpoint.

    Args:
        target: Where.
        options: What tells this run from another.
        index: The index that the articles are traced in and added to, if any.
        resume: Whether to go on; a run that cannot be gone on with is begun anew.

    Raises:
        InputError: It cannot be written, or the unfinished run was another one.
        StoreError: The index is damaged or out of reach.
    """
    with Index.open(index) if index else nullcontext() as opened:
        path = target.file
        if path is None:
            with whole_file(target.path) as file:
                record = Record(_Stream(file), None, opened, Checkpoint(), as_text=target.form == "text")
                yield record
                record.end()
            return
        if opened is None:
            journal = Journal(FileMarks(), str(path.with_name(f".{path.name}.journal")), options)
        else:
            journal = Journal(opened, f"clean:{path.absolute()}", options)
        checkpoint = (journal.read() if resume else None) or Checkpoint()
        if checkpoint.ended and not part_path(path).exists():
            journal.forget()  # it was interrupted when all was done but this
            yield Record(_Stream(BytesIO()), None, opened, checkpoint)
            return
        with PartFile(path, checkpoint.size) as part:
            if not checkpoint.inputs:
                journal.forget()
            record = Record(part, journal, opened, checkpoint, as_text=target.form == "text")
            yield record
            record.end()
            _finish(target.form, path, part, journal, record.checkpoint)


def _finish(form: str, path: Path, part: PartFile, journal: Journal, checkpoint: Checkpoint) -> None:
    """Give what is written its form and its name."""
    journal.write(replace(checkpoint, ended=True))
    if form in {"texts", "parquet"}:
        write = write_texts if form == "texts" else write_articles
        with part.path.open("rb") as lines:
            write(path, map(json.loads, lines))
        part.drop()
    else:
        part.finish()
    journal.forget()


class _Stream:
    """Standard output, a pipe or a device, where what is written is gone."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, pieces: Iterable[bytes]) -> int:
        self._file.writelines(pieces)
        self._file.flush()  # who reads it wants what there is
        return 0


class Record:
    """Outcomes as they are written; `recording` makes one.

    Attributes:
        checkpoint: How far it has come.
    """

    def __init__(
        self,
        output: PartFile | _Stream,
        journal: Journal | None,
        index: Index | None,
        checkpoint: Checkpoint,
        *,
        as_text: bool = False,
    ) -> None:
        self.checkpoint = checkpoint
        self._output, self._journal, self._index, self._as_text = output, journal, index, as_text
        self._waiting: list[Outcome] = []

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Write some more outcomes: at once, or some hundred at a time where that makes a checkpoint."""
        self._waiting += outcomes
        while len(self._waiting) >= (STEP if self._journal else 1 + self._is_first_text):
            self._commit(self._waiting[:STEP])
            del self._waiting[:STEP]

    def end(self) -> None:
        """Write what is left: there is no more."""
        if self._waiting:
            self._commit(self._waiting)
            self._waiting = []

    @property
    def is_kept(self) -> bool:
        """Whether what is written so far can be gone on with if this ends here."""
        return self._journal is not None and self.checkpoint.inputs > 0

    @property
    def _is_first_text(self) -> bool:
        """Whether the next text stands alone, without a line above that names it, if no other follows."""
        return self._as_text and not self.checkpoint.inputs

    def _commit(self, outcomes: Sequence[Outcome]) -> None:
        counts = Counter(self.checkpoint.counts) + Counter(outcome.status for outcome in outcomes)
        inputs = self.checkpoint.inputs + len(outcomes)
        next_ = replace(self.checkpoint, inputs=inputs, last=outcomes[-1].id, counts=dict(counts))
        if self._index is None:
            self.checkpoint = replace(next_, size=self._output.write(self._pieces(outcomes)))
            if self._journal is not None:
                self._journal.write(self.checkpoint)
            return

        def settle(traces: list[Trace]) -> Mark | None:
            nonlocal next_
            told = outcomes if self._as_text else _traced(outcomes, traces)
            next_ = replace(next_, size=self._output.write(self._pieces(told)))
            return Mark(self._journal.name, self._journal.text(next_)) if self._journal else None

        self._index.add_traced([outcome.article for outcome in outcomes if outcome.article], settle)
        self.checkpoint = next_

    def _pieces(self, outcomes: Sequence[Outcome]) -> Iterable[bytes]:
        written = [outcome for outcome in outcomes if outcome.line]
        if not self._as_text or (self._is_first_text and len(written) == 1):
            return (outcome.line for outcome in written)
        return (f"==> {outcome.id} <==\n".encode(errors="replace") + outcome.line + b"\n" for outcome in written)


def _traced(outcomes: Sequence[Outcome], traces: Iterable[Trace]) -> list[Outcome]:
    """Outcomes with what the index tells of their articles at the end of their lines."""
    found = iter(traces)
    traced: list[Outcome] = []
    for outcome in outcomes:
        trace = next(found) if outcome.article else Trace()
        story = trace.story
        told = json_line({
            "matches": [match.to_dict() for match in trace.matches],
            "story": story and story.id,
            "origin": story and story.origin.to_dict(),
        })  # fmt: skip
        line = outcome.line and outcome.line.removesuffix(b"}\n") + b", " + told[1:]
        traced.append(replace(outcome, line=line))
    return traced
