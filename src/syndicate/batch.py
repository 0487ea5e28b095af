"""Many inputs: clean, index or look up each, count each. One bad input costs that input only."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.errors import InputError
from syndicate.io.read import Failure
from syndicate.model import Page, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from syndicate.clean import Cleaner
    from syndicate.index import Index
    from syndicate.index.lookup import Lookup
    from syndicate.io.inputs import Note
    from syndicate.model import Article


_WARM: Final = Page("<html><body><article><h1>Rain</h1><p>Rain is due.</p></article></body></html>", format="html")
FAILED: Final = "failed"
"""Beside the statuses of articles: what could not be read or cleaned."""


class Account:
    """How many inputs were seen, and what became of them; every input is in one count."""

    def __init__(self, counts: Mapping[str, int] | None = None) -> None:
        self.counts: Counter[str] = Counter(counts)

    @property
    def failed(self) -> int:
        """Inputs that could not be read or cleaned."""
        return self.counts[FAILED]

    def __str__(self) -> str:
        seen = self.counts.total()
        parts = " + ".join(f"{self.counts[name]} {name}" for name in (*map(str, Status), FAILED))
        return f"{seen} seen = {parts}"


class MatchAccount(NamedTuple):
    """What was matched, and what came of it.

    Attributes:
        ok, failed: How many inputs are cleaned articles, and how many are not.
        matches, stories: How many there are.
    """

    ok: int
    failed: int
    matches: int
    stories: int

    def __str__(self) -> str:
        seen = f"{self.ok + self.failed} seen = {self.ok} ok + {self.failed} failed"
        return f"{seen}; {self.matches} matches, {self.stories} stories"


def clean_pages(
    pages: Iterable[Page | Failure],
    cleaner: Cleaner,
    account: Account,
    report: Callable[[Failure], None],
) -> Iterator[tuple[Page, Article]]:
    """Clean pages in their order, each by itself, as they are asked for; `run` is for many.

    Args:
        pages: Pages, and inputs that could not be read.
        cleaner: What cleans them.
        account: Takes the counts.
        report: Called with each failure.
    """
    for page in pages:
        if not isinstance(page, Failure):
            try:
                article = cleaner.clean_page(page)
            except InputError as error:
                page = Failure(page.id, str(error))  # noqa: PLW2901
            else:
                account.counts[str(article.status)] += 1
                yield page, article
                continue
        account.counts[FAILED] += 1
        report(page)


def add_articles(
    articles: Iterable[Article | Failure],
    index: Index,
    account: Account,
    report: Callable[[Failure], None],
    *,
    batch: int,
) -> None:
    """Add articles to an index, a batch a transaction.

    Args:
        articles: Cleaned articles, and inputs that could not be read.
        index: Where they go.
        account: Takes the counts of the batches that are added.
        report: Called with each failure.
        batch: Inputs in a batch.

    Raises:
        StoreError: The index is damaged or out of reach; the batches before stay.
    """
    source = _with_ids(articles)
    while some := list(islice(source, batch)):
        good = [article for article in some if not isinstance(article, Failure)]
        index.add_many(good, batch=batch)
        for article in some:
            if isinstance(article, Failure):
                report(article)
        account.counts.update(FAILED if isinstance(one, Failure) else str(one.status) for one in some)


def match_articles(
    articles: Iterable[Article | Failure], index: Index, account: Account, report: Callable[[Failure], None]
) -> Iterator[tuple[Article, Lookup]]:
    """Look articles up in an index, in their order; arguments as of `add_articles`."""
    for article in articles:
        if isinstance(article, Failure):
            account.counts[FAILED] += 1
            report(article)
        else:
            account.counts[str(article.status)] += 1
            yield article, index.look_up(article)


def _with_ids(articles: Iterable[Article | Failure]) -> Iterator[Article | Failure]:
    """Articles without an id as failures; nothing could find them again."""
    for number, article in enumerate(articles, 1):
        if isinstance(article, Failure) or article.id:
            yield article
        else:
            yield Failure(f"article {number}", "it has no id: clean it with url= or id=")


def warm_up(cleaner: Cleaner) -> None:
    """Load and compile what cleaning needs, once for all processes that will be forked."""
    cleaner.clean_page(_WARM)


def input_size(item: Page | Failure | Note) -> int:
    """About how many bytes an input takes on its way to a process."""
    return 1_000 + (len(item.content) if isinstance(item, Page) else 0)
