"""Names of outlets and wire services: which spellings meet."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.parse.site import registrable_domain
from syndicate.rules.folder import rules_folder
from syndicate.rules.names import Names, fold_name, load_names

NAMES = Names(
    bylines=("Harbour Wire",),
    datelines=("HW",),
    agencies={"harbour wire": "Harbour Wire", "hw": "Harbour Wire"},
    outlets={"north shore post": "North Shore Post"},
    hosts={"northshore.example": "North Shore Post", "blog.northshore.example": "The Shore Blog"},
)


def tables(file: str, kind: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = tomllib.loads((rules_folder() / file).read_text("utf-8"))[kind]
    return listed


OUTLETS = tables("outlets.toml", "outlet")


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
        ("LA Times", "The Times"),
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
        for table in OUTLETS if kind == "outlet" else tables("agencies.toml", kind):
            for form in (table["name"], *table.get("names", ()), *table.get("datelines", ())):
                assert find(form) == table["name"], form
            for host in table.get("hosts", ()):
                assert names.outlet_of_host(f"www.{host}") == table["name"], host


def test_host_lists_are_written_as_hosts_are_looked_up() -> None:
    assert [host for host in load_names().hosts if host != host.lower().removeprefix("www.") or "/" in host] == []


def test_outlets_are_many_and_each_has_a_site() -> None:
    assert len(OUTLETS) >= 500
    assert [table["name"] for table in OUTLETS if not table.get("hosts")] == []


def test_no_name_and_no_host_stands_twice() -> None:
    names = Counter(fold_name(form) for table in OUTLETS for form in (table["name"], *table.get("names", ())))
    hosts = Counter(host for table in OUTLETS for host in table["hosts"])
    assert [form for form, times in (names | hosts).items() if times > 1 or not form] == []


def test_a_name_of_a_wire_service_is_that_service_s_own_outlet() -> None:
    names = load_names()
    shared = names.outlets.keys() & names.agencies.keys()
    assert {form: names.outlets[form] for form in shared} == {form: names.agencies[form] for form in shared}


def test_every_host_is_one_that_somebody_registered() -> None:
    assert [host for host in load_names().hosts if registrable_domain(host) is None] == []


def test_every_site_that_has_a_pack_is_an_outlet_s() -> None:
    packs = [
        tomllib.loads(file.read_text("utf-8"))["pack"] for file in (rules_folder() / "publishers").glob("*.toml")
    ]
    hosts = [host for pack in packs for host in pack["hosts"]]
    assert [host for host in hosts if load_names().outlet_of_host(host) is None] == []


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("The Cradle", "thecradle.co"),
        ("Le Monde", "lemonde.fr"),
        ("BBC", "bbc.co.uk"),
        ("BBC World Service", "news.bbc.co.uk"),
        ("SCMP", "scmp.com"),
        ("FAZ", "faz.net"),
        ("El País", "elpais.com"),
        ("LA Times", "latimes.com"),
        ("The Times", "thetimes.co.uk"),
        ("The Times of India", "timesofindia.indiatimes.com"),
        ("Zero Hedge", "zerohedge.com"),
        ("KHN", "khn.org"),
        ("朝日新聞", "asahi.com"),
        ("한겨레", "hani.co.kr"),
        ("Медуза", "meduza.io"),
        ("الجزيرة", "aljazeera.net"),
        ("दैनिक भास्कर", "bhaskar.com"),
    ],
)
def test_a_name_and_a_site_that_a_reader_knows_are_one_outlet(name: str, host: str) -> None:
    names = load_names()
    assert names.outlet(name) == names.outlet_of_host(host) is not None


@pytest.mark.parametrize(("name", "host"), [("AP", "apnews.com"), ("dpa", "dpa.com"), ("Рейтер", "reuters.com")])
def test_a_wire_service_and_its_site_are_one(name: str, host: str) -> None:
    names = load_names()
    assert names.agency(name) == names.outlet_of_host(host) is not None


@pytest.mark.parametrize(
    "name",
    ["读者", "Яндекс", "Post", "The Herald", "News", "El Comercio", "La Presse", "Der Standard", "Medium"],
)
def test_what_is_no_outlet_or_the_name_of_many_is_not_listed(name: str) -> None:
    assert load_names().outlet(name) is None


@pytest.mark.parametrize("host", ["medium.com", "ledger.substack.com", "ledger.wordpress.com", "co.uk"])
def test_a_platform_for_everyone_is_no_outlet(host: str) -> None:
    assert load_names().outlet_of_host(host) is None
