"""Fuzzing: inputs that nobody thought of, bred by what they make the code do (atheris, over libFuzzer).

`python -m tests.fuzz --seconds 60` tries each target in turn; `make fuzz` installs atheris first. A target is a
module here with `SEEDS`, inputs to start from, `WORDS`, what is worth putting into them, and `check`, which takes any
bytes and raises where a promise is broken. `test_targets.py` runs them over their seeds without atheris.
"""

from __future__ import annotations

from typing import Final

TARGETS: Final = ("page_of_markup", "page_of_text", "rule_file", "index_file", "json_lines")
