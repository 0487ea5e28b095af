"""`syndicate explain`."""

from __future__ import annotations

from dataclasses import replace

import typer

from syndicate.cli.options import ConfigFile, Inputs, Packs, Url, config_path
from syndicate.cli.terminal import report, tell


def explain(
    inputs: Inputs,
    url: Url = None,
    packs: Packs = None,
    config: ConfigFile = None,
) -> None:
    """Show what each rule took from a page, in its place, and what the page says of its origin.

    Example: syndicate explain page.html --url https://example.org/story
    """
    from syndicate.batch import Account, clean_pages
    from syndicate.clean import Cleaner
    from syndicate.cli.show import show_article
    from syndicate.io.read import Failure, read_pages, without_notes

    cleaner = Cleaner(packs or None, config=config_path(config))
    account = Account()
    pages = (
        page if isinstance(page, Failure) or url is None else replace(page, url=url)
        for page in without_notes(read_pages(inputs), tell)
    )
    for _, article in clean_pages(pages, cleaner, account, report):
        show_article(article, cleaner.rules)
    if account.failed:
        raise typer.Exit(1)
