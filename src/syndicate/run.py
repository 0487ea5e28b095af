"""A whole cleaning run: pages through processes to a file, and on from where an earlier run stopped."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from syndicate.batch import FAILED, Account, input_size, warm_up
from syndicate.errors import InputError
from syndicate.extract import SiteBlocks
from syndicate.io.inputs import Failure, Note
from syndicate.io.write import article_line
from syndicate.model import Page, Status
from syndicate.record import STEP, Outcome, recording
from syndicate.version import __version__
from syndicate.workers import Lost, Workers
from syndicate.workers.process import attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from syndicate.clean import Cleaner
    from syndicate.extract import Repeats
    from syndicate.io.inputs import ReadOptions
    from syndicate.io.journal import Checkpoint
    from syndicate.record import Record, Target

_TRACED: Final = frozenset(("matches", "story", "origin"))
"""The keys that a line has besides an article's where an index is kept by."""


class Stopped(Note):
    """What a run that did not come to its end has done, and how it is gone on with."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a run is made.

    Attributes:
        cleaner: What cleans.
        target: Where it goes.
        inputs: What is read; `reading` tells how.
        repeats: What repeats on each site, if that is to go, too.
        why: Whether what the extractor left out is written, too.
        index: The index that articles are traced in and added to, if any.
        workers: How many processes clean.
        limit: Seconds a page may take.
    """

    cleaner: Cleaner
    target: Target
    inputs: tuple[str, ...]
    reading: ReadOptions
    repeats: Mapping[str, Repeats] | None = None
    why: bool = False
    index: str | None = None
    workers: int = 1
    limit: float = 30.0

    def options(self) -> dict[str, Any]:
        """What the bytes that are written depend on, as JSON; a run goes on only from one that had the same."""
        config = self.cleaner.config
        stamps = "\n".join(f"{name} {stamp}" for name, stamp in self.cleaner.stamps)
        return {
            "version": __version__, "inputs": list(self.inputs), "reading": asdict(self.reading),
            "packs": list(config.packs), "rules": hashlib.sha256(stamps.encode()).hexdigest()[:12],
            "config": config.stamp, "confidence": config.least.name, "preview": config.preview,
            "parser": self.cleaner.parser, "form": self.target.form, "why": self.why,
            "site repeats": self.repeats is not None, "index": self.index,
        }  # fmt: skip

    def clean(self, item: Page | Failure | Note) -> Outcome | None:
        """What a process does with an input; None for a note."""
        if isinstance(item, Note):
            return None
        if isinstance(item, Failure):
            return Outcome(item.place, FAILED, item.message)
        try:
            article = self.cleaner.clean_among(item, self.repeats or {})
        except InputError as error:
            return Outcome(item.id, FAILED, str(error))
        if self.target.form == "text":
            line = f"{article.text}\n".encode(errors="replace")
        else:
            extra = {key: value for key, value in item.extra.items() if not (self.index and key in _TRACED)}
            line = article_line(article, extra, why=self.why)
        # A page that comes back empty must not take the place of the article that it was.
        is_kept = self.index is not None and article.status is Status.OK
        kept = replace(article, removed=(), refused=()) if is_kept else None
        return Outcome(article.id, str(article.status), article.reason, article.notes, "", line, kept)


def carry_out(
    run: Run, pages: Iterable[Page | Failure | Note], watch: Callable[[Outcome | Note], None], *, resume: bool = False
) -> Account:
    """Clean pages, and write what comes of them, in their order.

    Args:
        run: How.
        pages: Read once, in a thread of their own.
        watch: Called with each outcome, in order, and with what people should know.
        resume: Go on from where a run with the same options stopped, if there is one. Its inputs are read again, and
            those that are done are passed over.

    Returns:
        The account of all inputs, those of the earlier run included.

    Raises:
        InputError: The target cannot be written, an input does not exist, or the unfinished run was another one.
        StoreError: The index is damaged or out of reach.
    """
    with recording(run.target, run.options(), run.index, resume=resume) as record:
        if record.checkpoint.inputs:
            watch(Note(str(run.target.path), f"{record.checkpoint.inputs:,} inputs are done, and are passed over"))
        try:
            if not record.checkpoint.ended:
                _clean_all(run, _left(pages, record.checkpoint), record, watch)
        except BaseException:
            if record.is_kept:
                done = f"{record.checkpoint.inputs:,} inputs are done"
                watch(Stopped(str(run.target.path), f"stopped: {done}, and the same command with --resume goes on"))
            raise
    return Account(record.checkpoint.counts)


def carry_out_here(run: Run, item: Page | Failure) -> Outcome:
    """What becomes of one input, in this process: as of `carry_out`, but what hangs or crashes takes it along."""
    return _outcome(item, attempt(run.clean, item))


def _clean_all(
    run: Run, pages: Iterable[Page | Failure | Note], record: Record, watch: Callable[[Outcome | Note], None]
) -> None:
    warm_up(run.cleaner)
    for some in Workers(run.clean, run.workers, run.limit, input_size).run(pages):
        for start in range(0, len(some), STEP):
            outcomes = [_told(item, result) for item, result in some[start : start + STEP]]
            for outcome in outcomes:
                watch(outcome)
            record.add(outcome for outcome in outcomes if isinstance(outcome, Outcome))


def count_repeats(
    cleaner: Cleaner, pages: Iterable[Page | Failure | Note], workers: int, limit: float
) -> dict[str, Repeats]:
    """What repeats across the pages of each site, for `Run.repeats`, counted by processes.

    What cannot be read or cleaned is passed over: the run itself will tell.

    Args:
        cleaner: What reads the pages.
        pages: The pages that will be cleaned.
        workers: How many processes.
        limit: Seconds a page may take.
    """
    blocks = SiteBlocks()
    warm_up(cleaner)
    for some in Workers(partial(_site_blocks, cleaner), workers, limit, input_size).run(pages):
        for _, counted in some:
            if isinstance(counted, SiteBlocks):
                blocks |= counted
    return blocks.repeats()


def _site_blocks(cleaner: Cleaner, item: Page | Failure | Note) -> SiteBlocks | None:
    return cleaner.site_blocks([item]) if isinstance(item, Page) else None


def _left(pages: Iterable[Page | Failure | Note], done: Checkpoint) -> Iterator[Page | Failure | Note]:
    """The inputs that follow a checkpoint.

    Raises:
        InputError: Those before it are others than they were.
    """
    source = iter(pages)
    passed, last = 0, ""
    while passed < done.inputs:
        page = next(source, None)
        if page is None:
            break
        if not isinstance(page, Note):
            passed, last = passed + 1, _identity(page)
    if (passed, last) != (done.inputs, done.last):
        raise InputError(
            f"the inputs are not those of the unfinished run, whose input number {done.inputs:,} was "
            f"{done.last!r}: run without --resume to begin anew"
        )
    yield from source


def _identity(item: Page | Failure) -> str:
    return item.id if isinstance(item, Page) else item.place


def _told(item: Page | Failure | Note, result: Outcome | Lost | None) -> Outcome | Note:
    return item if isinstance(item, Note) else _outcome(item, result)


def _outcome(item: Page | Failure, result: Outcome | Lost | None) -> Outcome:
    if isinstance(result, Outcome):
        return result
    lost = result or Lost("nothing came of it")
    return Outcome(_identity(item), FAILED, lost.reason, detail=lost.detail)
