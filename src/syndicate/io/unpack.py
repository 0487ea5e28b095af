"""Files, pipes and standard input as streams of bytes, unpacked as they are read, a buffer at a time."""

from __future__ import annotations

import io
import os
import stat
import sys
import zlib
from collections import deque
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from syndicate.errors import InputError
from syndicate.io.inputs import STDIN, packing_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from syndicate.io.inputs import Meter

_BUFFER: Final = 131_072
_MAGIC: Final = {"gz": b"\x1f\x8b\x08", "zst": b"\x28\xb5\x2f\xfd"}
_MOST_MEMBERS: Final = 100_000
"""Members of which it is remembered where they begin; more do not fit in a buffer of unpacked bytes."""
_MOST_RESUMED: Final = 1_000
"""How often one file may be damaged before it is given up: what looks like a beginning may be none."""


@contextmanager
def opened(name: str, meter: Meter) -> Iterator[io.BufferedReader[Any]]:
    """A file, or standard input for "-", unpacked.

    Its name tells whether it is compressed; where that tells nothing, as for standard input, its first bytes do.
    What reads it finds damage to the compressed bytes as an InputError, behind all that could be unpacked before.

    Args:
        name: The file.
        meter: Takes the bytes that are read from the disk.

    Raises:
        InputError: It is compressed with Zstandard, and what reads that is not installed.
        OSError: It cannot be opened.
    """
    with closing(io.BufferedReader(_Metered(name, meter), _BUFFER)) as file:
        packing = packing_of(name)
        if packing is None:
            first = file.peek(4)
            packing = next((kind for kind, magic in _MAGIC.items() if first.startswith(magic)), "")
        if packing:
            with closing(io.BufferedReader(Unpacker(file, packing), _BUFFER)) as unpacked:
                yield unpacked
        else:
            yield file


def size_of_open(file: io.BufferedReader[Any]) -> int | None:
    """Bytes of a file that is open and not compressed; None where it is no file that can be gone back in."""
    found = os.fstat(file.fileno())
    return found.st_size if stat.S_ISREG(found.st_mode) and file.tell() == 0 else None


class _Metered(io.FileIO):
    """A file that counts what is read from it."""

    def __init__(self, name: str, meter: Meter) -> None:
        super().__init__(sys.stdin.fileno() if name == STDIN else name, closefd=name != STDIN)
        self._meter = meter

    def readinto(self, buffer: Any, /) -> int:
        count = super().readinto(buffer) or 0
        self._meter.done += count
        return count


class Unpacker(io.RawIOBase):
    """The unpacked bytes of a compressed stream, which may have many members, as web archives do.

    Args:
        file: The compressed bytes.
        packing: "gz" or "zst".

    Attributes:
        start: Offset of the current member in the compressed bytes.
        unpacked: How many bytes it has given.
        members: For each member that was begun, how many bytes were given before it, and its offset; who wants to
            know where a byte comes from takes them out.

    Raises:
        InputError: What reads Zstandard is not installed.
    """

    def __init__(self, file: io.BufferedReader[Any], packing: str) -> None:
        super().__init__()
        self._file, self._packing = file, packing
        self._codec = _CODECS[packing]()
        self._engine: _Engine | None = None
        self._chunk = self._rest = b""  # what was read last, and what of it waits to be unpacked
        self._at = 0  # offset behind that chunk
        self._resumed = 0
        self.start = self.unpacked = 0
        self.members: deque[tuple[int, int]] = deque(maxlen=_MOST_MEMBERS)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Unpack into a buffer.

        Raises:
            InputError: The compressed bytes are damaged or cut short.
        """
        try:
            data = self._unpacked(len(buffer))
        except self._codec.errors as error:
            raise InputError(f"the compressed data is damaged at offset {self.start:,}: {error}") from error
        buffer[: len(data)] = data
        self.unpacked += len(data)
        return len(data)

    def resume(self) -> bool:
        """After damage, go on with the next member; whether there is one."""
        magic = _MAGIC[self._packing]
        self._engine = None
        self._resumed += 1
        rest = self._chunk[max(0, self.start + 1 - (self._at - len(self._chunk))) :]
        while (found := rest.find(magic)) < 0:
            kept = rest[-len(magic) + 1 :]
            if not self._fill():
                self._rest = b""
                return False
            rest = kept + self._chunk
        self._chunk = self._rest = rest[found:]
        return self._resumed < _MOST_RESUMED

    def _unpacked(self, size: int) -> bytes:
        """Some unpacked bytes, none only at the end."""
        while True:
            if self._engine is None:
                self._rest = self._rest.lstrip(b"\0")  # some tools fill up the last block of a file with them
                if not self._rest:
                    if self._fill():
                        continue
                    return b""
                self.start = self._at - len(self._rest)
                self.members.append((self.unpacked, self.start))
                self._engine = self._codec.engine()
            elif self._engine.needs_input and not self._rest:
                self._fill()
            is_over = not self._rest and self._engine.needs_input
            data = self._engine.decompress(self._rest, size)
            self._rest = b""
            if self._engine.eof:
                self._rest, self._engine = self._engine.unused_data, None
            if data:
                return data
            if is_over and self._engine:
                raise InputError(
                    f"the compressed data is cut short: its end from offset {self.start:,} on is missing"
                )

    def _fill(self) -> bool:
        self._chunk = self._rest = self._file.read1(_BUFFER)
        self._at += len(self._chunk)
        return bool(self._chunk)


class _Engine(Protocol):
    """What unpacks one member; as `compression.zstd.ZstdDecompressor`."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Gunzip:
    """One member of gzip; its check sum is checked."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(16 + zlib.MAX_WBITS)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


class _Codec(NamedTuple):
    """What unpacks the members of a stream, and how it says that one is damaged."""

    engine: Callable[[], _Engine]
    errors: tuple[type[Exception], ...]


def _gzip() -> _Codec:
    return _Codec(_Gunzip, (zlib.error,))


def zstandard() -> Any:
    """The module that reads and writes Zstandard, as `compression.zstd`.

    Raises:
        InputError: It is not installed.
    """
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
    except ImportError as error:
        raise InputError("Zstandard needs backports.zstd: pip install 'syndicate-news[zstd]'") from error
    return zstd


def _zstandard() -> _Codec:
    zstd = zstandard()
    return _Codec(zstd.ZstdDecompressor, (zstd.ZstdError,))


_CODECS: Final = {"gz": _gzip, "zst": _zstandard}
