"""The rule format as a JSON Schema, for editors; made from the tables that the loader checks with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from syndicate.model import Kind
from syndicate.rules import shapes
from syndicate.rules.load import ARTICLE_KEYS, KIND_KEYS, PACK_KEYS, TOP_KEYS
from syndicate.rules.read import CASE_KEYS, EVIDENCE_KEYS, EVIDENCE_NEEDS, RULE_KEYS, SEEN_KEYS, SEEN_NEEDS
from syndicate.rules.report import SCHEMA
from syndicate.rules.rule import CAPTURES, Action, Confidence, MatchMode, RuleStatus, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WORDS: Final = {"type": "string", "pattern": r"\S"}
_SHAPES: Final[dict[str, dict[str, Any]]] = {
    shapes.STRING: {"type": "string"},
    shapes.WORDS: _WORDS,
    shapes.COUNT: {"type": "integer", "minimum": 1},
    shapes.FROM_ZERO: {"type": "integer", "minimum": 0},
    shapes.NUMBER: {"type": "integer"},
    shapes.DATE: {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"},
    shapes.LIST: {"type": "array", "items": _WORDS},
    shapes.WORDS_OR_LIST: {"anyOf": [_WORDS, {"type": "array", "items": _WORDS, "minItems": 1}]},
    shapes.FLAG: {"type": "boolean"},
    shapes.TABLE: {"type": "object", "additionalProperties": {"type": "string"}},
    shapes.STRINGS_TABLE: {"type": "object", "additionalProperties": {"type": "string"}},
}
_CLOSED: Final[dict[str, Iterable[str]]] = {
    "kind": Kind,
    "match": MatchMode,
    "zone": Zone,
    "action": Action,
    "confidence": tuple(level.name.lower() for level in Confidence),
    "status": RuleStatus,
}


def json_schema() -> dict[str, Any]:
    """The schema of a rule file, draft 2020-12."""
    captures = {"type": "object", "properties": {name: {"type": "string"} for name in CAPTURES}}
    case = _table(CASE_KEYS)
    case["properties"]["capture"] = captures | {"additionalProperties": False}
    rule = _table(RULE_KEYS, required=("id", "kind", "summary", "accept", "reject"))
    rule["properties"] |= {key: {"enum": [str(word) for word in words]} for key, words in _CLOSED.items()}
    rule["properties"]["id"] = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
    for key in ("accept", "reject", "known_miss"):
        rule["properties"][key] = {"type": "array", "items": {"$ref": "#/$defs/case"}}
    evidence = _table(EVIDENCE_KEYS, required=EVIDENCE_NEEDS)
    evidence["properties"] |= {
        "guessed": {"type": "array", "items": {"enum": list(RULE_KEYS)}},
        "seen": {"type": "array", "items": _table(SEEN_KEYS, required=SEEN_NEEDS)},
    }
    rule["properties"]["evidence"] = evidence
    rule["oneOf"] = [{"required": [key]} for key in ("pattern", "text", "selector")]
    top = _table(TOP_KEYS, required=("schema", "pack"))
    top["properties"] |= {
        "schema": {"const": SCHEMA},
        "pack": _table(PACK_KEYS, required=("name", "version", "summary")),
        "rule": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
        "article": _table(ARTICLE_KEYS),
        "tags": _table(KIND_KEYS),
        "names": _table(KIND_KEYS),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rule file of syndicate",
        **top,
        "$defs": {"rule": rule, "case": case},
    }


def _table(keys: Mapping[str, str], required: Iterable[str] = ()) -> dict[str, Any]:
    properties = {key: dict(_SHAPES.get(shape, {})) for key, shape in keys.items()}
    table: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return table | {"required": list(required)} if required else table
