"""Text as bytes, and as arrays of code points; nothing is lost, not even half a character (a lone surrogate)."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What is shown of no text: control characters but the tab and the line's end, marks that turn the direction of what
follows, and halves of characters."""
_HALVES: Final = "surrogatepass"
_UTF_32: Final = f"utf-32-{'le' if sys.byteorder == 'little' else 'be'}"


def encoded(text: str) -> bytes:
    """A text in UTF-8."""
    return text.encode("utf-8", _HALVES)


def decoded(data: bytes) -> str:
    """The text that `encoded` gave.

    Raises:
        UnicodeDecodeError: It gave no such bytes.
    """
    return data.decode("utf-8", _HALVES)


def code_points(text: str) -> NDArray[np.uint32]:
    """A text as an array of its code points."""
    import numpy as np

    return np.frombuffer(text.encode(_UTF_32, _HALVES), np.uint32)


def text_of(codes: NDArray[np.uint32]) -> str:
    """The text that code points make."""
    return codes.tobytes().decode(_UTF_32, _HALVES)
