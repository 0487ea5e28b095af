"""FiveFilters' site files to packs: what maps, what does not, and an account that adds up."""

from __future__ import annotations

import tarfile
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from syndicate import Cleaner, InputError
from syndicate.cli import app
from syndicate.rules.check import check_rules
from syndicate.rules.ftr import import_ftr
from syndicate.rules.packs import load_packs

SITE = """# The lock's own paper
body: //div[@class='story']
title: //h1
strip: //div[@class='tide-tables']
strip_id_or_class: boat-show
strip: //p[contains(., 'Buy')]
strip_image_src: /pixel.gif

nonsense
test_url: https://lock.example/1
"""
STORY = "<p>The gates of Marrow Lock are shut, and they will stay shut all week.</p>" * 3
PAGE = f"""<div class="story">{STORY}<div class="tide-tables">Get our tide tables</div>
<div id="x-boat-show-2">Come to the boat show</div>{STORY}</div>"""


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    folder = tmp_path / "sites"
    folder.mkdir()
    (folder / "lock.example.txt").write_text(SITE)
    (folder / ".lock.example.txt").write_text("strip: //aside\n")
    (folder / "LICENSE.txt").write_text("strip: //p\n")
    (folder / "empty.example.txt").write_text("# nothing\n")
    return folder


def test_what_strips_an_element_becomes_a_rule_of_its_site(sites: Path, tmp_path: Path) -> None:
    account = import_ftr(sites, tmp_path / "packs", {})
    assert (account.files, account.packs, account.mapped) == (4, 1, 3)
    rules = load_packs([tmp_path / "packs"])
    assert check_rules(rules)[1] == ()
    cleaner = Cleaner([tmp_path / "packs"])
    assert "tide tables" in cleaner.clean(PAGE, "https://elsewhere.example/1").text
    article = cleaner.clean(PAGE, "https://www.lock.example/1")
    assert "tide tables" not in article.text
    assert "boat show" not in article.text
    assert article.text.count("Marrow Lock") == 6


def test_every_line_is_accounted_for(sites: Path, tmp_path: Path) -> None:
    account = import_ftr(sites, tmp_path / "packs", {})
    said = sum(1 for file in sites.iterdir() for line in file.read_text().splitlines() if line and line[0] != "#")
    assert account.mapped + len(account.unmapped) == said
    assert ("lock.example.txt", 6, "strip: //p[contains(., 'Buy')]", "the predicate [contains(., 'Buy')]") in (
        account.unmapped
    )
    assert account.reasons()["the file's name is no host"] == 1


def test_an_archive_reads_as_its_folder(sites: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "sites.tar.gz", "w:gz") as archive:
        archive.add(sites, "ftr-site-config")
    one = import_ftr(sites, tmp_path / "one", {})
    other = import_ftr(tmp_path / "sites.tar.gz", tmp_path / "other", {})
    assert one == other
    assert (tmp_path / "one" / "lock.example.toml").read_text() == (
        tmp_path / "other" / "lock.example.toml"
    ).read_text()


@pytest.mark.parametrize("content", [None, b"not an archive"])
def test_a_source_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    source = tmp_path / "sites.tar.gz"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(InputError, match=r"sites\.tar\.gz: cannot be read"):
        import_ftr(source, tmp_path / "packs", {})


def test_the_command_lists_what_was_not_mapped_and_adds_up(sites: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["rules", "import", str(sites), "-o", str(tmp_path / "packs")])
    assert result.exit_code == 0
    assert "lock.example.txt:2: not mapped (names the article, not chrome): body:" in result.stdout
    assert result.stderr.splitlines()[-1].startswith("4 files, 10 lines = 3 mapped + 7 not mapped; 1 packs in ")


def test_the_whole_collection_imports_and_loads(shared: Path, tmp_path: Path) -> None:
    start = time.process_time()
    account = import_ftr(shared / "data" / "rules" / "ftr-site-config.tar.gz", tmp_path, {})
    assert time.process_time() - start < 20
    assert account.files > 2_000
    strips = [text for _, _, text, _ in account.unmapped if text.startswith("strip")]
    assert account.mapped > 0.85 * (account.mapped + len(strips))
    rules = load_packs([tmp_path])
    assert len(rules.rules) == account.mapped
    assert check_rules(load_packs(sorted(tmp_path.glob("*.toml"))[::10]))[1] == ()
