"""`syndicate report` and `syndicate explain --html`, as they are run."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from syndicate import SyndicationGraph
from syndicate.cli import app, main
from syndicate.io.write import write_graph
from tests.conftest import EXAMPLES, FIXTURES
from tests.report.reports import File

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PACK = ("--packs", FIXTURES / "lock.toml")
PAGES = EXAMPLES / "pages"


def syndicate(*arguments: object) -> Any:
    return CliRunner().invoke(app, list(map(str, arguments)))


def run(*arguments: object, seed: str = "0") -> subprocess.CompletedProcess[bytes]:
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "syndicate", *map(str, arguments)],
        capture_output=True, check=False, env=os.environ | {"PYTHONHASHSEED": seed},
    )  # fmt: skip


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example pages, cleaned."""
    path = tmp_path_factory.mktemp("cleaned") / "cleaned.jsonl"
    assert syndicate("clean", PAGES, EXAMPLES / "feed.jsonl", "-o", path).exit_code == 0
    return path


@pytest.fixture(scope="module")
def graph(cleaned: Path) -> Path:
    """What `syndicate match` wrote of them."""
    folder = cleaned.parent / "graph"
    assert syndicate("match", cleaned, "-o", folder).exit_code == 0
    return folder


@pytest.fixture
def damaged(graph: Path, tmp_path: Path) -> Path:
    """A copy of the folder, to be damaged."""
    for path in graph.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What is said of wrong use, after which there is no report."""

    def told(*arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", ["syndicate", "report", *map(str, (*arguments, *PACK))])
        with pytest.raises(SystemExit) as left:
            main()
        shown = capsys.readouterr()
        assert (left.value.code, shown.out) == (2, "")
        assert shown.err.startswith("error: ")
        assert shown.err.count("\n") == 1
        return shown.err

    return told


def test_report_is_one_file_with_all_that_was_matched(graph: Path, tmp_path: Path) -> None:
    out = tmp_path / "reports" / "report.html"
    result = run("report", graph, "-o", out, "--title", "Ferries & gates")
    articles = gzip.decompress((graph / "articles.jsonl.gz").read_bytes()).splitlines()
    stories = (graph / "stories.jsonl").read_bytes().splitlines()
    said = f"{len(articles)} articles, {len(stories)} stories in {out}\n"
    assert (result.returncode, result.stdout, result.stderr.decode()) == (0, b"", said)
    file = File(out.read_bytes())
    assert file.tree.css("title")[0].text() == "Ferries & gates"
    assert len(file.index["articles"]["piece"]) == len(articles) > 5
    for number, line in enumerate(articles):
        record = json.loads(line)
        found = file.article(number)
        assert (found["id"], found["text"]) == (record["id"], record["text"])
    assert file.index["stories"]["id"] == [json.loads(line)["story"] for line in stories]
    assert file.index["rules"], "what the rules of the packs that come along are for"


def test_report_goes_to_standard_output_and_says_nothing(graph: Path, tmp_path: Path) -> None:
    result = run("report", graph)
    assert (result.returncode, result.stderr) == (0, b"")
    syndicate("report", graph, "-o", tmp_path / "report.html")
    assert result.stdout == (tmp_path / "report.html").read_bytes()


@pytest.mark.parametrize("form", ["html", "md"])
def test_same_input_gives_the_same_bytes(graph: Path, form: str) -> None:
    one, other = (run("report", graph, "--format", form, *PACK, seed=seed) for seed in ("1", "2"))
    assert one.returncode == other.returncode == 0
    assert len(one.stdout) > 300
    assert one.stdout == other.stdout


def test_markdown_goes_where_it_is_asked_to(graph: Path, tmp_path: Path) -> None:
    result = syndicate("report", graph, "--format", "md", "-o", tmp_path / "report.md", *PACK)
    assert result.exit_code == 0
    text = (tmp_path / "report.md").read_text("utf-8")
    assert text.startswith("# Who copies whom\n")
    assert "## Who takes from whom" in text
    assert syndicate("report", graph, "--format", "md", *PACK).stdout == text
    assert syndicate("report", graph, "--format", "pdf").exit_code == 2


def test_articles_may_lie_elsewhere(
    graph: Path, cleaned: Path, damaged: Path, tmp_path: Path, refused: Callable[..., str]
) -> None:
    whole = run("report", graph, *PACK).stdout
    (damaged / "articles.jsonl.gz").unlink()
    assert "articles.jsonl.gz: no such file; say with --articles where the cleaned articles are" in refused(damaged)
    assert run("report", damaged, "--articles", cleaned, *PACK).stdout == whole
    lines = cleaned.read_bytes().splitlines(keepends=True)
    parts = [tmp_path / f"part{at}.jsonl" for at in (1, 2)]
    for part, some in zip(parts, (lines[:3], lines[3:]), strict=True):
        part.write_bytes(b"".join(some))
    told = [one for part in parts for one in ("--articles", part)]
    assert run("report", damaged, *told, *PACK).stdout == whole


def test_missing_article_is_named(damaged: Path, cleaned: Path, tmp_path: Path, refused: Callable[..., str]) -> None:
    first = json.loads((damaged / "matches.jsonl").read_bytes().splitlines()[0])["a"]
    left = [line for line in cleaned.read_bytes().splitlines(keepends=True) if json.loads(line)["id"] != first]
    some = tmp_path / "some.jsonl"
    some.write_bytes(b"".join(left))
    out = tmp_path / "report.html"
    said = refused(damaged, "--articles", some, "-o", out)
    assert f"article {first!r:.80} of the graph is not among those given" in said
    assert "run 'syndicate match' again" in said
    assert not out.exists()


@pytest.mark.parametrize("name", ["matches.jsonl", "stories.jsonl", "chrome.jsonl"])
def test_missing_or_damaged_file_of_the_graph_is_named(damaged: Path, name: str, refused: Callable[..., str]) -> None:
    path = damaged / name
    path.write_bytes(path.read_bytes() + b'{"a": 7}\n')
    lines = path.read_bytes().count(b"\n")
    assert f"{path}:{lines}: not " in refused(damaged)
    path.unlink()
    assert f"{path}: No such file or directory; give the folder that 'syndicate match" in refused(damaged)


def test_missing_folder_and_missing_articles_are_named(
    graph: Path, tmp_path: Path, refused: Callable[..., str]
) -> None:
    assert str(tmp_path / "gone") in refused(tmp_path / "gone")
    assert str(tmp_path / "gone.jsonl") in refused(graph, "--articles", tmp_path / "gone.jsonl")


@pytest.mark.parametrize(
    "line",
    [b"{", b'{"schema": 1}', b'{"schema": 9, "id": "a", "text": "", "status": "ok"}'],
    ids=["cut", "fields", "schema"],
)
def test_article_that_cannot_be_read_is_named_by_file_and_line(
    graph: Path, tmp_path: Path, line: bytes, refused: Callable[..., str]
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b'{"schema": 1, "id": "a", "text": "", "status": "ok"}\n' + line + b"\n")
    assert f"{path}:2: " in refused(graph, "--articles", path)


@pytest.mark.parametrize(
    "facts",
    [
        {"removed": [{"rule": "a/b", "kind": "promo", "start": 0, "end": 1, "text": "x", "at": "y"}]},
        {"removed": [{"rule": None, "kind": "promo", "start": 0, "end": 1, "text": "x"}]},
        {"removed": [{"rule": "a/b", "kind": ["promo"], "start": 0, "end": 1, "text": "x"}]},
        {"claims": [{"field": "author", "value": "Pell", "rule": "a/b", "start": "x", "end": 3}]},
        {"claims": [{"field": "author", "value": None, "rule": "a/b"}]},
    ],
    ids=["at", "rule", "kind", "start", "value"],
)
def test_article_with_a_field_of_another_type_is_named(
    graph: Path, tmp_path: Path, facts: dict[str, Any], refused: Callable[..., str]
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps({"schema": 1, "id": "a", "text": "", "status": "ok"} | facts))
    assert f"{path}:1: not a cleaned article" in refused(graph, "--articles", path)


def test_cut_archive_of_articles_is_named(damaged: Path, refused: Callable[..., str]) -> None:
    path = damaged / "articles.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-200])
    assert str(path) in refused(damaged)


def test_place_that_cannot_be_written_is_named(graph: Path, tmp_path: Path, refused: Callable[..., str]) -> None:
    (tmp_path / "taken").mkdir()
    assert str(tmp_path / "taken") in refused(graph, "-o", tmp_path / "taken")


def test_unknown_pack_is_refused(graph: Path) -> None:
    result = run("report", graph, "--packs", "no-such")
    assert (result.returncode, result.stdout) == (2, b"")
    assert "no rule pack 'no-such'" in result.stderr.decode()


def test_packs_say_what_rules_are_for(graph: Path) -> None:
    with_core, without = (File(run("report", graph, "--packs", pack).stdout) for pack in ("core", PACK[1]))
    assert with_core.index["rules"]
    assert without.index["rules"] == {}
    assert "never fired" in with_core.tree.css("#overview")[0].text()
    assert "never fired" not in without.tree.css("#overview")[0].text()
    assert with_core.article(0) == without.article(0)


def test_empty_graph_makes_a_report(tmp_path: Path) -> None:
    write_graph(SyndicationGraph((), ()), [], tmp_path)
    (tmp_path / "articles.jsonl.gz").write_bytes(gzip.compress(b""))
    result = run("report", tmp_path, "-o", tmp_path / "report.html", *PACK)
    assert (result.returncode, result.stderr.decode()) == (
        0,
        f"0 articles, 0 stories in {tmp_path / 'report.html'}\n",
    )
    file = File((tmp_path / "report.html").read_bytes())
    assert file.names == ["index"]
    assert "No text stands on more than one page." in file.tree.css("#overview")[0].text()


def test_report_can_be_made_of_what_was_matched_in_two_steps(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.jsonl"
    nothing.write_bytes(b"")
    assert syndicate("match", nothing, "-o", tmp_path / "graph").exit_code == 0
    assert syndicate("report", tmp_path / "graph", "-o", tmp_path / "report.html", *PACK).exit_code == 0


def test_explain_makes_a_page_of_a_page(tmp_path: Path) -> None:
    page, out = PAGES / "independent-monitor-ferry.txt", tmp_path / "page.html"
    result = run("explain", page, "--html", "-o", out)
    assert (result.returncode, result.stdout, result.stderr.decode()) == (0, b"", f"1 article in {out}\n")
    file = File(out.read_bytes())
    found = file.article(0)
    assert found["removed"]
    assert all(0 <= at <= len(found["text"]) for at, *_ in found["removed"])
    assert run("explain", page, "--html").stdout == out.read_bytes()


def test_explain_makes_a_page_of_what_it_could_read(tmp_path: Path) -> None:
    feed, out = tmp_path / "feed.jsonl", tmp_path / "feed.html"
    feed.write_text(
        '{"id": "a", "text": "The gates are shut."}\n{"id": "b", "html": 7}\n{"id": "c", "text": "Open."}\n'
    )
    result = run("explain", feed, "--html", "-o", out, *PACK)
    assert result.returncode == 1
    assert "feed.jsonl:2" in result.stderr.decode()
    assert [one["id"] for one in File(out.read_bytes()).pieces[0]["articles"]] == ["a", "c"]


def test_output_of_explain_wants_html(tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    result = run("explain", PAGES / "independent-monitor-ferry.txt", "-o", out)
    assert (result.returncode, result.stdout) == (2, b"")
    assert "-o names the file of --html: give both" in result.stderr.decode()
    assert not out.exists()
