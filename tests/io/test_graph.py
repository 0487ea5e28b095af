"""A graph read back as it was written, and what is said of one that is damaged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import SyndicationGraph, match_corpus
from syndicate.errors import InputError
from syndicate.graph import Chrome, Edge, Evidence, Match, Origin, Passage, Relation, Rival, Story
from syndicate.io.graph import read_graph
from syndicate.io.write import write_graph
from tests.stories import article, body, claim, edited

if TYPE_CHECKING:
    from pathlib import Path

SHARES = st.integers(0, 1000).map(lambda share: share / 1000)
NAMES = st.text()
SPANS = st.lists(st.builds(Passage, *[st.integers(0, 10**6)] * 4), max_size=3).map(tuple)
RELATIONS = st.sampled_from(Relation)
MATCHES = st.builds(Match, NAMES, NAMES, RELATIONS, SHARES, SHARES, SHARES, SPANS)
CHROME = st.builds(Chrome, NAMES, st.integers(0, 10**9), NAMES)


def tuples(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3).map(tuple)


ORIGINS = st.builds(
    Origin, st.none() | NAMES, st.none() | NAMES, SHARES, tuples(st.builds(Evidence, *[NAMES] * 4)),
    tuples(st.builds(Rival, NAMES, st.none() | NAMES, SHARES)),
)  # fmt: skip
STORIES = st.builds(
    Story, NAMES, tuples(NAMES), ORIGINS, tuples(st.builds(Edge, NAMES, NAMES, RELATIONS, NAMES)), tuples(NAMES)
)


@given(MATCHES, STORIES, CHROME)
def test_what_is_written_reads_back_the_same(match: Match, story: Story, chrome: Chrome) -> None:
    assert Match.from_dict(json.loads(json.dumps(match.to_dict()))) == match
    assert Story.from_dict(json.loads(json.dumps(story.to_dict()))) == story
    assert Chrome.from_dict(json.loads(json.dumps(chrome.to_dict()))) == chrome


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A graph as `syndicate match` writes it; half a character is in it."""
    story = body(1)
    credited = (claim("source", "Ledger", "core-en/articles-by", "Articles by: Ledger"),)
    articles = [
        article("a \ud83d", story, outlet="Ledger", published="2026-03-03"),
        article("b\u2028\x85", edited(story, 30), outlet="Metro", published="2026-03-04", claims=credited),
        article("c", "\n\n".join(story.split("\n\n")[:3]), outlet="Digest", published="2026-03-09"),
    ]
    graph = match_corpus(articles)
    assert graph.matches
    assert graph.stories
    chrome = (Chrome("Follow us \u2028 on 😀", 99, "c"),)
    write_graph(SyndicationGraph(graph.matches, graph.stories, chrome), articles, tmp_path)
    return tmp_path


def test_a_folder_gives_back_the_graph_that_was_written(folder: Path, tmp_path: Path) -> None:
    graph = read_graph(folder)
    assert {match.a for match in graph.matches} == {"a \ud83d", "b\u2028\x85"}
    assert graph.chrome[0].text == "Follow us \u2028 on 😀"
    write_graph(graph, [], tmp_path / "again")
    for name in ("matches", "stories", "chrome"):
        assert (folder / f"{name}.jsonl").read_bytes() == (tmp_path / "again" / f"{name}.jsonl").read_bytes()
    assert read_graph(tmp_path / "again") == graph


def test_an_empty_graph_is_a_graph(tmp_path: Path) -> None:
    write_graph(SyndicationGraph((), ()), [], tmp_path)
    assert read_graph(tmp_path) == SyndicationGraph((), ())


@pytest.mark.parametrize("name", ["matches", "stories", "chrome"])
def test_a_missing_file_is_named_with_the_way_out(folder: Path, name: str) -> None:
    (folder / f"{name}.jsonl").unlink()
    with pytest.raises(InputError, match=r"give the folder that 'syndicate match \.\.\. -o FOLDER' wrote") as caught:
        read_graph(folder)
    assert str(caught.value).startswith(f"{folder / name}.jsonl: No such file")


def test_a_missing_folder_and_a_file_in_its_place_are_named(folder: Path) -> None:
    for path in (folder / "gone", folder / "matches.jsonl"):
        with pytest.raises(InputError, match="give the folder") as caught:
            read_graph(path)
        assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        b"", b"{", b'{"a":', b"null", b"7", b'"words"', b"[]", b"{}", b"\xff\xfe", b'{"a": "\xff"}', b"\x00",
        b"[" * 99_999,
    ],
    ids=lambda line: repr(line[:12]),
)  # fmt: skip
@pytest.mark.parametrize("name", ["matches", "stories", "chrome"])
def test_a_damaged_line_is_named_by_file_and_number(folder: Path, name: str, line: bytes) -> None:
    path = folder / f"{name}.jsonl"
    good = path.read_bytes().splitlines()[0]
    path.write_bytes(b"\n".join((good, line, good)))
    with pytest.raises(InputError, match="run 'syndicate match' again") as caught:
        read_graph(folder)
    assert str(caught.value).startswith(f"{path}:2: ")
    assert len(str(caught.value)) < len(str(path)) + 400


MATCH: dict[str, Any] = Match("a", "b", Relation.REPOST, 0.5, 0.6, 0.7, (Passage(0, 9, 1, 10),)).to_dict()
STORY: dict[str, Any] = Story(
    "s", ("a", "b"),
    Origin("Ledger", "a", 0.9, (Evidence("licence", "b", "Ledger", "CC"),), (Rival("M", None, 0.1),)),
    (Edge("b", "a", Relation.REPOST, "origin"),), ("a note",),
).to_dict()  # fmt: skip
SET_ASIDE: dict[str, Any] = Chrome("Follow us", 9, "a").to_dict()
KINDS = ((Match, MATCH), (Story, STORY), (Chrome, SET_ASIDE))


FIELDS = [(kind, record, name) for kind, record in KINDS for name in record if name != "notes"]


@pytest.mark.parametrize(("kind", "record", "name"), FIELDS)
def test_a_field_that_is_missing_null_or_of_another_type_is_named_in_words(
    kind: type[Match | Story | Chrome], record: dict[str, Any], name: str
) -> None:
    wrong: list[dict[str, Any]] = [{key: value for key, value in record.items() if key != name}]
    values: tuple[object, ...] = (None, {"x": [1]}, [[[]]])
    wrong += [record | {name: value} for value in values]
    for damaged in wrong:
        with pytest.raises(InputError, match="as 'syndicate match' writes it: "):
            kind.from_dict(damaged)


def test_notes_of_a_story_may_be_missing() -> None:
    for notes in ({}, {"notes": None}):
        record = {key: value for key, value in STORY.items() if key != "notes"} | notes
        assert Story.from_dict(record).notes == ()


@pytest.mark.parametrize(
    "wrong",
    [
        MATCH | {"relation": "cousin"}, MATCH | {"resemblance": float("nan")}, MATCH | {"containment_a": 1.1},
        MATCH | {"containment_b": -1}, MATCH | {"resemblance": float("inf")}, MATCH | {"passages": [[1, 2, 3]]},
        MATCH | {"passages": [[1, 2, 3, float("inf")]]}, MATCH | {"passages": [[1, 2, 3, 4, 5]]},
        MATCH | {"passages": ["abcd"]},
    ],
)  # fmt: skip
def test_a_match_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="not a match as 'syndicate match' writes it"):
        Match.from_dict(wrong)


def origin(**facts: object) -> dict[str, Any]:
    return STORY | {"origin": STORY["origin"] | facts}


@pytest.mark.parametrize(
    "wrong",
    [
        STORY | {"members": "ab"}, STORY | {"members": [None]}, STORY | {"members": {"a": 1}},
        STORY | {"notes": "words"},
        STORY | {"edges": [{}]}, STORY | {"edges": [STORY["edges"][0] | {"relation": None}]},
        STORY | {"edges": [STORY["edges"][0] | {"from": None}]}, STORY | {"origin": None}, origin(outlet=7),
        origin(article=[]), origin(confidence=2), origin(evidence=[{}]), origin(evidence=None),
        origin(rivals=[["M", None]]),
        origin(rivals=[["M", 7, 0.1]]), origin(rivals=[[None, None, 0.1]]), origin(evidence=["licence"]),
    ],
)  # fmt: skip
def test_a_story_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="not a story as 'syndicate match' writes it"):
        Story.from_dict(wrong)


def test_chrome_of_endless_pages_is_refused() -> None:
    with pytest.raises(InputError, match="not chrome that was set aside"):
        Chrome.from_dict(SET_ASIDE | {"articles": float("inf")})
