"""Document and rules to article."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from syndicate.account import Reason, Span, kept_text, make_account, placed
from syndicate.claims import hit_claims
from syndicate.errors import InputError
from syndicate.extract import SiteBlocks, beside_article, extract, site_chrome, trailing_headlines
from syndicate.model import Article, Claim, Page, Status
from syndicate.parse import NotText, check_parser, parse
from syndicate.parse.dates import date_in_address
from syndicate.parse.site import registrable_domain
from syndicate.rules.config import CONFIG_NAME, Config, load_configured, read_config
from syndicate.rules.language import language_of
from syndicate.rules.match import Hit
from syndicate.rules.names import fold_name, host_of, load_names
from syndicate.rules.plan import Trim, make_plan
from syndicate.rules.rule import Action, Confidence
from syndicate.rules.text import BlockText

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from syndicate.extract import Repeats
    from syndicate.model import Block, Document
    from syndicate.rules.plan import Plan

_WORD: Final = re.compile(r"\w")
_LONGEST_TITLE: Final = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """A page taken apart, with the article chosen and no rule tried yet.

    Attributes:
        document: The page.
        left_out: For each block that is not the article's, by index, why.
        positions: The indices of the article's blocks.
        texts: Those blocks as rules see them.
        beside: The indices of blocks next to the article that may speak of it.
        host: The page's host, where its address is known.
        language: The primary language subtag that the article's words tell, or else the page claims.
    """

    document: Document
    left_out: Mapping[int, Reason]
    positions: tuple[int, ...]
    texts: tuple[BlockText, ...]
    beside: tuple[int, ...]
    host: str | None
    language: str | None

    @property
    def site(self) -> str | None:
        """The page's site: the registrable domain of its address or, without one, of the address it names its own."""
        named = (claim.value for claim in self.document.claims if claim.field == "canonical")
        host = self.host or host_of(next(named, None))
        return host and (registrable_domain(host) or host)


class Cleaner:
    """Strips chrome from pages. Loading the packs takes a moment: make one and keep it; threads may share it.

    Pickled it is its settings, and loads its packs where it arrives: once in a process, however often it comes. Where
    the packs there are others, it is refused with an `InputError`.

    Args:
        packs: Names or paths of rule packs, the more specific later; "core" and "publishers" if not given.
        config: Path of a `syndicate.toml`, or what it says; what is given here as well wins over that.
        parser: What parses raw HTML: "lexbor", or a BeautifulSoup tree builder, "lxml", "html5lib", "html.parser".
        min_confidence: Leave out rules less sure than this: "possible", "likely" or "certain".
        preview: Let rules fire whose status is "preview".

    Raises:
        InputError: There is no such pack, or no such parser here.
        RuleError: Something is wrong in a rule file.
    """

    def __init__(
        self,
        packs: Iterable[str | Path] | None = None,
        *,
        config: str | Path | Config | None = None,
        parser: str = "lexbor",
        min_confidence: str | None = None,
        preview: bool | None = None,
    ) -> None:
        if parser != "lexbor":
            check_parser(parser)
        told: dict[str, Any] = {}
        if packs is not None:
            told["packs"] = tuple(map(str, [packs] if isinstance(packs, str) else packs))
        if min_confidence is not None:
            told["least"] = Confidence[min_confidence.upper()]
        if preview is not None:
            told["preview"] = preview
        if config is None:
            config = Config()
        settings = config if isinstance(config, Config) else read_config(Path(config))
        self.config = replace(settings, **told)
        self.rules = load_configured(self.config)
        self.parser = parser

    def __reduce__(self) -> tuple[Any, ...]:
        # Of these alone, so that tools which know a function again by its pickle do, until its rules change.
        return arrived, (self.config, self.parser, self.stamps)

    @property
    def stamps(self) -> tuple[tuple[str, str], ...]:
        """Names of the packs that are loaded, each with its version and content hash."""
        return tuple((pack.name, pack.stamp) for pack in self.rules.packs)

    def clean(self, content: Any, url: str | None = None, *, id: str | None = None) -> Article:  # noqa: A002
        """Clean one page.

        Args:
            content: HTML or plain text, as str or bytes, or a BeautifulSoup object or tag.
            url: The page's address: picks the publisher's packs, and tells the outlet.
            id: Identity of the page; its url where none is given.

        Returns:
            The article with its account; what could not be cleaned has a status that says so.

        Raises:
            InputError: The content is of a type that is not read.
        """
        return self.clean_page(Page(content, id=id if id is not None else url or "", url=url))

    def clean_page(self, page: Page) -> Article:
        """Clean one page that brings metadata of its own, which wins over what the content says."""
        return self.clean_among(page, {})

    def clean_many(self, pages: Iterable[Page]) -> Iterator[Article]:
        """Clean pages, also of what repeats across the different articles of a site: bios, boxes, standing lines.

        The pages are read twice, and only hashes of their blocks are kept in between: a crawl need not fit in memory.
        Order does not matter. A page's article may differ from what `clean_page` makes of it where at least two
        other articles of its site are among the pages; which site a page is of, its address tells.

        Args:
            pages: A list, or anything else that gives the same pages each time it is iterated over.

        Returns:
            The articles, in the order of the pages, made as they are asked for.

        Raises:
            InputError: The pages can be read only once, or the content of one is of a type that is not read.
        """
        if isinstance(pages, Iterator):
            raise InputError(
                "these pages can be read only once, and what repeats across them is found by reading them twice: "
                "give a list, or an object that can be iterated over again"
            )
        repeats = self.site_blocks(pages).repeats()
        return (self.clean_among(page, repeats) for page in pages)

    def site_blocks(self, pages: Iterable[Page]) -> SiteBlocks:
        """The blocks of pages by site, which tell what repeats: the first half of `clean_many`.

        What is counted in parts, as by several workers, is put together with `|`. Pages that cannot be cleaned are
        passed over.
        """
        blocks = SiteBlocks()
        for page in pages:
            with suppress(NotText, InputError):
                reading = self.read(page)
                if reading.site:
                    blocks.add(reading.site, (text.text for text in reading.texts))
        return blocks

    def clean_among(self, page: Page, repeats: Mapping[str, Repeats]) -> Article:
        """Clean a page, also of what repeats on its site: the second half of `clean_many`.

        Args:
            page: The page.
            repeats: What `site_blocks(pages).repeats()` found in pages of which this is one.
        """
        try:
            reading = self.read(page)
        except NotText as outcome:
            return Article(page.id, "", Status.REJECTED, str(outcome), page.url, page.outlet, page.title, length=0)
        return self._article(page, reading, repeats.get(reading.site or "", {}) if repeats else {})

    def read(self, page: Page) -> Reading:
        """Take a page apart and choose the article, as `clean_page` does before any rule is tried.

        Raises:
            NotText: The content is an image, an archive, or other binary data.
            InputError: The content is of a type that is not read.
        """
        host = host_of(page.url)
        document = parse(page, self.rules.selectors(host), self.parser)
        titles = [claim.value for claim in document.claims if claim.field == "title"]
        left_out = extract(document, self.rules.markers, [page.title, *titles] if page.title else titles)
        positions = tuple(at for at in range(len(document.blocks)) if at not in left_out)
        texts = _texts(document, positions)
        beside = beside_article(document, left_out, positions)
        return Reading(document, left_out, positions, texts, beside, host, _language(document, texts))

    def plan(self, reading: Reading, notes: list[str] | None = None) -> tuple[list[Hit], Plan]:
        """What the rules match in a page's article, and what is to go; positions are those of `Reading.positions`.

        Args:
            reading: The page, read by this cleaner.
            notes: Takes a line for each rule that ran out of time.
        """
        blocks = [reading.document.blocks[at] for at in reading.positions]
        hits = self.rules.hits(reading.texts, reading.host, reading.language, notes)
        hits += self._selector_hits(reading.document, blocks, reading.host)
        return hits, make_plan(reading.document.text, blocks, hits, self.rules.rank)

    def _article(self, page: Page, reading: Reading, repeats: Repeats) -> Article:
        document, host, positions = reading.document, reading.host, reading.positions
        notes = list(document.notes)
        hits, plan = self.plan(reading, notes)
        asides = self.rules.hits(_texts(document, reading.beside), host, reading.language, notes)
        whole, parts = _dropped(plan, reading, asides)
        if repeats:
            whole |= _site_chrome(reading, {*whole, *parts}, hits, repeats)
        whole |= trailing_headlines(document, whole | parts, {positions[hit.block] for hit in hits})
        planned = make_account(document, whole, parts, list(map(_span, plan.trims)))
        removed = make_account(document, reading.left_out, {}) if plan.refused else planned
        refused = [removal for removal in planned if not removal.by_extractor] if plan.refused else ()
        text = kept_text(document, removed)
        status, reason = _outcome(document, text, plan)
        told = hit_claims(document.text, [*hits, *asides], partial(_is_own, page, document))
        claims = (*document.claims, *_outer_claims(document, page), *told)
        return Article(
            id=page.id, text=text, status=status, reason=reason, url=page.url, removed=removed, claims=claims,
            length=len(document.text), packs=self._stamps(host), notes=tuple(notes),
            refused=placed(refused, removed),
            **self._metadata(page, document, claims, host),
        )  # fmt: skip

    def _selector_hits(self, document: Document, blocks: Sequence[Block], host: str | None) -> Iterator[Hit]:
        if not document.selections:
            return
        rules = self.rules.selectors(host)
        ends = [block.end for block in blocks]
        for selection in document.selections:
            for at in range(bisect_right(ends, selection.start), len(blocks)):
                block = blocks[at]
                if block.start >= selection.end:
                    break
                start, end = max(block.start, selection.start), min(block.end, selection.end)
                yield from (Hit(rule, at, start, end, ()) for rule in rules[selection.selector])

    def _stamps(self, host: str | None) -> dict[str, str]:
        """What was in force for a page of a host: packs and, where there is one, the user's configuration."""
        own = {CONFIG_NAME: self.config.stamp} if self.config.stamp else {}
        return self.rules.stamps(host) | own

    def _metadata(
        self, page: Page, document: Document, claims: Sequence[Claim], host: str | None
    ) -> dict[str, str | None]:
        """Title, byline, date and outlet: what the caller knows, else the page's best claim."""
        first: dict[str, str] = {}
        for claim in claims:
            first.setdefault(claim.field, claim.value)
        canonical = host_of(first.get("canonical"))
        site = host or canonical or first.get("publisher_host")
        return {
            "title": page.title or first.get("title") or _leading_title(document),
            "byline": page.byline or first.get("byline") or first.get("author"),
            "published": page.published or first.get("published"),
            "outlet": page.outlet or first.get("outlet") or load_names().outlet_of_host(site) or site,
        }


@lru_cache(maxsize=4)
def arrived(config: Config, parser: str, stamps: tuple[tuple[str, str], ...]) -> Cleaner:
    """A cleaner that was made in another process, loaded once in this one.

    Args:
        config: Its settings.
        parser: What it parses raw HTML with.
        stamps: Names and stamps of the packs it was made with.

    Raises:
        InputError: It was made with other packs than there are here.
    """
    cleaner = Cleaner(config=config, parser=parser)
    differing = {*stamps} ^ {*cleaner.stamps}
    if differing:
        names = ", ".join(sorted({name for name, _ in differing}))
        raise InputError(f"a cleaner from another process was made with other rule packs than are here: {names}")
    return cleaner


def _language(document: Document, texts: Sequence[BlockText]) -> str | None:
    """The language that the article's words tell, else the one that the page claims: "de" for "de-AT" or "de_AT"."""
    told = language_of(" ".join(text.text for text in texts))
    claimed = next((claim.value for claim in document.claims if claim.field == "language"), None)
    return told or (claimed.replace("_", "-").partition("-")[0].lower() if claimed else None)


def _texts(document: Document, positions: Iterable[int]) -> tuple[BlockText, ...]:
    """Some blocks of a document as rules see them."""
    blocks = [document.blocks[at] for at in positions]
    return tuple(BlockText(document.text[block.start : block.end], block.start) for block in blocks)


def _dropped(
    plan: Plan, reading: Reading, asides: Iterable[Hit]
) -> tuple[dict[int, Reason], dict[int, tuple[Span, ...]]]:
    """The blocks that go, by index in the document: those that go for one reason, and those for several.

    A block beside the article goes for the rule's reason where a rule would have dropped it.
    """
    whole, parts = dict(reading.left_out), {}
    for hit in asides:
        block = reading.document.blocks[reading.beside[hit.block]]
        if hit.rule.action is Action.DROP and (hit.start, hit.end) == block[:2]:
            whole[reading.beside[hit.block]] = _reason(Trim(hit.start, hit.end, hit))
    for at, trims in plan.dropped.items():
        if len(trims) == 1:
            whole[reading.positions[at]] = _reason(trims[0], joined=at in plan.cut)
        else:
            parts[reading.positions[at]] = tuple(map(_span, trims))
    return whole, parts


def _site_chrome(reading: Reading, gone: Collection[int], hits: Iterable[Hit], repeats: Repeats) -> dict[int, Reason]:
    """The blocks that are the site's, by index in the document, of those that no rule drops or keeps for good."""
    kept = {reading.positions[hit.block] for hit in hits if hit.rule.action is Action.KEEP}
    blocks = reading.document.blocks
    standing = {
        at: (blocks[at], text.text)
        for at, text in zip(reading.positions, reading.texts, strict=True)
        if at not in gone
    }
    return site_chrome(standing, repeats, kept)


def _span(trim: Trim) -> Span:
    return Span(trim.start, trim.end, _reason(trim))


def _reason(trim: Trim, *, joined: bool = False) -> Reason:
    rule = trim.hit.rule
    captures = tuple((capture.field, capture.value) for capture in trim.hit.captures)
    return Reason(rule.id, str(rule.kind), captures, joined)


def _outcome(document: Document, text: str, plan: Plan) -> tuple[Status, str]:
    if not _WORD.search(document.text):
        return Status.EMPTY, "the page has no text"
    if not _WORD.search(text):
        return Status.EMPTY, "the page has text, but none that looks like an article"
    if plan.refused:
        return (
            Status.SUSPECT,
            "the rules would have taken nearly everything, so nothing was taken; see refused",
        )
    return Status.OK, ""


def _outer_claims(document: Document, page: Page) -> Iterator[Claim]:
    """What is known from outside the content: the day in the address, where the page tells none, and the crawl's."""
    if page.url and not any(claim.field == "published" for claim in document.claims):
        day = date_in_address(page.url)
        if day is not None:
            yield Claim("published", day, "url")
    if page.crawled:
        yield Claim("crawled", page.crawled, "page")


def _is_own(page: Page, document: Document, name: str) -> bool:
    """Whether a name, of an outlet or a host, is that of a page's own outlet."""
    host = host_of(page.url)
    told = (claim.value for claim in document.claims if claim.field == "outlet")
    site = (registrable_domain(host) or host).partition(".")[0] if host else None
    known = (page.outlet, load_names().outlet_of_host(host), site, host, *told)
    listed = load_names().outlet(name) or name
    # Some feeds give a host for the outlet's name.
    return _joined(listed) in {_joined(form) for own in known if own for form in (own, own.partition(".")[0])}


def _joined(name: str) -> str:
    """A name folded and without spaces, as host names write it."""
    return fold_name(name).replace(" ", "")


def _leading_title(document: Document) -> str | None:
    """The title of a plain text: its first line, if it is short, ends no sentence, and more follows."""
    if document.elements or len(document.blocks) < 2:
        return None
    first = document.blocks[0]
    line = " ".join(document.text[first.start : first.end].split())
    return line if len(line) <= _LONGEST_TITLE and line[-1] not in ".,;:" else None
