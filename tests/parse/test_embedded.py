"""Articles that a page stores where its readers do not see them."""

from __future__ import annotations

import html
import json
import sys
import time
from dataclasses import replace

import pytest

from syndicate import Cleaner
from syndicate.model import Page
from syndicate.parse import parse

TITLE = "Marrow Lock opens again to barges after repairs"
LINES = (
    "Barges passed through Marrow Lock on Tuesday for the first time since the flood of winter, the trust said.",
    "Forty boats had waited below the gates since dawn, and the first of them was through shortly after eight.",
    "The repairs took five months and cost twice as much as planned, since the sill of the lower gates had cracked.",
    "“We found things that nobody has seen since the lock was built,” said Orla Finch, who led the work.",
    "Masons from three counties cut new stone for the walls; the old blocks will stand in the lock house's garden.",
    "The trust expects six hundred boats a week in summer, and will keep the lock open until ten in the evening.",
)
PARSERS = ("lexbor", "lxml", "html5lib", "html.parser")


def page(stored: str, visible: str = "<p>Subscribe to read on.</p>") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{TITLE}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<h1>{TITLE}</h1><div>{visible}</div>{stored}<footer>Lock Herald</footer></body></html>"
    )


def script(data: object, frame: str = "{}", kind: str = "application/json") -> str:
    return f'<script type="{kind}">{frame.replace("{}", json.dumps(data))}</script>'


def linked(body: str) -> str:
    return script({"@type": "NewsArticle", "headline": TITLE, "articleBody": body}, kind="application/ld+json")


def assigned(data: str) -> str:
    return f'<script>x={{"title":"{TITLE}","x":{data}}}</script>'


MARKUP = "".join(f"<p>{line}</p>" for line in LINES)
NODES = [{"type": "paragraph", "content": [{"type": "text", "value": line}]} for line in LINES]
SPLIT = [
    {
        "type": "paragraph",
        "content": [{"type": "text", "value": a + " "}, {"type": "link", "content": [{"value": b}]}],
    }
    for a, _, b in (line.partition(" ") for line in LINES)
]
ADVERT = {"type": "ad", "content": [{"type": "text", "value": "Buy a boat today, says this advertisement to you"}]}
PARTS = [{"type": "p", "children": [{"type": "text", "data": line}]} for line in LINES]
FORMS = {
    "noscript": f"<noscript>{MARKUP}</noscript>",
    "template": f"<template>{MARKUP}</template>",
    "script of template": f"<script type='text/template'>{MARKUP}</script>",
    "linked data in lines": linked("\n\n".join(LINES)),
    "linked data in markup": linked(MARKUP),
    "linked data escaped": linked(html.escape(MARKUP)),
    "tree of nodes": script(
        {"story": {"headline": TITLE, "body": {"type": "document", "content": [ADVERT, *NODES]}}}
    ),
    "nodes with links": script({"props": {"story": {"title": TITLE, "body": {"content": SPLIT}}}}),
    "list of texts": script(
        {"headlines": {"basic": TITLE}, "content_elements": [{"type": "text", "content": line} for line in LINES]},
        "window.Fusion=window.Fusion||[];Fusion.globalContent={};Fusion.x='y'",
        "text/javascript",
    ),
    "cache of parts": script(
        {"Article:1": {"headline": TITLE}, "Article:1.body": {"type": "json", "json": PARTS}},
        "window.__STATE__={};delete window.x",
        "",
    ),
    "string of markup": script({"post": {"title": {"rendered": TITLE}, "content": {"rendered": MARKUP}}}),
    "json in json": script({"post": {"title": TITLE, "body": json.dumps(PARTS)}}),
    "numbered pages": script(
        {"title": TITLE, "pages": {str(at): {"top": f"&lt;p&gt;{line}&lt;/p&gt;"} for at, line in enumerate(LINES)}}
    ),
}


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("form", FORMS)
def test_article_that_is_only_stored_is_read_and_noted(form: str, parser: str) -> None:
    article = Cleaner(packs=["core"], parser=parser).clean(page(FORMS[form]))
    assert article.text.split("\n\n") == list(LINES)
    assert [note.startswith("the article was read from") for note in article.notes] == [True]
    assert article.title == TITLE
    article.restore()


@pytest.mark.parametrize("form", FORMS)
def test_article_that_is_shown_is_not_read_twice(form: str) -> None:
    plain = parse(Page(page("", MARKUP)))
    assert replace(parse(Page(page(FORMS[form], MARKUP))), claims=plain.claims) == plain
    broken = MARKUP.replace(LINES[0][:40], f"<b>{LINES[0][:40]}</b>").replace("since", "sin\xadce")
    assert not parse(Page(page(FORMS[form], broken))).notes


@pytest.mark.parametrize("form", FORMS)
def test_lead_that_is_shown_stands_in_the_text_once(form: str) -> None:
    article = Cleaner(packs=["core"]).clean(page(FORMS[form], f"<p>{LINES[0]}</p><p>{LINES[1]}</p>"))
    assert article.text.split("\n\n") == list(LINES)


OTHERS = {
    "another story": script({"headline": "Tolls rise on the northern canals", "body": {"content": NODES}}),
    "stories": script([{"title": f"Number {at}", "body": MARKUP} for at in range(4)]),
    "another story beside the page's": script(
        {"posts": [{"title": TITLE, "body": "Short."}, {"title": "Tolls rise again", "body": MARKUP}]}
    ),
    "placeholders": f"<template>{MARKUP}<p>{{{{a}}}}</p><p>{{{{b}}}}</p><p>{{{{c}}}}</p></template>",
    "dialogue": "<template>" + "<p>We set cookies and other small files so that this site can work for you.</p>" * 20,
    "program": script({"title": TITLE, "body": "if (a) { b(); } else { c(); }. " * 60}),
    "short": linked(LINES[0]),
}


@pytest.mark.parametrize("other", OTHERS)
def test_what_is_not_the_article_of_the_page_is_left(other: str) -> None:
    assert parse(Page(page(OTHERS[other]))).notes == ()


@pytest.mark.parametrize(
    "stored",
    [
        script({"title": TITLE, "body": MARKUP})[:-40] + "</script>",
        assigned("[" * 100_000 + "1" + "]" * 100_000),
        assigned('"' + "a. b " * 2_000_000 + '"'),
        f"<script>{TITLE}" + '=[["' * 500_000 + "</script>",
        f"<script>{TITLE}=" + " " * 2_000_000 + "</script>",
        assigned("[" + "[[1]]," * 200_000 + "1]"),
        '<script type="application/ld+json">' + '"articleBody":"' + "\\" * 200_000 + "</script>",
        script({"title": TITLE, "body": "<div><p>" * 50_000}),
        script([{"title": TITLE, "body": "<p>\ud83d " + "half a character " * 40}] * 500),
    ],
    ids=["broken", "deep", "long", "starts", "spaces", "many", "escapes", "nested markup", "half characters"],
)
def test_hostile_scripts_cost_little(stored: str) -> None:
    limit = 2 if sys.gettrace() is None else 6  # measuring coverage makes every line take three times as long
    start = time.process_time()
    document = parse(Page(page(stored)))
    assert time.process_time() - start < limit
    assert document.text.startswith("Home")


def test_blocks_of_a_stored_article_stand_under_one_element() -> None:
    document = parse(Page(page(FORMS["tree of nodes"])))
    blocks = [block for block in document.blocks if document.text[block.start : block.end] in LINES]
    assert [block.tag for block in blocks] == ["p"] * len(LINES)
    (container,) = {document.elements[block.element].parent for block in blocks}
    assert document.elements[container][:2] == ("script", 0)
    assert all(element.parent < at for at, element in enumerate(document.elements))
