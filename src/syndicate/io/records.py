"""Records of any source to pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from syndicate.io.inputs import FIELDS, Failure
from syndicate.model import Page
from syndicate.moments import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from syndicate.io.inputs import ReadOptions

METADATA: Final = ("url", "title", "outlet", "published", "byline")
"""Fields that are strings, or not there."""


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Makes pages of records.

    Attributes:
        options: How inputs are read.
        names: For every field of ours, what the records call it.
        used: What the records call the fields that do not pass through.
    """

    options: ReadOptions
    names: Mapping[str, str]
    used: frozenset[str]

    @classmethod
    def of(cls, options: ReadOptions) -> RecordReader:
        """The reader for some options."""
        names = {name: options.fields.get(name, name) for name in FIELDS}
        return cls(options, names, frozenset(used for name, used in names.items() if name != "crawled"))

    def missing(self, columns: Iterable[str]) -> str | None:
        """What a table lacks, in words; None if it has all columns that are needed."""
        there = list(columns)
        wanted = [name for name in self.options.fields.values() if name not in there]
        has = f"it has {', '.join(map(repr, there))}"
        if wanted:
            return f"no column {wanted[0]!r}; {has}"
        content = (self.names["html"], self.names["text"])
        if not {*content} & {*there}:
            return f"no column {content[0]!r} or {content[1]!r}; {has}; say which one it is with --map html=COLUMN"
        twice = sorted({name for name in there if name and there.count(name) > 1})
        return f"more than one column {twice[0]!r}" if twice else None

    def page(self, record: Mapping[str, Any], place: str) -> Page | Failure:
        """The page of a record.

        Args:
            record: Its fields; the content may also be bytes.
            place: Where it stands; its identity where it has no id.
        """
        names = self.names
        markup = record.get(names["html"])
        content = record.get(names["text"]) if markup is None else markup
        if not isinstance(content, (str, bytes)):
            return Failure(place, f"no {names['html']!r} or {names['text']!r} that is a string")
        if len(content) > self.options.page_limit:
            return Failure(place, self.options.too_large)
        known = {name: record.get(names[name]) for name in METADATA}
        for name, value in known.items():
            if value is not None and not isinstance(value, str):
                return Failure(place, f"{names[name]!r} is not a string")
        crawled = record.get(names["crawled"])
        if not (isinstance(crawled, str) and moment(crawled)):
            # Without a mapping, the field may well be something else that only has the name.
            if crawled not in (None, "") and "crawled" in self.options.fields:
                return Failure(place, f"{names['crawled']!r} is no time in ISO 8601")
            crawled = None
        identity = record.get(names["id"])
        return Page(
            content,
            id=str(identity) if identity is not None else place,
            format="text" if markup is None else "html",
            extra={key: value for key, value in record.items() if key not in self.used},
            crawled=crawled,
            **known,
        )
