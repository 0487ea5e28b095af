"""Cloudflare's masking of e-mail addresses, undone."""

from __future__ import annotations

import html
import re
from typing import Final

_MASKED: Final = re.compile(rb'(<[^<>]*? data-cfemail="([^"]*)"[^<>]*>)\[email[^<]*')
"""A masked element, and the text inside it that stands for the address, in canonical markup."""
PLACEHOLDER: Final = "[email"
"""How the text begins that stands for an address."""


def unmask(markup: bytes) -> bytes:
    """Put the addresses back that canonical markup hides; what hides none stays as it is."""
    return _MASKED.sub(_written, markup)


def _written(match: re.Match[bytes]) -> bytes:
    address = unmasked(match[2].decode())
    return match[1] + html.escape(address, quote=False).encode() if address else match[0]


def unmasked(code: str) -> str:
    """The address that the value of `data-cfemail` hides: hexadecimal, its first byte the key of all the others.

    Returns:
        The address; "" where the value hides none.
    """
    try:
        key, *masked = bytes.fromhex(code)
        address = bytes(byte ^ key for byte in masked).decode()
    except ValueError:
        return ""
    return address if "@" in address and address.isprintable() else ""
