"""What is stored of an article: a record of its fingerprint and facts, and its compressed text. Never a pickle.

Both begin with a checksum that takes in the article's id, so that neither is ever read as another's.
"""

from __future__ import annotations

import json
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from syndicate.encoding import decoded, encoded
from syndicate.errors import InputError, StoreError
from syndicate.index.postings import Keys, keys_of
from syndicate.index.storage import Row
from syndicate.model import SCHEMA, Article, Status
from syndicate.sketch import PERMUTATIONS, RECIPE, Fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from syndicate.sketch import Sketches

_HEAD: Final = struct.Struct("<IQII")  # checksum, hash of the whole text, distinct shingles, samples
_SUM: Final = struct.Struct("<I")
_FACTS: Final = ("url", "outlet", "title", "byline", "published", "reason")
_LEVEL: Final = 1
"""Of zlib: a third larger than the best, in half of the time."""

_AT_ONCE: Final = 100
"""Articles that a thread packs in a turn."""


class Record(NamedTuple):
    """A stored record, read: all of an article but its text.

    Attributes:
        fingerprint: None for a text too short for one.
        whole: The hash of the whole text; 0 for a text without tokens.
        packed: The facts, compressed.
    """

    fingerprint: Fingerprint | None
    whole: int
    packed: bytes

    def facts(self) -> dict[str, Any]:
        """What is known of the article: its status, and any of outlet, title, claims and the like."""
        facts: dict[str, Any] = json.loads(_restored(self.packed))
        return facts

    def keys(self) -> Keys:
        """What the article is filed under; an article that is not `ok` matches nothing, and so is not filed."""
        return keys_of(self.fingerprint, self.whole if self.facts()["status"] == Status.OK else 0)


def stored_id(id: str) -> bytes:  # noqa: A002 - the word of the contract
    """An id as it is stored."""
    return encoded(id)


def shown_id(id: bytes) -> str:  # noqa: A002
    """An id as the library gives it.

    Raises:
        StoreError: It is damaged.
    """
    try:
        return decoded(bytes(id))
    except UnicodeDecodeError as error:
        raise StoreError(f"the id {bytes(id)!r} is damaged: it is not UTF-8") from error


def prints_of(sketches: Sketches) -> Iterator[tuple[Fingerprint | None, int]]:
    """The fingerprint of each text, and the hash of the whole of it."""
    start = 0
    ends, counts, wholes = sketches.sample_ends.tolist(), sketches.counts.tolist(), sketches.wholes.tolist()
    for at, (end, count, whole) in enumerate(zip(ends, counts, wholes, strict=True)):
        signature = sketches.signatures[at]
        made = not bool((signature == 0xFFFFFFFF).all())
        yield Fingerprint(RECIPE, signature, sketches.samples[start:end], count) if made else None, whole
        start = end


def pack(article: Article, fingerprint: Fingerprint | None, whole: int) -> Row:
    """An article as it is stored.

    Raises:
        InputError: It has no id.
    """
    if not article.id:
        raise InputError("an article has no id: clean it with url= or id=")
    name = stored_id(article.id)
    facts: dict[str, Any] = {fact: value for fact in _FACTS if (value := getattr(article, fact))}
    facts["status"] = str(article.status)
    if article.claims:
        facts["claims"] = [claim.to_dict() for claim in article.claims]
    arrays = b"" if fingerprint is None else fingerprint.signature.tobytes() + fingerprint.sample.tobytes()
    counts = (0, 0) if fingerprint is None else (fingerprint.shingles, fingerprint.sample.size)
    body = _HEAD.pack(0, whole, *counts)[_SUM.size :] + arrays
    body += _squeezed(json.dumps(facts, ensure_ascii=False, separators=(",", ":")))
    return Row(name, _summed(name, body), _summed(name, _squeezed(article.text)))


def _squeezed(text: str) -> bytes:
    return zlib.compress(encoded(text), _LEVEL)


def _summed(name: bytes, body: bytes) -> bytes:
    return _SUM.pack(zlib.crc32(body, zlib.crc32(name))) + body


def _body(name: bytes, stored: bytes, what: str) -> bytes:
    """What a checksum stands for.

    Raises:
        StoreError: It does not hold.
    """
    body = bytes(stored[_SUM.size :])
    if stored[: _SUM.size] != _SUM.pack(zlib.crc32(body, zlib.crc32(name))):
        told = bytes(name).decode("utf-8", "backslashreplace")
        raise StoreError(f"the {what} of article {told!r} is damaged: its checksum does not hold")
    return body


def unpack(name: bytes, stored: bytes) -> Record:
    """Read a stored record.

    Raises:
        StoreError: It is damaged.
    """
    body = _body(name, stored, "record")
    _, whole, shingles, samples = _HEAD.unpack(bytes(_SUM.size) + body[: _HEAD.size - _SUM.size])
    at = _HEAD.size - _SUM.size
    fingerprint = None
    if shingles:
        arrays: NDArray[np.uint32] = np.frombuffer(body, np.uint32, PERMUTATIONS + samples, at)
        fingerprint = Fingerprint(RECIPE, arrays[:PERMUTATIONS], arrays[PERMUTATIONS:], shingles)
        at += arrays.nbytes
    return Record(fingerprint, whole, body[at:])


def unpack_text(name: bytes, stored: bytes) -> str:
    """Read a stored text.

    Raises:
        StoreError: It is damaged.
    """
    return _restored(_body(name, stored, "text"))


def _restored(data: bytes) -> str:
    return decoded(zlib.decompress(data))


def article_of(name: bytes, record: Record, text: str) -> Article:
    """The article that was stored, without the account of its cleaning."""
    return Article.from_dict({"schema": SCHEMA, "id": shown_id(name), "text": text, **record.facts()})


def packed(articles: Sequence[Article], prints: Iterable[tuple[Fingerprint | None, int]]) -> list[Row]:
    """Articles with their fingerprints as rows, in order of their ids; of two with one id the later.

    Raises:
        InputError: One has no id.
    """
    if len(articles) == 1:
        return list(map(pack, articles, *zip(*prints, strict=True)))
    with ThreadPoolExecutor() as pool:  # zlib lets others work meanwhile
        pairs = list(zip(articles, prints, strict=True))
        parts = (pairs[start : start + _AT_ONCE] for start in range(0, len(pairs), _AT_ONCE))
        rows = {row.id: row for part in pool.map(_pack_all, parts) for row in part}
    return sorted(rows.values())


def _pack_all(pairs: Iterable[tuple[Article, tuple[Fingerprint | None, int]]]) -> list[Row]:
    return [pack(article, *made) for article, made in pairs]
