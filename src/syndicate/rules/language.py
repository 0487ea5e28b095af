"""Which language a text is in, by function words and scripts: enough to keep its rules off the pages of others.

The idea is the oldest there is (N. Ingle, "A language identification table", 1976): a few short words make up a fifth
of any running text, and hardly two languages share them.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Final

import regex
import tomli

from syndicate.rules.folder import rules_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAMPLE: Final = 700
"""Characters looked at; the middle of a text, past headlines and menus."""
_FEWEST_WORDS: Final = 20
_LEAST_SHARE: Final = 0.1
_LEAD: Final = 1.2
"""How many times the runner-up's function words the winner must show."""
_MANY_BYTES: Final = 1.3
"""Bytes a character from which on a sample may be in a script of its own; curly quotes and accents take fewer."""
_LETTERS: Final = 0.3
"""Share of a script's letters from which on a text is in its language."""


def language_of(text: str) -> str | None:
    """Tell a text's language.

    Args:
        text: Running text; a few lines are enough.

    Returns:
        A primary language subtag of `rules/languages.toml`, or None where the text shows too little.
    """
    start = max(0, (len(text) - _SAMPLE) // 2)
    sample = text[start : start + _SAMPLE].lower()
    words, letters = _tables()
    if len(sample.encode("utf-8", "replace")) > _MANY_BYTES * len(sample):
        visible = max(1, len(sample) - sample.count(" "))
        for language, pattern in letters.items():
            if len(pattern.findall(sample)) > _LETTERS * visible:
                return language
    found = sample.split()
    if len(found) < _FEWEST_WORDS:
        return None
    scores = Counter(chain.from_iterable(map(words.get, found, repeat(()))))
    ranked = sorted((-times, language) for language, times in scores.items())
    if not ranked or -ranked[0][0] < _LEAST_SHARE * len(found):
        return None
    if len(ranked) > 1 and ranked[0][0] > _LEAD * ranked[1][0]:
        return None
    return ranked[0][1]


@cache
def _tables() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, Any]]:
    """The languages of each function word, and each script's letters."""
    document = tomli.loads((rules_folder() / "languages.toml").read_text("utf-8"))
    words: dict[str, tuple[str, ...]] = {}
    for language, listed in document["words"].items():
        for word in listed.split():
            words[word] = (*words.get(word, ()), language)
    return words, {language: regex.compile(pattern) for language, pattern in document["letters"].items()}
