"""Text for a terminal, which must print it and not obey it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import typer

from syndicate.encoding import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from syndicate.io.inputs import Failure, Note


def safe(text: str) -> str:
    """Text with its control characters and halves of characters shown as escapes."""
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


_bars: Final[list[Console]] = []
"""Where a bar stands at the foot of the terminal; at most one."""


@contextmanager
def above(bar: Console) -> Iterator[None]:
    """Lines are printed above a bar meanwhile."""
    _bars.append(bar)
    try:
        yield
    finally:
        _bars.remove(bar)


def say(message: str) -> None:
    """Print a line for people, on stderr."""
    for console in _bars:
        console.print(safe(message), markup=False, highlight=False, soft_wrap=True)
    if not _bars:
        typer.echo(safe(message), err=True)


def tell(note: Note) -> None:
    """Say what a person should know of an input."""
    say(f"note: {note.place}: {note.message}")


def report(failure: Failure) -> None:
    """Say which input failed, and why."""
    say(f"failed: {failure.place}: {failure.message}")
