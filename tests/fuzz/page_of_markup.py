"""Any bytes as a page of HTML: it is cleaned, every character is accounted for, and nothing but InputError comes."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Final

from syndicate import Cleaner, InputError, Page, fingerprint
from syndicate.parse import NotText, parse
from syndicate.rules.names import host_of
from tests.whole import assert_whole

_STORY: Final = "The ferry to the north shore will run again from Monday, the harbour office said on Friday. " * 3
_URLS: Final = (None, "https://news.harbour.example/ferry")
PARSERS: Final = ("lexbor", "html.parser")

SEEDS: Final = (
    b"\x00<html><head><title>Ferry</title><meta property='og:site_name' content='Harbour Ledger'></head><body>"
    b"<nav><a href=/>Home</a></nav><article><h1>Ferry</h1><p class=byline>By Ada Quill</p><p>"
    + _STORY.encode()
    + b"</p><p>Share this article</p></article><footer>&copy; 2026</footer>",
    b"\x01<div><p>One<br><br>two<b><i>three</b></i><!-- note --><script>let a</script>]]><![CDATA[x]]>&amp;&#0;",
    b'\x02<script type=\'application/ld+json\'>{"@type":"NewsArticle","headline":"Ferry","datePublished":'
    b'"2026-01-02","author":[{"name":"Ada"}],"isBasedOn":"https://tide.example/a"}</script><p>' + _STORY.encode(),
    b"\x03<table><tr><td>a<td>b<ruby>x<rt>y</ruby><pre> a\n b</pre><a class=__cf_email__ data-cfemail=0a6b>e</a>",
    b'\x00<meta charset="windows-1251"><p hidden>\xcf\xe0</p><template><p>t</template><select><option>o</select>',
)
WORDS: Final = (
    "<div>", "</div>", "<p>", "</p>", "<b>", "<i>", "<a href=", "<table>", "<td>", "<ul><li>", "<pre>", "<br>",
    "<!--", "-->", "<![CDATA[", "]]>", "<?", "<!DOCTYPE html>", "<script>", "</script>", "<style>", "<title>",
    "<textarea>", "<template>", "<svg>", "<math>", "<select>", "<ruby>", "<rt>", "&amp;", "&#x", "charset=", "utf-16",
    "application/ld+json", "@type", "NewsArticle", "datePublished", "canonical", "data-cfemail", "class=", "itemprop",
    "<frameset>", "<noscript>", "<base href=", "<body ", "style=display:none", "Share this article", "By ",
)  # fmt: skip


@cache
def _cleaner(parser: str) -> Cleaner:
    return Cleaner(parser=parser)


def check(data: bytes) -> None:
    """The first byte says which parser, and whether the format and an address are told."""
    if not data:
        return
    choice, content = data[0], data[1:]
    parser = PARSERS[choice & 1]
    page = Page(content, id="page", url=_URLS[choice >> 2 & 1], format="auto" if choice & 2 else "html")
    assert_page_is_whole(_cleaner(parser), page)


def assert_page_is_whole(cleaner: Cleaner, page: Page) -> None:
    """A page's account is that of the document; what it has left can be fingerprinted."""
    with suppress(InputError):
        article = cleaner.clean_page(page)
        with suppress(NotText):
            assert_whole(article, parse(page, cleaner.rules.selectors(host_of(page.url)), cleaner.parser).text)
        fingerprint(article.text)
