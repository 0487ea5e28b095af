"""The values of the rule language: rules, their own tests, packs, and the closed lists of words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from syndicate.model import Kind

CAPTURES: Final = (
    "author", "source", "source_url", "agency", "contact_name", "contact_email", "contact_phone",
    "image_credit", "licence", "date", "publisher_host", "listed_source",
)  # fmt: skip
"""The names a pattern's groups may have; each match of one becomes a claim."""
LISTED: Final = "listed_source"
"""The group that becomes a `source`, and without which the rule does not hold where no such outlet is listed."""
_LEAST_UNSEEN: Final = 50
_GAPS: Final = 5


class MatchMode(StrEnum):
    """Which part of a block a pattern must cover; `SENTENCE`: the start of one, and all of it is then meant."""

    WHOLE = "whole"
    START = "start"
    END = "end"
    SENTENCE = "sentence"
    ANYWHERE = "anywhere"


class Zone(StrEnum):
    """Where in the article a rule looks."""

    ANYWHERE = "anywhere"
    HEAD = "head"
    TAIL = "tail"


class Action(StrEnum):
    """What happens to what a rule matched, strongest first."""

    KEEP = "keep"
    CUT_AFTER = "cut-after"
    CUT_BEFORE = "cut-before"
    DROP = "drop"
    TRIM = "trim"
    TAG = "tag"


class RuleStatus(StrEnum):
    """How settled a rule is.

    A preview fires only where previews are asked for, a deprecated rule has a successor, and a rejected one, which a
    person did not want, never fires: it is kept so that it is not proposed again.
    """

    STABLE = "stable"
    PREVIEW = "preview"
    DEPRECATED = "deprecated"
    REJECTED = "rejected"


class Confidence(IntEnum):
    """How sure a rule is that what it takes is chrome."""

    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3


@dataclass(frozen=True, slots=True)
class Case:
    """One of a rule's own tests.

    Attributes:
        text: The text of one block; "" for a selector's case.
        html: A piece of markup, for a selector's case.
        capture: The captures it must give, exactly; None where the case does not say.
        leaves: What must be left of the block; None where the case does not say.
        why: Why it must not match, or does not yet.
        taken_by: Rules ("id" or "pack/id") that may take a reject's text all the same: it is chrome, but not this
            rule's.
        line: 1-based line in the rule file.
    """

    line: int
    text: str = ""
    html: str = ""
    capture: tuple[tuple[str, str], ...] | None = None
    leaves: str | None = None
    why: str = ""
    taken_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A place where what a learnt rule takes was seen.

    Attributes:
        page: Id or address of the page.
        before: What stands before it; may be empty.
        text: What the rule takes there.
        after: What stands after it; may be empty.
    """

    page: str
    before: str
    text: str
    after: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a learnt rule rests on.

    Attributes:
        stories: Different stories on whose pages it was seen.
        of: Different stories of the publisher that were looked at.
        first_seen: Date of the first of them, "2026-11-05"; None where no page has a date.
        last_seen: Date of the last of them.
        unseen: Different stories that were published since it was last seen.
        guessed: Fields of the rule that were guessed and that nobody has looked at yet.
        seen: Some of the places.
    """

    stories: int
    of: int
    first_seen: str | None = None
    last_seen: str | None = None
    unseen: int = 0
    guessed: tuple[str, ...] = ()
    seen: tuple[Seen, ...] = ()

    @property
    def is_dead(self) -> bool:
        """Whether the publisher seems to have given up what the rule takes.

        What stands in one story of `of / stories` is expected once among as many. Where it stands in each with the
        same chance, five times as many without it come about by chance less than once in a hundred times (e**-5).
        Fifty is the least, since what stands in every story may be left out for a day.
        """
        return self.unseen >= _LEAST_UNSEEN and self.unseen * max(1, self.stories) >= _GAPS * self.of


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a pack; the fields are those of its TOML table.

    Attributes:
        id: Full name, "pack/slug".
        pattern: Compiled pattern of the `regex` module on normalised block text; None for a selector rule.
        source: The pattern as written, or as made from `text`; the selector for a selector rule.
        keywords: Folded; one must occur in a block before the pattern is tried.
        hosts: Hosts the rule, or else its pack, is for; () for any.
        languages: Primary language subtags ("de") of the pages it is for; () for any. A page of unknown language is
            of every language.
        status: How settled it is; `replaced_by` is the full name of a deprecated rule's successor.
        references: Where the form can be seen, or why the rule is as it is: urls or words.
        place: "file:line" of the rule's table.
        evidence: What a learnt rule rests on; None for one that a person wrote.
    """

    id: str
    kind: Kind
    summary: str
    source: str
    pattern: Any
    selector: str | None
    match: MatchMode
    zone: Zone
    zone_blocks: int
    keywords: tuple[str, ...]
    action: Action
    max_cut_blocks: int
    confidence: Confidence
    hosts: tuple[str, ...]
    accept: tuple[Case, ...]
    reject: tuple[Case, ...]
    known_miss: tuple[Case, ...]
    place: str
    languages: tuple[str, ...] = ()
    status: RuleStatus = RuleStatus.STABLE
    replaced_by: str | None = None
    references: tuple[str, ...] = ()
    evidence: Evidence | None = None

    @property
    def is_preview(self) -> bool:
        """Whether the rule fires only where previews are asked for."""
        return self.status is RuleStatus.PREVIEW

    @property
    def is_rejected(self) -> bool:
        """Whether the rule never fires, since a person did not want it."""
        return self.status is RuleStatus.REJECTED


@dataclass(frozen=True, slots=True, eq=False)
class Markers:
    """What `html.toml` says of elements: which are the article, which are chrome.

    Attributes:
        article: Words of class, id, role or itemprop that name the article's own container.
        tags: For each tag that is chrome by itself, its kind.
        names: For each word or pair of words ("share", "related-posts") of class, id or role, its kind.
    """

    article: frozenset[str]
    tags: dict[str, str]
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Pack:
    """One rule file.

    Attributes:
        name: Unique among the packs loaded.
        version: As written; `stamp` adds the first 12 digits of the file's SHA-256.
        hosts: Publisher hosts the pack is for; each covers its subdomains, "=host" does not.
    """

    name: str
    version: str
    summary: str
    hosts: tuple[str, ...]
    rules: tuple[Rule, ...]
    file: str
    digest: str

    @property
    def stamp(self) -> str:
        """Version and content hash, as outputs carry them."""
        return f"{self.version}+sha256:{self.digest[:12]}"
