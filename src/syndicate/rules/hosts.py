"""Host patterns: a host covers its subdomains, and with "=" before it itself alone."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class _Hosted(Protocol):
    @property
    def hosts(self) -> tuple[str, ...]: ...


_T = TypeVar("_T", bound=_Hosted)
_REMEMBERED: Final = 10_000
"""Hosts whose answers are kept."""


class ByHost(Generic[_T]):
    """Things with hosts, found by a page's host without asking each: there may be thousands of publishers.

    Args:
        things: In order of precedence; one without hosts is for any.

    Attributes:
        of: Gives the things for a host, or for none that is known, and those for any, in the order they were given.
    """

    of: Callable[[str | None], tuple[_T, ...]]

    def __init__(self, things: Iterable[_T]) -> None:
        self._anywhere: list[tuple[int, _T]] = []
        self._somewhere: dict[str, list[tuple[int, _T]]] = {}
        for at, thing in enumerate(things):
            for pattern in thing.hosts:
                self._somewhere.setdefault(pattern, []).append((at, thing))
            if not thing.hosts:
                self._anywhere.append((at, thing))
        self.of = lru_cache(maxsize=_REMEMBERED)(self._of)

    def _of(self, host: str | None) -> tuple[_T, ...]:
        found = dict(self._anywhere)
        if host is not None and self._somewhere:
            found |= self._somewhere.get(f"={host}", ())
            suffix = host
            while suffix:
                found |= self._somewhere.get(suffix, ())
                suffix = suffix.partition(".")[2]
        return tuple(found[at] for at in sorted(found))


def any_covers(patterns: tuple[str, ...], host: str | None) -> bool:
    """Whether one of some host patterns covers a host: itself and its subdomains, or with "=" itself alone."""
    return host is not None and any(
        host == pattern[1:] if pattern.startswith("=") else host == pattern or host.endswith(f".{pattern}")
        for pattern in patterns
    )
