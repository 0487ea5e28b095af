"""Where the rules that come with the package are: inside it in a wheel, at the top in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from syndicate.errors import InputError


@cache
def rules_folder() -> Path:
    """The folder of the rule packs and name lists that come with the package.

    Raises:
        InputError: The installation is broken.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_rules", package.parent.parent / "rules"):
        if (folder / "core").is_dir():
            return folder
    raise InputError(f"the rule packs are missing from {package}; reinstall syndicate-news")
