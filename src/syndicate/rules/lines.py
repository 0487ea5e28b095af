"""Lines of TOML tables and keys: `tomllib` keeps none, and an error without its line is half an error."""

from __future__ import annotations

import re
from typing import Final

_TABLE: Final = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]")
_KEY: Final = re.compile(r"\s*(?:\"([^\"]+)\"|'([^']+)'|([\w-]+))\s*[.=]")
# A comment, or a string; those of several lines are what would look like tables and keys. One that is not closed goes
# on as far as it might: each of a thousand such would be looked through to there.
_HIDING: Final = re.compile(
    r"'''.*?(?:'''+|\Z)|\"\"\"(?:\\.|[^\\])*?(?:\"\"\"+|\Z)|'[^'\n]*+'?|\"(?:\\.|[^\"\\\n])*+\"?|#[^\n]*", re.DOTALL
)


class TomlLines:
    """Where the tables and keys of a TOML text stand.

    Tables are named by their path with the index of each array of tables: "rule.2.accept.0"; the top level is "".
    """

    def __init__(self, text: str) -> None:
        self._tables: dict[str, int] = {"": 1}
        self._keys: dict[tuple[str, str], int] = {}
        self._end = text.count("\n") + 2
        self._counts: dict[str, int] = {}  # of the tables in each array of tables
        table = ""
        for number, line in enumerate(_HIDING.sub(_blanked, text).split("\n"), 1):
            if header := _TABLE.match(line):
                table = self._enter(header[2], array=header[1] == "[[")
                self._tables.setdefault(table, number)
            elif key := _KEY.match(line):
                self._keys.setdefault((table, key[1] or key[2] or key[3]), number)

    def table(self, path: str) -> int:
        """The 1-based line of a table's header, or of the nearest table around it."""
        while path not in self._tables:
            path = path.rpartition(".")[0]
        return self._tables[path]

    def key(self, path: str, key: str) -> int:
        """The 1-based line of a key, or of the table that is its value, or else of the table it is in."""
        if (path, key) in self._keys:
            return self._keys[path, key]
        inside = f"{path}.{key}" if path else key
        return self._tables.get(inside) or self._tables.get(f"{inside}.0") or self.table(path)

    def span(self, path: str) -> tuple[int, int] | None:
        """The lines of a table with those inside it: from its header to before that of the next, or the end.

        None where the table has no header of its own.
        """
        start = self._tables.get(path)
        if start is None:
            return None
        others = (line for name, line in self._tables.items() if not name.startswith(f"{path}."))
        return start, min((line for line in others if line > start), default=self._end)

    def _enter(self, name: str, *, array: bool) -> str:
        path = ""
        parts = name.split(".")
        for at, part in enumerate(parts):
            path = f"{path}.{part}" if path else part
            count = self._counts.get(path, 0)
            if at == len(parts) - 1 and array:
                self._counts[path] = count + 1
                path = f"{path}.{count}"
            elif count:
                path = f"{path}.{count - 1}"
        return path


def _blanked(hiding: re.Match[str]) -> str:
    text = hiding[0]
    if text.startswith("#"):
        return ""
    return re.sub(r"[^\n]", "_", text) if text.startswith(("'''", '"""')) else text
