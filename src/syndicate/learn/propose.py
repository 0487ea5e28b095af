"""From what recurs to the rule that would take it."""

from __future__ import annotations

import re
from statistics import median
from typing import TYPE_CHECKING, Final

from syndicate.learn.judge import is_chrome, signs_of
from syndicate.learn.proposal import Proposal
from syndicate.learn.units import Form
from syndicate.learn.values import captured, field_of
from syndicate.model import Kind
from syndicate.rules.fragments import expand, standard_fragments
from syndicate.rules.literals import fold, required_keywords
from syndicate.rules.read import literal
from syndicate.rules.rule import Action, Case, Confidence, Evidence, MatchMode, Seen, Zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syndicate.learn.groups import Found, Group, Occurrence
    from syndicate.learn.judge import Signs
    from syndicate.learn.words import ChromeWords

_SHORT_VALUE: Final = 40
"""Characters of what follows a label up to which it goes with it; what is longer may be worth reading, and stays."""
_ACCEPTS: Final = 3
_SHOWN: Final = 3
_CONTEXT: Final = 160
"""Characters that are shown of what stands around."""
_SLUG_WORDS: Final = 5
_LONGEST_SLUG: Final = 40
_SLUG: Final = re.compile(r"[a-z0-9]+")
_SUMMARY: Final = 70
_HEADING: Final = 60
"""Characters below which a rule holds only where what it takes has stood."""
_NUMBER: Final = re.compile(r"\d+")
_ANY_NUMBER: Final = r"\\d{1,20}"
_BY: Final = re.compile(r"\b(?i:(?:story|written|reported|words|text|reporting) (?:and \w+ )?by)$")
"""What a byline says before a person; "photo by" is another's credit."""
_CLAUSE: Final = re.compile(r"\b[^\W\d_A-Z]{1,3}$")
"""A small word, after which a sentence goes on: "Interested in"."""
_BRACKETS: Final = {"(": ")", "[": "]"}


def proposals(found: Found, words: ChromeWords) -> Iterator[Proposal]:
    """Rules for what is chrome of what recurs, the more general first.

    Args:
        found: What recurs on a publisher's pages.
        words: The words of known chrome.
    """
    ordered = sorted(
        found.groups.values(),
        key=lambda group: (-group.form, not group.is_block, -len(group.stories), min(group.texts)),
    )
    covered: set[str] = set()
    for group in ordered:
        if not covered.issuperset(group.texts):
            signs = signs_of(group, found, words)
            if is_chrome(group, signs) and not _halves(group, signs):
                proposal = _proposal(group, signs, words, found.stories)
                # A pattern of numbers alone has no word by which blocks are found that are worth trying it on.
                if proposal.accept and (proposal.pattern is None or _keywords(proposal.pattern)):
                    covered.update(group.texts)
                    yield proposal


def _proposal(group: Group, signs: Signs, words: ChromeWords, stories: int) -> Proposal:
    kind = Kind.BYLINE if _BY.search(signs.text) else words.kind(f"{signs.text} {signs.end}")
    zone, depth = _zone(group, signs)
    examples = _examples(group, signs)
    field = field_of([_value(text, signs) for text in group.texts], kind) if group.form.is_open else None
    text, pattern, match = _matcher(group, signs, field)
    return Proposal(
        id=_slug(signs.text, kind),
        kind=kind or Kind.PROMO,
        summary=_summary(group, signs),
        text=text,
        pattern=pattern,
        match=match,
        zone=zone,
        zone_blocks=depth,
        action=Action.DROP if group.is_block and not _keeps_value(group, signs) else Action.TRIM,
        keywords=(),
        confidence=Confidence.LIKELY,
        accept=tuple(
            Case(0, text=place.text, capture=captured(_value(place.text, signs), field) if pattern else None)
            for place in examples[:_ACCEPTS]
        ),
        reject=(),
        evidence=Evidence(len(group.stories), stories, guessed=("kind",), seen=tuple(map(_seen, examples[:_SHOWN]))),
    )


def _matcher(
    group: Group, signs: Signs, field: tuple[str, str] | None
) -> tuple[tuple[str, ...], str | None, MatchMode]:
    """The texts, or the pattern, and which part of a block is meant."""
    whole = MatchMode.WHOLE if group.is_block else MatchMode.ANYWHERE
    if _keeps_value(group, signs):
        return (signs.text,), None, MatchMode.START
    if group.form.is_open:
        longest = 2 * max(len(_value(text, signs)) for text in group.texts)
        value = f".{{0,{longest}}}" + ("?" if signs.end else "+")
        value = f"(?:(?P<{field[0]}>{field[1]})|{value})" if field else value
        end = f" ?(?i:{literal(signs.end)})" if signs.end else ""
        begin = r"\b" if whole is MatchMode.ANYWHERE and signs.text[0].isalnum() else ""
        return (), f"{begin}(?i:{literal(signs.text)}) ?{value}{end}", whole
    if group.form is Form.NUMBERS and len(group.texts) > 1:
        return (), f"(?i:{_NUMBER.sub(_ANY_NUMBER, literal(signs.text))})", whole
    return (min(group.texts, key=lambda text: (-group.texts[text], text)),), None, whole


def _halves(group: Group, signs: Signs) -> bool:
    """Whether what would be left is half a sentence."""
    return _keeps_value(group, signs) and _CLAUSE.search(signs.text) is not None


def _keeps_value(group: Group, signs: Signs) -> bool:
    """Whether what follows a label stays."""
    if group.form is not Form.START:
        return False
    closing = _BRACKETS.get(signs.text[0])
    if closing and all(place.text.endswith(closing) for place in group.sample):
        return False
    return median(len(place.text) - len(signs.text) for place in group.sample) > _SHORT_VALUE


def _examples(group: Group, signs: Signs) -> list[Occurrence]:
    """Places whose texts differ and have what the rule looks for."""
    places = {place.text: place for place in group.sample}
    begin, end = fold(signs.text), fold(signs.end)
    return [
        place
        for text, place in places.items()
        if not group.form.is_open or (fold(text).startswith(begin) and fold(text).endswith(end))
    ]


def _keywords(pattern: str) -> tuple[str, ...]:
    return required_keywords(expand(pattern, standard_fragments())) or ()


def _value(text: str, signs: Signs) -> str:
    """What of a text differs from others of its group."""
    return text[len(signs.text) : len(text) - len(signs.end)].strip()


def _zone(group: Group, signs: Signs) -> tuple[Zone, int]:
    """Where a short text must stand, with as much room again as it has taken."""
    if len(signs.text) >= _HEADING or not signs.edged:
        return Zone.ANYWHERE, 0
    zone = Zone.HEAD if group.head >= group.tail else Zone.TAIL
    return zone, max(5, 2 * group.depth[zone is Zone.TAIL])


def _seen(place: Occurrence) -> Seen:
    return Seen(place.page, place.before[-_CONTEXT:], place.text, place.after[:_CONTEXT])


def _slug(text: str, kind: Kind | None) -> str:
    words = _SLUG.findall(text.lower())[:_SLUG_WORDS]
    return "-".join(words)[:_LONGEST_SLUG].strip("-") or str(kind or Kind.PROMO)


def _summary(group: Group, signs: Signs) -> str:
    shown = signs.text if len(signs.text) <= _SUMMARY else signs.text[:_SUMMARY].rsplit(" ", 1)[0] + " …"
    what = "A block" if group.is_block else "A sentence"
    if group.form is Form.START:
        what += " that begins with"
    return f"{what}: {shown} … {signs.end}" if signs.end else f"{what}: {shown}"
