"""What relations and evidence are called, where people read of them."""

from __future__ import annotations

from typing import Final

from syndicate.graph import Relation

PHRASES: Final = {
    Relation.IDENTICAL: "same text as",
    Relation.REVISION: "another version of",
    Relation.REPOST: "repost of",
    Relation.EXCERPT: "excerpt of",
    Relation.OVERLAP: "shares passages with",
}
"""What a copy is to its source."""
REASONS: Final = {
    "named": "it names that outlet",
    "origin": "that is the original",
    "earlier": "that came earlier",
    "shorter": "it is the shorter",
}
"""Why the one is taken for the source of the other, by the kind of evidence of an edge."""
