"""`syndicate clean`."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from syndicate.cli.options import ConfigFile, MinConfidence, Packs, Preview, SiteRepeats, config_path
from syndicate.cli.terminal import report, say, tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from syndicate.clean import Cleaner
    from syndicate.extract import Repeats
    from syndicate.io.read import Failure
    from syndicate.model import Article, Page


def clean(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="Files, folders, globs, or - for stdin.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where to write; stdout if not given.")
    ] = None,
    source: Annotated[
        Literal["auto", "html", "text", "jsonl"], typer.Option("--from", help="What the inputs are.")
    ] = "auto",
    target: Annotated[Literal["jsonl", "text"], typer.Option("--to", help="What to write.")] = "jsonl",
    packs: Packs = None,
    config: ConfigFile = None,
    preview: Preview = None,
    min_confidence: MinConfidence = None,
    parser: Annotated[
        str, typer.Option(help="lexbor, or a BeautifulSoup tree builder: lxml, html5lib, html.parser.")
    ] = "lexbor",
    why: Annotated[
        bool, typer.Option("--why", help="Also list what was left out of pages: menus and the like.")
    ] = False,
    across: SiteRepeats = False,
) -> None:
    """Strip the chrome from pages: one line of JSON a page, in the order of the inputs.

    Example: syndicate clean pages/ -o cleaned.jsonl
    """
    from syndicate.batch import Account, clean_pages
    from syndicate.clean import Cleaner
    from syndicate.io.write import article_line, whole_file

    cleaner = Cleaner(
        packs or None, config=config_path(config), parser=parser, min_confidence=min_confidence, preview=preview
    )
    repeats = _repeats(inputs, source, cleaner) if across else None
    account = Account()
    cleaned = clean_pages(_read(inputs, source), cleaner, account, report, repeats)
    with whole_file(output) as file:
        if target == "text":
            file.writelines(_texts(_noted(cleaned)))
        else:
            file.writelines(article_line(article, page.extra, why=why) for page, article in _noted(cleaned))
    say(str(account))
    if account.failed:
        raise typer.Exit(1)


def _read(inputs: list[str], source: str) -> Iterator[Page | Failure]:
    from syndicate.io.read import ReadOptions, read_pages, without_notes

    return without_notes(read_pages(inputs, ReadOptions(source)), tell)


def _repeats(inputs: list[str], source: str, cleaner: Cleaner) -> dict[str, Repeats]:
    from syndicate.batch import site_repeats
    from syndicate.io.read import ReadOptions, check_rereadable, read_pages, without_notes

    check_rereadable(inputs)
    # The notes are told when the pages are cleaned.
    return site_repeats(without_notes(read_pages(inputs, ReadOptions(source)), lambda _: None), cleaner)


def _noted(cleaned: Iterable[tuple[Page, Article]]) -> Iterator[tuple[Page, Article]]:
    """The articles as they come, with a word for people on those that want one."""
    for page, article in cleaned:
        if article.reason:
            say(f"{article.status}: {page.id}: {article.reason}")
        for note in article.notes:
            say(f"note: {page.id}: {note}")
        yield page, article


def _texts(cleaned: Iterator[tuple[Page, Article]]) -> Iterator[bytes]:
    """The texts alone; where there are several, each under a line that names it, as `head` does."""
    first = next(cleaned, None)
    second = next(cleaned, None)
    for _, article in chain((pair for pair in (first, second) if pair), cleaned):
        head, tail = (f"==> {article.id} <==\n", "\n") if second else ("", "")
        yield f"{head}{article.text}\n{tail}".encode(errors="replace")
