"""Tasks on their way to processes: read ahead in a thread, and put together to what one process does in one go."""

from __future__ import annotations

import multiprocessing
from collections import deque
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CHUNK: Final = 512 * 1024
"""Most that a process is given at a time, in the tasks' sizes: some hundredths of a second of work."""
CHUNK_TASKS: Final = 256
"""Most tasks that it is given at a time."""

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


@dataclass(slots=True)
class Chunk(Generic[T, R]):
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
        """Those that are not lost."""
        return [task for at, task in enumerate(self.tasks) if at not in self.lost]

    def lose(self, at: int, lost: Lost) -> None:
        """Count a task as lost, by its place among those left."""
        left = [place for place in range(len(self.tasks)) if place not in self.lost]
        self.lost[left[at]] = lost

    def told(self, results: Iterable[R | Lost]) -> list[tuple[T, R | Lost]]:
        """Each task with what became of it, from the results of those left."""
        found = iter(results)
        return [(task, self.lost.get(at) or next(found)) for at, task in enumerate(self.tasks)]


class Feeder(Thread, Generic[T]):
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
        """What the thread does."""
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
            room = CHUNK
            while self._read and room > 0 and len(taken) < CHUNK_TASKS:
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
