"""Caps on what each of these tests may take, beside the closer ones that they set themselves."""

from __future__ import annotations

import resource
import sys
import time
from typing import TYPE_CHECKING, Final

import pytest

from tests.hostile import LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS: Final = 60 * LIMIT
"""Of this process: the largest corpus here takes ten, and kernels are compiled in another twenty, once."""
MEGABYTES: Final = 600
_UNIT: Final = 1 << (20 if sys.platform == "darwin" else 10)
"""How many of what `ru_maxrss` counts, bytes or kilobytes, are a megabyte."""


@pytest.fixture(autouse=True)
def capped() -> Iterator[None]:
    """Time of the process, and how far its memory grew past what it ever took before."""
    start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / _UNIT
    spent = time.process_time() - start
    assert spent < SECONDS, f"took {spent:.0f} s"
    assert grown < MEGABYTES, f"took {grown:.0f} MB"
