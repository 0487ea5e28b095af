"""Files that are whole or absent, lines that lose nothing, and a graph that others can open."""

from __future__ import annotations

import csv
import json
import os
import stat
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate import Article, InputError, Match, Status, Story, SyndicationGraph
from syndicate.graph import Edge, Evidence, Origin, Passage, Relation
from syndicate.io.write import article_line, json_line, whole_file, write_graph, write_outlets
from syndicate.outlets import Outlet, OutletTable, Reposts

any_text = st.text(st.characters(exclude_categories=()))  # lone surrogates too
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=8,
)


class Interruption(BaseException):
    """Stands for whatever stops a program, Ctrl-C included."""


def test_a_file_appears_under_its_name_only_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "new" / "out.jsonl"
    with whole_file(path) as file:
        file.write(b"one\n")
        file.flush()
        assert not path.exists()
    assert path.read_bytes() == b"one\n"
    assert [entry.name for entry in path.parent.iterdir()] == ["out.jsonl"]


def write_half(path: Path, reason: type[BaseException]) -> None:
    with whole_file(path) as file:
        file.write(b"half")
        raise reason


@pytest.mark.parametrize("reason", [ValueError, Interruption, OSError])
def test_an_error_leaves_no_file_and_no_part_of_one(tmp_path: Path, reason: type[BaseException]) -> None:
    with pytest.raises((reason, InputError)):
        write_half(tmp_path / "out.jsonl", reason)
    assert list(tmp_path.iterdir()) == []


def test_an_error_leaves_the_file_that_was_there_before(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"yesterday\n")
    with pytest.raises(Interruption):
        write_half(path, Interruption)
    assert path.read_bytes() == b"yesterday\n"
    with whole_file(path) as file:
        file.write(b"today\n")
    assert path.read_bytes() == b"today\n"


def test_without_a_path_it_is_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with whole_file(None) as file:
        file.write("Fähre\n".encode())
    assert capfdbinary.readouterr().out == "Fähre\n".encode()


def test_a_folder_that_is_a_file_is_an_input_error_that_names_the_path(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(InputError, match=r"file.out\.jsonl.*cannot write"),
        whole_file(tmp_path / "file" / "out.jsonl"),
    ):
        pass


def test_a_path_that_is_a_folder_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write"), whole_file(tmp_path) as file:
        file.write(b"one\n")
    assert list(tmp_path.iterdir()) == []


def test_the_current_folder_for_a_path_is_an_input_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="cannot write"), whole_file(Path()):
        pass


def test_a_pipe_or_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    # As /dev/null and /dev/stdout are: for root, replacing them breaks the machine.
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with whole_file(path) as file:
            file.write(b"one\n")
        assert stat.S_ISFIFO(path.stat().st_mode)
        assert os.read(reader, 100) == b"one\n"
    finally:
        os.close(reader)


@given(st.dictionaries(any_text, json_values, max_size=5))
def test_a_json_line_is_one_line_and_loses_nothing(record: dict[str, object]) -> None:
    line = json_line(record)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert json.loads(line) == record


def test_a_json_line_is_readable_where_it_can_be() -> None:
    assert json_line({"title": "Fähre \u2028 港"}) == '{"title": "Fähre \u2028 港"}\n'.encode()
    assert json_line({"title": "half \ud83d"}) == b'{"title": "half \\ud83d"}\n'


def test_what_passes_through_stands_beside_the_article_and_cannot_overwrite_it() -> None:
    article = Article("a", "The gates are shut.", Status.OK)
    record = json.loads(article_line(article, {"crawl": 2, "text": "raw", "status": "200"}, why=True))
    assert (record["crawl"], record["text"], record["status"]) == (2, "The gates are shut.", "ok")


@pytest.mark.parametrize("name", ["notes", "refused"])
def test_a_field_of_the_input_named_as_one_of_ours_does_not_spoil_the_article(name: str) -> None:
    article = Article("a", "The gates are shut.", Status.OK)
    line = article_line(article, {name: False}, why=True)
    assert Article.from_dict(json.loads(line)) == article


def a_graph(first: str, second: str, evidence: str = "the first says so") -> SyndicationGraph:
    origin = Origin("Lock Herald", first, 0.9, (Evidence("attribution", second, "Lock Herald", evidence),))
    return SyndicationGraph(
        (Match(first, second, Relation.REPOST, 0.91236, 1.0, 0.9, (Passage(0, 19, 5, 24),)),),
        (Story("s-1", (first, second), origin, (Edge(second, first, Relation.REPOST, "named"),)),),
    )


def test_a_graph_is_four_files(tmp_path: Path) -> None:
    articles = [Article(name, "The gates are shut.", Status.OK, title="Lock shut") for name in ("a", "b", "c")]
    write_graph(a_graph("a", "b"), articles, tmp_path / "out")
    assert sorted(entry.name for entry in (tmp_path / "out").iterdir()) == [
        "chrome.jsonl", "graph.graphml", "matches.jsonl", "stories.jsonl",
    ]  # fmt: skip
    assert json.loads((tmp_path / "out" / "matches.jsonl").read_text("utf-8")) == {
        "a": "a", "b": "b", "relation": "repost", "resemblance": 0.9124, "containment_a": 1.0, "containment_b": 0.9,
        "passages": [[0, 19, 5, 24]],
    }  # fmt: skip
    evidence = {"kind": "attribution", "article": "b", "value": "Lock Herald", "text": "the first says so"}
    assert json.loads((tmp_path / "out" / "stories.jsonl").read_text("utf-8")) == {
        "story": "s-1", "members": ["a", "b"],
        "origin": {"outlet": "Lock Herald", "article": "a", "confidence": 0.9, "evidence": [evidence], "rivals": []},
        "edges": [{"from": "b", "to": "a", "relation": "repost", "evidence": "named"}], "notes": [],
    }  # fmt: skip


PAGES = (
    Article("b", "x", Status.OK, url="https://example.org/b"),
    Article("a", "x", Status.OK, title="Lock & <gates>", outlet="Lock Herald", published="2026-03-03"),
    Article("c", "x", Status.OK),
)


def test_the_graph_opens_in_networkx_with_what_is_known_of_each_page(tmp_path: Path) -> None:
    write_graph(a_graph("a", "b"), PAGES, tmp_path)
    network = nx.read_graphml(tmp_path / "graph.graphml")
    assert network.is_directed()
    story = {"story": "s-1", "origin": "Lock Herald"}
    assert dict(network.nodes(data=True)) == {
        "a": {
            "title": "Lock & <gates>",
            "outlet": "Lock Herald",
            "published": "2026-03-03",
            **story,
            "is_origin": True,
        },
        "b": {"url": "https://example.org/b", **story, "is_origin": False},
    }
    assert list(network.edges(data=True)) == [("b", "a", {"relation": "repost", "evidence": "named"})]


def test_the_graph_is_graphml_with_typed_attributes_that_any_reader_of_xml_understands(tmp_path: Path) -> None:
    write_graph(a_graph("a", "b"), PAGES, tmp_path)
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    root = ET.parse(tmp_path / "graph.graphml").getroot()  # noqa: S314 - our own file
    assert root.tag == "{http://graphml.graphdrawing.org/xmlns}graphml"
    keys = {key.get("id"): key for key in root.findall("g:key", space)}
    kinds = {(key.get("for"), key.get("attr.name"), key.get("attr.type")) for key in keys.values()}
    texts = {("node", name, "string") for name in ("outlet", "title", "published", "url", "story", "origin")}
    assert kinds == texts | {
        ("node", "is_origin", "boolean"), ("edge", "relation", "string"), ("edge", "evidence", "string"),
    }  # fmt: skip
    (graph,) = root.findall("g:graph", space)
    assert graph.get("edgedefault") == "directed"
    assert [node.get("id") for node in graph.findall("g:node", space)] == ["a", "b"]
    assert [(edge.get("source"), edge.get("target")) for edge in graph.findall("g:edge", space)] == [("b", "a")]
    for data in graph.findall("g:node/g:data", space):
        if keys[data.get("key")].get("attr.name") == "is_origin":
            assert data.text in ("True", "False")


def test_the_order_of_the_articles_does_not_change_the_graph(tmp_path: Path) -> None:
    for folder, pages in (("one", PAGES), ("other", PAGES[::-1])):
        write_graph(a_graph("a", "b"), pages, tmp_path / folder)
    one, other = ((tmp_path / folder / "graph.graphml").read_bytes() for folder in ("one", "other"))
    assert one == other


@pytest.mark.parametrize(
    "dirt",
    ["\x00", "\x1b]52;c;\x07", "\ud83d", "\ufffe", "\x0b\x0c", "]]>", "\r\n", "\U0010ffff", "&#0;", "\x85\u2028"],
)
def test_the_graph_opens_in_networkx_whatever_stands_in_ids_and_titles(tmp_path: Path, dirt: str) -> None:
    articles = [Article(f"{name}{dirt}", "x", Status.OK, title=f"Lock {dirt} shut") for name in ("a", "b")]
    write_graph(a_graph(articles[0].id, articles[1].id, f"says {dirt}"), articles, tmp_path)
    network = nx.read_graphml(tmp_path / "graph.graphml")
    assert len(network) == 2
    assert all(facts["title"].startswith("Lock ") for _, facts in network.nodes(data=True))
    assert network.number_of_edges() == 1
    story = json.loads((tmp_path / "stories.jsonl").read_text("utf-8"))
    assert story["members"] == [f"a{dirt}", f"b{dirt}"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(any_text.filter(bool), min_size=2, max_size=2, unique=True), any_text)
def test_the_graph_is_xml_whatever_the_texts(tmp_path: Path, names: list[str], text: str) -> None:
    articles = [Article(name, "x", Status.OK, title=text, outlet=text, published=text, url=text) for name in names]
    write_graph(a_graph(names[0], names[1], text), articles, tmp_path)
    network = nx.read_graphml(tmp_path / "graph.graphml")
    assert (network.number_of_nodes(), network.number_of_edges()) == (2, 1)


def test_ids_that_differ_only_in_what_xml_cannot_hold_stay_two_pages(tmp_path: Path) -> None:
    articles = [Article(name, "x", Status.OK) for name in ("a\x00", "a\x01")]
    write_graph(a_graph("a\x00", "a\x01"), articles, tmp_path)
    assert set(nx.read_graphml(tmp_path / "graph.graphml")) == {r"a\u0000", r"a\u0001"}


TABLE = OutletTable(
    (Outlet("Harbour Ledger", 3, 1, 2, 0, 0, 0, None), Outlet('Fähre, "港"', 1, 0, 0, 2, 1, 1, 8.25)),
    (Reposts('Fähre, "港"', "Harbour Ledger", 2, 1, 1, 8.25),),
)


def cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_outlets_are_two_tables_that_a_spreadsheet_opens(tmp_path: Path) -> None:
    write_outlets(TABLE, tmp_path / "out")
    assert sorted(entry.name for entry in (tmp_path / "out").iterdir()) == ["outlets.csv", "reposts.csv"]
    assert cells(tmp_path / "out" / "outlets.csv") == [
        ["outlet", "articles", "originated", "copied", "reposted", "credited", "dated", "median_hours"],
        ["Harbour Ledger", "3", "1", "2", "0", "0", "0", ""],
        ['Fähre, "港"', "1", "0", "0", "2", "1", "1", "8.2"],
    ]
    assert cells(tmp_path / "out" / "reposts.csv") == [
        ["outlet", "source", "copies", "credited", "dated", "median_hours"],
        ['Fähre, "港"', "Harbour Ledger", "2", "1", "1", "8.2"],
    ]
    assert (tmp_path / "out" / "outlets.csv").read_bytes().startswith(b"\xef\xbb\xbfoutlet,")


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ('=HYPERLINK("http://x.example","Ledger")', '\'=HYPERLINK("http://x.example","Ledger")'),
        ("+49 Nachrichten", "'+49 Nachrichten"),
        ("-30-", "'-30-"),
        ("@ledger", "'@ledger"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\t=1+1", "'=1+1"),
        ("\r\n =1+1", "'=1+1"),
        ("Ledger\n=1+1", "Ledger =1+1"),
        ("\x00=1+1", "\ufffd=1+1"),
        ("half \ud83d", "half \ufffd"),
        ("3=4", "3=4"),
    ],
)
def test_no_name_is_a_formula_in_a_spreadsheet(tmp_path: Path, name: str, cell: str) -> None:
    write_outlets(
        OutletTable((), (Reposts(name, "Ledger", 1, 0, 0, None), Reposts("A", name, 1, 0, 0, None))), tmp_path
    )
    _, first, second = cells(tmp_path / "reposts.csv")
    assert first[0] == second[1] == cell


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(any_text)
def test_every_outlet_is_one_row_and_no_cell_begins_a_formula(tmp_path: Path, name: str) -> None:
    write_outlets(OutletTable((Outlet(name, 1, 0, 0, 0, 0, 0, None),), ()), tmp_path)
    _, row = cells(tmp_path / "outlets.csv")
    assert row[1:] == ["1", "0", "0", "0", "0", "0", ""]
    assert row[0][:1] not in tuple("=+-@\t\r\n")


def test_outlets_that_cannot_be_written_leave_the_file_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_outlets(TABLE, tmp_path)
    before = (tmp_path / "outlets.csv").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("syndicate.io.write._cell", full)
    with pytest.raises(InputError, match=r"outlets\.csv: cannot write: No space left"):
        write_outlets(OutletTable((), ()), tmp_path)
    assert (tmp_path / "outlets.csv").read_bytes() == before
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["outlets.csv", "reposts.csv"]


def test_an_empty_graph_is_four_files_too(tmp_path: Path) -> None:
    write_graph(SyndicationGraph((), ()), (), tmp_path)
    assert (tmp_path / "matches.jsonl").read_bytes() == b""
    assert len(nx.read_graphml(tmp_path / "graph.graphml")) == 0


def test_a_graph_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot write"):
        write_graph(SyndicationGraph((), ()), (), tmp_path / "file")
