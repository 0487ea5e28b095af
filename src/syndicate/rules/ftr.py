"""FiveFilters' site configurations to publisher packs: https://github.com/fivefilters/ftr-site-config, public domain.

What strips an element is mapped to a selector rule; everything else is counted and listed, line by line.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from syndicate.errors import InputError
from syndicate.model import Kind
from syndicate.parse import parse_html
from syndicate.rules.xpath import UnmappableError, css_text, sample, to_css

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DIRECTIVE: Final = re.compile(r"([a-z_0-9]+)(?:\([^)]*\))?\s*:\s*(.*)", re.IGNORECASE)
_HOST: Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
_NAME: Final = re.compile(r"[^\s\"'\\\]<>]+")
_WORD: Final = re.compile(r"[a-z]+")
_REASONS: Final = {
    "body": "names the article, not chrome",
    "title": "reads metadata", "author": "reads metadata", "date": "reads metadata",
    "test_url": "a test of the other tool", "test_contains": "a test of the other tool",
    "strip_image_src": "an image has no text",
}  # fmt: skip


@dataclass(slots=True)
class ImportAccount:
    """What became of every line.

    Attributes:
        files: Site files read.
        packs: Packs written, which is the files with at least one line that could be mapped.
        mapped: Lines that became a rule.
        unmapped: Lines that did not, as (file, line, text, reason).
    """

    files: int = 0
    packs: int = 0
    mapped: int = 0
    unmapped: list[tuple[str, int, str, str]] = field(default_factory=list)

    def reasons(self) -> Counter[str]:
        """How many lines were not mapped, by reason."""
        return Counter(reason for _, _, _, reason in self.unmapped)


def import_ftr(source: Path, folder: Path, kinds: Mapping[str, str]) -> ImportAccount:
    """Turn site files into packs, one a site.

    Args:
        source: The repository as a tar archive or a folder.
        folder: Where the packs go; it is made.
        kinds: Kinds by the words of class names, as `html.toml` has them.

    Raises:
        InputError: The source cannot be read.
    """
    account = ImportAccount()
    folder.mkdir(parents=True, exist_ok=True)
    by_host: dict[str, list[str]] = {}
    for name, text in _site_files(source):
        account.files += 1
        # A leading dot means subdomains alone; here a host covers them anyway.
        stem = name.removesuffix(".txt").lower()
        host = stem.removeprefix(".")
        prefix = "subdomain-line" if stem != host else "line"
        if _HOST.fullmatch(host):
            by_host.setdefault(host, []).extend(_rules(name, text, prefix, kinds, account))
        else:
            account.unmapped += ((name, at, line, "the file's name is no host") for at, line in _lines(text))
    for host, rules in by_host.items():
        if rules:
            account.packs += 1
            (folder / f"{host}.toml").write_text(_pack(host, rules), "utf-8")
    return account


def _site_files(source: Path) -> Iterator[tuple[str, str]]:
    try:
        if source.is_dir():
            files = sorted(path for path in source.rglob("*.txt") if path.is_file())
            yield from ((path.name, path.read_text("utf-8", "replace")) for path in files)
            return
        with tarfile.open(source) as archive:
            members = [member for member in archive.getmembers() if member.isfile() and member.name.endswith(".txt")]
            for member in sorted(members, key=lambda member: member.name):
                content = archive.extractfile(member)
                if content is not None:
                    yield PurePosixPath(member.name).name, content.read().decode("utf-8", "replace")
    except (OSError, tarfile.TarError) as error:
        raise InputError(f"{source}: cannot be read as site files: {error}") from error


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their numbers."""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line and not line.startswith("#"):
            yield number, line


def _rules(name: str, text: str, prefix: str, kinds: Mapping[str, str], account: ImportAccount) -> Iterator[str]:
    """The TOML of each line of a file that can be mapped."""
    for number, line in _lines(text):
        match = _DIRECTIVE.fullmatch(line)
        directive, value = (match[1].lower(), match[2].strip()) if match else ("", line)
        try:
            found = _selectors(directive, value)
        except UnmappableError as refusal:
            account.unmapped.append((name, number, line, str(refusal)))
            continue
        account.mapped += 1
        yield _rule(f"{prefix}-{number}", line, found, kinds)


def _selectors(directive: str, value: str) -> list[tuple[str, str]]:
    """Selectors and markup that each matches."""
    if directive == "strip_id_or_class":
        word = value.strip("'\"")
        if not _NAME.fullmatch(word):
            raise UnmappableError("not a part of an id or a class")
        found = [
            (f"[{key}*={json.dumps(word)}]", f"<div {key}={json.dumps(word)}>Chrome.</div>")
            for key in ("id", "class")
        ]
    elif directive == "strip":
        found = [(css_text(path), sample(path, "Chrome.")) for path in to_css(value)]
    else:
        raise UnmappableError(
            _REASONS.get(directive, f"the directive {directive!r}" if directive else "not a directive")
        )
    for selector, markup in found:
        try:
            if not parse_html(markup, [selector]).selections:
                raise UnmappableError("an element that holds no text")
        except InputError as error:
            raise UnmappableError("a selector that lexbor does not read") from error
    return found


def _rule(slug: str, line: str, found: list[tuple[str, str]], kinds: Mapping[str, str]) -> str:
    selector = ", ".join(dict.fromkeys(selector for selector, _ in found))
    words = _WORD.findall(selector.lower())
    kind = next((kinds[word] for word in words if word in kinds), str(Kind.NAVIGATION))
    quoted = {key: json.dumps(value, ensure_ascii=False) for key, value in (("line", line), ("css", selector))}
    accepts = "".join(
        f"[[rule.accept]]\nhtml = {json.dumps(markup, ensure_ascii=False)}\n" for _, markup in found[:1]
    )
    return (
        f'[[rule]]\nid = "{slug}"\nkind = "{kind}"\nsummary = {quoted["line"]}\nselector = {quoted["css"]}\n'
        f'{accepts}[[rule.reject]]\nhtml = "<story-text>The story.</story-text>"\n'
    )


def _pack(host: str, rules: list[str]) -> str:
    header = f"""\
# From FiveFilters' ftr-site-config (public domain), by 'syndicate rules import'.
schema = 1

[pack]
name = "ftr-{host}"
version = "1"
summary = "Site rules of FiveFilters for {host}"
hosts = ["{host}"]

"""
    return header + "\n".join(rules)
