"""Names of wire services and outlets, as `rules/agencies.toml` and `rules/outlets.toml` list them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

import regex
import tomli

from syndicate.errors import RuleError, RuleProblem
from syndicate.rules.folder import rules_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# "LA Times" has no article: the English word after it tells.
_ARTICLES: Final = regex.compile(
    r"^(?:the|le|la(?! (?:daily|progressive|times|weekly)\b)|les|el|los|las|il|lo|der|die|das|de|het)\s+"
)
_COMPANY: Final = regex.compile(r"\s+(?:inc|ltd|llc|plc|gmbh|corp)$")
_NOISE: Final = regex.compile(r"[^\p{L}\p{N}]+")


@dataclass(frozen=True, slots=True)
class Names:
    """What names stand for one outlet or agency.

    Attributes:
        bylines: How bylines and credits write the agencies.
        datelines: How datelines write them.
        agencies: Folded name, dateline or byline form to the agency's name.
        outlets: Folded name to the outlet's name.
        hosts: Host to the outlet's name.
    """

    bylines: tuple[str, ...]
    datelines: tuple[str, ...]
    agencies: Mapping[str, str]
    outlets: Mapping[str, str]
    hosts: Mapping[str, str]

    def agency(self, name: str) -> str | None:
        """The wire service a name or dateline abbreviation stands for, if it is one."""
        return self.agencies.get(fold_name(name))

    def outlet(self, name: str) -> str | None:
        """The outlet a name stands for, if it is listed."""
        return self.outlets.get(fold_name(name))

    def is_listed(self, name: str) -> bool:
        """Whether a name or a host is that of a listed wire service or outlet."""
        return bool(self.agency(name) or self.outlet(name) or self.outlet_of_host(host_of(f"//{name.lower()}")))

    def outlet_of_host(self, host: str | None) -> str | None:
        """The outlet whose site a host, or a parent of it, is."""
        while host:
            if host in self.hosts:
                return self.hosts[host]
            host = host.partition(".")[2]
        return None


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """Fold a name so that spellings of one outlet meet: case, accents, punctuation, a leading article, "Inc."."""
    plain = name.casefold()
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    words = str(_COMPANY.sub("", _NOISE.sub(" ", plain).strip()))
    return str(_ARTICLES.sub("", words)) or words


def host_of(url: str | None) -> str | None:
    """The lower-case host of a url without "www.", or None where there is none."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


class AgencyForms(NamedTuple):
    """How the agencies are written: in bylines and credits, and in datelines."""

    bylines: tuple[str, ...]
    datelines: tuple[str, ...]


@cache
def load_agency_forms() -> AgencyForms:
    """Read the list of agencies alone, which is all that rules ask for: the outlets are many, and take a while.

    Raises:
        RuleError: The list does not hold.
    """
    tables = _agencies()
    bylines = tuple(form for table in tables for form in (table["name"], *table.get("names", ())))
    return AgencyForms(bylines, tuple(form for table in tables for form in table.get("datelines", ())))


@cache
def load_names() -> Names:
    """Read the lists that come with the package.

    Raises:
        RuleError: A list does not hold.
    """
    agencies: dict[str, str] = {}
    outlets: dict[str, str] = {}
    hosts: dict[str, str] = {}
    for table in _agencies():
        for form in (table["name"], *table.get("names", ()), *table.get("datelines", ())):
            agencies[fold_name(form)] = table["name"]
    for table in _tables(rules_folder() / "outlets.toml", "outlet", ("names", "hosts")):
        for form in (table["name"], *table.get("names", ())):
            outlets[fold_name(form)] = table["name"]
        hosts |= dict.fromkeys(table.get("hosts", ()), table["name"])
    return Names(*load_agency_forms(), agencies, outlets, hosts)


def _agencies() -> list[dict[str, Any]]:
    return _tables(rules_folder() / "agencies.toml", "agency", ("names", "datelines"))


def _tables(file: Path, kind: str, lists: tuple[str, ...]) -> list[dict[str, Any]]:
    tables: list[dict[str, Any]] = tomli.loads(file.read_text("utf-8")).get(kind, [])
    problems = [
        RuleProblem(str(file), 1, str(table.get("name", f"{kind} {at + 1}")), "needs 'name', and lists for the rest")
        for at, table in enumerate(tables)
        if not isinstance(table.get("name"), str)
        or not table.keys() <= {"name", *lists}
        or not all(isinstance(table.get(key, []), list) for key in lists)
    ]
    if problems:
        raise RuleError(problems)
    return tables
