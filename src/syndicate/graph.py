"""The values of matching: which articles share text, the stories they make, and where a story came from.

Frozen and slotted as those of `model`; spans are offsets in code points into `Article.text`.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from syndicate.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Relation(StrEnum):
    """How two articles' texts relate, strongest first.

    `IDENTICAL` is one text twice, not known to be of two outlets; the same text at another outlet is a `REPOST`,
    as are two texts each of which has most of the other. Two such texts of one outlet are a `REVISION`: an outlet
    that changes its own article syndicates nothing. An `EXCERPT` has most of the shorter in the longer. An
    `OVERLAP` shares passages of running text, and neither contains the other.
    """

    IDENTICAL = "identical"
    REVISION = "revision"
    REPOST = "repost"
    EXCERPT = "excerpt"
    OVERLAP = "overlap"


class Passage(NamedTuple):
    """A stretch of text two articles share, as spans in each one's `Article.text`."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int


@dataclass(frozen=True, slots=True)
class Match:
    """Two articles whose texts share more than quotations, proved on the exact shingles.

    Text that is set aside as `Chrome` counts nowhere here, unless the two texts are the same.

    Attributes:
        a, b: Article ids, a before b in code point order.
        resemblance: Jaccard similarity of the two shingle sets, 0 to 1.
        containment_a: The share of a's shingles found in b; `containment_b` the other way round.
        passages: What they share, in the order of a: maximal runs of shared shingles, joined over small gaps.
    """

    a: str
    b: str
    relation: Relation
    resemblance: float
    containment_a: float
    containment_b: float
    passages: tuple[Passage, ...]

    def to_dict(self) -> dict[str, object]:
        """The match as one line of matches.jsonl."""
        return {
            "a": self.a, "b": self.b, "relation": str(self.relation), "resemblance": round(self.resemblance, 4),
            "containment_a": round(self.containment_a, 4), "containment_b": round(self.containment_b, 4),
            "passages": [list(passage) for passage in self.passages],
        }  # fmt: skip

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Match:
        """Read what `to_dict` wrote.

        Raises:
            InputError: Not a match.
        """
        with _read_as("a match"):
            return cls(
                _string(record["a"]), _string(record["b"]), Relation(record["relation"]),
                _share(record["resemblance"]), _share(record["containment_a"]), _share(record["containment_b"]),
                tuple(Passage(*map(int, passage)) for passage in record["passages"]),
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chrome:
    """Text that stands in so many different articles that it says nothing of where one is from.

    It is chrome that no rule takes, or a saying; matching sets it aside.

    Attributes:
        text: The words, as one of the articles has them.
        articles: How many articles they stand in.
        example: Id of the article that `text` is from.
    """

    text: str
    articles: int
    example: str

    def to_dict(self) -> dict[str, object]:
        """The chrome as JSON."""
        return {"text": self.text, "articles": self.articles, "example": self.example}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Chrome:
        """Read what `to_dict` wrote.

        Raises:
            InputError: Not chrome that was set aside.
        """
        with _read_as("chrome that was set aside"):
            return cls(_string(record["text"]), int(record["articles"]), _string(record["example"]))


@dataclass(frozen=True, slots=True)
class Matches:
    """What matching a corpus found.

    Attributes:
        pairs: Verified matches, in order of their ids.
        chrome: What was set aside, that of most articles first.
    """

    pairs: tuple[Match, ...]
    chrome: tuple[Chrome, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason to think that a text came from an outlet.

    Attributes:
        kind: A row of the table in `origin`: "licence", "canonical", "attribution", "earliest", ...
        article: Id of the article that shows it.
        value: The outlet it speaks for, as it stands in the page.
        text: The words, quoted.
    """

    kind: str
    article: str
    value: str
    text: str

    def to_dict(self) -> dict[str, object]:
        """The evidence as JSON."""
        return {"kind": self.kind, "article": self.article, "value": self.value, "text": self.text}


class Rival(NamedTuple):
    """Where a text may have come from, too.

    Attributes:
        outlet: Name of the outlet.
        article: Id of its own article; None where the corpus does not have it.
        confidence: 0 to 1.
    """

    outlet: str
    article: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text came from.

    Attributes:
        outlet: Name of the outlet; None where it cannot be told.
        article: Id of the origin's own article; None where the corpus does not have it.
        confidence: 0 to 1: of answers given at .9 nine in ten are right.
        evidence: Strongest first.
        rivals: Outlets that it may be instead, the likeliest first.
    """

    outlet: str | None
    article: str | None
    confidence: float
    evidence: tuple[Evidence, ...]
    rivals: tuple[Rival, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The origin as JSON."""
        return {
            "outlet": self.outlet, "article": self.article, "confidence": round(self.confidence, 3),
            "evidence": [piece.to_dict() for piece in self.evidence],
            "rivals": [[rival.outlet, rival.article, round(rival.confidence, 3)] for rival in self.rivals],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edge:
    """A copy and its source, in words of article ids, with the kind of evidence the direction rests on."""

    copy: str
    source: str
    relation: Relation
    evidence: str

    def to_dict(self) -> dict[str, object]:
        """The edge as JSON, where `from` is the copy and `to` its source."""
        return {
            "from": self.copy,
            "to": self.source,
            "relation": str(self.relation),
            "evidence": self.evidence,
        }


@dataclass(frozen=True, slots=True)
class Story:
    """One text and all who ran it.

    Attributes:
        id: Made of the id of the member published first, by id where several were or none is dated: it stays when
            later copies come.
        members: Article ids in order.
        edges: Who copied from whom; excerpts of the story by articles that are no members included.
        notes: What people should know of it: loops of sources that were broken, and where.
    """

    id: str
    members: tuple[str, ...]
    origin: Origin
    edges: tuple[Edge, ...]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """The story as one line of stories.jsonl."""
        return {
            "story": self.id, "members": list(self.members), "origin": self.origin.to_dict(),
            "edges": [edge.to_dict() for edge in self.edges], "notes": list(self.notes),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Story:
        """Read what `to_dict` wrote.

        Raises:
            InputError: Not a story.
        """
        with _read_as("a story"):
            edges = (
                Edge(
                    _string(edge["from"]), _string(edge["to"]), Relation(edge["relation"]), _string(edge["evidence"])
                )
                for edge in record["edges"]
            )
            return cls(
                _string(record["story"]), _strings(record["members"]), _origin(record["origin"]), tuple(edges),
                _strings(record.get("notes") or []),
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SyndicationGraph:
    """All matches of a corpus, the stories they make, and the text that was set aside for standing everywhere."""

    matches: tuple[Match, ...]
    stories: tuple[Story, ...]
    chrome: tuple[Chrome, ...] = ()


def _origin(record: Mapping[str, Any]) -> Origin:
    evidence = (
        Evidence(*(_string(piece[name]) for name in ("kind", "article", "value", "text")))
        for piece in record["evidence"]
    )
    rivals = (
        Rival(_string(outlet), _string_or_none(article), _share(sure))
        for outlet, article, sure in record.get("rivals") or ()
    )
    outlet, article = _string_or_none(record["outlet"]), _string_or_none(record["article"])
    return Origin(outlet, article, _share(record["confidence"]), tuple(evidence), tuple(rivals))


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.60} is not a string")
    return value


def _string_or_none(value: Any) -> str | None:
    return None if value is None else _string(value)


def _strings(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(f"{values!r:.60} is not a list")
    return tuple(map(_string, values))


def _share(value: Any) -> float:
    share = float(value)
    if not 0 <= share <= 1:
        raise ValueError(f"{share} is not between 0 and 1")
    return share


@contextmanager
def _read_as(what: str) -> Iterator[None]:
    """What is wrong with a record while it is read is said in words."""
    try:
        yield
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise InputError(f"not {what} as 'syndicate match' writes it: {error!r:.100}") from error
