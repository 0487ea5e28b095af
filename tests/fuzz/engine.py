"""One target under libFuzzer: `python -m tests.fuzz.engine TARGET FOLDER SECONDS`, in a process of its own."""

from __future__ import annotations

import hashlib
import importlib
import os
import re
import sys
import traceback
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

_LONGEST: Final = 8_192
"""Bytes of an input: what is only large is tested elsewhere, and small inputs are tried more often."""
_SLOWEST: Final = 20
"""Seconds after which an input is a finding; counting what code runs makes it several times slower."""
_MEMORY: Final = 3_000
"""Megabytes after which an input is one; the package itself takes some 400."""
_COMPILED: Final = re.compile(r"^@(?:compiled|inlined)\b|\bnjit\b", re.MULTILINE)


def compiled_modules() -> list[str]:
    """The modules that numba reads: what atheris puts into functions it cannot compile."""
    spec = find_spec("syndicate")
    assert spec is not None
    assert spec.origin is not None
    root = Path(spec.origin).parent
    return [
        ".".join(("syndicate", *file.relative_to(root).with_suffix("").parts))
        for file in sorted(root.rglob("*.py"))
        if _COMPILED.search(file.read_text("utf-8"))
    ]


def dictionary(words: tuple[str, ...]) -> str:
    """Words worth putting into inputs, in libFuzzer's notation."""
    return "".join('"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n' for word in words)


def run(name: str, folder: Path, seconds: int) -> None:
    """Try inputs for a time; libFuzzer ends the process, and leaves what broke a promise in the folder."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["syndicate"], exclude=compiled_modules()):
        target = importlib.import_module(f"tests.fuzz.{name}")
        corpus = folder / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        (folder / "words").write_text(dictionary(target.WORDS), "utf-8")
        for at, seed in enumerate(target.SEEDS):
            (corpus / f"seed-{at}").write_bytes(seed)
            target.check(seed)  # what is loaded and compiled once takes no time of the run

    def try_one(data: bytes) -> None:
        try:
            target.check(data)
        except BaseException:  # noqa: BLE001 - a finding, whatever it is
            (folder / f"crash-{hashlib.sha256(data).hexdigest()[:16]}").write_bytes(data)
            traceback.print_exc()
            os._exit(1)  # what libFuzzer does at this point loses the input now and then

    options = {
        "max_total_time": seconds, "max_len": _LONGEST, "timeout": _SLOWEST, "rss_limit_mb": _MEMORY,
        "dict": folder / "words", "artifact_prefix": f"{folder}/", "print_final_stats": 1, "verbosity": 0,
    }  # fmt: skip
    atheris.Setup([name, *(f"-{option}={value}" for option, value in options.items()), str(corpus)], try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    run(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
