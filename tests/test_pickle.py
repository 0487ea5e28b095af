"""A cleaner goes to other processes."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from syndicate import Article, Cleaner, InputError
from tests.conftest import EXAMPLES, ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (EXAMPLES / "pages" / "valley-courier-ferry.html").read_text("utf-8")

CONFIG = """schema = 1
packs = ["core", "./own.toml"]
min_confidence = "likely"

[[disable]]
rule = "core-en/byline"
reason = "we read them"

[[disable]]
rule = "core-en/share-bar"
reason = "we count them"

[[override]]
rule = "own/tides"
reason = "too bold"
confidence = "certain"
"""
OWN = """schema = 1

[pack]
name = "own"
version = "1"
summary = "Ours"

[[rule]]
id = "tides"
kind = "promo"
summary = "A line on tides"
text = "See also our tide tables"
accept = [{ text = "See also our tide tables" }]
reject = [{ text = "The tide tables were wrong on Monday" }]
"""


def unpickled(data: bytes) -> Cleaner:
    cleaner = pickle.loads(data)  # noqa: S301 - our own
    assert isinstance(cleaner, Cleaner)
    return cleaner


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    file = tmp_path / "syndicate.toml"
    file.write_text(CONFIG, "utf-8")
    return file


def test_a_pickled_cleaner_cleans_the_same(config: Path) -> None:
    cleaner = Cleaner(config=config, parser="html.parser")
    same = unpickled(pickle.dumps(cleaner))
    article = same.clean(PAGE, url="https://valleycourier.example/ferry")
    assert article == cleaner.clean(PAGE, url="https://valleycourier.example/ferry")
    assert "syndicate.toml" in article.packs
    assert same.parser == "html.parser"


def test_a_cleaner_that_comes_with_every_task_is_loaded_once(cleaner: Cleaner) -> None:
    data = pickle.dumps(cleaner)
    assert unpickled(data) is unpickled(data)
    assert len(data) < 20_000


def test_a_cleaner_can_be_handed_to_spawned_processes(cleaner: Cleaner) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        articles: list[Article] = list(pool.map(cleaner.clean, [PAGE] * 3))
    assert articles == [cleaner.clean(PAGE)] * 3


def test_a_cleaners_pickle_is_the_same_in_every_process(config: Path) -> None:
    program = f"import pickle, syndicate; print(pickle.dumps(syndicate.Cleaner(config={str(config)!r})).hex())"
    printed = {
        subprocess.run(
            [sys.executable, "-c", program], env=os.environ | {"PYTHONHASHSEED": seed}, cwd=ROOT, check=True,
            capture_output=True,
        ).stdout
        for seed in "123"
    }  # fmt: skip
    assert len(printed) == 1


def test_a_cleaner_is_refused_where_the_rules_are_others(config: Path) -> None:
    data = pickle.dumps(Cleaner(config=config))
    config.with_name("own.toml").write_text(OWN.replace("See also our", "See"), "utf-8")
    with pytest.raises(InputError, match="made with other rule packs than are here: own"):
        unpickled(data)
