"""Cloudflare's masking of e-mail addresses, undone."""

from __future__ import annotations

from typing import Final

MASKED: Final = "data-cfemail"
"""The attribute of a masked element; the text inside it stands for the address."""
PLACEHOLDER: Final = "[email"
"""How that text begins."""


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
