"""Pages that take their process down, and runs in any number of processes: rows 17 and 22."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from syndicate.io.inputs import Failure, Note
from syndicate.record import STEP, Outcome, Target
from tests.runs import Moody, carried_out, lines, make, numbered, pages

if TYPE_CHECKING:
    from pathlib import Path

    from syndicate import Page


def test_a_page_that_hangs_or_kills_its_process_is_failed_and_the_others_are_cleaned(
    moody: Moody, tmp_path: Path
) -> None:
    names = ("a", "hang-1", "b", "crash-1", "c", "bug-1", "d", "hang-2", "e")
    given: list[Page | Failure | Note] = [*pages(*names)]
    given[4:4] = [Failure("feed.jsonl:7", "not JSON"), Note("crawl.warc", "2 records are no pages: 2 image/png")]
    start = time.monotonic()
    account, events = carried_out(make(moody, tmp_path / "out.jsonl"), given)
    assert time.monotonic() - start < 20  # two limits of a second, and processes that take some time to begin
    assert account == "10 seen = 5 ok + 0 suspect + 0 empty + 0 rejected + 5 failed"
    assert [line["id"] for line in lines(tmp_path / "out.jsonl")] == list("abcde")
    failed = {event.id: event.reason for event in events if isinstance(event, Outcome) and event.status == "failed"}
    assert failed == {
        "hang-1": "it took longer than 1 seconds",
        "hang-2": "it took longer than 1 seconds",
        "crash-1": "its process was killed by SIGSEGV",
        "bug-1": "an error in syndicate: IndexError: list index out of range",
        "feed.jsonl:7": "not JSON",
    }
    assert given[5] in events
    places = [event.id if isinstance(event, Outcome) else event.place for event in events]
    assert places.index("crawl.warc") == places.index("feed.jsonl:7") + 1 == places.index("crash-1") + 2


@pytest.mark.parametrize("form", ["jsonl", "text"])
def test_the_number_of_processes_changes_no_byte(moody: Moody, tmp_path: Path, form: Any) -> None:
    given = numbered(STEP + 50)
    made = []
    for workers in (1, 2, 8):
        path = tmp_path / f"{workers}"
        account, _ = carried_out(make(moody, path, target=Target(path, form), workers=workers), given)
        assert account.startswith(f"{len(given)} seen = {len(given)} ok")
        made.append(path.read_bytes())
    assert made[0] == made[1] == made[2]
    assert made[0].count(b"\n==> " if form == "text" else b"\n") == len(given) - (form == "text")
