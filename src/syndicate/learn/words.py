"""Which words are chrome's, and of which kind, as the rules that are there have it in their accepts."""

from __future__ import annotations

from collections import Counter, defaultdict
from math import fsum, log
from typing import TYPE_CHECKING, Final

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from syndicate.model import Kind
    from syndicate.rules.rule import Rule

_WORD: Final = regex.compile(r"\p{L}{3,}|[@©]")
_DOUBT: Final = 0.5
"""What is added to every count, so that what was never seen is not impossible."""


class ChromeWords:
    """The words of what rules accept, by kind: a naive Bayes over words, each counted once a text.

    Args:
        rules: Rules with accepts; those of all languages, since hardly two share the words that matter.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._of_kind: defaultdict[Kind, Counter[str]] = defaultdict(Counter)
        self._texts: Counter[Kind] = Counter()
        for rule in rules:
            for case in rule.accept if rule.pattern is not None else ():
                self._of_kind[rule.kind].update(words_of(case.text))
                self._texts[rule.kind] += 1
        self._all = sum(self._of_kind.values(), Counter())
        self._count = self._texts.total()

    def weight(self, text: str, stories: Mapping[str, int], total: int) -> float:
        """How much more a text's words are chrome's than the stories': their mean log-odds, above 0 for chrome.

        Args:
            text: A block or a sentence.
            stories: On how many pages of the publisher a word stands in what does not recur.
            total: The sum of these.
        """
        words = words_of(text)
        known = len(self._all)
        odds = [
            log((self._all[word] + _DOUBT) / (self._all.total() + _DOUBT * known))
            - log((stories.get(word, 0) + _DOUBT) / (total + _DOUBT * known))
            for word in words
        ]
        return fsum(odds) / len(odds) if odds else 0.0  # exact: a set's order must not show

    def kind(self, text: str) -> Kind | None:
        """The kind whose accepts have a text's words most; None where none has any."""
        words = [word for word in words_of(text) if word in self._all]
        if not words:
            return None

        def fit(kind: Kind) -> float:
            texts, counts = self._texts[kind], self._of_kind[kind]
            shares = ((counts[word] + _DOUBT * self._all[word] / self._count) / (texts + _DOUBT) for word in words)
            return log(texts) / 2 + fsum(map(log, shares))

        return max(sorted(self._of_kind), key=fit)


def words_of(text: str) -> frozenset[str]:
    """The words of a text, folded, each once."""
    return frozenset(_WORD.findall(text.casefold()))
