"""`syndicate rules learn`: packs from pages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from syndicate.cli import app
from syndicate.errors import InputError, RuleError
from syndicate.learn.pack import PackFile
from tests.learn.publishers import HARBOUR, STANDING, VALLEY, harbour, story, valley, write_lines

if TYPE_CHECKING:
    from pathlib import Path


def learn(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["rules", "learn", *map(str, arguments)], env={"COLUMNS": "200"})


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "crawl.jsonl", [*harbour(8), *valley(6)])


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "packs"


def test_packs_are_written_and_what_became_of_them_is_said(crawl: Path, packs: Path) -> None:
    result = learn(crawl, "-o", packs, "--workers", "1")
    assert (result.exit_code, result.stdout) == (0, "")
    assert sorted(path.name for path in packs.iterdir()) == [f"{HARBOUR}.toml", f"{VALLEY}.toml"]
    counts = {site: len(PackFile(packs / f"{site}.toml").rules) for site in (HARBOUR, VALLEY)}
    assert result.stderr.splitlines()[-3:] == [
        f"{HARBOUR}.toml: 8 stories on 8 pages: {counts[HARBOUR]} new",
        f"{VALLEY}.toml: 6 stories on 6 pages: {counts[VALLEY]} new",
        f"{packs}: packs 2, new rules {sum(counts.values())}, dead 0",
    ]


def test_a_second_run_counts_again_and_adds_nothing(crawl: Path, packs: Path) -> None:
    learn(crawl, "-o", packs, "--workers", "1")
    before = {path: path.read_bytes() for path in packs.iterdir()}
    result = learn(crawl, "-o", packs, "--workers", "1")
    assert result.stderr.splitlines()[-1] == f"{packs}: packs 2, new rules 0, dead 0"
    assert {path: path.read_bytes() for path in packs.iterdir()} == before


def test_rules_that_seem_to_be_dead_are_named(tmp_path: Path, crawl: Path, packs: Path) -> None:
    learn(crawl, "-o", packs, "--workers", "1")
    (slug,) = (
        slug for slug, rule in PackFile(packs / f"{HARBOUR}.toml").rules.items() if STANDING in str(rule.accept)
    )
    pages = harbour(60, first=8)
    later = [page.content.replace(STANDING, "") for page in pages]
    rows = write_lines(tmp_path / "later.jsonl", pages)
    rows.write_text(rows.read_text("utf-8").replace(STANDING, ""), "utf-8")
    assert STANDING not in "".join(later)
    result = learn(crawl, rows, "-o", packs, "--host", HARBOUR, "--workers", "1")
    said = result.stderr.splitlines()
    assert said[-2].endswith(f"counted again, 1 dead ({slug})")
    assert f"{packs}: packs 1, " in said[-1]
    assert ", dead 1" in said[-1]


def test_pages_of_others_are_passed_over(crawl: Path, packs: Path) -> None:
    result = learn(crawl, "-o", packs, "--host", VALLEY.upper(), "--workers", "1")
    assert result.stderr.splitlines()[-1].endswith(
        "; pages passed over, no text or of no publisher asked for or known: 8"
    )
    assert [path.name for path in packs.iterdir()] == [f"{VALLEY}.toml"]


def test_folders_of_pages_without_addresses_are_of_the_host_that_is_given(tmp_path: Path, packs: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, page in enumerate(harbour(8)):
        (folder / f"{number}.txt").write_text(str(page.content), "utf-8")
    assert learn(folder, "-o", packs, "--host", HARBOUR, "--workers", "1").exit_code == 0
    assert PackFile(packs / f"{HARBOUR}.toml").rules


def test_what_cannot_be_read_is_named_and_the_rest_is_learnt(tmp_path: Path, crawl: Path, packs: Path) -> None:
    damaged = tmp_path / "damaged.jsonl"
    damaged.write_text('{"text": \n', "utf-8")
    result = learn(damaged, crawl, "-o", packs, "--workers", "1")
    assert result.exit_code == 1
    assert "damaged.jsonl:1" in result.stderr
    assert len(list(packs.iterdir())) == 2


def test_pages_that_are_no_text_are_passed_over(tmp_path: Path, crawl: Path, packs: Path) -> None:
    image = tmp_path / "image.html"
    image.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    result = learn(image, crawl, "-o", packs, "--workers", "1")
    assert result.exit_code == 0
    assert "; pages passed over, no text or of no publisher asked for or known: 1" in result.stderr


@pytest.mark.parametrize("damaged", [HARBOUR, VALLEY])
def test_a_pack_that_does_not_hold_is_refused_and_nothing_is_written(crawl: Path, packs: Path, damaged: str) -> None:
    packs.mkdir(parents=True)
    (packs / f"{damaged}.toml").write_text("schema = 1\n[pac]\n", "utf-8")
    result = learn(crawl, "-o", packs, "--workers", "1")
    assert isinstance(result.exception, RuleError)  # `main` makes it exit code 2
    assert f"{damaged}.toml:2" in str(result.exception)
    assert [(path.name, path.read_text("utf-8")) for path in packs.iterdir()] == [
        (f"{damaged}.toml", "schema = 1\n[pac]\n")
    ]


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, crawl: Path) -> None:
    (tmp_path / "file").touch()
    result = learn(crawl, "-o", tmp_path / "file" / "packs")
    assert isinstance(result.exception, InputError)
    assert "Not a directory" in str(result.exception)


def test_what_packs_in_force_take_is_not_proposed(crawl: Path, tmp_path: Path, packs: Path) -> None:
    learn(crawl, "-o", packs, "--workers", "1")
    for path in packs.iterdir():
        path.write_text(path.read_text("utf-8").replace('"preview"', '"stable"'), "utf-8")
    other = tmp_path / "other"
    result = learn(crawl, "-o", other, "--packs", "core", "--packs", packs, "--workers", "1")
    said = result.stderr.splitlines()[-1]
    assert said.startswith(f"{other}: packs 0, new rules 0, dead 0; a rule needs 3 different stories")
    # The folder that is written to does not hide what it has to count.
    again = learn(crawl, "-o", packs, "--packs", "core", "--packs", packs, "--workers", "1")
    assert again.stderr.count("counted again") == 2


def clean(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["clean", *map(str, arguments), "--workers", "1"])


def cleaned(path: Path) -> dict[str, str]:
    """Lines by the id of their page."""
    return {json.loads(line)["id"]: line for line in path.read_text("utf-8").splitlines()}


def test_what_a_batch_teaches_is_used_at_once_and_written_nowhere(tmp_path: Path, crawl: Path) -> None:
    result = clean(crawl, "--learn", "-o", tmp_path / "out.jsonl")
    assert result.exit_code == 0
    lines = cleaned(tmp_path / "out.jsonl")
    assert len(lines) == 14
    for number, page in enumerate(harbour(8)):
        article = json.loads(lines[page.id])
        assert STANDING not in article["text"]
        assert story(number).paragraphs[0] in article["text"]
        (removed,) = (one for one in article["removed"] if one["text"].strip() == STANDING)
        assert removed["rule"].startswith(f"batch-{HARBOUR}/")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crawl.jsonl", "out.jsonl"]


def test_what_a_batch_teaches_does_not_depend_on_the_order_of_its_pages(tmp_path: Path, crawl: Path) -> None:
    turned = tmp_path / "turned.jsonl"
    turned.write_text("".join(reversed(crawl.read_text("utf-8").splitlines(keepends=True))), "utf-8")
    clean(crawl, "--learn", "-o", tmp_path / "one.jsonl")
    clean(turned, "--learn", "-o", tmp_path / "other.jsonl")
    assert cleaned(tmp_path / "one.jsonl") == cleaned(tmp_path / "other.jsonl")
    assert list(cleaned(tmp_path / "one.jsonl")) != list(cleaned(tmp_path / "other.jsonl"))


def test_a_batch_that_cannot_be_read_twice_teaches_nothing(tmp_path: Path) -> None:
    result = clean("-", "--learn", "-o", tmp_path / "out.jsonl")
    assert isinstance(result.exception, InputError)
    assert not (tmp_path / "out.jsonl").exists()
