"""What is no text, under whatever name: it is rejected by what it is, and reading it costs nothing else."""

from __future__ import annotations

import gzip
import time
from typing import TYPE_CHECKING

import pytest

from syndicate import Cleaner, Page, Status
from syndicate.io.read import read_pages
from tests.hostile import LIMIT

if TYPE_CHECKING:
    from pathlib import Path

ODD = {
    "a JPEG image": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 20,
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 20,
    "UTF-16 without": "<p>The harbour gates were shut on Tuesday.</p>".encode("utf-16-le") * 20,
    "gzip data": gzip.compress(b"<p>The harbour gates were shut on Tuesday.</p>"),
}


@pytest.mark.parametrize("name", ["page.html", "page.txt", "page.asp"])
@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_text_is_rejected_by_its_kind(tmp_path: Path, cleaner: Cleaner, kind: str, name: str) -> None:
    if kind == "gzip data" and name == "page.asp":
        pytest.skip("an ending that tells nothing: it is unpacked")
    (tmp_path / name).write_bytes(ODD[kind])
    start = time.process_time()
    (page,) = read_pages([str(tmp_path / name)])
    assert isinstance(page, Page)
    article = cleaner.clean_page(page)
    assert time.process_time() - start < LIMIT
    assert article.status is Status.REJECTED
    assert kind in article.reason
    assert article.text == ""
