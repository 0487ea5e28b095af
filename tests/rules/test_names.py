"""Names of outlets and wire services: which spellings meet."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.rules.folder import rules_folder
from syndicate.rules.names import Names, fold_name, load_names

NAMES = Names(
    bylines=("Harbour Wire",),
    datelines=("HW",),
    agencies={"harbour wire": "Harbour Wire", "hw": "Harbour Wire"},
    outlets={"north shore post": "North Shore Post"},
    hosts={"northshore.example": "North Shore Post", "blog.northshore.example": "The Shore Blog"},
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The North Shore Post", "north shore post"),
        ("NORTH-SHORE POST", "North Shore Post"),
        ("  North\u00a0Shore   Post. ", "North Shore Post"),
        ("Le Quotidien Général", "Quotidien General"),
        ("El Día", "Dia"),
        ("Die Straße", "strasse"),
        ("Ｎｏｒｔｈ Shore", "North Shore"),
        ("Smith & Daughters", "Smith Daughters"),
        ("North Shore Post, Inc.", "North Shore Post"),
    ],
)
def test_spellings_of_one_name_meet(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Post", "The Posts"),
        ("Lens", "The Ns"),
        ("Deutsche Post", "Post"),
        ("北岸日報", "北岸新聞"),
        ("Channel 4", "Channel 5"),
    ],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


def test_name_that_is_only_an_article_is_kept() -> None:
    assert fold_name("The") == "the"
    assert fold_name("") == fold_name(" - ") == ""


@given(st.text())
def test_folded_name_is_words_with_single_spaces(name: str) -> None:
    folded = fold_name(name)
    assert folded == " ".join(folded.split())
    assert fold_name(f" {name}. ") == folded


def test_names_are_found_in_any_spelling() -> None:
    assert NAMES.agency("HARBOUR WIRE") == NAMES.agency("hw") == "Harbour Wire"
    assert NAMES.outlet("The North-Shore Post") == "North Shore Post"
    assert NAMES.agency("North Shore Post") is None
    assert NAMES.outlet("Harbour Wire") is None


@pytest.mark.parametrize(
    ("host", "outlet"),
    [
        ("northshore.example", "North Shore Post"),
        ("www.sport.northshore.example", "North Shore Post"),
        ("blog.northshore.example", "The Shore Blog"),
        ("old.blog.northshore.example", "The Shore Blog"),
        ("notnorthshore.example", None),
        ("example", None),
        ("", None),
        (None, None),
    ],
)
def test_outlet_of_a_host_or_of_the_nearest_host_above_it(host: str | None, outlet: str | None) -> None:
    assert NAMES.outlet_of_host(host) == outlet


def test_lists_that_come_with_the_package_hold_and_contradict_themselves_nowhere() -> None:
    names = load_names()
    assert names.agencies
    assert names.hosts
    for kind, find in (("agency", names.agency), ("outlet", names.outlet)):
        file = rules_folder() / ("agencies.toml" if kind == "agency" else "outlets.toml")
        for table in tomllib.loads(file.read_text("utf-8"))[kind]:
            for form in (table["name"], *table.get("names", ()), *table.get("datelines", ())):
                assert find(form) == table["name"], form
            for host in table.get("hosts", ()):
                assert names.outlet_of_host(f"www.{host}") == table["name"], host


def test_host_lists_are_written_as_hosts_are_looked_up() -> None:
    assert [host for host in load_names().hosts if host != host.lower().removeprefix("www.") or "/" in host] == []
