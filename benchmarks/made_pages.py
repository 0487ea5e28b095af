"""Pages of the made stories: a text in its publisher's chrome, as plain text or as HTML with metadata."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Final

from made_outlets import fold, seeded, words
from syndicate import Page

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from made_outlets import Outlet

ENGLISH_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marks:
    """What a page says beside its text that bears on where it is from, true or not.

    Attributes:
        head, tail: Lines above and below the text.
        byline: In place of the outlet's own.
        opening: Before the first words of the text: a dateline.
        captions: Lines below pictures.
        tags: Names and contents of meta tags; "canonical" is a link, "ld:..." goes into the JSON-LD.
        pixel: Address of a republication counter.
        box: Whether the page offers its own text for republication, with a counter in what is to be copied.
        links: Names in `head` and `tail` that are links in HTML, with addresses.
    """

    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    byline: str | None = None
    opening: str = ""
    captions: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    pixel: str | None = None
    box: bool = False
    links: tuple[tuple[str, str], ...] = ()

    @property
    def needs_html(self) -> bool:
        """Whether plain text has no place for all this."""
        return bool(self.tags or self.pixel or self.box)


@dataclass(frozen=True, slots=True)
class Draft:
    """A page before it is laid out: whose, with which text, when, and what it says of its origin."""

    outlet: Outlet
    url: str
    paragraphs: tuple[str, ...]
    published: str | None
    year: int
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True, slots=True)
class Style:
    """How an outlet's pages look: the same on all of them.

    Attributes:
        chrome: For each kind of chrome the outlet's wording.
        habits: What its pages have: "share", "newsletter", "more", "below", "contact", "extra", ...
        layout: Number of its HTML template.
    """

    chrome: dict[str, str]
    habits: frozenset[str]
    layout: int


HABITS: Final = {
    "share": 0.6, "newsletter": 0.5, "more": 0.4, "below": 0.5, "contact": 0.3, "extra": 0.3, "copyright": 0.7,
    "byline": 0.8, "date": 0.4,
}  # fmt: skip
"""Of how many outlets' pages each kind of chrome is a part."""


def style_of(outlet: Outlet) -> Style:
    """An outlet's style."""
    rng = seeded("style", outlet.name)
    chrome = words()["chrome"].get(outlet.language) or words()["chrome"]["en"]
    wordings = {kind: rng.choice(forms) for kind, forms in chrome.items()}
    habits = frozenset(kind for kind, share in HABITS.items() if rng.random() < share)
    return Style(wordings, habits, rng.randrange(len(LAYOUTS)))


def person(rng: random.Random) -> str:
    """An invented name."""
    people = words()["people"]
    return f"{rng.choice(people['first'])} {rng.choice(people['last'])}"


def long_date(published: str | None) -> str:
    """A date as a page shows it: "March 3, 2021"."""
    if published is None:
        return ""
    year, month, day = (int(part) for part in published[:10].split("-"))
    return f"{ENGLISH_MONTHS[month - 1]} {day}, {year}"


def headline(language: str, rng: random.Random) -> str:
    """A headline of another article."""
    forms = words()["headlines"]
    return str(rng.choice(forms.get(language) or forms["en"])).format(t=rng.choice(words()["towns"]))


@dataclass(frozen=True, slots=True)
class Parts:
    """A page's lines in their places: above the text, the text with what interrupts it, and below it."""

    title: str
    author: str
    above: tuple[str, ...]
    body: tuple[tuple[str, str], ...]
    below: tuple[str, ...]
    related: tuple[str, ...]
    footer: tuple[str, ...]


def parts_of(draft: Draft, rng: random.Random) -> Parts:
    """Put a draft's text into its outlet's chrome."""
    outlet, marks, style = draft.outlet, draft.marks, style_of(draft.outlet)
    author = person(rng)
    slots = {
        "x": outlet.name, "p": author, "mail": f"news@{outlet.host}", "y": str(draft.year),
        "date": long_date(draft.published) or str(draft.year), "headline": headline(outlet.language, rng),
    }  # fmt: skip

    def chrome(*kinds: str) -> tuple[str, ...]:
        return tuple(style.chrome[kind].format(**slots) for kind in kinds if kind in style.habits)

    byline = (marks.byline,) if marks.byline else chrome("byline")
    first, *rest = draft.paragraphs
    body = [("p", marks.opening + first), *(("p", paragraph) for paragraph in rest)]
    for line in marks.captions:
        body.insert(rng.randrange(min(3, len(body))), ("figcaption", line))
    for kind in ("more", "newsletter"):
        body[len(body) // 2 : len(body) // 2] = [("aside", line) for line in chrome(kind)]
    related = [headline(outlet.language, rng) for _ in range(3)] if "below" in style.habits else []
    dated = (long_date(draft.published),) if "date" in style.habits and draft.published else ()
    return Parts(
        title=" ".join(first.split()[:9]).rstrip(",.;:"),
        author=marks.byline or author,
        above=(*byline, *dated, *chrome("share", "extra"), *marks.head),
        body=tuple(body),
        below=(*marks.tail, *chrome("contact")),
        related=(*chrome("below"), *related),
        footer=chrome("copyright"),
    )


def lay_out(draft: Draft, name: str, rng: random.Random) -> Page:
    """A draft as a page, plain text or HTML about half and half."""
    parts = parts_of(draft, rng)
    if draft.marks.needs_html or rng.random() < 0.45:
        known = rng.random() < 0.5  # a caller may know the outlet, or leave it to the page
        return Page(
            html_page(draft, parts, rng), name, url=draft.url, format="html",
            outlet=draft.outlet.name if known else None,
        )  # fmt: skip
    lines = (
        parts.title,
        *parts.above,
        *(line for _, line in parts.body),
        *parts.below,
        *parts.related,
        *parts.footer,
    )
    known = rng.random() < 0.85
    return Page(
        "\n\n".join(lines), name, url=draft.url, format="text", title=parts.title, published=draft.published,
        outlet=draft.outlet.name if known else None,
    )  # fmt: skip


LAYOUTS: Final = (
    ('<article class="story">', "</article>", "byline"),
    ('<main><div class="story-body">', "</div></main>", "author-name"),
    ('<div id="content"><div class="entry-content">', "</div></div>", "post-meta"),
)


def html_page(draft: Draft, parts: Parts, rng: random.Random) -> str:
    """A page's markup."""
    opened, closed, byline = LAYOUTS[style_of(draft.outlet).layout]
    menu = "".join(
        f'<li><a href="/{word}">{word.title()}</a></li>' for word in ("news", "sport", "opinion", "culture")
    )
    above = "".join(
        f'<p class="{byline if at == 0 else "note"}">{linked(line, draft.marks)}</p>'
        for at, line in enumerate(parts.above)
    )
    body = "".join(f"<{tag}>{escape(line)}</{tag}>" for tag, line in parts.body)
    body = body.replace("<figcaption>", '<figure><img src="/picture.jpg" alt=""><figcaption>')
    body = body.replace("</figcaption>", "</figcaption></figure>")
    below = "".join(f'<p class="note">{linked(line, draft.marks)}</p>' for line in parts.below)
    related = "".join(f'<li><a href="/n/{rng.randrange(10**6)}">{escape(line)}</a></li>' for line in parts.related)
    last = "".join(f"<p>{escape(line)}</p>" for line in parts.footer)
    pixel = f'<img src="{escape(draft.marks.pixel)}" width="1" height="1" alt="">' if draft.marks.pixel else ""
    return (
        f'<!DOCTYPE html><html lang="{draft.outlet.language}"><head><meta charset="utf-8">'
        f"{head(draft, parts, rng)}</head>"
        f"<body><header><nav><ul>{menu}</ul></nav></header>{opened}<h1>{escape(parts.title)}</h1>{above}{body}{below}"
        f"{pixel}{closed}{box(draft, parts)}<aside><ul>{related}</ul></aside><footer>{last}</footer></body></html>"
    )


def linked(line: str, marks: Marks) -> str:
    """A line's markup, with its first name that has an address as a link."""
    for name, address in marks.links:
        if name in line:
            before, _, after = line.partition(name)
            return f'{escape(before)}<a href="{escape(address)}">{escape(name)}</a>{escape(after)}'
    return escape(line)


def head(draft: Draft, parts: Parts, rng: random.Random) -> str:
    """What stands in a page's head: titles, addresses, dates, as one outlet in two or three has them."""
    tags = dict(draft.marks.tags)
    canonical = tags.pop("canonical", draft.url if rng.random() < 0.7 else None)
    name = draft.outlet.name
    title = escape(parts.title)
    pieces = [f"<title>{title} | {escape(name)}</title>", f'<meta property="og:title" content="{title}">']
    pieces.append(f'<meta property="og:site_name" content="{escape(name)}">')
    if canonical:
        pieces.append(f'<link rel="canonical" href="{escape(canonical)}">')
    facts: dict[str, Any] = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": parts.title}
    facts["author"] = {"@type": "Person", "name": parts.author.removeprefix("By ")}
    facts["publisher"] = {"@type": "Organization", "name": name}
    facts |= {tag.removeprefix("ld:"): value for tag, value in tags.items() if tag.startswith("ld:")}
    pieces += [
        f'<meta name="{tag}" content="{escape(value)}">' for tag, value in tags.items() if not tag.startswith("ld:")
    ]
    if draft.published and rng.random() < 0.5:
        pieces.append(f'<meta property="article:published_time" content="{draft.published}">')
    elif draft.published:
        facts["datePublished"] = draft.published
    if "datePublished" in facts or tags or rng.random() < 0.6:
        pieces.append(f'<script type="application/ld+json">{json.dumps(facts, ensure_ascii=False)}</script>')
    return "".join(pieces)


def box(draft: Draft, parts: Parts) -> str:
    """The box in which a page offers its own text for republication."""
    if not draft.marks.box:
        return ""
    name, host = draft.outlet.name, draft.outlet.host
    pixel = f'<img src="https://{host}/?republication-pixel=true&post={len(parts.title)}">'
    copied = "".join(f"<p>{escape(line)}</p>" for line in draft.paragraphs)
    offer = f'{copied}<p>This article first appeared on <a href="{draft.url}">{name}</a>.</p>{pixel}'
    return (
        '<div id="republication-tracker-tool-modal"><h3>Republish this article</h3><p>You may republish this article '
        f"under a Creative Commons licence.</p><textarea>{escape(offer)}</textarea></div>"
    )


def address(outlet: Outlet, title: str, number: int) -> str:
    """The address of an article on an outlet's site; it tells no date."""
    slug = "-".join(fold(title).split()[:6])
    return f"https://www.{outlet.host}/{('news', 'articles', 'world')[number % 3]}/{slug}-{number}"


def joined(paragraphs: Sequence[str]) -> int:
    """How many words some paragraphs have."""
    return sum(len(paragraph.split()) for paragraph in paragraphs)
