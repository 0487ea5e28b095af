"""Rule packs by name or path, loaded once."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
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


def load_packs(packs: Iterable[str | Path] = DEFAULT_PACKS, *, vet: bool = False) -> RuleSet:
    """Load packs by name or path, the more specific later.

    Args:
        packs: "core" and "publishers" come with the package; anything else is a rule file or a folder of them.
        vet: Hold the packs that come with the package as strictly as a user's own, whose patterns are all compiled.

    Raises:
        InputError: There is no such pack.
        RuleError: Something is wrong in a rule file.
    """
    files = [file for pack in packs for file in pack_files(pack)]
    return _load(tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files), vet)


@cache
def _load(files: tuple[tuple[str, int, int], ...], vet: bool) -> RuleSet:
    """Load files once; an edited file has another time or size."""
    vetted = None if vet else rules_folder()
    return RuleSet(*load_files([Path(file) for file, _, _ in files], standard_fragments(), vetted))


def named_packs() -> tuple[str, ...]:
    """The packs that come with the package, or are brought by another that is installed."""
    return (*DEFAULT_PACKS, *_installed())


def is_named(pack: str) -> bool:
    """Whether a pack is known by its name."""
    return pack in named_packs()


def pack_files(pack: str | Path) -> list[Path]:
    """The rule files of a pack given by name or path, in name order.

    Raises:
        InputError: There is no such pack.
    """
    name = str(pack)
    path = rules_folder() / name if name in DEFAULT_PACKS else _installed().get(name, Path(pack))
    if path.is_file():
        return [path]
    files = sorted(path.rglob("*.toml")) if path.is_dir() else []
    if not files:
        named = ", ".join(map(repr, named_packs()))
        raise InputError(f"no rule pack {name!r}: give {named}, a .toml file, or a folder of them")
    return files


@cache
def _installed() -> dict[str, Path]:
    """Folders of the packs that installed packages bring: entry points of the group `syndicate.packs`.

    The entry point's name is the pack's, its value a package whose folder holds rule files. The package is looked
    up and not run: a rule pack is data.
    """
    folders: dict[str, Path] = {}
    for entry in entry_points(group="syndicate.packs"):
        spec = find_spec(entry.module)
        if spec is not None and spec.submodule_search_locations:
            folders[entry.name] = Path(spec.submodule_search_locations[0])
    return folders
