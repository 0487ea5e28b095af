"""The JSON Schema of rule files: current, and of one mind with the loader."""

from __future__ import annotations

import json
import tomllib

import jsonschema
import pytest
from jsonschema.validators import validator_for

from syndicate.rules.packs import DEFAULT_PACKS, pack_files
from syndicate.rules.schema import json_schema
from tests.conftest import ROOT

GOOD = """
schema = 1
[pack]
name = "try"
version = "1"
summary = "For a test"
[[rule]]
id = "share-line"
kind = "share-prompt"
summary = "Asks to share"
pattern = "Share this story"
[[rule.accept]]
text = "Share this story"
[[rule.reject]]
text = "The gates are shut."
"""


def test_the_file_beside_the_packs_is_current() -> None:
    written = json.loads((ROOT / "rules" / "schema.json").read_text("utf-8"))
    assert written == json_schema(), "make it again: syndicate rules schema > rules/schema.json"


def test_packs_that_come_along_are_valid() -> None:
    validator = validator_for(json_schema())(json_schema())
    for file in (file for pack in DEFAULT_PACKS for file in pack_files(pack)):
        validator.validate(tomllib.loads(file.read_text("utf-8")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("schema = 1", "schema = 2"),
        ("share-prompt", "share"),
        ("share-line", "Share line"),
        ("pattern =", "patern ="),
        ("pattern =", 'selector = "p"\npattern ='),
        ('name = "try"', ""),
        ("[[rule.reject]]", "[[rule.known_miss]]"),
        ('text = "The', 'capture = { writer = "x" }\ntext = "The'),
        ('kind = "share', 'zone_blocks = 0\nkind = "share'),
    ],
)
def test_what_the_loader_refuses_the_schema_refuses(old: str, new: str) -> None:
    jsonschema.validate(tomllib.loads(GOOD), json_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(GOOD.replace(old, new, 1)), json_schema())
