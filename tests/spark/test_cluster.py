"""The command line on a cluster: two executors that are processes of their own, beside the driver's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from syndicate.io.write import json_line
from tests.spark.clusters import MASTER, on_cluster, spark_home
from tests.spark.corpora import crowd
from tests.spark.test_match import day, expected

if TYPE_CHECKING:
    from pathlib import Path

    from syndicate import Article

_KILLED = """
import json, os, signal, threading, time
from pathlib import Path

from syndicate.spark.matching import match

context = spark.sparkContext
killed = []

def executors():
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if b"CoarseGrainedExecutorBackend" in command and context.applicationId.encode() in command:
            yield int(folder.name)

def kill():
    for jobs in (4, 30):
        while len(context.statusTracker().getJobIdsForGroup()) < jobs:
            time.sleep(0.05)
        victim = next(pid for pid in executors() if pid not in killed)
        os.kill(victim, signal.SIGKILL)
        killed.append(victim)

threading.Thread(target=kill, daemon=True).start()
pairs = match(spark.read.json(sys.argv[1])).collect()
Path(sys.argv[2]).write_text(json.dumps({"killed": killed, "pairs": sorted(map(list, pairs))}))
"""


def written(articles: list[Article], path: Path) -> Path:
    path.write_bytes(b"".join(json_line(article.to_dict()) for article in articles))
    return path


def run(*arguments: str | Path, home: Path | None = None) -> str:
    """The last line that the command says."""
    command = [sys.executable, "-m", "syndicate", *map(str, arguments)]
    env = os.environ | ({"SPARK_HOME": str(home)} if home else {})
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert result.returncode == 0, result.stderr
    return result.stderr.splitlines()[-1]


def parts(folder: Path) -> bytes:
    """What a folder of parts holds, one after the other."""
    return b"".join(part.read_bytes() for part in sorted(folder.glob("part-*")))


@pytest.mark.usefixtures("needs_spark")
def test_command_on_two_executors_writes_what_it_writes_on_one_machine(tmp_path: Path) -> None:
    source = written([*crowd(1), *day()], tmp_path / "cleaned.jsonl")
    local, cluster = tmp_path / "local", tmp_path / "cluster"
    said = run("match", source, "-o", local)
    conf = ("--conf", "spark.sql.shuffle.partitions=4", "--conf", f"spark.checkpoint.dir={tmp_path / 'kept'}")
    told = run(
        "match", source, "-o", cluster, "--engine", "spark", "--master", MASTER, *conf, home=spark_home(tmp_path)
    )
    for name in ("matches.jsonl", "stories.jsonl", "chrome.jsonl"):
        assert parts(cluster / name) == (local / name).read_bytes(), name
    assert told.rpartition(" in ")[0] == said.rpartition(" in ")[0]


@pytest.mark.usefixtures("needs_spark")
def test_killed_executors_cost_time_alone(tmp_path: Path) -> None:
    articles = day()
    source, out = written(articles, tmp_path / "articles.jsonl"), tmp_path / "out.json"
    result = on_cluster(_KILLED, tmp_path, source, out)
    assert result.returncode == 0, result.stderr
    found = json.loads(out.read_text())
    assert len(found["killed"]) == 2
    assert [tuple(row) for row in found["pairs"]] == expected(articles)
