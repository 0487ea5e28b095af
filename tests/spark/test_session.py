"""A Spark session: what it needs, and what is said where that is not there."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from syndicate import InputError
from syndicate.spark.session import find_java, open_session, told_plainly


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No Java in sight; the folder is the whole path that programs are found on."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def java(folder: Path, says: str, modules: str = "jdk.incubator.vector@17") -> Path:
    """A program that says which Java it is."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "java"
    program.write_text(f"#!/bin/sh\necho '{says}' >&2; echo '{modules}'\n")
    program.chmod(0o755)
    return program


def test_without_java_the_ways_out_are_named(bare: Path) -> None:
    del bare
    with pytest.raises(InputError, match="Spark needs Java 17 or later, and none is found: 'apt install openjdk-17"):
        find_java()


@pytest.mark.parametrize("says", ['openjdk version "11.0.2" 2019-01-15', 'java version "1.8.0_292"', "no version"])
def test_a_java_that_is_too_old_is_named(bare: Path, says: str) -> None:
    program = java(bare, says)
    with pytest.raises(InputError) as error:
        find_java()
    assert str(error.value).startswith(f"{program} is {says}")
    assert str(error.value).endswith(": Spark needs Java 17 or later; set JAVA_HOME to one")


def test_a_java_that_says_nothing_is_named(bare: Path) -> None:
    program = java(bare, "", "")
    with pytest.raises(InputError, match=f"{program} is of no known version: Spark needs Java 17"):
        find_java()


def test_java_home_wins_over_the_path(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java(bare, 'openjdk version "11.0.2"')
    java(bare / "new" / "bin", 'openjdk version "21.0.1" 2023-10-17')
    monkeypatch.setenv("JAVA_HOME", str(bare / "new"))
    assert find_java() == bare / "new"
    monkeypatch.setenv("JAVA_HOME", str(bare / "gone"))
    with pytest.raises(InputError, match=r"gone/bin/java does not run: .*; set JAVA_HOME to a Java 17 or later"):
        find_java()


def test_a_link_on_the_path_leads_to_javas_home(bare: Path) -> None:
    program = java(bare / "jdk" / "bin", 'openjdk version "17"')
    (bare / "java").symlink_to(program)
    assert find_java() == bare / "jdk"


def test_a_java_without_what_spark_needs_is_named(bare: Path) -> None:
    program = java(bare, 'openjdk version "25.0.2" 2026-01-20 LTS', "java.base@25.0.2")
    with pytest.raises(InputError, match=f"{program} lacks the module jdk.incubator.vector"):
        find_java()


def test_without_pyspark_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(InputError, match=r"needs PySpark: pip install 'syndicate-news\[spark\]'"), open_session():
        pass


def test_a_session_that_runs_is_used_and_goes_on(spark: Any) -> None:
    with open_session() as session:
        assert session.sparkContext is spark.sparkContext
    assert spark.range(3).count() == 3


@pytest.mark.parametrize("arguments", [("local[1]", None), (None, {"spark.ui.enabled": "false"})])
def test_a_session_that_runs_cannot_become_another(spark: Any, arguments: Any) -> None:
    del spark
    with pytest.raises(InputError, match="a Spark session runs already"), open_session(*arguments):
        pass


def test_a_session_of_this_machine_has_a_checkpoint_folder(spark: Any) -> None:
    assert spark.sparkContext.getCheckpointDir() is not None
    assert os.environ["SPARK_LOCAL_IP"] == "127.0.0.1"
    assert spark.conf.get("spark.sql.session.timeZone") == "UTC"


def test_an_error_in_a_worker_is_told_in_its_own_words(spark: Any) -> None:
    def refuse(_: Any) -> Any:
        raise InputError("the packs are others here")

    with pytest.raises(InputError, match=r"^Spark: InputError: the packs are others here$"), told_plainly():
        spark.range(3).mapInArrow(refuse, "id bigint").collect()


def test_an_error_of_java_is_told_without_its_trace(spark: Any) -> None:
    with pytest.raises(InputError) as error, told_plainly():
        spark.read.text("nowhere://lock/pages")
    assert str(error.value).endswith('No FileSystem for scheme "nowhere"')
    assert "\n" not in str(error.value)
