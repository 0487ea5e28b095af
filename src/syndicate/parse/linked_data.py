"""What the JSON-LD of a page says of its article; schema.org's words, in all the shapes that sites give them."""

from __future__ import annotations

import json
import re
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Ends of the names of types: "ReportageNewsArticle", "MedicalWebPage", "NewsMediaOrganization".
_ARTICLE: Final = ("Article", "Posting", "Report", "Review", "OpinionPiece")
_PAGE: Final = ("WebPage", "ItemPage", "AboutPage", "FAQPage", "QAPage")
_ORGANISATION: Final = ("Organization", "Organisation", "Corporation", "Brand", "WebSite")
_LISTING: Final = frozenset(
    "WebSite Organization NewsMediaOrganization Person BreadcrumbList ItemList CollectionPage ImageObject "
    "ProfilePage SiteNavigationElement SearchAction Product ListItem Comment".split()
)
"""What is never the page's own story, though it may carry a date or an author."""
_HOLDS: Final = ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed")
_FRAMES: Final = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>)\s*+(?:;\s*+)?$"
)
_DECODER: Final = json.JSONDecoder(strict=False)  # raw line breaks in strings are common
_LAST_COMMA: Final = re.compile(r",(?=\s*[}\]])")
_BACKSLASH: Final = re.compile(r'\\(?!["\\/bfnrtu])')


class Facts(NamedTuple):
    """What is said of the article; each value as it stands there.

    Attributes:
        values: By schema.org's name, the texts said under it, best first.
        based_on: Addresses of what the article says it is based on.
        body: The text of the article, "" where it is not said.
    """

    values: Mapping[str, tuple[str, ...]]
    based_on: tuple[str, ...] = ()
    body: str = ""


def article_facts(scripts: Iterable[str], address: str | None) -> Facts:
    """Read the JSON-LD of a page, and what it says of the page's article.

    Args:
        scripts: The contents of the page's JSON-LD elements; broken ones are mended where a comma, a comment or a
            backslash is all that is wrong, and else passed over.
        address: The page's canonical address: of several articles, the one at this address is meant.
    """
    things = [thing for data in map(_loaded, scripts) for thing in _things(data, 0)]
    named = {
        thing["@id"]: thing for thing in reversed(things) if isinstance(thing.get("@id"), str) and len(thing) > 1
    }
    by_rank = sorted(((_rank(thing, address), thing) for thing in things), key=itemgetter(0))
    ranked = [thing for rank, thing in by_rank if rank[0] < _NO_ARTICLE]
    if not ranked:
        return Facts({})
    headline = _text(ranked[0].get("headline"))
    values: dict[str, tuple[str, ...]] = {}
    based_on: list[str] = []
    bodies: list[str] = []
    for thing in ranked:
        other = _text(thing.get("headline"))
        if headline and other and other != headline:
            continue  # another article, which a list of teasers brings along
        for name, said in _said(thing, named):
            values.setdefault(name, said)
        based_on += (url for item in _listed(thing.get("isBasedOn")) if (url := _address(item)))
        bodies.append(_text(thing.get("articleBody")))
    return Facts(values, tuple(dict.fromkeys(based_on)), max(bodies, key=len, default=""))


def _loaded(script: str) -> Any:
    """The data of a script, mended where it must be; None where no one can read it."""
    try:
        return _DECODER.decode(script)
    except (ValueError, RecursionError):
        pass  # and so it is mended
    mended = _BACKSLASH.sub(r"\\\\", _LAST_COMMA.sub("", _FRAMES.sub("", script))).strip().rstrip(";")
    try:
        return _DECODER.raw_decode(mended)[0]
    except (ValueError, RecursionError):
        return None


_DEEPEST: Final = 4
_NO_ARTICLE: Final = 4


def _things(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The objects that stand for themselves: not what is listed, linked, or part of something."""
    for item in _listed(data):
        if isinstance(item, dict):
            yield item
            if depth < _DEEPEST:
                for name in _HOLDS:
                    if isinstance(item.get(name), (dict, list)):
                        yield from _things(item[name], depth + 1)


def _rank(thing: Mapping[str, Any], address: str | None) -> tuple[int, bool]:
    """How likely an object is the page's article; the least is."""
    kinds = [kind for kind in _listed(thing.get("@type")) if isinstance(kind, str)]
    rank = _NO_ARTICLE
    if any(kind.endswith(_ARTICLE) for kind in kinds):
        rank = 1
    elif any(kind.endswith(_PAGE) for kind in kinds):
        rank = 3
    elif kinds and "datePublished" in thing and not _LISTING.intersection(kinds):
        rank = 2  # a recipe, an episode, a film: the page's story all the same
    if rank == _NO_ARTICLE:
        return rank, False
    here = address is not None and any(
        _address(thing.get(name)) == address for name in ("url", "mainEntityOfPage", "@id")
    )
    return rank, not here


def _said(thing: Mapping[str, Any], named: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in ("headline", "datePublished", "dateModified", "inLanguage", "articleSection"):
        said = tuple(text for item in _listed(thing.get(name)) if (text := _text(item)))
        if said:
            yield name, said
    for name in ("author", "creator", "publisher", "sourceOrganization"):
        said = tuple(_names(thing.get(name), named))
        if said:
            yield name, said


def _names(value: Any, named: Mapping[str, Any]) -> Iterator[str]:
    """The names of people and organisations; organisations only where no person is named beside them."""
    people: list[str] = []
    others: list[str] = []
    for item in _listed(value):
        holder = item
        if isinstance(item, dict) and "name" not in item:
            holder = named.get(item["@id"], item) if isinstance(item.get("@id"), str) else item
        kinds = _listed(holder.get("@type")) if isinstance(holder, dict) else []
        is_organisation = any(isinstance(kind, str) and kind.endswith(_ORGANISATION) for kind in kinds)
        for name in _listed(holder.get("name") if isinstance(holder, dict) else holder):
            if isinstance(name, str) and name.strip():
                (others if is_organisation else people).append(name.strip())
    yield from dict.fromkeys(people or others)


def _address(value: Any) -> str | None:
    """The address that a value is, or that its object has."""
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value.strip() if isinstance(value, str) and value.strip() else None


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    return value.strip() if isinstance(value, str) else ""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
