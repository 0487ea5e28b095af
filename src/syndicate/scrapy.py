"""An item pipeline for Scrapy: items come with a page and go on with its article, marked or dropped if a repost.

    ITEM_PIPELINES = {"syndicate.scrapy.SyndicatePipeline": 300}
    SYNDICATE_INDEX = "news.db"

Needs the extra `scrapy`.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem

from syndicate.clean import Cleaner
from syndicate.errors import InputError, StoreError, SyndicateError
from syndicate.graph import Relation
from syndicate.index import Index
from syndicate.index.story import Trace
from syndicate.model import Page, Status
from syndicate.rules.shapes import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from scrapy.statscollectors import StatsCollector

    from syndicate.model import Article

logger = logging.getLogger(__name__)

T = TypeVar("T")

_PREFIX: Final = "SYNDICATE_"
_SETTINGS: Final = tuple(f"{_PREFIX}{name}" for name in ("PACKS", "CONFIG", "INDEX", "REPOSTS", "FIELDS"))
_FACTS: Final = ("title", "byline", "published", "outlet")
"""What an item may know better than its page."""
_FIELDS: Final = (
    "html", "id", "url", *_FACTS, "text", "status", "reason", "claims", "removed", "matches", "repost_of", "story",
    "origin",
)  # fmt: skip
_REPOSTS: Final = frozenset({Relation.IDENTICAL, Relation.REPOST})


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of a crawl.

    Attributes:
        packs: Names or paths of rule packs; None for those that `Cleaner` has by itself.
        config: Path of a `syndicate.toml`.
        index: Where the index is; None to clean only.
        drops: Whether reposts are dropped.
        fields: For each of our names the item's field; None where it is neither read nor written.
    """

    packs: tuple[str, ...] | None
    config: str | None
    index: str | None
    drops: bool
    fields: Mapping[str, str | None]


def read_options(settings: BaseSettings) -> Options:
    """Read a crawl's settings.

    Raises:
        InputError: One of ours is unknown, or has a value that it cannot have.
    """
    for name in settings:
        if str(name).startswith(_PREFIX) and name not in _SETTINGS:
            raise InputError(f"unknown setting {name}{nearest(name, _SETTINGS)}")
    reposts = settings.get("SYNDICATE_REPOSTS") or "tag"
    if reposts not in {"tag", "drop"}:
        raise InputError(f"SYNDICATE_REPOSTS is {reposts!r}{nearest(str(reposts), ('tag', 'drop'))}")
    index = settings.get("SYNDICATE_INDEX")
    if reposts == "drop" and not index:
        raise InputError("SYNDICATE_REPOSTS is 'drop', which needs SYNDICATE_INDEX: ':memory:' for this crawl alone")
    packs, config = settings.getlist("SYNDICATE_PACKS"), settings.get("SYNDICATE_CONFIG")
    return Options(
        packs=tuple(map(str, packs)) if packs else None,
        config=str(config) if config else None,
        index=str(index) if index else None,
        drops=reposts == "drop",
        fields=_fields(settings),
    )


def _fields(settings: BaseSettings) -> dict[str, str | None]:
    try:
        given = settings.getdict("SYNDICATE_FIELDS")
    except (TypeError, ValueError) as error:
        raise InputError(f"SYNDICATE_FIELDS is no mapping of names to item fields: {error}") from error
    for name, field in given.items():
        if name not in _FIELDS:
            raise InputError(f"SYNDICATE_FIELDS: unknown name {name!r}{nearest(str(name), _FIELDS)}")
        if not (isinstance(field, str) and field) and not (field is None and name != "html"):
            raise InputError(f"SYNDICATE_FIELDS: {name!r} is {field!r}, and should be the name of an item's field")
    # An item's `id` is most often its site's own number, which the next site has, too.
    return {name: name for name in _FIELDS} | {"id": None} | given


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a page.

    Attributes:
        article: The article; None where the page could not be cleaned.
        trace: What the index told of it; None where it was not asked, or could not answer.
        repost_of: Id of the article whose text it is, the best match first.
        dropped: Whether it is to go no further.
        error: What went wrong, with cleaning or with the index.
    """

    article: Article | None
    trace: Trace | None = None
    repost_of: str | None = None
    dropped: bool = False
    error: str = ""


class Desk:
    """Cleans pages, asks the index about them and adds them. Made, used and closed in one thread.

    Raises:
        SyndicateError: Rules do not hold, or the index cannot be opened.
    """

    def __init__(self, options: Options) -> None:
        self._location = options.index
        self._drops = options.drops
        self._cleaner = Cleaner(options.packs, config=options.config)
        self._index = Index.open(options.index) if options.index else None

    def take(self, page: Page) -> Outcome:
        """Clean a page and, where there is an index, ask and feed it."""
        try:
            article = self._cleaner.clean_page(page)
        except InputError as error:
            return Outcome(None, error=str(error))
        # An article of no text matches nothing, and must not take the place of the one it had the last time.
        if self._location is None or article.status is not Status.OK:
            return Outcome(article)
        if not article.id:
            return Outcome(article, error="without a url, or an id, it has no place in the index")
        return self._filed(article, self._location)

    def _filed(self, article: Article, location: str) -> Outcome:
        trace = original = None
        dropped = False
        try:
            if self._index is None:
                self._index = Index.open(location, create=False)
            # What came before is looked up first: of two copies in one crawl, the second is the repost.
            trace = self._index.trace(article)
            original = _original(article.id, trace)
            # An article that was kept before is kept again: it may have changed, and its copies came after it.
            dropped = self._drops and original is not None and article.id not in self._index
            if not dropped:
                self._index.add(article)
        except SyndicateError as error:
            # A server may be back for the next article; the open connection never is.
            self.close()
            return Outcome(article, trace, original, error=str(error))
        return Outcome(article, trace, original, dropped)

    def close(self) -> None:
        """Let the index go; what was added is on disk."""
        index, self._index = self._index, None
        if index is not None:
            with suppress(StoreError):
                index.close()


def _original(name: str, trace: Trace) -> str | None:
    """The best match that has the same text, under another id."""
    same = (match for match in trace.matches if match.relation in _REPOSTS)
    return next((match.b if match.a == name else match.a for match in same), None)


class SyndicatePipeline:
    """Puts the article in the place of the page, and says of which other it is a repost.

    Cleaning and the index have a thread of their own, which takes items in the order in which they come. The reactor
    waits for it before the first request and after the last item, and never between.

    Settings:
        SYNDICATE_PACKS, SYNDICATE_CONFIG: As `packs` and `config` of `syndicate.Cleaner`.
        SYNDICATE_INDEX: Where the index is, as of `syndicate.Index.open`; without it, pages are cleaned only.
        SYNDICATE_REPOSTS: "tag" (the default), or "drop".
        SYNDICATE_FIELDS: For names of ours the item's fields, where they are called otherwise.

    Stats, each after `syndicate/`: `ok`, `suspect`, `empty`, `rejected`, `failed` and `without_html`, which add up to
    the items seen; `reposts`, `dropped`, `indexed` and `index_errors`.

    Raises:
        SyndicateError: At the start of the crawl: a setting is wrong, rules do not hold, the index cannot be opened.
    """

    def __init__(self, options: Options, stats: StatsCollector) -> None:
        self._options = options
        self._stats = stats
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="syndicate")
        self._desk: Desk  # from `open_spider` on
        self._textless: set[type] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline of a crawl; Scrapy calls this."""
        return cls(read_options(crawler.settings), crawler.stats)

    # Scrapy 2.13 hands the spider over, which later versions advise against; `*_` takes it or does without.

    def open_spider(self, *_: object) -> None:
        """Load the rules and open the index."""
        try:
            self._desk = self._thread.submit(Desk, self._options).result()
        except SyndicateError:
            self._thread.shutdown(wait=False)
            raise

    def close_spider(self, *_: object) -> None:
        """Close the index; Scrapy waits for the last item first."""
        if not hasattr(self, "_desk"):
            return  # the crawl did not begin
        self._thread.submit(self._desk.close).result()
        self._thread.shutdown()
        seen = [self._stats.get_value(f"syndicate/{name}", 0) for name in (*map(str, Status), "failed")]
        if self._stats.get_value("syndicate/without_html") and not any(seen):
            logger.warning(
                "No item had a page in its field %r; SYNDICATE_FIELDS can name another", self._options.fields["html"]
            )

    async def process_item(self, item: Any, *_: object) -> Any:
        """Clean an item's page; an item without one goes on as it is.

        Raises:
            DropItem: It is a repost, and reposts are dropped.
        """
        adapter = ItemAdapter(item)
        page = _page(adapter, self._options.fields)
        if page is None:
            self._count("without_html")
            return item
        outcome = await _awaited(self._thread.submit(self._desk.take, page))
        self._tell(outcome, page)
        if outcome.dropped:
            raise DropItem(f"repost of {outcome.repost_of}")
        self._write(adapter, _values(outcome, indexed=self._options.index is not None))
        return item

    def _count(self, name: str) -> None:
        self._stats.inc_value(f"syndicate/{name}")

    def _tell(self, outcome: Outcome, page: Page) -> None:
        """Count what became of a page, and log what went wrong."""
        self._count("failed" if outcome.article is None else str(outcome.article.status))
        if outcome.repost_of is not None:
            self._count("reposts")
        if outcome.dropped:
            self._count("dropped")
        elif outcome.trace is not None and not outcome.error:
            self._count("indexed")
        if not outcome.error:
            return
        if outcome.article is None:
            logger.error("Not cleaned: %s: %s", page.id or "an item", outcome.error)
        else:
            self._count("index_errors")
            logger.error("Cleaned, but not indexed: %s: %s", page.id or "an item", outcome.error)

    def _write(self, adapter: ItemAdapter, values: Mapping[str, object]) -> None:
        for name, value in values.items():
            field = self._options.fields[name]
            # What a spider has found itself is its own; the text is what it came here for.
            if field is None or (name != "text" and adapter.get(field)):
                continue
            try:
                adapter[field] = value
            except KeyError:  # a class without this field
                kind = type(adapter.item)
                if name == "text" and kind not in self._textless:
                    self._textless.add(kind)
                    logger.warning("%s has no field %r: the cleaned text is lost", kind.__qualname__, field)


def _page(adapter: ItemAdapter, fields: Mapping[str, str | None]) -> Page | None:
    """An item's page, with what the item knows of it; None where it has none."""
    found = {name: adapter.get(field) for name, field in fields.items() if field is not None}
    if not found["html"]:
        return None
    url, name = found.get("url"), found.get("id")
    address = str(url) if url else None
    title, byline, published, outlet = (_fact(found.get(fact)) for fact in _FACTS)
    return Page(
        found["html"], id=address or "" if name in (None, "") else str(name), url=address,
        title=title, byline=byline, published=published, outlet=outlet,
    )  # fmt: skip


def _fact(value: object) -> str | None:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) and value else None


def _values(outcome: Outcome, *, indexed: bool) -> dict[str, object]:
    """What an item is told of its page, by our names."""
    if outcome.article is None:
        return {"status": "failed", "reason": outcome.error}
    record = outcome.article.to_dict(why=False)
    values = {name: record[name] for name in (*_FACTS, "text", "status", "reason", "claims", "removed")}
    if not indexed:
        return values
    # An index that could not answer is no answer; an article of no text has one without asking.
    trace = outcome.trace or (None if outcome.error else Trace())
    story = trace and trace.story
    return values | {
        "matches": trace and [one.to_dict() for one in trace.matches],
        "repost_of": outcome.repost_of,
        "story": story and story.id,
        "origin": story and story.origin.to_dict(),
    }


async def _awaited(future: Future[T]) -> T:
    """Wait for a thread's answer, in whichever loop Scrapy runs."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        from twisted.internet import reactor
        from twisted.internet.defer import Deferred

        done: Deferred[None] = Deferred()
        future.add_done_callback(lambda _: reactor.callFromThread(done.callback, None))
        await done
        return future.result()
    return await asyncio.wrap_future(future)
