"""The data of a report: every article in one piece, and what two pages of a story share quoted from both."""

from __future__ import annotations

import itertools
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from syndicate import Article, Status, SyndicationGraph
from syndicate.graph import Relation
from syndicate.report.corpus import Corpus
from syndicate.report.pieces import TOGETHER
from tests.report.reports import NOWHERE, File, a_story, articles_html, copied, html_of, saved, taken
from tests.stories import article, body, edited

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STORY = body(1)


def sliced(text: str, start: int, end: int) -> str:
    """What `text.slice(start, end)` gives in JavaScript."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def corpus() -> list[Article]:
    """A story with a page that shares little, its excerpt, faces among the words; and many articles by themselves."""
    lines = STORY.split("\n\n")
    own = [
        article("a", STORY, outlet="Ledger", published="2026-03-03T06:30:00Z"),
        article("b", f"😀😀 {STORY}", outlet="Metro", published="2026-03-03T09:00:00Z"),
        article("c", edited(STORY, 30), outlet="Courier", published="2026-03-04T09:00:00Z"),
        article("d", f"😀 {lines[0]}\n\n{lines[1]}", outlet="Digest", published="2026-03-05"),
    ]
    alone = [article(f"z{at}", body(100 + at, 6), outlet="Alone") for at in range(TOGETHER + 5)]
    return [*alone[:7], *own, *alone[7:], Article(id="empty", text="", status=Status.EMPTY)]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> File:
    return html_of(saved(tmp_path_factory.mktemp("pieces"), corpus()))


def test_every_article_is_in_one_piece_and_comes_back_from_it(file: File) -> None:
    articles = corpus()
    homes = [one["n"] for piece in file.pieces for one in piece["articles"]]
    assert sorted(homes) == list(range(len(articles)))
    for number, one in enumerate(articles):
        found = file.article(number)
        assert (found["id"], found["text"], found["outlet"]) == (one.id, one.text, one.outlet)


def test_pieces_are_of_each_story_and_then_of_articles_by_forties(file: File) -> None:
    stories = len(file.index["stories"]["id"])
    assert file.names == ["index", *(f"piece-{at}" for at in range(len(file.pieces)))]
    assert ["html" in piece for piece in file.pieces] == [True] * stories + [False] * (len(file.pieces) - stories)
    sizes = [len(piece["articles"]) for piece in file.pieces[stories:]]
    assert sizes[:-1] == [TOGETHER] * (len(sizes) - 1)
    assert sizes[-1] <= TOGETHER


def test_what_two_pages_share_is_quoted_alike_from_both(file: File) -> None:
    relations = set()
    for piece in file.pieces[: len(file.index["stories"]["id"])]:
        for a, b, relation, *_, passages in piece["pairs"]:
            left, right = file.article(a)["text"], file.article(b)["text"]
            relations.add(relation)
            for at in range(0, len(passages), 4):
                quoted = [sliced(left, *passages[at : at + 2]), sliced(right, *passages[at + 2 : at + 4])]
                words = [text.replace("😀", "").split() for text in quoted]
                assert len(words[0]) >= 5
                assert words[0][:5] == words[1][:5]
                assert words[0][-5:] == words[1][-5:]
    assert "repost" in relations


def test_pages_of_a_story_that_do_not_match_are_compared_too(tmp_path: Path) -> None:
    lines = [body(at, 6) for at in range(4)]
    ends = ["\n\n".join((f"😀 {lines[0]}", lines[1])), "\n\n".join((lines[3], lines[1], "😀")), lines[2]]
    articles = [article(name, text, outlet=name) for name, text in zip("abc", ends, strict=True)]
    file = html_of(saved(tmp_path, articles, SyndicationGraph((), (a_story("abc"),))))
    pairs = {(a, b): (relation, passages) for a, b, relation, _, _, passages in file.pieces[0]["pairs"]}
    assert set(pairs) == {(0, 1), (0, 2), (1, 2)}
    relation, passages = pairs[0, 1]
    assert relation == ""
    assert sliced(ends[0], *passages[:2]) == sliced(ends[1], *passages[2:4]) == lines[1].rstrip(".")
    assert pairs[0, 2] == pairs[1, 2] == ("", [])


def test_pages_of_a_very_large_story_are_not_all_compared(tmp_path: Path) -> None:
    names = [f"a{at:02}" for at in range(65)]
    articles = [article(name, STORY[:200], outlet=name) for name in names]
    many = html_of(saved(tmp_path / "many", articles, SyndicationGraph((), (a_story(names),))))
    some = html_of(saved(tmp_path / "some", articles, SyndicationGraph((), (a_story(names[:64]),))))
    assert many.pieces[0]["pairs"] == []
    assert len(some.pieces[0]["pairs"]) == 64 * 63 // 2


def test_excerpt_is_at_home_with_its_own_story_and_compared_in_both(tmp_path: Path) -> None:
    articles = [article(name, body(at), outlet=name) for at, name in enumerate("abcd")]
    stories = (a_story("ab", NOWHERE, copied("c", "a", Relation.EXCERPT), name="s1"), a_story("cd", name="s2"))
    file = html_of(saved(tmp_path, articles, SyndicationGraph((), stories)))
    assert file.index["articles"]["piece"] == [0, 0, 1, 1]
    assert file.index["stories"]["pages"] == [[0, 1, 2], [2, 3]]
    assert [sorted(one["n"] for one in piece["articles"]) for piece in file.pieces] == [[0, 1], [2, 3]]
    assert {(a, b) for a, b, *_ in file.pieces[0]["pairs"]} == {(0, 1), (0, 2), (1, 2)}


def test_index_says_of_each_article_whose_it_is_and_from_whom_it_was_taken(file: File) -> None:
    articles, index = corpus(), file.index
    columns = index["articles"]
    assert {len(column) for column in columns.values()} == {len(articles)}
    outlets = [index["outlets"][at] for at in columns["outlet"]]
    assert outlets[7:11] == ["Ledger", "Metro", "Courier", "Digest"]
    sources = [[index["outlets"][at] for at in some] for some in columns["sources"]]
    assert sources[7:10] == [[], ["Ledger"], ["Ledger"]]
    assert sources[:7] == [[]] * 7
    roles = [index["roles"][at] for at in columns["role"]]
    assert roles[8:11] == ["repost", "repost", "excerpt"]
    assert columns["status"][-1] == "empty"
    assert columns["story"][0] == -1
    assert index["stories"]["date"] == ["2026-03-03T06:30:00Z"]


def test_articles_by_themselves_are_a_report_too(tmp_path: Path) -> None:
    removed = (taken("lock/tide-tables", "Read our tide tables by Ada Rell.", at=4),)
    articles = [article(f"a{at}", f"text {at}", removed=removed) for at in range(TOGETHER + 1)]
    file = articles_html(tmp_path / "two.html", articles)
    assert [len(piece["articles"]) for piece in file.pieces] == [TOGETHER, 1]
    assert file.article(TOGETHER)["text"] == f"text {TOGETHER}"
    assert file.index["rules"] == {"lock/tide-tables": "A line that praises the tide tables"}
    (overview,) = file.tree.css("#overview")
    assert overview.attributes["data-start"] == "#/articles"
    (one,) = articles_html(tmp_path / "one.html", articles[:1]).tree.css("#overview")
    assert one.attributes["data-start"] == "#/article/0"


def test_corpus_keeps_no_text_in_memory() -> None:
    size, count = 200_000, 60

    def articles() -> Iterator[Article]:
        for at in range(count):
            removed = taken("lock/tide-tables", f"{at} read on " * (size // 20))
            yield article(f"a{at}", f"{at} word " * (size // 10), removed=(removed,))

    with Corpus.read(itertools.islice(articles(), 2)) as warm:
        assert len(warm.articles) == 2
    tracemalloc.start()
    try:
        with Corpus.read(articles()) as corpus:
            held, most = tracemalloc.get_traced_memory()
            lengths = corpus.lengths
    finally:
        tracemalloc.stop()
    assert sum(lengths) > size * count * 0.5
    assert held < 2_500_000, "the file's buffer is one of them"
    assert most < 10 * size + held


def test_of_two_articles_with_one_id_both_stay_and_the_id_means_the_first() -> None:
    with Corpus.read([article("a", "first"), article("a", "second, longer"), article("b", "t")]) as corpus:
        assert corpus.numbers == {"a": 0, "b": 2}
        assert corpus.lengths == [5, 14, 1]
        assert len(corpus.pages) == 3


def test_corpus_that_cannot_be_read_leaves_no_file_open() -> None:
    def articles() -> Iterator[Article]:
        yield article("a", "t")
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone") as caught:
        Corpus.read(articles())
    frames = [entry.frame.f_locals.get("corpus") for entry in caught.traceback]
    (corpus,) = (found for found in frames if isinstance(found, Corpus))
    with pytest.raises(ValueError, match="closed file"):
        corpus.pages.flush()
