"""Canonical markup read in one pass: what could be mistaken for something else."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import assume, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from syndicate.elements import Element, Elements
from syndicate.encoding import text_of
from syndicate.parse import parse_html, parse_soup
from syndicate.parse.scan import scan

TAGS = (
    "<p> </p> <div> </div> <a> </a> <b> <br> <hr> <pre> </pre> <li> <ul> </ul> <svg> <link> </svg> <script> "
    "</script> <!-- --> <!> <?x> <template> </template> <noscript> </noscript> <textarea> </textarea> <title> "
    "</title> <xmp> </xmp> <table> <td> </table> <x-y/z=1> </x-y> &amp; &lt;p&gt; &nbsp; < > one two é 文 “”"
)
PIECES = st.lists(
    st.sampled_from([*TAGS.split(), " ", "\n", '<p class="a > b" hidden>', '<p =a b\'="c">']), max_size=40
)


@given(PIECES)
def test_the_pass_sees_the_text_of_the_tree(pieces: list[str]) -> None:
    parser = LexborHTMLParser("".join(pieces))
    scanned = scan((parser.html or "").encode())
    for tag in ("script", "style", "template", "noscript", "svg", "textarea", "title", "input", "rt", "iframe"):
        for node in parser.css(tag):
            node.decompose()
    expected = parser.root.text(deep=True) if parser.root is not None else ""
    assert "".join(text_of(scanned.codes).split()) == "".join(expected.split())


@given(PIECES)
def test_a_tree_of_the_standards_gives_what_lexbor_gives(pieces: list[str]) -> None:
    assume("<template>" not in pieces)  # html5lib knows no templates: a paragraph in one ends the one around it
    markup = "<!doctype html><title>t</title><body>" + "".join(pieces)
    assert parse_soup(BeautifulSoup(LexborHTMLParser(markup).html or "", "html5lib")).text == parse_html(markup).text


@pytest.mark.parametrize(
    "script",
    [
        "if (a < b && c > d) write('</p>')",
        "<!-- write('<script>x()</script>') -->",
        "<!-- <script src=a> </script> <script> </script> -->",
        "<!-- hidden from old browsers",
    ],
)
def test_a_script_ends_where_the_standard_ends_it(script: str) -> None:
    assert parse_html(f"<p>One</p><script>{script}</script><p>Two</p>").text == "One\n\nTwo"


def test_no_page_can_mark_its_elements_as_selected() -> None:
    forged = '<p title="  selected=&quot;0&quot;">One</p><p selected="0">Two</p><p  selected=0>Three</p><b>Four</b>'
    for document in (parse_html(forged, ["b"]), parse_soup(BeautifulSoup(forged, "lxml"), ["b"])):
        (found,) = document.selections
        assert document.text[found.start : found.end].strip() == "Four"


def test_elements_are_a_sequence_of_elements() -> None:
    rows = [
        Element("", -1, "", hidden=False),
        Element("p", 0, "a b", hidden=True),
        Element("p", 1, "a b", hidden=False),
    ]
    elements = Elements.of(rows)
    assert (list(elements), elements[1], elements[1:], len(elements)) == (rows, rows[1], tuple(rows[1:]), 3)
    assert len(elements.forms) == 2
