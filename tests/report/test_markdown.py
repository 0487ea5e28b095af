"""Markdown: what a stranger wrote comes out as itself, in one cell, and as no link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import SyndicationGraph
from syndicate.graph import Evidence, Origin
from syndicate.report.page import plain
from tests.report.reports import a_story, copied, markdown_of, saved, taken
from tests.stories import article, body

if TYPE_CHECKING:
    from pathlib import Path

ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
"""A backslash before ASCII punctuation, which CommonMark takes for that character."""
_CODES = (
    range(9),
    range(14, 32),
    range(127, 160),
    range(0x202A, 0x202F),
    range(0x2066, 0x206A),
    range(0xD800, 0xE000),
)
UNSEEN = {code: "\ufffd" for codes in _CODES for code in codes}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Gates shut", "Gates shut"),
        ("Grüße, 世界: 12:30", "Grüße, 世界: 12:30"),
        ("a | b", r"a \| b"),
        ("a\nb\r\n\nc\t\u2028d", "a b c d"),
        ("[here](https://lock.example)", r"\[here\]\(https:\//lock.example\)"),
        ("https://lock.example", r"https:\//lock.example"),
        ("www.lock.example WWW.lock.example", r"www\.lock.example WWW\.lock.example"),
        ("<img src=x onerror=alert(1)>", r"\<img src=x onerror=alert\(1\)\>"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("**bold** _it_ `code` ~~gone~~", r"\*\*bold\*\* \_it\_ \`code\` \~\~gone\~\~"),
        ("# head", r"\# head"), ("> quote", r"\> quote"), ("- item", r"\- item"), ("+ item", r"\+ item"),
        ("1. item", r"1\. item"), ("12. item", r"12\. item"), ("a - b + 1. c", "a - b + 1. c"),
        ("![x](y)", r"\!\[x\]\(y\)"), ("\\|", r"\\\|"), ("$x$", r"\$x\$"),
        ("a\x00b\x1b]52;c\x07\x9b\x7f", "a\ufffdb\ufffd\\]52;c\ufffd\ufffd\ufffd"),
        ("\u202egnp.exe\u2066", "\ufffdgnp.exe\ufffd"), ("\ud83d", "\ufffd"), ("", ""), (" \n ", ""),
    ],
)  # fmt: skip
def test_text_means_nothing_but_itself(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text(st.one_of(st.sampled_from(r"\|`*_[]()<>#!~&$:/w.-+1 ") | st.characters())))
def test_text_reads_the_same_once_its_escapes_are_taken_away(text: str) -> None:
    found = plain(text)
    assert "\n" not in found
    assert "://" not in found
    assert not re.search(r"(?<!\\)(\\\\)*[|<>\[\]`*]", found)
    assert ESCAPED.sub(r"\1", found) == " ".join(text.split()).translate(UNSEEN)


HOSTILE = "| a | b |\n\n# Head\n\n- [x](javascript:alert(1)) <script>alert(1)</script> https://lock.example"


def test_hostile_fields_make_no_row_no_head_no_markup_and_no_link(tmp_path: Path) -> None:
    articles = [
        article(
            name, body(1), title=f"{HOSTILE} {name}", outlet=f"{HOSTILE} {name}", published=HOSTILE, byline=HOSTILE,
            removed=(taken(HOSTILE, HOSTILE, HOSTILE),),
        )
        for name in "ab"
    ]  # fmt: skip
    origin = Origin(f"{HOSTILE} a", "a", 0.9, (Evidence(HOSTILE, "b", HOSTILE, HOSTILE),))
    graph = SyndicationGraph((), (a_story("ab", origin, copied("b", "a")),))
    clean = [article(name, body(1), title=name, outlet=name, removed=(taken("x/y", "z"),)) for name in "ab"]
    tame = Origin("a", "a", 0.9, (Evidence("licence", "b", "a", "CC"),))
    tame_graph = SyndicationGraph((), (a_story("ab", tame, copied("b", "a")),))
    text = markdown_of(saved(tmp_path / "hostile", articles, graph), HOSTILE)
    like = markdown_of(saved(tmp_path / "tame", clean, tame_graph))

    def shape(markdown: str) -> list[tuple[str, int]]:
        return [
            (line[:2] if line[:1] in "#|-" else "", len(re.findall(r"(?<!\\)\|", line)))
            for line in markdown.split("\n")
        ]

    assert shape(text) == shape(like)
    assert "<script" not in text.replace("\\<", "")
    assert "](" not in text
    assert "://" not in text


def test_figures_and_stories_are_told_in_tables(tmp_path: Path) -> None:
    story = body(1)
    articles = [
        article("a", story, title="Gates shut", outlet="Ledger", published="2026-03-03T06:30:00Z"),
        article("b", story, title="Gates shut", outlet="Metro", published="2026-03-03T09:30:00Z",
                removed=(taken("lock/tide-tables", "Read on" * 100),)),
        article("c", body(2), outlet="Metro"),
    ]  # fmt: skip
    text = markdown_of(saved(tmp_path, articles), "Gates & co")
    lines = text.splitlines()
    assert lines[0] == r"# Gates \& co"
    for line in (
        "| articles | 3 |", "| outlets | 2 |", "| stories | 1 |", "| copied from another outlet | 1 |",
        "| half of the copies within | 3 hours |", "| promo | 700 | 100% |", "| outlet | Ledger | all |",
        "| Metro | 1 | 1 |", "- Ledger, 2026-03-03 06:30: the original",
        "- Metro, 2026-03-03 09:30: repost of Ledger",
    ):  # fmt: skip
        assert line in lines, text
    rows = [line for line in lines if line.startswith("| Gates shut | 2 | 2 | Ledger | 0.")]
    assert [row.endswith("| 2026-03-03 06:30 |") for row in rows] == [True]


def test_many_pages_are_told_as_a_number(tmp_path: Path) -> None:
    names = [f"p{at:02}" for at in range(14)]
    articles = [article(name, "t", outlet=f"Paper {name}") for name in names]
    text = markdown_of(saved(tmp_path, articles, SyndicationGraph((), (a_story(names),))))
    assert "- and 4 more" in text.splitlines()


def test_nothing_makes_a_short_report(tmp_path: Path) -> None:
    text = markdown_of(saved(tmp_path, [], SyndicationGraph((), ())))
    assert "| articles | 0 |" in text
    assert "##" not in text
