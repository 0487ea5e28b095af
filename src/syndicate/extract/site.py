"""Text that stands on many pages of one site: newsletter boxes, bios, standing lines, signatures.

What repeats inside one publisher across different articles is chrome. Pages are told by their blocks, and blocks by
64-bit keys, so that what is known of a crawl is small, can be counted in any order and in parts, and put together.
A block counts by the different articles that it stands in: a print view, a second copy and a write-through are one
article with what they were made of. And what an article speaks of elsewhere is its own, on however many pages it
stands: a paper reuses its paragraphs of background.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from hashlib import blake2b
from math import log1p
from typing import TYPE_CHECKING, Final, NamedTuple, Self, TypeAlias

from syndicate.account import Reason
from syndicate.encoding import encoded
from syndicate.model import BOILERPLATE, EXTRACTOR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from syndicate.model import Block

_RULE: Final = f"{EXTRACTOR}site"
_FEWEST: Final = 3
"""Articles that a block stands in before it is the site's."""
_SHARE: Final = 0.002
"""Share of the site's pages: one of 3,000 that repeats a paragraph thrice says little."""
_STEP: Final = 2
"""Characters to a unit of a block's weight, which has eight bits: past a paragraph's length blocks weigh the same."""
_HASH_BYTES: Final = 7
_SAMPLE: Final = 32
"""Pages that are held against each other to see whether a block's articles are different."""
_SAME: Final = 0.07
"""Share of the larger page from which on two pages are one article: of the smaller, a stub shares most with any."""
_LETTER: Final = re.compile(r"[^\W\d_]")
_DENSE: Final = r"\u0e00-\u109f\u3041-\u9fff\uac00-\ud7a3"
_TELLING: Final = re.compile(rf"[^\W\d_{_DENSE}]{{5,}}|[{_DENSE}]{{2}}")
"""Words that mostly say something; in scripts whose words are short or not parted, two characters."""
_TOPICAL, _TOPICAL_IF_OFTEN = 0.34, 0.5
"""Share of a block's words that stand in the rest of its article from which on it is the article's own."""
_OFTEN, _OFTEN_PAGES = 0.25, 5
"""Share of the site's pages, and how many at least, from which on a block may speak of what its article speaks of."""
_AMID: Final = 5
"""Pages that a block stands on, unless on half of the site's, before it goes from amid an article: quotations do."""
_SHORT: Final = 60
"""Characters below which a block amid an article may be one of its headings, a speaker, or a cell of a table."""
_COMMON: Final = 0.1
"""Share of the site's pages from which on such a line is none of these."""
_STRUCTURE: Final = frozenset("h1 h2 h3 h4 h5 h6 td th dt dd".split())
_LEAST_LEFT: Final = 0.3
"""Share of an article's characters that must be left."""


class Standing(NamedTuple):
    """On how many different pages of a site a block stands, and how many pages were seen."""

    pages: int
    of: int


Repeats: TypeAlias = "Mapping[int, Standing]"
"""What stands in several articles of a site, by key."""


def block_key(text: str) -> int:
    """A block's normalised text as 64 bits: a hash of 56, and how much the block weighs in its page."""
    digest = blake2b(encoded(text), digest_size=_HASH_BYTES).digest()
    return int.from_bytes(digest, "big") << 8 | min(1 + len(text) // _STEP, 255)


class SiteBlocks:
    """The blocks of many pages, by site: what is counted in parts may be put together with `|` in any order.

    Args:
        pages: For each site, its pages, each as its blocks' keys in order, packed; a page that comes twice is one.
    """

    def __init__(self, pages: Mapping[str, Iterable[bytes]] | None = None) -> None:
        self._pages: defaultdict[str, set[bytes]] = defaultdict(set)
        for site, packed in (pages or {}).items():
            self._pages[site].update(packed)

    def add(self, site: str, texts: Iterable[str]) -> None:
        """Count a page of a site, by its article's blocks."""
        keys = {block_key(text) for text in texts}
        if keys:
            self._pages[site].add(array("Q", sorted(keys)).tobytes())

    def __or__(self, other: SiteBlocks) -> SiteBlocks:
        both = SiteBlocks(self._pages)
        both |= other
        return both

    def __ior__(self, other: SiteBlocks) -> Self:
        for site, packed in other._pages.items():
            self._pages[site] |= packed
        return self

    def repeats(self) -> dict[str, Repeats]:
        """For each site with some, the blocks that stand in several of its articles, by key."""
        found = {site: _repeats(packed) for site, packed in self._pages.items() if len(packed) >= _FEWEST}
        return {site: repeats for site, repeats in found.items() if repeats}


def _repeats(packed: Collection[bytes]) -> Repeats:
    times = Counter(key for page in packed for key in array("Q", page))
    needed = max(_FEWEST, _SHARE * len(packed))
    bearers: dict[int, list[bytes]] = {key: [] for key, pages in times.items() if pages >= needed}
    # Which pages are in a sample must not hang on the order in which they came.
    for page in sorted(packed, key=lambda page: blake2b(page, digest_size=8).digest()):
        for key in array("Q", page):
            sample = bearers.get(key)
            if sample is not None and len(sample) < _SAMPLE:
                sample.append(page)
    weights = _Weights(times, len(packed))
    return {
        key: Standing(times[key], len(packed))
        for key, sample in bearers.items()
        if _are_articles(key, sample, weights)
    }


class _Weights(dict[int, int]):
    """What a block says of which article a page is, by key: more the longer it is and the fewer pages have it."""

    def __init__(self, times: Mapping[int, int], pages: int) -> None:
        self._times, self._pages = times, pages

    def __missing__(self, key: int) -> int:
        # Whole numbers, whose sums are the same in any order.
        weight = self[key] = round((key & 255) * 1000 * log1p(self._pages / self._times[key]) ** 2)
        return weight

    def of(self, keys: Iterable[int]) -> int:
        """What blocks say together."""
        return sum(map(self.__getitem__, keys))


def _are_articles(key: int, sample: Sequence[bytes], weights: _Weights) -> bool:
    """Whether pages that share a block are enough different articles without it."""
    pages = [frozenset(array("Q", page)) - {key} for page in sample]
    sizes = [weights.of(page) for page in pages]

    def is_same(one: int, other: int) -> bool:
        return weights.of(pages[one] & pages[other]) >= _SAME * max(sizes[one], sizes[other])

    articles: list[list[int]] = []
    for at in range(len(pages)):
        joined, others = [at], []
        for article in articles:
            if any(is_same(at, other) for other in article):
                joined += article
            else:
                others.append(article)
        articles = [*others, joined]
    return len(articles) >= _FEWEST


def site_chrome(
    blocks: Mapping[int, tuple[Block, str]], repeats: Repeats, kept: Collection[int] = ()
) -> dict[int, Reason]:
    """The blocks of an article that are its site's, by index, with the reason.

    Args:
        blocks: The article's blocks with their normalised texts, by index in the document, in order.
        repeats: What stands in several articles of the site.
        kept: Indices of blocks that are not to go.
    """
    standing: dict[int, Standing] = {}
    for at, (_, text) in blocks.items():
        found = repeats.get(block_key(text)) if at not in kept and _LETTER.search(text) else None
        if found:
            standing[at] = found
    if not standing:
        return {}
    rest = "\n".join(text for at, (_, text) in blocks.items() if at not in standing).casefold()
    told = {at: found for at, found in standing.items() if not _is_own(blocks[at][1], rest, found)}
    edges = {at for order in (list(blocks), list(blocks)[::-1]) for at in _leading(order, told)}
    gone = {
        at: Reason(_RULE, BOILERPLATE, (("pages", str(found.pages)),), joined=True)
        for at, found in told.items()
        if at in edges or _says_itself(*blocks[at], found)
    }
    left = sum(len(text) for at, (_, text) in blocks.items() if at not in gone)
    return gone if left >= _LEAST_LEFT * sum(len(text) for _, text in blocks.values()) else {}


def _is_own(text: str, rest: str, found: Standing) -> bool:
    """Whether a block speaks of what the rest of the article speaks of."""
    words = set(_TELLING.findall(text.casefold()))
    often = found.pages >= max(_OFTEN_PAGES, _OFTEN * found.of)
    return bool(words) and sum(word in rest for word in words) >= (
        (_TOPICAL_IF_OFTEN if often else _TOPICAL) * len(words)
    )


def _leading(order: Sequence[int], told: Collection[int]) -> Iterator[int]:
    for at in order:
        if at not in told:
            return
        yield at


def _says_itself(block: Block, text: str, found: Standing) -> bool:
    """Whether a block needs no edge of the article to be told for chrome."""
    if found.pages < min(_AMID, found.of / 2):
        return False
    return len(text) >= _SHORT or (block.tag not in _STRUCTURE and found.pages >= _COMMON * found.of)
