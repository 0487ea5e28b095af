"""`python -m tests.fuzz --seconds 60`: each target for its share of the time; `... TARGET --input FILE`: one input.

Exit code 1 where an input broke a promise; it stays in out/fuzz/TARGET, as do inputs worth starting from next time.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Final

from tests.fuzz import TARGETS

OUT: Final = Path("out") / "fuzz"
_FINDINGS: Final = ("crash-*", "timeout-*", "oom-*")
_TRIED: Final = re.compile(r"number_of_executed_units: *(\d+)")


def say(message: str) -> None:
    """Print a line for people."""
    sys.stderr.write(f"{message}\n")


def fuzz(name: str, seconds: int) -> bool:
    """Run a target, and tell whether all was well."""
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    known = findings(folder)
    command = [sys.executable, "-m", "tests.fuzz.engine", name, str(folder), str(seconds)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, errors="replace")
    new = sorted(findings(folder) - known)
    tried = _TRIED.search(done.stdout)
    if done.returncode == 0 and not new:
        say(f"{name}: {int(tried[1]) if tried else 0:,} inputs in {seconds} s, and nothing found")
        return True
    say(done.stdout[-6_000:])
    for path in new:
        say(f"{name}: {path}\n  run it again: python -m tests.fuzz {name} --input {path}")
    if not new:
        say(f"{name}: ended with exit code {done.returncode}")
    return False


def findings(folder: Path) -> set[Path]:
    """The inputs that libFuzzer has left in a folder."""
    return {path for pattern in _FINDINGS for path in folder.glob(pattern)}


def main() -> int:
    """Read the command line and run it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all if none is named")
    parser.add_argument("--seconds", type=int, default=60, help="of processor time, for all targets together")
    parser.add_argument("--input", type=Path, help="run one target on this file, without atheris")
    told = parser.parse_args()
    names = told.targets or TARGETS
    unknown = sorted(set(names) - set(TARGETS))
    if unknown or (told.input and len(names) != 1):
        parser.error(f"no target {unknown[0]!r}" if unknown else "--input needs one target")
    if told.input:
        importlib.import_module(f"tests.fuzz.{names[0]}").check(told.input.read_bytes())
        say(f"{told.input}: all is well")
        return 0
    share = max(1, told.seconds // len(names))
    # Each has a processor to itself, and as many seconds as if they took turns.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return int(not all(list(pool.map(fuzz, names, repeat(share)))))


if __name__ == "__main__":
    sys.exit(main())
