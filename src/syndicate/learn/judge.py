"""Chrome or story: what recurs may be a heading of standing form, a reused paragraph of background, a stock phrase.

Chrome does not speak of what its article speaks of. A paragraph of background does: its words stand in the rest of
the articles that have it, and in few others. So for each word of a text, how often the rest of its articles has it is
held against how often any article has it. What is as short as a heading or a name must show more: words of known
chrome, a form that no sentence has, a place at the very edge, or neighbours that recur as well.
"""

from __future__ import annotations

import re
from collections import Counter
from math import fsum
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

from syndicate.learn.groups import telling
from syndicate.learn.units import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syndicate.learn.groups import Found, Group
    from syndicate.learn.words import ChromeWords

_TOPICAL: Final = 0.25
"""How much more often a text's words stand in the rest of its articles than in others, from which on it is theirs."""
_SENTENCE_TOPICAL, _LONG_TOPICAL = 0.15, 0.1
_MOSTLY: Final = 0.8
_BESIDE: Final = 0.7
_HEADING: Final = 60
"""Characters below which a block amid an article may be a heading, a speaker's name, or a cell of a table."""
_AMID: Final = 5
"""Stories that need be where nothing but the words says that a text is chrome."""
_SENTENCE_COMMON, _FRAME_COMMON = 0.1, 0.5
"""Shares of the stories from which on a text needs nothing else to say so."""
_CHROME_WORDS: Final = 1.0
"""Mean log-odds of words from which on they are chrome's."""
_MARKED: Final = re.compile(r"(?:^|\s)@\w|https?:|www\.|©|^\[[^\]]*\]$|^\([^)]*\)$|(?:\.\.\.|…)$")
_LETTERS: Final = re.compile(r"[^\W\d_]{2}")
_QUOTE: Final = re.compile(r"[\"“”„«»‘'「『]")
_LEAST_WORDS: Final = 4
_MIDDLE: Final = 80
"""Characters between what begins and what ends texts: a headline, a name; what is longer may be worth reading."""
_VARIANTS: Final = 3
_LEAST_LABEL: Final = 5
"""Letters of telling words that a text has before its value."""
_LABEL_COMMON: Final = 0.1
"""Share of the stories from which on a label needs nothing else to say so."""
_LABEL_STORIES: Final = 10
"""Stories from which on its place is enough."""
_MOST: Final = 0.7
"""Share of the texts that begin alike of which a label is the beginning."""
_SHOUT: Final = re.compile(r"(?:[A-Z]{2,}\W+)+(?=[A-Z][a-z])")
"""A label in capitals before a value that begins with one."""
_SPEAKER: Final = re.compile(r"(?:[A-Z][A-Z.'’-]+ ){1,3}[A-Z'’-]+:")
_OPENING: Final = re.compile(r"[\s\"“„«‘'「『(\[]+$")
_PIECE: Final = re.compile(r"\w+\s*|[^\w\s]\s*")


class Signs(NamedTuple):
    """What speaks for a group's being chrome.

    Attributes:
        text: What is the same in all its texts, or begins them.
        end: What ends them, where the middle differs.
        topical: How much more its words stand in the rest of its articles than in others; -1 to 1.
        worded: Whether its words are chrome's.
        marked: Whether its form is none of a sentence or heading.
        outer: Whether it is mostly the very first, or the very last block.
        edged: Whether it is mostly in the head, or in the tail.
        beside: Whether it mostly stands beside what recurs, too.
        share: Of all stories, how many have it.
    """

    text: str
    end: str
    topical: float
    worded: bool
    marked: bool
    outer: bool
    edged: bool
    beside: bool
    share: float


def signs_of(group: Group, found: Found, words: ChromeWords) -> Signs:
    """Look at a group.

    Args:
        group: What recurs.
        found: It and all else that recurs on the publisher's pages.
        words: The words of known chrome.
    """
    begin, end = constant(group)
    text = f"{begin} {end}" if end else begin
    return Signs(
        text=begin,
        end=end,
        topical=_topical(text, group, found),
        worded=words.weight(text, found.words, found.total) >= _CHROME_WORDS,
        marked=sum(_MARKED.search(place.text) is not None for place in group.sample) >= _MOSTLY * len(group.sample),
        outer=max(group.first, group.last) >= _MOSTLY * group.times,
        edged=max(group.head, group.tail) >= _MOSTLY * group.times,
        beside=group.beside >= _BESIDE * group.times,
        share=len(group.stories) / found.stories,
    )


def is_chrome(group: Group, signs: Signs) -> bool:
    """Whether a group is the publisher's and not its stories'."""
    if not _LETTERS.search(signs.text):
        return False
    if group.form is Form.START:
        return _is_label(group, signs)
    if group.form is Form.ENDS:
        return _is_frame(group, signs)
    return _is_block(group, signs) if group.is_block else _is_sentence(group, signs)


def _is_block(group: Group, signs: Signs) -> bool:
    if signs.topical > _TOPICAL:
        return False
    stories = len(group.stories)
    if len(signs.text) >= _HEADING:
        is_placed = signs.edged or signs.beside or signs.worded or signs.marked
        return is_placed or stories >= _AMID or signs.topical <= _LONG_TOPICAL
    if signs.worded or signs.marked:
        return True
    if signs.text[-1] in "?？؟":
        return False
    return stories >= _AMID and (signs.outer or signs.beside)


def _is_sentence(group: Group, signs: Signs) -> bool:
    is_long = len(signs.text) >= _HEADING and signs.topical <= _LONG_TOPICAL
    return (
        signs.topical <= _SENTENCE_TOPICAL
        and len(group.stories) >= _AMID
        and signs.text.count(" ") + 1 >= _LEAST_WORDS
        and not _QUOTE.search(signs.text)
        and (is_long or signs.worded or signs.edged or signs.beside or signs.share >= _SENTENCE_COMMON)
    )


def _is_frame(group: Group, signs: Signs) -> bool:
    """What begins and ends alike may be a stock phrase of reports: it must say enough, and stand where none does."""
    text = f"{signs.text} {signs.end}"
    return (
        bool(signs.end)
        and median(len(place.text) - len(text) for place in group.sample) <= _MIDDLE
        and signs.topical <= _SENTENCE_TOPICAL
        and len(group.stories) >= _AMID
        and len(group.texts) >= _VARIANTS
        and sum(map(len, telling(signs.text))) >= _LEAST_LABEL
        and len(telling(text)) >= _LEAST_WORDS
        and not _QUOTE.search(text)
        and (signs.share >= _FRAME_COMMON or (signs.beside and (signs.edged or signs.worded or signs.marked)))
    )


def _is_label(group: Group, signs: Signs) -> bool:
    values = [place.text[len(signs.text) :].lstrip() for place in group.sample]
    if signs.text.endswith(",") or sum(value[:1].islower() for value in values) > len(values) / 2:
        return False  # it is how sentences begin
    if _SPEAKER.fullmatch(signs.text) and not signs.worded:
        return False
    return (
        signs.topical <= _TOPICAL
        and len(group.stories) >= _AMID
        and len(group.texts) >= _VARIANTS
        and sum(map(len, telling(signs.text))) >= _LEAST_LABEL
        and " " in signs.text
        and not _QUOTE.match(signs.text)
        and (
            signs.worded
            or signs.marked
            or signs.share >= _LABEL_COMMON
            or (len(group.stories) >= _LABEL_STORIES and (signs.outer or signs.edged or signs.beside))
        )
    )


def constant(group: Group) -> tuple[str, str]:
    """What is the same in the texts of a group: the most frequent text, or how most of them begin, and end."""
    if not group.form.is_open:
        return min(group.texts, key=lambda text: (-group.texts[text], text)), ""
    pieces = [_PIECE.findall(text) for text in group.texts]
    begin = "".join(_common(pieces))
    if group.form is Form.START:
        shout = _SHOUT.match(begin)
        return _OPENING.sub("", shout[0] if shout else begin), ""
    rest = [each[len(_PIECE.findall(begin)) :][::-1] for each, text in zip(pieces, group.texts, strict=True)
            if text.startswith(begin)]  # fmt: skip
    return begin.rstrip(), "".join(_common(rest)[::-1]).rstrip()


def _common(texts: Sequence[Sequence[str]]) -> list[str]:
    """The pieces that most texts begin with."""
    needed = _MOST * len(texts)
    common: list[str] = []
    while True:
        at = len(common)
        pieces = Counter(text[at] for text in texts if at < len(text))
        piece, times = min(pieces.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
        if not times or times < needed:
            return common
        common.append(piece)
        texts = [text for text in texts if at < len(text) and text[at] == piece]


def _topical(text: str, group: Group, found: Found) -> float:
    told = Counter(word for place in group.sample for word in place.told)
    lifts = [told[word] / len(group.sample) - found.words.get(word, 0) / found.pages for word in set(telling(text))]
    return fsum(lifts) / len(lifts) if lifts else 0.0  # exact: a set's order must not show
