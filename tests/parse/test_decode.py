"""Bytes to text: encodings that are said, unsaid and lied about, and bytes that are no text at all."""

from __future__ import annotations

import gzip
import random
import time
from encodings.aliases import aliases

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syndicate import Cleaner, Page, Status
from syndicate.parse import NotText, parse
from syndicate.parse.decode import binary_kind, decode, looks_like_html

SENTENCE = "Die Fähre hält – “vorläufig” – nur dienstags in Ørland."


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_the_encoding_and_is_no_text(encoding: str) -> None:
    assert decode(SENTENCE.encode(encoding)) == SENTENCE


def test_a_byte_order_mark_wins_over_what_the_page_declares() -> None:
    page = f'<meta charset="windows-1251"><p>{SENTENCE}</p>'
    assert decode(page.encode("utf-8-sig")) == page


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="windows-1251">',
        "<META CHARSET='Windows-1251'>",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        '<?xml version="1.0" encoding="windows-1251"?>',
    ],
)
def test_a_declared_charset_is_used(declaration: str) -> None:
    page = f"{declaration}<p>Паром не пришёл</p>"
    assert decode(page.encode("windows-1251")) == page


def test_latin_1_means_windows_1252_as_in_browsers() -> None:
    page = '<meta charset="iso-8859-1"><p>“Not yet,” she said – and left…</p>'
    assert decode(page.encode("cp1252")) == page


def test_windows_quotes_without_any_declaration_become_quotes() -> None:
    assert decode(b"\x93Not yet,\x94 she said \x96 it\x92s early\x85") == "“Not yet,” she said – it’s early…"


def test_utf_8_that_says_it_is_something_else_is_still_utf_8() -> None:
    page = f'<meta charset="iso-8859-1"><p>{SENTENCE}</p>'
    assert decode(page.encode()) == page


def test_windows_1252_that_says_it_is_utf_8_is_read_as_what_it_is() -> None:
    page = '<meta charset="utf-8"><p>café, “naïve”</p>'
    assert decode(page.encode("cp1252")) == page


def test_markup_whose_ascii_can_be_read_is_not_utf_16_whatever_it_says() -> None:
    text = decode(b'<meta charset="utf-16"><p>The caf\xe9 is open again</p>')
    assert "is open again" in text


def test_a_broken_byte_costs_one_character() -> None:
    text = decode(b'<meta charset="euc-jp"><p>' + "港の店".encode("euc-jp") + b"\xff</p>")
    assert "港の店" in text
    assert text.count("\ufffd") == 1


@given(st.binary())
@example(b"\xff\xfe\x00")
@example(b"\xfe\xff\xd8\x00")
def test_decoding_never_raises(data: bytes) -> None:
    assert isinstance(decode(data), str)


@given(st.sampled_from(sorted({*aliases, *aliases.values(), "idna", "undefined", "no-such"})), st.binary())
@example("rot13", b"caf\xe9")
@example("base64", b"caf\xe9")
@example("idna", b"caf\xe9")
@example("undefined", b"caf\xe9")
def test_decoding_never_raises_whatever_charset_a_page_names(name: str, data: bytes) -> None:
    assert isinstance(decode(f'<meta charset="{name}"><p>'.encode() + data), str)


@given(st.text().filter(lambda text: not text.startswith("\ufeff")))
def test_utf_8_comes_back_as_it_went(text: str) -> None:
    assert decode(text.encode()) == text


BINARY = {
    "a JPEG image": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
    "a PNG image": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    "gzip data": gzip.compress(b"<html><body><p>A page that was never unpacked.</p></body></html>"),
    "a zip archive": b"PK\x03\x04\x14\x00\x00\x00\x08\x00",
    "UTF-16 without a byte order mark": "<html><p>The lock gates are shut.</p></html>".encode("utf-16-le"),
    "binary data": bytes(range(16)) * 40,
}


@pytest.mark.parametrize("kind", BINARY)
def test_what_is_no_text_is_named_and_not_parsed(kind: str) -> None:
    with pytest.raises(NotText, match=kind):
        parse(Page(BINARY[kind], id="page.html", format="html"))


def test_big_endian_utf_16_without_a_byte_order_mark_is_rejected_too() -> None:
    assert binary_kind("The lock gates are shut.".encode("utf-16-be")) is not None


def test_a_binary_page_has_the_status_rejected_with_a_reason_and_no_text(cleaner: Cleaner) -> None:
    article = cleaner.clean(BINARY["a JPEG image"], url="https://harbourledger.example/boat.jpg")
    assert (article.status, article.text) == (Status.REJECTED, "")
    assert "JPEG" in article.reason


def test_compressed_bytes_without_a_known_header_are_rejected() -> None:
    # What a scraper saves when the server sends brotli and nobody unpacks it.
    assert binary_kind(random.Random(11).randbytes(20_000)) is not None


def test_a_stray_nul_in_a_text_does_not_make_it_binary() -> None:
    assert binary_kind(b"The lock gates are shut.\x00 " * 3 + b"They stay shut all week. " * 40) is None


@pytest.mark.parametrize("data", [b"", b"\n", b"Short.", SENTENCE.encode("utf-16"), SENTENCE.encode("cp1252")])
def test_text_is_not_taken_for_binary_data(data: bytes) -> None:
    assert binary_kind(data) is None


@pytest.mark.parametrize(
    "markup",
    [
        "<!DOCTYPE html><p>Shut",
        "\ufeff\n <HTML><body>Shut",
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html>',
        "<!-- saved from the web --><!-- twice --><html>",
        "<p>The gates are shut.</p>\n<p>They stay shut.</p>",
        '<div class="body"><a href="/locks">Locks</a> are shut',
        "The gates are shut.<br>They stay shut.<br/>",
    ],
)
def test_pages_and_fragments_of_markup_are_html(markup: str) -> None:
    assert looks_like_html(markup.encode())


def test_a_fragment_of_one_element_is_html() -> None:
    assert looks_like_html(b"<p>The gates are shut, and they stay shut all week.</p>")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The gates are shut.",
        "Prices rose if x < 3 and y > 4, or a <b and c> d.",
        "Write to Nora Pell <nora@lockkeepers.example> or <https://lockkeepers.example>.",
        "We <3 the lock. <grin> <sigh>",
        "Old browsers showed the <marquee> element.",
        "He typed <p to make a paragraph.",
    ],
)
def test_text_with_stray_angle_brackets_is_text(text: str) -> None:
    assert not looks_like_html(text.encode())


def test_looking_at_a_page_that_opens_with_many_comments_takes_no_time() -> None:
    # Templating systems write a comment for each part of a page.
    fragment = "<!-- begin part -->\n" * 23 + "<div><p>The gates are shut.</p></div>"
    started = time.process_time()
    assert looks_like_html(fragment.encode())
    assert time.process_time() - started < 0.2


def test_looking_at_hostile_text_takes_no_time() -> None:
    started = time.process_time()
    for text in ("<a " * 20_000, "<!--" * 20_000, "<?xml" * 20_000, " " * 100_000, "<p" + " x" * 50_000):
        looks_like_html(text.encode())
    assert time.process_time() - started < 1


def test_a_text_that_a_script_leaked_into_is_text() -> None:
    leak = '</noscript><script type="text/javascript">\nwindow.queue = [];\n</script><script>\ntag();\n</script>'
    assert not looks_like_html(f"The ferry runs again from Monday.\n\n{leak}".encode())
    assert looks_like_html(f"<script>window.queue = [];</script>\n<p>The ferry runs again.</p>{leak}".encode())
