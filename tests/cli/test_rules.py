"""`syndicate rules`: what there is, what one rule does, and whether rules keep their own promises."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from syndicate.cli import app
from syndicate.rules.packs import load_packs
from tests.conftest import FIXTURES

if TYPE_CHECKING:
    from pathlib import Path

PACK = (FIXTURES / "lock.toml").read_text("utf-8")


def rules(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["rules", *map(str, arguments)], env={"COLUMNS": "80"})


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "lock.toml"
    path.write_text(PACK)
    return path


def test_list_shows_every_rule_by_its_full_name_even_in_a_narrow_window() -> None:
    result = rules("list")
    assert result.exit_code == 0
    shown = {line.split()[0] for line in result.stdout.splitlines() if line.split()}
    known = load_packs().rules
    assert known
    assert [rule.id for rule in known if rule.id not in shown] == []
    assert result.stdout.splitlines()[-1].startswith(f"{len(known)} rules in ")


def test_list_can_be_narrowed_to_a_kind_and_to_packs(pack: Path) -> None:
    result = rules("list", "--packs", pack, "--kind", "promo")
    assert "lock/tide-tables" in result.stdout
    assert "advert-box" not in result.stdout
    assert result.stdout.splitlines()[-1] == "1 rules in 1 packs"


@pytest.mark.parametrize(
    ("filters", "shown", "hidden"),
    [
        (["--host", "news.waz.de"], {"waz.de/investment-risk", "core-en/byline"}, {"welt.de/podcast-box"}),
        (["--host", "elsewhere.example"], {"core-en/byline"}, {"waz.de/investment-risk"}),
        (["--language", "de", "--kind", "byline"], {"core-de/byline", "core-en/byline"}, {"core-fr/byline"}),
        (["--action", "tag"], {"core-en/dateline-agency"}, {"core-en/byline"}),
        (["--status", "stable", "--kind", "byline"], {"core-en/byline"}, set()),
    ],
)
def test_list_can_be_narrowed_to_what_is_in_force(filters: list[str], shown: set[str], hidden: set[str]) -> None:
    listed = {line.split()[0] for line in rules("list", *filters).stdout.splitlines() if line.split()}
    assert shown <= listed
    assert not hidden & listed


def test_list_counts_by_pack_and_kind(pack: Path) -> None:
    result = rules("list", "--packs", pack, "--counts")
    assert [" ".join(line.split()) for line in result.stdout.splitlines()] == [
        "pack rules kinds",
        "lock 2 promo 1, advertisement 1",
        "2 rules in 1 packs",
    ]


@pytest.mark.parametrize(
    ("option", "wrong", "right"),
    [("--kind", "promos", "newsletter"), ("--action", "cut", "cut-after"), ("--status", "old", "deprecated")],
)
def test_list_refuses_a_filter_of_no_meaning_and_names_those_there_are(option: str, wrong: str, right: str) -> None:
    result = rules("list", option, wrong)
    assert (result.exit_code, result.stdout) == (2, "")
    assert wrong in result.stderr
    assert right in result.stderr


def test_show_says_what_a_rule_does_where_it_stands_and_its_tests(pack: Path) -> None:
    result = rules("show", "lock/tide-tables", "--packs", pack)
    assert result.exit_code == 0
    for words in (
        "A line that praises the tide tables", "promo", "drop", "whole", "tail, 12 blocks", "likely", "lock.example",
        "Read our tide tables by (?P<author>", f"{pack}:9", "Read our tide tables by Ada Rell.  author='Ada Rell'",
        "Read our tide tables by the door, he said.  (a sentence of the story)", "Read our tide tables.  (no author)",
    ):  # fmt: skip
        assert words in result.stdout
    selector = rules("show", "lock/advert-box", "--packs", pack).stdout
    assert ".advert" in selector
    assert '<p class="advert">Buy a boat</p>' in selector


def test_every_rule_that_comes_along_can_be_shown() -> None:
    for rule in load_packs().rules[::100]:
        result = rules("show", rule.id)
        assert result.exit_code == 0
        assert rule.summary in result.stdout


@pytest.mark.parametrize("wrong", ["lock/tide-table", "tide-tables"])
def test_show_refuses_an_unknown_rule_and_names_the_nearest(pack: Path, wrong: str) -> None:
    result = rules("show", wrong, "--packs", pack)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"no rule '{wrong}' (did you mean 'lock/tide-tables'?)" in " ".join(result.stderr.split())


def test_test_counts_the_tests_that_were_run(pack: Path) -> None:
    result = rules("test", pack)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "2 rules, 5 tests, 0 failed\n"


@pytest.mark.parametrize(
    ("right", "wrong", "line", "words"),
    [
        ('text = "Read our tide tables by Ada Rell."', 'text = "Read our lips."', 15, "accept: does not match"),
        ('author = "Ada Rell"', 'author = "Nora Pell"', 15, "accept: captures"),
        ("by the door, he said.", "by Ada Rell.", 18, "reject: matches 'Read our tide tables by Ada Rell.'"),
        (
            'text = "Read our tide tables."',
            'text = "Read our tide tables by Ada Rell."',
            21,
            "known_miss: matches now",
        ),
        ('<p class="advert">', "<p>", 30, "accept: does not match"),
        ('"<p>Buy a boat</p>"', "'<p class=advert>Buy</p>'", 32, "reject: matches 'Buy'"),
    ],
)
def test_test_names_each_promise_that_is_broken_by_its_place(
    pack: Path, right: str, wrong: str, line: int, words: str
) -> None:
    assert PACK.count(right) == 1
    pack.write_text(PACK.replace(right, wrong))
    result = rules("test", pack)
    assert result.exit_code == 1
    (problem,) = result.stdout.splitlines()
    assert problem.startswith(f"{pack}:{line}: lock/")
    assert words in problem
    assert result.stderr == "2 rules, 5 tests, 1 failed\n"


def test_a_wrong_rule_file_or_pack_is_refused_by_every_command(pack: Path) -> None:
    pack.write_text(PACK.replace("zone =", "zones ="))
    packs = ["--packs", pack]
    for arguments in (["list", *packs], ["show", "lock/tide-tables", *packs], ["test", pack], ["test", "nowhere"]):
        command = [sys.executable, "-m", "syndicate", "rules", *map(str, arguments)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (result.returncode, result.stdout) == (2, "")
        assert "Traceback" not in result.stderr
        expected = (
            "no rule pack 'nowhere'" if "nowhere" in arguments else f"{pack}:13: tide-tables: unknown key 'zones'"
        )
        assert expected in result.stderr


def test_stats_show_what_fired_and_name_what_never_did(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("The gates of Marrow Lock are shut all week.\n\nArticles by: Lock Herald\n")
    result = rules("stats", page)
    assert result.exit_code == 0
    assert re.search(r"core-en/articles-by +attribution +1 +2\d", result.stdout)
    assert "1 rules fired on 1 pages" in result.stdout
    assert "core-en/share-button" in result.stdout


def test_a_new_rule_is_written_around_a_block_and_passes_as_it_is(tmp_path: Path) -> None:
    page, made = tmp_path / "page.txt", tmp_path / "made.toml"
    page.write_text('The gates are "shut".\n\nBuy  our \\tide/ tables “now”.\n')
    listed = rules("new", "--from", page)
    assert [line.split(maxsplit=1) for line in listed.stdout.splitlines()] == [
        ["1", 'The gates are "shut".'],
        ["2", "Buy our \\tide/ tables “now”."],
    ]
    made.write_text(rules("new", "--from", f"{page}:2", "--host", "lock.example").stdout, "utf-8")
    assert rules("test", made).exit_code == 0
    (rule,) = load_packs([made]).rules
    assert rule.accept[0].text == "Buy our \\tide/ tables “now”."
    assert rule.hosts == ("lock.example",)


@pytest.mark.parametrize(("block", "words"), [("3", "blocks 1 to 2"), ("0", "blocks 1 to 2")])
def test_a_block_that_is_not_there_is_refused(tmp_path: Path, block: str, words: str) -> None:
    page = tmp_path / "page.txt"
    page.write_text("The gates are shut.\n\nBuy our tide tables.\n")
    result = rules("new", "--from", f"{page}:{block}")
    assert result.exit_code == 2
    assert words in result.stderr


def test_lint_names_what_it_finds_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "lock.toml"
    file.write_text(PACK.replace("'''Read our", "'''.*Read our"))
    result = rules("lint", file)
    assert result.exit_code == 1
    assert f"{file}:9: lock/tide-tables: the pattern begins with a wildcard" in result.stdout
    file.write_text(PACK)
    assert rules("lint", file).exit_code == 0


def test_schema_is_json() -> None:
    assert json.loads(rules("schema").stdout)["title"] == "A rule file of syndicate"


def test_a_learnt_rule_shows_what_it_rests_on(pack: Path) -> None:
    evidence = (
        '[rule.evidence]\nstories = 12\nof = 40\nfirst_seen = "2026-11-02"\nlast_seen = "2026-11-20"\nunseen = 70\n'
        'guessed = ["kind"]\n[[rule.evidence.seen]]\npage = "page-1"\nbefore = "The ferry is late."\n'
        'text = "Buy a\\u001b boat"\nafter = ""\n'
    )
    pack.write_text(PACK + evidence)
    lines = rules("show", "lock/advert-box", "--packs", pack).stdout.splitlines()
    facts = [line.strip() for line in lines]
    assert "evidence  in 12 of 40 stories, seen 2026-11-02 to 2026-11-20, not in 70 since: it may be gone" in facts
    assert "guessed  kind" in facts
    assert facts[facts.index("seen  page-1") :] == ["seen  page-1", "The ferry is late.", "▸ Buy a\\u001b boat"]


def test_rejected_rules_are_listed_where_they_are_asked_for(pack: Path) -> None:
    pack.write_text(PACK.replace('id = "advert-box"', 'id = "advert-box"\nstatus = "rejected"'))
    result = rules("list", "--packs", pack, "--status", "rejected")
    assert "lock/advert-box" in result.stdout
    assert "tide-tables" not in result.stdout
