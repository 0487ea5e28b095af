"""The one file of a report: markup by Jinja, which escapes what it is given, and the page's own style and script.

A content security policy lets nothing else run, by their hashes, and nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import jinja2

from syndicate.encoding import UNSEEN
from syndicate.report.figures import OTHERS
from syndicate.report.pieces import packed
from syndicate.report.story import COPY, ORIGINAL
from syndicate.report.words import PHRASES
from syndicate.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_LIBRARY: Final = "vendor/diff.min.js"
_SCRIPTS: Final = ("data.js", "article.js", "compare.js", "lists.js", "pages.js")
"""In the order in which they use each other; they are one script."""
_MARKUP: Final = re.compile(
    r"[\\`*_\[\]()<>#!|~&$]|^[-+]|(?<=^\d)[.]|(?<=^\d\d)[.]|(?<=:)//|(?<=www)[.]", re.IGNORECASE
)
"""What means something in Markdown: anywhere, as the first character of a line, or in what becomes a link."""
_ZONE: Final = re.compile(r"[+-](?!00:?00$)\d\d:?\d\d$")
"""A time zone that is not UTC."""
_MOST_OF: Final = {"minute": 60, "hour": 48, "day": float("inf")}
"""Of how many a larger unit says it better."""
_PIECES: Final = "<!-- pieces -->\n"
"""Where the data stands in the template; no text of an article reads so, since it is escaped."""
_STORED: Final = '<script type="text/plain" id="{name}">{text}</script>\n'


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("syndicate.report", "templates"),
        autoescape=jinja2.select_autoescape(("html",), default_for_string=True),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "when": when,
        "thousands": thousands,
        "percent": percent,
        "plain": plain,
        "query": query,
    }
    phrases: dict[str, str] = {
        ORIGINAL: "the original",
        COPY: "a copy",
        **{str(relation): phrase for relation, phrase in PHRASES.items()},
    }
    environment.globals |= {"phrases": phrases, "others": OTHERS, "delay": delay, "zip": zip}
    return environment


def rendered(template: str, **values: Any) -> str:
    """A template with its values."""
    return _templates().get_template(template).render(**values)


def when(time: str | None) -> str:
    """A time in ISO 8601 as people read it: day, time of day where there is one, and a zone that is not UTC."""
    day, _, clock = (time or "").partition("T")
    zone = _ZONE.search(clock)
    return f"{day} {clock[:5]} {zone[0] if zone else ''}".rstrip()


def thousands(number: float) -> str:
    """A number with its thousands marked."""
    return f"{number:,}"


def percent(share: float) -> str:
    """A share as percent: of small ones a digit more."""
    if 0 < share < 0.0005:
        return "<0.1%"
    return f"{100 * share:.1f}%" if 0 < share < 0.1 else f"{100 * share:.0f}%"


def plain(text: str) -> str:
    """Text in one line of Markdown that means nothing but itself: no link, no markup, no cell's end."""
    return _MARKUP.sub(r"\\\g<0>", UNSEEN.sub("\ufffd", " ".join(text.split())))


def query(values: Mapping[str, str]) -> str:
    """Values as the part of an address behind "?"."""
    return urlencode(values, errors="replace")


def delay(hours: float) -> str:
    """A delay as people say it."""
    for size, unit, digits in ((1 / 60, "minute", 0), (1, "hour", 1), (24, "day", 0)):
        number = round(hours / size, digits)
        if number < _MOST_OF[unit]:
            return f"{number:g} {unit}{'s' * (number != 1)}"
    raise ValueError(f"no delay: {hours}")


@cache
def _asset(name: str) -> str:
    return files("syndicate.report").joinpath(name).read_text("utf-8")


def _script() -> str:
    return "".join(('"use strict";\n(() => {\n', *(_asset(f"assets/{name}") for name in _SCRIPTS), "})();\n"))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def page(values: Mapping[str, Any], index: Mapping[str, Any], pieces: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The file, a stretch at a time.

    Args:
        values: What the first page's template wants.
        index: What searching and filtering look at.
        pieces: The data, in order; read as they are written.
    """
    library, script, style = _asset(_LIBRARY), _script(), _asset("assets/report.css")
    policy = (
        f"default-src 'none'; script-src {_hash(library)} {_hash(script)}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = rendered(
        "page.html",
        **values,
        version=__version__,
        policy=policy,
        style=style,
        library=library,
        script=script,
    )
    start, _, end = head.partition(_PIECES)
    yield start.encode("utf-8", "replace")
    yield _STORED.format(name="index", text=packed(index)).encode()
    for number, piece in enumerate(pieces):
        yield _STORED.format(name=f"piece-{number}", text=packed(piece)).encode()
    yield end.encode("utf-8", "replace")
