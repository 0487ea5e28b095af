"""The articles of a report: read once, what is told of all of them counted, and each set down for its page."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from syndicate.report.payload import article_payload
from syndicate.spool import Spool
from syndicate.story import without_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from syndicate.model import Article


@dataclass(slots=True)
class RuleUse:
    """What one rule did on all articles.

    Attributes:
        kind: The kind of chrome it takes.
        hits: Pieces of text that it took; of a rule that only tags, articles of which it says something.
        characters: How much it took.
    """

    kind: str = ""
    hits: int = 0
    characters: int = 0


@dataclass(slots=True)
class Corpus:
    """Articles by their place in the input.

    Attributes:
        articles: Without their texts, and without what was taken from them.
        numbers: Places by id.
        lengths: Characters of each text.
        taken: How many characters the rules took from each, by kind.
        rules: What each rule did, by its full name; those that did nothing are missing.
        packs: Names of the packs that were in force for any article.
        pages: Each article as its page in the report wants it, in UTF-8.
    """

    articles: list[Article] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    lengths: list[int] = field(default_factory=list)
    taken: list[Mapping[str, int]] = field(default_factory=list)
    rules: defaultdict[str, RuleUse] = field(default_factory=lambda: defaultdict(RuleUse))
    packs: set[str] = field(default_factory=set)
    pages: Spool = field(default_factory=Spool)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pages.__exit__(kind, error, trace)

    @classmethod
    def read(cls, articles: Iterable[Article]) -> Self:
        """Take articles in; of two with one id, which no graph has, the id means the first."""
        corpus = cls()
        with ExitStack() as stack:
            stack.push(corpus)
            for article in articles:
                corpus._add(article)
            corpus.pages.flush()
            stack.pop_all()  # it is closed here only where reading fails
        return corpus

    def _add(self, article: Article) -> None:
        number = len(self.articles)
        self.numbers.setdefault(article.id, number)
        self.articles.append(without_text(article))
        self.lengths.append(len(article.text))
        self.packs.update(article.packs)
        self.taken.append(self._count(article))
        self.pages.extend([article_payload(number, article)])

    def _count(self, article: Article) -> Mapping[str, int]:
        kinds: Counter[str] = Counter()
        seen: set[str] = set()
        for removal in article.removed:
            if removal.by_extractor:
                continue
            kinds[removal.kind] += len(removal.text)
            use = self.rules[removal.rule]
            use.kind = removal.kind
            use.hits += 1
            use.characters += len(removal.text)
            seen.add(removal.rule)
        for rule in {claim.rule for claim in article.claims if claim.start is not None} - seen:
            self.rules[rule].hits += 1
        return dict(kinds)
