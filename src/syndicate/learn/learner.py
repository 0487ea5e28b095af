"""A learning run: pages of many publishers through processes, and each publisher's chrome from what is left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from syndicate.batch import input_size, warm_up
from syndicate.clean import Cleaner
from syndicate.errors import SyndicateError
from syndicate.io.inputs import Failure, Note
from syndicate.learn.groups import FEWEST
from syndicate.learn.left import left_of
from syndicate.learn.pack import PackFile
from syndicate.learn.shelf import Shelf
from syndicate.learn.site import Learnt, learn_site
from syndicate.learn.toml import pack_text
from syndicate.learn.words import ChromeWords
from syndicate.model import Page
from syndicate.rules.hosts import any_covers
from syndicate.workers import FORKS, Lost, Workers
from syndicate.workers.chunks import CHUNK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Learner:
    """Finds what recurs on publishers' pages over different stories.

    Attributes:
        cleaner: Whose rules take what need not be learnt.
        hosts: The publishers to learn of; () for all. Where it is one, pages without an address are its.
        workers: How many processes read pages.
        limit: Seconds a page may take.
    """

    cleaner: Cleaner
    hosts: tuple[str, ...] = ()
    workers: int = 1
    limit: float = 30.0

    def read(self, pages: Iterable[Page | Failure | Note], watch: Callable[[Failure | Note], None]) -> Shelf:
        """Set down what the rules leave of pages, on disk.

        Args:
            pages: Read once, in a thread of their own.
            watch: Called with what could not be read, or cleaned.

        Returns:
            What to learn from, to be closed when that is done.
        """
        warm_up(self.cleaner)
        shelf = Shelf()
        for some in Workers(self._left, self.workers, self.limit, input_size).run(pages):
            for item, left in some:
                if isinstance(item, Page) and isinstance(left, tuple):
                    shelf.add(*left)
                elif isinstance(item, Page):
                    shelf.passed_over += 1
                    if isinstance(left, Lost):
                        watch(Failure(item.id, left.reason))
                else:
                    watch(item)
        return shelf

    def taught(self, pages: Iterable[Page | Failure | Note]) -> Cleaner:
        """The cleaner with what can be learnt from pages, which fires at once and is written nowhere.

        Args:
            pages: Read once; what cannot be read or cleaned is passed over, since cleaning will tell of it.
        """
        with self.read(pages, lambda _: None) as shelf:
            learnt = tuple(self.learn(shelf))
        texts = (pack_text(one.site, one.proposals, f"batch-{one.site}") for one in learnt if one.proposals)
        return Cleaner(config=replace(self.cleaner.config, learnt=tuple(texts)), parser=self.cleaner.parser)

    def learn(self, shelf: Shelf, pack_of: Callable[[str], Path | None] = lambda _: None) -> Iterator[Learnt]:
        """Learn from what was read; the order in which that came does not matter.

        Args:
            shelf: What is left of pages.
            pack_of: Where a publisher's pack is, if it was learnt before.

        Yields:
            What was learnt of each publisher that has enough pages, or a pack; those with the most pages first.

        Raises:
            RuleError: A pack that was learnt before does not hold; nothing was yielded then.
        """
        sites = shelf.sites()
        paths = {site: path for site, _ in sites if (path := pack_of(site)) is not None and path.exists()}
        packs = {site: PackFile(path).pack for site, path in paths.items()}
        sites.sort(key=lambda site: (-site[1], site[0]))  # so that no process is left with the largest
        wanted = [site for site, count in sites if count >= FEWEST or site in packs]
        words = ChromeWords(self.cleaner.rules.rules)

        def learn(site: str) -> Learnt:
            return learn_site(site, partial(shelf.pages, site), words, self.cleaner.rules, packs.get(site))

        if not FORKS:
            yield from map(learn, wanted)  # the shelf is a file without a name, which only a fork can have, too
            return
        for some in Workers(learn, self.workers, inf, lambda _: CHUNK).run(wanted):
            for site, learnt in some:
                if isinstance(learnt, Lost):
                    raise SyndicateError(f"{site}: {learnt.reason}")
                yield learnt

    def _left(self, item: Page | Failure | Note) -> tuple[str, bytes] | None:
        if not isinstance(item, Page):
            return None
        left = left_of(self.cleaner, item, self.hosts[0] if len(self.hosts) == 1 else None)
        if left is None or (self.hosts and not any_covers(self.hosts, left.site)):
            return None
        return left.site, left.packed()
