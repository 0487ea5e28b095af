"""Files that are whole or absent, lines that lose nothing, and a graph that others can open."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import Article, InputError, Match, Status, Story, SyndicationGraph
from syndicate.graph import Edge, Evidence, Origin, Passage, Relation
from syndicate.io.write import article_line, json_line, whole_file, write_graph

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
        "origin": {"outlet": "Lock Herald", "article": "a", "confidence": 0.9, "evidence": [evidence]},
        "edges": [{"from": "b", "to": "a", "relation": "repost", "evidence": "named"}],
    }  # fmt: skip


def test_the_graph_opens_in_networkx_with_what_is_known_of_each_page(tmp_path: Path) -> None:
    articles = [
        Article("a", "x", Status.OK, title="Lock & <gates>", outlet="Lock Herald", published="2026-03-03"),
        Article("b", "x", Status.OK),
        Article("c", "x", Status.OK),
    ]
    write_graph(a_graph("a", "b"), articles, tmp_path)
    network = nx.read_graphml(tmp_path / "graph.graphml")
    assert network.is_directed()
    story = {"story": "s-1", "origin": "Lock Herald"}
    assert dict(network.nodes(data=True)) == {
        "a": {"title": "Lock & <gates>", "outlet": "Lock Herald", "published": "2026-03-03", **story},
        "b": story,
    }
    assert list(network.edges(data=True)) == [("b", "a", {"relation": "repost", "evidence": "named"})]


@pytest.mark.parametrize(
    "dirt", ["\x00", "\x1b]52;c;\x07", "\ud83d", "\ufffe", "\x0b\x0c", "]]>", "\r\n", "\U0010ffff"]
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


def test_an_empty_graph_is_three_files_too(tmp_path: Path) -> None:
    write_graph(SyndicationGraph((), ()), (), tmp_path)
    assert (tmp_path / "matches.jsonl").read_bytes() == b""
    assert len(nx.read_graphml(tmp_path / "graph.graphml")) == 0


def test_a_graph_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot write"):
        write_graph(SyndicationGraph((), ()), (), tmp_path / "file")
