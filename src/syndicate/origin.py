"""Where a text came from: the evidence in its copies, weighed into a ranked answer with a confidence.

The answer is an outlet, and an article of it where the corpus has one. What names a source (a licence line, an
agency's dateline, "originally published on") speaks loudest; time and length speak where nobody names one. An outlet
whose own article names another is a copy, so a chain of credits leads to its head.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Final

from syndicate.evidence import NAMES_ANOTHER, Vote, Witnesses, load_weights
from syndicate.graph import Evidence, Origin, Rival
from syndicate.moments import NEVER, is_before, moment, moment_of, out_by
from syndicate.rules.names import fold_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from syndicate.evidence import Key
    from syndicate.graph import Edge
    from syndicate.model import Article
    from syndicate.rules.names import Names

LEAST_CONFIDENCE: Final = 0.5
"""Below this, it cannot be told: another origin is as likely."""
LEAST_RIVAL: Final = 0.05
"""Confidence from which on an outlet is told as another that it may be."""
_MOST_CERTAIN: Final = 0.99
"""A page can be wrong of itself, and a rule of a page."""
_FULLER: Final = 1.1
_TRUST: Final = ("origin", "earlier", "shorter")
"""What edges rest on that rest on no credit, the surest first."""


class OriginFinder:
    """Decides origins; knows the names of agencies and outlets, and the outlets of the corpus."""

    def __init__(
        self,
        articles: Iterable[Article],
        names: Names | None = None,
        lengths: Mapping[str, int] | None = None,
        directory: Mapping[Key, str] | None = None,
    ) -> None:
        """Look at a corpus.

        Args:
            articles: All of it; with a directory, those that are asked about.
            names: Those of agencies and outlets; the package's own if not given.
            lengths: Characters of the articles' texts by id, where the articles come without them.
            directory: The corpus's outlets, as `Witnesses` takes them.
        """
        self.lengths = lengths or {}
        self._witnesses = Witnesses(articles, names, directory)
        self._weights = load_weights()
        self.articles = self._witnesses.articles

    def outlet_of(self, article: Article) -> str:
        """An article's outlet by the name it is listed under, or its host, or its id where nothing is known."""
        return self._witnesses.outlet_of(article)

    def named_source(self, article: Article) -> str | None:
        """The folded name of the outlet that an article itself names as its source, if it names one."""
        best = max(self._witnesses.naming(article), key=self._weight_of, default=None)
        return best.outlet if best else None

    def trust_in(self, edge: Edge) -> float:
        """The weight of what an edge rests on: the naming evidence of the copy; less than any of it for the rest."""
        if edge.evidence != "named":
            return -_TRUST.index(edge.evidence)
        return max(map(self._weight_of, self._witnesses.naming(self.articles[edge.copy])), default=0.0)

    def decide(self, members: Sequence[Article], takers: Sequence[Article] = ()) -> Origin:
        """Weigh the evidence of a story's members.

        Args:
            members: The articles that carry the text.
            takers: Articles of other stories that have parts of it; they speak for outlets of members alone.

        Returns:
            The likeliest outlet with what else it may be; no outlet where none is likelier than not.
        """
        votes = [vote for article in members for vote in self._witnesses.naming(article)]
        own = {fold_name(self.outlet_of(article)) for article in members}
        more = [vote for article in takers for vote in self._witnesses.naming(article)]
        votes += (vote for vote in [*more, *self._circumstances([*members, *takers])] if vote.outlet in own)
        chances = self._chances(votes, members)
        names = {fold_name(self.outlet_of(article)): self.outlet_of(article) for article in members}
        names |= {vote.outlet: vote.name for vote in votes}
        ranked = sorted(chances, key=lambda outlet: (-chances[outlet], outlet))
        articles = self._first_of_each(members)
        answers = [Rival(names[outlet], articles.get(outlet), chances[outlet]) for outlet in ranked]
        likely = [answer for answer in answers if answer.confidence >= LEAST_RIVAL]
        if not likely or likely[0].confidence < LEAST_CONFIDENCE:
            return Origin(None, None, 0.0, self._strongest_first(votes), tuple(likely))
        best = likely[0]
        evidence = self._strongest_first(vote for vote in votes if vote.outlet == ranked[0])
        return Origin(best.outlet, best.article, best.confidence, evidence, tuple(likely[1:]))

    def _chances(self, votes: Sequence[Vote], members: Sequence[Article]) -> dict[str, float]:
        """How likely the text is from each outlet that is named, or has it; the rest of 1 is for others."""
        kinds, again = self._weights.kinds, self._weights.again
        witnesses: dict[tuple[str, str], set[str]] = {}
        for vote in votes:
            witnesses.setdefault((vote.outlet, vote.evidence.kind), set()).add(vote.witness)
        scores = {fold_name(self.outlet_of(article)): 0.0 for article in members}
        for (outlet, kind), seen_by in witnesses.items():
            scores[outlet] = scores.get(outlet, 0.0) + kinds[kind] * (1 + again * (len(seen_by) > 1))
        own = dict(scores)
        for copy, (source, weight) in _named_by(votes, self._weight_of).items():
            if copy in scores:
                # What speaks for a copy speaks for its source, as far as its credit is to be believed.
                share = weight / max(kinds.values())
                scores[source] += share * own[copy]
                scores[copy] += share * (kinds[NAMES_ANOTHER] - own[copy])
        odds = {outlet: exp(score) for outlet, score in scores.items()}
        total = exp(self._weights.nobody) + sum(odds.values())
        return {outlet: _MOST_CERTAIN * each / total for outlet, each in odds.items()}

    def _first_of_each(self, members: Sequence[Article]) -> dict[str, str]:
        """For each outlet its own article, the first if it has several."""
        first: dict[str, str] = {}
        for article in sorted(members, key=lambda article: (moment_of(article) or NEVER, article.id)):
            first.setdefault(fold_name(self.outlet_of(article)), article.id)
        return first

    def _circumstances(self, members: Sequence[Article]) -> Iterator[Vote]:
        """Who was first, and who has the fullest text."""
        outlets = {article.id: self.outlet_of(article) for article in members}
        if len(set(outlets.values())) < 2:
            return
        first = earliest(members, outlets)
        if first is not None:
            undated = any(moment_of(each) is None and outlets[each.id] != outlets[first.id] for each in members)
            said = f"published {first.published}" if moment_of(first) else f"out by {out_by(first)}"
            words = f"{said}, before the others{' that have a date' if undated else ''}"
            yield _of_itself("first-dated" if undated else "earliest", first, outlets[first.id], words)
        lengths = {article.id: self.lengths.get(article.id, len(article.text)) for article in members}
        fullest, second = sorted(members, key=lambda article: (-lengths[article.id], article.id))[:2]
        if lengths[fullest.id] > _FULLER * lengths[second.id]:
            words = f"{lengths[fullest.id]} characters, the next {lengths[second.id]}"
            yield _of_itself("longest", fullest, outlets[fullest.id], words)

    def _weight_of(self, vote: Vote) -> float:
        return self._weights.kinds[vote.evidence.kind]

    def _strongest_first(self, votes: Iterable[Vote]) -> tuple[Evidence, ...]:
        kinds = self._weights.kinds
        evidence = {vote.evidence for vote in votes}
        return tuple(sorted(evidence, key=lambda one: (-kinds[one.kind], one.article, one.value, one.text)))


def _named_by(votes: Iterable[Vote], weight_of: Callable[[Vote], float]) -> dict[str, tuple[str, float]]:
    """For each outlet that names another, the one it names most strongly, and how strongly."""
    named: dict[str, tuple[str, float]] = {}
    for vote in votes:
        if vote.outlet != vote.witness and weight_of(vote) > named.get(vote.witness, ("", 0.0))[1]:
            named[vote.witness] = (vote.outlet, weight_of(vote))
    return named


def _of_itself(kind: str, article: Article, outlet: str, words: str) -> Vote:
    return Vote(fold_name(outlet), outlet, fold_name(outlet), Evidence(kind, article.id, outlet, words))


def earliest(articles: Sequence[Article], outlets: Mapping[str, str]) -> Article | None:
    """The article published before those of all other outlets by more than clocks and time zones explain."""
    dated = sorted((known, article.id, article) for article in articles if (known := moment(out_by(article))))
    if not dated:
        return None
    first = dated[0][2]
    for _, _, article in dated[1:]:
        if outlets[article.id] != outlets[first.id]:
            return first if is_before(first, article) else None
    return None
