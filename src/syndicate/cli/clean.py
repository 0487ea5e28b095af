"""`syndicate clean`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from syndicate.cli.options import DEFAULT_PACKS, Packs

if TYPE_CHECKING:
    from syndicate.io.read import Failure
    from syndicate.model import Article, Page


class InputFormat(StrEnum):
    """What the inputs are."""

    AUTO = "auto"
    HTML = "html"
    TEXT = "text"
    JSONL = "jsonl"


class OutputFormat(StrEnum):
    """What is written."""

    JSONL = "jsonl"
    TEXT = "text"


class Confidence(StrEnum):
    """How sure a rule must be."""

    POSSIBLE = "possible"
    LIKELY = "likely"
    CERTAIN = "certain"


def clean(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Files, folders, globs, or - for stdin.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where to write; stdout if not given.")
    ] = None,
    source: Annotated[InputFormat, typer.Option("--from", help="What the inputs are.")] = InputFormat.AUTO,
    target: Annotated[OutputFormat, typer.Option("--to", help="What to write.")] = OutputFormat.JSONL,
    packs: Packs = DEFAULT_PACKS,
    min_confidence: Annotated[
        Confidence, typer.Option("--min-confidence", help="Leave out rules less sure than this.")
    ] = Confidence.POSSIBLE,
    parser: Annotated[
        str, typer.Option(help="lexbor, or a BeautifulSoup tree builder: lxml, html5lib, html.parser.")
    ] = "lexbor",
    why: Annotated[
        bool, typer.Option("--why", help="Also list what was left out of pages: menus and the like.")
    ] = False,
) -> None:
    """Strip the chrome from pages: one line of JSON a page, in the order of the inputs.

    Example: syndicate clean pages/ -o cleaned.jsonl
    """
    from syndicate.batch import Account, clean_pages
    from syndicate.clean import Cleaner
    from syndicate.io.read import read_pages
    from syndicate.io.write import article_line, whole_file

    cleaner = Cleaner(packs, parser=parser, min_confidence=min_confidence)
    pages = read_pages(inputs, source)
    account = Account()
    with whole_file(output) as file:
        for page, article in clean_pages(pages, cleaner, account, _report):
            _note(page, article)
            if target is OutputFormat.JSONL:
                file.write(article_line(article, page.extra, why=why))
            else:
                _write_text(file, article, headed=account.counts.total() > 1 or len(inputs) > 1)
    typer.echo(str(account), err=True)
    if account.failed:
        raise typer.Exit(1)


def _report(failure: Failure) -> None:
    typer.echo(f"failed: {failure.place}: {failure.message}", err=True)


def _note(page: Page, article: Article) -> None:
    if article.reason:
        typer.echo(f"{article.status}: {page.id}: {article.reason}", err=True)
    for note in article.notes:
        typer.echo(f"note: {page.id}: {note}", err=True)


def _write_text(file: IO[bytes], article: Article, *, headed: bool) -> None:
    """The text alone; with several pages each under a line that names it, as `head` does."""
    head = f"==> {article.id} <==\n" if headed else ""
    file.write(f"{head}{article.text}\n".encode(errors="replace"))
    if headed:
        file.write(b"\n")
