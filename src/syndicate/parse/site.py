"""Which hosts belong to one site: those under one registrable domain."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any


def same_site(one: str, other: str) -> bool:
    """Whether two hosts belong to one site: "edition.ledger.co.uk" and "ledger.co.uk" do, two hosted blogs do not."""
    return one == other or (registrable_domain(one) or one) == (registrable_domain(other) or other)


@lru_cache(maxsize=10_000)
def registrable_domain(host: str) -> str | None:
    """The part of a host that someone registered, by the Public Suffix List; None where there is none."""
    domain: str | None = _suffixes().privatesuffix(host.lower().rstrip("."))
    return domain


@cache
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
