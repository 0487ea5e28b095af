"""Host patterns, asked one by one and all at once."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.rules.hosts import ByHost, any_covers


class Thing(NamedTuple):
    hosts: tuple[str, ...]


@pytest.mark.parametrize(
    ("pattern", "host", "covered"),
    [
        ("lock.example", "lock.example", True),
        ("lock.example", "m.lock.example", True),
        ("lock.example", "padlock.example", False),
        ("=lock.example", "lock.example", True),
        ("=lock.example", "m.lock.example", False),
        ("lock.example", None, False),
    ],
)
def test_a_host_covers_its_subdomains_and_with_an_equals_sign_itself_alone(
    pattern: str, host: str | None, covered: bool
) -> None:
    assert any_covers((pattern,), host) is covered


_LABELS = st.lists(st.sampled_from(("a", "b", "news")), min_size=1, max_size=3).map(".".join)
_PATTERNS = st.tuples(st.sampled_from(("", "=")), _LABELS).map("".join)


@given(st.lists(st.lists(_PATTERNS, max_size=3).map(tuple).map(Thing), max_size=6), st.none() | _LABELS)
def test_all_at_once_finds_what_one_by_one_finds_in_the_same_order(things: list[Thing], host: str | None) -> None:
    one_by_one = [thing for thing in things if not thing.hosts or any_covers(thing.hosts, host)]
    assert list(ByHost(things).of(host)) == one_by_one
