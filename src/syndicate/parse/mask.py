"""Cloudflare's masking of e-mail addresses, undone."""

from __future__ import annotations

MASKED = "data-cfemail"
"""The attribute of a masked element; the first text inside it stands for the address."""


def unmasked(code: str) -> str | None:
    """The address that the value of `data-cfemail` hides: hexadecimal, its first byte the key of all the others.

    Returns:
        The address; None where the value hides none.
    """
    try:
        key, *masked = bytes.fromhex(code)
        address = bytes(byte ^ key for byte in masked).decode()
    except ValueError:
        return None
    return address if "@" in address and address.isprintable() else None
