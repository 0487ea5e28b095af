"""Texts of a Parquet file on their way to matching."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from syndicate import InputError
from syndicate.io.parquet import read_texts
from syndicate.match import match_articles, match_texts
from tests.stories import article, body, edited

if TYPE_CHECKING:
    from pathlib import Path

arrow = pytest.importorskip("pyarrow", reason="needs pyarrow: the extra `parquet`")
parquet = pytest.importorskip("pyarrow.parquet")


def written(path: Path, columns: dict[str, Any]) -> Path:
    parquet.write_table(arrow.table(columns), path)
    return path


def corpus() -> dict[str, Any]:
    texts = [body(1), edited(body(1), 30), body(2), None, "naïve “quotes” – 港 " + body(2)]
    return {"id": list("abcde"), "outlet": ["Ledger", "The Metro", None, "Post", "Post"], "text": texts}


@pytest.mark.parametrize("form", ["string", "large_string", "binary"])
def test_a_file_matches_as_its_articles_do(tmp_path: Path, form: str) -> None:
    columns = corpus()
    rows = zip(columns["id"], columns["outlet"], columns["text"], strict=True)
    expected = match_articles(article(name, text or "", outlet=outlet) for name, outlet, text in rows)
    columns["text"] = arrow.array([text and text.encode() for text in columns["text"]]).cast(getattr(arrow, form)())
    path = written(tmp_path / "corpus.parquet", columns | {"more": [1, 2, 3, 4, 5]})
    assert [(match.a, match.b) for match in expected.pairs] == [("a", "b"), ("c", "e")]
    assert match_texts(read_texts(path)) == expected


def test_columns_go_by_the_names_that_are_given(tmp_path: Path) -> None:
    path = written(tmp_path / "corpus.parquet", {"link": ["a", "b"], "body": [body(1), body(1)], "site": ["X", "X"]})
    (match,) = match_texts(read_texts(path, id="link", text="body", outlet="site")).pairs
    assert match.relation == "identical"
    with pytest.raises(InputError, match="no column 'id'; it has 'link', 'body', 'site'"):
        list(read_texts(path))


@pytest.mark.parametrize("ids", [["a", "a"], ["a", None], ["a", ""]])
def test_ids_must_be_there_and_tell_texts_apart(tmp_path: Path, ids: list[str | None]) -> None:
    path = written(tmp_path / "corpus.parquet", {"id": ids, "text": [body(1), body(2)]})
    with pytest.raises(InputError, match="id"):
        match_texts(read_texts(path))


def test_what_is_no_text_and_no_parquet_is_refused_by_name(tmp_path: Path) -> None:
    wrong = arrow.array([b"\xff\xfe wrong", b"right"])
    for columns in ({"id": ["a", "b"], "text": wrong}, {"id": ["a", "b"], "text": [[1], [2]]}):
        with pytest.raises(InputError, match=r"corpus\.parquet: damaged, or no Parquet file"):
            list(read_texts(written(tmp_path / "corpus.parquet", columns)))
    invalid = arrow.StringArray.from_buffers(2, wrong.buffers()[1], wrong.buffers()[2])
    with pytest.raises(InputError, match=r"corpus\.parquet: damaged"):
        list(read_texts(written(tmp_path / "corpus.parquet", {"id": ["a", "b"], "text": invalid})))
    (tmp_path / "none.parquet").write_bytes(b"nothing")
    for name in ("none.parquet", "missing.parquet"):
        with pytest.raises(InputError, match=name):
            list(read_texts(tmp_path / name))
