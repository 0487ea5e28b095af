"""A story as its page shows it: who ran it, what each page is to which, and when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.moments import NEVER, moment, moment_of
from syndicate.report.timeline import Event, Timeline, draw
from syndicate.report.words import REASONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from syndicate.graph import Edge, Origin, Story
    from syndicate.report.corpus import Corpus

ORIGINAL: Final = "original"
COPY: Final = "copy"
"""Role of a page whose source is not known, or is not among the articles."""


class PageOfStory(NamedTuple):
    """An article that has a story's text, or some of it.

    Attributes:
        number: Its place in the report.
        role: What it is: a relation, `ORIGINAL` or `COPY`.
        source: The article that it took the text from, by number; None where that is not known.
        because: What that rests on.
        is_member: Whether the story is its own; else it is one that has an excerpt.
    """

    number: int
    title: str
    outlet: str
    published: str | None
    role: str
    source: int | None
    because: str
    is_member: bool


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story as the report shows it.

    Attributes:
        number: Its place in the report.
        title: That of the original; else the one that most of its pages have, or the first of them.
        pages: The original first, then by time.
        outlets: How many outlets they are of.
        evidence: What speaks for the origin: kind, the article's number, the words.
        timeline: None where no page's time is known.
    """

    number: int
    id: str
    title: str
    origin: Origin
    pages: tuple[PageOfStory, ...]
    outlets: int
    evidence: tuple[tuple[str, int, str], ...]
    notes: tuple[str, ...]
    timeline: Timeline | None

    def outlet_of(self, number: int) -> str:
        """The outlet of a page of the story; "" of another."""
        return next((page.outlet for page in self.pages if page.number == number), "")

    @property
    def first(self) -> str | None:
        """When the first of its pages came out, as it is written; None where no page's time is known."""
        times = (page.published for page in self.pages if moment(page.published))
        return min(times, key=lambda time: moment(time) or NEVER, default=None)


def story_view(number: int, story: Story, corpus: Corpus, names: Mapping[str, str]) -> StoryView:
    """Put a story together.

    Args:
        number: Its place in the report.
        story: The story; what it says of articles that the corpus does not have is left out.
        corpus: The articles.
        names: The name of each article's outlet, by the article's id.
    """
    pages = tuple(_pages(story, corpus, names))
    rows = {page.number: row for row, page in enumerate(pages)}
    events = [
        Event(moment_of(corpus.articles[page.number]), rows.get(page.source, -1) if page.source is not None else -1,
              page.role)
        for page in pages
    ]  # fmt: skip
    evidence = (
        (piece.kind, corpus.numbers[piece.article], piece.text)
        for piece in story.origin.evidence
        if piece.article in corpus.numbers
    )
    return StoryView(
        number, story.id, _title(pages), story.origin, pages, len({page.outlet for page in pages}),
        tuple(evidence), story.notes, draw(events),
    )  # fmt: skip


def _title(pages: Sequence[PageOfStory]) -> str:
    titles = [page.title for page in pages if page.is_member and page.title]
    if pages and pages[0].role == ORIGINAL and pages[0].title:
        return pages[0].title
    return Counter(titles).most_common(1)[0][0] if titles else "Untitled"


def _pages(story: Story, corpus: Corpus, names: Mapping[str, str]) -> Iterator[PageOfStory]:
    edges: dict[str, Edge] = {edge.copy: edge for edge in story.edges}  # in a story an article has one source
    ids = [one for one in dict.fromkeys((*story.members, *edges)) if one in corpus.numbers]
    members = frozenset(story.members)

    def rank(one: str) -> tuple[bool, object, str]:
        return one != story.origin.article, moment_of(corpus.articles[corpus.numbers[one]]) or NEVER, one

    for one in sorted(ids, key=rank):
        number = corpus.numbers[one]
        article = corpus.articles[number]
        edge = edges.get(one)
        source = corpus.numbers.get(edge.source) if edge else None
        role = ORIGINAL if one == story.origin.article else str(edge.relation) if edge else COPY
        because = REASONS.get(edge.evidence, edge.evidence) if edge and source is not None else ""
        yield PageOfStory(
            number,
            (article.title or "").strip(),
            names[one],
            article.published,
            role,
            source,
            because,
            one in members,
        )


def roles(views: Sequence[StoryView]) -> dict[int, tuple[int, str]]:
    """For each article its story and its role there, by their numbers; the story that is its own wins."""
    found: dict[int, tuple[int, str]] = {}
    for view in views:
        for page in view.pages:
            if page.is_member or page.number not in found:
                found[page.number] = (view.number, page.role)
    return found
