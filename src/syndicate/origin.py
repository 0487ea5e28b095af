"""Where a text came from: evidence in its copies, weighed into one answer.

The answer is an outlet, and an article of it where the corpus has one. Naming evidence (a licence line, an agency's
dateline, "originally published on") comes first; time and length speak only where nobody names a source. A text that
merely cites an outlet makes no claim, and so no evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from syndicate.graph import Evidence, Origin
from syndicate.parse.origin_markers import COUNTER
from syndicate.parse.site import same_site
from syndicate.rules.names import Names, fold_name, host_of, load_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from syndicate.model import Article, Claim

WEIGHTS: Final = {
    "licence": 0.97,  # "republished from X under a Creative Commons licence"
    "counter": 0.97,  # the counter that a licence to republish asks for, of another outlet
    "declared": 0.9,  # a tag made for it names another site's address: `syndication-source`, `original-source`
    "based-on": 0.5,  # JSON-LD's `isBasedOn` names another site's address: an original, or a study that is reported
    "canonical": 0.9,  # the page gives another site's address as its own
    "agency": 0.95,  # a wire service in the dateline or the byline
    "attribution": 0.9,  # "originally published on X", "Articles by: X", where X is an outlet that is known
    "credit": 0.5,  # the same where X is no outlet that is listed or in the corpus
    "earliest": 0.6,  # published before all others by more than an hour
    "longest": 0.15,  # the fullest text
}
"""How far one piece of evidence of a kind, alone, is to be believed."""
_KINDS_OF_ADDRESS: Final = {
    "meta/syndication-source": "declared",
    "meta/original-source": "declared",
    "meta/ld:isBasedOn": "based-on",
}
LEAST_CONFIDENCE: Final = 0.3
"""Below this, it cannot be told."""
_CLOCK_DOUBT: Final = timedelta(hours=1)
_ZONE_DOUBT: Final = timedelta(hours=26)
"""How far two times may differ where one of them has no time zone and still say nothing."""
_FULLER: Final = 1.1


@dataclass(frozen=True, slots=True)
class _Vote:
    outlet: str  # folded name
    name: str
    evidence: Evidence


class OriginFinder:
    """Decides origins; knows the names of agencies and outlets, and the outlets of the corpus."""

    def __init__(
        self, articles: Iterable[Article], names: Names | None = None, lengths: Mapping[str, int] | None = None
    ) -> None:
        """Look at a corpus.

        Args:
            articles: All of it.
            names: Those of agencies and outlets; the package's own if not given.
            lengths: Characters of the articles' texts by id, where the articles come without them.
        """
        self.names = names or load_names()
        self.lengths = lengths or {}
        self._outlets: dict[tuple[str | None, str | None], str | None] = {}
        self.articles = {article.id: article for article in articles}
        outlets = sorted(set(map(self.outlet_of, self.articles.values())))
        self.in_corpus = {fold_name(name): name for name in outlets}

    def outlet_of(self, article: Article) -> str:
        """An article's outlet by the name it is listed under, or its host, or its id where nothing is known."""
        known = (article.outlet, host_of(article.url))
        if known not in self._outlets:
            listed = self.names.outlet(article.outlet or "") or self.names.outlet_of_host(known[1])
            self._outlets[known] = listed or article.outlet or known[1]
        return self._outlets[known] or article.id

    def named_source(self, article: Article) -> str | None:
        """The folded name of the outlet that an article itself names as its source, if it names one."""
        own = fold_name(self.outlet_of(article))
        votes = sorted(self._naming(article), key=lambda vote: -WEIGHTS[vote.evidence.kind])
        return next((vote.outlet for vote in votes if vote.outlet != own), None)

    def decide(self, members: Sequence[Article]) -> Origin:
        """Weigh the evidence of a story's members.

        Args:
            members: The articles that carry the text.

        Returns:
            The best supported outlet; its confidence is the noisy-or of its evidence, less what speaks for others.
        """
        votes = [vote for article in members for vote in self._naming(article)]
        votes += self._circumstances(members)
        by_outlet: dict[str, list[_Vote]] = {}
        for vote in votes:
            by_outlet.setdefault(vote.outlet, []).append(vote)
        scores = {outlet: _noisy_or(outlet_votes) for outlet, outlet_votes in by_outlet.items()}
        ranked = sorted(scores, key=lambda outlet: (-scores[outlet], outlet))
        if not ranked:
            return Origin(None, None, 0.0, ())
        best = ranked[0]
        rival = scores[ranked[1]] if len(ranked) > 1 else 0.0
        confidence = scores[best] * (1 - rival / 2)
        if confidence < LEAST_CONFIDENCE:
            return Origin(None, None, 0.0, _strongest_first(votes))
        own = [article for article in members if fold_name(self.outlet_of(article)) == best]
        own.sort(key=lambda article: (moment_of(article) or _NEVER, article.id))
        return Origin(
            by_outlet[best][0].name, own[0].id if own else None, confidence, _strongest_first(by_outlet[best])
        )

    def _naming(self, article: Article) -> Iterator[_Vote]:
        """Evidence in an article's own words and markup."""
        licensed = {claim.rule for claim in article.claims if claim.field == "licence"}
        for claim in article.claims:
            if claim.field == "agency":
                agency = self.names.agency(claim.value)
                if agency is not None:
                    yield self._vote("agency", article, agency, claim)
            elif claim.field == "source" and claim.rule.startswith(COUNTER):
                if not self._is_own(article, claim.value):
                    yield self._vote("counter", article, self._known_outlet(claim.value) or claim.value, claim)
            elif claim.field == "source":
                name = self._known_outlet(claim.value)
                kind = "credit" if name is None else "licence" if claim.rule in licensed else "attribution"
                if name is not None or not _same_name(claim.value, article.byline):
                    yield self._vote(kind, article, name or claim.value, claim)
            elif claim.field == "canonical" or (claim.field == "source_url" and claim.rule.startswith("meta/")):
                there = host_of(claim.value)
                kind = _KINDS_OF_ADDRESS.get(claim.rule, "canonical")
                if there and article.url and not self._is_own(article, there):
                    yield self._vote(kind, article, self.names.outlet_of_host(there) or there, claim)

    def _is_own(self, article: Article, named: str) -> bool:
        """Whether a host or name that a page gives is that of its own outlet or site."""
        here = host_of(article.url)
        own = fold_name(self.outlet_of(article))
        there = self.names.outlet_of_host(named) or named
        return fold_name(there) == own or (here is not None and same_site(here, named))

    def _known_outlet(self, name: str) -> str | None:
        listed = self.names.agency(name) or self.names.outlet(name)
        return listed or self.names.outlet_of_host(host_of(f"//{name}")) or self.in_corpus.get(fold_name(name))

    @staticmethod
    def _vote(kind: str, article: Article, name: str, claim: Claim) -> _Vote:
        return _Vote(fold_name(name), name, Evidence(kind, article.id, claim.value, claim.text or claim.value))

    def _circumstances(self, members: Sequence[Article]) -> Iterator[_Vote]:
        """Who was first, and who has the fullest text."""
        outlets = {article.id: self.outlet_of(article) for article in members}
        if len(set(outlets.values())) < 2:
            return
        first = earliest(members, outlets)
        if first is not None:
            name = outlets[first.id]
            words = f"published {first.published}, before the others"
            yield _Vote(fold_name(name), name, Evidence("earliest", first.id, name, words))
        lengths = {article.id: self.lengths.get(article.id, len(article.text)) for article in members}
        fullest, second = sorted(members, key=lambda article: (-lengths[article.id], article.id))[:2]
        if lengths[fullest.id] > _FULLER * lengths[second.id]:
            name = outlets[fullest.id]
            words = f"{lengths[fullest.id]} characters, the next {lengths[second.id]}"
            yield _Vote(fold_name(name), name, Evidence("longest", fullest.id, name, words))


def _noisy_or(votes: Iterable[_Vote]) -> float:
    """Belief from independent reasons; of one kind only the first counts, since copies repeat each other's words."""
    doubt = 1.0
    for kind in {vote.evidence.kind for vote in votes}:
        doubt *= 1 - WEIGHTS[kind]
    return 1 - doubt


def _strongest_first(votes: Iterable[_Vote]) -> tuple[Evidence, ...]:
    evidence = {vote.evidence for vote in votes}
    return tuple(sorted(evidence, key=lambda piece: (-WEIGHTS[piece.kind], piece.article, piece.value, piece.text)))


def _same_name(name: str, byline: str | None) -> bool:
    return byline is not None and fold_name(name) in fold_name(byline)


_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def moment_of(article: Article) -> datetime | None:
    """When an article was published, a missing time zone read as UTC; None where that is not known."""
    try:
        moment = datetime.fromisoformat(article.published or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def earliest(articles: Sequence[Article], outlets: Mapping[str, str]) -> Article | None:
    """The article published before those of all other outlets by more than clocks and time zones explain."""
    dated = sorted((moment, article.id, article) for article in articles if (moment := moment_of(article)))
    if not dated:
        return None
    first = dated[0][2]
    for _, _, article in dated[1:]:
        if outlets[article.id] != outlets[first.id]:
            return first if is_before(first, article) else None
    return None


def is_before(one: Article, other: Article) -> bool:
    """Whether one article was surely published before another."""
    first, second = moment_of(one), moment_of(other)
    if first is None or second is None:
        return False
    zoned = all("T" in (a.published or "") and datetime.fromisoformat(a.published or "").tzinfo for a in (one, other))
    return second - first > (_CLOCK_DOUBT if zoned else _ZONE_DOUBT)
