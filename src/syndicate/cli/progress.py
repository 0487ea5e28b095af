"""How a run is told while it goes on: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from syndicate.cli.terminal import above, say, tell
from syndicate.record import Outcome
from syndicate.run import Stopped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress, TaskID

    from syndicate.io.inputs import Meter, Note

_BAR_EVERY, _LINE_EVERY = 0.2, 30.0
"""Seconds from one look at the bar, and from one line, to the next."""


class Watch:
    """Tells a run's outcomes as they come, and how far it is.

    Args:
        meter: How much of the inputs is read.
        quiet: Tell failures only, and how a run that was stopped is gone on with.
        verbose: Tell every page, and where in the code an error was.
    """

    def __init__(self, meter: Meter, *, quiet: bool, verbose: bool) -> None:
        self._meter, self._quiet, self._verbose = meter, quiet, verbose
        self._start = self._told = monotonic()
        self._count = 0
        self._bar: tuple[Progress, TaskID] | None = None

    @contextmanager
    def shown(self, *, bar: bool) -> Iterator[None]:
        """Show how far the run is, for as long as it goes on.

        Args:
            bar: As a bar, if this is a terminal: not where lines are written to it, too.
        """
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        if self._quiet or not (bar and sys.stderr.isatty()):
            yield
            return
        columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[told]}"), TimeRemainingColumn())
        # It is drawn when a page is done: a thread of its own would be forked with it.
        progress = Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True)
        with progress, above(progress.console):
            self._bar = progress, progress.add_task("", total=None, told="")
            yield

    def __call__(self, event: Outcome | Note) -> None:
        """Tell an outcome."""
        if isinstance(event, Outcome):
            self._count += 1
            self._tell(event)
            self._tell_progress()
        elif not self._quiet or isinstance(event, Stopped):
            tell(event)

    def _tell(self, outcome: Outcome) -> None:
        if outcome.status == "failed" or (outcome.reason and not self._quiet):
            say(f"{outcome.status}: {outcome.id}: {outcome.reason}")
        elif self._verbose:
            say(f"{outcome.status}: {outcome.id}")
        if self._verbose and outcome.detail:
            say(outcome.detail)
        for note in () if self._quiet else outcome.notes:
            say(f"note: {outcome.id}: {note}")

    def _tell_progress(self) -> None:
        now = monotonic()
        if self._quiet or now - self._told < (_BAR_EVERY if self._bar else _LINE_EVERY):
            return
        self._told = now
        rate = self._count / (now - self._start)
        told = f"{self._count:,} pages, {rate:,.0f} a second"
        done, total = self._meter.done, self._meter.total
        if self._bar:
            progress, task = self._bar
            progress.update(task, total=total, completed=done, told=told, refresh=True)
        elif total:
            left = (now - self._start) * max(total - done, 0) / max(done, 1)
            say(f"{told}, {min(done / total, 1):.0%}, {_span(left)} left")
        else:
            say(told)


def _span(seconds: float) -> str:
    """A time to wait, as people say it."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{rest} s"
