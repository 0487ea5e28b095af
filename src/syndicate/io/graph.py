"""Matches, stories and chrome as `syndicate match` wrote them, read back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from syndicate.errors import InputError
from syndicate.graph import Chrome, Match, Story, SyndicationGraph

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_Row = TypeVar("_Row")


def read_graph(folder: Path) -> SyndicationGraph:
    """Read matches.jsonl, stories.jsonl and chrome.jsonl.

    Raises:
        InputError: One of them is not there, or a line of it is not what `write_graph` wrote.
    """
    return SyndicationGraph(
        _rows(folder / "matches.jsonl", Match.from_dict),
        _rows(folder / "stories.jsonl", Story.from_dict),
        _rows(folder / "chrome.jsonl", Chrome.from_dict),
    )


def _rows(path: Path, made: Callable[[Mapping[str, Any]], _Row]) -> tuple[_Row, ...]:
    rows: list[_Row] = []
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InputError(
            f"{path}: {error.strerror}; give the folder that 'syndicate match ... -o FOLDER' wrote"
        ) from error
    for number, line in enumerate(lines, 1):
        try:
            rows.append(made(json.loads(line)))
        except (InputError, ValueError, RecursionError) as error:
            raise InputError(f"{path}:{number}: {error}; run 'syndicate match' again") from error
    return tuple(rows)
