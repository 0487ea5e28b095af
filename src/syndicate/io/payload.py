"""What a server sent, out of its transfer and content encodings."""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.errors import InputError
from syndicate.parse.decode import binary_kind, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_STATUS: Final = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})\b")
_TYPE: Final = re.compile(r"\s*([\w.+-]+/[\w.+-]+)\s*(?:;|,|$)")
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([^\s"';,]+)""", re.IGNORECASE)
_CHUNK: Final = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\n]{0,1000})?\r?\n")


class Response(NamedTuple):
    """A server's answer, its body still encoded.

    Attributes:
        status: The HTTP status.
        headers: By names in small letters; of several of one name, all, with commas between.
        body: The bytes behind the headers.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str | None:
        """The media type, in small letters: "text/html"; None where none is told."""
        return media_type(self.headers.get("content-type", ""))

    @property
    def charset(self) -> str | None:
        """The charset that the server tells."""
        found = _CHARSET.search(self.headers.get("content-type", ""))
        return found and found[1]


def media_type(value: str) -> str | None:
    """The media type that a Content-Type tells, in small letters; None where it is none."""
    found = _TYPE.match(value)
    return found and found[1].lower()


def read_response(block: bytes) -> Response | None:
    """Take an HTTP message apart; None where it is none."""
    status = _STATUS.match(block)
    if not status:
        return None
    head, gap, body = block.partition(b"\r\n\r\n")
    if not gap or b"\n\n" in head:
        head, _, body = block.partition(b"\n\n")
    return Response(int(status[1]), header_fields(head.partition(b"\n")[2]), body)


def header_fields(data: bytes) -> dict[str, str]:
    """The lines "Name: value" by their names in small letters; of several of one name, all, with commas between."""
    fields: dict[str, str] = {}
    name = ""
    for line in data.decode("utf-8", "replace").split("\n"):
        if line[:1] in {" ", "\t"} and name:  # a value that goes on, as old tools write it
            fields[name] += f" {line.strip()}"
            continue
        key, colon, value = line.partition(":")
        if colon:
            name = key.strip().lower()
            fields[name] = f"{fields[name]}, {value.strip()}" if name in fields else value.strip()
    return fields


def body_of(response: Response, limit: int) -> bytes:
    """The body without its encodings.

    A body that is not encoded as its headers say is taken as it is: many archives keep what the server told of
    bytes that they have already decoded.

    Args:
        response: The message.
        limit: The most bytes that are unpacked, and one more, by which to see that there are more.

    Raises:
        InputError: An encoding is damaged or of no known kind, or what reads it is not installed.
    """
    body = response.body
    if "chunked" in response.headers.get("transfer-encoding", "").lower():
        body = _joined(body, limit)
    names = response.headers.get("content-encoding", "").lower()
    for name in reversed([name.strip() for name in names.split(",") if name.strip() not in {"", "identity"}]):
        if name not in _DECODERS:
            raise InputError(f"the content encoding {name!r:.60} is of no known kind")
        body = _DECODERS[name](body, limit)
    return body


def text_of(data: bytes, charset: str | None) -> str | bytes:
    """A page's content; as text where its bytes do not tell their charset and the server did."""
    if charset is None or binary_kind(data) is not None:
        return data
    try:
        data.decode()
    except UnicodeDecodeError:
        return decode(data, charset)
    return data


def _joined(body: bytes, limit: int) -> bytes:
    """The chunks of a body in one piece; of a body that was cut short, those that came."""
    joined = bytearray()
    at = 0
    while len(joined) <= limit and (size := _CHUNK.match(body, at)):
        length = int(size[1], 16)
        if not length:
            break
        joined += body[size.end() : size.end() + length]
        at = size.end() + length
        at += 2 if body[at : at + 2] == b"\r\n" else body[at : at + 1] == b"\n"
    return bytes(joined) if at else body


def _inflated(body: bytes, limit: int) -> bytes:
    """What gzip or deflate packed, one member or several; of a body that was cut short, what came."""
    pieces, size = [], 0
    bits = _window_bits(body)
    while body and size <= limit:
        engine = zlib.decompressobj(bits)
        try:
            pieces.append(engine.decompress(body, limit + 1 - size))
        except zlib.error as error:
            if pieces:
                break  # dirt behind the data
            if bits < 0:
                return body
            raise InputError(f"the content encoding is damaged: {error}") from error
        size += len(pieces[-1])
        body = engine.unused_data
    return b"".join(pieces)


def _window_bits(body: bytes) -> int:
    """What zlib has to be told: 47 for gzip and zlib by their magic, else -15 for bare deflate."""
    is_zlib = len(body) > 1 and body[0] & 15 == zlib.DEFLATED and int.from_bytes(body[:2], "big") % 31 == 0
    return 32 + zlib.MAX_WBITS if is_zlib or body.startswith(b"\x1f\x8b") else -zlib.MAX_WBITS


def _gunzipped(body: bytes, limit: int) -> bytes:
    return _inflated(body, limit) if body.startswith(b"\x1f\x8b") else body


def _by_fastwarc(name: str) -> Callable[[bytes, int], bytes]:
    """A decoder of fastwarc's, by the name of its class."""

    def decoded(body: bytes, limit: int) -> bytes:
        try:
            from fastwarc import stream_io
        except ImportError as error:
            raise InputError("the content encoding needs fastwarc: pip install 'syndicate-news[warc]'") from error
        try:
            return bytes(getattr(stream_io, name)(io.BytesIO(body)).read(limit + 1))
        except (OSError, ValueError) as error:
            if body.lstrip().startswith(b"<"):  # markup, whatever the headers say
                return body
            raise InputError(f"the content encoding is damaged: {error}") from error

    return decoded


_DECODERS: Final = {
    "gzip": _gunzipped, "x-gzip": _gunzipped, "deflate": _inflated,
    "br": _by_fastwarc("BrotliReader"), "zstd": _by_fastwarc("ZstdReader"),
}  # fmt: skip
