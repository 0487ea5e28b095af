"""Bytes to text: what is it, in which encoding, and is it text at all.

Decoding never raises. What is no text is named, so that it becomes a status and not a garbage fingerprint.
"""

from __future__ import annotations

import re
from typing import Final

from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding, to_unicode

_MAGIC: Final = (
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstandard data"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a SQLite database"),
)
_SAMPLE: Final = 65_536
_CONTROLS: Final = bytes({*range(32)} - {*b"\t\n\v\f\r\x1b"})
"""Bytes that no text encoding of one or two bytes a character uses; ESC is part of ISO-2022."""
_MOST_CONTROLS: Final = 0.02
_MARKUP: Final = re.compile(
    r"</?(?:!doctype\s+html|html|head|body|title|meta|link|div|p|article|section|main|header|footer|nav"
    r"|h[1-6]|span|a|ul|ol|li|table|tr|td|br|hr|img|figure|blockquote|b|i|em|strong)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")
_OPENING: Final = re.compile(r"<(?:!doctype|html|head|script|style)\b", re.IGNORECASE)


def binary_kind(data: bytes) -> str | None:
    """Name what is no text by its first bytes ("a JPEG image"), or None for what may be text."""
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    sample = data[:_SAMPLE]
    if read_bom(data)[0] is None and len(sample) - len(sample.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(
        sample
    ):
        # A few stray NULs are dirt in a text; every second byte is UTF-16 that does not say so.
        return "binary data, or UTF-16 without a byte order mark"
    return None


def as_utf8(data: bytes) -> bytes:
    """The text that bytes stand for, in UTF-8; the very same bytes where they are that already."""
    if read_bom(data)[0] is None:
        try:
            data.decode()
        except UnicodeDecodeError:
            pass
        else:
            return data
    return utf8(decode(data))


def decode(data: bytes, charset: str | None = None) -> str:
    """Decode as browsers do: byte order mark, declared charset, UTF-8, and last Windows-1252.

    Declared labels are read by the WHATWG table (w3lib), where "iso-8859-1" means Windows-1252. A declaration
    that does not fit gives way to UTF-8 if that fits; what fits nothing is decoded with replacement characters.

    Args:
        data: The bytes.
        charset: The label that came with them, as in a Content-Type; it counts where they declare nothing.
    """
    encoding, bom = read_bom(data)
    if encoding is not None and bom is not None:
        return str(to_unicode(data[len(bom) :], encoding))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        declared = html_body_declared_encoding(data) or (charset and resolve_encoding(charset))
    # Bytes in which a declaration can be read are neither UTF-16 nor UTF-32.
    if declared and not declared.startswith(("utf-8", "utf-16", "utf-32")):
        try:
            return str(to_unicode(data, declared))
        except (LookupError, ValueError):
            pass  # a codec of Python's that is no character encoding
    return str(to_unicode(data, "cp1252"))


def utf8(text: str) -> bytes:
    """Text in UTF-8; half a character, which no parser takes, becomes a replacement character."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text).encode()


def looks_like_html(data: bytes) -> bool:
    """Whether text in UTF-8 of unknown kind is markup: an html opening, or two tags known to HTML near its start.

    Scripts do not count unless they come first: they leak into plain text.
    """
    text = data[:_SAMPLE].decode(errors="ignore")
    start = text.lstrip("\ufeff \t\n\r\f")
    while start.startswith(("<!--", "<?")):
        end = start.find("-->" if start.startswith("<!--") else ">")
        if end < 0:
            break
        start = start[end:].lstrip("-> \t\n\r\f")
    if _OPENING.match(start):
        return True
    return sum(1 for _ in zip(range(2), _MARKUP.finditer(text), strict=False)) == 2
