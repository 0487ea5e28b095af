"""The rule packs that come with the package, and how packs are found."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from syndicate.errors import InputError, RuleError
from syndicate.model import Kind
from syndicate.rules.check import check_rules
from syndicate.rules.folder import rules_folder
from syndicate.rules.hosts import any_covers
from syndicate.rules.packs import DEFAULT_PACKS, load_packs, pack_files

if TYPE_CHECKING:
    from pathlib import Path

PACK = """\
schema = 1
[pack]
name = "mine"
version = "1"
summary = "For a test"
[[rule]]
id = "share"
kind = "share-prompt"
summary = "Asks to share"
text = "Share this"
[[rule.accept]]
text = "Share this"
[[rule.reject]]
text = "I will share this."
"""


def test_packs_of_the_package_hold_as_strictly_as_a_users_own_and_pass_their_tests() -> None:
    """A sample: `make rules` runs them all."""
    files = [file for pack in DEFAULT_PACKS for file in pack_files(pack)][::16]
    count, failures = check_rules(rules := load_packs(files, vet=True))
    assert count >= 2 * len(rules.rules) > 100
    assert not failures, "\n".join(map(str, failures))


def test_ids_and_names_of_the_packs_are_unique() -> None:
    rules = load_packs()
    assert [name for name, times in Counter(rule.id for rule in rules.rules).items() if times > 1] == []
    assert [name for name, times in Counter(pack.name for pack in rules.packs).items() if times > 1] == []


def test_every_kind_of_chrome_has_a_rule_in_core() -> None:
    assert set(Kind) - {rule.kind for rule in load_packs(["core"]).rules} == set()


def test_core_is_of_no_publisher_and_every_publisher_pack_names_its_hosts() -> None:
    assert [pack.file for pack in load_packs(["core"]).packs if pack.hosts] == []
    publishers = load_packs(["publishers"]).packs
    assert [pack.file for pack in publishers if not pack.hosts] == []
    assert [pack.file for pack in publishers if not any_covers(pack.hosts, pack.hosts[0].removeprefix("="))] == []


def test_markers_name_the_article_and_chrome() -> None:
    markers = load_packs(["core"]).markers
    assert markers.article
    assert markers.tags
    assert markers.names
    assert markers.article.isdisjoint(markers.names)


def test_packs_come_in_the_order_given_and_name_their_files() -> None:
    core, publishers = (pack_files(pack) for pack in DEFAULT_PACKS)
    assert [pack.file for pack in load_packs().packs] == [str(file) for file in (*core, *publishers)]
    assert all(file.is_relative_to(rules_folder()) for file in core)


@pytest.mark.parametrize("pack", ["coer", "./nowhere", "nowhere.toml"])
def test_unknown_pack_names_the_way_out(pack: str) -> None:
    with pytest.raises(InputError, match="no rule pack") as caught:
        load_packs([pack])
    assert repr(pack) in str(caught.value)
    assert "give 'core', 'publishers', a .toml file, or a folder" in str(caught.value)


def test_folder_without_rule_files_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rule pack"):
        load_packs([tmp_path])


def test_pack_may_be_a_file_or_a_folder_searched_to_its_depths(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "mine.toml"
    file.parent.mkdir()
    file.write_text(PACK, "utf-8")
    (tmp_path / "notes.txt").write_text("no rules", "utf-8")
    for pack in (file, str(file), tmp_path):
        assert [rule.id for rule in load_packs([pack]).rules] == ["mine/share"]
    assert load_packs(["core", file]).packs[-1].name == "mine"


def test_broken_pack_is_named_among_good_ones(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(PACK.replace("share-prompt", "shout"), "utf-8")
    with pytest.raises(RuleError) as caught:
        load_packs(["core", file])
    assert (caught.value.file, caught.value.line) == (str(file), 8)


def test_same_pack_given_twice_is_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(PACK, "utf-8")
    with pytest.raises(RuleError, match="'mine' is taken by"):
        load_packs([tmp_path])


def test_edited_rule_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(PACK, "utf-8")
    before = load_packs([file])
    file.write_text(PACK.replace("Share this", "Pass this on"), "utf-8")
    os.utime(file, (2_000_000_000, 2_000_000_000))
    after = load_packs([file])
    assert before.rules[0].keywords != after.rules[0].keywords
    assert after.stamps(None) != before.stamps(None)
