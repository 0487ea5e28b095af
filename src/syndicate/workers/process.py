"""A process that works, from both of its ends: as it is held by who gives it tasks, and what runs in it."""

from __future__ import annotations

import ctypes
import gc
import signal
import traceback
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.reduction import ForkingPickler
from time import monotonic
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from syndicate.workers.chunks import Lost

if TYPE_CHECKING:
    from collections.abc import Callable, MutableSequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from syndicate.workers.chunks import Chunk

_PIPE: Final = 1024 * 1024
"""Bytes of a pipe that is to hold a chunk."""
_TRIM_EVERY: Final = 1.0
"""Seconds; without it, a process goes on to take what its largest page took. It costs a thousandth of the time."""
AT_NONE: Final = -1.0
"""The place of a task where a process is at none."""

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True)
class Worker(Generic[T, R]):
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
    chunk: Chunk[T, R] | None = None
    spare: Chunk[T, R] | None = None

    def give(self, chunk: Chunk[T, R]) -> None:
        """Give it something to do; it has nothing, and reads."""
        self.chunk = chunk
        self.state[0] = AT_NONE
        with suppress(OSError):  # it has died: that is seen when its results are awaited
            self.tasks.send(chunk.left())

    @property
    def takes_spare(self) -> bool:
        """Whether it has emptied the pipe, is at a task, and has nothing to do next."""
        return self.spare is None and self.chunk is not None and 0 <= self.state[0] < len(self.chunk.tasks)

    def give_spare(self, chunk: Chunk[T, R]) -> bool:
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
        """Whether it has been at one task for longer than so many seconds."""
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


class Ends(NamedTuple):
    """A process's ends of its pipes, and the ends that it has but that are not its own."""

    tasks: Connection
    results: Connection
    others: tuple[Connection, ...]


def widened(pipe: Connection) -> int:
    """Bytes that surely go into an empty pipe, once it is as wide as it may be; 0 where that cannot be told."""
    try:
        import fcntl

        return fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE) * 7 // 8  # some pages of it are not filled up
    except (AttributeError, ImportError, OSError):  # not Linux, or too many wide pipes of this user
        return 0


def serve(job: Callable[[T], R], ends: Ends, state: MutableSequence[float]) -> None:
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
                results.append(attempt(job, task))
            state[0] = AT_NONE
            ends.results.send(results)
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


def attempt(job: Callable[[T], R], task: T) -> R | Lost:
    """Do one task; whatever it raises costs that task only."""
    try:
        return job(task)
    except MemoryError:
        return Lost("it needs more memory than there is")
    except Exception as error:  # noqa: BLE001 - whatever a page brings to light costs that page
        return Lost(f"an error in syndicate: {type(error).__name__}: {error}", traceback.format_exc())
