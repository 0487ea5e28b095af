"""A whole run: on from where it stopped with the same bytes, an index kept by, and nothing left behind."""

from __future__ import annotations

import gzip
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate import Index, InputError, Page
from syndicate.io.inputs import Failure, Note
from syndicate.record import STEP, Outcome, Target
from syndicate.run import Run, carry_out, count_repeats
from tests.runs import Moody, carried_out, lines, make, numbered, pages, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class Stop(BaseException):
    """An interruption."""


def interrupted(run: Run, given: list[Page], after: int, *, resume: bool) -> bool:
    """Carry a run out, stopped when so many outcomes were told; whether it was."""
    told = 0

    def watch(event: Outcome | Note) -> None:
        nonlocal told
        told += isinstance(event, Outcome)
        if told > after:
            raise Stop

    try:
        carry_out(run, given, watch, resume=resume)
    except Stop:
        return True
    return False


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz", "out.txt", "out.parquet", "texts"])
@given(stops=st.lists(st.integers(0, 3 * STEP), max_size=3), index=st.booleans())
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_run_that_is_gone_on_with_gives_the_bytes_of_an_unbroken_one(
    moody: Moody, tmp_path_factory: pytest.TempPathFactory, name: str, stops: list[int], index: bool
) -> None:
    given = numbered(3 * STEP // 2)
    # Some are reposts of others, so that an index has something to find.
    given += [Page(page.content, id=f"again-{page.id}", outlet="Lock Herald") for page in given[::5]]
    made = []
    for broken in (False, True):
        folder = tmp_path_factory.mktemp("run")
        form: Any = {"out.txt": "text", "out.parquet": "parquet", "texts": "texts"}.get(name, "jsonl")
        run = make(moody, None, target=Target(folder / name, form), index=str(folder / "news.db") if index else None)
        for at, stop in enumerate(stops if broken else ()):
            if not interrupted(run, given, stop, resume=at > 0):
                break
            assert not (folder / name).exists()
        else:
            account, _ = carried_out(run, given, resume=broken)
            assert account.startswith(f"{len(given)} seen = {len(given)} ok")
        left = {entry.name for entry in folder.iterdir()} - {"news.db", "news.db-wal", "news.db-shm"}
        assert left == {name}
        files = sorted((folder / name).iterdir()) if form == "texts" else [folder / name]
        made.append([(file.relative_to(folder), file.read_bytes()) for file in files])
    assert made[0] == made[1]


def test_each_line_tells_what_the_index_knows_of_the_article(moody: Moody, tmp_path: Path) -> None:
    first = Page(
        text_of(1), id="a", outlet="Harbour Ledger", published="2026-03-01", extra={"matches": "mine", "n": 1}
    )
    second = Page(text_of(1), id="b", outlet="City Metro", published="2026-03-03")
    other = Page(text_of(2), id="c", outlet="City Metro")
    run = make(moody, tmp_path / "out.jsonl", index=str(tmp_path / "news.db"))
    carried_out(run, [first, second, other, Page("", id="a")])
    a, b, c, again = lines(tmp_path / "out.jsonl")
    assert (again["status"], again["matches"], again["story"], again["origin"]) == ("empty", [], None, None)
    assert (a["matches"], a["story"], a["origin"], a["n"]) == ([], None, None, 1)
    assert [(match["a"], match["b"], match["relation"]) for match in b["matches"]] == [("a", "b", "repost")]
    assert b["story"].startswith("s-")
    assert b["origin"]["outlet"] == "Harbour Ledger"
    assert (c["matches"], c["story"], c["origin"]) == ([], None, None)
    assert tmp_path.joinpath("out.jsonl").read_bytes().count(b'"matches"') == 4
    with Index.open(tmp_path / "news.db") as index:
        assert [(article.id, bool(article.text)) for article in index.articles()] == [
            ("a", True), ("b", True), ("c", True),
        ]  # fmt: skip


def test_texts_are_not_told_what_the_index_knows_but_are_in_it(moody: Moody, tmp_path: Path) -> None:
    target = Target(tmp_path / "out.txt", "text")
    given = [Page(text_of(1), id="a"), Page(text_of(1), id="b", outlet="City Metro")]
    carried_out(make(moody, None, target=target, index=str(tmp_path / "news.db")), given)
    assert (tmp_path / "out.txt").read_text("utf-8") == "".join(f"==> {name} <==\n{text_of(1)}\n\n" for name in "ab")
    with Index.open(tmp_path / "news.db") as index:
        assert list(index) == ["a", "b"]


def test_inputs_that_all_fail_are_accounted_for_with_an_index_too(moody: Moody, tmp_path: Path) -> None:
    given = [Failure(f"feed.jsonl:{at}", "not JSON") for at in range(STEP + 1)]
    account, _ = carried_out(make(moody, tmp_path / "out.jsonl", index=str(tmp_path / "news.db")), given)
    assert account.endswith(f"+ {STEP + 1} failed")
    assert (tmp_path / "out.jsonl").read_bytes() == b""


def test_a_run_with_other_options_is_not_gone_on_with(moody: Moody, tmp_path: Path) -> None:
    given = numbered(2 * STEP)
    assert interrupted(make(moody, tmp_path / "out.jsonl"), given, STEP + 100, resume=False)
    before = {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()}
    assert set(before) == {".out.jsonl.part", ".out.jsonl.journal"}
    with pytest.raises(InputError, match=r"had other why \(why: False, now True\)"):
        carried_out(make(moody, tmp_path / "out.jsonl", why=True), given, resume=True)
    with pytest.raises(InputError, match="input number 200 was 'p0199': run without --resume"):
        carried_out(make(moody, tmp_path / "out.jsonl"), given[1:], resume=True)
    with pytest.raises(InputError, match="not those of the unfinished run"):
        carried_out(make(moody, tmp_path / "out.jsonl"), given[:50], resume=True)
    assert {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()} == before
    carried_out(make(moody, tmp_path / "out.jsonl", why=True), given)
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_damaged_journal_is_named(moody: Moody, tmp_path: Path) -> None:
    (tmp_path / ".out.jsonl.journal").write_text("{")
    with pytest.raises(InputError, match=r"out\.jsonl\.journal: not a journal"):
        carried_out(make(moody, tmp_path / "out.jsonl"), [], resume=True)


def test_to_go_on_with_nothing_is_to_begin(moody: Moody, tmp_path: Path) -> None:
    account, events = carried_out(make(moody, tmp_path / "out.jsonl"), numbered(3), resume=True)
    assert account.startswith("3 seen")
    assert not [event for event in events if isinstance(event, Note)]


def test_what_repeats_on_a_site_goes_and_inputs_that_fail_are_passed_over(moody: Moody, tmp_path: Path) -> None:
    box = "Seven pieces worth reading over breakfast, chosen by our editors on weekdays."
    given: list[Page | Failure | Note] = [
        Page(f"{text_of(at)}\n\n{box}", id=f"{at}", url=f"https://ledger.example/{at}") for at in range(9)
    ]
    given[1:1] = [Failure("feed.jsonl:3", "not JSON"), Page("x", id="crash"), Note("crawl.warc", "Nothing.")]
    repeats = count_repeats(moody, given, 2, 1.0)
    account, _ = carried_out(make(moody, tmp_path / "out.jsonl", repeats=repeats), given)
    assert account == "11 seen = 9 ok + 0 suspect + 0 empty + 0 rejected + 2 failed"
    assert not any(box in line["text"] for line in lines(tmp_path / "out.jsonl"))


def test_pages_are_written_while_others_are_awaited(moody: Moody, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    out = b""

    def slow() -> Iterator[Page]:
        nonlocal out
        yield pages("first")[0]
        deadline = time.monotonic() + 20
        while not out and time.monotonic() < deadline:
            time.sleep(0.05)
            out += capfdbinary.readouterr().out
        yield pages("second")[0]

    carried_out(make(moody, None), slow())
    assert json.loads(out)["id"] == "first"


def test_text_compressed_is_the_same_text(moody: Moody, tmp_path: Path) -> None:
    for name in ("out.jsonl", "out.jsonl.gz"):
        carried_out(make(moody, tmp_path / name), numbered(STEP + 3))
    assert gzip.decompress((tmp_path / "out.jsonl.gz").read_bytes()) == (tmp_path / "out.jsonl").read_bytes()


def test_no_process_is_left_when_a_run_is_stopped(moody: Moody, tmp_path: Path) -> None:
    def children() -> set[str]:
        return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())

    before = children()
    assert interrupted(make(moody, tmp_path / "out.jsonl"), numbered(300), 10, resume=False)
    assert children() == before


@pytest.mark.parametrize(
    ("name", "form", "said"),
    [
        ("texts", "texts", "not empty"),
        ("texts", "jsonl", "Is a directory"),
        ("out.parquet.gz", "parquet", "drop .gz"),
        (None, "parquet", "-o"),
    ],
)
def test_a_target_that_cannot_be_is_refused(tmp_path: Path, name: str | None, form: Any, said: str) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "mine.txt").touch()
    with pytest.raises(InputError, match=said):
        Target(name and tmp_path / name, form)  # type: ignore[arg-type]
