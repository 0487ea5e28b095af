"""Dates as pages write them, to ISO 8601, as precise as they were."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.parse.words import load_words

if TYPE_CHECKING:
    from collections.abc import Iterator

_YEAR: Final = r"(?P<year{0}>(?:1[89]|20)\d\d)(?!\d)"
_DAY: Final = r"(?<!\d)(?P<day{0}>[0-3]?\d)(?:st|nd|rd|th|er|º|°|ª)?"
_NAME: Final = r"(?P<month{0}>[^\s\d,./:;|()·•-]{2,20})"
_NUMBER: Final = r"(?P<month{0}>[0-3]?\d)(?!\d)"
_FORMS: Final = (
    # 3 March 2026, 3. März 2026, 3 de marzo de 2026, 3-Mar-2026
    _DAY + r"[.,]?[\s/-]*(?:(?:de|di|of)\s+)?" + _NAME + r"\.?,?[\s/-]*(?:(?:de|del)\s+)?" + _YEAR,
    # March 3, 2026
    _NAME + r"\.?[\s-]*" + _DAY + r"[.,]?[\s-]+" + _YEAR,
    # 2026. március 3., 2026 m. kovo 3 d.
    r"(?<!\d)" + _YEAR + r"[.,]?\s*(?:m\.\s*)?" + _NAME + r"\.?\s*" + _DAY + r"(?!\d)",
    # 2026年3月3日, 2026년 3월 3일
    r"(?<!\d)" + _YEAR + r"\s*[年년]\s*" + _NUMBER + r"\s*[月월]\s*" + _DAY,
    # 3 tháng 3, 2026
    _DAY + r"\s+tháng\s+" + _NUMBER + r",?\s+(?:năm\s+)?" + _YEAR,
    # 2026-03-03, 2026/3/3, 2026. 3. 3
    r"(?<!\d)" + _YEAR + r"(?P<mark{0}>\s?[-/.]\s?)" + _NUMBER + r"(?P=mark{0})" + _DAY + r"(?!\d)",
    # 3.3.2026, 3/3/2026: which is the day, the language tells
    # and which may stand right before the same in words
    _DAY + r"(?P<mark{0}>\s?[-/.]\s?)" + _NUMBER + r"(?P=mark{0})(?P<year{0}>(?:1[89]|20)\d\d)(?!\d(?!\d?\. ))",
)
_NUMERIC: Final = len(_FORMS) - 1
_DATE: Final = re.compile("|".join(f"({form})".replace("{0}", str(at)) for at, form in enumerate(_FORMS)))
_ZONES: Final = {
    "utc": 0, "gmt": 0, "z": 0, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "est": -5, "edt": -4, "cst": -6,
    "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
"""Hours from UTC of the zones that newsrooms name; "ET" and the like, which change with the season, are not read."""
_CLOCK: Final = (
    r"(?<![\d.])(?P<hour>[0-2]?\d)(?:\s?[:.h]\s?|\s?[時时시]\s?)(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d])"
    rf"(?:\s?(?P<half>[ap])\.?m\b\.?)?(?:\s?\(?(?P<zone>{'|'.join(_ZONES)})\b)?"
)
_AFTER: Final = re.compile(rf"\D{{0,14}}?{_CLOCK}", re.IGNORECASE)
_BEFORE: Final = re.compile(rf"{_CLOCK}\D{{0,14}}$", re.IGNORECASE)
_AFTERNOON: Final = re.compile("오후|下午|午後")
_REACH: Final = 32
"""How far from its date, in characters, a time of day is looked for."""
_EARLIEST, _LATEST = 1800, 2199


class Dated(NamedTuple):
    """A date found in a text.

    Attributes:
        start, end: Its span, without the time of day.
        value: ISO 8601, with the time of day where there is one beside it.
    """

    start: int
    end: int
    value: str


def iso_date(value: str, *, day_first: bool | None = None) -> str | None:
    """Normalise a date to ISO 8601, as precise as it was; None where there is none.

    Args:
        value: ISO 8601, RFC 2822, or words and numbers as in a dateline.
        day_first: Whether "3/4/2026" is in April; None where that is not known.
    """
    value = value.strip()
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return next((found.value for found in dates_in(value, day_first=day_first)), None)
    if len(value) <= len("2026-01-01"):
        return moment.date().isoformat()
    return moment.isoformat()


def dates_in(text: str, *, day_first: bool | None = None) -> Iterator[Dated]:
    """Find the whole dates in a short text, with the time of day beside them.

    Args:
        text: Best a line; the search is no faster than the text is long.
        day_first: Whether "3/4/2026" is in April; None where that is not known, and then such a date is none.
    """
    end = 0
    for match in _DATE.finditer(text):
        day = _day(match, day_first=day_first)
        if day is not None:
            moment = _with_time(day, text[end : match.start()], text[match.end() : match.end() + _REACH])
            yield Dated(match.start(), match.end(), moment)
        end = match.end()


def _day(match: re.Match[str], *, day_first: bool | None) -> datetime | None:
    found = {name.rstrip("0123456789"): (name, value) for name, value in match.groupdict().items() if value}
    (name, month), day, year = found["month"], int(found["day"][1]), int(found["year"][1])
    number = int(month) if month.isdigit() else load_words().months.get(month.casefold(), 0)
    if name == f"month{_NUMERIC}":
        sure = "." in found["mark"][1]  # with full stops, the day is first
        if number > 12 or (day <= 12 and day_first is False and not sure):
            number, day = day, number
        elif day <= 12 and number != day and day_first is None and not sure:
            return None
    try:
        return datetime(year, number, day)  # noqa: DTZ001 - the zone, where there is one, is read with the time
    except ValueError:
        return None


def _with_time(day: datetime, before: str, after: str) -> str:
    """The day, at the time that stands beside it, if there is one; ISO 8601."""
    clock = _AFTER.match(after) or _BEFORE.search(before[-_REACH:])
    if clock is None or _label_in(clock):
        return day.date().isoformat()
    hour, half = int(clock["hour"]), (clock["half"] or "").lower()
    if half or _AFTERNOON.search(clock[0]):
        hour = hour % 12 + 12 * (half != "a")
    if hour > 23:
        return day.date().isoformat()
    moment = day.replace(hour=hour, minute=int(clock["minute"]))
    if clock["zone"]:
        moment = moment.replace(tzinfo=timezone(timedelta(hours=_ZONES[clock["zone"].lower()])))
    return moment.isoformat()


def _label_in(clock: re.Match[str]) -> bool:
    """Whether a time of day has a label of its own, and so belongs to another date."""
    around = clock[0][: clock.start("hour") - clock.start()] + clock[0][clock.end("minute") - clock.start() :]
    return load_words().label.search(around.casefold()) is not None


def is_plausible(value: str) -> bool:
    """Whether an ISO 8601 date may be that of an article: no year 1, and no zero of a Unix clock."""
    return _EARLIEST <= int(value[:4]) <= _LATEST and not value.startswith("1970-01-01")


_IN_ADDRESS: Final = re.compile(
    r"[/-](?P<year>(?:19|20)\d\d)(?P<mark>[/-]?)(?P<month>0?[1-9]|1[0-2])(?P=mark)(?P<day>0?[1-9]|[12]\d|3[01])(?=[/._-]|$)"
)


def date_in_address(url: str) -> str | None:
    """The day that an article's address names, "/2026/03/03/", ISO 8601; None where it names none."""
    match = _IN_ADDRESS.search(url)
    if match is None or (not match["mark"] and len(match["month"] + match["day"]) < 4):
        return None
    try:
        return datetime(int(match["year"]), int(match["month"]), int(match["day"])).date().isoformat()  # noqa: DTZ001
    except ValueError:
        return None
