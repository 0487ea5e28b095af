"""`syndicate.toml`: packs, disabled rules and overrides, each change with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate import Cleaner, InputError, RuleError
from syndicate.rules.config import read_config

PACK = """
schema = 1
[pack]
name = "ledger"
version = "1"
summary = "Chrome of one publisher"
[[rule]]
id = "tide-tables"
kind = "promo"
summary = "The tide tables"
text = "Get our tide tables"
[[rule.accept]]
text = "Get our tide tables"
[[rule.reject]]
text = "Tide tables are late."
[[rule]]
id = "boat-show"
kind = "promo"
summary = "The boat show"
text = "Come to the boat show"
confidence = "possible"
status = "preview"
[[rule.accept]]
text = "Come to the boat show"
[[rule.reject]]
text = "The boat show is over."
"""
STORY = "The ferry will run on three days a week, the harbour board said on Monday night."
TEXT = f"{STORY}\n\nGet our tide tables\n\n{STORY}\n\nCome to the boat show"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "ledger.toml").write_text(PACK)
    return tmp_path


def config(folder: Path, text: str, header: str = 'schema = 1\npacks = ["packs"]\n') -> Path:
    file = folder / "syndicate.toml"
    file.write_text(header + text)
    return file


def taken(file: Path, **options: object) -> set[str]:
    article = Cleaner(config=file, **options).clean(TEXT)  # type: ignore[arg-type]
    return {removal.rule for removal in article.removed if not removal.by_extractor}


def test_packs_are_found_beside_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = config(folder, "")
    monkeypatch.chdir("/")
    assert taken(file) == {"ledger/tide-tables"}


def test_previews_fire_where_they_are_asked_for(folder: Path) -> None:
    both = {"ledger/tide-tables", "ledger/boat-show"}
    assert taken(config(folder, "preview = true\n")) == both
    assert taken(config(folder, ""), preview=True) == both
    assert taken(config(folder, "preview = true\n"), preview=False) == {"ledger/tide-tables"}


def test_rules_less_sure_than_the_least_do_not_fire(folder: Path) -> None:
    assert taken(config(folder, 'preview = true\nmin_confidence = "likely"\n')) == {"ledger/tide-tables"}
    assert taken(config(folder, ""), min_confidence="certain") == set()


def test_a_disabled_rule_does_not_fire(folder: Path) -> None:
    assert taken(config(folder, '[[disable]]\nrule = "ledger/tide-tables"\nreason = "we sell them"\n')) == set()


def test_an_override_changes_what_a_rule_does(folder: Path) -> None:
    override = '[[override]]\nrule = "ledger/tide-tables"\nreason = "end only"\nzone = "tail"\nzone_blocks = 1\n'
    assert taken(config(folder, override)) == set()
    assert taken(config(folder, override.replace("zone_blocks = 1", "zone_blocks = 3"))) == {"ledger/tide-tables"}


def test_the_configuration_is_named_in_the_output(folder: Path) -> None:
    stamps = [Cleaner(config=config(folder, text)).clean(TEXT).packs["syndicate.toml"] for text in ("", "# other\n")]
    assert stamps[0] != stamps[1]
    assert all(stamp.startswith("sha256:") for stamp in stamps)
    assert "syndicate.toml" not in Cleaner([folder / "packs"]).clean(TEXT).packs


@pytest.mark.parametrize("table", ["disable", "override"])
def test_a_rule_that_is_not_there_is_named_with_the_nearest(folder: Path, table: str) -> None:
    file = config(folder, f'[[{table}]]\nrule = "ledger/tide-table"\nreason = "no"\n')
    with pytest.raises(InputError, match=r"did you mean 'ledger/tide-tables'\?"):
        Cleaner(config=file)


def test_every_problem_is_listed_with_its_line(folder: Path) -> None:
    file = config(
        folder,
        'pack = "core"\nmin_confidence = "sure"\n[[disable]]\nrule = "a/b"\n'
        '[[override]]\nrule = "a/c"\nreason = "so"\naction = "dorp"\nzone_block = 1\nzone_blocks = 0\n',
    )
    with pytest.raises(RuleError) as error:
        read_config(file)
    said = [str(problem).removeprefix(f"{folder}/") for problem in error.value.problems]
    assert said == [
        "syndicate.toml:3: config: unknown key 'pack' (did you mean 'packs'?)",
        "syndicate.toml:4: config: unknown min_confidence 'sure'; known: possible, likely, certain",
        "syndicate.toml:5: a/b: 'reason' is missing",
        "syndicate.toml:10: a/c: unknown action 'dorp' (did you mean 'drop'?)",
        "syndicate.toml:11: a/c: unknown key 'zone_block' (did you mean 'zone_blocks'?)",
        "syndicate.toml:12: a/c: 'zone_blocks' must be a whole number from 1 on, not 0",
    ]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml: No such file"):
        Cleaner(config=tmp_path / "nowhere.toml")


def test_a_pack_of_an_installed_package_goes_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from syndicate.rules import packs

    rules = tmp_path / "harbour_rules"
    rules.mkdir()
    (rules / "__init__.py").write_text("raise RuntimeError('a pack is data and is not run')")
    (rules / "ledger.toml").write_text(PACK)
    info = tmp_path / "harbour_rules-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: harbour-rules\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[syndicate.packs]\nharbour = harbour_rules\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    packs._installed.cache_clear()
    try:
        assert Cleaner(["harbour"]).clean(TEXT).packs.keys() == {"ledger"}
    finally:
        packs._installed.cache_clear()
