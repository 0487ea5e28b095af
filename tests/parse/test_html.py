"""Markup to blocks, and the same blocks whoever parsed the markup."""

from __future__ import annotations

import gzip
import heapq
import json
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate import Cleaner, InputError, Page
from syndicate.parse import parse, parse_html, parse_soup
from syndicate.parse.decode import decode
from tests.conftest import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from syndicate.model import Block, Document

BUILDERS = ("lxml", "html5lib", "html.parser")
PARSERS = ("lexbor", *BUILDERS)
PAGES = sorted((EXAMPLES / "pages").glob("*.html"))


def parsed(markup: str, parser: str = "lexbor", selectors: tuple[str, ...] = ()) -> Document:
    return parse(Page(markup, format="html"), selectors, parser)


def blocks_of(markup: str, parser: str = "lexbor") -> list[str]:
    document = parsed(markup, parser)
    return [document.text[block.start : block.end] for block in document.blocks]


def block_with(document: Document, words: str) -> Block:
    return next(block for block in document.blocks if words in document.text[block.start : block.end])


@pytest.mark.parametrize("builder", BUILDERS)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_parser_gives_the_same_document_for_the_examples(page: Path, builder: str) -> None:
    markup = decode(page.read_bytes())
    ours, theirs = parsed(markup), parsed(markup, builder)
    assert theirs.text == ours.text
    assert [(block.start, block.end, block.tag, block.link_chars) for block in theirs.blocks] == [
        (block.start, block.end, block.tag, block.link_chars) for block in ours.blocks
    ]
    assert theirs.claims == ours.claims


def test_lexbor_and_html5lib_agree_on_real_pages(shared: Path) -> None:
    with gzip.open(shared / "data" / "extraction" / "naeb.jsonl.gz") as lines:
        pages = heapq.nsmallest(120, (str(json.loads(line)["html"]) for line in lines), key=len)[::6]
    assert len(pages) == 20
    same = sum(parsed(page).text == parsed(page, "html5lib").text for page in pages)
    assert same >= 0.95 * len(pages)


def elements(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Elements that any parser nests as they are written."""
    attributes = st.sampled_from(
        ["", ' class="lead story"', " hidden", ' style="display:none"', ' id="x" role="main"']
    )
    tags = st.sampled_from(["div", "section", "span", "blockquote", "figure", "unknown-tag", "article"])
    inside = st.lists(children, max_size=4).map("".join)
    return st.builds("<{0}{1}>{2}</{0}>".format, tags, attributes, inside)


LEAVES = st.sampled_from(
    ["Marrow", " Lock ", "\n", "&amp;", "&nbsp;", "é", "<br>", "<br/>", "<hr>", '<img src="x.png" alt="boat">',
     "<!-- note -->", "<script>var a = '<p>';</script>", "<style>p { }</style>", '<a href="/x">tide table</a>',
     "<p>One <i>quiet</i> week</p>", "<em>very <b>late</b></em>", "<code>a  b</code>",
     "<ul><li>Bread</li><li>Milk</li></ul>"],
)  # fmt: skip
MARKUP = st.lists(st.recursive(LEAVES, elements, max_leaves=12), max_size=6).map("".join)


@given(MARKUP)
@settings(max_examples=50)
def test_every_parser_gives_the_same_blocks_for_well_formed_markup(body: str) -> None:
    markup = f"<!DOCTYPE html><html><head><title>Marrow</title></head><body><main>{body}</main></body></html>"
    ours = parsed(markup)
    for builder in BUILDERS:
        theirs = parsed(markup, builder)
        assert (theirs.text, theirs.blocks) == (ours.text, ours.blocks)
        assert theirs.elements == ours.elements


@given(MARKUP)
@settings(max_examples=50)
def test_blocks_and_selections_are_spans_of_the_text(body: str) -> None:
    document = parsed(body, selectors=("div", "b, em", ".lead", "a"))
    at = 0
    for block in document.blocks:
        text = document.text[block.start : block.end]
        assert at <= block.start < block.end
        assert not document.text[at : block.start].strip()
        assert text == text.strip()
        assert 0 <= block.link_chars <= len(text)
        at = block.end
    assert not document.text[at:].strip()
    assert all(0 <= start < end <= len(document.text) for _, start, end in document.selections)


def test_inline_elements_do_not_part_a_word_or_a_line() -> None:
    assert blocks_of("<p>Sker<b>row</b>’s <a href='/f'>fer<i>ry</i></a> is <code>late</code>.</p>") == [
        "Skerrow’s ferry is late."
    ]


def test_block_elements_part_text_even_without_paragraphs() -> None:
    assert blocks_of("<div>One<div>Two</div>Three<section>Four</section></div><h2>Five</h2>Six") == [
        "One", "Two", "Three", "Four", "Five", "Six",
    ]  # fmt: skip


def test_table_cells_and_list_items_are_blocks() -> None:
    markup = "<table><tr><th>Tide</th><td>High</td></tr></table><ul><li>Bread<li>Milk</ul>"
    assert blocks_of(markup) == ["Tide", "High", "Bread", "Milk"]


def test_a_block_names_its_innermost_block_element() -> None:
    document = parsed("<article><h1>Title</h1><blockquote><p><em>Words</em></p></blockquote></article>")
    assert [block.tag for block in document.blocks] == ["h1", "p"]
    assert document.elements[document.blocks[1].element].tag == "p"


@pytest.mark.parametrize("parser", PARSERS)
def test_one_break_is_a_line_and_two_are_a_paragraph(parser: str) -> None:
    markup = "<p>First line <br> second line<br><br/>Third<br>\n <br>Fourth<br></p>"
    assert blocks_of(markup, parser) == ["First line\nsecond line", "Third", "Fourth"]


@pytest.mark.parametrize("parser", PARSERS)
def test_preformatted_text_keeps_its_spaces_and_lines(parser: str) -> None:
    assert blocks_of("<p>Table:</p><pre>Mon   08:10\n  Wed 09:10\n</pre><p>a\n   b</p>", parser) == [
        "Table:", "Mon   08:10\n  Wed 09:10", "a b",
    ]  # fmt: skip


@pytest.mark.parametrize("parser", PARSERS)
def test_entities_and_no_break_spaces_are_characters_and_spaces(parser: str) -> None:
    assert blocks_of("<p>Fish &amp;&nbsp; chips&#8212;&pound;9 &lt;b&gt;&nbsp;</p>", parser) == [
        "Fish & chips—£9 <b>"
    ]


def test_characters_of_links_are_counted_without_the_space_around_them() -> None:
    document = parsed(
        "<p>See <a href='/r'> the <b>report</b></a> now</p><p><a href='/all'>All of it</a></p><p>None</p>"
    )
    assert block_with(document, "See").link_chars == len("the") + len("report")
    assert block_with(document, "All").link_chars == len("All of it")
    assert block_with(document, "None").link_chars == 0


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    "attribute", ["hidden", 'aria-hidden="true"', 'style="color: red; DISPLAY : none"', "style='visibility:hidden'"]
)
def test_an_element_that_hides_itself_is_marked(parser: str, attribute: str) -> None:
    document = parsed(f"<main><p>Seen</p><p {attribute}>Unseen</p></main>", parser)
    assert document.elements[block_with(document, "Unseen").element].hidden
    assert not document.elements[document.blocks[0].element].hidden


def test_an_element_carries_the_words_of_its_names() -> None:
    document = parsed("<div class='story  lead' id=top role=main itemprop=articleBody>Words</div>")
    names = document.elements[document.blocks[0].element].names.split()
    assert names == ["story", "lead", "top", "main", "articleBody"]


@pytest.mark.parametrize("parser", PARSERS)
def test_what_a_reader_does_not_see_as_text_is_no_text(parser: str) -> None:
    markup = (
        "<html><head><title>Tab title</title><style>p { color: red }</style></head><body><!-- a comment -->"
        "<script>document.write('<p>scripted</p>')</script><template><p>stencil</p></template>"
        "<noscript><p>Turn scripts on</p></noscript><svg><title>icon</title><text>drawn</text></svg>"
        "<textarea>typed</textarea><select><option>chosen</option></select><p>Read this.</p></body></html>"
    )
    assert blocks_of(markup, parser) == ["Read this."]


@pytest.mark.parametrize("builder", BUILDERS)
def test_ruby_is_read_the_same_by_every_parser(builder: str) -> None:
    markup = "<p><ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby>の店が開いた。</p>"
    assert blocks_of(markup, builder) == blocks_of(markup)


@pytest.mark.parametrize("parser", PARSERS)
def test_lone_surrogates_do_not_stop_a_parser(parser: str) -> None:
    # Half of an emoji, as a scraper that cuts JSON strings leaves it.
    text = parsed("<p>The ferry \ud83d</p><p>is late.</p>", parser).text
    assert "The ferry" in text
    assert text.endswith("is late.")


def spans(markup: str, *selectors: str, parser: str = "lexbor") -> list[tuple[str, str]]:
    document = parsed(markup, parser, selectors)
    return [(name, document.text[start:end].strip()) for name, start, end in document.selections]


@pytest.mark.parametrize("parser", PARSERS)
def test_a_selector_finds_the_text_of_block_and_inline_elements(parser: str) -> None:
    markup = "<div><p>Before</p><p class=ad>Buy <b>now</b></p><p>So <span class=x> it  goes</span> on</p></div>"
    assert spans(markup, "p.ad", parser=parser) == [("p.ad", "Buy now")]
    assert spans(markup, "span.x", parser=parser) == [("span.x", "it goes")]
    assert spans(markup, "p.none", parser=parser) == []


@pytest.mark.parametrize("parser", PARSERS)
def test_nested_selections_and_several_selectors_each_have_their_span(parser: str) -> None:
    markup = "<section class=box><p>One <b>two</b></p><div class=box>three</div></section><p>four</p>"
    assert sorted(spans(markup, ".box", "b", "section", parser=parser)) == [
        (".box", "One two\n\nthree"), (".box", "three"), ("b", "two"), ("section", "One two\n\nthree"),
    ]  # fmt: skip


@pytest.mark.parametrize("parser", PARSERS)
def test_an_inline_selection_beside_line_breaks_and_loose_spaces_is_exact(parser: str) -> None:
    markup = "<p>Photo:  <br> <i>Ada  Rell</i> <br>for the <i>Post</i>  </p>"
    assert spans(markup, "i", parser=parser) == [("i", "Ada Rell"), ("i", "Post")]


def test_a_selected_element_without_text_has_no_selection() -> None:
    assert spans("<p>One</p><div class=ad><img src=x></div><p>Two</p>", ".ad") == []


@pytest.mark.parametrize("parser", PARSERS)
def test_a_bad_selector_is_an_input_error_that_quotes_it(parser: str) -> None:
    with pytest.raises(InputError, match=r"p\[\["):
        parsed("<p>One</p>", parser, ("p[[",))


def test_a_parser_that_is_not_there_is_an_input_error() -> None:
    with pytest.raises(InputError, match="no-such-parser"):
        parsed("<p>One</p>", "no-such-parser")


def test_a_tag_can_be_handed_over_instead_of_a_whole_soup(cleaner: Cleaner) -> None:
    markup = "<body><nav>Menu</nav><article><p>The gates are <b>shut</b>.</p></article></body>"
    tag = BeautifulSoup(markup, "lxml").article
    assert isinstance(tag, Tag)
    assert parse_soup(tag).text == "The gates are shut."
    assert cleaner.clean(tag).text == "The gates are shut."


@pytest.mark.parametrize("builder", BUILDERS)
def test_a_soup_handed_over_reads_as_its_markup_does(cleaner: Cleaner, builder: str) -> None:
    markup = (EXAMPLES / "pages" / "valley-courier-ferry.html").read_text("utf-8")
    assert cleaner.clean(BeautifulSoup(markup, builder)).text == cleaner.clean(markup).text


@pytest.mark.parametrize("builder", BUILDERS)
def test_a_soup_is_left_as_it_was(cleaner: Cleaner, builder: str) -> None:
    soup = BeautifulSoup((EXAMPLES / "pages" / "coast-herald-school.html").read_bytes(), builder)
    before, nodes = str(soup), sum(1 for _ in soup.descendants)
    parse_soup(soup, ["p", ".authorbio"])
    cleaner.clean(soup)
    assert str(soup) == before
    assert sum(1 for _ in soup.descendants) == nodes


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("tag", ["div", "span"])
def test_deep_nesting_is_no_matter(parser: str, tag: str) -> None:
    document = parsed(f"<{tag}>" * 2_000 + "deep" + f"</{tag}>" * 2_000 + "<p>after</p>", parser, ("p", tag))
    assert [document.text[block.start : block.end] for block in document.blocks][-2:] == ["deep", "after"]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("markup", ["", " \n", "<!-- nothing -->", "<script>var x;</script>", "<p> &nbsp; </p>"])
def test_markup_without_text_has_no_blocks(parser: str, markup: str) -> None:
    document = parsed(markup, parser)
    assert document.blocks == ()
    assert not document.text


@pytest.mark.parametrize(
    "markup", ["<p>The gates <b>are", "<div><p>The gates <b>are</div>", "The gates <b>are</p></i>"]
)
def test_unclosed_markup_keeps_its_text(markup: str) -> None:
    assert blocks_of(markup) == ["The gates are"]


def test_content_of_another_type_is_an_input_error_that_names_it(cleaner: Cleaner) -> None:
    anything: Any = 42
    with pytest.raises(InputError, match="int"):
        cleaner.clean(anything)


def test_bytes_of_every_kind_are_read() -> None:
    markup = b"<p>One</p><p>Two</p>"
    for content in (markup, bytearray(markup), memoryview(markup)):
        assert parse(Page(content)).text == "One\n\nTwo"
    assert parse_html(markup.decode()).text == "One\n\nTwo"


@pytest.mark.parametrize("parser", PARSERS)
def test_readings_of_words_are_left_out_of_them(parser: str) -> None:
    assert blocks_of("<p>今日の<ruby>天気<rp>（</rp><rt>てんき</rt><rp>）</rp></ruby>は</p>", parser) == [
        "今日の天気は"
    ]
