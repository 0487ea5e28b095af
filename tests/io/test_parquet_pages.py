"""Parquet: rows to pages, and cleaned articles out and in."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import Article, Claim, InputError, Page, Removal, Status
from syndicate.io.read import Failure, Meter, ReadOptions, read_articles, read_pages
from syndicate.io.write import article_line, write_articles

if TYPE_CHECKING:
    from pathlib import Path

arrow = pytest.importorskip("pyarrow", reason="needs pyarrow: the extra `parquet`")
parquet = pytest.importorskip("pyarrow.parquet")


def written(folder: Path, columns: dict[str, Any], rows: int | None = None) -> Path:
    path = folder / "pages.parquet"
    parquet.write_table(arrow.table(columns), path, row_group_size=rows, write_page_checksum=True, compression="none")
    return path


def read(path: Path, **fields: str) -> list[object]:
    return list(read_pages([str(path)], ReadOptions(fields=fields, page_limit=100_000)))


@pytest.mark.parametrize("form", ["string", "large_string", "binary", "large_binary"])
def test_a_row_is_a_page_and_other_columns_pass_through(tmp_path: Path, form: str) -> None:
    kind = getattr(arrow, form)()
    columns = {
        "id": arrow.array(["lh-7", None]), "html": arrow.array([b"<p>Shut", None]).cast(kind),
        "text": arrow.array([None, "Open"]), "title": arrow.array(["Lock", None]).dictionary_encode(),
        "depth": arrow.array([2, None]),
    }  # fmt: skip
    path = written(tmp_path, columns)
    first, second = read(path)
    content = "<p>Shut" if "string" in form else b"<p>Shut"
    assert first == Page(content, "lh-7", format="html", title="Lock", extra={"depth": 2})
    assert second == Page("Open", f"{path}:2", format="text", extra={"depth": None})


def test_times_and_other_values_pass_through_as_json_has_them(tmp_path: Path) -> None:
    moment = datetime(2026, 3, 3, 10, 0, 0, 5, UTC)
    columns = {
        "text": ["A"], "published": [date(2026, 3, 3)],
        "fetched": arrow.array([moment], arrow.timestamp("ns", "UTC")),
        "price": [Decimal("1.50")], "tags": [["a", "b"]], "more": [{"at": moment, "size": float("nan")}],
        "blob": [b"\xffA"],
    }  # fmt: skip
    (page,) = read(written(tmp_path, columns), crawled="fetched")
    assert isinstance(page, Page)
    assert (page.published, page.crawled) == ("2026-03-03", "2026-03-03T10:00:00.000005+00:00")
    extra = json.loads(json.dumps(page.extra, allow_nan=False))
    assert extra == {
        "fetched": page.crawled, "price": "1.50", "tags": ["a", "b"], "blob": "\\xffA",
        "more": {"at": page.crawled, "size": None},
    }  # fmt: skip


def test_a_file_without_the_columns_is_a_failure_that_names_those_it_has(tmp_path: Path) -> None:
    path = written(tmp_path, {"id": ["a"], "raw": ["A"]})
    assert read(path, html="row") == [Failure(str(path), "no column 'row'; it has 'id', 'raw'")]
    assert [type(found) for found in read(path, html="raw")] == [Page]


def test_a_page_over_the_limit_is_a_failure_with_its_row(tmp_path: Path) -> None:
    path = written(tmp_path, {"id": ["a", "b", "c"], "text": ["A", "x" * 100_001, "C"]})
    first, failure, last = read(path)
    assert isinstance(failure, Failure)
    assert (failure.place, "100,000" in failure.message) == (f"{path}:2", True)
    assert isinstance(first, Page)
    assert isinstance(last, Page)


def test_of_a_damaged_row_group_the_rows_are_told_that_are_lost_and_the_next_group_is_read(tmp_path: Path) -> None:
    texts = [f"{at} The gates of Marrow Lock are shut." for at in range(300)]
    path = written(tmp_path, {"text": texts}, rows=100)
    whole = bytearray(path.read_bytes())
    at = whole.index(b"150 The gates")
    whole[at : at + 4] = b"\0\0\0\0"
    path.write_bytes(whole)
    found = read(path)
    (failure,) = (one for one in found if isinstance(one, Failure))
    assert failure.place == f"{path}:101"
    assert failure.message.endswith("rows 101 to 200 are lost")
    pages = [one for one in found if isinstance(one, Page)]
    assert [page.content for page in pages] == texts[:100] + texts[200:]


@pytest.mark.parametrize("keep", [0, 3, 100, -1])
def test_a_file_cut_short_is_a_failure_and_the_next_input_is_read(tmp_path: Path, keep: int) -> None:
    path = written(tmp_path, {"text": ["A"] * 100})
    path.write_bytes(path.read_bytes()[:keep])
    (tmp_path / "z.txt").write_text("Z")
    meter = Meter()
    failure, page = read_pages([str(tmp_path)], meter=meter)
    assert isinstance(failure, Failure)
    assert failure.place == path.as_posix()
    assert isinstance(page, Page)
    assert meter.done == meter.total


@pytest.mark.parametrize("name", ["-", "a.parquet.gz"])
def test_a_stream_is_no_parquet(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.parquet.gz").touch()
    (failure,) = read_pages([name], ReadOptions("parquet"))
    assert isinstance(failure, Failure)
    assert "save or unpack it" in failure.message


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
removals = st.builds(
    Removal, texts, texts, st.integers(0, 9), st.integers(0, 9), texts,
    st.lists(st.tuples(texts, texts), max_size=2).map(tuple), texts,
)  # fmt: skip
spans = st.integers(0, 9)
claims = st.builds(Claim, texts, texts, texts, texts) | st.builds(Claim, texts, texts, texts, texts, spans, spans)


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3).map(tuple)


articles = st.builds(
    Article, texts, texts, st.sampled_from(Status), texts, st.none() | texts, st.none() | texts, st.none() | texts,
    st.none() | texts, st.none() | texts, some(removals), some(claims), st.none() | st.integers(0, 9),
    st.dictionaries(texts, texts, max_size=2), some(texts), some(removals),
)  # fmt: skip


@given(st.lists(articles, max_size=4))
def test_articles_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, given: list[Article]) -> None:
    path = tmp_path_factory.mktemp("articles") / "cleaned.parquet"
    write_articles(path, (article.to_dict() for article in given))
    assert list(read_articles([str(path)])) == given


def test_lines_are_written_too_and_what_passes_through_stands_in_extra(tmp_path: Path) -> None:
    path = tmp_path / "cleaned.parquet"
    article = Article("a", "Shut.", Status.OK, claims=(Claim("crawled", "2026-03-03", "page"),), length=5)
    write_articles(path, [article_line(article, {"depth": 2, "tags": ["ä"]}, why=True), article.to_dict()])
    assert list(read_articles([str(path)])) == [article, article]
    rows = parquet.read_table(path).to_pylist()
    assert [row["extra"] for row in rows] == ['{"depth": 2, "tags": ["ä"]}', None]
    assert rows[0]["text"] == "Shut."


def test_half_a_character_becomes_a_replacement_character(tmp_path: Path) -> None:
    path = tmp_path / "cleaned.parquet"
    removed = Removal("core/x", "promo", 0, 1, "\udc00", (("author", "\ud83d"),))
    write_articles(path, [Article("a\ud83d", "Shut \ud83d", Status.OK, removed=(removed,)).to_dict()])
    (article,) = read_articles([str(path)])
    assert isinstance(article, Article)
    assert (article.id, article.text, article.removed[0].text) == ("a\ufffd", "Shut \ufffd", "\ufffd")


def test_articles_are_written_in_row_groups_and_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "cleaned.parquet"
    article = Article("a", "Shut.", Status.OK).to_dict()
    write_articles(path, [article] * 2_500)
    file = parquet.ParquetFile(path)
    assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == [1_000, 1_000, 500]
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"

    def broken() -> Any:
        yield article
        raise InputError("no more")

    with pytest.raises(InputError, match="no more"):
        write_articles(tmp_path / "other.parquet", broken())
    assert [entry.name for entry in tmp_path.iterdir()] == ["cleaned.parquet"]


def test_articles_go_to_standard_output_too(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    write_articles(None, [Article("a", "Shut.", Status.OK).to_dict()])
    (tmp_path / "a.parquet").write_bytes(capfdbinary.readouterr().out)
    assert len(list(read_articles([str(tmp_path)]))) == 1


def test_what_is_no_file_of_articles_is_a_failure(tmp_path: Path) -> None:
    path = written(tmp_path, {"text": ["A"]})
    (failure,) = read_articles([str(path)])
    assert isinstance(failure, Failure)
    assert "syndicate clean" in failure.message
    newer = written(tmp_path, {"schema": [1, 2], "id": ["a", "b"], "text": ["A", "B"], "status": ["ok", "ok"]})
    good, failure = read_articles([str(newer)])
    assert good == Article("a", "A", Status.OK)
    assert isinstance(failure, Failure)
    assert failure.place == f"{path}:2"
    path.write_bytes(path.read_bytes()[:50])
    (failure,) = read_articles([str(path)])
    assert isinstance(failure, Failure)
