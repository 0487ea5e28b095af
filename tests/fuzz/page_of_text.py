"""Any bytes, or any characters, as a page of plain text."""

from __future__ import annotations

from functools import cache
from typing import Final

from syndicate import Cleaner, Page
from tests.fuzz.page_of_markup import assert_page_is_whole

_WRAPPED: Final = (
    b"The ferry to the north shore will run\nagain from Monday, the harbour office\nsaid on Friday, and tickets cost"
    b"\nwhat they cost before the storm.\n\n"
)
SEEDS: Final = (
    b"\x00Ferry runs again\nBy Ada Quill\n\n" + _WRAPPED * 3 + b"Share this article with your friends.",
    b"\x01From Monday\r\n\r\n* one\r\n* two\r\n\r\nRead more: Tide tables\r\n(c) 2026 Harbour Ledger",
    "\x02“Nicht vor Dienstag” – sagte sie…\u2028\u200b\ufeffe\u0301 門が閉まる。明日開く。".encode(),
    b"\x03\xed\xa0\x80 half a character, \x00 and \x85",
    b"\x00\xff\xfeT\x00h\x00e\x00",
)
WORDS: Final = (
    "\n\n", "\r\n", "\u2028", "\u200b", "\u00ad", "\ufeff", "e\u0301", "İ", "ς", "ﬁ", "門", "。", "By ", "Share this",
    "Read more: ", "originally published", "(Reuters) -", "© 2026", "* ", "...", "“", "”", "https://", "@",
    "\u202e", "\x1c", "\x85",
)  # fmt: skip


@cache
def _cleaner() -> Cleaner:
    return Cleaner()


def check(data: bytes) -> None:
    """The first byte says whether the format is told, and whether it is bytes or characters and halves of them."""
    if not data:
        return
    choice, rest = data[0], data[1:]
    content = rest.decode("utf-8", "surrogateescape" if choice & 4 else "replace") if choice & 2 else rest
    assert_page_is_whole(_cleaner(), Page(content, id="page", format="auto" if choice & 1 else "text"))
