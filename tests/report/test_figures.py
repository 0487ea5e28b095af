"""The figures of the first page, against numbers counted by hand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import Article, Claim, Status, SyndicationGraph
from syndicate.graph import Chrome, Match, Origin, Relation
from syndicate.outlets import Copy, OutletTable, Reposts, outlet_table
from syndicate.report.corpus import Corpus
from syndicate.report.figures import OTHERS, Figures, Matrix, make_figures
from syndicate.rules.packs import load_packs
from tests.report.reports import NOWHERE, a_story, copied, lock_rules, taken
from tests.stories import article

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from syndicate.graph import Story
    from syndicate.rules.match import RuleSet


def counted(
    articles: Sequence[Article], *, stories: Sequence[Story] = (), matches: Sequence[Match] = (), **others: Any
) -> Figures:
    graph = SyndicationGraph(tuple(matches), tuple(stories), others.get("chrome", ()))
    rules: RuleSet = others.get("rules") or lock_rules()
    with Corpus.read(articles) as corpus:
        table: OutletTable = others.get("table") or outlet_table(graph, corpus.articles)
        return make_figures(graph, corpus, table, rules)


def of_copies(copies: Sequence[Copy]) -> Figures:
    """Figures where nothing but who copied is known."""
    pairs = Counter((copy.outlet, copy.source) for copy in copies)
    reposts = tuple(Reposts(outlet, source, count, 0, 0, None) for (outlet, source), count in pairs.items())
    return counted([], table=OutletTable((), reposts, tuple(copies)))


def took(taker: str, giver: str, number: int = 0, hours: float | None = None) -> Copy:
    return Copy(f"{taker}-{giver}-{number}", taker, giver, credited=False, hours=hours)


def shares(a: str, b: str, of_a: float, of_b: float) -> Match:
    return Match(a, b, Relation.REPOST, 0.5, of_a, of_b, ())


def by_name(rows: Sequence[Any]) -> dict[str, int]:
    return {row.name: row.count for row in rows}


LEDGER = Origin("Ledger", "a", 0.9, ())


def test_text_is_split_into_original_reposted_and_chrome() -> None:
    chrome = (taken("lock/tide-tables", "t" * 20), taken("extract/menu", "m" * 500, "boilerplate"))
    articles = [
        article("a", "x" * 100, outlet="Ledger"),
        article("b", "x" * 80, outlet="Metro", removed=chrome),
        article("c", "y" * 40, outlet="Courier"),
    ]
    found = counted(
        articles, stories=[a_story("ab", LEDGER, copied("b", "a"))], matches=[shares("a", "b", 0.6, 0.75)]
    )
    assert by_name(found.shares) == {"original": 160, "reposted": 60, "chrome": 20}
    assert [round(part.share, 6) for part in found.shares] == [round(part / 240, 6) for part in (160, 60, 20)]
    assert found.copies == 1
    assert found.outlets == 3


def test_what_is_reposted_is_what_stands_in_the_source_and_not_in_other_copies() -> None:
    articles = [article(name, "x" * 100, outlet=outlet) for name, outlet in zip("abc", LMC, strict=True)]
    matches = [shares("a", "b", 0.5, 0.5), shares("a", "c", 0.25, 0.25), shares("b", "c", 1.0, 1.0)]
    stories = [a_story("abc", LEDGER, copied("b", "a"), copied("c", "a"))]
    assert by_name(counted(articles, stories=stories, matches=matches).shares)["reposted"] == 50 + 25


def test_of_a_copy_whose_source_is_not_here_the_page_that_shares_most_with_it_counts() -> None:
    articles = [article(name, "x" * 100, outlet=outlet) for name, outlet in zip("abc", LMC, strict=True)]
    matches = [shares("a", "b", 0.5, 0.6), shares("b", "c", 0.9, 0.7)]
    agency = Origin("Harbour Wire", None, 0.9, ())
    found = counted(articles, stories=[a_story("abc", agency)], matches=matches)
    assert by_name(found.shares)["reposted"] == 50 + 90 + 70
    assert found.copies == 3
    assert found.matrix.sources == ("Harbour Wire",)


def test_of_a_copy_with_two_sources_the_one_that_it_shares_most_with_counts() -> None:
    articles = [article(name, "x" * 100, outlet=outlet) for name, outlet in zip("abc", LMC, strict=True)]
    matches = [shares("a", "c", 0.3, 0.4), shares("b", "c", 0.3, 0.2)]
    first, second = (a_story(one, NOWHERE, copied("c", one, Relation.EXCERPT), name=one) for one in "ab")
    for stories in ([first, second], [second, first]):
        found = counted(articles, stories=stories, matches=matches)
        assert by_name(found.shares)["reposted"] == 40
        assert found.copies == 1
        assert [cell.number for cell in found.matrix.rows[0].cells] == [1, 1]


def test_revisions_of_one_outlet_are_reposted_from_nobody() -> None:
    articles = [article(name, "x" * 100, outlet="Ledger") for name in "ab"]
    found = counted(articles, stories=[a_story("ab", LEDGER, copied("b", "a"))], matches=[shares("a", "b", 1.0, 1.0)])
    assert by_name(found.shares) == {"original": 200, "reposted": 0, "chrome": 0}
    assert found.matrix.rows == ()


LMC = ("Ledger", "Metro", "Courier")


def test_statuses_are_counted_the_most_frequent_first() -> None:
    ended = [Status.OK, Status.OK, Status.EMPTY, Status.OK, Status.REJECTED, Status.EMPTY]
    found = counted([Article(id=str(at), text="", status=status) for at, status in enumerate(ended)])
    assert [(row.name, row.count) for row in found.statuses] == [("ok", 3), ("empty", 2), ("rejected", 1)]
    assert [row.share for row in found.statuses] == [3 / 6, 2 / 6, 1 / 6]


def test_nothing_gives_figures_of_nothing() -> None:
    found = counted([])
    assert (found.copies, found.outlets, found.dated, found.hours) == (0, 0, 0, None)
    assert by_name(found.shares) == {"original": 0, "reposted": 0, "chrome": 0}
    assert [part.share for part in found.shares] == [0, 0, 0]
    assert found.matrix == Matrix((), ())
    assert not any((found.delays, found.stories, found.kinds, found.publishers, found.rules, found.set_aside))
    assert found.never == {}


def test_matrix_has_a_row_for_who_took_and_a_column_for_whose_text_it_is() -> None:
    copies = [took("Metro", "Ledger", at) for at in range(3)] + [took("Courier", "Ledger"), took("Metro", "Courier")]
    matrix = of_copies(copies).matrix
    assert matrix.sources == ("Ledger", "Courier")
    assert [(row.name, [cell.number for cell in row.cells], row.total) for row in matrix.rows] == [
        ("Metro", [3, 1], 4),
        ("Courier", [1, 0], 1),
    ]
    assert [[cell.depth for cell in row.cells] for row in matrix.rows] == [[5, 2], [2, 0]]


def test_outlets_beyond_the_twelfth_are_one_row_and_one_column() -> None:
    names = [f"Paper {at:02}" for at in range(15)]
    copies = [took(name, "Ledger", at) for rank, name in enumerate(names) for at in range(20 - rank)]
    copies += [took("Metro", name, at) for rank, name in enumerate(names) for at in range(40 - rank)]
    matrix = of_copies(copies).matrix
    # As who took, Metro comes first; as who gave, Ledger.
    assert [row.name for row in matrix.rows] == ["Metro", *names[:11], OTHERS]
    assert matrix.sources == ("Ledger", *names[:11], OTHERS)
    others = matrix.rows[-1]
    assert others.total == sum(20 - rank for rank in range(11, 15)) == others.cells[0].number
    assert matrix.rows[0].cells[-1].number == sum(40 - rank for rank in range(11, 15))
    assert sum(row.total for row in matrix.rows) == len(copies)


def test_many_others_on_one_side_make_no_column_of_others_on_the_other() -> None:
    matrix = of_copies([took(f"Paper {at}", "Ledger") for at in range(13)]).matrix
    assert matrix.sources == ("Ledger",)
    assert [row.name for row in matrix.rows][-1] == OTHERS
    assert matrix.rows[-1].total == 1


OUTLETS = st.sampled_from([f"Paper {at}" for at in range(30)])


@given(st.lists(st.tuples(OUTLETS, OUTLETS)))
def test_matrix_loses_no_copy(pairs: list[tuple[str, str]]) -> None:
    matrix = of_copies([took(*pair, at) for at, pair in enumerate(pairs)]).matrix
    assert sum(row.total for row in matrix.rows) == len(pairs)
    for row in matrix.rows:
        assert len(row.cells) == len(matrix.sources)
        assert row.total == sum(cell.number for cell in row.cells)
        assert all((cell.depth > 0) == (cell.number > 0) and cell.depth <= 5 for cell in row.cells)


def test_delay_at_the_end_of_a_bin_is_in_the_next() -> None:
    hours = [0, 0.249, 0.25, 0.99, 1, 2.99, 3, 6, 12, 24, 48, 167.9, 168, 10_000]
    found = of_copies([took("Metro", "Ledger", at, hour) for at, hour in enumerate(hours)] + [took("A", "B")])
    assert [(row.name, row.count) for row in found.delays] == [
        ("under 15 min", 2), ("15 min to 1 h", 2), ("1 to 3 h", 2), ("3 to 6 h", 1), ("6 to 12 h", 1),
        ("12 to 24 h", 1), ("1 to 2 days", 1), ("2 to 7 days", 2), ("over a week", 2),
    ]  # fmt: skip
    assert found.delays[0].share == 2 / 14
    assert (found.dated, found.hours) == (14, 4.5)


def test_where_no_delay_is_known_there_are_no_bins() -> None:
    found = of_copies([took("Metro", "Ledger")])
    assert (found.delays, found.dated, found.hours) == ((), 0, None)


def test_stories_with_most_pages_come_first_and_excerpts_are_pages() -> None:
    two, three = a_story("ab", name="two"), a_story("cde", name="three")
    four = a_story("fgh", Origin(None, None, 0, ()), copied("a", "f", Relation.EXCERPT), name="four")
    articles = [article(name, "") for name in "abcdefgh"]
    assert counted(articles, stories=[two, three, four, two]).stories == (2, 1, 0, 3)
    assert counted(articles, stories=[two] * 30).stories == tuple(range(20))


def test_chrome_by_kind_counts_what_rules_took() -> None:
    removed = (
        taken("lock/a", "x" * 30, "newsletter"), taken("lock/b", "x" * 5, "promo", 40),
        taken("extract/menu", "x" * 900, "boilerplate", 50),
    )  # fmt: skip
    found = counted([article("a", "t", removed=removed), article("b", "t", removed=removed[:1])])
    assert [(row.name, row.count) for row in found.kinds] == [("newsletter", 60), ("promo", 5)]
    assert found.kinds_shown == ("newsletter", "promo")


def test_chrome_by_publisher_is_in_tenths_of_a_percent_of_all_its_text() -> None:
    news, promo = taken("lock/n", "x" * 60, "newsletter"), taken("lock/p", "x" * 40, "promo")
    articles = [
        article("a", "t" * 400, outlet="Ledger", removed=(news,)),
        article("b", "t" * 500, outlet="Ledger", removed=(promo,)),
        article("c", "t" * 999, outlet="Metro", removed=(taken("lock/p", "x", "promo"),)),
        article("d", "t" * 500, outlet="Courier"),
        Article(id="e", text="", status=Status.EMPTY, outlet="Courier", removed=(news,)),
    ]
    found = counted(articles)
    assert found.kinds_shown == ("newsletter", "promo")
    assert [(row.name, [(cell.number, cell.depth) for cell in row.cells], row.total) for row in found.publishers] == [
        ("Ledger", [(60, 3), (40, 2)], 100),
        ("Metro", [(0, 0), (1, 1)], 1),
    ]


def test_publishers_with_most_chrome_are_fifteen() -> None:
    articles = [
        article(str(at), "t", outlet=f"Paper {at:02}", removed=(taken("lock/p", "x" * (at + 1)),)) for at in range(20)
    ]
    assert [row.name for row in counted(articles).publishers] == [f"Paper {at:02}" for at in range(19, 4, -1)]


RULE = """
[[rule]]
id = "{id}"
kind = "promo"
summary = "About {id}"
text = "Read our {id}."
{more}
[[rule.accept]]
text = "Read our {id}."
[[rule.reject]]
text = "Read on."
"""


def pack(folder: Path, name: str, **rules: str) -> Path:
    head = f'schema = 1\n[pack]\nname = "{name}"\nversion = "1"\nsummary = "For a test"\n'
    path = folder / f"{name}.toml"
    path.write_text(head + "".join(RULE.format(id=slug, more=more) for slug, more in rules.items()))
    return path


@pytest.fixture
def packs(tmp_path: Path) -> RuleSet:
    """A pack of rules of all sorts, and another."""
    sorts = {
        "took": "", "tagged": 'action = "tag"', "idle": "", "still": "", "kept": 'action = "keep"',
        "preview": 'status = "preview"',
    }  # fmt: skip
    return load_packs([pack(tmp_path, "mine", **sorts), pack(tmp_path, "other", idle="")])


def test_rules_that_never_fired_are_those_of_packs_in_force_that_could_have_taken_something(packs: RuleSet) -> None:
    tagged = Claim("source", "Ledger", "mine/tagged", start=3, end=9)
    one = article("a", "t", removed=(taken("mine/took", "x"),), claims=(tagged,), packs={"mine": "1"})
    assert counted([one, article("b", "t")], rules=packs).never == {"mine": ("idle", "still")}


def test_no_rule_of_a_pack_that_was_in_force_nowhere_is_told(packs: RuleSet) -> None:
    assert counted([article("a", "t")], rules=packs).never == {}


def test_rules_that_took_most_come_first_with_what_they_are_for(packs: RuleSet) -> None:
    much, little = taken("mine/took", "x" * 50), taken("mine/idle", "x" * 9)
    foreign = taken("gone/rule", "x" * 20, "newsletter")
    tagged = Claim("source", "Ledger", "mine/tagged", start=3, end=9)
    articles = [
        article("a", "t", removed=(little, much, foreign), claims=(tagged,)),
        article("b", "t", removed=(little,)),
    ]
    assert [tuple(rule) for rule in counted(articles, rules=packs).rules] == [
        ("mine/took", "promo", "About took", 1, 50),
        ("gone/rule", "newsletter", "", 1, 20),
        ("mine/idle", "promo", "About idle", 2, 18),
    ]


def test_what_was_set_aside_is_told_of_ten() -> None:
    chrome = tuple(Chrome(f"Follow us {at}", 90 - at, "a") for at in range(12))
    found = counted([article("a", "t")], chrome=chrome)
    assert found.set_aside == tuple((f"Follow us {at}", 90 - at, "a") for at in range(10))
