"""What a page's head, JSON-LD, microdata and visible heading say of it, as claims, each with where it was read."""

from __future__ import annotations

import html
import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from syndicate.model import Claim
from syndicate.parse.bylines import is_no_person, tidy_byline
from syndicate.parse.dates import date_in_address, is_plausible, iso_date
from syndicate.parse.head import folded
from syndicate.parse.header import Header, Seen
from syndicate.parse.linked_data import article_facts
from syndicate.parse.sources import SOURCES
from syndicate.parse.titles import folded_name, without_site

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from syndicate.elements import Elements
    from syndicate.model import Block
    from syndicate.parse.head import Head, Time

_DATES: Final = ("published", "modified")
_ORIGINS: Final = ("agency", "source_url")
_HEAD_TITLES: Final = ("ld:headline", "og:title", "title")
_HOST: Final = re.compile(r"https?://(?:www\.)?([^/:?#]+)", re.IGNORECASE)


def metadata_claims(head: Head, text: str, blocks: Sequence[Block], elements: Elements) -> tuple[Claim, ...]:
    """Turn what was noted into claims, best source first within each field.

    What stands by the heading is read only where the head leaves something open.

    Args:
        head: What was met in the page.
        text: The page's text.
        blocks: Its blocks, for what stands by its heading.
        elements: The page's elements.
    """
    tags = dict(head.tags)
    _add_linked_data(tags, head.linked_data)
    outlets = _outlets(tags)
    header = Header(Seen(elements, blocks, text), [tags[name] for name in _HEAD_TITLES if name in tags])
    if header.title:
        tags["h1"] = folded(header.title)
    claims = {field: _read(field, tags, outlets) for field in SOURCES}
    if not claims["published"]:
        _add_dates(tags, header, head.times)
        claims |= {field: _read(field, tags, outlets) for field in _DATES}
    known = claims["byline"][0] if claims["byline"] else None
    if known is None or known.rule != "meta/ld:author" or is_no_person(known.value, outlets):
        tags["line:names"] = ", ".join(header.names())
        claims["byline"] = _read("byline", tags, outlets)
    return tuple(chain.from_iterable((*claims.values(), head.counters)))


def _add_linked_data(tags: dict[str, str], scripts: Sequence[str]) -> None:
    if not scripts:
        return
    facts = article_facts(scripts, tags.get("link:canonical"))
    for name, values in facts.values.items():
        joined = ", ".join(values) if name in {"author", "creator"} else values[0]
        value = folded(html.unescape(joined))  # publishers escape their JSON-LD as if it were markup
        if value:
            tags[f"ld:{name}"] = value
    if facts.based_on:
        tags["ld:isBasedOn"] = folded(facts.based_on[0])


def _add_dates(tags: dict[str, str], header: Header, times: Sequence[Time]) -> None:
    """Add the dates that stand by the heading, and what else may tell the day."""
    for label, value in header.times(times):
        tags.setdefault(f"time:{label}" if label else "time", value)
    for label, value in header.dates(day_first=_day_first(tags)):
        tags.setdefault(f"line:{label}" if label else "line", value)
    alone = {time.value for time in times if time.value and time.label != "modified"}
    if len(alone) == 1:
        tags["time:alone"] = alone.pop()
    address = tags.get("link:canonical") or tags.get("og:url")
    day = date_in_address(address) if address else None
    if day:
        tags["url"] = day


def _read(field: str, tags: Mapping[str, str], outlets: Sequence[str]) -> list[Claim]:
    """The claims of one field, best first."""
    found: dict[str, str] = {}
    sites = frozenset(map(folded_name, outlets)) if field == "title" else frozenset()
    for source in SOURCES[field]:
        value = tags.get(source)
        if value and field in _DATES:
            value = _date(value, tags)
        elif value and field == "byline":
            value = tidy_byline(value)
        elif value and field == "title":
            value = without_site(value, sites, tags.get("h1"))
        elif value and field in _ORIGINS and _is_own(value, tags, outlets):
            continue  # most pages that declare a source declare themselves
        if value:
            found.setdefault(value, source)
    ordered = list(found)
    if field == "byline":
        seen, first = tags.get("line:names", ""), next(iter(found), "")
        # What the page shows wins over the head only where the head names but the first of the same authors.
        ordered.sort(key=lambda byline: (is_no_person(byline, outlets), byline != seen or first not in seen))
    elif field == "title":
        ordered.sort(key=lambda title: folded_name(title) in sites)
    elif field in _DATES:
        ordered = _most_precise_first(ordered)
    return [Claim(field, value, f"meta/{found[value]}") for value in ordered]


def _most_precise_first(ordered: list[str]) -> list[str]:
    """The dates in their order, but for a time of the same day that comes before the bare day."""
    if ordered and "T" not in ordered[0]:
        at = next((at for at, date in enumerate(ordered) if date.startswith(f"{ordered[0]}T")), 0)
        ordered.insert(0, ordered.pop(at))
    return ordered


def _date(value: str, tags: Mapping[str, str]) -> str | None:
    date = iso_date(value, day_first=_day_first(tags))
    return date if date and is_plausible(date) else None


def _day_first(tags: Mapping[str, str]) -> bool | None:
    """Whether "3/4/2026" is in April on a page of this language; None where both are usual."""
    for source in ("html:lang", "og:locale", "content-language"):
        language = tags.get(source, "").lower().replace("_", "-")
        if language not in {"", "en"}:
            return not language.startswith("en-us")
    return None


def _is_own(source: str, tags: Mapping[str, str], outlets: Sequence[str]) -> bool:
    """Whether a declared source is the page's own address or outlet, or no source at all."""
    host = _HOST.match(source)
    if host is None:
        return "/" in source or source.isdigit() or is_no_person(source, outlets)
    own = (_HOST.match(tags.get(name, "")) for name in SOURCES["canonical"])
    return any(match is not None and match[1] == host[1] for match in own)


def _outlets(tags: Mapping[str, str]) -> list[str]:
    """The names that the page gives its site, and that its address tells."""
    names = [tags[name] for name in SOURCES["outlet"] if name in tags]
    for source in SOURCES["canonical"]:
        host = _HOST.match(tags.get(source, ""))
        if host is not None:
            names += (host[1], *(label for label in host[1].split(".")[:-1] if len(label) > 2))
    return list(dict.fromkeys(names))
