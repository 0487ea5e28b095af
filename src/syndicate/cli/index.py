"""`syndicate index`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from syndicate.cli.terminal import report, say

app = typer.Typer(
    help="Keep articles on disk, and find them again by the text they share.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Database = Annotated[str, typer.Argument(metavar="DB", help="The index: a file, or postgresql://user@host/database.")]
Cleaned = Annotated[
    list[str], typer.Argument(metavar="CLEANED", help="What 'syndicate clean' wrote: files, globs, or - for stdin.")
]


@app.command()
def add(
    database: Database,
    cleaned: Cleaned,
    batch: Annotated[
        int, typer.Option(min=1, help="Articles a transaction; an interruption loses one batch at the most.")
    ] = 1000,
) -> None:
    """Add cleaned articles; one whose id is there takes the place of the other. The index is made if it is not there.

    Example: syndicate index add news.db cleaned.jsonl
    """
    from syndicate.batch import Account, add_articles
    from syndicate.errors import StoreError
    from syndicate.index import Index
    from syndicate.io.read import read_articles

    account = Account()
    with Index.open(database) as index:
        try:
            add_articles(read_articles(cleaned), index, account, report, batch=batch)
        except StoreError:
            say(f"stopped after {account}")
            raise
        say(f"{account}; {len(index):,} articles in {database}")
    if account.failed:
        raise typer.Exit(1)


@app.command()
def match(
    database: Database,
    cleaned: Cleaned,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where to write; stdout if not given.")
    ] = None,
) -> None:
    """Find the stored articles that share text with these: a line of JSON a match, the best first; nothing is added.

    Example: syndicate index match news.db today.jsonl -o matches.jsonl
    """
    from syndicate.batch import Account, match_articles
    from syndicate.index import Index
    from syndicate.io.read import read_articles
    from syndicate.io.write import json_line, whole_file

    account = Account()
    count = 0
    with Index.open(database, create=False) as index, whole_file(output) as file:
        for article, found in match_articles(read_articles(cleaned), index, account, report):
            file.writelines(json_line(one.to_dict()) for one in found.matches)
            count += len(found.matches)
            if found.common:
                say(f"note: {article.id}: set aside, since it stands in too many articles: {found.common[0]!r} ...")
    say(f"{account}; {count:,} matches")
    if account.failed:
        raise typer.Exit(1)


@app.command()
def story(
    database: Database,
    article: Annotated[str, typer.Argument(metavar="ID", help="Id of a stored article.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where to write; stdout if not given.")
    ] = None,
) -> None:
    """Tell the story that a stored article is of: who ran it, who copied from whom, where it came from, and why.

    A table on a terminal; elsewhere a line of JSON, as 'syndicate match' writes them.

    Example: syndicate index story news.db https://example.org/story
    """
    from syndicate.cli.show import show_story
    from syndicate.index import Index
    from syndicate.io.write import json_line, whole_file

    with Index.open(database, create=False) as index:
        found = index.story(article)
        if found is None and article not in index:
            say(f"failed: {article}: no such article")
            raise typer.Exit(1)
        if found is not None and output is None and sys.stdout.isatty():
            names = dict.fromkeys((*found.members, *(edge.copy for edge in found.edges)))
            show_story(found, filter(None, map(index.get, names)))
            return
    with whole_file(output) as file:
        file.writelines([json_line(found.to_dict())] if found is not None else [])
    if found is None:
        say(f"{article}: of no story; 'syndicate index match' tells whether it shares text with others")


@app.command()
def remove(
    database: Database, ids: Annotated[list[str], typer.Argument(metavar="ID", help="Ids of articles.")]
) -> None:
    """Remove articles by their ids.

    Example: syndicate index remove news.db https://example.org/withdrawn
    """
    from syndicate.index import Index

    with Index.open(database, create=False) as index:
        missing = [name for name in ids if not index.remove(name)]
        for name in missing:
            say(f"failed: {name}: no such article")
        say(f"{len(ids)} seen = {len(ids) - len(missing)} removed + {len(missing)} failed; {len(index):,} left")
    if missing:
        raise typer.Exit(1)


@app.command()
def stats(database: Database) -> None:
    """Count what an index holds; common are the samples of text that stand in too many articles to say anything.

    Example: syndicate index stats news.db
    """
    from dataclasses import asdict

    from syndicate.index import Index

    with Index.open(database, create=False) as index:
        for name, value in asdict(index.stats()).items():
            typer.echo(f"{name:>8}  {value:,}" if isinstance(value, int) else f"{name:>8}  {value}")


@app.command()
def check(database: Database) -> None:
    """Look for damage: in structure, in counts, and in the checksum of everything that is kept.

    Example: syndicate index check news.db
    """
    from syndicate.cli.terminal import safe
    from syndicate.index import Index

    with Index.open(database, create=False) as index:
        damage = index.check()
        for line in damage:
            typer.echo(safe(line))
        say(f"{len(index):,} articles, {len(damage)} problems" if damage else f"{len(index):,} articles, all is well")
    if damage:
        raise typer.Exit(1)
