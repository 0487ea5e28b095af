"""A report from what `syndicate match` wrote, or of some articles by themselves."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from syndicate.errors import InputError
from syndicate.io.graph import read_graph
from syndicate.io.read import Failure, read_articles
from syndicate.io.write import ARTICLES, whole_file
from syndicate.outlets import OutletTable, outlet_table
from syndicate.report.corpus import Corpus
from syndicate.report.figures import Figures, make_figures
from syndicate.report.page import page, rendered
from syndicate.report.pieces import Homes, alone_pieces, search_index, story_pieces
from syndicate.report.story import StoryView, story_view

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from syndicate.graph import SyndicationGraph
    from syndicate.model import Article
    from syndicate.rules.match import RuleSet


@dataclass(frozen=True, slots=True)
class Report:
    """A graph with its articles, counted and put together.

    Attributes:
        graph: Matches and stories.
        corpus: Their articles; to be closed when the report is written.
        table: Both counted by outlets.
        views: The stories as they are shown.
        figures: What the first page shows.
        rules: What the rules of the packs at hand are for.
    """

    graph: SyndicationGraph
    corpus: Corpus
    table: OutletTable
    views: tuple[StoryView, ...]
    figures: Figures
    rules: RuleSet


def read_report(folder: Path, rules: RuleSet, cleaned: Sequence[str] = ()) -> Report:
    """Put a report together.

    Args:
        folder: What `syndicate match` wrote.
        rules: The packs at hand.
        cleaned: Where the articles are, as `read_articles` takes it; those that lie in the folder if not given.

    Raises:
        InputError: The folder has no graph, or an article of it is missing or cannot be read.
    """
    graph = read_graph(folder)
    if not cleaned and not (folder / ARTICLES).is_file():
        raise InputError(f"{folder / ARTICLES}: no such file; say with --articles where the cleaned articles are")
    corpus = Corpus.read(_good(read_articles(cleaned or [str(folder / ARTICLES)])))
    with ExitStack() as stack:
        stack.push(corpus)
        _check(graph, corpus)
        table = outlet_table(graph, corpus.articles)
        views = tuple(story_view(number, story, corpus, table.names) for number, story in enumerate(graph.stories))
        report = Report(graph, corpus, table, views, make_figures(graph, corpus, table, rules), rules)
        stack.pop_all()  # it is closed here only where something is wrong
    return report


def write_html(report: Report, path: Path | None, title: str) -> None:
    """Write the one file.

    Args:
        report: What to show.
        path: Where; standard output for None.
        title: What it is a report of.

    Raises:
        InputError: The file cannot be written.
    """
    homes = Homes(report.views, len(report.corpus.articles))
    columns = search_index(report.corpus, report.views, homes, report.table) | _summaries(report.corpus, report.rules)
    values = {
        "title": title, "start": "#/", "figures": report.figures, "views": report.views,
        "count": len(report.corpus.articles), "numbers": report.corpus.numbers,
    }  # fmt: skip
    with whole_file(path) as file:
        file.writelines(page(values, columns, _pieces(report, homes)))


def write_markdown(report: Report, path: Path | None, title: str) -> None:
    """Write the figures and the most reposted stories for a chat or a ticket; arguments as of `write_html`."""
    values = {"figures": report.figures, "views": report.views, "count": len(report.corpus.articles)}
    with whole_file(path) as file:
        file.write(rendered("report.md", title=title, **values).encode("utf-8", "replace"))


def write_articles_html(articles: Iterable[Article], rules: RuleSet, path: Path | None) -> int:
    """Write a file with nothing but articles, each with what was taken from it.

    Args:
        articles: Cleaned articles.
        rules: What the rules that took it are for.
        path: Where; standard output for None.

    Returns:
        How many articles it holds.

    Raises:
        InputError: The file cannot be written.
    """
    with Corpus.read(articles) as corpus:
        table = OutletTable((), (), (), {article.id: article.outlet or "" for article in corpus.articles})
        homes = Homes((), len(corpus.articles))
        columns = search_index(corpus, (), homes, table) | _summaries(corpus, rules)
        is_one = len(corpus.articles) == 1
        values = {
            "title": "What was taken, and why", "start": "#/article/0" if is_one else "#/articles", "figures": None,
        }  # fmt: skip
        with whole_file(path) as file:
            file.writelines(page(values, columns, alone_pieces(corpus, homes)))
        return len(corpus.articles)


def _good(articles: Iterable[Article | Failure]) -> Iterator[Article]:
    for article in articles:
        if isinstance(article, Failure):
            raise InputError(f"{article.place}: {article.message}")
        yield article


def _check(graph: SyndicationGraph, corpus: Corpus) -> None:
    """Make sure that all articles of a graph are there."""
    of_stories = (one for story in graph.stories for one in (*story.members, *(edge.copy for edge in story.edges)))
    of_matches = (one for match in graph.matches for one in (match.a, match.b))
    for ids in (of_stories, of_matches):
        missing = next((one for one in ids if one not in corpus.numbers), None)
        if missing is not None:
            raise InputError(
                f"article {missing!r:.80} of the graph is not among those given: give the articles that it was made "
                "of, or run 'syndicate match' again"
            )


def _summaries(corpus: Corpus, rules: RuleSet) -> dict[str, Mapping[str, str]]:
    """What the rules that fired are for."""
    return {"rules": {rule.id: rule.summary for rule in rules.rules if rule.id in corpus.rules}}


def _pieces(report: Report, homes: Homes) -> Iterator[dict[str, Any]]:
    shared = {"numbers": report.corpus.numbers}
    pieces = story_pieces(report.graph, report.corpus, report.views, homes)
    for view, piece in zip(report.views, pieces, strict=True):
        yield piece | {"html": rendered("story.html", view=view, **shared)}
    yield from alone_pieces(report.corpus, homes)
