"""Small reports for the tests of them, and what is in their files."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from selectolax.lexbor import LexborHTMLParser

from syndicate import SyndicationGraph, match_corpus
from syndicate.graph import Edge, Origin, Relation, Story
from syndicate.io.write import copied_articles, write_graph
from syndicate.model import Removal
from syndicate.report.build import read_report, write_articles_html, write_html, write_markdown
from syndicate.rules.packs import load_packs
from tests.conftest import FIXTURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from selectolax.lexbor import LexborNode

    from syndicate import Article
    from syndicate.rules.match import RuleSet

NOWHERE: Final = Origin(None, None, 0.0, ())


def lock_rules() -> RuleSet:
    """A few rules."""
    return load_packs([FIXTURES / "lock.toml"])


def taken(rule: str, text: str, kind: str = "promo", start: int = 0, **facts: Any) -> Removal:
    return Removal(rule, kind, start, start + len(text), text, **facts)


def a_story(members: Sequence[str], origin: Origin = NOWHERE, *edges: Edge, name: str = "s") -> Story:
    return Story(name, tuple(members), origin, edges)


def copied(copy: str, source: str, relation: Relation = Relation.REPOST, evidence: str = "earlier") -> Edge:
    return Edge(copy, source, relation, evidence)


@dataclass(frozen=True)
class File:
    """A report's file as a browser reads it."""

    data: bytes

    @cached_property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.data)

    @property
    def scripts(self) -> list[LexborNode]:
        return self.tree.css("script")

    @property
    def run(self) -> list[str]:
        """The scripts that a browser runs."""
        return [script.text() for script in self.scripts if "type" not in script.attributes]

    @property
    def pieces(self) -> list[Any]:
        return [self.stored(name) for name in self.names if name != "index"]

    @property
    def names(self) -> list[str]:
        return [script.attributes["id"] or "" for script in self.scripts if "type" in script.attributes]

    @property
    def index(self) -> Any:
        return self.stored("index")

    def stored(self, name: str) -> Any:
        """Data as the page's script unpacks them."""
        (script,) = (script for script in self.scripts if script.attributes.get("id") == name)
        return json.loads(zlib.decompress(base64.b64decode(script.text(), validate=True)))

    def article(self, number: int) -> Any:
        """An article as the page's script finds it."""
        piece = self.stored(f"piece-{self.index['articles']['piece'][number]}")
        (found,) = (one for one in piece["articles"] if one["n"] == number)
        return found

    def story(self, number: int) -> LexborHTMLParser:
        """The markup of a story."""
        return LexborHTMLParser(self.stored(f"piece-{number}")["html"])


def saved(folder: Path, articles: Iterable[Article], graph: SyndicationGraph | None = None) -> Path:
    """A folder as `syndicate match` writes it."""
    articles = list(articles)
    with copied_articles(folder) as keep:
        for article in articles:
            keep(article)
    write_graph(match_corpus(articles) if graph is None else graph, articles, folder)
    return folder


def html_of(folder: Path, rules: RuleSet | None = None, title: str = "Who copies whom") -> File:
    report = read_report(folder, rules or lock_rules())
    with report.corpus:
        write_html(report, folder / "report.html", title)
    return File((folder / "report.html").read_bytes())


def markdown_of(folder: Path, title: str = "Who copies whom") -> str:
    report = read_report(folder, lock_rules())
    with report.corpus:
        write_markdown(report, folder / "report.md", title)
    return (folder / "report.md").read_text("utf-8")


def articles_html(path: Path, articles: Iterable[Article], rules: RuleSet | None = None) -> File:
    write_articles_html(articles, rules or lock_rules(), path)
    return File(path.read_bytes())


def policy_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
