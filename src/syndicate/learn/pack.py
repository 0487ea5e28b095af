"""A pack file that a machine and people write in turns: what a person wrote stays byte for byte.

Each change is made in the text of one rule's table, by `tomlkit`, which keeps comments, order and layout; all other
bytes are taken over. Nothing is written that would not load again.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, replace
from itertools import accumulate, count
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from syndicate.errors import InputError
from syndicate.learn.toml import evidence_table, pack_head, rule_table
from syndicate.rules.check import check_rules
from syndicate.rules.fragments import standard_fragments
from syndicate.rules.lines import TomlLines
from syndicate.rules.load import load_bytes
from syndicate.rules.match import RuleSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from syndicate.learn.proposal import Proposal
    from syndicate.model import Kind
    from syndicate.rules.check import Failure
    from syndicate.rules.rule import Evidence, Pack, Rule, RuleStatus


@dataclass(frozen=True, slots=True)
class PackChange:
    """What became of a pack file.

    Attributes:
        path: The file.
        new: Slugs of the rules that were added.
        counted: How many rules that were there have new counts.
        dead: Slugs of the rules that their publisher seems to have given up; those a person rejected not among them.
    """

    path: Path
    new: tuple[str, ...]
    counted: int
    dead: tuple[str, ...]


def write_pack(path: Path, host: str, proposals: Sequence[Proposal], counted: Mapping[str, Evidence]) -> PackChange:
    """Make a publisher's pack file, or bring the one that is there up to date.

    Args:
        path: The rule file. It is not made where there are no proposals, and not written where nothing changes.
        host: The publisher, for a file that is made.
        proposals: Rules to add, of the status "preview"; their ids are made unique in the file.
        counted: By slug, what rules that are there rest on now: the counts and the last date of all pages that were
            looked at. Their places, what was guessed of them and all that a person may have edited stay as they are.

    Raises:
        RuleError: The file that is there, or a proposal, does not hold; nothing is written.
        InputError: The file cannot be read, edited or written.
    """
    if not path.exists() and not proposals:
        return PackChange(path, (), 0, ())
    pack = PackFile(path, host)
    known = pack.count(counted)
    new = pack.add(proposals)
    pack.save()
    return PackChange(path, new, known, pack.dead)


class PackFile:
    """One rule file, opened to be edited.

    Each edit is checked as loading does, and is in the file once it is saved.

    Args:
        path: The rule file.
        host: The publisher whose pack is begun where there is no such file.

    Attributes:
        path: The rule file.
        pack: What it says, with all edits.

    Raises:
        RuleError: It does not hold.
        InputError: It cannot be read.
    """

    pack: Pack

    def __init__(self, path: Path, host: str | None = None) -> None:
        self.path = path
        self._saved: bytes | None = None
        if host is None or path.exists():
            try:
                self._saved = path.read_bytes()
            except OSError as error:
                raise InputError(f"{path}: {error.strerror or error}") from error
        self._set(pack_head(host or "").encode() if self._saved is None else self._saved)

    @property
    def rules(self) -> dict[str, Rule]:
        """The rules by slug, in the order of the file."""
        return {_slug(rule): rule for rule in self.pack.rules}

    @property
    def dead(self) -> tuple[str, ...]:
        """Slugs of the rules whose publisher seems to have given up what they take; rejected ones never fired."""
        return tuple(
            slug
            for slug, rule in self.rules.items()
            if rule.evidence is not None and rule.evidence.is_dead and not rule.is_rejected
        )

    def table(self, slug: str) -> str:
        """The TOML of one rule, from its header on, without the comments that lead to the next table.

        Raises:
            InputError: The rule does not begin with `[[rule]]`.
        """
        start, end = self._spans((slug,))[slug]
        return self._text[start:end]

    def written(self, slug: str) -> dict[str, Any]:
        """The table of one rule as its author wrote it: keys that have defaults only where they stand there."""
        return dict(self._parsed(slug, self.table(slug))["rule"][0].unwrap())

    def failures(self) -> tuple[Failure, ...]:
        """The tests of the file's rules that do not come out as they say."""
        return check_rules(RuleSet((self.pack,)))[1]

    def count(self, counted: Mapping[str, Evidence]) -> int:
        """Bring what rules rest on up to date; returns for how many of them, since others may be gone."""
        rules = self.rules
        known = {slug: evidence for slug, evidence in counted.items() if slug in rules}
        self._edit({slug: _counter(rules[slug].evidence, evidence) for slug, evidence in known.items()})
        return len(known)

    def add(self, proposals: Iterable[Proposal]) -> tuple[str, ...]:
        """Append rules; returns their slugs, none of which was in the file before."""
        taken = set(self.rules)
        tables: list[str] = []
        new: list[str] = []
        for proposal in proposals:
            slug = next(name for name in _names(proposal.id) if name not in taken)
            taken.add(slug)
            new.append(slug)
            tables.append("\n" + rule_table(proposal, slug))
        if tables:
            end = "" if self._text.endswith("\n") else "\n"
            self._set((self._text + self._in_lines_of_file(end + "".join(tables))).encode())
        return tuple(new)

    def settle(self, slug: str, status: RuleStatus) -> None:
        """Give a rule the status that a person chose; nothing of it is guessed any more."""

        def change(rule: Any) -> None:
            rule["status"] = str(status)
            rule.get("evidence", {}).pop("guessed", None)

        self._edit({slug: change})

    def set_kind(self, slug: str, kind: Kind) -> None:
        """Give a rule the kind that a person chose."""

        def change(rule: Any) -> None:
            rule["kind"] = str(kind)
            evidence = rule.get("evidence", {})
            if "kind" in evidence.get("guessed", ()):
                evidence["guessed"].remove("kind")
            if "guessed" in evidence and not evidence["guessed"]:
                del evidence["guessed"]

        self._edit({slug: change})

    def replace(self, slug: str, table: str) -> None:
        """Put what a person made of a rule's table in its place.

        Raises:
            RuleError: The file would not hold.
            InputError: It is not one `[[rule]]`, or has another id: an id is what configurations and outputs name.
        """
        before, slugs = self._text, list(self.rules)
        self._splice({slug: self._in_lines_of_file(table.rstrip().replace("\r\n", "\n") + "\n")})
        if list(self.rules) != slugs:
            self._set(before.encode())
            raise InputError(f"one [[rule]] is needed here, with the id {slug!r}")

    def save(self) -> bool:
        """Write the file, whole or not at all; returns whether anything had changed.

        Raises:
            InputError: It cannot be written, or somebody else has changed it since it was opened.
        """
        data = self._text.encode()
        if data == self._saved:
            return False
        try:
            now = self.path.read_bytes() if self.path.exists() else None
            if now != self._saved:
                raise InputError(f"{self.path}: somebody else has changed it meanwhile; nothing was written")
            _write(self.path, data)
        except OSError as error:
            raise InputError(f"{self.path}: cannot write: {error.strerror or error}") from error
        self._saved = data
        return True

    def _set(self, data: bytes) -> None:
        self.pack = load_bytes(data, str(self.path), standard_fragments())
        self._text = data.decode()

    def _edit(self, changes: Mapping[str, Callable[[Any], None] | str]) -> None:
        """Change rules' tables in place, by a function of each or by a table to be added to it."""
        parts: dict[str, str] = {}
        for slug, (start, end) in self._spans(changes).items():
            table, change = self._text[start:end], changes[slug]
            table += "" if table.endswith("\n") else self._in_lines_of_file("\n")
            if isinstance(change, str):
                parts[slug] = table + self._in_lines_of_file(change)
                continue
            document = self._parsed(slug, table)
            change(document["rule"][0])
            changed = document.as_string()
            if changed != table:
                parts[slug] = self._in_lines_of_file(changed.replace("\r\n", "\n"))
        self._splice(parts)

    def _splice(self, parts: Mapping[str, str]) -> None:
        """Put texts in the place of rules' tables; nothing has changed where the result does not hold."""
        text = self._text
        for slug, (start, end) in sorted(self._spans(parts).items(), key=itemgetter(1), reverse=True):
            text = text[:start] + parts[slug] + text[end:]
        if text != self._text:
            self._set(text.encode())

    def _spans(self, slugs: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Where rules' tables stand in the text."""
        lines = TomlLines(self._text)
        rows = self._text.split("\n")
        starts = list(accumulate((len(row) + 1 for row in rows), initial=0))
        numbers = {slug: number for number, slug in enumerate(self.rules)}
        spans: dict[str, tuple[int, int]] = {}
        for slug in slugs:
            span = lines.span(f"rule.{numbers[slug]}") if slug in numbers else None
            if span is None:
                raise InputError(f"{self.path}: {slug}: there is no [[rule]] of this id that could be edited")
            first, after = span[0] - 1, span[1] - 1
            while not rows[after - 1].strip() or rows[after - 1].lstrip().startswith("#"):
                after -= 1
            spans[slug] = starts[first], min(starts[after], len(self._text))
        return spans

    def _parsed(self, slug: str, table: str) -> Any:
        """A rule's table as `tomlkit` has it, which is its whole table and no other."""
        try:
            document: Any = tomlkit.parse(table)
        except TOMLKitError as error:
            raise InputError(f"{self.path}: {slug}: its table cannot be edited here: {error}") from error
        (rule,) = document["rule"]
        if ("evidence" in rule) != (self.rules[slug].evidence is not None):
            raise InputError(f"{self.path}: {slug}: its evidence stands below another table; bring them together")
        return document

    def _in_lines_of_file(self, text: str) -> str:
        """A text whose lines end as those of the file do."""
        return text.replace("\n", "\r\n") if "\r\n" in self._text else text


def _slug(rule: Rule) -> str:
    return rule.id.rpartition("/")[2]


def _names(slug: str) -> Iterator[str]:
    """A slug, then it with numbers."""
    yield slug
    yield from (f"{slug}-{number}" for number in count(2))


def _counter(before: Evidence | None, now: Evidence) -> Callable[[Any], None] | str:
    """What brings a rule's evidence up to date; a table where there is none."""
    if before is None:
        return evidence_table(replace(now, guessed=(), seen=()))
    first = [day for day in (before.first_seen, now.first_seen) if day is not None]
    last = [day for day in (before.last_seen, now.last_seen) if day is not None]
    facts = {
        "stories": now.stories, "of": now.of, "first_seen": min(first, default=None),
        "last_seen": max(last, default=None), "unseen": now.unseen,
    }  # fmt: skip
    old = {key: getattr(before, key) for key in facts}

    def change(rule: Any) -> None:
        for key, value in facts.items():
            if value != old[key]:
                rule["evidence"][key] = value

    return change


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or as it was."""
    target = path.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
