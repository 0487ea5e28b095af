"""What is no text (row 8): rejected by what it is, with no fingerprint, matching nothing, not even its like."""

from __future__ import annotations

import gzip
import random
import zlib

import pytest

from syndicate import Cleaner, Page, Status, fingerprint, match_corpus

_RNG = random.Random(8)
_STORY = "<html><body><p>The harbour gates were shut on Tuesday, and stay shut all week.</p></body></html>" * 40
BINARY = {
    "a JPEG image": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + _RNG.randbytes(50_000),
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Length 9>>\nstream\n"
    + zlib.compress(_STORY.encode()),
    "gzip data": gzip.compress(_STORY.encode()),
    "UTF-16": _STORY.encode("utf-16-le"),
    "without a byte order mark": _STORY.encode("utf-16-be"),
    "binary data": _RNG.randbytes(50_000),
}


@pytest.mark.parametrize("format", ["auto", "html", "text"])
@pytest.mark.parametrize("kind", BINARY)
def test_what_is_no_text_is_rejected_by_its_kind_and_matches_nothing(
    cleaner: Cleaner,
    kind: str,
    format: str,  # noqa: A002
) -> None:
    articles = [
        cleaner.clean_page(Page(BINARY[kind], id=f"{at}.html", format=format, outlet=f"O{at}")) for at in range(3)
    ]
    for article in articles:
        assert article.status is Status.REJECTED
        assert kind in article.reason
        assert article.text == ""
        assert fingerprint(article.text) is None
    assert match_corpus(articles).matches == ()
