"""Texts set down in a file without a name while a corpus is matched, and read again where a pair wants proof."""

from __future__ import annotations

import os
import tempfile
from array import array
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType


class Spool:
    """Texts by number, in a temporary file that is gone when this is closed, or the process ends."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=1 << 20)  # noqa: SIM115
        self._ends = array("q", [0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def extend(self, texts: Iterable[bytes]) -> None:
        """Set down the next texts."""
        texts = list(texts)
        for text in texts:
            self._ends.append(self._ends[-1] + len(text))
        self._file.write(b"".join(texts))

    def flush(self) -> None:
        """Make all texts readable; to be called before `read`."""
        self._file.flush()

    def read(self, number: int) -> bytes:
        """The text of a number; threads may read at once."""
        start, end = self._ends[number], self._ends[number + 1]
        return os.pread(self._file.fileno(), end - start, start)
