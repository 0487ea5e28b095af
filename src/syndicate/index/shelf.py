"""The articles of an index as one read sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from syndicate.candidates import COMMONEST
from syndicate.errors import StoreError
from syndicate.index.postings import SIZE_BITS, Keys
from syndicate.index.records import article_of, stored_id, unpack, unpack_text
from syndicate.verify import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from syndicate.index.segments import Found, Segments
    from syndicate.index.storage import Store
    from syndicate.model import Article

_ADDED: Final = 0
"""Number of the article that is not stored; those of stored ones begin with 1."""


class Held(NamedTuple):
    """An article of the shelf.

    Attributes:
        number: Its own on this shelf.
        article: Without the account of its cleaning.
        text: What is compared of it.
        keys: Tells what it is filed under.
    """

    number: int
    article: Article
    text: Text
    keys: Callable[[], Keys]


class Shelf:
    """The articles of an index as one read sees them, each read once; used and dropped inside of that read.

    One more may stand among them as if it had been stored: what is found is what would be found then.
    """

    def __init__(self, store: Store, segments: Segments) -> None:
        self._store, self._segments = store, segments
        self._held: dict[int, Held] = {}
        self._numbers: dict[str, int] = {}
        self._replaced: list[int] = []
        self._added: Keys | None = None

    def add(self, article: Article, keys: Keys) -> Held:
        """Put an article that need not be stored among the others, in the place of one with its id; one at the most.

        Args:
            article: With an id or without.
            keys: What it would be filed under.
        """
        self._replaced = [stored.number for stored in self._store.find([stored_id(article.id)])]
        self._added = keys
        return self._hold(Held(_ADDED, article, Text.of(article), lambda: keys))

    def _hold(self, held: Held) -> Held:
        self._numbers[held.article.id] = held.number
        self._held[held.number] = held
        return held

    def _unpacked(self, number: int, name: bytes, stored: bytes, text: bytes) -> Held:
        record = unpack(name, stored)
        article = article_of(name, record, unpack_text(name, text))
        return self._hold(Held(number, article, Text.of(article), record.keys))

    def get(self, name: str) -> Held | None:
        """The article of an id; None if there is none.

        Raises:
            StoreError: What is stored is damaged.
        """
        if name not in self._numbers:
            for number, row in self._store.find([stored_id(name)]):
                self._unpacked(number, *row)
        return self._held[self._numbers[name]] if name in self._numbers else None

    def read(self, numbers: Sequence[int]) -> list[Held]:
        """The articles of these numbers.

        Raises:
            StoreError: What is stored is damaged.
        """
        missing = [number for number in numbers if number not in self._held]
        if missing:
            texts = dict(self._store.texts(missing))
            for number, name, stored in self._store.records(missing):
                if number in texts:
                    self._unpacked(number, name, stored, texts[number])
            lost = next((number for number in missing if number not in self._held), None)
            if lost is not None:
                raise StoreError(f"{self._store.name}: damaged: article number {lost} is filed, and is not there")
        return [self._held[number] for number in numbers]

    def find(self, keys: NDArray[np.uint32], own: int) -> Found:
        """Look ascending keys up.

        Args:
            keys: The keys.
            own: Number of the article whose keys they are; its own postings are not given.

        Returns:
            Postings, and the keys that more than `COMMONEST` articles surely stand under.

        Raises:
            StoreError: What is stored is damaged.
        """
        dead = self._store.dead_count()
        found = self._segments.find(keys, COMMONEST + dead + len(self._replaced))
        if self._added is not None and own != _ADDED:
            places = np.flatnonzero(np.isin(keys, self._added.keys))
            postings = np.full(places.size, self._added.posting(_ADDED), np.uint32)
            found = found._replace(
                keys=np.concatenate([found.keys, places]), postings=np.concatenate([found.postings, postings])
            )
        numbers = found.postings >> SIZE_BITS
        gone = [own, *self._replaced]
        if dead:
            gone += self._store.dead_among(np.unique(numbers).tolist())
        living = ~np.isin(numbers, np.array(gone, np.uint32))
        return found._replace(keys=found.keys[living], postings=found.postings[living])
