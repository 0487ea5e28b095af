"""Invented outlets on a server of this machine, some of which repost each other's stories."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from tests.stories import body

if TYPE_CHECKING:
    from collections.abc import Iterator

OUTLETS = {
    "harbour": "Harbour Ledger",
    "valley": "Valley Courier",
    "plains": "Plains Tribune",
    "coast": "Coast Herald",
}


class Story(NamedTuple):
    """A page of the site.

    Attributes:
        outlet: A key of `OUTLETS`.
        number: Of the page.
        text: Number of the text; two pages of one text are copies.
        credit: The outlet that it is credited to.
    """

    outlet: str
    number: int
    text: int
    credit: str | None = None

    @property
    def url(self) -> str:
        return f"http://{self.outlet}.example/news/{self.number}"


def own(outlet: str, numbers: range) -> list[Story]:
    """Stories that an outlet has alone."""
    first = 1_000 * (1 + list(OUTLETS).index(outlet))
    return [Story(outlet, number, first + number) for number in numbers]


def copied(outlet: str, stories: list[Story]) -> list[Story]:
    """Copies of stories at another outlet."""
    return [Story(outlet, 500 + story.number, story.text, story.outlet) for story in stories]


def text_of(story: Story) -> str:
    return body(story.text)


def page_of(story: Story) -> str:
    """A page in the form that such outlets give them: menus, share buttons, a newsletter, credits, a footer."""
    name, kind = OUTLETS[story.outlet], story.outlet[:2]
    paragraphs = [f'<p class="{kind}-p">{paragraph}</p>' for paragraph in text_of(story).split("\n\n")]
    if story.credit is not None:
        paragraphs.append(f"<p><em>This article was originally published by {OUTLETS[story.credit]}.</em></p>")
    title = f"What became of matter {story.text}"
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | {name}</title>
<meta property="og:site_name" content="{name}"><meta property="og:title" content="{title}">
<meta property="article:published_time" content="2026-03-{1 + story.number % 28:02}T06:10:00Z">
<link rel="canonical" href="{story.url}"><script>window.dataLayer=[{{"id":{story.number}}}]</script></head>
<body class="{kind}-page"><header><nav><ul><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li>
<li><a href="/jobs">Jobs</a></li><li><a href="/subscribe">Subscribe</a></li></ul></nav></header>
<main><article><h1>{title}</h1><p class="{kind}-byline">By <a rel="author" href="/staff/1">Imogen Tarrant</a></p>
<ul class="{kind}-share"><li><a href="https://social.example/share?u={story.url}">Share on Facebook</a></li></ul>
<div class="{kind}-body">{"".join(paragraphs)}</div>
<aside class="{kind}-newsletter"><h2>Sign up for our newsletter</h2><p>Get the news in your inbox each morning.</p>
</aside></article><aside class="related"><h2>Most read</h2><ul><li><a href="/1">Council meets late</a></li>
<li><a href="/2">Six things to do this weekend</a></li></ul></aside></main>
<footer><p>© 2026 {name}. All rights reserved.</p></footer></body></html>"""


@contextmanager
def serving(stories: list[Story]) -> Iterator[str]:
    """The address of a proxy, on this machine, to a web that has these pages and nothing else."""
    pages = {story.url: page_of(story).encode() for story in stories}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            # Asked as a proxy it is given the whole address, and asked as a server the path.
            path = urlsplit(self.path)
            host = path.netloc or self.headers["Host"]
            found = pages.get(f"http://{host}{path.path}")
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(found or b"")))
            self.end_headers()
            self.wfile.write(found or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
