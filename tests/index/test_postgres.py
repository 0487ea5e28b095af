"""What holds of PostgreSQL alone: a server that stops (row 21 of the faults), and many who write."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from syndicate import Index, StoreError
from tests.conftest import ROOT
from tests.stories import article, body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syndicate import Article

SCRIPT = ROOT / ".ci" / "postgres"


def control(command: str, folder: Path) -> str:
    """Start or stop a server of the test's own; its address."""
    done = subprocess.run([SCRIPT, command, folder], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def folder(server: str) -> Iterator[Path]:
    """Where a server of the test's own lies; wherever there is a server, there are its programs."""
    assert server
    path = Path(tempfile.mkdtemp(prefix="syndicate-"))  # a socket's path must be short
    yield path
    with suppress(subprocess.CalledProcessError):
        control("stop", path)
    shutil.rmtree(path, ignore_errors=True)


def test_a_server_that_stops_while_articles_are_added_costs_the_open_transaction(folder: Path) -> None:
    address = control("start", folder)
    articles = [article(f"a{number:04}", body(number, 5)) for number in range(3_000)]
    stopping = threading.Thread(target=control, args=("stop", folder))

    def stopped_midway() -> Iterator[Article]:
        for number, one in enumerate(articles):
            if number == 1_200:
                stopping.start()
            yield one

    def add_until_it_fails() -> None:
        with Index.open(address) as index:
            index.add_many(stopped_midway(), batch=100)
            while True:  # it was quicker than the server stops
                index.add_many(articles, batch=100)

    with pytest.raises(StoreError) as error:
        add_until_it_fails()
    stopping.join()
    assert str(error.value).startswith(f"postgresql://postgres@{folder}/postgres: ")
    assert "run again" in str(error.value)
    with pytest.raises(StoreError, match=str(folder)):
        Index.open(address)
    control("start", folder)
    with Index.open(address) as index:
        assert len(index) % 100 == 0
        assert len(index) >= 1_100
        assert list(index) == [f"a{number:04}" for number in range(len(index))]
        assert index.check() == ()
        assert index.add_many(articles) == 3_000
        assert len(index) == 3_000
        assert index.check() == ()


def test_many_write_at_once(schema: str) -> None:
    texts = [body(number, 8) for number in range(60)]
    failures: list[BaseException] = []

    def write(who: int) -> None:
        rng = random.Random(who)
        try:
            with Index.open(schema) as index:
                for turn in range(12):
                    own = [article(f"w{who}-{turn}-{number}", rng.choice(texts)) for number in range(60)]
                    shared = [article(f"s{number}", rng.choice(texts)) for number in rng.sample(range(40), 20)]
                    index.add_many([*own, *shared])
                    index.remove(f"w{who}-{turn}-0")
        except BaseException as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    writers = [threading.Thread(target=write, args=(who,)) for who in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    with Index.open(schema) as index:
        assert sum(name.startswith("w") for name in index) == 6 * 12 * 59
        assert index.check() == ()
        counted = index.stats()
        assert counted.segments
        found = index.match(article("asked", texts[7]))
        assert {match.a for match in found} | {match.b for match in found} == {
            "asked", *(one.id for one in index.articles() if one.text == texts[7]),
        }  # fmt: skip


def test_no_password_is_told() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError) as error:
        Index.open("postgresql://reader:secret@127.0.0.1:1/news")
    assert "postgresql://reader@127.0.0.1:1/news" in str(error.value)
    assert "secret" not in str(error.value)


def test_an_address_that_is_none_is_refused() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError, match="not an address"):
        Index.open("postgresql://host:port:more/?x")


def test_an_index_that_is_not_there_is_not_begun_by_reading(schema: str) -> None:
    with pytest.raises(StoreError, match="no index there"):
        Index.open(schema, create=False)


def test_another_format_is_refused(schema: str) -> None:
    import psycopg

    Index.open(schema).close()
    with psycopg.connect(schema, autocommit=True) as connection:
        connection.execute("UPDATE syndicate_meta SET value = '7' WHERE name = 'format'")
    with pytest.raises(StoreError, match="format 7"):
        Index.open(schema)
