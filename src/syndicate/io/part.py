"""A file on its way: under a hidden name until it is whole, and good up to its last commit whatever happens.

What a commit closes can be read by itself: compressed output is a member (gzip) or frame (Zstandard) a commit, one
after the other, as both formats allow. So a run that goes on from a commit writes the bytes of an unbroken one.
"""

from __future__ import annotations

import gzip
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

from syndicate.errors import InputError
from syndicate.io.unpack import zstandard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class PartFile:
    """The part of a file that is written so far, beside the file's own name. A context manager.

    Only one run at a time writes it. What is not committed is dropped when the file is closed.

    Args:
        path: The file's own name; ".gz" and ".zst" at its end compress what is written.
        size: Bytes that an earlier run committed, to be kept; the rest goes.

    Raises:
        InputError: It cannot be written, or another run writes it.
    """

    def __init__(self, path: Path, size: int = 0) -> None:
        self.path = part_path(path)
        self._target = path
        self._zstd = zstandard() if path.suffix.lower() == ".zst" else None
        with self._named():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._check(size)
            self._file = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666), "r+b")
            self._lock()
            self._committed = size
            self._file.truncate(size)
            self._file.seek(size)

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise InputError(f"{self._target}: cannot write: {error.strerror or error}") from error

    def _check(self, size: int) -> None:
        there = self.path.stat().st_size if self.path.exists() else 0
        if there < size:
            raise InputError(
                f"{self.path}: {there:,} bytes are left of the {size:,} that the unfinished run had written: "
                "run without --resume to begin anew"
            )

    def _lock(self) -> None:
        try:
            import fcntl
        except ImportError:  # Windows lets nobody replace or remove a file that another has open
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise InputError(f"{self._target}: another run is writing it; wait for that one, or stop it") from error

    def write(self, pieces: Iterable[bytes]) -> int:
        """Write some more, and commit it.

        Returns:
            How large the file is by now; so much of it is on disk.
        """
        with self._named():
            with self._opened() as out:
                out.writelines(pieces)
            self._file.flush()
            os.fsync(self._file.fileno())
            self._committed = self._file.tell()
        return self._committed

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        if self._target.suffix.lower() == ".gz":
            # Without the time and the name, the same text gives the same bytes.
            with gzip.GzipFile(filename="", mode="wb", fileobj=self._file, mtime=0) as member:
                yield member
        elif self._zstd is not None:
            with self._zstd.ZstdFile(self._file, "wb") as frame:
                yield frame
        else:
            yield self._file

    def finish(self) -> None:
        """Give the file its name."""
        with self._named():
            self._file.close()
            self.path.replace(self._target)

    def drop(self) -> None:
        """Remove it: what it says stands elsewhere by now."""
        with self._named():
            self._file.close()
            self.path.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file, which stays where it has something committed and no name yet."""
        if not self._file.closed:
            with suppress(OSError):  # a full disk; what is committed is safe
                self._file.truncate(self._committed)
                self._file.close()
            if not self._committed:
                self.path.unlink(missing_ok=True)


def part_path(path: Path) -> Path:
    """Where the part of a file that is written so far lies."""
    return path.with_name(f".{path.name}.part")
