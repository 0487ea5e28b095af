"""Web archives (WARC, ISO 28500) to pages.

The frame of a record is read here, and not by a library: the ones there are pass over a record that is cut short, or
end at the first damage, and this must do neither.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from syndicate.errors import InputError
from syndicate.io.inputs import Failure, Note
from syndicate.io.payload import Response, body_of, header_fields, media_type, read_response, text_of
from syndicate.io.unpack import Unpacker, size_of_open
from syndicate.model import Page
from syndicate.moments import moment

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator, Mapping

    from syndicate.io.inputs import ReadOptions

_VERSION: Final = re.compile(rb"WARC/\d\.\d+\s*\Z")
_LONGEST_LINE: Final = 65_536
_LONGEST_HEADERS: Final = 1_000_000
_LONGEST_NUMBER: Final = 16
_STEP: Final = 1_048_576
"""Bytes that are read of a record before it is known to be a page; more than any server's headers."""
_KINDS: Final = {"text/html": "html", "application/xhtml+xml": "html", "text/plain": "text"}
_BESIDE: Final = frozenset(("warcinfo", "request", "metadata"))
"""Records that are about others, which nobody expects to be pages."""
_MOST_KINDS, _MOST_COUNTED = 8, 1_000
"""Kinds of what is no page that are told, and that are counted."""
_MOST_RECOVERED: Final = 1_000
"""How often one archive may be damaged before it is given up: looking for the next record takes time."""


class _Record(NamedTuple):
    """The headers of a record, by names in small letters, and the bytes that it announces."""

    headers: Mapping[str, str]
    length: int

    @property
    def kind(self) -> str:
        return self.headers.get("warc-type", "").lower()


class _Skipped(NamedTuple):
    """What a record is instead of a page; "" where nobody expects one."""

    what: str


def read_archive(file: io.BufferedReader[Any], name: str, options: ReadOptions) -> Iterator[Page | Failure | Note]:
    """The pages of a web archive: responses of status 2xx and conversions, of HTML and plain text.

    A record that is damaged or cut short is a failure with its offset, and what follows it is looked for. Records
    that are no pages are counted in a note at the end.

    Args:
        file: The unpacked bytes.
        name: The file's name.
        options: How inputs are read.
    """
    frames = _Frames(file)
    others: Counter[str] = Counter()
    while True:
        try:
            record = frames.next_record()
            if record is None:
                break
            found = _page(record, frames, options)
            frames.end_record()
        except (InputError, OSError) as error:
            yield Failure(f"{name}: {frames.place}", str(error))
            if not frames.recover():
                break
            continue
        place = f"{name}: {frames.place}"
        if isinstance(found, _Skipped):
            if found.what:
                others[found.what if len(others) < _MOST_COUNTED else "of other kinds"] += 1
        elif isinstance(found, str):
            yield Failure(place, found)
        else:
            yield found if found.id else replace(found, id=place)
    if others.total():
        yield Note(name, _told(others))


def _page(record: _Record, frames: _Frames, options: ReadOptions) -> Page | _Skipped | str:
    """The page of a record; in words, why there is none where there should be."""
    if record.kind == "response":
        return _response(record, frames, options)
    if record.kind != "conversion":
        return _Skipped("" if record.kind in _BESIDE else f"{record.kind or 'unknown'} record")
    kind = media_type(record.headers.get("content-type", "text/plain"))
    if kind not in _KINDS:
        return _Skipped(kind or "no media type")
    if record.length > options.page_limit:
        return options.too_large
    return _made(record, frames.rest(), _KINDS[kind])


def _response(record: _Record, frames: _Frames, options: ReadOptions) -> Page | _Skipped | str:
    stated = media_type(record.headers.get("content-type", "application/http"))
    if stated != "application/http":
        return _Skipped(stated or "no media type")
    head = read_response(frames.some(_STEP))
    if head is None:
        return "the response is no HTTP message"
    kind = head.media_type
    if not 200 <= head.status < 300:
        return _Skipped(f"HTTP {head.status}")
    if kind is not None and kind not in _KINDS:
        return _Skipped(kind)
    if record.length > options.page_limit + _STEP:
        return options.too_large
    body = _body(head._replace(body=head.body + frames.rest()), options)
    return (
        body if isinstance(body, str) else _made(record, text_of(body, head.charset), _KINDS.get(kind or "", "auto"))
    )


def _body(response: Response, options: ReadOptions) -> bytes | str:
    """A body out of its encodings; in words, why that fails. The record itself is sound all the same."""
    try:
        body = body_of(response, options.page_limit)
    except InputError as error:
        return str(error)
    return options.too_large if len(body) > options.page_limit else body


def _made(record: _Record, content: str | bytes, form: str) -> Page:
    headers = record.headers
    date = headers.get("warc-date")
    return Page(
        content,
        id=headers.get("warc-record-id", "").strip("<>"),
        url=headers.get("warc-target-uri", "").strip("<>") or None,  # some tools write them around it
        format=form,
        crawled=date if moment(date) else None,
    )


def _told(others: Counter[str]) -> str:
    """What the records are that are no pages, the most frequent first."""
    most = others.most_common(_MOST_KINDS)
    parts = [f"{count:,} {what}" for what, count in most]
    rest = others.total() - sum(count for _, count in most)
    if rest:
        parts.append(f"{rest:,} of other kinds")
    total = others.total()
    return f"{total:,} {'record is no page' if total == 1 else 'records are no pages'}: {', '.join(parts)}"


class _Frames:
    """The records of an archive, one after the other, whatever is in them.

    A record is read in three steps: `next_record`, `some` and `rest` as far as they are wanted, and `end_record`.

    Attributes:
        place: Where the current record begins, or the damage: in a compressed file, where the member begins.
    """

    def __init__(self, file: io.BufferedReader[Any]) -> None:
        self._file = file
        self._unpacker = file.raw if isinstance(file.raw, Unpacker) else None
        self._size = size_of_open(file) if self._unpacker is None else None
        self._at = 0  # in the unpacked bytes
        self._left = 0  # of the current record
        self._line = b""  # one that was read ahead, not blank
        self._is_parted = True  # whether a blank line was before it
        self._back = 0  # where to look for the next record if this one is damaged
        self._error: InputError | None = None  # one that was met while reading ahead
        self._member = (0, 0)
        self._recovered = 0
        self.place = ""

    def next_record(self) -> _Record | None:
        """The headers of the next record; None at the end.

        Raises:
            InputError: No record begins here, or it is damaged or cut short; also for the other steps.
        """
        self._read_ahead()
        if self._error is not None:
            self.place = f"offset {self._unpacker.start if self._unpacker else self._at}"
            error, self._error = self._error, None
            raise error
        line, self._line = self._line, b""
        if not line:
            return None
        self._note_place(self._at - len(line))
        self._back = self._at
        if not _VERSION.match(line):
            raise InputError("no WARC record begins here")
        lines: list[bytes] = []
        size = 0
        while (line := self._read_line()).strip():
            lines.append(line)
            size += len(line)
            if size > _LONGEST_HEADERS:
                raise InputError(f"the record's headers are longer than {_LONGEST_HEADERS:,} bytes")
        if not line:
            raise InputError("the record is cut short in its headers")
        headers = header_fields(b"".join(lines))
        # The headers of a record that was cut run on into those of the next.
        if any(
            b"\0" in line or (b":" not in line and line[:1] not in b" \t") for line in lines
        ) or "," in headers.get("warc-type", ""):
            raise InputError("the record is damaged in its headers")
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdecimal() and len(length) < _LONGEST_NUMBER):
            raise InputError("the record has no Content-Length, or one that is no number")
        self._left, self._is_parted = int(length), False
        return _Record(headers, self._left)

    def some(self, size: int) -> bytes:
        """Some of what is left of the current record."""
        wanted = min(size, self._left)
        data = self._file.read(wanted)
        self._at += len(data)
        self._left -= len(data)
        if len(data) < wanted:
            raise InputError(f"the record is cut short: {self._left:,} bytes are missing")
        return data

    def rest(self) -> bytes:
        """All that is left of the current record."""
        return self.some(self._left)

    def end_record(self) -> None:
        """Pass over what is left of the current record, and make sure that it ends where it says."""
        if self._size is not None:
            end = self._at + self._left
            if end > self._size:
                raise InputError(f"the record is cut short: {end - self._size:,} bytes are missing")
            if self._left > _STEP:
                self._file.seek(end)
                self._at, self._left = end, 0
        while self._left:
            self.some(_STEP)
        self._read_ahead()
        if self._line and not self._is_parted and not _VERSION.match(self._line):
            raise InputError("the record is damaged: it does not end where it says")

    def recover(self) -> bool:
        """After damage, go to the next line that begins a record; whether there is one."""
        self._recovered += 1
        if self._recovered > _MOST_RECOVERED:
            return False
        if self._size is not None and self._back < self._at:
            self._file.seek(self._back)
            self._at = self._back
            self._line = b""
        while not _VERSION.match(self._line):
            try:
                self._line = self._read_line()
            except InputError:
                if self._unpacker is None or not self._unpacker.resume():
                    return False
                self._at = self._unpacker.unpacked
            else:
                if not self._line:
                    return False
        return True

    def _read_ahead(self) -> None:
        """Pass over blank lines to one that is not; damage counts only when that line is wanted."""
        try:
            while not self._line and (line := self._read_line()):
                if line.strip(b"\0 \t\r\n"):
                    self._line = line
                else:
                    self._is_parted = True
        except InputError as error:
            self._error = error

    def _read_line(self) -> bytes:
        line = self._file.readline(_LONGEST_LINE)
        self._at += len(line)
        return line

    def _note_place(self, start: int) -> None:
        if self._unpacker is None:
            self.place = f"offset {start}"
            return
        members = self._unpacker.members
        while members and members[0][0] <= start:
            self._member = members.popleft()
        before, offset = self._member
        self.place = f"offset {offset}" if before == start else f"offset {start} of what is unpacked"
