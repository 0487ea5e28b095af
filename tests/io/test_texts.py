"""Names of files from ids of pages: inside the folder, on every system, and never one for two pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syndicate import InputError
from syndicate.io.texts import text_name, write_texts

IDS = st.text(max_size=300)
ODD = (
    "../../etc/x", "%2e%2e%2f", "CON", "con.txt", "Aux", "a" * 300, "é" * 300, ".", "..", "", "-rf", "a/b", "a\\b",
    "a\0b", "a:b", "~", "\ud800", "pages/a.html", "https://lock.example/a?b=c&d=e#f",
)  # fmt: skip


@given(IDS)
@example("..")
@example("COM1.txt")
def test_a_name_is_one_that_every_system_takes(identity: str) -> None:
    name = text_name(identity)
    assert 0 < len(f"{name}~99.txt".encode()) < 200
    assert name == name.casefold()
    assert not set(name) & set('/\\:*?"<>|\0~% ')
    assert not name.startswith(("-", "."))
    assert name.split(".")[0] not in {"con", "prn", "aux", "nul", "com1", "lpt1"}


@given(st.sets(st.one_of(IDS, st.sampled_from(ODD)), max_size=20))
@example({"a/b", "a-b", "A-b", "a b"})
def test_two_ids_have_two_names(identities: set[str]) -> None:
    assert len({text_name(identity) for identity in identities}) == len(identities)


def test_a_plain_id_is_its_name() -> None:
    assert text_name("bar-20260306-0017") == "bar-20260306-0017"
    assert text_name("pages/harbour-ledger.html").startswith("pages-harbour-ledger.html-")


def test_every_page_has_a_file_inside_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    ids = [*ODD, *ODD, "x", "x", "x"]
    write_texts(folder, ({"id": identity, "text": f"Text {at}."} for at, identity in enumerate(ids)))
    assert [entry.name for entry in tmp_path.iterdir()] == ["texts"]
    written = [file.read_text("utf-8") for file in folder.iterdir()]
    assert sorted(written) == sorted(f"Text {at}.\n" for at in range(len(ids)))
    assert (folder / "x.txt").read_text() < (folder / "x~2.txt").read_text() < (folder / "x~3.txt").read_text()


def test_pages_without_a_text_have_no_file(tmp_path: Path) -> None:
    write_texts(tmp_path / "texts", [{"id": "a", "text": ""}, {"id": "b", "text": "Half \ud83d"}])
    assert [file.read_text("utf-8") for file in (tmp_path / "texts").iterdir()] == ["Half ?\n"]


def test_a_folder_with_something_in_it_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "mine.txt").write_text("Mine.")
    with pytest.raises(InputError, match="texts: cannot write"):
        write_texts(tmp_path / "texts", [{"id": "a", "text": "A"}])
    assert (tmp_path / "texts" / "mine.txt").read_text() == "Mine."
    assert [entry.name for entry in tmp_path.iterdir()] == ["texts"]
