"""`syndicate match`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.options import Conf, Engine, Master, check_engine, spark_settings
from syndicate.cli.terminal import report, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from syndicate.batch import MatchAccount
    from syndicate.io.inputs import Failure
    from syndicate.model import Article


def match(
    context: typer.Context,
    cleaned: Annotated[
        list[str],
        typer.Argument(metavar="CLEANED", help="What 'syndicate clean' wrote: files, globs, or - for stdin."),
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            help="Folder for the articles, their matches and stories, the graph and the table of outlets.",
        ),
    ],
    engine: Engine = "local",
    master: Master = None,
    conf: Conf = None,
) -> None:
    """Find which articles repost, excerpt or overlap which, and where each story came from.

    \b
    Example: syndicate match cleaned.jsonl -o out/
             syndicate match hdfs:///cleaned.parquet -o hdfs:///graph --engine spark --master yarn
    """  # noqa: D301 - a backspace keeps the lines apart
    check_engine(context, engine)
    if engine == "spark":
        _match_on_spark(cleaned, output, master, conf)
    else:
        _match(cleaned, Path(output))


def _match(cleaned: list[str], output: Path) -> None:
    from syndicate.batch import MatchAccount
    from syndicate.cli.show import show_graph, show_outlets
    from syndicate.io.write import copied_articles, write_graph, write_outlets
    from syndicate.outlets import outlet_table
    from syndicate.story import match_corpus

    articles: list[Article] = []
    failures: list[Failure] = []
    with copied_articles(output) as keep:
        graph = match_corpus(_read(cleaned, articles, failures, keep))
        outlets = outlet_table(graph, articles)
        write_graph(graph, articles, output)
        write_outlets(outlets, output)
    show_graph(graph, articles)
    show_outlets(outlets)
    for chrome in graph.chrome:
        say(f"on {chrome.articles} pages and set aside, as no rule takes it: {chrome.text:.80}")
    _say_account(MatchAccount(len(articles), len(failures), len(graph.matches), len(graph.stories)), str(output))


def _match_on_spark(cleaned: list[str], output: str, master: str | None, conf: list[str] | None) -> None:
    from syndicate.spark.jobs import match_job
    from syndicate.spark.session import open_session

    with open_session(master, spark_settings(conf)) as spark:
        account = match_job(spark, cleaned, output, report)
    _say_account(account, output)


def _say_account(account: MatchAccount, output: str) -> None:
    say(f"{account} in {output}")
    if account.failed:
        raise typer.Exit(1)


def _read(
    cleaned: list[str], articles: list[Article], failures: list[Failure], keep: Callable[[Article], None]
) -> Iterator[Article]:
    """Articles as they are read; each is kept on the disk, and in memory what is told of it without its text."""
    from syndicate.io.read import Failure, read_articles
    from syndicate.story import without_text

    for article in read_articles(cleaned):
        if isinstance(article, Failure):
            report(article)
            failures.append(article)
        else:
            keep(article)
            articles.append(without_text(article))
            yield article
