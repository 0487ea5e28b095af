"""Processes that die, and processes that write at the same time (rows 15 and 18 of the faults)."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from syndicate import Index, StoreError
from tests.stories import article, body, sentence

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.no_cover  # a minute or two of the same few lines, which other tests run

IN_CI = "CI" in os.environ
KILLS = 20 if IN_CI else 4
SECONDS = 60 if IN_CI else 4
ARTICLES, BATCH = 10_000, 250


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten thousand short articles, as `syndicate clean` writes them."""
    rng = random.Random(15)
    path = tmp_path_factory.mktemp("cleaned") / "cleaned.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(ARTICLES):
            text = " ".join(sentence(rng) for _ in range(3))
            file.write(json.dumps({"schema": 1, "id": f"a{number:05}", "text": text, "status": "ok"}) + "\n")
    return path


def adding(file: Path, cleaned: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "syndicate", "index", "add", str(file), str(cleaned), "--batch", str(BATCH)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def finished(file: Path, cleaned: Path) -> None:
    with adding(file, cleaned) as process:
        assert process.wait() == 0
    with Index.open(file) as index:
        assert list(index) == [f"a{number:05}" for number in range(ARTICLES)]
        assert index.check() == ()


def test_an_index_survives_a_kill_at_any_moment_of_adding(tmp_path: Path, cleaned: Path) -> None:
    start = time.monotonic()
    finished(tmp_path / "whole.db", cleaned)
    whole = time.monotonic() - start
    rng = random.Random(KILLS)
    held = 0
    for turn in range(KILLS):
        file = tmp_path / f"{turn}.db"
        with adding(file, cleaned) as process:
            time.sleep(rng.uniform(0.2, 1) * whole)
            process.send_signal(signal.SIGKILL)
        if file.exists():
            with Index.open(file) as index:
                names = list(index)
                assert len(names) % BATCH == 0
                assert names == [f"a{number:05}" for number in range(len(names))]
                assert index.check() == ()
                held += bool(names)
    finished(file, cleaned)
    assert held


def test_two_write_and_eight_read_one_file(tmp_path: Path) -> None:
    file = tmp_path / "news.db"
    end = time.monotonic() + SECONDS
    texts = [body(number, 10) for number in range(40)]
    with Index.open(file) as index:
        index.add_many(article(f"first-{number}", text) for number, text in enumerate(texts))
    failures: list[BaseException] = []
    added = {"x": 0, "y": 0}
    reads = [0] * 8

    def write(who: str) -> None:
        rng = random.Random(who)
        with Index.open(file) as mine:
            while time.monotonic() < end:
                some = [
                    article(f"{who}-{added[who] + more}", rng.choice(texts)) for more in range(rng.randrange(1, 50))
                ]
                mine.add_many(some)
                added[who] += len(some)
                mine.add(article("shared", rng.choice(texts)))
                mine.remove("shared" if rng.random() < 0.5 else "nothing")

    def read(who: int) -> None:
        with Index.open(file) as mine:
            last = 0
            while time.monotonic() < end:
                count = len(mine)
                assert count >= last
                last = count - 1  # the shared one comes and goes
                found = mine.match(article("asked", texts[who]))
                assert any(f"first-{who}" in (match.a, match.b) for match in found)
                reads[who] += 1

    def watched(work: object, *arguments: object) -> None:
        try:
            work(*arguments)  # type: ignore[operator]
        except BaseException as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    workers = [threading.Thread(target=watched, args=(write, who)) for who in added]
    workers += [threading.Thread(target=watched, args=(read, who)) for who in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert all(added.values())
    assert all(reads)
    with Index.open(file) as index:
        assert len(index) - ("shared" in index) == 40 + sum(added.values())
        assert index.check() == ()


def test_an_index_that_two_begin_at_once_is_one(tmp_path: Path) -> None:
    file = tmp_path / "news.db"
    failures: list[StoreError] = []

    def begin(number: int) -> None:
        try:
            with Index.open(file) as index:
                index.add(article(f"a{number}", body(number)))
        except StoreError as error:
            failures.append(error)

    workers = [threading.Thread(target=begin, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    with Index.open(file) as index:
        assert len(index) == 8
    assert [path.name for path in tmp_path.iterdir()] == ["news.db"]
