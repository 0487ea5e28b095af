"""`syndicate report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from syndicate.cli.options import ConfigFile, Packs, configured_rules
from syndicate.cli.terminal import say


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What 'syndicate match' wrote.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The file; stdout if not given.")] = None,
    form: Annotated[
        Literal["html", "md"], typer.Option("--format", help="One HTML file, or Markdown for a chat or a ticket.")
    ] = "html",
    title: Annotated[str, typer.Option("--title", help="What stands above it.")] = "Who copies whom",
    articles: Annotated[
        list[str] | None,
        typer.Option("--articles", metavar="CLEANED", help="Where the articles are, if not in DIR. Repeat for more."),
    ] = None,
    packs: Packs = None,
    config: ConfigFile = None,
) -> None:
    """Make a report that people look at: one file, which needs no network and no server.

    Example: syndicate report out/ -o report.html
    """
    from syndicate.report.build import read_report, write_html, write_markdown

    made = read_report(folder, configured_rules(packs, config), articles or ())
    write = write_html if form == "html" else write_markdown
    with made.corpus:
        write(made, output, title)
    if output is not None:
        say(f"{len(made.corpus.articles)} articles, {len(made.views)} stories in {output}")
