"""The user's `syndicate.toml`: which packs, which rules not, which rules otherwise, each change with its reason."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from syndicate.errors import InputError, RuleError
from syndicate.rules import shapes
from syndicate.rules.fragments import standard_fragments
from syndicate.rules.load import load_bytes
from syndicate.rules.match import RuleSet
from syndicate.rules.packs import DEFAULT_PACKS, is_named, load_packs
from syndicate.rules.report import FileReport, read_toml
from syndicate.rules.rule import Action, Confidence, RuleStatus, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from syndicate.errors import RuleProblem
    from syndicate.rules.rule import Pack, Rule

CONFIG_NAME: Final = "syndicate.toml"

_LEVELS: Final = {level.name.lower(): level for level in Confidence}
_TOP: Final = {
    "schema": shapes.NUMBER, "packs": shapes.LIST, "preview": shapes.FLAG, "min_confidence": shapes.STRING,
    "disable": shapes.TABLES, "override": shapes.TABLES,
}  # fmt: skip
_DISABLE: Final = {"rule": shapes.WORDS, "reason": shapes.WORDS}
_OVERRIDE: Final = _DISABLE | {
    "action": shapes.STRING, "zone": shapes.STRING, "zone_blocks": shapes.COUNT, "max_cut_blocks": shapes.COUNT,
    "confidence": shapes.STRING,
}  # fmt: skip
_WORDS: Final[dict[str, Mapping[str, Any]]] = {
    "action": {str(action): action for action in Action},
    "zone": {str(zone): zone for zone in Zone},
    "confidence": _LEVELS,
}


@dataclass(frozen=True, slots=True)
class Config:
    """What a `syndicate.toml` says.

    Attributes:
        file: Its path; "" where there is none.
        stamp: Its content hash, as outputs carry it; "" where there is none.
        packs: Names or paths of packs, paths made absolute.
        preview: Whether rules of status "preview" fire.
        least: Rules less sure than this do not fire.
        disabled: Full names of rules that do not fire.
        overrides: Full names of rules, each with the fields that are otherwise.
        learnt: Rule files that were never written, as their text: what was learnt from the pages to be cleaned. All
            their rules fire.
    """

    file: str = ""
    stamp: str = ""
    packs: tuple[str, ...] = DEFAULT_PACKS
    preview: bool = False
    least: Confidence = Confidence.POSSIBLE
    disabled: tuple[str, ...] = ()
    overrides: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...] = ()
    learnt: tuple[str, ...] = ()


def read_config(path: Path) -> Config:
    """Read a `syndicate.toml`.

    Raises:
        InputError: There is no such file.
        RuleError: Something is wrong in it; it carries every problem found, those with rules' names not among them.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    problems: list[RuleProblem] = []
    report = FileReport(str(path), problems)
    document = read_toml(report, data)
    config = _config(path, data, report, document or {})
    if problems:
        raise RuleError(problems)
    return config


def _config(path: Path, data: bytes, report: FileReport, document: Mapping[str, Any]) -> Config:
    table = report.checked(document, _TOP, "", "config")
    least = _word(report, table, "min_confidence", _LEVELS, "")
    disabled: set[str] = set()
    for number, entry in enumerate(table.get("disable", ())):
        disabled.add(_entry(report, entry, _DISABLE, f"disable.{number}").get("rule", ""))
    overrides: dict[str, dict[str, Any]] = {}
    for number, entry in enumerate(table.get("override", ())):
        where = f"override.{number}"
        fields = _entry(report, entry, _OVERRIDE, where)
        for key, words in _WORDS.items():
            if key in fields:
                fields[key] = _word(report, fields, key, words, where)
        overrides[fields.get("rule", "")] = {key: fields[key] for key in fields if key not in _DISABLE}
    return Config(
        file=str(path),
        stamp=f"sha256:{hashlib.sha256(data).hexdigest()[:12]}",
        packs=tuple(_located(pack, path.parent) for pack in table.get("packs", DEFAULT_PACKS)),
        preview=table.get("preview", False),
        least=least or Confidence.POSSIBLE,
        disabled=tuple(sorted(disabled)),
        overrides=tuple((rule, tuple(fields.items())) for rule, fields in overrides.items()),
    )


def _entry(report: FileReport, entry: Mapping[str, Any], known: Mapping[str, str], path: str) -> dict[str, Any]:
    for key in ("rule", "reason"):
        if key not in entry:
            report.problem(path, "", str(entry.get("rule", "config")), f"{key!r} is missing")
    return report.checked(entry, known, path, str(entry.get("rule", "config")))


def _word(report: FileReport, table: Mapping[str, Any], key: str, words: Mapping[str, Any], path: str) -> Any:
    value = table.get(key)
    if value is not None and value not in words:
        report.problem(
            path, key, str(table.get("rule", "config")), f"unknown {key} {value!r}{shapes.nearest(value, words)}"
        )
    return words.get(value) if value is not None else None


def _located(pack: str, folder: Path) -> str:
    """A pack's name as it is; a path from the folder of the config file."""
    return pack if is_named(pack) else str(folder / pack)


def load_configured(config: Config) -> RuleSet:
    """Load a config's packs and leave out, or change, the rules it says.

    Raises:
        InputError: There is no such pack, or no rule of a name that the config disables or overrides.
        RuleError: Something is wrong in a rule file.
    """
    rules = load_packs(config.packs)
    overrides = {rule: dict(fields) for rule, fields in config.overrides}
    _check_names((*config.disabled, *overrides), rules, config.file)

    def kept(rule: Rule) -> Rule | None:
        if rule.id in config.disabled or not config.least <= rule.confidence:
            return None
        if rule.is_preview and not config.preview:
            return None
        return replace(rule, **overrides[rule.id]) if rule.id in overrides else rule

    kept_rules = rules.only(kept)
    return RuleSet([*kept_rules.packs, *map(_learnt_pack, config.learnt)], kept_rules.markers)


def _learnt_pack(text: str) -> Pack:
    """A rule file that was never written, with no rule a preview: nobody is going to look at them."""
    pack = load_bytes(text.encode(), "what was learnt", standard_fragments())
    return replace(pack, rules=tuple(replace(rule, status=RuleStatus.STABLE) for rule in pack.rules))


def _check_names(names: Iterable[str], rules: RuleSet, file: str) -> None:
    known = [rule.id for rule in rules.rules]
    wrong = sorted(set(names) - set(known))
    if wrong:
        raise InputError(f"{file}: no rule {wrong[0]!r} in the packs loaded{shapes.nearest_only(wrong[0], known)}")
