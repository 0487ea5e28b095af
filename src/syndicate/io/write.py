"""Articles and graphs to files, each of them whole or absent."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import sys
from contextlib import contextmanager, suppress
from dataclasses import astuple
from typing import IO, TYPE_CHECKING, Any, Final

from syndicate.errors import InputError
from syndicate.io import article_rows
from syndicate.io.parquet import pyarrow
from syndicate.model import ARTICLE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from syndicate.graph import SyndicationGraph
    from syndicate.model import Article
    from syndicate.outlets import OutletTable

_NO_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""
_FORMULAS: Final = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
"""What a formula begins with; the latter four are of full width."""

ARTICLES: Final = "articles.jsonl.gz"
"""File, in the folder of a graph, of the articles it is of."""

_GROUP_ROWS, _GROUP_SIZE = 1_000, 32_000_000
"""Articles, and characters of them, in a row group of Parquet."""


@contextmanager
def whole_file(path: Path | None) -> Iterator[IO[bytes]]:
    """A file that appears under its name only when it is complete; standard output for None.

    Raises:
        InputError: The file cannot be written.
    """
    try:
        if path is None:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        elif path.exists() and not path.is_file():  # a pipe or a device; a folder is refused by opening it
            with path.open("wb") as file:
                yield file
        else:
            with _part(path) as part:
                with part.open("wb") as file:
                    yield file
                part.replace(path)
    except BrokenPipeError:
        raise  # who reads has seen enough; the command line ends quietly
    except OSError as error:
        raise InputError(f"{path or 'standard output'}: cannot write: {error.strerror or error}") from error


@contextmanager
def _part(path: Path) -> Iterator[Path]:
    """A name beside a path for what is not complete yet; nothing is left under it, nor a folder made for nothing."""
    made = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)
        if made:
            with suppress(OSError):  # it has the file
                path.parent.rmdir()


def json_line(record: Mapping[str, Any]) -> bytes:
    """One line of JSON Lines; lone surrogates, which UTF-8 cannot hold, are escaped, so that nothing is lost."""
    line = json.dumps(record, ensure_ascii=False)
    try:
        return line.encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(record).encode() + b"\n"


def article_line(article: Article, extra: Mapping[str, object], *, why: bool) -> bytes:
    """A cleaned article as one line, with the fields of its input that pass through; ours win over their like."""
    others = {key: value for key, value in extra.items() if key not in ARTICLE_FIELDS}
    return json_line(others | article.to_dict(why=why))


def write_articles(path: Path | None, articles: Iterable[Mapping[str, Any] | bytes]) -> None:
    """Write cleaned articles to a Parquet file, which appears when it is whole; `read_articles` reads it.

    Args:
        path: The file; standard output for None.
        articles: Their JSON objects, with any fields that pass through, or these as lines; read as they are written.
            Half a character, which Parquet cannot hold, becomes U+FFFD.

    Raises:
        InputError: The file cannot be written, or pyarrow is not installed.
    """
    arrow, parquet = pyarrow()
    with (
        whole_file(path) as file,
        parquet.ParquetWriter(
            arrow.PythonFile(file, "w"), article_rows.schema(arrow), compression="zstd", write_page_checksum=True
        ) as writer,
    ):
        for group in _groups(articles):
            writer.write_table(article_rows.table(arrow, group))


def _groups(articles: Iterable[Mapping[str, Any] | bytes]) -> Iterator[list[Mapping[str, Any]]]:
    """Articles in row groups, none of which is so large that it does not fit in memory."""
    group: list[Mapping[str, Any]] = []
    size = 0
    for article in articles:
        record = json.loads(article) if isinstance(article, bytes) else article
        group.append(record)
        size += max(record.get("length") or 0, len(record.get("text") or ""))
        if len(group) == _GROUP_ROWS or size > _GROUP_SIZE:
            yield group
            group, size = [], 0
    if group:
        yield group


@contextmanager
def copied_articles(folder: Path) -> Iterator[Callable[[Article], None]]:
    """What keeps each article it is given beside the graph that is made of them, in `ARTICLES`; a report wants both.

    Args:
        folder: Where the graph is written, too; it is made.

    Raises:
        InputError: The folder cannot be written.
    """
    with (
        whole_file(folder / ARTICLES) as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=3, mtime=0) as packed,
    ):

        def keep(article: Article) -> None:
            packed.write(json_line(article.to_dict()))

        yield keep


def write_graph(graph: SyndicationGraph, articles: Iterable[Article], folder: Path) -> None:
    """Write matches.jsonl, stories.jsonl, chrome.jsonl and graph.graphml into a folder, which is made.

    Args:
        graph: Matches and stories.
        articles: The articles they are of; their outlets, titles and dates become node attributes.
        folder: Where to write.

    Raises:
        InputError: The folder cannot be written.
    """
    for name, rows in (("matches", graph.matches), ("stories", graph.stories), ("chrome", graph.chrome)):
        with whole_file(folder / f"{name}.jsonl") as file:
            file.writelines(json_line(row.to_dict()) for row in rows)
    with whole_file(folder / "graph.graphml") as file:
        _write_graphml(graph, articles, file)


def _write_graphml(graph: SyndicationGraph, articles: Iterable[Article], file: IO[bytes]) -> None:
    import networkx as nx

    edges = [edge for story in graph.stories for edge in story.edges]
    used = {article for edge in edges for article in (edge.copy, edge.source)}
    used.update(member for story in graph.stories for member in story.members)
    stories = {member: story for story in graph.stories for member in story.members}
    network = nx.DiGraph()
    for article in sorted((article for article in articles if article.id in used), key=lambda article: article.id):
        story = stories.get(article.id)
        facts = {
            "outlet": article.outlet, "title": article.title, "published": article.published, "url": article.url,
            "story": story and story.id, "origin": story and story.origin.outlet,
        }  # fmt: skip
        known = {key: _xml_text(value) for key, value in facts.items() if value}
        is_origin = story is not None and story.origin.article == article.id
        network.add_node(_xml_text(article.id), **known, is_origin=is_origin)
    for edge in edges:
        kinds = {"relation": str(edge.relation), "evidence": edge.evidence}
        network.add_edge(_xml_text(edge.copy), _xml_text(edge.source), **kinds)
    nx.write_graphml_xml(network, file)  # the one that does not depend on what is installed


def _xml_text(text: str) -> str:
    """Text as XML 1.0 may hold it: control characters and surrogates as escapes, so that no two ids become one."""
    return _NO_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def write_outlets(table: OutletTable, folder: Path) -> None:
    """Write outlets.csv and reposts.csv for spreadsheets into a folder, which is made: a row an outlet, a row a pair.

    Raises:
        InputError: The folder cannot be written.
    """
    outlets = ("outlet", "articles", "originated", "copied", "reposted", "credited", "dated", "median_hours")
    reposts = ("outlet", "source", "copies", "credited", "dated", "median_hours")
    for name, head, rows in (("outlets", outlets, table.outlets), ("reposts", reposts, table.reposts)):
        with whole_file(folder / f"{name}.csv") as file:
            _write_csv((head, *map(astuple, rows)), file)


def _write_csv(rows: Iterable[Iterable[object]], file: IO[bytes]) -> None:
    # Spreadsheets take a file without the mark for one of an older encoding.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    csv.writer(text).writerows(map(_cell, row) for row in rows)
    text.detach()


def _cell(value: object) -> object:
    """A value as a cell that no spreadsheet takes for a formula: an apostrophe comes first, as OWASP advises."""
    if isinstance(value, float):
        return round(value, 1)
    if not isinstance(value, str):
        return value
    line = " ".join(_NO_XML.sub("\ufffd", value).split())
    return f"'{line}" if line.startswith(_FORMULAS) else line
