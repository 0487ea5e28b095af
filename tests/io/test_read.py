"""Inputs to pages: what is read, in which order, and how what cannot be read is reported."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

from syndicate import Article, InputError, Page, Status
from syndicate.io.read import Failure, Note, ReadOptions, read_articles, read_pages, without_notes
from syndicate.io.write import article_line
from tests.conftest import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SMALL = ReadOptions(page_limit=1_000)


def write(folder: Path, **files: str | bytes) -> None:
    """Write files; in their names two underscores are a dot, and one that stands alone a slash."""
    for name, content in files.items():
        path = folder / name.replace("__", ".").replace("_", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def names(folder: Path, *inputs: str) -> list[str]:
    """The names of the pages read, without the folder."""
    found = read_pages([str(folder / name) for name in inputs])
    return [page.id.removeprefix(f"{folder.as_posix()}/") for page in found if isinstance(page, Page)]


def pages(*inputs: str, source: str = "auto") -> list[Page]:
    """Pages read without a failure."""
    found = list(read_pages(inputs, ReadOptions(source)))
    assert not [page for page in found if isinstance(page, Failure)]
    return [page for page in found if isinstance(page, Page)]


def test_inputs_are_read_in_the_order_they_are_given(tmp_path: Path) -> None:
    write(tmp_path, b__html="<p>B", a__txt="A", c__htm="<p>C")
    assert names(tmp_path, "c.htm", "a.txt", "b.html") == ["c.htm", "a.txt", "b.html"]


def test_a_page_is_its_bytes_with_its_path_for_an_id_and_a_format_by_its_ending(tmp_path: Path) -> None:
    write(tmp_path, a__HTML=b"<p>caf\xe9", b__txt="B", c__asp="<p>C")
    first, second, third = pages(*(str(tmp_path / name) for name in ("a.HTML", "b.txt", "c.asp")))
    assert (first.content, first.id, first.format) == (b"<p>caf\xe9", str(tmp_path / "a.HTML"), "html")
    assert (second.format, third.format) == ("text", "auto")


def test_a_format_that_is_given_wins_over_the_ending(tmp_path: Path) -> None:
    write(tmp_path, a__txt="<p>A</p>", b__jsonl='{"text": "B"}')
    assert [page.format for page in pages(str(tmp_path), source="html")] == ["html", "html"]


def test_a_folder_is_read_in_name_order_with_its_folders_and_known_endings_only(tmp_path: Path) -> None:
    write(
        tmp_path, b__html="B", a__txt="A", sub_c__htm="C", notes__pdf="%PDF-", Z__xhtml="Z", d__ndjson='{"text":"D"}'
    )
    assert names(tmp_path, "") == ["Z.xhtml", "a.txt", "b.html", "d.ndjson:1", "sub/c.htm"]


def test_a_glob_is_opened_up_in_name_order(tmp_path: Path) -> None:
    write(tmp_path, b__html="B", a__html="A", c__txt="C", sub_d__html="D")
    assert names(tmp_path, "*.html") == ["a.html", "b.html"]
    assert names(tmp_path, "**/*.html") == ["a.html", "b.html", "sub/d.html"]


def test_a_file_whose_name_looks_like_a_glob_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "page[1].html").write_text("<p>A")
    assert names(tmp_path, "page[1].html") == ["page[1].html"]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, a__html="A", b__html="B")
    assert names(tmp_path, "b.html", "*.html", "") == ["b.html", "a.html"]


@pytest.mark.parametrize("missing", ["no-such.html", "no-such/*.html", "no-such-*"])
def test_a_missing_input_is_an_error_that_names_it_before_anything_is_read(tmp_path: Path, missing: str) -> None:
    write(tmp_path, a__html="<p>A")
    with pytest.raises(InputError, match="no-such"):
        next(read_pages([str(tmp_path / "a.html"), str(tmp_path / missing)]))


def test_text_given_for_a_file_name_is_an_input_error() -> None:
    with pytest.raises(InputError):
        next(read_pages(["The gates of Marrow Lock are shut. " * 200]))


@pytest.fixture
def stdin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file that is standard input; it is written before it is read."""
    path = tmp_path / "stdin"
    path.touch()
    with path.open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        yield path


def test_standard_input_is_a_page_of_its_own(stdin: Path) -> None:
    stdin.write_text("<html><p>The gates are shut.")
    assert pages("-") == [Page(b"<html><p>The gates are shut.", id="-")]


@pytest.mark.parametrize("lead", ["", "\n ", "\ufeff"])
def test_json_lines_on_standard_input_are_seen_for_what_they_are(stdin: Path, lead: str) -> None:
    stdin.write_text(f'{lead}{{"id": "a", "text": "A"}}\n{{"id": "b", "html": "<p>B"}}\n', "utf-8")
    assert [(page.id, page.content, page.format) for page in pages("-")] == [
        ("a", "A", "text"),
        ("b", "<p>B", "html"),
    ]


def test_a_text_that_begins_with_a_brace_is_no_json(stdin: Path) -> None:
    stdin.write_text("{Marrow Lock} The gates are shut.")
    assert [page.content for page in pages("-")] == [b"{Marrow Lock} The gates are shut."]


def jsonl(folder: Path, *lines: object) -> str:
    path = folder / "feed.jsonl"
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines), "utf-8")
    return str(path)


def test_a_record_is_a_page_with_its_metadata_and_what_is_unknown_passes_through(tmp_path: Path) -> None:
    record = {
        "id": "lh-7", "url": "https://lockherald.example/7", "html": "<p>Shut", "title": "Lock shut",
        "outlet": "Lock Herald", "byline": "Nora Pell", "published": "2026-03-03", "crawl": {"depth": 2}, "tag": None,
    }  # fmt: skip
    assert pages(jsonl(tmp_path, record)) == [
        Page(
            "<p>Shut", "lh-7", "https://lockherald.example/7", "html", "Lock shut", "Lock Herald", "Nora Pell",
            "2026-03-03", {"crawl": {"depth": 2}, "tag": None},
        )
    ]  # fmt: skip


def test_a_record_s_markup_is_read_rather_than_its_text_and_neither_passes_through(tmp_path: Path) -> None:
    both, null = {"html": "<p>A", "text": "B"}, {"html": None, "text": "B"}
    read = pages(jsonl(tmp_path, both, null))
    assert [(page.content, page.format, page.extra) for page in read] == [("<p>A", "html", {}), ("B", "text", {})]


def test_a_record_without_an_id_has_its_place_for_one_whatever_its_content(tmp_path: Path) -> None:
    file = jsonl(
        tmp_path, {"text": "Same"}, "", {"text": "Same"}, {"id": 17, "text": "Other"}, {"id": 0, "text": "X"}
    )
    assert [page.id for page in pages(file)] == [f"{file}:1", f"{file}:3", "17", "0"]


BAD_LINES = {
    '{"id": "cut", "text": "The gates': "JSON",
    "The gates are shut.": "JSON",
    '["a", "b"]': "object",
    "null": "object",
    '{"id": "x"}': "'html' or 'text'",
    '{"text": 7}': "'html' or 'text'",
    '{"text": "A", "title": ["B"]}': "'title'",
    '{"text": "A", "url": 7}': "'url'",
    "[" * 30_000: "JSON",
}


@pytest.mark.parametrize("line", BAD_LINES, ids=BAD_LINES.values())
def test_a_bad_line_is_reported_with_its_place_and_the_rest_is_read(tmp_path: Path, line: str) -> None:
    file = jsonl(tmp_path, {"id": "a", "text": "A"}, line, {"id": "c", "text": "C"})
    first, bad, last = read_pages([file])
    assert isinstance(bad, Failure)
    assert bad.place == f"{file}:2"
    assert BAD_LINES[line] in bad.message
    assert [page.id for page in (first, last) if isinstance(page, Page)] == ["a", "c"]


def test_a_line_in_another_encoding_is_a_bad_line(tmp_path: Path) -> None:
    write(tmp_path, feed__jsonl=b'{"text": "caf\xe9"}\n{"text": "B"}')
    bad, good = read_pages([str(tmp_path)])
    assert isinstance(bad, Failure)
    assert isinstance(good, Page)


def test_json_lines_from_windows_are_read(tmp_path: Path) -> None:
    write(tmp_path, feed__jsonl=b'\xef\xbb\xbf{"text": "A"}\r\n\r\n{"text": "B"}\r\n')
    assert [page.content for page in pages(str(tmp_path))] == ["A", "B"]


def test_a_line_over_the_limit_is_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    long = {"id": "long", "text": "The gates are shut. " * 200}
    file = jsonl(tmp_path, {"id": "a", "text": "A"}, long, {"id": "c", "text": "C"}, long)
    first, bad, second, worse = read_pages([file], SMALL)
    assert isinstance(bad, Failure)
    assert isinstance(worse, Failure)
    assert (bad.place, worse.place) == (f"{file}:2", f"{file}:4")
    assert "1,000" in bad.message
    assert [page.id for page in (first, second) if isinstance(page, Page)] == ["a", "c"]


def test_a_file_over_the_limit_is_reported_with_the_limit_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path, a__html="<p>" + "x" * 998, b__html="<p>" + "x" * 997)
    big, good = read_pages([str(tmp_path)], SMALL)
    assert isinstance(big, Failure)
    assert big.place == (tmp_path / "a.html").as_posix()
    assert "1,000" in big.message
    assert big.place not in big.message  # which is printed behind the place
    assert isinstance(good, Page)


def test_the_limit_holds_for_an_endless_standard_input(stdin: Path) -> None:
    stdin.write_text("The gates are shut. " * 10_000)
    (failure,) = read_pages(["-"], SMALL)
    assert isinstance(failure, Failure)
    assert "1,000" in failure.message


def test_a_file_that_vanishes_while_others_are_read_is_reported(tmp_path: Path) -> None:
    write(tmp_path, a__html="<p>A", b__html="<p>B", c__html="<p>C")
    reading = read_pages([str(tmp_path)])
    next(reading)
    (tmp_path / "b.html").unlink()
    gone, last = reading
    assert isinstance(gone, Failure)
    assert gone.place.endswith("b.html")
    assert isinstance(last, Page)


def test_a_pipe_with_a_name_is_read_as_a_file() -> None:
    # What a shell gives for <(zcat page.gz).
    read_end, write_end = os.pipe()
    with open(write_end, "wb") as pipe:  # noqa: PTH123 - a descriptor
        pipe.write(b"<html><p>The gates are shut.")
    assert [page.content for page in pages(f"/dev/fd/{read_end}")] == [b"<html><p>The gates are shut."]
    os.close(read_end)


def test_the_example_feed_is_read() -> None:
    assert [page.id for page in pages(str(EXAMPLES / "feed.jsonl"))] == ["bar-20260306-0017", "hxo-20260308-0004"]


def test_cleaned_articles_come_back_and_bad_lines_are_reported(tmp_path: Path) -> None:
    article = Article("a", "The gates are shut.", Status.OK, title="Lock shut")
    path = tmp_path / "cleaned.jsonl"
    newer = json.dumps({**article.to_dict(), "schema": 2})
    path.write_bytes(b"{\n" + article_line(article, {"crawl": 2}, why=True) + newer.encode() + b'\n{"id": "x"}\n')
    cut, good, new, foreign = read_articles([str(path)])
    assert good == article
    for line, failure in ((1, cut), (3, new), (4, foreign)):
        assert isinstance(failure, Failure)
        assert failure.place == f"{path}:{line}"
    assert isinstance(foreign, Failure)
    assert "syndicate clean" in foreign.message


def test_a_missing_file_of_cleaned_articles_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cleaned"):
        next(read_articles([str(tmp_path / "cleaned.jsonl")]))


@pytest.mark.parametrize("crawled", ["2026-03-04", "2026-03-04T10:00:00Z"])
def test_the_time_of_the_crawl_is_the_page_s_and_passes_through_too(tmp_path: Path, crawled: str) -> None:
    (page,) = pages(jsonl(tmp_path, {"text": "A", "crawled": crawled}))
    assert (page.crawled, page.extra) == (crawled, {"crawled": crawled})


@pytest.mark.parametrize("crawled", ["yes", True, 3, None, ""])
def test_a_field_that_only_has_the_name_of_the_crawl_passes_through(tmp_path: Path, crawled: object) -> None:
    (page,) = pages(jsonl(tmp_path, {"text": "A", "crawled": crawled}))
    assert (page.crawled, page.extra) == (None, {"crawled": crawled})


def test_fields_go_by_the_names_that_are_given(tmp_path: Path) -> None:
    options = ReadOptions(fields={"html": "raw_content", "id": "url", "crawled": "seen"})
    record = {"raw_content": "<p>A", "url": "https://a.example/1", "html": True, "seen": "2026-03-04"}
    file = jsonl(tmp_path, record, {"text": "B", "seen": "late"})
    good, bad = read_pages([file], options)
    assert good == Page(
        "<p>A", "https://a.example/1", "https://a.example/1", "html", extra={"html": True, "seen": "2026-03-04"},
        crawled="2026-03-04",
    )  # fmt: skip
    assert bad == Failure(f"{file}:2", "'seen' is no time in ISO 8601")


def test_notes_are_told_and_pages_and_failures_come_through() -> None:
    told: list[Note] = []
    found: list[Page | Failure | Note] = [
        Page("A"),
        Note("a.warc", "1 record is no page: 1 HTTP 301"),
        Failure("b", "gone"),
    ]
    assert list(without_notes(found, told.append)) == [found[0], found[2]]
    assert told == [found[1]]


def test_a_line_without_an_end_is_given_up(stdin: Path) -> None:
    stdin.write_text('{"text": "' + "x" * 200_000)
    (failure,) = read_pages(["-"], SMALL)
    assert isinstance(failure, Failure)
    assert failure.place == "-:1"
    assert "no end of the line" in failure.message
