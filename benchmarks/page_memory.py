"""The memory that one page takes, from its bytes on standard input to its article, in bytes: a part of `pages.py`.

The parser's tree lies outside what Python counts, so the process is measured from outside: Linux keeps the most
memory that was resident since it was last told to forget. Rules are loaded, and one page cleaned, before that.
"""

from __future__ import annotations

import sys
from pathlib import Path

from syndicate import Cleaner, Page

PROCESS = Path("/proc/self")
FORGET_THE_MOST = "5"
SENTENCE = "The harbour board said on Monday that the ferry would run on three days a week until the works are done."


def resident(field: str) -> int:
    """A figure of this process in bytes: VmRSS is what is resident now, VmHWM the most that was."""
    lines = (PROCESS / "status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:"))


def main() -> None:
    """Clean the page; print by how much the most exceeds what was resident before."""
    content = sys.stdin.buffer.read()
    cleaner = Cleaner(packs=["core"])
    cleaner.clean_page(Page(f"<html><body><article>{f'<p>{SENTENCE}</p>' * 20}</article></body></html>"))
    (PROCESS / "clear_refs").write_text(FORGET_THE_MOST)
    before = resident("VmRSS")
    article = cleaner.clean_page(Page(content, format="html"))
    print(resident("VmHWM") - before, article.status)


if __name__ == "__main__":
    main()
