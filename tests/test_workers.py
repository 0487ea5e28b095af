"""Processes that work: results in order, and a task that kills or stops its process costs itself only."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import time
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.errors import SyndicateError
from syndicate.workers import Lost, Workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def work(task: str) -> str:
    """A job whose tasks say what goes wrong."""
    match task.partition(" ")[0]:
        case "hang":
            time.sleep(60)
        case "crash":
            faulthandler.disable()  # its report is not for whoever reads the tests
            ctypes.string_at(0)
        case "exit":
            os._exit(3)
        case "raise":
            raise ValueError(task)
        case "memory":
            raise MemoryError
    return f"{task} done"


def run(tasks: Iterable[str], workers: int = 2, limit: float = 0.5, size: int = 1000) -> list[tuple[str, str | Lost]]:
    found = Workers(work, workers, limit, lambda _: size).run(tasks)
    return [pair for some in found for pair in some]


@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("size", [1, 5_000, 1_000_000])
def test_results_come_in_the_order_of_the_tasks(workers: int, size: int) -> None:
    tasks = [str(number) for number in range(300)]
    assert run(tasks, workers, size=size) == [(task, f"{task} done") for task in tasks]


def test_nothing_to_do_starts_no_process() -> None:
    assert run([]) == []


REASONS = {
    "hang": "it took longer than 0.5 seconds",
    "crash": "its process was killed by SIGSEGV",
    "exit": "its process ended with code 3",
    "raise": "an error in syndicate: ValueError: raise",
    "memory": "it needs more memory than there is",
}


@given(st.lists(st.sampled_from(["good", "good", "raise", "memory", "exit", "crash"]), max_size=30), st.booleans())
@settings(max_examples=15)
def test_a_task_that_goes_wrong_costs_itself_only(tasks: list[str], one: bool) -> None:
    found = run(tasks, 1 if one else 3)
    assert [task for task, _ in found] == tasks
    for task, result in found:
        if task == "good":
            assert result == "good done"
        else:
            assert isinstance(result, Lost)
            assert result.reason == REASONS[task]
            assert ("Traceback" in result.detail) == (task == "raise")


def test_a_task_that_hangs_is_given_up_and_its_neighbours_are_done() -> None:
    tasks = ["a", "hang", "b", "hang", "c"]
    start = time.monotonic()
    found = dict(enumerate(result for _, result in run(tasks)))
    assert time.monotonic() - start < 5
    assert found == {
        0: "a done", 1: Lost(REASONS["hang"]), 2: "b done", 3: Lost(REASONS["hang"]), 4: "c done",
    }  # fmt: skip


def test_a_result_does_not_wait_for_the_next_task() -> None:
    told: list[str] = []

    def tasks() -> Iterator[str]:
        yield "first"
        deadline = time.monotonic() + 20
        while not told and time.monotonic() < deadline:
            time.sleep(0.01)
        yield "second"

    for some in Workers(work, 2, 10, lambda _: 1000).run(tasks()):
        told += (task for task, _ in some)
        if told == ["first"]:
            break
    assert told == ["first"]


def test_tasks_are_read_only_a_little_ahead() -> None:
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        for read in count(1):
            yield str(read)

    results = Workers(work, 2, 10, lambda _: 1_000_000).run(endless())
    next(results)
    time.sleep(0.3)
    assert read < 100
    results.close()  # type: ignore[attr-defined]


def test_an_error_of_reading_comes_after_the_results_before_it() -> None:
    def tasks() -> Iterator[str]:
        yield from "abc"
        raise OSError("the disk is gone")

    found: list[str] = []

    def read() -> None:
        for some in Workers(work, 2, 10, lambda _: 1000).run(tasks()):
            found.extend(task for task, _ in some)

    with pytest.raises(OSError, match="the disk is gone"):
        read()
    assert found == ["a", "b", "c"]


def _pid(_: str) -> str:
    return str(os.getpid())


def test_processes_end_with_their_reader() -> None:
    results = Workers(_pid, 3, 10, lambda _: 300_000).run(map(str, range(50)))
    processes = {int(str(pid)) for _, pid in next(results)}
    results.close()  # type: ignore[attr-defined]
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


class _Broken:
    """A job that ends its process before any task is begun."""

    def __reduce__(self) -> tuple[object, ...]:
        return (os._exit, (5,))


def test_processes_that_die_before_they_begin_are_an_error() -> None:
    with pytest.raises(SyndicateError, match="die before they begin"):
        list(Workers(id, 2, 10, lambda _: 1000).run([_Broken()]))
