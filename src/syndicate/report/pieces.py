"""The data of a report in pieces, each of which the page unpacks when it is asked for: a story, or some articles.

A piece is JSON, compressed (RFC 1950) and in base64, in a script element of a type that no browser runs. Their order:
first the stories', one each, then those of the articles that are of no story.
"""

from __future__ import annotations

import base64
import json
import zlib
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from syndicate.encoding import encoded
from syndicate.graph import Relation
from syndicate.report.payload import passage_payload
from syndicate.report.story import COPY, ORIGINAL, roles
from syndicate.verify import Text, shared_passages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from syndicate.graph import Match, Passage, SyndicationGraph
    from syndicate.outlets import OutletTable
    from syndicate.report.corpus import Corpus
    from syndicate.report.story import StoryView

ROLES: Final = ("", ORIGINAL, *map(str, Relation), COPY)
"""What an article may be to its story; "" for one that is of none."""
TOGETHER: Final = 40
"""Articles of no story that share a piece."""
_MOST_COMPARED: Final = 64
"""Pages of a story up to which any two are compared; of more, those that match."""


def packed(value: object) -> str:
    """A value as the text of a piece."""
    data = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
    return base64.b64encode(zlib.compress(data, 6)).decode("ascii")


class Homes:
    """Which piece each article is in."""

    def __init__(self, views: Sequence[StoryView], count: int) -> None:
        self.members: list[list[int]] = [[page.number for page in view.pages if page.is_member] for view in views]
        self.piece: list[int] = [-1] * count
        for story, numbers in enumerate(self.members):
            for number in numbers:
                self.piece[number] = story
        alone = [number for number in range(count) if self.piece[number] < 0]
        self.alone = [alone[at : at + TOGETHER] for at in range(0, len(alone), TOGETHER)]
        for at, numbers in enumerate(self.alone, len(views)):
            for number in numbers:
                self.piece[number] = at


def search_index(corpus: Corpus, views: Sequence[StoryView], homes: Homes, table: OutletTable) -> dict[str, Any]:
    """What searching and filtering look at, column after column."""
    names = table.names
    sources: dict[str, set[str]] = {}
    for copy in table.copies:
        sources.setdefault(copy.article, set()).add(copy.source)
    outlets = sorted(
        {*names.values(), *(copy.source for copy in table.copies)}, key=lambda name: (name.casefold(), name)
    )
    numbers = {name: number for number, name in enumerate(outlets)}
    of = roles(views)
    columns: dict[str, list[Any]] = {
        "title": [(article.title or "").strip() for article in corpus.articles],
        "byline": [article.byline or "" for article in corpus.articles],
        "outlet": [numbers[names[article.id]] for article in corpus.articles],
        "sources": [sorted(numbers[name] for name in sources.get(article.id, ())) for article in corpus.articles],
        "date": [article.published or "" for article in corpus.articles],
        "status": [str(article.status) for article in corpus.articles],
        "story": [of.get(number, (-1, ""))[0] for number in range(len(corpus.articles))],
        "role": [ROLES.index(of.get(number, (-1, ""))[1]) for number in range(len(corpus.articles))],
        "piece": homes.piece,
    }
    stories: dict[str, list[Any]] = {
        "id": [view.id for view in views],
        "title": [view.title for view in views],
        "origin": [view.origin.outlet or "" for view in views],
        "pages": [[page.number for page in view.pages] for view in views],
        "date": [view.first or "" for view in views],
    }
    return {"outlets": outlets, "roles": ROLES, "articles": columns, "stories": stories}


def story_pieces(
    graph: SyndicationGraph, corpus: Corpus, views: Sequence[StoryView], homes: Homes
) -> Iterator[dict[str, Any]]:
    """A piece for each story: its articles, and what its pages share, two by two; its markup is to be added."""
    matches = _by_story(graph, views)
    for view, members, own in zip(views, homes.members, matches, strict=True):
        pages = {page.number: json.loads(corpus.pages.read(page.number)) for page in view.pages}
        pairs = [_pair(match, corpus, pages) for match in own]
        yield {
            "pairs": pairs + _other_pairs({(a, b) for a, b, *_ in pairs}, corpus, pages),
            "articles": [pages[number] for number in members],
        }


def alone_pieces(corpus: Corpus, homes: Homes) -> Iterator[dict[str, Any]]:
    """Pieces of the articles that are of no story."""
    for numbers in homes.alone:
        yield {"articles": [json.loads(corpus.pages.read(number)) for number in numbers]}


def _by_story(graph: SyndicationGraph, views: Sequence[StoryView]) -> list[list[Match]]:
    """The matches of each story's pages with each other."""
    stories: dict[str, list[int]] = {}
    for view, story in zip(views, graph.stories, strict=True):
        for one in {*story.members, *(edge.copy for edge in story.edges)}:
            stories.setdefault(one, []).append(view.number)
    found: list[list[Match]] = [[] for _ in views]
    for match in graph.matches:
        for number in {*stories.get(match.a, ())} & {*stories.get(match.b, ())}:
            found[number].append(match)
    return found


def _pair(match: Match, corpus: Corpus, pages: Mapping[int, dict[str, Any]]) -> list[Any]:
    a, b = corpus.numbers[match.a], corpus.numbers[match.b]
    contained = [round(share, 3) for share in (match.containment_a, match.containment_b)]
    return [a, b, str(match.relation), *contained, _passages(match.passages, pages[a], pages[b])]


def _passages(passages: Sequence[Passage], left: Mapping[str, Any], right: Mapping[str, Any]) -> list[int]:
    return passage_payload(passages, left["long"], right["long"])


def _other_pairs(known: set[tuple[int, int]], corpus: Corpus, pages: Mapping[int, dict[str, Any]]) -> list[list[Any]]:
    """What pages of a story share that do not match: where they are not very many."""
    numbers = sorted(pages, key=lambda number: corpus.articles[number].id)
    if len(numbers) > _MOST_COMPARED:
        return []
    pairs = [(a, b) for a, b in combinations(range(len(numbers)), 2) if (numbers[a], numbers[b]) not in known]
    if not pairs:
        return []
    texts = [Text(str(number), "", encoded(pages[number]["text"])) for number in numbers]
    found = shared_passages(texts, np.array(pairs, np.int64))
    return [
        [numbers[a], numbers[b], "", 0, 0, _passages(passages, pages[numbers[a]], pages[numbers[b]])]
        for (a, b), passages in zip(pairs, found, strict=True)
    ]
