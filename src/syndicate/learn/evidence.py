"""On how many stories, and when, rules take something."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from syndicate.learn.left import without
from syndicate.rules.rule import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from syndicate.learn.left import Left
    from syndicate.rules.match import RuleSet

_DAY = 10
"""Characters of a day in ISO 8601."""


class Tally:
    """How often rules take something.

    Args:
        stories: The story of each page.
        rules: Rules that fire.
        pages: In the order of the stories.
    """

    def __init__(self, stories: Sequence[int], rules: RuleSet, pages: Iterable[Left]) -> None:
        self.stories = max(stories, default=-1) + 1
        self._taken: defaultdict[str, set[int]] = defaultdict(set)
        self._days: dict[int, str] = {}
        for story, left in zip(stories, pages, strict=True):
            if left.date:
                day = left.date[:_DAY]
                self._days[story] = min(day, self._days.get(story, day))
            for rule in without(left, rules)[1]:
                self._taken[rule.rpartition("/")[2]].add(story)
        self._dates = sorted(self._days.values())

    def count(self, slug: str) -> int:
        """In how many stories a rule took something."""
        return len(self._taken[slug])

    def evidence(self, slug: str, known: Evidence | None = None) -> Evidence:
        """What a rule rests on, with what else is known of it."""
        days = sorted(self._days[story] for story in self._taken[slug] if story in self._days)
        last = days[-1] if days else None
        return replace(
            known or Evidence(0, 0),
            stories=self.count(slug),
            of=self.stories,
            first_seen=days[0] if days else None,
            last_seen=last,
            unseen=len(self._dates) - bisect_right(self._dates, last) if last else 0,
        )
