"""Tasks handed to processes: results in the order of the tasks, and none lost where a process hangs or dies.

A process takes some tasks at a time and tells, in memory it shares, which of them it is at. If it dies, or is at one
for too long, that task is lost, and another process does the rest of them again. Tasks are read in a thread, so that
results come out while the next task is still awaited.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import traceback
import warnings
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from threading import Condition, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

from syndicate.errors import SyndicateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, MutableSequence
    from multiprocessing.process import BaseProcess

_CHUNK, _CHUNK_TASKS = 512 * 1024, 256
"""Most that a process is given at a time, in the tasks' sizes and in tasks: some hundredths of a second of work."""
_PIPE: Final = 1024 * 1024
"""Bytes of a pipe that is to hold a chunk."""
_AHEAD: Final = 16
"""Chunks for each process that are read, or done and not yet told, before the oldest one must be done."""
_LOOK: Final = 0.25
"""Seconds between two looks at how long processes have been at their task."""
_UNLUCKY: Final = 3
"""Times that one chunk may have its process die at no task of it."""
_TRIM_EVERY: Final = 1.0
"""Seconds; without it, a process goes on to take what its largest page took. It costs a thousandth of the time."""
_NONE: Final = -1.0

T = TypeVar("T")
R = TypeVar("R")


class Lost(NamedTuple):
    """What a task has in the place of a result.

    Attributes:
        reason: Why, for people.
        detail: Where in the code, if an exception was raised that nothing expects; "" otherwise.
    """

    reason: str
    detail: str = ""


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True)
class _Chunk(Generic[T, R]):
    """Tasks that one process does in one go; those that are lost stay out when another does it again.

    Attributes:
        number: Its place among all.
        tasks: The tasks.
        lost: Those that are lost, by place.
        unlucky: How often its process died at none of them.
        is_large: Whether it is known to be larger than a pipe.
    """

    number: int
    tasks: list[T]
    lost: dict[int, Lost] = field(default_factory=dict)
    unlucky: int = 0
    is_large: bool = False

    def left(self) -> list[T]:
        return [task for at, task in enumerate(self.tasks) if at not in self.lost]

    def lose(self, at: int, lost: Lost) -> None:
        """Count a task as lost, by its place among those left."""
        left = [place for place in range(len(self.tasks)) if place not in self.lost]
        self.lost[left[at]] = lost

    def told(self, results: Iterable[R | Lost]) -> list[tuple[T, R | Lost]]:
        """Each task with what became of it, from the results of those left."""
        found = iter(results)
        return [(task, self.lost.get(at) or next(found)) for at, task in enumerate(self.tasks)]


class _Feeder(Thread, Generic[T]):
    """Reads tasks ahead, up to a size; rings a bell whenever there is something new."""

    def __init__(self, tasks: Iterable[T], size: Callable[[T], int], most: int) -> None:
        super().__init__(daemon=True)
        self.bell, self._rope = multiprocessing.Pipe(duplex=False)
        self._source, self._size, self._most = tasks, size, most
        self._read: deque[tuple[T, int]] = deque()
        self._held = 0
        self._change = Condition()
        self._rung = self.ended = self._stopped = False
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            for task in self._source:
                size = self._size(task)
                with self._change:
                    self._change.wait_for(lambda: self._held < self._most or self._stopped)
                    if self._stopped:
                        return
                    self._read.append((task, size))
                    self._held += size
                    self._ring()
        except BaseException as error:  # noqa: BLE001 - raised where the results are awaited
            self.error = error
        with self._change:
            self.ended = True
            self._ring()

    def _ring(self) -> None:
        if not self._rung:
            self._rung = True
            self._rope.send_bytes(b"!")

    def take(self) -> list[T]:
        """What one process is to do next of that which has been read."""
        with self._change:
            taken: list[T] = []
            room = _CHUNK
            while self._read and room > 0 and len(taken) < _CHUNK_TASKS:
                task, size = self._read.popleft()
                taken.append(task)
                room -= size
                self._held -= size
            self._change.notify()
            return taken

    def hear(self) -> None:
        """Take note of the bell."""
        self.bell.recv_bytes()
        with self._change:
            self._rung = False

    def stop(self) -> None:
        """Read no more."""
        with self._change:
            self._stopped = True
            self._change.notify()


@dataclass(slots=True)
class _Worker(Generic[T, R]):
    """A process, with the pipes to it and from it.

    Attributes:
        state: The place of the task it is at, and since when.
        room: Bytes that go into the pipe to it while it does not read.
        chunk: What it does.
        spare: What it does next, in the pipe already, so that it need not wait.
    """

    process: BaseProcess
    tasks: Connection
    results: Connection
    state: MutableSequence[float]
    room: int
    chunk: _Chunk[T, R] | None = None
    spare: _Chunk[T, R] | None = None

    def give(self, chunk: _Chunk[T, R]) -> None:
        self.chunk = chunk
        self.state[0] = _NONE
        with suppress(OSError):  # it has died: that is seen when its results are awaited
            self.tasks.send(chunk.left())

    @property
    def takes_spare(self) -> bool:
        """Whether it has emptied the pipe, is at a task, and has nothing to do next."""
        return self.spare is None and self.chunk is not None and 0 <= self.state[0] < len(self.chunk.tasks)

    def give_spare(self, chunk: _Chunk[T, R]) -> bool:
        """Give it something to do next; whether that fits into the pipe.

        To wait here until it reads, while it waits to hand over results, would be for ever.
        """
        data = b"" if chunk.is_large else ForkingPickler.dumps(chunk.left())
        if chunk.is_large or len(data) > self.room:
            chunk.is_large = True
            return False
        self.spare = chunk
        with suppress(OSError):
            self.tasks.send_bytes(data)
        return True

    def overdue(self, limit: float) -> bool:
        at, since = self.state
        return self.chunk is not None and 0 <= at < len(self.chunk.tasks) and monotonic() - since > limit

    def end(self) -> str:
        """Let the process go; how it went, for people."""
        self.process.kill()
        self.process.join()
        self.tasks.close()
        self.results.close()
        code = self.process.exitcode or 0
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


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
        # Forked, processes share what is loaded already; elsewhere than on Linux, system libraries do not survive it.
        self._context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self._workers: list[_Worker[T, R]] = []
        self._waiting: deque[_Chunk[T, R]] = deque()
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
        feeder = _Feeder(tasks, self._size, self._count * _AHEAD * _CHUNK)
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

    def _hand_out(self, feeder: _Feeder[T]) -> bool:
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
            self._waiting.append(_Chunk(self._given, tasks))
            self._given += 1
        chunk = self._waiting.popleft()
        if busy is None:
            (idle or self._start()).give(chunk)
        elif not busy.give_spare(chunk):
            self._waiting.appendleft(chunk)
            return False
        return True

    def _start(self) -> _Worker[T, R]:
        their_tasks, tasks = self._context.Pipe(duplex=False)
        results, their_results = self._context.Pipe(duplex=False)
        state = self._context.RawArray("d", (_NONE, 0.0))
        # A process that is forked has the others' pipes, too, and would keep them open when this one is gone.
        others = [end for worker in self._workers for end in (worker.tasks, worker.results)] + [tasks, results]
        ends = _Ends(their_tasks, their_results, tuple(others) if self._is_forked else ())
        process = self._context.Process(target=_serve, args=(self._job, ends, state), daemon=True)
        with warnings.catch_warnings():
            # Python warns of locks that the feeder may hold: the new process uses nothing of the feeder's.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        their_tasks.close()
        their_results.close()
        worker = _Worker[T, R](process, tasks, results, state, _widened(tasks))
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

    def _wait(self, feeder: _Feeder[T]) -> None:
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

    def _receive(self, worker: _Worker[T, R], chunk: _Chunk[T, R]) -> None:
        try:
            results = worker.results.recv()
        except (EOFError, OSError):
            self._replace(worker, chunk)
            return
        worker.chunk, worker.spare = worker.spare, None
        self._done[chunk.number] = chunk.told(results)

    def _replace(self, worker: _Worker[T, R], chunk: _Chunk[T, R], reason: str = "") -> None:
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


class _Ends(NamedTuple):
    """A process's ends of its pipes, and the ends that it has but that are not its own."""

    tasks: Connection
    results: Connection
    others: tuple[Connection, ...]


def _widened(pipe: Connection) -> int:
    """Bytes that surely go into an empty pipe, once it is as wide as it may be; 0 where that cannot be told."""
    try:
        import fcntl

        return fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE) * 7 // 8  # some pages of it are not filled up
    except (AttributeError, ImportError, OSError):  # not Linux, or too many wide pipes of this user
        return 0


def _serve(job: Callable[[T], R], ends: _Ends, state: MutableSequence[float]) -> None:
    """What a process does until the other end of its pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interruption is for who reads the results
    for other in ends.others:
        other.close()
    gc.freeze()  # what is shared with the process that was forked stays shared if no collection looks at it
    trim, trimmed = _trimmer(), monotonic()
    with suppress(EOFError, OSError):
        while True:
            tasks = ends.tasks.recv()
            results = []
            for at, task in enumerate(tasks):
                state[1], state[0] = monotonic(), at
                results.append(_outcome(job, task))
            state[0] = len(tasks)
            ends.results.send(results)
            state[0] = _NONE
            del tasks, results
            if monotonic() - trimmed > _TRIM_EVERY:
                trim(0)
                trimmed = monotonic()


def _trimmer() -> Callable[[int], object]:
    """What gives memory that was freed back to the system, where the C library does not do so by itself: glibc's."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library, or Windows
        return int


def _outcome(job: Callable[[T], R], task: T) -> R | Lost:
    try:
        return job(task)
    except MemoryError:
        return Lost("it needs more memory than there is")
    except Exception as error:  # noqa: BLE001 - whatever a page brings to light costs that page
        return Lost(f"an error in syndicate: {type(error).__name__}: {error}", traceback.format_exc())
