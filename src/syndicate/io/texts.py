"""Cleaned texts as files of their own, one a page, named by the pages' ids."""

from __future__ import annotations

import re
import shutil
import sys
from bisect import bisect_left
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from syndicate.encoding import encoded
from syndicate.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_ODD: Final = re.compile(r"[^\w.-]+")
"""What a name had better not have: separators, wild cards, controls, spaces, and what shells and Windows read."""
_DEVICES: Final = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
"""Names that are devices on Windows, whatever follows a dot."""
_LONGEST: Final = 120
"""Bytes of a name, of the 255 that file systems take, before its hash and ending."""


def write_texts(folder: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Write a file for each cleaned article that has a text, into a folder that appears when all of them are there.

    Args:
        folder: The folder; it must be new, or empty.
        records: The articles' JSON, read as they are written.

    Raises:
        InputError: The folder cannot be written.
    """
    part = folder.with_name(f".{folder.name}.files")
    try:
        shutil.rmtree(part, ignore_errors=True)  # a killed run's
        part.mkdir(parents=True)
        for record in records:
            if record["text"]:
                _free(part, text_name(record["id"])).write_bytes(f"{record['text']}\n".encode(errors="replace"))
        if folder.exists():
            folder.rmdir()
        part.replace(folder)
    except OSError as error:
        raise InputError(f"{folder}: cannot write: {error.strerror or error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def text_name(id: str) -> str:  # noqa: A002
    """A file's name for a page's id, without its ending: the same on every system, and inside of the folder.

    A name that cannot say all of the id ends in a hash of it, so that two ids have two names; case tells no two names
    apart, so an id with capitals has a hash, too.
    """
    words = _ODD.sub("-", encoded(id).decode(errors="ignore")).strip("-.").casefold()
    name = words.encode()[:_LONGEST].decode(errors="ignore")
    if _DEVICES.match(name) or not name:
        name = f"page-{name}".rstrip("-")
    return name if name == id else f"{name}-{blake2b(encoded(id), digest_size=6).hexdigest()}"


def _free(folder: Path, name: str) -> Path:
    """A path that no page has yet: a feed may bring the same id twice."""
    path = folder / f"{name}.txt"
    if not path.exists():
        return path
    numbers = range(2, sys.maxsize)  # those that are taken come first, without a gap
    at = bisect_left(numbers, True, key=lambda number: not (folder / f"{name}~{number}.txt").exists())
    return folder / f"{name}~{numbers[at]}.txt"
