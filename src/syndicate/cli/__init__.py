"""The command line: Typer commands without logic. Results go to stdout or a file, everything else to stderr.

Exit codes: 0 good; 1 finished, but some inputs failed; 2 wrong use or a bad rule, nothing processed; 130 interrupted.
"""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from syndicate.cli import index, rules
from syndicate.cli.clean import clean
from syndicate.cli.explain import explain
from syndicate.cli.match import match
from syndicate.cli.report import report
from syndicate.cli.terminal import say

app = typer.Typer(
    name="syndicate",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(clean)
app.command()(explain)
app.command()(match)
app.command()(report)
app.add_typer(index.app, name="index")
app.add_typer(rules.app, name="rules")


def _version(wanted: bool) -> None:
    if wanted:
        from syndicate.version import __version__

        typer.echo(f"syndicate {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Strip publisher chrome from scraped news, and find who reposted whom.

    Results go to stdout or a file, everything else to stderr. Exit codes: 0 good; 1 finished, but some inputs failed;
    2 wrong use or a bad rule, nothing processed; 130 interrupted. No connection to a network is ever opened, but to
    the PostgreSQL server that you name, and by Spark where you ask for it. NO_COLOR turns colours off.

    \b
    Example: syndicate clean pages/ -o cleaned.jsonl
             syndicate match cleaned.jsonl -o graph/
             syndicate COMMAND --help
    """  # noqa: D301 - a backspace keeps the lines apart


def main() -> None:
    """Run the command line; Typer turns wrong use and an interruption into exit codes, this the package's errors."""
    from syndicate.errors import RuleError, SyndicateError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that is not Unicode still shows a page
    try:
        app()
    except RuleError as error:
        for problem in error.problems:
            say(str(problem))
        sys.exit(2)
    except SyndicateError as error:
        say(f"error: {error}")
        sys.exit(2)
