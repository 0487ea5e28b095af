"""`syndicate match`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from syndicate.cli.terminal import report, say


def match(
    cleaned: Annotated[
        list[str],
        typer.Argument(metavar="CLEANED", help="What 'syndicate clean' wrote: files, globs, or - for stdin."),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Folder for matches, stories, the graph and the table of outlets.")
    ],
) -> None:
    """Find which articles repost, excerpt or overlap which, and where each story came from.

    Example: syndicate match cleaned.jsonl -o out/
    """
    from syndicate.cli.show import show_graph, show_outlets
    from syndicate.io.read import Failure, read_articles
    from syndicate.io.write import write_graph, write_outlets
    from syndicate.outlets import outlet_table
    from syndicate.story import match_corpus

    articles = []
    failed = 0
    for article in read_articles(cleaned):
        if isinstance(article, Failure):
            report(article)
            failed += 1
        else:
            articles.append(article)
    graph = match_corpus(articles)
    outlets = outlet_table(graph, articles)
    write_graph(graph, articles, output)
    write_outlets(outlets, output)
    show_graph(graph, articles)
    show_outlets(outlets)
    for chrome in graph.chrome:
        say(f"on {chrome.articles} pages and set aside, as no rule takes it: {chrome.text:.80}")
    say(
        f"{len(articles) + failed} seen = {len(articles)} ok + {failed} failed; "
        f"{len(graph.matches)} matches, {len(graph.stories)} stories in {output}"
    )
    if failed:
        raise typer.Exit(1)
