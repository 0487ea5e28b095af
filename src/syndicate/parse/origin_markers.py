"""Markers of origin in the markup: what republishers put there so that the original can be found."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from syndicate.model import Claim

COUNTER: Final = "meta/counter:"
"""How the rules begin that claims of republication counters name."""
_COUNTERS: Final = {
    "counter.theconversation.com": "The Conversation",
    "counter.theconversation.edu.au": "The Conversation",
    "pixel.propublica.org": "ProPublica",
}
"""Hosts of the counters that a licence to republish asks for, and whose licence it is."""
_NEWSPACK: Final = "republication-pixel"
"""What the address of Newspack's counter names; its host is the original's."""


_SIGNS: Final = (b"counter.theconversation.", b"pixel.propublica.org", _NEWSPACK.encode())
"""Parts of their addresses; every counter's address has one."""


def may_count(attributes: bytes) -> bool:
    """Whether an image or script may be a counter."""
    return any(sign in attributes for sign in _SIGNS)


def counter_claim(address: str) -> Claim | None:
    """What the address of an image or script says, if it is that of a republication counter.

    Such a counter on another outlet's page means that the text is that outlet's; in a box that offers the text for
    republication it stands as text, and is no element of the page.
    """
    try:
        host = urlsplit(address.strip()).hostname or ""
    except ValueError:
        return None
    if host in _COUNTERS:
        return Claim("source", _COUNTERS[host], f"{COUNTER}{host}")
    if _NEWSPACK in address and host:
        return Claim("source", host.removeprefix("www."), f"{COUNTER}{_NEWSPACK}")
    return None
