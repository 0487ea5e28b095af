"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Packs = Annotated[
    list[str],
    typer.Option(
        "--packs",
        metavar="PACK",
        help="A rule pack: core, publishers, a .toml file, or a folder of them. Repeat for more; later ones win.",
    ),
]
DEFAULT_PACKS = ["core", "publishers"]

Url = Annotated[
    str | None,
    typer.Option("--url", help="The page's address: picks its publisher's packs and tells its outlet."),
]
