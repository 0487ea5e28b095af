"""Which hosts are one site."""

from __future__ import annotations

import pytest

from syndicate.parse.site import same_site


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ledger.co.uk", "ledger.co.uk", True),
        ("edition.ledger.co.uk", "us.ledger.co.uk", True),
        ("m.ledger.example", "ledger.example", True),
        ("ledger.co.uk", "courier.co.uk", False),
        ("ledger.blogspot.com", "courier.blogspot.com", False),
        ("localhost", "localhost", True),
    ],
)
def test_hosts_are_one_site_under_one_registrable_domain(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same
    assert same_site(other, one) is same
