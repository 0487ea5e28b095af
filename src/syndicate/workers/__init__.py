"""Tasks handed to processes: results in the order of the tasks, and none lost where a process hangs or dies.

A process takes some tasks at a time and tells, in memory it shares, which of them it is at. If it dies, or is at one
for too long, that task is lost, and another process does the rest of them again. Tasks are read in a thread, so that
results come out while the next task is still awaited.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import warnings
from collections import deque
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from syndicate.errors import SyndicateError
from syndicate.workers.chunks import CHUNK, Chunk, Feeder, Lost
from syndicate.workers.process import AT_NONE, Ends, Worker, serve, widened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["FORKS", "Lost", "Workers", "processors"]

FORKS: Final = sys.platform == "linux"
"""Whether processes share what is loaded already; elsewhere, system libraries do not survive it."""

_AHEAD: Final = 16
"""Chunks for each process that are read, or done and not yet told, before the oldest one must be done."""
_LOOK: Final = 0.25
"""Seconds between two looks at how long processes have been at their task."""
_UNLUCKY: Final = 3
"""Times that one chunk may have its process die at no task of it."""

T = TypeVar("T")
R = TypeVar("R")


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers(Generic[T, R]):
    """Processes that do one job.

    Args:
        job: What is done with a task; what it raises costs the task only. Tasks and results are pickled, and where
            processes are not forked (on Linux they are) the job is, too.
        count: Most processes that run at a time; each is started when there is something for it to do.
        limit: Seconds that a task may take.
        size: How large a task is, about, in bytes; never 0.
    """

    def __init__(self, job: Callable[[T], R], count: int, limit: float, size: Callable[[T], int]) -> None:
        self._job, self._count, self._limit, self._size = job, count, limit, size
        self._context: Any = multiprocessing.get_context("fork" if FORKS else "spawn")
        self._workers: list[Worker[T, R]] = []
        self._waiting: deque[Chunk[T, R]] = deque()
        self._done: dict[int, list[tuple[T, R | Lost]]] = {}
        self._given = self._told = 0

    def run(self, tasks: Iterable[T]) -> Iterator[list[tuple[T, R | Lost]]]:
        """Do tasks; once.

        Args:
            tasks: Read in a thread of their own, some ahead.

        Yields:
            Tasks with their results, in the order of the tasks, as many as are ready.

        Raises:
            SyndicateError: Processes die although they are at no task.
            Exception: What reading the tasks raises, once those before are done.
        """
        feeder = Feeder(tasks, self._size, self._count * _AHEAD * CHUNK)
        feeder.start()
        try:
            while True:
                while self._hand_out(feeder):
                    pass
                ready = self._ready()
                if ready:
                    yield ready
                elif self._told == self._given and feeder.ended and not self._hand_out(feeder):
                    break
                else:
                    self._wait(feeder)
            if feeder.error is not None:
                raise feeder.error
        finally:
            feeder.stop()
            for worker in self._workers:
                worker.end()

    def _hand_out(self, feeder: Feeder[T]) -> bool:
        """Give a process something to do, if there is something and one that can take it."""
        idle = next((worker for worker in self._workers if worker.chunk is None), None)
        busy = None
        if idle is None and len(self._workers) == self._count:
            busy = next((worker for worker in self._workers if worker.takes_spare), None)
            if busy is None:
                return False
        if not self._waiting:
            tasks = feeder.take() if self._given - self._told < self._count * _AHEAD else []
            if not tasks:
                return False
            self._waiting.append(Chunk(self._given, tasks))
            self._given += 1
        chunk = self._waiting.popleft()
        if busy is None:
            (idle or self._start()).give(chunk)
        elif not busy.give_spare(chunk):
            self._waiting.appendleft(chunk)
            return False
        return True

    def _start(self) -> Worker[T, R]:
        their_tasks, tasks = self._context.Pipe(duplex=False)
        results, their_results = self._context.Pipe(duplex=False)
        state = self._context.RawArray("d", (AT_NONE, 0.0))
        # A process that is forked has the others' pipes, too, and would keep them open when this one is gone.
        others = [end for worker in self._workers for end in (worker.tasks, worker.results)] + [tasks, results]
        ends = Ends(their_tasks, their_results, tuple(others) if self._is_forked else ())
        process = self._context.Process(target=serve, args=(self._job, ends, state), daemon=True)
        with warnings.catch_warnings():
            # Python warns of locks that the feeder may hold: the new process uses nothing of the feeder's.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        their_tasks.close()
        their_results.close()
        worker = Worker[T, R](process, tasks, results, state, widened(tasks))
        self._workers.append(worker)
        return worker

    @property
    def _is_forked(self) -> bool:
        return bool(self._context.get_start_method() == "fork")

    def _ready(self) -> list[tuple[T, R | Lost]]:
        ready: list[tuple[T, R | Lost]] = []
        while self._told in self._done:
            ready += self._done.pop(self._told)
            self._told += 1
        return ready

    def _wait(self, feeder: Feeder[T]) -> None:
        """Wait until something is read, done or overdue."""
        busy = [(worker, worker.chunk) for worker in self._workers if worker.chunk is not None]
        bells = [] if feeder.ended else [feeder.bell]
        heard = wait([*bells, *(worker.results for worker, _ in busy)], _LOOK if busy else None)
        if feeder.bell in heard:
            feeder.hear()
        for worker, chunk in busy:
            if worker.results in heard:
                self._receive(worker, chunk)
            elif worker.overdue(self._limit):
                self._replace(worker, chunk, f"it took longer than {self._limit:g} seconds")

    def _receive(self, worker: Worker[T, R], chunk: Chunk[T, R]) -> None:
        try:
            results = worker.results.recv()
        except (EOFError, OSError):
            self._replace(worker, chunk)
            return
        worker.chunk, worker.spare = worker.spare, None
        self._done[chunk.number] = chunk.told(results)

    def _replace(self, worker: Worker[T, R], chunk: Chunk[T, R], reason: str = "") -> None:
        """Take a process that is dead or hangs out of service; the rest of what it had will be done by another."""
        at, count = int(worker.state[0]), len(chunk.left())
        self._workers.remove(worker)
        ended = worker.end()
        if 0 <= at < count:
            chunk.lose(at, Lost(reason or f"its process {ended}"))
        else:
            chunk.unlucky += 1
        if chunk.unlucky == _UNLUCKY:
            raise SyndicateError(f"processes die before they begin: the last one {ended}")
        self._waiting.extendleft(each for each in (worker.spare, chunk) if each is not None)
