"""A cleaner on its way to executors, which need not have the rule packs it was made with."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from syndicate.clean import arrived
from syndicate.rules.packs import DEFAULT_PACKS, pack_files

if TYPE_CHECKING:
    from syndicate.clean import Cleaner
    from syndicate.rules.config import Config


@dataclass(frozen=True, slots=True)
class ShippedCleaner:
    """A cleaner's settings with the content of its rule files; `syndicate.toml` is in the settings as it was read.

    Attributes:
        config: The settings.
        parser: What parses raw HTML.
        stamps: Names and stamps of the packs it was made with.
        packs: In their order, the names of packs that come with syndicate, and what the files of all others say.
    """

    config: Config
    parser: str
    stamps: tuple[tuple[str, str], ...]
    packs: tuple[str | bytes, ...]

    @classmethod
    def of(cls, cleaner: Cleaner) -> Self:
        """A cleaner with its rule files, read here.

        Raises:
            InputError: A pack is no longer there.
        """
        packs: list[str | bytes] = []
        for name in cleaner.config.packs:
            packs += [name] if name in DEFAULT_PACKS else [file.read_bytes() for file in pack_files(name)]
        return cls(cleaner.config, cleaner.parser, cleaner.stamps, tuple(packs))

    def cleaner(self) -> Cleaner:
        """The cleaner again: loaded once in a process, however often it is asked for.

        Raises:
            InputError: The packs that come with syndicate are others here, or changed while it was shipped.
        """
        return _unpacked(self)


@lru_cache(maxsize=4)
def _unpacked(shipped: ShippedCleaner) -> Cleaner:
    with tempfile.TemporaryDirectory(prefix="syndicate-packs-") as folder:
        packs: list[str] = []
        for at, pack in enumerate(shipped.packs):
            if isinstance(pack, bytes):
                file = Path(folder, f"{at}.toml")
                file.write_bytes(pack)
                packs.append(str(file))
            else:
                packs.append(pack)
        return arrived(replace(shipped.config, packs=tuple(packs)), shipped.parser, shipped.stamps)
