"""What each rule does on a set of pages: how often it fires, what it takes, what it costs."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syndicate.parse import NotText
from syndicate.rules.match import matches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from syndicate.clean import Cleaner, Reading
    from syndicate.model import Page
    from syndicate.rules.rule import Rule


@dataclass(slots=True)
class RuleStats:
    """One rule on some pages.

    Attributes:
        rule: The rule.
        tried: Blocks on which its pattern was tried, since a keyword of it occurs there.
        hits: Pieces of text that it took; of a rule that only tags, blocks that it matched.
        characters: How much it took.
        seconds: Time of its pattern on those blocks.
    """

    rule: Rule
    tried: int = 0
    hits: int = 0
    characters: int = 0
    seconds: float = 0.0


def rule_stats(pages: Iterable[Page], cleaner: Cleaner) -> tuple[RuleStats, ...]:
    """Clean pages and count by rule.

    Args:
        pages: The pages; those that are no text are passed over.
        cleaner: What cleans them.

    Returns:
        Every rule in force, those that took most first, then by name.
    """
    stats = {rule.id: RuleStats(rule) for rule in cleaner.rules.rules if not rule.is_rejected}
    for page in pages:
        with suppress(NotText):
            _time(cleaner, cleaner.read(page), stats)
        article = cleaner.clean_page(page)
        taken = [removal for removal in article.removed if not removal.by_extractor]
        for removal in taken:
            stats[removal.rule].hits += 1
            stats[removal.rule].characters += len(removal.text)
        for rule in {claim.rule for claim in article.claims} - {removal.rule for removal in taken}:
            if rule in stats:
                stats[rule].hits += 1
    return tuple(sorted(stats.values(), key=lambda one: (-one.characters, -one.hits, one.rule.id)))


def _time(cleaner: Cleaner, reading: Reading, stats: dict[str, RuleStats]) -> None:
    for at, rules in cleaner.rules.called(reading.texts, reading.host, reading.language).items():
        for rule in rules.values():
            one = stats[rule.id]
            one.tried += 1
            start = time.perf_counter()
            with suppress(TimeoutError):  # the time it took says it
                for _ in matches(rule, reading.texts[at]):
                    pass
            one.seconds += time.perf_counter() - start
