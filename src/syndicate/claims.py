"""Hits to claims: what rules captured of an article's origin, said once each.

Who took a picture and who wrote the text are named alike ("Marla Quent, AP"), and only a text's wire service tells
where the text is from. So a line that may be a picture's credit makes no byline unless it says that it is one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from syndicate.model import Claim, Kind
from syndicate.rules.rule import Action, Zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from syndicate.rules.match import Hit

_LONGEST_QUOTE: Final = 300
_WORD: Final = re.compile(r"\w")


def hit_claims(text: str, hits: Iterable[Hit], is_own: Callable[[str], bool]) -> Iterator[Claim]:
    """Turn what rules captured into claims.

    Args:
        text: The document's text.
        hits: All hits of all rules in it.
        is_own: Whether a name is that of the page's own outlet, which in a byline names no source.

    Returns:
        Claims in the order of the text, the first of those with the same field and value.
    """
    ordered = sorted(hits, key=lambda hit: (hit.start, hit.rule.id))
    pictures = [hit for hit in ordered if hit.rule.kind is Kind.IMAGE_CREDIT]
    seen: set[tuple[str, str]] = set()
    opened: set[str] = set()
    for hit in ordered:
        if hit.rule.action is Action.TAG and hit.rule.zone is Zone.HEAD:
            if hit.rule.id in opened:
                continue  # a dateline opens the page's story, and later ones open others
            opened.add(hit.rule.id)
        if pictures and _credits_a_picture(text, hit, pictures):
            continue
        for capture in hit.captures:
            value = " ".join(capture.value.split())
            if capture.field == "publisher_host":
                value = value.lower().removeprefix("www.")
            is_staff = capture.field == "source" and hit.rule.kind is Kind.BYLINE and is_own(value)
            if (capture.field, value) not in seen and not is_staff:
                seen.add((capture.field, value))
                quote = " ".join(text[hit.start : hit.end].split())[:_LONGEST_QUOTE]
                yield Claim(capture.field, value, hit.rule.id, quote, capture.start, capture.end)


def _credits_a_picture(text: str, hit: Hit, pictures: Sequence[Hit]) -> bool:
    """Whether a line with a wire service, read as a byline, names who took a picture.

    So it is where a rule for picture credits reads the same line as one, where the person is credited with a picture
    elsewhere on the page, and where a service alone stands right below the words of a picture's viewer.
    """
    if hit.rule.kind is not Kind.BYLINE or _says_byline(text, hit):
        return False
    if any(picture.start <= hit.start and hit.end <= picture.end for picture in pictures):
        return True
    author = next((capture.value.casefold() for capture in hit.captures if capture.field == "author"), None)
    if author is None:
        return any(not picture.captures and not text[picture.end : hit.start].strip()
                   for picture in pictures if picture.end <= hit.start)  # fmt: skip
    return any(author in capture.value.casefold() for picture in pictures for capture in picture.captures)


def _says_byline(text: str, hit: Hit) -> bool:
    """Whether a line says that it is a byline: by a word before the names ("By"), or by several persons.

    A line without a wire service or another outlet says so too: no picture agency can be meant.
    """
    fields = [capture.field for capture in hit.captures]
    if not {"agency", "source"}.intersection(fields) or fields.count("author") > 1:
        return True
    return bool(_WORD.search(text, hit.start, min(capture.start for capture in hit.captures)))
