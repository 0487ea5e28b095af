"""What stands in several stories of a publisher, with where it stands and what stands around it."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from syndicate.learn.units import Form, Unit, form_of, keys_of, units_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from syndicate.learn.left import Left

FEWEST: Final = 3
"""Stories that something stands in before it may be the publisher's."""
_SHARE: Final = 0.002
"""Share of the publisher's stories: one of 3,000 that has a line thrice says little."""
SAMPLE: Final = 16
"""Occurrences of a group that are looked at."""
_EDGE: Final = 3
"""Blocks at either end of an article that are its head, and its tail."""
_DENSE: Final = r"\u0e00-\u109f\u3041-\u9fff\uac00-\ud7a3"
_TELLING: Final = re.compile(rf"[^\W\d_{_DENSE}]{{3,}}|[{_DENSE}]{{2}}")
"""Words that mostly say something; in scripts whose words are short or not parted, two characters."""


class Occurrence(NamedTuple):
    """One place of a group.

    Attributes:
        page: The page's identity.
        text: What stands there.
        before, after: The blocks around it, or the rest of its block.
        told: Which of its words the rest of the article has, too.
    """

    page: str
    text: str
    before: str
    after: str
    told: frozenset[str]


@dataclass(slots=True)
class Group:
    """What has one key.

    Attributes:
        form: What of the texts is the same.
        is_block: Whether it is blocks, not sentences.
        stories: In which stories it stands.
        times: How often.
        first, last: How often it is the article's very first or last block.
        head, tail: How often it stands among the first or last few.
        beside: How often it stands beside something else that recurs, or at an end of the article.
        depth: How far from the nearer end at most, in blocks, counted from the head and from the tail.
        texts: The texts, with how often each stands there; of some thousands no more are added.
        sample: Some places, of different stories.
    """

    form: Form
    is_block: bool
    stories: set[int] = field(default_factory=set)
    times: int = 0
    first: int = 0
    last: int = 0
    head: int = 0
    tail: int = 0
    beside: int = 0
    depth: tuple[int, int] = (0, 0)
    texts: Counter[str] = field(default_factory=Counter)
    sample: list[Occurrence] = field(default_factory=list)


class Found(NamedTuple):
    """What recurs on a publisher's pages.

    Attributes:
        groups: By key.
        words: For each word, on how many pages it stands in what does not recur.
        total: The sum of these.
        pages, stories: How many there are.
    """

    groups: Mapping[int, Group]
    words: Mapping[str, int]
    total: int
    pages: int
    stories: int


def telling(text: str) -> list[str]:
    """The words of a text that mostly say something, folded."""
    return _TELLING.findall(text.casefold())


def page_keys(left: Left) -> bytes:
    """The keys of all units of a page, packed, unit by unit."""
    return array("Q", [key for unit in units_of(left.blocks) for key in keys_of(unit)]).tobytes()


def recurring(pages: Sequence[bytes], stories: Sequence[int]) -> NDArray[np.uint64]:
    """Keys that stand in enough stories, in order.

    Args:
        pages: The keys of each page, by `page_keys`.
        stories: The story of each page.
    """
    if not pages:
        return np.empty(0, np.uint64)
    keys = np.concatenate([np.frombuffer(page, np.uint64) for page in pages])
    owners = np.repeat(np.asarray(stories, np.int64), [len(page) // 8 for page in pages])
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    is_new = np.ones(keys.size, bool)
    is_new[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
    values, counts = np.unique(keys[is_new], return_counts=True)
    needed = max(FEWEST, _SHARE * (max(stories) + 1))
    return values[counts >= needed]


def find_groups(pages: Iterable[tuple[Left, bytes]], stories: Sequence[int], keys: NDArray[np.uint64]) -> Found:
    """Read pages once more, and gather what stands where.

    Args:
        pages: With their keys, by `page_keys`, in the order of `stories`.
        stories: The story of each page.
        keys: What to look for, by `recurring`.
    """
    groups: dict[int, Group] = {}
    words: Counter[str] = Counter()
    for story, (left, own) in zip(stories, pages, strict=True):
        page = _Page(left, _known(np.frombuffer(own, np.uint64), keys))
        words.update(page.words.keys())
        for unit, known in page.units:
            for key in known:
                group = groups.get(key)
                if group is None:
                    group = groups[key] = Group(form_of(key), unit.is_block)
                page.add(key, group, unit, story)
    return Found(groups, words, words.total(), len(stories), max(stories, default=-1) + 1)


def _known(own: NDArray[np.uint64], keys: NDArray[np.uint64]) -> dict[int, list[int]]:
    """Which keys of a page's units recur, by the unit's place: the first key of each is its exact one."""
    if not keys.size:
        return {}
    units = np.cumsum((own & np.uint64(3)) == Form.EXACT) - 1
    found = np.flatnonzero(keys[np.minimum(np.searchsorted(keys, own), keys.size - 1)] == own)
    known: dict[int, list[int]] = {}
    for unit, key in zip(units[found].tolist(), own[found].tolist(), strict=True):
        known.setdefault(unit, []).append(key)
    return known


class _Page:
    """A page whose recurring units are known.

    Args:
        left: What is left of it.
        recurring: The keys that recur, by the place of the unit.
    """

    def __init__(self, left: Left, recurring: Mapping[int, list[int]]) -> None:
        self.left = left
        self.texts = [block.text for block in left.blocks]
        self.units: list[tuple[Unit, list[int]]] = []
        whole: set[int] = set()
        for at, unit in enumerate(units_of(left.blocks)):
            if not unit.is_block and unit.block in whole:
                continue  # the block goes as a whole, or not at all
            known = recurring.get(at)
            if known:
                self.units.append((unit, known))
                if unit.is_block and not all(form_of(key).is_open for key in known):
                    whole.add(unit.block)
        self.recurring = {unit.block for unit, _ in self.units if unit.is_block}
        rest = (text for at, text in enumerate(self.texts) if at not in whole)
        self.words = Counter(telling("\n".join(rest)))
        self._whole = whole

    def add(self, key: int, group: Group, unit: Unit, story: int) -> None:
        """Count an occurrence of a group, and keep it where it is the first of its story, of not too many."""
        at, count = self.left.blocks[unit.block].at, self.left.count
        is_new = story not in group.stories
        group.stories.add(story)
        group.times += 1
        group.first += at == 0
        group.last += at == count - 1
        group.head += at < _EDGE
        group.tail += at >= count - _EDGE
        group.beside += self._is_beside(unit.block)
        group.depth = (max(group.depth[0], at + 1), max(group.depth[1], count - at))
        if unit.text in group.texts or len(group.texts) < 1_000:
            group.texts[unit.text] += 1
        if is_new and len(group.sample) < SAMPLE:
            group.sample.append(self._occurrence(unit, key))

    def _is_beside(self, block: int) -> bool:
        return any(at in self.recurring or not 0 <= at < len(self.texts) for at in (block - 1, block + 1))

    def _occurrence(self, unit: Unit, key: int) -> Occurrence:
        like = [other for other, known in self.units if key in known and other.block not in self._whole]
        own = Counter(word for other in like for word in telling(other.text))
        told = frozenset(word for word in set(telling(unit.text)) if self.words[word] > own[word])
        if unit.is_block:
            before = self.texts[unit.block - 1] if unit.block else ""
            after = self.texts[unit.block + 1] if unit.block + 1 < len(self.texts) else ""
        else:
            before, _, after = self.texts[unit.block].partition(unit.text)
        return Occurrence(self.left.page, unit.text, before, after, told)
