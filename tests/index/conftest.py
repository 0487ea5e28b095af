"""Places for an index: a file, and a schema of the PostgreSQL server that the environment names."""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVER = "SYNDICATE_TEST_POSTGRES"


@pytest.fixture
def server() -> str:
    """The address of a PostgreSQL server."""
    address = os.environ.get(SERVER)
    if not address:
        assert "CI" not in os.environ, f"{SERVER} names no PostgreSQL server; .ci/run starts one"
        pytest.skip(f"{SERVER} names no PostgreSQL server")
    return address


@pytest.fixture
def schema(server: str) -> Iterator[str]:
    """The address of an empty schema on the server."""
    import psycopg

    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        yield f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{name}"
        connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture(params=["sqlite", "postgres"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an index may be made, on each of the two."""
    if request.param == "sqlite":
        return str(tmp_path / "news.db")
    address: str = request.getfixturevalue("schema")
    return address
