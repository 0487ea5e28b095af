"""What the rules in force leave of a page: what there is to learn from."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.errors import InputError
from syndicate.model import Block
from syndicate.moments import moment
from syndicate.parse import NotText
from syndicate.rules.plan import make_plan
from syndicate.rules.text import BlockText

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from syndicate.clean import Cleaner
    from syndicate.model import Page
    from syndicate.rules.match import RuleSet
    from syndicate.rules.plan import Plan, Trim

_FAST: Final = 1


class LeftBlock(NamedTuple):
    """A block of an article of which something is left.

    Attributes:
        at: Its position among the article's blocks, those that are gone included.
        text: All of its text as rules see it.
        pieces: What is left of it, where rules trim it.
    """

    at: int
    text: str
    pieces: tuple[str, ...] = ()

    @property
    def left(self) -> tuple[str, ...]:
        """What is left of it: all of it in one piece, or several."""
        return self.pieces or (self.text,)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a page.

    Attributes:
        page: The page's identity.
        site: Its registrable domain, or whom the caller says that it is of.
        date: When it was published, ISO 8601, where that is known.
        count: How many blocks its article has.
        blocks: Those that are left, in order.
    """

    page: str
    site: str
    date: str | None
    count: int
    blocks: tuple[LeftBlock, ...]

    def packed(self) -> bytes:
        """The same as bytes."""
        fields = (self.page, self.site, self.date, self.count, self.blocks)
        return zlib.compress(json.dumps(fields).encode("utf-8", "surrogatepass"), _FAST)

    @classmethod
    def unpacked(cls, data: bytes) -> Left:
        """What `packed` gave."""
        page, site, date, count, blocks = json.loads(zlib.decompress(data))
        return cls(page, site, date, count, tuple(LeftBlock(at, text, tuple(pieces)) for at, text, pieces in blocks))


def left_of(cleaner: Cleaner, page: Page, site: str | None = None) -> Left | None:
    """Clean a page as far as rules go, and see what stands.

    Args:
        cleaner: Whose rules are in force.
        page: The page.
        site: Whose the page is where it has no address.

    Returns:
        What is left; None where the page is no text, or nobody knows whose it is.
    """
    with suppress(NotText, InputError):
        reading = cleaner.read(page)
        told = reading.site or site
        if told:
            _, plan = cleaner.plan(reading)
            document = reading.document
            blocks = [document.blocks[at] for at in reading.positions]
            claimed = (one.value for one in document.claims if one.field == "published")
            date = next((day for day in (page.published, *claimed) if moment(day)), None)
            return Left(page.id, told, date, len(blocks), tuple(_standing(document.text, blocks, plan)))
    return None


def without(left: Left, rules: RuleSet) -> tuple[Left, frozenset[str]]:
    """What more rules leave of what is left of a page, and which of them take something."""
    texts = [""] * left.count
    for block in left.blocks:
        texts[block.at] = block.text
    text = "\n".join(texts)
    starts = list(accumulate((len(each) + 1 for each in texts[:-1]), initial=0)) if texts else []
    hits = rules.hits([BlockText(each, start) for each, start in zip(texts, starts, strict=True)], left.site)
    if not hits:
        return left, frozenset()
    blocks = [Block(start, start + len(each)) for each, start in zip(texts, starts, strict=True)]
    plan = make_plan(text, blocks, hits, rules.rank)
    earlier = {block.at: block for block in left.blocks}
    kept = (
        earlier[block.at] if earlier[block.at].pieces or not block.pieces else block
        for block in _standing(text, blocks, plan)
    )
    return replace(left, blocks=tuple(kept)), frozenset(hit.rule.id for hit in hits)


def _standing(text: str, blocks: Sequence[Block], plan: Plan) -> Iterator[LeftBlock]:
    """The blocks that a plan does not drop."""
    trims: dict[int, list[Trim]] = defaultdict(list)
    at = 0
    for trim in plan.trims:
        while trim.start >= blocks[at].end:
            at += 1
        trims[at].append(trim)
    for at, block in enumerate(blocks):
        whole = BlockText(text[block.start : block.end]).text if at not in plan.dropped else ""
        if whole and at in trims:
            edges = [block.start, *(edge for trim in trims[at] for edge in (trim.start, trim.end)), block.end]
            pieces = (
                BlockText(text[start:end].strip()).text for start, end in zip(edges[::2], edges[1::2], strict=True)
            )
            yield LeftBlock(at, whole, tuple(piece for piece in pieces if piece))
        elif whole:
            yield LeftBlock(at, whole)
