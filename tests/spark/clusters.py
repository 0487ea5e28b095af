"""A cluster on this machine: two executors that are processes of their own, and can be killed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import syndicate

MASTER = "local-cluster[2,1,1024]"
_PROGRAM = """
import sys

from syndicate.spark.session import open_session

conf = {{"spark.sql.shuffle.partitions": "4", "spark.checkpoint.dir": {kept!r}}}
with open_session({master!r}, conf) as spark:
{body}
"""


def spark_home(folder: Path) -> Path:
    """PySpark's own folder again, in a place where executors may leave what they write."""
    spec = importlib.util.find_spec("pyspark")
    assert spec is not None
    assert spec.origin is not None
    home = folder / "home"
    home.mkdir()
    for path in Path(spec.origin).parent.iterdir():
        if path.name != "work":
            (home / path.name).symlink_to(path)
    return home


def on_cluster(body: str, folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program on a cluster, in a process of its own: one process has one SparkContext for all its life.

    Args:
        body: What it does with `spark`, the session; `sys.argv[1:]` are the arguments.
        folder: Takes what Spark writes.
        arguments: The program's.
    """
    kept = str(folder / "kept")
    # Executors run in folders of their own, where a relative path leads nowhere.
    settings = {"SPARK_HOME": str(spark_home(folder)), "PYTHONPATH": str(Path(syndicate.__file__).parent.parent)}
    program = _PROGRAM.format(kept=kept, master=MASTER, body=textwrap.indent(textwrap.dedent(body), "    "))
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env=os.environ | settings, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip
