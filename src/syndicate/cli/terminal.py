"""Text for a terminal, which must print it and not obey it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from syndicate.io.inputs import Failure, Note

_CONTROLS: Final = (range(9), range(11, 32), range(127, 160), range(0x202A, 0x202F), range(0x2066, 0x206A))
_SURROGATES: Final = range(0xD800, 0xE000)
_UNSAFE: Final = {code: f"\\u{code:04x}" for codes in (*_CONTROLS, _SURROGATES) for code in codes}


def safe(text: str) -> str:
    """Text with its control characters and halves of characters shown as escapes."""
    return text.translate(_UNSAFE)


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
