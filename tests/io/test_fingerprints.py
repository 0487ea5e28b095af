"""Fingerprints go out and come back the same, and a file that is not whole, or of another recipe, says so."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate import (
    Fingerprint,
    InputError,
    RecipeMismatch,
    fingerprint,
    fingerprint_many,
    read_fingerprints,
    write_fingerprints,
)
from syndicate.sketch import RECIPE

arrow = pytest.importorskip("pyarrow", reason="needs pyarrow: the extra `parquet`")
parquet = pytest.importorskip("pyarrow.parquet")

OLD = RECIPE.replace("seed-1", "seed-2")
NUMBERS = [f"word{number}" for number in range(900)]


def printed(*words: str) -> Fingerprint:
    found = fingerprint(" ".join(words))
    assert found is not None
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "prints.parquet"
    write_fingerprints(path, [("one", printed(*NUMBERS)), ("two", None), ("three", printed(*NUMBERS[400:]))])
    return path


def test_fingerprints_come_back_as_they_were(file: Path) -> None:
    found = list(read_fingerprints(file))
    assert found == [("one", printed(*NUMBERS)), ("two", None), ("three", printed(*NUMBERS[400:]))]
    (_, one), _, (_, three) = found
    assert one is not None
    assert three is not None
    assert three.containment(one) == 1.0
    assert not one.signature.flags.writeable


@settings(max_examples=25)
@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8")), st.lists(st.sampled_from(NUMBERS), max_size=60))))
def test_any_fingerprints_come_back_in_their_order(
    tmp_path_factory: pytest.TempPathFactory, articles: list[tuple[str, list[str]]]
) -> None:
    path = tmp_path_factory.mktemp("prints") / "any.parquet"
    rows = list(
        zip([id_ for id_, _ in articles], fingerprint_many(" ".join(words) for _, words in articles), strict=True)
    )
    write_fingerprints(path, rows)
    assert list(read_fingerprints(path)) == rows


def test_other_programs_read_signatures_as_lists_of_numbers(file: Path) -> None:
    table = parquet.read_table(file)
    assert table.column("id").to_pylist() == ["one", "two", "three"]
    assert table.column("signature")[0].as_py() == printed(*NUMBERS).signature.tolist()
    assert table.column("signature")[1].as_py() is None
    assert table.schema.metadata[b"syndicate.recipe"].decode() == RECIPE


def test_columns_that_others_have_added_do_no_harm(file: Path) -> None:
    table = parquet.read_table(file)
    parquet.write_table(table.append_column("outlet", arrow.array(["a", "b", "c"])), file)
    assert [id_ for id_, _ in read_fingerprints(file)] == ["one", "two", "three"]


def test_a_file_of_another_recipe_names_both(file: Path) -> None:
    table = parquet.read_table(file)
    parquet.write_table(table.replace_schema_metadata({"syndicate.recipe": OLD}), file)
    with pytest.raises(RecipeMismatch, match=f"(?s){re.escape(OLD)}.*{re.escape(RECIPE)}"):
        list(read_fingerprints(file))


def test_a_fingerprint_of_another_recipe_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "prints.parquet"
    with pytest.raises(RecipeMismatch, match="seed-2"):
        write_fingerprints(path, [("one", replace(printed(*NUMBERS), recipe=OLD))])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.3, 0.97])
def test_a_file_cut_short_says_so(file: Path, kept: float) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(InputError, match=re.escape(str(file))):
        list(read_fingerprints(file))


def test_a_flipped_byte_is_found_or_does_no_harm(file: Path) -> None:
    expected = list(read_fingerprints(file))
    data = file.read_bytes()
    found = 0
    for at in range(0, len(data), 97):
        file.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        try:
            assert list(read_fingerprints(file)) == expected
        except (InputError, RecipeMismatch):
            found += 1
    assert found > len(data) // 97 // 4


@pytest.mark.parametrize("content", [b"id,signature\n", b"PAR1", b"PAR1" * 40, b"\x80\x04pickle"])
def test_what_is_not_parquet_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "prints.parquet"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"prints\.parquet: damaged, or no Parquet file"):
        list(read_fingerprints(path))


def test_a_table_of_something_else_says_so(tmp_path: Path) -> None:
    path = tmp_path / "other.parquet"
    table = arrow.table({"id": ["one"]})
    parquet.write_table(table, path)
    with pytest.raises(InputError, match="its schema names no"):
        list(read_fingerprints(path))
    parquet.write_table(table.replace_schema_metadata({"syndicate.recipe": RECIPE}), path)
    with pytest.raises(InputError, match="no column 'signature'"):
        list(read_fingerprints(path))


def test_half_a_fingerprint_says_whose(file: Path) -> None:
    table = parquet.read_table(file)
    counts = table.schema.get_field_index("shingles")
    parquet.write_table(table.set_column(counts, "shingles", arrow.array([None] * 3, arrow.int64())), file)
    with pytest.raises(InputError, match="half a fingerprint of 'one'"):
        list(read_fingerprints(file))


def test_a_missing_file_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.parquet: cannot read: No such file"):
        list(read_fingerprints(tmp_path / "none.parquet"))
    (tmp_path / "flat").write_text("a file")
    with pytest.raises(InputError, match="cannot write"):
        write_fingerprints(tmp_path / "flat" / "prints.parquet", [])


def test_an_id_that_parquet_cannot_hold_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="half a character"):
        write_fingerprints(tmp_path / "prints.parquet", [("page\udcff", None)])


def test_without_pyarrow_the_error_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pip install 'syndicate-news\[parquet\]'"):
        write_fingerprints(tmp_path / "prints.parquet", [])
    with pytest.raises(InputError, match="parquet"):
        list(read_fingerprints(tmp_path / "prints.parquet"))
