"""Memory that hostile markup takes (rows 1 and 2): in a process of its own, some multiple of the page and no more."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.hostile import PARSERS

PROGRAM = """
import resource, sys
from tests.hostile import BEFORE, WORDS
from syndicate import Page
from syndicate.parse import parse
parser = sys.argv[1]
parse(Page(BEFORE * 1_000, format="html"), (), parser)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for markup in (
    '<a href="' * 20_000, "<!--" * 50_000, "<![foo", "<div>" * 200_000, "<b><i><a>" * 50_000,
    "<p " + " ".join(f"a{at}=x" for at in range(20_000)) + ">", "<table><tr><td>" * 20_000,
):
    assert parse(Page(BEFORE + markup, format="html"), (), parser).text.startswith(WORDS)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform == "darwin", reason="counts in other units")
@pytest.mark.parametrize("parser", PARSERS)
def test_markup_without_end_takes_little_memory(parser: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, parser], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(result.stdout) < 250_000, "kilobytes"
