"""Which of a page's pieces of metadata make which claim."""

from __future__ import annotations

from itertools import chain
from typing import Final

SOURCES: Final = {
    "title": ("ld:headline", "og:title", "twitter:title", "h1", "title"),
    "byline": (
        "ld:author", "article:author", "author", "byl", "parsely-author", "sailthru.author", "dc.creator",
        "dcterms.creator", "citation_author", "cxenseparse:author", "article:author_name", "ld:creator", "line:names",
    ),
    "published": (
        "ld:datePublished", "article:published_time", "og:article:published_time", "datepublished",
        "article:published", "article.published", "og:published_time", "parsely-pub-date", "sailthru.date", "pubdate",
        "publishdate", "publish-date", "publish_date", "published_at", "article_date_original",
        "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.issued", "citation_publication_date",
        "citation_online_date", "dc.date.created", "dcterms.created", "datecreated", "time:published",
        "line:published", "dc.date", "dcterms.date", "date", "time", "line", "url", "time:alone",
    ),
    "modified": (
        "ld:dateModified", "article:modified_time", "og:updated_time", "datemodified", "article:modified",
        "dcterms.modified", "last-modified", "lastmod", "time:modified", "line:modified",
    ),
    "outlet": ("og:site_name", "ld:publisher", "application-name"),
    "canonical": ("link:canonical", "og:url"),
    "language": ("html:lang", "og:locale", "content-language", "ld:inLanguage"),
    "section": ("ld:articleSection", "article:section", "parsely-section", "cxenseparse:section"),
    "agency": ("ld:sourceOrganization",),
    "source_url": ("syndication-source", "original-source", "ld:isBasedOn"),
}  # fmt: skip
"""For each claim the tags that make it, best first. "ld:" names a key of the page's JSON-LD article, "time" a `time`
element by the heading, "line" what is written there, "url" the page's canonical address."""
KNOWN: Final = frozenset(chain.from_iterable(SOURCES.values()))
"""All of them."""
