"""Many pages: clean each, count each. One bad input costs that input only."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from syndicate.errors import InputError
from syndicate.io.read import Failure
from syndicate.model import Page, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from syndicate.clean import Cleaner
    from syndicate.extract import Repeats
    from syndicate.model import Article


class Account:
    """How many inputs were seen, and what became of them; every input is in one count."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    @property
    def failed(self) -> int:
        """Inputs that could not be read or cleaned."""
        return self.counts["failed"]

    def __str__(self) -> str:
        seen = self.counts.total()
        parts = " + ".join(f"{self.counts[name]} {name}" for name in (*map(str, Status), "failed"))
        return f"{seen} seen = {parts}"


def site_repeats(pages: Iterable[Page | Failure], cleaner: Cleaner) -> dict[str, Repeats]:
    """What repeats across the pages of each site, for `clean_pages`; what could not be read is passed over."""
    return cleaner.site_blocks(page for page in pages if isinstance(page, Page)).repeats()


def clean_pages(
    pages: Iterable[Page | Failure],
    cleaner: Cleaner,
    account: Account,
    report: Callable[[Failure], None],
    repeats: Mapping[str, Repeats] | None = None,
) -> Iterator[tuple[Page, Article]]:
    """Clean pages in their order.

    Args:
        pages: Pages, and inputs that could not be read.
        cleaner: What cleans them.
        account: Takes the counts.
        report: Called with each failure.
        repeats: What repeats across the pages of each site, if that is to go too; each page by itself if not given.
    """
    for page in pages:
        if not isinstance(page, Failure):
            try:
                article = cleaner.clean_among(page, repeats or {})
            except InputError as error:
                page = Failure(page.id, str(error))  # noqa: PLW2901
            else:
                account.counts[str(article.status)] += 1
                yield page, article
                continue
        account.counts["failed"] += 1
        report(page)
