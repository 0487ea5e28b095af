"""A rule as it is proposed, before anybody has looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syndicate.model import Kind
    from syndicate.rules.rule import Action, Case, Confidence, Evidence, MatchMode, Zone


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed rule; the fields are those of its TOML table.

    Attributes:
        id: Slug; the pack file may make it unique by a number at its end.
        text: Literal texts; () where `pattern` is given.
        pattern: None where `text` is given.
        zone_blocks: 0 where the zone's own depth holds.
        keywords: () where they are found from the pattern.
        accept: What it must match; the line of each is 0.
        reject: What it must not.
    """

    id: str
    kind: Kind
    summary: str
    text: tuple[str, ...]
    pattern: str | None
    match: MatchMode
    zone: Zone
    zone_blocks: int
    action: Action
    keywords: tuple[str, ...]
    confidence: Confidence
    accept: tuple[Case, ...]
    reject: tuple[Case, ...]
    evidence: Evidence
