"""What is left of pages, set down by publisher: on disk, so that memory holds no texts."""

from __future__ import annotations

from collections import defaultdict
from hashlib import blake2b
from typing import TYPE_CHECKING, Self

from syndicate.learn.left import Left
from syndicate.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType


class Shelf:
    """What is left of pages, by publisher; gone when this is closed.

    Attributes:
        passed_over: Pages of which nobody knows whose they are, that are no text, or of other publishers.
    """

    def __init__(self) -> None:
        self._spool = Spool()
        self._sites: defaultdict[str, list[tuple[bytes, int]]] = defaultdict(list)
        self.passed_over = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.__exit__(kind, error, trace)

    def add(self, site: str, packed: bytes) -> None:
        """Set down what is left of a page."""
        self._sites[site].append((blake2b(packed, digest_size=8).digest(), len(self._spool)))
        self._spool.extend([packed])

    def sites(self) -> list[tuple[str, int]]:
        """The publishers, with how many pages each has."""
        self._spool.flush()
        return sorted((site, len(pages)) for site, pages in self._sites.items())

    def pages(self, site: str) -> Iterator[Left]:
        """What is left of a publisher's pages, in an order that only their content tells."""
        for _, number in sorted(self._sites[site]):
            yield Left.unpacked(self._spool.read(number))
