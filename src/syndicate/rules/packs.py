"""Rule packs by name or path, loaded once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from syndicate.errors import InputError
from syndicate.rules.folder import rules_folder
from syndicate.rules.fragments import standard_fragments
from syndicate.rules.load import load_files
from syndicate.rules.match import RuleSet

if TYPE_CHECKING:
    from collections.abc import Iterable

DEFAULT_PACKS: Final = ("core", "publishers")


def load_packs(packs: Iterable[str | Path] = DEFAULT_PACKS) -> RuleSet:
    """Load packs by name or path, the more specific later.

    Args:
        packs: "core" and "publishers" come with the package; anything else is a rule file or a folder of them.

    Raises:
        InputError: There is no such pack.
        RuleError: Something is wrong in a rule file.
    """
    files = [file for pack in packs for file in pack_files(pack)]
    return _load(tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files))


@cache
def _load(files: tuple[tuple[str, int, int], ...]) -> RuleSet:
    """Load files once; an edited file has another time or size."""
    return RuleSet(*load_files([Path(file) for file, _, _ in files], standard_fragments()))


def pack_files(pack: str | Path) -> list[Path]:
    """The rule files of a pack given by name or path, in name order."""
    path = rules_folder() / pack if str(pack) in DEFAULT_PACKS else Path(pack)
    if path.is_file():
        return [path]
    files = sorted(path.rglob("*.toml")) if path.is_dir() else []
    if not files:
        raise InputError(
            f"no rule pack {str(pack)!r}: give 'core' or 'publishers', a .toml file, or a folder of them"
        )
    return files
