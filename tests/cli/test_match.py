"""`syndicate match`: who reposted whom among the example pages, as files and as a table."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from typer.testing import CliRunner

from syndicate.cli import app
from syndicate.io.read import read_articles
from tests.conftest import EXAMPLES
from tests.stories import article, body, edited

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = (
    "The gates of Marrow Lock are shut, and they will stay shut all week while divers look at the eastern pier. "
    "Lock keeper Nora Pell said on Tuesday that the motor had burnt out in the night with a smell of old fish. "
    "Forty boats are waiting upstream, among them a floating library that was due in Tull on Sunday morning."
)  # fmt: skip


def match(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["match", *map(str, arguments)])


def record(name: str, text: str = SENTENCES, **facts: object) -> str:
    return json.dumps({"schema": 1, "id": name, "text": text, "status": "ok", **facts})


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("match")


@pytest.fixture(scope="module")
def cleaned(folder: Path) -> Path:
    """The example pages, cleaned."""
    path = folder / "cleaned.jsonl"
    inputs = [str(EXAMPLES / "pages"), str(EXAMPLES / "feed.jsonl")]
    assert CliRunner().invoke(app, ["clean", *inputs, "-o", str(path)]).exit_code == 0
    return path


@pytest.fixture(scope="module")
def result(folder: Path, cleaned: Path) -> Any:
    """What matching the example pages said; its files are in `folder / "out"`."""
    return match(cleaned, "-o", folder / "out")


def name(article: str) -> str:
    return article.rpartition("/")[2].rpartition(".")[0] or article


def test_the_account_is_the_last_line_on_standard_error(result: Any, folder: Path) -> None:
    assert result.exit_code == 0
    matches = len(lines(folder / "out" / "matches.jsonl"))
    last = f"16 seen = 16 ok + 0 failed; {matches} matches, 2 stories in {folder / 'out'}"
    assert result.stderr.splitlines()[-1] == last


@pytest.mark.usefixtures("result")
def test_matches_say_how_two_pages_relate_and_where_they_share_text(folder: Path, cleaned: Path) -> None:
    texts = {page["id"]: page["text"] for page in lines(cleaned)}
    pairs = lines(folder / "out" / "matches.jsonl")
    found = {frozenset((name(pair["a"]), name(pair["b"]))): pair["relation"] for pair in pairs}
    original = "harbour-ledger-ferry"
    assert found[frozenset((original, "valley-courier-ferry"))] in ("identical", "repost")
    assert found[frozenset((original, "city-metro-ferry"))] == "repost"
    assert found[frozenset((original, "bar-20260306-0017"))] == "repost"
    assert found[frozenset((original, "north-gazette-ferry"))] == "excerpt"
    assert found[frozenset(("lakeside-post-grain", "plains-tribune-grain"))] in ("identical", "repost")
    strangers = {"opinion-standard-ferry", "coast-herald-school", "harbour-ledger-brief", "empty-shell",
                 "valley-courier-library", "river-weekly-orchard", "hxo-20260308-0004"}  # fmt: skip
    assert not strangers & {page for pair in found for page in pair}
    for pair in pairs:
        assert pair["passages"]
        for a_start, a_end, b_start, b_end in pair["passages"]:
            ours, theirs = texts[pair["a"]][a_start:a_end], texts[pair["b"]][b_start:b_end]
            assert ours.split()[:5] == theirs.split()[:5]
            assert ours.split()[-5:] == theirs.split()[-5:]


@pytest.mark.usefixtures("result")
def test_stories_have_their_members_their_origin_and_the_reasons(folder: Path) -> None:
    ferry, grain = lines(folder / "out" / "stories.jsonl")
    assert {name(member) for member in ferry["members"]} == {
        "bar-20260306-0017", "city-metro-ferry", "harbour-ledger-ferry", "independent-monitor-ferry",
        "valley-courier-ferry",
    }  # fmt: skip
    assert {name(member) for member in grain["members"]} == {"lakeside-post-grain", "plains-tribune-grain"}
    assert (ferry["origin"]["outlet"], name(ferry["origin"]["article"])) == ("Harbour Ledger", "harbour-ledger-ferry")
    assert (grain["origin"]["outlet"], grain["origin"]["article"]) == ("Associated Press", None)
    for story in (ferry, grain):
        assert 0 < story["origin"]["confidence"] <= 1
        assert all(piece["text"] for piece in story["origin"]["evidence"])
    copies = {(name(edge["from"]), name(edge["to"])): edge["relation"] for edge in ferry["edges"] + grain["edges"]}
    assert copies["valley-courier-ferry", "harbour-ledger-ferry"] in ("identical", "repost")
    assert copies["north-gazette-ferry", "harbour-ledger-ferry"] == "excerpt"
    assert {source for copy, source in copies if copy == "briefing-digest"} >= {"harbour-ledger-ferry"}


@pytest.mark.usefixtures("result")
def test_the_graph_opens_in_networkx_with_an_edge_from_each_copy_to_its_source(folder: Path) -> None:
    network = nx.read_graphml(folder / "out" / "graph.graphml")
    edges = {
        (edge["from"], edge["to"]) for story in lines(folder / "out" / "stories.jsonl") for edge in story["edges"]
    }
    assert set(network.edges) == edges
    original = next(node for node in network if name(node) == "harbour-ledger-ferry")
    assert network.nodes[original]["outlet"] == network.nodes[original]["origin"] == "Harbour Ledger"
    assert network.out_degree(original) == 0


def test_the_table_says_of_every_page_what_it_is(result: Any) -> None:
    rows: list[str] = result.stdout.splitlines()

    def row(page: str) -> str:
        return next(line for line in rows if line.startswith(page))

    assert "the original" in row("harbour-ledger-ferry.html")
    assert "of harbour-ledger-ferry.html" in row("valley-courier-ferry.html")
    assert "excerpt of harbour-ledger-ferry.html" in row("north-gazette-ferry.html")
    assert "a copy of a text by Associated Press" in row("lakeside-post-grain.html")
    assert "a copy of no page here" in row("opinion-standard-ferry.html")
    assert "empty" in row("empty-shell.html")
    assert "the origin is Harbour Ledger (harbour-ledger-ferry.html)" in result.stdout
    assert "This article was originally published by Harbour Ledger" in result.stdout


@pytest.mark.usefixtures("result")
def test_outlets_are_counted_for_spreadsheets(folder: Path) -> None:
    def rows(name: str) -> list[dict[str, str]]:
        with (folder / "out" / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    outlets = {row["outlet"]: row for row in rows("outlets.csv")}
    assert (outlets["Harbour Ledger"]["originated"], outlets["Harbour Ledger"]["copied"]) == ("1", "6")
    assert (outlets["Associated Press"]["articles"], outlets["Associated Press"]["copied"]) == ("0", "2")
    pairs = {(row["outlet"], row["source"]): row for row in rows("reposts.csv")}
    courier = pairs["Valley Courier", "Harbour Ledger"]
    assert (courier["copies"], courier["credited"], courier["median_hours"]) == ("1", "1", "9.5")
    assert pairs["City Metro Now", "Harbour Ledger"]["credited"] == "0"
    assert pairs["Plains Tribune", "Associated Press"]["credited"] == "1"
    assert pairs["Lakeside Post", "Associated Press"]["credited"] == "0"


def test_the_table_of_outlets_says_who_copied_whom(result: Any) -> None:
    table = result.stdout[result.stdout.index("\noutlet ") :].splitlines()
    assert table[1].split()[-2:] == ["mostly", "from"]
    assert any(line.split() == ["Harbour", "Ledger", "1", "6"] for line in table)
    courier = next(line.split() for line in table if line.startswith("Valley Courier"))
    assert courier == ["Valley", "Courier", "1", "1", "9.5", "h", "Harbour", "Ledger"]
    assert "Coast Herald" not in "\n".join(table)  # which has copied nothing


def test_only_the_first_of_many_outlets_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "cleaned.jsonl"
    path.write_text("\n".join(record(f"p{number:02}", outlet=f"Outlet {number:02}") for number in range(25)))
    result = match(path, "-o", tmp_path / "out")
    assert "outlet " not in result.stdout.partition("\nStory ")[2]  # nobody knows who wrote it
    dated = (
        record(f"p{number:02}", outlet=f"Outlet {number:02}", published=f"2026-03-{number + 1:02}T06:30:00Z")
        for number in range(25)
    )
    path.write_text("\n".join(dated))
    table = match(path, "-o", tmp_path / "out").stdout.partition("\noutlet ")[2].splitlines()
    assert len(table) == 12
    assert table[-1] == "and 15 more"


def test_the_order_of_the_input_does_not_change_the_files(folder: Path, cleaned: Path, result: Any) -> None:
    assert result.exit_code == 0
    backwards = folder / "backwards.jsonl"
    backwards.write_text("\n".join(reversed(cleaned.read_text("utf-8").splitlines())), "utf-8")
    assert match(backwards, "-o", folder / "again").exit_code == 0
    for file in ("matches.jsonl", "stories.jsonl", "graph.graphml", "outlets.csv", "reposts.csv"):
        assert (folder / "again" / file).read_bytes() == (folder / "out" / file).read_bytes()


def test_bad_lines_are_reported_and_the_rest_is_matched(tmp_path: Path) -> None:
    path = tmp_path / "cleaned.jsonl"
    path.write_text(
        "\n".join([record("a"), '{"id": "cut', '{"id": "raw", "text": "Not cleaned."}', "[]", record("b")])
    )
    result = match(path, "-o", tmp_path / "out")
    assert result.exit_code == 1
    places = [line.partition(": not ")[0] for line in result.stderr.splitlines()[:-1]]
    assert places == [f"failed: {path}:{number}" for number in (2, 3, 4)]
    assert result.stderr.splitlines()[-1].startswith("5 seen = 2 ok + 3 failed; 1 matches, 1 stories in ")
    assert [pair["relation"] for pair in lines(tmp_path / "out" / "matches.jsonl")] == ["identical"]


@pytest.mark.parametrize("wrong", [{"text": None}, {"id": 5}, {"title": 7}, {"published": 20260303}, {"outlet": []}])
def test_a_line_with_a_value_of_the_wrong_type_is_a_bad_line(tmp_path: Path, wrong: dict[str, object]) -> None:
    path = tmp_path / "cleaned.jsonl"
    odd = json.dumps({**json.loads(record("odd")), **wrong})
    path.write_text("\n".join([record("a"), odd, record("b")]))
    result = match(path, "-o", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"failed: {path}:2: ")
    assert [(pair["a"], pair["b"]) for pair in lines(tmp_path / "out" / "matches.jsonl")] == [("a", "b")]


def test_exact_copies_of_a_brief_are_found_and_empty_pages_match_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cleaned.jsonl"
    brief = "The gates are shut. They will stay shut."
    path.write_text("\n".join([record("a", brief), record("b", brief), record("c", ""), record("d", "")]))
    assert match(path, "-o", tmp_path / "out").exit_code == 0
    assert [(pair["a"], pair["b"]) for pair in lines(tmp_path / "out" / "matches.jsonl")] == [("a", "b")]


@pytest.mark.parametrize(
    "odd",
    [
        {"id": 7, "text": SENTENCES},
        {"id": "notes", "text": SENTENCES, "notes": 3, "refused": False},
        {"id": "half", "text": f"{SENTENCES} \ud83d"},
        {"id": "\x1b]52;c;", "html": f"<p>{SENTENCES}</p>", "title": "\x00", "outlet": "\x1b[2J"},
        {"id": "again", "html": f"<p>{SENTENCES}</p>", "schema": 9, "removed": "no", "claims": 3, "status": 200},
    ],
    ids=["number", "notes", "surrogate", "escapes", "ours"],
)
def test_what_clean_wrote_of_an_odd_record_can_be_matched(tmp_path: Path, odd: dict[str, object]) -> None:
    feed, cleaned = tmp_path / "feed.jsonl", tmp_path / "cleaned.jsonl"
    feed.write_text("\n".join(map(json.dumps, [odd, {"id": "plain", "text": SENTENCES}])))
    assert CliRunner().invoke(app, ["clean", str(feed), "-o", str(cleaned)]).exit_code == 0
    result = match(cleaned, "-o", tmp_path / "out")
    assert result.exit_code == 0, result.stderr
    assert len(lines(tmp_path / "out" / "matches.jsonl")) == 1
    assert "\x1b" not in result.stdout + result.stderr


def test_a_single_page_is_a_copy_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cleaned.jsonl"
    path.write_text(record("a"))
    result = match(path, "-o", tmp_path / "out")
    assert result.exit_code == 0
    assert "a copy of no page here" in result.stdout


def process(*arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "syndicate", "match", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("stdin", "words"),
    [
        ("\n".join((record("lh-7"), record("b"), record("lh-7", "Another text."))), "'lh-7'"),
        ("\n".join((record("a"), record(""))), "no id"),
    ],
    ids=["twice", "none"],
)
def test_pages_that_their_ids_do_not_tell_apart_are_refused(tmp_path: Path, stdin: str, words: str) -> None:
    result = process("-", "-o", tmp_path / "out", stdin=stdin)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")
    assert words in result.stderr
    assert not (tmp_path / "out").exists()


def test_the_articles_lie_beside_the_graph_and_make_the_same_graph_again(tmp_path: Path, cleaned: Path) -> None:
    match(cleaned, "-o", tmp_path)
    kept = tmp_path / "articles.jsonl.gz"
    assert list(read_articles([str(kept)])) == list(read_articles([str(cleaned)]))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    match(kept, "-o", tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_wrong_use_is_refused(tmp_path: Path) -> None:
    missing = process(tmp_path / "cleaned.jsonl", "-o", tmp_path / "out")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr.startswith(f"error: {tmp_path / 'cleaned.jsonl'}: no such file")
    without = process("-")
    assert (without.returncode, without.stdout) == (2, "")
    assert "--output" in without.stderr
    assert list(tmp_path.iterdir()) == []


def test_output_that_cannot_be_written_is_refused_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = process("-", "-o", tmp_path / "file", stdin=record("a"))
    assert (result.returncode, result.stdout) == (2, "")
    assert "cannot write" in result.stderr
    assert "Traceback" not in result.stderr


def test_every_relation_has_its_words_in_the_table(tmp_path: Path) -> None:
    rows = [
        article(name, text, outlet=outlet, published=f"2026-03-0{day}T08:00:00Z")
        for day, name, text, outlet in (
            (1, "first", body(1), "Ledger"),
            (2, "again", edited(body(1), 30), "Ledger"),
            (4, "part", "\n\n".join(body(1).split("\n\n")[:3]), "Post"),
        )
    ]
    cleaned = tmp_path / "cleaned.jsonl"
    cleaned.write_text("".join(json.dumps(row.to_dict()) + "\n" for row in rows), "utf-8")
    shown = match(cleaned, "-o", tmp_path / "out").stdout
    assert "another version of first" in shown
    assert "excerpt of first" in shown


def test_of_very_many_pages_and_stories_the_tables_name_some_and_count_the_rest(tmp_path: Path) -> None:
    path, out = tmp_path / "cleaned.jsonl", tmp_path / "out"
    alone = [record(f"alone-{at}", body(500 + at)) for at in range(25)]
    pairs = [record(f"{half}-{at:02}", body(at), outlet=half) for at in range(23) for half in ("one", "two")]
    pairs.append(record("three-22", body(22), outlet="three"))
    path.write_text("\n".join([*alone, *pairs]))
    result = match(path, "-o", out)
    assert "and 5 more that are copies of no page here" in result.stdout
    assert "and 3 more stories" in result.stdout
    assert result.stdout.count("Story s-") == 20
    assert "three-22" in result.stdout
    assert len(lines(out / "stories.jsonl")) == 23
