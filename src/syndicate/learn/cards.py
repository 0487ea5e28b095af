"""Cards of links that were set into sentences: what a link opens, without its markup.

Where a page's text is taken without its markup, what a name's link opens stands in the midst of a sentence: the name
again, in full, then, glued to it, what the publisher has on it, then the card's last word. "So said Mayor Otto Roe
Ottoline RoeFerry is late again Roe asks for calm MORE on Monday." Where such a card begins is told by its form
alone; what it ends with is the publisher's, and has to be learnt.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from syndicate.learn.proposal import Proposal
from syndicate.model import Kind
from syndicate.rules.literals import fold
from syndicate.rules.rule import Action, Case, Confidence, Evidence, MatchMode, Seen, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from syndicate.learn.left import Left

_NAME: Final = r"(\p{Lu}[\w’-]*+)\K (?:[\p{Lu}(\"“]\S*+ ){1,5}\1(?=[\p{Lu}\d'‘“\"\[])"
"""A name's last word, then words of a name that end with the same one, to which something is glued."""
_CARD: Final = regex.compile(_NAME)
_WORD: Final = regex.compile(r"(?<=\s)[^\W\d_]{2,}+\b")
_LONGEST: Final = 500
"""Characters of a card after the name."""
_PAGES: Final = 2_000
"""Pages in which cards are looked for."""
_STORIES: Final = 5
_MOST: Final = 0.9
"""Share of the cards that have the last word, and of its places that are in cards."""
_AROUND: Final = 160
"""Characters that are shown of what stands around."""
_SHOWN: Final = 3


class _Card(NamedTuple):
    """A card: where the word before it begins, where the card does, and where the name in it ends."""

    story: int
    page: str
    text: str
    before: int
    start: int
    name_end: int

    @property
    def inside(self) -> str:
        return self.text[self.name_end : self.name_end + _LONGEST]


def card_proposals(pages: Iterable[Left], stories: Sequence[int]) -> list[Proposal]:
    """A rule for the cards of a publisher, if it has any.

    Args:
        pages: What is left of its pages; of some thousands no more are read.
        stories: The story of each.
    """
    cards: list[_Card] = []
    everywhere: Counter[str] = Counter()
    for story, left in islice(zip(stories, pages, strict=False), _PAGES):
        for block in left.blocks:
            everywhere.update(_WORD.findall(block.text))
            cards += (
                _Card(story, left.page, block.text, found.start(1), *found.span())
                for found in _CARD.finditer(block.text)
            )
    last = _last_word(cards, everywhere)
    return [_proposal(last, cards, max(stories) + 1)] if last else []


def _last_word(cards: Sequence[_Card], everywhere: Counter[str]) -> str | None:
    """The first word that most cards have and hardly anything else has."""
    if len({card.story for card in cards}) < _STORIES:
        return None
    having = Counter(word for card in cards for word in set(_WORD.findall(card.inside)))
    told = [
        (sum(card.inside.find(word) for card in cards), word)
        for word, count in having.items()
        if count >= _MOST * len(cards) and count >= _MOST * everywhere[word]
    ]
    return min(told)[1] if told else None


def _proposal(last: str, cards: Sequence[_Card], stories: int) -> Proposal:
    pattern = rf"{_NAME}.{{0,{_LONGEST}}}?{last}\b"  # of a card that is empty, the word is glued to the name itself
    places: dict[int, tuple[_Card, str]] = {}
    for card in cards:
        found = regex.match(pattern, card.text[card.before :])
        if found and card.story not in places:
            places[card.story] = card, found[0]
    shown = list(places.values())[:_SHOWN]
    return Proposal(
        id="link-card",
        kind=Kind.READ_MORE,
        summary=f"What a name's link opens, set into a sentence; its last word is {last}",
        text=(),
        pattern=pattern,
        match=MatchMode.ANYWHERE,
        zone=Zone.ANYWHERE,
        zone_blocks=0,
        action=Action.TRIM,
        keywords=(fold(last),),
        confidence=Confidence.LIKELY,
        accept=tuple(Case(0, text=card.text[card.before : card.start] + taken) for card, taken in shown),
        reject=(),
        evidence=Evidence(
            len(places),
            stories,
            guessed=("kind",),
            seen=tuple(
                Seen(card.page, card.text[max(0, card.start - _AROUND) : card.start], taken,
                     card.text[card.start + len(taken) :][:_AROUND])
                for card, taken in shown
            ),
        ),
    )  # fmt: skip
