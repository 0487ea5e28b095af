"""Evidence of where a text came from: what articles say of it, and how strongly each kind of it speaks.

The kinds and their weights stand in `rules/evidence.toml`. A text that merely cites an outlet makes no claim, and so
no evidence; nor does a page that names itself, or an address of its own at another host.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import tomli

from syndicate.graph import Evidence
from syndicate.parse.origin_markers import COUNTER
from syndicate.parse.site import registrable_domain, same_site
from syndicate.rules.folder import rules_folder
from syndicate.rules.names import Names, fold_name, host_of, load_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from syndicate.model import Article, Claim

_KINDS_OF_ADDRESS: Final = {
    "meta/syndication-source": "declared",
    "meta/original-source": "declared",
    "meta/ld:isBasedOn": "based-on",
}
_PARTS: Final = re.compile(r"[.-]")
_ADDRESSES: Final = frozenset({"canonical", "source_url"})
FIELDS: Final = frozenset({"agency", "licence", "source", *_ADDRESSES})
"""Claims that are evidence."""
NAMES_ANOTHER: Final = "names-another"


@dataclass(frozen=True, slots=True)
class Weights:
    """How strongly evidence speaks, in natural logarithms.

    Attributes:
        kinds: Of each kind of evidence.
        nobody: What speaks for an origin that no evidence names.
        again: The share of a weight that counts where another outlet shows the same.
    """

    kinds: Mapping[str, float]
    nobody: float
    again: float


@dataclass(frozen=True, slots=True)
class Vote:
    """A piece of evidence, and the outlet it speaks for.

    Attributes:
        outlet: Its folded name.
        name: Its name.
        witness: Folded name of the outlet whose article shows it.
        evidence: The piece.
    """

    outlet: str
    name: str
    witness: str
    evidence: Evidence


@cache
def load_weights() -> Weights:
    """The weights of `rules/evidence.toml`."""
    table = tomli.loads((rules_folder() / "evidence.toml").read_text("utf-8"))
    kinds = {row["kind"]: float(row["weight"]) for row in table["evidence"]}
    return Weights(kinds, float(table["nobody"]), float(table["again"]))


class Key(NamedTuple):
    """What an outlet of the corpus is found by.

    Attributes:
        kind: "name" or "site".
        value: A folded name; a registrable domain, or a host that has none.
    """

    kind: str
    value: str


class Witnesses:
    """What the articles of a corpus say of where they are from; knows outlets by name, host and address."""

    def __init__(
        self, articles: Iterable[Article], names: Names | None = None, directory: Mapping[Key, str] | None = None
    ) -> None:
        """Look at a corpus.

        Args:
            articles: All of it; with a directory, those that are asked about.
            names: Names of agencies and outlets; the package's own if not given.
            directory: The corpus's outlets, by all that `keys_of` finds them by: where several articles have a key,
                the outlet of the one with the least id. What no `keys_asked` has may be left out.
        """
        self.names = names or load_names()
        self._outlets: dict[tuple[str | None, str | None], str | None] = {}
        self.articles = {article.id: article for article in articles}
        self._directory = self._listed() if directory is None else directory

    def _listed(self) -> dict[Key, str]:
        directory: dict[Key, str] = {}
        for article in sorted(self.articles.values(), key=lambda article: article.id):
            name = self.outlet_of(article)
            for key in self.keys_of(article):
                directory.setdefault(key, name)
        return directory

    def keys_of(self, article: Article) -> Iterator[Key]:
        """What an article's outlet is found by."""
        yield Key("name", fold_name(self.outlet_of(article)))
        host = host_of(article.url)
        if host:
            yield Key("site", _site(host))

    def keys_asked(self, article: Article) -> Iterator[Key]:
        """All keys by which what an article says of its source may be looked up; some twice, and some for nothing."""
        for claim in article.claims:
            if claim.field == "source":
                yield Key("name", fold_name(claim.value))
                host = host_of(f"//{claim.value}")
                if host and "." in host:
                    yield Key("site", _site(host))
                if claim.rule.startswith(COUNTER):
                    yield Key("site", _site(claim.value))
            elif claim.field in _ADDRESSES and article.url:
                here, there = host_of(article.url), host_of(claim.value)
                if there and not (here and same_site(here, there)):
                    yield Key("site", _site(there))

    def outlet_of(self, article: Article) -> str:
        """An article's outlet as its host or its name is listed, or as either stands, or its id where it has neither.

        The host comes first: papers of many cities bear one name, and a portal's page may name the paper it copied.
        """
        known = (article.outlet, host_of(article.url))
        if known not in self._outlets:
            listed = self.names.outlet_of_host(known[1]) or self.names.outlet(article.outlet or "")
            self._outlets[known] = listed or article.outlet or known[1]
        return self._outlets[known] or article.id

    def naming(self, article: Article) -> Iterator[Vote]:
        """Evidence in an article's own words and markup: whom it names as its source, but for itself."""
        own = fold_name(self.outlet_of(article))
        for kind, name, claim in self._named(article):
            if fold_name(name) != own:
                piece = Evidence(kind, article.id, claim.value, claim.text or claim.value)
                yield Vote(fold_name(name), name, own, piece)

    def _named(self, article: Article) -> Iterator[tuple[str, str, Claim]]:
        licensed = {claim.rule for claim in article.claims if claim.field == "licence"}
        for claim in article.claims:
            if claim.field == "agency":
                agency = self.names.agency(claim.value)
                if agency is not None:
                    yield "agency", agency, claim
            elif claim.field == "source" and claim.rule.startswith(COUNTER):
                if not self._is_own(article, claim.value):
                    yield "counter", self._known_outlet(claim.value) or claim.value, claim
            elif claim.field == "source":
                name = self._known_outlet(claim.value)
                kind = "credit" if name is None else "licence" if claim.rule in licensed else "attribution"
                if name is not None or not _same_name(claim.value, article.byline):
                    yield kind, name or claim.value, claim
            elif claim.field in _ADDRESSES:
                there = host_of(claim.value)
                if there and article.url and not self._is_own(article, there):
                    kind = "canonical" if claim.field == "canonical" else "link"
                    yield _KINDS_OF_ADDRESS.get(claim.rule, kind), self._outlet_at(there) or there, claim

    def _is_own(self, article: Article, named: str) -> bool:
        """Whether a host or name that a page gives is that of its own outlet or site.

        A copy of one's own site at a platform has the site's name in its host: "ledger-staging.platform.example",
        "www-ledger-example.cache.example".
        """
        here = host_of(article.url)
        if here is not None and same_site(here, named):
            return True
        own = fold_name(self.outlet_of(article))
        there = self._outlet_at(named) or named
        if fold_name(there) == own:
            return True
        label = (registrable_domain(here) or here).partition(".")[0] if here else ""
        return bool(label) and (label in _PARTS.split(named) or fold_name(there).replace(" ", "") == label)

    def _outlet_at(self, host: str) -> str | None:
        return self.names.outlet_of_host(host) or self._directory.get(Key("site", _site(host)))

    def _known_outlet(self, name: str) -> str | None:
        """The outlet of a name, or of a host that stands for it, if it is listed or in the corpus."""
        listed = self.names.agency(name) or self.names.outlet(name)
        listed = listed or self._directory.get(Key("name", fold_name(name)))
        host = host_of(f"//{name}")
        return listed or (self._outlet_at(host) if host and "." in host else None)


def _site(host: str) -> str:
    return registrable_domain(host) or host


def _same_name(name: str, byline: str | None) -> bool:
    return byline is not None and fold_name(name) in fold_name(byline)
