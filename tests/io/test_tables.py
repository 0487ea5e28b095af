"""CSV to pages."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import Cleaner, Page
from syndicate.io.read import Failure, ReadOptions, read_pages

if TYPE_CHECKING:
    from pathlib import Path


def read(folder: Path, data: str | bytes, **fields: str) -> list[Page | Failure]:
    path = folder / "feed.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    found = list(read_pages([str(path)], ReadOptions(fields=fields, page_limit=300_000)))
    return [one for one in found if isinstance(one, (Page, Failure))]


def ids(found: list[Page | Failure]) -> list[str]:
    return [one.id if isinstance(one, Page) else f"! {one.place.rpartition('/')[2]}" for one in found]


def test_a_row_is_a_page_and_other_columns_pass_through(tmp_path: Path) -> None:
    rows = (
        "id,url,html,title,outlet,byline,published,crawled,depth\r\n"
        'lh-7,https://a.example/7,"<p>Shut, all",Lock,Herald,Nora Pell,2026-03-03,2026-03-04T10:00:00Z,2\r\n'
    )
    assert read(tmp_path, "\ufeff" + rows) == [
        Page(
            "<p>Shut, all", "lh-7", "https://a.example/7", "html", "Lock", "Herald", "Nora Pell", "2026-03-03",
            {"crawled": "2026-03-04T10:00:00Z", "depth": "2"}, "2026-03-04T10:00:00Z",
        )
    ]  # fmt: skip


def test_columns_go_by_the_names_that_are_given(tmp_path: Path) -> None:
    (page,) = read(tmp_path, "key,raw,html\n7,<p>A,yes\n", html="raw", id="key")
    assert page == Page("<p>A", "7", format="html", extra={"html": "yes"})


@pytest.mark.parametrize(
    ("head", "fields", "words"),
    [
        ("id,raw", {"html": "row"}, "no column 'row'; it has 'id', 'raw'"),
        ("id,raw", {}, "no column 'html' or 'text'; it has 'id', 'raw'; say which one it is with --map html=COLUMN"),
        ("id,text,id", {}, "more than one column 'id'"),
    ],
)
def test_a_header_that_does_not_do_is_a_failure_that_names_the_columns(
    tmp_path: Path, head: str, fields: dict[str, str], words: str
) -> None:
    assert read(tmp_path, f"{head}\n1,2,3\n", **fields) == [Failure(str(tmp_path / "feed.csv"), words)]


def test_an_empty_cell_is_no_value_and_its_place_is_its_identity(tmp_path: Path) -> None:
    found = read(tmp_path, 'id,html,text,title\n,,A,\n\n,"<p>\nB",C,T\n,,,\n')
    assert ids(found) == [f"{tmp_path}/feed.csv:{line}" for line in (2, 4, 6)]
    assert [(page.content, page.format, page.title) for page in found if isinstance(page, Page)] == [
        ("A", "text", None),
        ("<p>\nB", "html", "T"),
        ("", "html", None),
    ]


def test_a_page_larger_than_the_csv_module_s_own_limit_is_read(tmp_path: Path) -> None:
    (page,) = read(tmp_path, "html\n" + "x" * 200_000 + "\n")
    assert isinstance(page, Page)


def test_bytes_that_are_no_utf8_reach_the_page_s_own_charset(tmp_path: Path) -> None:
    text = "Die Fähre fährt über den Fluß, und das schon seit Jahren. "
    markup = f"<meta charset=iso-8859-2><p>{text * 3}ő"
    (page,) = read(tmp_path, ("title,html\nFähre,<p>x\n"[:11] + f'F\xe4hre,"{markup}"\n').encode("iso-8859-2"))
    assert isinstance(page, Page)
    assert page.title == "Fähre"
    assert "Fluß" in Cleaner().clean_page(page).text
    assert "ő" in Cleaner().clean_page(page).restore()


STRAY = {
    "an open quote at the end": ('id,text\n1,A\n2,"B\n3,C\n', ["1", "! feed.csv:3"]),
    "a quote inside a cell in quotes": ('id,text\n1,A\n2,"B" C\n3,D\n', ["1", "! feed.csv:3"]),
    "a quote that joins rows": ('id,text\n1,A\n2,"B\n3,"C"\n4,D\n', ["1", "! feed.csv:3"]),
    "a quote that joins two rows well": ('id,text\n1,A\n2,"B\n3,C"\n4,D\n', ["1", "2", "4"]),
    "a quote that makes one row of more": ('id,text\n1,A\n"2,B\n3",C,D\n4,D\n', ["1", "! feed.csv:3"]),
    "a comma too many": ("id,text\n1,A\n2,B,C\n3,D\n", ["1", "! feed.csv:3", "3"]),
    "a cell too few": ("id,text\n1,A\n2\n3,D\n", ["1", "! feed.csv:3", "3"]),
}


@pytest.mark.parametrize("kind", STRAY)
def test_rows_before_the_damage_are_kept_and_the_damage_is_told_with_its_line(tmp_path: Path, kind: str) -> None:
    data, expected = STRAY[kind]
    found = read(tmp_path, data)
    assert ids(found) == expected
    for one in found:
        if isinstance(one, Failure) and "quote" in kind:
            assert "this file is left here" in one.message


@pytest.mark.parametrize("cell", ["x" * 310_000, '"' + "x\n" * 400_000, '"' + "x" * 310_000 + '"'])
def test_a_page_over_the_limit_is_a_failure(tmp_path: Path, cell: str) -> None:
    first, failure, *_ = read(tmp_path, f"id,text\n1,A\n2,{cell}\n3,C\n")
    assert isinstance(first, Page)
    assert isinstance(failure, Failure)
    assert failure.place.endswith("feed.csv:3")
    assert "limit" in failure.message


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=1))
def test_what_the_csv_module_wrote_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("text", "note", "more"), *rows])
    found = read(tmp_path_factory.mktemp("csv"), text.getvalue())
    assert [(page.content, *page.extra.values()) for page in found if isinstance(page, Page)] == rows
