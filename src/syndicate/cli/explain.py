"""`syndicate explain`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicate.cli.options import ConfigFile, Inputs, Packs, Url, config_path
from syndicate.cli.terminal import report, say, tell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from syndicate.clean import Cleaner
    from syndicate.model import Article


def explain(
    inputs: Inputs,
    url: Url = None,
    html: Annotated[
        bool, typer.Option("--html", help="Make one HTML file of it, which needs no network and no server.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file of --html; stdout if not given.")
    ] = None,
    packs: Packs = None,
    config: ConfigFile = None,
) -> None:
    """Show what each rule took from a page, in its place, and what the page says of its origin.

    Example: syndicate explain page.html --url https://example.org/story
    """
    from syndicate.batch import Account, clean_pages
    from syndicate.clean import Cleaner
    from syndicate.errors import InputError
    from syndicate.io.read import Failure, read_pages, without_notes

    if output is not None and not html:
        raise InputError("-o names the file of --html: give both")
    cleaner = Cleaner(packs or None, config=config_path(config))
    account = Account()
    pages = (
        page if isinstance(page, Failure) or url is None else replace(page, url=url)
        for page in without_notes(read_pages(inputs), tell)
    )
    articles = (article for _, article in clean_pages(pages, cleaner, account, report))
    if html:
        _write(articles, cleaner, output)
    else:
        _show(articles, cleaner)
    if account.failed:
        raise typer.Exit(1)


def _show(articles: Iterable[Article], cleaner: Cleaner) -> None:
    from syndicate.cli.show import show_article

    for article in articles:
        show_article(article, cleaner.rules)


def _write(articles: Iterable[Article], cleaner: Cleaner, output: Path | None) -> None:
    from syndicate.report.build import write_articles_html

    count = write_articles_html(articles, cleaner.rules, output)
    if output is not None:
        say(f"{count} article{'s' * (count != 1)} in {output}")
