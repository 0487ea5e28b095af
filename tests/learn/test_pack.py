"""Pack files that a machine and people write in turns."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import InputError, RuleError
from syndicate.learn.pack import PackFile, write_pack
from syndicate.learn.proposal import Proposal
from syndicate.model import Kind
from syndicate.rules.check import check_rules
from syndicate.rules.lint import lint_rules
from syndicate.rules.packs import load_packs
from syndicate.rules.rule import Action, Case, Confidence, Evidence, MatchMode, RuleStatus, Seen, Zone
from syndicate.rules.text import BlockText

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

HOST = "harbour.example"
PLACE = Seen("https://harbour.example/1", "The ferry's late.", "Get our tide tables", "")
EVIDENCE = Evidence(12, 40, "2026-11-02", "2026-11-20", 3, ("kind",), (PLACE,))
TIDES = Proposal(
    id="tide-tables", kind=Kind.PROMO, summary="The tide tables", text=("Get our tide tables",), pattern=None,
    match=MatchMode.WHOLE, zone=Zone.TAIL, zone_blocks=4, action=Action.DROP, keywords=(),
    confidence=Confidence.LIKELY, accept=(Case(0, "Get our tide tables"),),
    reject=(Case(0, "Tide tables are late.", why="a sentence of a story"),), evidence=EVIDENCE,
)  # fmt: skip
BOATS = replace(
    TIDES, id="boat-show", text=(), pattern=r"Boats by (?P<author>[A-Z]\w+), it's on", keywords=("boats by",),
    accept=(Case(0, "Boats by Ada, it's on", capture=(("author", "Ada"),), leaves=""),), zone_blocks=0,
)  # fmt: skip
NEW = """\
# Made by 'syndicate rules learn' from pages of harbour.example.
# A rule of the status "preview" fires only with --preview, until somebody has looked at it:
# 'syndicate rules review' goes through them. What is edited here stays as it is.
schema = 1

[pack]
name = "learnt-harbour.example"
version = "1"
summary = "What repeats on pages of harbour.example"
hosts = ["harbour.example"]

[[rule]]
id = "tide-tables"
kind = "promo"
summary = 'The tide tables'
text = 'Get our tide tables'
match = "whole"
zone = "tail"
zone_blocks = 4
action = "drop"
confidence = "likely"
status = "preview"
[[rule.accept]]
text = 'Get our tide tables'
[[rule.reject]]
text = 'Tide tables are late.'
why = 'a sentence of a story'
[rule.evidence]
stories = 12
of = 40
first_seen = "2026-11-02"
last_seen = "2026-11-20"
unseen = 3
guessed = ["kind"]
[[rule.evidence.seen]]
page = 'https://harbour.example/1'
before = '''The ferry's late.'''
text = 'Get our tide tables'
after = ''

[[rule]]
id = "boat-show"
kind = "promo"
summary = 'The tide tables'
pattern = '''Boats by (?P<author>[A-Z]\\w+), it's on'''
match = "whole"
zone = "tail"
keywords = ['boats by']
action = "drop"
confidence = "likely"
status = "preview"
[[rule.accept]]
text = '''Boats by Ada, it's on'''
capture = { author = 'Ada' }
leaves = ''
"""
EDITED = """\
schema = 1  # ours
[pack]
name = "learnt-harbour.example"
version = "2"
summary = 'Edited'

# The tide tables: asked for by Ada.
[[rule]]   # first
id = 'tide-tables'
status = 'stable'   # since the meeting
kind = "newsletter"
summary = "It's the tides"
text = '''
# no comment'''
evidence = { stories = 1, of = 2 }  # inline

# of the rule below
[[rule.accept]]
text = "# no comment"
[[rule.reject]]
text = "News"

# The boats.
[[rule]]
summary = "By hand"
kind = "promo"
id = "boats"
text = ["Boats", "Ships"]
[[rule.accept]]
text = "Boats"
[rule.evidence]
of = 7        # seven
stories = 4
guessed = ["kind", 'zone']  # ?

[[rule.reject]]
text = "Boats sail."
# the end"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "packs" / "harbour.example.toml"


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    file = tmp_path / "edited.toml"
    file.write_text(EDITED, "utf-8")
    return file


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    """Lines that are others than before, of texts with as many."""
    rows = zip(before.split("\n"), after.split("\n"), strict=True)
    return [(old, new) for old, new in rows if old != new]


def test_a_file_is_made_that_reads_well_loads_and_passes(path: Path) -> None:
    change = write_pack(path, HOST, [TIDES, BOATS], {})
    assert (change.path, change.new, change.counted, change.dead) == (path, ("tide-tables", "boat-show"), 0, ())
    assert path.read_text("utf-8").startswith(NEW)
    rules = load_packs([path])
    assert check_rules(rules) == (4, ())
    assert lint_rules(rules) == ()
    tides, boats = rules.rules
    assert (tides.evidence, tides.status, tides.hosts) == (EVIDENCE, RuleStatus.PREVIEW, (HOST,))
    assert (tides.zone_blocks, boats.zone_blocks, boats.keywords) == (4, 12, ("boats by",))
    assert list(path.parent.iterdir()) == [path]


def test_nothing_is_made_where_nothing_is_proposed(path: Path) -> None:
    assert write_pack(path, HOST, [], {"tide-tables": EVIDENCE}).counted == 0
    assert not path.parent.exists()


def test_counts_change_and_nothing_else(path: Path) -> None:
    write_pack(path, HOST, [TIDES], {})
    before = path.read_text("utf-8")
    now = Evidence(15, 60, "2026-11-04", "2026-11-22", 70, ("zone",), ())
    change = write_pack(path, HOST, [], {"tide-tables": now, "gone": now})
    assert (change.new, change.counted, change.dead) == ((), 1, ("tide-tables",))
    assert changed_lines(before, path.read_text("utf-8")) == [
        ("stories = 12", "stories = 15"),
        ("of = 40", "of = 60"),
        ('last_seen = "2026-11-20"', 'last_seen = "2026-11-22"'),
        ("unseen = 3", "unseen = 70"),
    ]


def test_comments_order_and_edits_of_people_stay(edited: Path) -> None:
    now = Evidence(5, 9, "2026-11-04", "2026-11-22", 1)
    change = write_pack(edited, HOST, [replace(TIDES, text=("Tables",))], {"tide-tables": now, "boats": now})
    assert (change.new, change.counted) == (("tide-tables-2",), 2)
    want = EDITED.replace(
        "evidence = { stories = 1, of = 2 }",
        'evidence = { stories = 5, of = 9, first_seen = "2026-11-04", last_seen = "2026-11-22", unseen = 1}',
    )
    want = want.replace("of = 7        # seven\nstories = 4\n", "of = 9        # seven\nstories = 5\n").replace(
        "'zone']  # ?\n",
        "'zone']  # ?\n" + 'first_seen = "2026-11-04"\nlast_seen = "2026-11-22"\nunseen = 1\n',
    )
    assert edited.read_text("utf-8").startswith(f'{want}\n\n[[rule]]\nid = "tide-tables-2"\n')


def test_a_rule_without_evidence_gets_counts(edited: Path) -> None:
    edited.write_text(EDITED.replace("evidence = { stories = 1, of = 2 }  # inline\n", ""), "utf-8")
    write_pack(edited, HOST, [], {"tide-tables": EVIDENCE})
    evidence = PackFile(edited).rules["tide-tables"].evidence
    assert evidence == replace(EVIDENCE, guessed=(), seen=())
    assert "# The boats.\n[[rule]]\nsummary" in edited.read_text("utf-8")


def test_ids_are_never_used_again(path: Path) -> None:
    write_pack(path, HOST, [TIDES, TIDES], {})
    pack = PackFile(path)
    pack.settle("tide-tables", RuleStatus.REJECTED)
    pack.save()
    assert write_pack(path, HOST, [TIDES], {}).new == ("tide-tables-3",)
    assert list(PackFile(path).rules) == ["tide-tables", "tide-tables-2", "tide-tables-3"]


def test_a_rejected_rule_is_not_named_dead(path: Path) -> None:
    gone = replace(EVIDENCE, unseen=500)
    assert write_pack(path, HOST, [replace(TIDES, evidence=gone)], {}).dead == ("tide-tables",)
    pack = PackFile(path)
    pack.settle("tide-tables", RuleStatus.REJECTED)
    assert pack.dead == ()


def test_a_file_that_would_not_change_is_not_written(path: Path) -> None:
    write_pack(path, HOST, [TIDES], {})
    os.utime(path, ns=(1, 1))
    write_pack(path, HOST, [], {"tide-tables": EVIDENCE})
    assert path.stat().st_mtime_ns == 1


@pytest.mark.parametrize("bad", ["schema = 2\n", EDITED.replace("kind", "kin", 1), '"', "\x00"])
def test_a_file_that_does_not_hold_is_a_rule_error_and_stays(path: Path, bad: str) -> None:
    path.parent.mkdir()
    path.write_text(bad, "utf-8")
    with pytest.raises(RuleError):
        write_pack(path, HOST, [TIDES], {})
    assert path.read_text("utf-8") == bad


def test_a_proposal_that_does_not_hold_is_not_written(path: Path) -> None:
    with pytest.raises(RuleError, match="one of 'pattern', 'text' and 'selector'"):
        write_pack(path, HOST, [TIDES, replace(TIDES, pattern="Tides")], {})
    assert not path.exists()


def test_rules_that_are_not_written_as_tables_cannot_be_edited(path: Path) -> None:
    path.parent.mkdir()
    rule = "{ id = 'a', kind = 'promo', summary = 'a', text = 'a', accept = [{text='a'}], reject = [{text='b'}] }"
    text = f"schema = 1\nrule = [{rule}]\n[pack]\nname = 'a'\nversion = '1'\nsummary = 'a'\n"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"a: there is no \[\[rule\]\] of this id"):
        write_pack(path, HOST, [], {"a": EVIDENCE})
    with pytest.raises(RuleError, match="not TOML"):
        write_pack(path, HOST, [TIDES], {})
    assert path.read_text("utf-8") == text


def test_lines_of_windows_and_the_files_mode_stay(edited: Path) -> None:
    edited.write_bytes(b"\xef\xbb\xbf" + EDITED.replace("\n", "\r\n").encode())
    edited.chmod(0o640)
    write_pack(edited, HOST, [TIDES], {"boats": EVIDENCE, "tide-tables": EVIDENCE})
    data = edited.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfschema = 1  # ours\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert stat.S_IMODE(edited.stat().st_mode) == 0o640
    assert PackFile(edited).rules["boats"].evidence == replace(EVIDENCE, guessed=("kind", "zone"), seen=())


def test_a_link_stays_a_link(edited: Path) -> None:
    link = edited.with_name("link.toml")
    link.symlink_to(edited)
    write_pack(link, HOST, [], {"boats": EVIDENCE})
    assert link.is_symlink()
    assert PackFile(edited).rules["boats"].evidence == replace(EVIDENCE, guessed=("kind", "zone"), seen=())


def test_what_somebody_else_wrote_meanwhile_is_not_lost(edited: Path) -> None:
    pack = PackFile(edited)
    pack.settle("boats", RuleStatus.REJECTED)
    edited.write_text(EDITED + "\n# mine", "utf-8")
    with pytest.raises(InputError, match="somebody else has changed it"):
        pack.save()
    assert edited.read_text("utf-8").endswith("# mine")


def test_a_folder_that_cannot_be_written_to_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "packs").touch()
    with pytest.raises(InputError, match="cannot write"):
        write_pack(tmp_path / "packs" / "a.toml", HOST, [TIDES], {})


def test_a_rule_is_settled(edited: Path) -> None:
    pack = PackFile(edited)
    pack.set_kind("boats", Kind.NEWSLETTER)
    assert pack.rules["boats"].evidence == Evidence(4, 7, guessed=("zone",))
    pack.settle("boats", RuleStatus.STABLE)
    assert pack.save()
    assert not pack.save()
    boats = PackFile(edited).rules["boats"]
    assert (boats.kind, boats.status, boats.evidence) == (Kind.NEWSLETTER, RuleStatus.STABLE, Evidence(4, 7))
    want = EDITED.replace(
        'id = "boats"\ntext = ["Boats", "Ships"]', 'id = "boats"\ntext = ["Boats", "Ships"]\nstatus = "stable"'
    )
    want = want.replace('"By hand"\nkind = "promo"', '"By hand"\nkind = "newsletter"')
    assert edited.read_text("utf-8") == want.replace("guessed = [\"kind\", 'zone']  # ?\n", "")


def test_the_last_field_that_was_guessed_goes_with_its_key(path: Path) -> None:
    write_pack(path, HOST, [TIDES], {})
    pack = PackFile(path)
    pack.set_kind("tide-tables", Kind.PROMO)
    pack.save()
    assert "guessed" not in path.read_text("utf-8")


def test_a_rule_s_table_is_taken_out_and_put_back(edited: Path) -> None:
    pack = PackFile(edited)
    table = pack.table("tide-tables")
    assert table.startswith("[[rule]]   # first\n")
    assert table.endswith('text = "News"\n')
    assert pack.table("boats").endswith('text = "Boats sail."\n')
    pack.replace("tide-tables", table)
    assert not pack.save()
    pack.replace("tide-tables", table.replace("It's the tides", "Tides"))
    pack.save()
    assert edited.read_text("utf-8") == EDITED.replace("It's the tides", "Tides")
    assert pack.written("boats")["text"] == ["Boats", "Ships"]


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ("", InputError),
        ("# gone", InputError),
        (EDITED.split("# The boats.\n")[1].replace('"boats"', '"ships"'), InputError),
        (
            EDITED.split("# The boats.\n")[1] + "\n" + EDITED.split("# The boats.\n")[1].replace('"boats"', '"a"'),
            InputError,
        ),
        (EDITED.split("# The boats.\n")[1].replace("summary", "sumary"), RuleError),
        ("[[rule", RuleError),
    ],
)
def test_what_does_not_hold_is_not_put_back(edited: Path, table: str, error: type[Exception]) -> None:
    pack = PackFile(edited)
    with pytest.raises(error):
        pack.replace("boats", table)
    assert not pack.save()
    assert list(pack.rules) == ["tide-tables", "boats"]


def test_a_table_that_is_torn_apart_is_not_edited(edited: Path) -> None:
    tables = EDITED.replace("# The boats.\n", "")
    first, _, second = tables.partition("[[rule]]\nsummary")
    torn = first.replace("evidence = { stories = 1, of = 2 }  # inline\n", "")
    torn += "[fragments]\na = 'x'\n[rule.evidence]\nstories = 1\nof = 2\n[[rule]]\nsummary" + second
    edited.write_text(torn, "utf-8")
    with pytest.raises(InputError, match="tide-tables: its evidence stands below another table"):
        write_pack(edited, HOST, [], {"tide-tables": EVIDENCE})
    assert edited.read_text("utf-8") == torn


WORDS = st.text(min_size=1).filter(lambda text: bool(BlockText(text).text.strip()))
DAYS = st.dates().map(str) | st.none()
COUNTS = st.integers(0, 10**6)


@st.composite
def proposals(draw: st.DrawFn) -> Proposal:
    text = BlockText(draw(WORDS)).text.strip()
    places = st.builds(Seen, st.text(), st.text(), WORDS.filter(lambda text: bool(text.strip())), st.text())
    return replace(
        TIDES,
        kind=draw(st.sampled_from(Kind)),
        summary=draw(WORDS),
        text=("Harbour " + text, *draw(st.lists(WORDS.map(lambda text: "Pier " + BlockText(text).text), max_size=2))),
        accept=(Case(0, "Harbour " + text),),
        reject=(Case(0, "Nothing near."),),
        evidence=Evidence(
            draw(COUNTS), draw(COUNTS) + 1, draw(DAYS), draw(DAYS), draw(COUNTS),
            tuple(draw(st.lists(st.sampled_from(["kind", "zone"]), unique=True))),
            tuple(draw(st.lists(places, max_size=3))),
        ),
    )  # fmt: skip


@given(st.lists(proposals(), min_size=1, max_size=3))
def test_what_is_written_loads_and_passes_and_is_not_written_twice(
    tmp_path_factory: pytest.TempPathFactory, some: list[Proposal]
) -> None:
    path = tmp_path_factory.mktemp("packs") / "a.toml"
    new = write_pack(path, HOST, some, {}).new
    rules = load_packs([path])
    assert check_rules(rules)[1] == ()
    for proposal, rule in zip(some, rules.rules, strict=True):
        assert rule.evidence is not None
        assert in_toml(rule.summary) == in_toml(proposal.summary)
        assert [places_of(rule.evidence)] == [places_of(proposal.evidence)]
    before = path.read_bytes()
    counted = {slug: proposal.evidence for slug, proposal in zip(new, some, strict=True)}
    os.utime(path, ns=(1, 1))
    write_pack(path, HOST, [], {**counted, "gone": EVIDENCE})
    assert (path.stat().st_mtime_ns, path.read_bytes()) == (1, before)


def in_toml(text: str) -> str:
    """A text as TOML can have it: with U+FFFD for a half of a character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def places_of(evidence: Evidence) -> Iterable[tuple[str, ...]]:
    return [tuple(map(in_toml, (one.page, one.before, one.text, one.after))) for one in evidence.seen]


@given(
    st.builds(Evidence, COUNTS, COUNTS.map(lambda count: count + 1), DAYS, DAYS, COUNTS),
    st.lists(st.sampled_from(["", "# a note", "  # 'odd", "#[[rule]]"]), min_size=3, max_size=3),
)
def test_counting_touches_nothing_but_counts(
    tmp_path_factory: pytest.TempPathFactory, now: Evidence, notes: list[str]
) -> None:
    path = tmp_path_factory.mktemp("packs") / "a.toml"
    lines = EDITED.split("\n")
    for at, note in zip((7, 24, len(lines)), notes, strict=True):
        lines.insert(at, note)
    path.write_text("\n".join(lines), "utf-8")
    write_pack(path, HOST, [], {"boats": now})
    after = path.read_text("utf-8").split("\n")
    keys = ("stories", "of ", "first_seen", "last_seen", "unseen")
    kept = [line for line in after if not line.startswith(keys)]
    assert kept == [line for line in lines if not line.startswith(keys)]
    evidence = PackFile(path).rules["boats"].evidence
    assert evidence == replace(now, guessed=("kind", "zone"))
    write_pack(path, HOST, [], {"boats": now})
    assert path.read_text("utf-8").split("\n") == after
