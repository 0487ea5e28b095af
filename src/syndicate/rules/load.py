"""Rule files to rules: strict, and every problem of every file at once, each with its place and a way out."""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from typing import TYPE_CHECKING, Any, Final

import regex

from syndicate.errors import InputError, RuleError, RuleProblem
from syndicate.model import Kind
from syndicate.parse import parse_html
from syndicate.rules.fragments import UnknownFragmentError, expand
from syndicate.rules.lines import TomlLines
from syndicate.rules.literals import fold, required_keywords
from syndicate.rules.rule import CAPTURES, Action, Case, Confidence, Markers, MatchMode, Pack, Rule, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from enum import Enum
    from pathlib import Path

SCHEMA: Final = 1
"""The rule format this version reads."""

_TOP: Final = {
    "schema": int, "pack": dict, "fragments": dict, "rule": list, "article": dict, "tags": dict, "names": dict,
}  # fmt: skip
_PACK: Final = {"name": str, "version": str, "summary": str, "hosts": list}
_RULE: Final = {
    "id": str, "kind": str, "summary": str, "pattern": str, "text": (str, list), "selector": str, "match": str,
    "zone": str, "zone_blocks": int, "keywords": list, "action": str, "max_cut_blocks": int, "confidence": str,
    "accept": list, "reject": list, "known_miss": list,
}  # fmt: skip
_CASE: Final = {"text": str, "html": str, "capture": dict, "leaves": str, "why": str}
_TYPE_NAMES: Final = {str: "a string", int: "a whole number", list: "an array", dict: "a table"}
_SLUG: Final = regex.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LEADING_FLAGS: Final = regex.compile(r"\(\?[aiLmsuxVbefprwx01]+\)")
_DEFAULT_ZONE_BLOCKS: Final = {Zone.HEAD: 5, Zone.TAIL: 12, Zone.ANYWHERE: 0}
_DEFAULT_CUT_BLOCKS: Final = 12
_EMPTY_MARKERS: Final = Markers(frozenset(), {}, {})


def load_files(files: Iterable[Path], fragments: Mapping[str, str]) -> tuple[tuple[Pack, ...], Markers]:
    """Read rule files.

    Args:
        files: Paths of TOML files, in order of precedence, the more specific later.
        fragments: The fragments that patterns may use beside those of their own file.

    Returns:
        The packs, and the element markers of all of them together.

    Raises:
        RuleError: Anything is wrong in any of them; it carries every problem found.
    """
    problems: list[RuleProblem] = []
    packs: list[Pack] = []
    markers = _EMPTY_MARKERS
    for file in files:
        reader = _Reader(str(file), problems, fragments)
        pack, found = reader.read(file.read_bytes())
        if pack is not None:
            if twin := next((other for other in packs if other.name == pack.name), None):
                reader.problem("pack", "name", "pack", f"pack name {pack.name!r} is taken by {twin.file}")
            packs.append(pack)
            markers = Markers(markers.article | found.article, markers.tags | found.tags, markers.names | found.names)
    if problems:
        raise RuleError(problems)
    return tuple(packs), markers


class _Reader:
    """Reads one file and notes what is wrong with it."""

    def __init__(self, file: str, problems: list[RuleProblem], fragments: Mapping[str, str]) -> None:
        self.file, self.problems, self.fragments = file, problems, fragments
        self.lines = TomlLines("")

    def problem(self, path: str, key: str, rule: str, message: str) -> None:
        self.problems.append(RuleProblem(self.file, self.lines.key(path, key), rule, message))

    def read(self, data: bytes) -> tuple[Pack | None, Markers]:
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n")
            self.lines = TomlLines(text)
            document = tomllib.loads(text)
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            self.problems.append(RuleProblem(self.file, line, "pack", f"not UTF-8: {error.reason}"))
            return None, _EMPTY_MARKERS
        except tomllib.TOMLDecodeError as error:
            at = regex.search(r"at line (\d+)", str(error))
            line = int(at[1]) if at else text.count("\n") + 1
            self.problems.append(RuleProblem(self.file, line, "pack", f"not TOML: {error}"))
            return None, _EMPTY_MARKERS
        if document.get("schema") != SCHEMA:
            newer = isinstance(document.get("schema"), int) and document["schema"] > SCHEMA
            hint = "made for a newer version of syndicate" if newer else f"write schema = {SCHEMA} first"
            self.problem("", "schema", "pack", f"schema {document.get('schema')!r}: {hint}")
            return None, _EMPTY_MARKERS
        self.check(document, _TOP, "", "pack")
        header = self._table(document, "pack")
        self.check(header, _PACK, "pack", "pack", required=("name", "version", "summary"))
        name = str(header.get("name", ""))
        hosts = tuple(str(host).lower() for host in header.get("hosts", ()))
        self._read_fragments(document.get("fragments", {}))
        rules = self._rules(document.get("rule", []), name, hosts)
        pack = Pack(
            name, str(header.get("version", "")), str(header.get("summary", "")), hosts, rules, self.file,
            hashlib.sha256(data).hexdigest(),
        )  # fmt: skip
        return pack, self._markers(document)

    def _table(self, document: Mapping[str, Any], name: str) -> dict[str, Any]:
        table = document.get(name)
        if isinstance(table, dict):
            return table
        self.problem("", name, "pack", f"the [{name}] table is missing")
        return {}

    def check(
        self,
        table: Mapping[str, Any],
        known: Mapping[str, Any],
        path: str,
        rule: str,
        required: Iterable[str] = (),
    ) -> None:
        """Note unknown keys, wrong types and missing keys of a table."""
        for key, value in table.items():
            if key not in known:
                self.problem(path, key, rule, f"unknown key {key!r}{_nearest(key, known)}")
            elif not isinstance(value, known[key]) or isinstance(value, bool):
                types = known[key] if isinstance(known[key], tuple) else (known[key],)
                wanted = " or ".join(_TYPE_NAMES[kind] for kind in types)
                self.problem(path, key, rule, f"{key!r} must be {wanted}, not {value!r:.60}")
        for key in required:
            if key not in table:
                self.problem(path, "", rule, f"{key!r} is missing")

    def _read_fragments(self, table: Any) -> None:
        """Add the file's own fragments to those it may use."""
        own = {name: text for name, text in table.items() if isinstance(text, str)} if isinstance(table, dict) else {}
        self.fragments = {**self.fragments, **own}
        for name in table if isinstance(table, dict) else ():
            if name not in own:
                self.problem("fragments", name, "pack", f"{name!r} must be a string")
                continue
            try:
                compile_pattern(expand(own[name], self.fragments), MatchMode.WHOLE)
            except UnknownFragmentError as error:
                self.problem("fragments", name, "pack", unknown_fragment(error.name, self.fragments))
            except (regex.error, RecursionError, OverflowError) as error:
                self.problem("fragments", name, "pack", f"bad pattern: {error}")

    def _rules(self, tables: Any, pack: str, hosts: tuple[str, ...]) -> tuple[Rule, ...]:
        rules: list[Rule] = []
        seen: dict[str, int] = {}
        for number, table in enumerate(tables if isinstance(tables, list) else ()):
            path = f"rule.{number}"
            slug = table.get("id") if isinstance(table.get("id"), str) else f"rule {number + 1}"
            before = len(self.problems)
            self.check(table, _RULE, path, slug, required=("id", "kind", "summary"))
            if slug in seen:
                self.problem(path, "id", slug, f"id is taken by the rule on line {seen[slug]}")
            seen.setdefault(slug, self.lines.table(path))
            if "id" in table and not _SLUG.fullmatch(slug):
                self.problem(path, "id", slug, "an id is lower-case words joined by hyphens")
            if before == len(self.problems):
                rule = _RuleReader(self, table, path, slug).read(pack, hosts)
                if rule is not None:
                    rules.append(rule)
        return tuple(rules)

    def _markers(self, document: Mapping[str, Any]) -> Markers:
        def by_word(table: str) -> dict[str, str]:
            words: dict[str, str] = {}
            for kind, listed in document.get(table, {}).items():
                if kind not in set(Kind):
                    self.problem(table, kind, "pack", f"unknown kind {kind!r}{_nearest(kind, list(Kind))}")
                words |= dict.fromkeys(map(str, listed), kind)
            return words

        article = document.get("article", {})
        self.check(article, {"names": list}, "article", "pack")
        return Markers(frozenset(article.get("names", ())), by_word("tags"), by_word("names"))


class _RuleReader:
    """Reads one rule's table, whose keys and types are already known to be right."""

    def __init__(self, reader: _Reader, table: Mapping[str, Any], path: str, slug: str) -> None:
        self.reader, self.table, self.path, self.slug = reader, table, path, slug

    def read(self, pack: str, hosts: tuple[str, ...]) -> Rule | None:
        before = len(self.reader.problems)
        table = self.table
        kind = self._word("kind", Kind, None)
        mode = self._word("match", MatchMode, MatchMode.WHOLE)
        zone = self._word("zone", Zone, Zone.ANYWHERE)
        action = self._word("action", Action, Action.DROP)
        confidence = self._word("confidence", {level.name.lower(): level for level in Confidence}, Confidence.LIKELY)
        source, pattern = self._pattern(mode)
        keywords = self._keywords(source) if pattern is not None else ()
        needed = {Action.CUT_AFTER: Zone.TAIL, Action.CUT_BEFORE: Zone.HEAD}.get(action)
        if needed is not None and zone != needed:
            self._problem("action", f"action {str(action)!r} needs zone = {str(needed)!r}")
        cases = {name: self._cases(name) for name in ("accept", "reject", "known_miss")}
        for name in ("accept", "reject"):
            if not table.get(name):
                self._problem("id", f"no [[rule.{name}]]: a rule shows at least one text it {name}s")
        if before != len(self.reader.problems):
            return None
        return Rule(
            id=f"{pack}/{self.slug}", kind=kind, summary=table["summary"], source=source, pattern=pattern,
            selector=table.get("selector"), match=mode, zone=zone,
            zone_blocks=table.get("zone_blocks", _DEFAULT_ZONE_BLOCKS[zone]), keywords=keywords, action=action,
            max_cut_blocks=table.get("max_cut_blocks", _DEFAULT_CUT_BLOCKS), confidence=confidence, hosts=hosts,
            **cases, place=f"{self.reader.file}:{self.reader.lines.table(self.path)}",
        )  # fmt: skip

    def _problem(self, key: str, message: str) -> None:
        self.reader.problem(self.path, key, self.slug, message)

    def _word(self, key: str, words: type[Enum] | Mapping[str, Any], default: Any) -> Any:
        known = words if isinstance(words, dict) else {str(word): word for word in words}
        value = self.table.get(key)
        if value is None:
            return default
        if value not in known:
            self._problem(key, f"unknown {key} {value!r}{_nearest(value, known)}")
            return default
        return known[value]

    def _pattern(self, mode: MatchMode) -> tuple[str, Any]:
        given = [key for key in ("pattern", "text", "selector") if key in self.table]
        if len(given) != 1:
            found = " and ".join(map(repr, given)) or "none of them"
            self._problem(
                given[-1] if given else "id",
                f"one of 'pattern', 'text' and 'selector' is needed; found {found}",
            )
            return "", None
        if given == ["selector"]:
            self._check_selector(self.table["selector"])
            return self.table["selector"], None
        if given == ["pattern"]:
            source = self.table["pattern"]
        else:
            texts = self.table["text"]
            source = literal_pattern([texts] if isinstance(texts, str) else texts)
        try:
            pattern = compile_pattern(expand(source, self.reader.fragments), mode)
        except UnknownFragmentError as error:
            self._problem(given[0], unknown_fragment(error.name, self.reader.fragments))
            return source, None
        except (regex.error, RecursionError, OverflowError) as error:
            self._problem(given[0], f"bad pattern: {error}")
            return source, None
        for group in pattern.groupindex:
            if group not in CAPTURES:
                self._problem(given[0], f"unknown group {group!r}{_nearest(group, CAPTURES)}")
        return source, pattern

    def _check_selector(self, selector: str) -> None:
        try:
            parse_html("<p></p>", [selector])
        except InputError as error:
            self._problem("selector", str(error))

    def _keywords(self, source: str) -> tuple[str, ...]:
        given = tuple(fold(str(word)) for word in self.table.get("keywords", ()) if str(word).strip())
        found = given or required_keywords(expand(source, self.reader.fragments))
        if found:
            return found
        self._problem(
            "pattern",
            "no literal of 4 characters that every match contains: give 'keywords', one of which must occur",
        )
        return ()

    def _cases(self, name: str) -> tuple[Case, ...]:
        cases: list[Case] = []
        for number, table in enumerate(self.table.get(name, ())):
            path = f"{self.path}.{name}.{number}"
            if not isinstance(table, dict):
                self.reader.problem(path, name, self.slug, f"each {name} is a table [[rule.{name}]]")
                continue
            self.reader.check(table, _CASE, path, self.slug)
            needed = "html" if "selector" in self.table else "text"
            if needed not in table:
                self.reader.problem(path, "", self.slug, f"{needed!r} is missing in [[rule.{name}]]")
            capture = table.get("capture")
            cases.append(
                Case(
                    line=self.reader.lines.table(path),
                    text=str(table.get("text", "")),
                    html=str(table.get("html", "")),
                    capture=tuple(sorted(capture.items())) if isinstance(capture, dict) else None,
                    leaves=table.get("leaves"),
                    why=str(table.get("why", "")),
                )
            )
        return tuple(cases)


def unknown_fragment(name: str, known: Iterable[str]) -> str:
    """The message for a fragment that is not defined."""
    return f"no fragment {name!r}, or it uses itself{_nearest(name, known)}"


def compile_pattern(source: str, mode: MatchMode) -> Any:
    """Compile a rule's pattern so that `search` and `fullmatch` see the part of a block its mode means."""
    flags = _LEADING_FLAGS.match(source)
    head, body = (flags[0], source[flags.end() :]) if flags else ("", source)
    if mode is MatchMode.END:
        body = rf"(?:{body})\Z"
    elif mode is MatchMode.START:
        body = rf"\A(?:{body})"
    return regex.compile(head + body)


def literal_pattern(texts: Iterable[str]) -> str:
    """A pattern for literal texts: case, white space, quotes and dashes folded, longest first."""
    classes = {"'": "['‘’ʼ′]", '"': '["“”„«»″]', "-": "[-‐‑‒–—−]"}

    def escaped(text: str) -> str:
        words = fold(text).split()
        return r"\s+".join("".join(classes.get(char, regex.escape(char)) for char in word) for word in words)

    ordered = sorted(texts, key=lambda text: (-len(text), text))
    return "(?i)(?:" + "|".join(map(escaped, ordered)) + ")"


def _nearest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(map(str, known)), n=1, cutoff=0.5)
    return f" (did you mean {near[0]!r}?)" if near else f"; known: {', '.join(map(str, known))}"
