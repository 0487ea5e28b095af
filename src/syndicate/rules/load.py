"""Rule files to packs: strict, and every problem of every file at once, each with its place and a way out."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import regex

from syndicate.errors import RuleError
from syndicate.model import Kind
from syndicate.rules import shapes
from syndicate.rules.fragments import LongPatternError, UnknownFragmentError, expand
from syndicate.rules.read import RULE_KEYS, RuleReader, unknown_fragment
from syndicate.rules.report import FileReport, read_toml
from syndicate.rules.rule import Markers, Pack, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from syndicate.errors import RuleProblem

TOP_KEYS: Final = {
    "schema": shapes.NUMBER, "pack": shapes.TABLE, "fragments": shapes.TABLE, "rule": shapes.TABLES,
    "article": shapes.TABLE, "tags": shapes.TABLE, "names": shapes.TABLE,
}  # fmt: skip
PACK_KEYS: Final = {
    "name": shapes.WORDS, "version": shapes.WORDS, "summary": shapes.WORDS, "hosts": shapes.LIST,
    "languages": shapes.LIST,
}  # fmt: skip
ARTICLE_KEYS: Final = {"names": shapes.LIST}
KIND_KEYS: Final = dict.fromkeys(map(str, Kind), shapes.LIST)
_SLUG: Final = regex.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_EMPTY_MARKERS: Final = Markers(frozenset(), {}, {})


def load_files(
    files: Iterable[Path], fragments: Mapping[str, str], vetted: Path | None = None
) -> tuple[tuple[Pack, ...], Markers]:
    """Read rule files.

    Args:
        files: Paths of TOML files, in order of precedence, the more specific later.
        fragments: The fragments that patterns may use beside those of their own file.
        vetted: A folder whose files' patterns are known to compile, and are compiled when they are first used.

    Returns:
        The packs, and the element markers of all of them together.

    Raises:
        RuleError: Anything is wrong in any of them; it carries every problem found.
    """
    problems: list[RuleProblem] = []
    packs: list[Pack] = []
    markers = _EMPTY_MARKERS
    for file in files:
        report = FileReport(str(file), problems, is_vetted=vetted is not None and vetted in file.parents)
        pack, found = _FileReader(report, fragments).read(file.read_bytes())
        if pack is not None:
            if twin := next((other for other in packs if other.name == pack.name), None):
                report.problem("pack", "name", "pack", f"pack name {pack.name!r} is taken by {twin.file}")
            packs.append(pack)
            markers = Markers(markers.article | found.article, markers.tags | found.tags, markers.names | found.names)
    if problems:
        raise RuleError(problems)
    return tuple(packs), markers


def load_bytes(data: bytes, file: str, fragments: Mapping[str, str]) -> Pack:
    """Read a rule file's bytes, as of a file that is about to be written.

    Args:
        data: The bytes.
        file: The name that problems give it.
        fragments: The fragments that patterns may use beside those of the file's own.

    Raises:
        RuleError: Anything is wrong in it; it carries every problem found.
    """
    problems: list[RuleProblem] = []
    pack, _ = _FileReader(FileReport(file, problems), fragments).read(data)
    if pack is None or problems:
        raise RuleError(problems)
    return pack


class _FileReader:
    """Reads one file."""

    def __init__(self, report: FileReport, fragments: Mapping[str, str]) -> None:
        self.report, self.fragments = report, fragments

    def read(self, data: bytes) -> tuple[Pack | None, Markers]:
        """The file's pack and markers; no pack where it could not be made out at all."""
        document = read_toml(self.report, data)
        if document is None:
            return None, _EMPTY_MARKERS
        document = self.report.checked(document, TOP_KEYS, "", "pack")
        if "pack" not in document:
            self.report.problem("", "pack", "pack", "the [pack] table is missing")
        header = self.report.checked(document.get("pack", {}), PACK_KEYS, "pack", "pack")
        for key in ("name", "version", "summary"):
            if key not in document.get("pack", {key: ""}):
                self.report.problem("pack", "", "pack", f"{key!r} is missing")
        self._read_fragments(document.get("fragments", {}))
        name = header.get("name", "")
        hosts = tuple(host.lower() for host in header.get("hosts", ()))
        defaults = {"hosts": header.get("hosts", ()), "languages": header.get("languages", ())}
        rules = self._rules(document.get("rule", []), name, defaults)
        digest = hashlib.sha256(data).hexdigest()
        pack = Pack(
            name, header.get("version", ""), header.get("summary", ""), hosts, rules, self.report.file, digest
        )
        return pack, self._markers(document)

    def _read_fragments(self, own: Mapping[str, Any]) -> None:
        """Add the file's own fragments to those it may use."""
        own = self.report.checked(own, dict.fromkeys(own, shapes.STRING), "fragments", "pack")
        self.fragments = {**self.fragments, **own}
        for name, source in own.items() if not self.report.is_vetted else ():
            try:
                regex.compile(expand(source, self.fragments))
            except UnknownFragmentError as error:
                self.report.problem("fragments", name, "pack", unknown_fragment(error.name, self.fragments))
            except (regex.error, LongPatternError, RecursionError, OverflowError) as error:
                self.report.problem("fragments", name, "pack", f"bad pattern: {error}")

    def _rules(self, tables: Iterable[dict[str, Any]], pack: str, defaults: Mapping[str, Any]) -> tuple[Rule, ...]:
        rules: list[Rule] = []
        seen: dict[str, int] = {}
        for number, table in enumerate(tables):
            path = f"rule.{number}"
            slug = table["id"] if shapes.fits(table.get("id"), shapes.WORDS) else f"rule {number + 1}"
            before = len(self.report.problems)
            self.report.checked(table, RULE_KEYS, path, slug)
            for key in ("id", "kind", "summary"):
                if key not in table:
                    self.report.problem(path, "", slug, f"{key!r} is missing")
            if slug in seen:
                self.report.problem(path, "id", slug, f"id is taken by the rule on line {seen[slug]}")
            elif "id" in table and slug == table["id"] and not _SLUG.fullmatch(slug):
                self.report.problem(path, "id", slug, "an id is lower-case words joined by hyphens")
            seen.setdefault(slug, self.report.lines.table(path))
            if before == len(self.report.problems):
                rule = RuleReader(self.report, self.fragments, {**defaults, **table}, path).read(slug, pack)
                if rule is not None:
                    rules.append(rule)
        return tuple(rules)

    def _markers(self, document: Mapping[str, Any]) -> Markers:
        article = self.report.checked(document.get("article", {}), ARTICLE_KEYS, "article", "pack")
        tables = [self.report.checked(document.get(name, {}), KIND_KEYS, name, "pack") for name in ("tags", "names")]
        tags, names = ({word: kind for kind, words in table.items() for word in words} for table in tables)
        return Markers(frozenset(article.get("names", ())), tags, names)
