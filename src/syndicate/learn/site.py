"""One publisher: from what is left of its pages to rules that pass their own tests, with what they rest on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count, islice
from typing import TYPE_CHECKING, Final

from syndicate.learn.cards import card_proposals
from syndicate.learn.evidence import Tally
from syndicate.learn.groups import FEWEST, find_groups, page_keys, recurring
from syndicate.learn.left import Left, without
from syndicate.learn.near import near_sentences
from syndicate.learn.propose import proposals
from syndicate.learn.stories import prose_keys, tell_stories
from syndicate.learn.toml import pack_text
from syndicate.rules.check import check_rules
from syndicate.rules.fragments import standard_fragments
from syndicate.rules.lint import lint_rules
from syndicate.rules.load import load_bytes
from syndicate.rules.match import RuleSet
from syndicate.rules.rule import Case, RuleStatus
from syndicate.rules.text import BlockText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from syndicate.learn.proposal import Proposal
    from syndicate.learn.words import ChromeWords
    from syndicate.rules.rule import Evidence, Pack, Rule

_LOOKED_AT: Final = 150
"""Pages in which the nearest sentences are looked for."""
_REJECTS: Final = 2
"""Sentences that a rule shows it leaves."""
_ROUNDS: Final = 4
_PAGES: Final = 5_000
"""Pages in which rules are looked for: what is on hardly any of so many is not worth a rule."""
_NOT_YET: Final = (Case(0, text="No sentence was looked for yet."),)
"""A rule has a reject even before there is one."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt of a publisher.

    Attributes:
        site: Its registrable domain.
        pages, stories: How many there are.
        proposals: Rules that are new.
        counted: By slug, what the rules that were there rest on now.
    """

    site: str
    pages: int
    stories: int
    proposals: tuple[Proposal, ...]
    counted: Mapping[str, Evidence]


def learn_site(
    site: str, pages: Callable[[], Iterator[Left]], words: ChromeWords, base: RuleSet, known: Pack | None = None
) -> Learnt:
    """Learn a publisher's chrome.

    Args:
        site: Its registrable domain.
        pages: Gives what is left of its pages, the same each time it is called, in an order that is not the input's.
        words: The words of known chrome.
        base: The rules that have left it.
        known: The publisher's pack as it is; what its rules take is not proposed again, nor what rejected ones would.
    """
    stories = tell_stories([prose_keys(block.text for block in left.blocks) for left in pages()])
    standing = _all_firing(known)
    sample = _Sample(site, stories, [without(left, standing)[0].packed() for left in islice(pages(), _PAGES)])
    fresh: list[Proposal] = []
    # What is taken uncovers more: sentences of boxes that differ, what stood beside something that was passed over.
    for find in (sample.cards, *[sample.repeats] * _ROUNDS):
        taken = {*map(_slug, standing.rules), *(one.id for one in fresh)}
        lasting = sample.take(_tested(site, _named(find(words), taken), sample.left, base))
        fresh += lasting
        if not lasting and find == sample.repeats:
            break
    # Counted on all pages as they came, as a later run will count them, which has all rules from the start.
    tally = Tally(stories, RuleSet([*standing.packs, *pack_of(site, fresh).packs]), pages())
    return Learnt(
        site=site,
        pages=len(stories),
        stories=tally.stories,
        proposals=tuple(replace(one, evidence=tally.evidence(one.id, one.evidence)) for one in fresh),
        counted={slug: tally.evidence(slug) for slug in map(_slug, standing.rules)},
    )


class _Sample:
    """Pages of a publisher in which rules are looked for, less what was found: packed, and so many at most.

    Args:
        site: Its registrable domain.
        stories: The story of each of its pages.
        pages: The first of them, packed.
    """

    def __init__(self, site: str, stories: Sequence[int], pages: list[bytes]) -> None:
        self.site, self.stories, self._pages = site, stories[: len(pages)], pages

    def left(self) -> Iterator[Left]:
        """What is left of each page."""
        return map(Left.unpacked, self._pages)

    def cards(self, _: ChromeWords) -> list[Proposal]:
        """Rules for cards of links."""
        return card_proposals(self.left(), self.stories)

    def repeats(self, words: ChromeWords) -> list[Proposal]:
        """Rules for what stands in several stories."""
        keys = [page_keys(left) for left in self.left()]
        pages = zip(self.left(), keys, strict=True)
        return list(proposals(find_groups(pages, self.stories, recurring(keys, self.stories)), words))

    def take(self, drafts: Sequence[Proposal]) -> list[Proposal]:
        """Those of some rules that take something in enough stories; it is no longer left then."""
        seen = Tally(self.stories, pack_of(self.site, drafts), self.left())
        lasting = [draft for draft in drafts if seen.count(draft.id) >= FEWEST]
        rules = pack_of(self.site, lasting)
        self._pages = [without(left, rules)[0].packed() for left in self.left()] if lasting else self._pages
        return lasting


def pack_of(site: str, drafts: Iterable[Proposal]) -> RuleSet:
    """Proposals as rules that fire."""
    text = pack_text(site, drafts, f"proposed-{site}")
    return _all_firing(load_bytes(text.encode(), f"{site}.toml", standard_fragments()))


def _all_firing(pack: Pack | None) -> RuleSet:
    if pack is None:
        return RuleSet()
    rules = tuple(replace(rule, status=RuleStatus.PREVIEW, replaced_by=None) for rule in pack.rules)
    return RuleSet([replace(pack, rules=rules)])


def _named(drafts: Sequence[Proposal], taken: set[str]) -> list[Proposal]:
    """The same with ids that are unique, also among those that are taken."""
    named: list[Proposal] = []
    for draft in drafts:
        names = (draft.id if number == 1 else f"{draft.id}-{number}" for number in count(1))
        slug = next(name for name in names if name not in taken)
        taken.add(slug)
        named.append(replace(draft, id=slug))
    return named


def _tested(
    site: str, drafts: Sequence[Proposal], rest: Callable[[], Iterator[Left]], base: RuleSet
) -> list[Proposal]:
    """The proposals that pass their own tests and lint, with sentences of stories that they leave."""
    if not drafts:
        return []
    taking = pack_of(site, [replace(draft, reject=_NOT_YET) for draft in drafts])
    stories = (without(left, taking)[0] for left in islice(rest(), _LOOKED_AT))
    near = near_sentences([draft.accept[0].text for draft in drafts], stories)
    shown = [
        replace(draft, reject=tuple(Case(0, text=text) for text in texts if not base.hits([BlockText(text)], site)))
        for draft, texts in zip(drafts, near, strict=True)
    ]
    rules = pack_of(site, (draft for draft in shown if draft.reject))
    _, failures = check_rules(rules)
    wrong = {(_slug(failure.rule), failure.case.text) for failure in failures}
    loose = {_slug(finding.rule) for finding in lint_rules(rules)}
    good = [
        replace(draft, reject=tuple(case for case in draft.reject if (draft.id, case.text) not in wrong)[:_REJECTS])
        for draft in shown
        if draft.id not in loose and not any((draft.id, case.text) in wrong for case in draft.accept)
    ]
    return [draft for draft in good if draft.reject]


def _slug(rule: Rule) -> str:
    return rule.id.rpartition("/")[2]
