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
    """How settled a rule is: a preview fires only where previews are asked for, a deprecated one has a successor."""

    STABLE = "stable"
    PREVIEW = "preview"
    DEPRECATED = "deprecated"


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

    @property
    def is_preview(self) -> bool:
        """Whether the rule fires only where previews are asked for."""
        return self.status is RuleStatus.PREVIEW


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
