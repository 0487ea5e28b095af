"""Fixtures and gates that all tests share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from syndicate import Cleaner
from tests.runs import PACK, Moody

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
FIXTURES = ROOT / "tests" / "fixtures"

# What a forked process runs is never counted, and to trace it would cost as much as if it were.
os.register_at_fork(after_in_child=lambda: sys.settrace(None))

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("default")


@pytest.fixture(scope="session")
def cleaner() -> Cleaner:
    """A cleaner with all packs that come with the package."""
    return Cleaner()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The development data beside the checkout; without it a test skips, but in CI it fails."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"CI provides the development data, but {folder} is missing")
        pytest.skip("needs the development data (../shared)")
    return folder


@pytest.fixture(scope="session")
def moody(tmp_path_factory: pytest.TempPathFactory) -> Moody:
    """A cleaner with one rule, that some pages break."""
    pack = tmp_path_factory.mktemp("packs") / "lock.toml"
    pack.write_text(PACK)
    return Moody([pack])
