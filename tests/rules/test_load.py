"""Rule files: what is read from good ones, and what is said of bad ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from syndicate.errors import RuleError
from syndicate.model import Kind
from syndicate.rules.load import load_files
from syndicate.rules.rule import Action, Confidence, MatchMode, Zone

if TYPE_CHECKING:
    from pathlib import Path

HEADER = """\
schema = 1

[pack]
name = "try"
version = "1.2"
summary = "For a test"
"""
RULE = """\

[[rule]]
id = "share-line"
kind = "share-prompt"
summary = "Asks to share"
pattern = 'Share this story'
[[rule.accept]]
text = "Share this story"
[[rule.reject]]
text = "She would share this story with Ada."
why = "story text"
"""
GOOD = HEADER + RULE
SELECTOR_RULE = """\

[[rule]]
id = "box"
kind = "promo"
summary = "A box"
selector = "div.box"
[[rule.accept]]
html = "<div class=box>Buy</div>"
[[rule.reject]]
html = "<div>News</div>"
"""


def problems(folder: Path, *texts: str | bytes) -> list[str]:
    """What is said of some files, in order, without the folder's name."""
    files = [folder / f"{letter}.toml" for letter in "abcdef"[: len(texts)]]
    for file, text in zip(files, texts, strict=True):
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(RuleError) as caught:
        load_files(files, {})
    said = str(caught.value).split("\n")
    assert said == list(map(str, caught.value.problems))
    return [line.removeprefix(f"{folder}/") for line in said]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('version = "1.2"', "version = 1.2", "5: pack: 'version' must be a string that is not empty, not 1.2"),
        ('version = "1.2"', 'version = "1.2"\nhost = []', "6: pack: unknown key 'host' (did you mean 'hosts'?)"),
        ('id = "share-line"', 'id = "A_B"', "9: A_B: an id is lower-case words joined by hyphens"),
        ("share-prompt", "share-promt", "10: share-line: unknown kind 'share-promt' (did you mean 'share-prompt'?)"),
        (
            'summary = "Asks to share"',
            "summary = 3",
            "11: share-line: 'summary' must be a string that is not empty, not 3",
        ),
        ("'Share this story'", "'Share (this'", "12: share-line: bad pattern: missing ) at position 11"),
        ("this story'", "(?P<autor>.+)'", "12: share-line: unknown group 'autor' (did you mean 'author'?)"),
        (
            "pattern = 'Share this story'",
            "pattern = 'Share'\ntext = 'Share'",
            "13: share-line: one of 'pattern', 'text' and 'selector' is needed; found 'pattern' and 'text'",
        ),
        ("why =", "way =", "17: share-line: unknown key 'way' (did you mean 'why'?)"),
        ('why = "story text"', "why = 5", "17: share-line: 'why' must be a string, not 5"),
    ],
)
def test_problem_names_file_line_rule_and_way_out(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert GOOD.count(old) == 1
    assert problems(tmp_path, GOOD.replace(old, new)) == [f"a.toml:{said}"]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('mach = "start"', "unknown key 'mach' (did you mean 'match'?)"),
        ('match = "hole"', "unknown match 'hole' (did you mean 'whole'?)"),
        ('zone = "tial"', "unknown zone 'tial' (did you mean 'tail'?)"),
        ('action = "tirm"', "unknown action 'tirm' (did you mean 'trim'?)"),
        ('confidence = "likley"', "unknown confidence 'likley' (did you mean 'likely'?)"),
        ('action = "zzz"', "unknown action 'zzz'; known: keep, cut-after, cut-before, drop, trim, tag"),
        ('action = "cut-after"', "action 'cut-after' needs zone = 'tail'"),
        ('action = "cut-before"', "action 'cut-before' needs zone = 'head'"),
        ('zone_blocks = "3"', "'zone_blocks' must be a whole number from 1 on, not '3'"),
        ("zone_blocks = true", "'zone_blocks' must be a whole number from 1 on, not True"),
        ('keywords = "share"', "'keywords' must be an array of strings, none of them empty, not 'share'"),
    ],
)
def test_bad_setting_of_a_rule_is_named_on_its_line(tmp_path: Path, written: str, message: str) -> None:
    text = GOOD.replace('share"\npattern', f'share"\n{written}\npattern')
    assert problems(tmp_path, text) == [f"a.toml:12: share-line: {message}"]


@pytest.mark.parametrize(
    ("old", "message"),
    [
        ('id = "share-line"', "8: rule 1: 'id' is missing"),
        ('kind = "share-prompt"', "8: share-line: 'kind' is missing"),
        ('summary = "Asks to share"', "8: share-line: 'summary' is missing"),
        ('text = "Share this story"', "13: share-line: 'text' is missing in [[rule.accept]]"),
        ('name = "try"', "3: pack: 'name' is missing"),
        ("schema = 1", "1: pack: schema None: write schema = 1 first"),
    ],
)
def test_missing_key_is_named_with_its_tables_line(tmp_path: Path, old: str, message: str) -> None:
    assert problems(tmp_path, GOOD.replace(f"{old}\n", "")) == [f"a.toml:{message}"]


def test_pattern_without_a_literal_asks_for_keywords_on_its_line(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, GOOD.replace("'Share this story'", r"'\w+ \d+'"))
    assert said.startswith("a.toml:12: share-line: no literal of 4 characters that every match contains")
    assert "give 'keywords'" in said


@pytest.mark.parametrize("group", ["accept", "reject"])
def test_rule_without_its_own_tests_is_refused(tmp_path: Path, group: str) -> None:
    text = GOOD.replace(f"[[rule.{group}]]", "[[rule.known_miss]]")
    assert problems(tmp_path, text) == [
        f"a.toml:9: share-line: no [[rule.{group}]]: a rule shows at least one text it {group}s"
    ]


def test_rule_without_anything_to_match_is_refused(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, GOOD.replace("pattern = 'Share this story'\n", ""))
    assert said.startswith("a.toml:9: share-line: one of 'pattern', 'text' and 'selector' is needed; found none")


def test_bad_selector_is_named_on_its_line(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, HEADER + SELECTOR_RULE.replace("div.box", "div[["))
    assert said.startswith("a.toml:12: box: selector 'div[[' is not CSS")


def test_selector_rule_needs_markup_in_its_tests(tmp_path: Path) -> None:
    text = HEADER + SELECTOR_RULE.replace('html = "<div>News</div>"', 'text = "News"')
    assert problems(tmp_path, text) == ["a.toml:15: box: 'html' is missing in [[rule.reject]]"]


def test_duplicate_id_names_both_lines(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD + RULE) == ["a.toml:20: share-line: id is taken by the rule on line 8"]


def test_two_packs_of_one_name_are_refused(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, GOOD, GOOD)
    assert said == f"b.toml:4: pack: pack name 'try' is taken by {tmp_path}/a.toml"


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("2", "schema 2: made for a newer version of syndicate"),
        ("0", "schema 0: write schema = 1 first"),
        ('"1"', "schema '1': write schema = 1 first"),
    ],
)
def test_other_schema_is_refused_before_anything_else(tmp_path: Path, schema: str, message: str) -> None:
    text = "# from elsewhere\n" + GOOD.replace("schema = 1", f"schema = {schema}").replace("kind", "knid")
    assert problems(tmp_path, text) == [f"a.toml:2: pack: {message}"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('version = "1.2"', "version = ", 5),
        ('kind = "share-prompt"', 'kind = "promo"\nkind = "share-prompt"', 11),
        ('[[rule.reject]]\ntext = "She would', '[[rule.reject]\ntext = "She would', 15),
    ],
)
def test_what_is_not_toml_is_named_on_its_line(tmp_path: Path, old: str, new: str, line: int) -> None:
    (said,) = problems(tmp_path, GOOD.replace(old, new))
    assert said.startswith(f"a.toml:{line}: pack: not TOML: ")


def test_unclosed_string_is_reported_at_a_line_of_the_file(tmp_path: Path) -> None:
    text = GOOD.replace("'Share this story'", "'''Share this story")
    (said,) = problems(tmp_path, text)
    assert 11 <= int(said.split(":")[1]) <= text.count("\n") + 1


def test_bytes_that_are_not_utf8_are_named_on_their_line(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, GOOD.encode().replace(b"Ada", b"Ad\xe9le"))
    assert said.startswith("a.toml:16: pack: not UTF-8: ")


@pytest.mark.parametrize("encode", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_files_from_windows_are_read_and_keep_their_lines(tmp_path: Path, encode: object) -> None:
    assert callable(encode)
    file = tmp_path / "pack.toml"
    file.write_bytes(encode(GOOD).encode())
    ((pack,), _) = load_files([file], {})
    assert [(rule.id, rule.place) for rule in pack.rules] == [("try/share-line", f"{file}:8")]
    assert problems(tmp_path, encode(GOOD.replace("share-prompt", "share"))) == [
        "a.toml:10: share-line: unknown kind 'share' (did you mean 'share-prompt'?)"
    ]


def test_all_problems_of_all_files_come_at_once_in_order(tmp_path: Path) -> None:
    bad = GOOD.replace("share-prompt", "shout").replace('version = "1.2"', 'versoin = "1.2"')
    said = problems(tmp_path, bad.replace('name = "try"', 'name = "one"'), GOOD, "schema = 7\n", bad + "[[broken\n")
    assert [line.split(": ")[0] for line in said] == ["a.toml:3", "a.toml:5", "a.toml:10", "c.toml:1", "d.toml:18"]


def test_problem_carries_its_place_for_programs(tmp_path: Path) -> None:
    file = tmp_path / "pack.toml"
    file.write_text(GOOD.replace("share-prompt", "shout"), "utf-8")
    with pytest.raises(RuleError) as caught:
        load_files([file], {})
    assert (caught.value.file, caught.value.line, caught.value.rule) == (str(file), 10, "share-line")


def test_multi_line_strings_that_look_like_tables_do_not_shift_lines(tmp_path: Path) -> None:
    trap = "summary = '''\n[[rule]]\nid = \"share-line\"\n[[rule.accept]]\ntext = \"no\"\n'''"
    text = GOOD.replace('summary = "Asks to share"', trap).replace("why =", "wyh =")
    assert problems(tmp_path, text) == ["a.toml:22: share-line: unknown key 'wyh' (did you mean 'why'?)"]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("[[rule]]", "[[rules]]", 8),
        ("[[rule.accept]]", "[[rule.acept]]", 13),
        ("[[rule.accept]]", "[rule.accept]", 13),
        ("\n[[rule]]", "\n[articles]\nnames = []\n[[rule]]", 8),
        ("\n[[rule]]", "\n[articel]\n[[rule]]", 8),
    ],
)
def test_table_with_a_wrong_header_is_named_on_its_own_line(tmp_path: Path, old: str, new: str, line: int) -> None:
    said = problems(tmp_path, GOOD.replace(old, new))
    assert any(line_said.startswith(f"a.toml:{line}: ") for line_said in said), said


@pytest.mark.parametrize("line", ["article = 3", "tags = 3", "names = 'nav'", "rule = [3]", "rule = 3", "pack = 3"])
def test_wrong_type_of_a_table_is_a_problem_not_a_crash(tmp_path: Path, line: str) -> None:
    header = "" if line == "pack = 3" else HEADER.replace("schema = 1\n", "")
    said = problems(tmp_path, f"schema = 1\n{line}\n{header}")
    assert any(problem.startswith("a.toml:2: pack: ") for problem in said), said


@pytest.mark.parametrize(
    "table",
    ["[article]\nnames = 3", "[article]\nnames = 'body'", "[article]\nnames = [[]]", "[tags]\npromo = 3",
     "[tags]\npromo = 'aside'", "[names]\npromo = [3]"],
)  # fmt: skip
def test_markers_that_are_no_lists_of_words_are_named_on_their_line(tmp_path: Path, table: str) -> None:
    (said,) = problems(tmp_path, HEADER + table)
    assert said.startswith("a.toml:8: pack: ")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("pattern = 'Share this story'", "text = [3]", 12),
        ("pattern = 'Share this story'", "text = []", 12),
        ("pattern = 'Share this story'", "text = ''", 12),
        ("pattern = 'Share this story'", "text = ['Share this', '']", 12),
        ("pattern = 'Share this story'", "pattern = ''", 12),
    ],
)
def test_empty_or_foreign_text_to_match_is_named_on_its_line(tmp_path: Path, old: str, new: str, line: int) -> None:
    said = problems(tmp_path, GOOD.replace(old, new))
    assert all(problem.startswith(f"a.toml:{line}: share-line: ") for problem in said), said


@pytest.mark.parametrize("text", ['"Go to top"', '"Don\'t"', '["It\'s us", "Read it all"]', '["More", "Most"]'])
def test_literal_text_needs_no_keywords(tmp_path: Path, text: str) -> None:
    file = tmp_path / "pack.toml"
    file.write_text(GOOD.replace("pattern = 'Share this story'", f"text = {text}"), "utf-8")
    ((pack,), _) = load_files([file], {})
    assert pack.rules[0].keywords


def test_unknown_kind_of_a_marker_is_named_on_its_line(tmp_path: Path) -> None:
    text = f'{HEADER}\n[tags]\npromo = ["aside"]\n\n[names]\nnavigaton = [\n  "menu",\n]\n'
    assert problems(tmp_path, text) == ["a.toml:12: pack: unknown key 'navigaton' (did you mean 'navigation'?)"]


def test_defaults_of_a_rule(tmp_path: Path) -> None:
    file = tmp_path / "pack.toml"
    file.write_text(GOOD, "utf-8")
    ((pack,), _) = load_files([file], {})
    (rule,) = pack.rules
    assert (rule.kind, rule.match, rule.zone, rule.action, rule.confidence, rule.keywords, rule.hosts) == (
        Kind.SHARE_PROMPT, MatchMode.WHOLE, Zone.ANYWHERE, Action.DROP, Confidence.LIKELY, ("share this story",), (),
    )  # fmt: skip
    assert pack.stamp == f"1.2+sha256:{pack.digest[:12]}"
    assert [case.line for case in (*rule.accept, *rule.reject)] == [13, 15]


def test_markers_of_all_files_come_together(tmp_path: Path) -> None:
    files = [tmp_path / "a.toml", tmp_path / "b.toml"]
    files[0].write_text(f'{HEADER}[article]\nnames = ["story"]\n[tags]\npromo = ["aside"]\n', "utf-8")
    files[1].write_text(f'{HEADER.replace("try", "two")}[article]\nnames = ["body"]\n[tags]\nbyline = ["aside"]\n')
    _, markers = load_files(files, {})
    assert markers.article == {"story", "body"}
    assert markers.tags == {"aside": "byline"}  # the later file wins


_FULL = f"""{HEADER}hosts = ["example.org"]
[article]
names = ["body"]
[tags]
promo = ["aside"]
{SELECTOR_RULE}{RULE}leaves = "none"
[[rule]]
id = "third"
kind = "promo"
summary = "Offers more"
text = "Read it all"
match = "end"
zone = "tail"
zone_blocks = 3
keywords = ["read"]
action = "cut-after"
max_cut_blocks = 2
confidence = "certain"
accept = [{{ text = "Read it all" }}]
reject = [{{ text = "He has read it all." }}]
known_miss = [{{ text = "Read all of it" }}]
"""


def test_full_rule_file_loads(tmp_path: Path) -> None:
    file = tmp_path / "full.toml"
    file.write_text(_FULL, "utf-8")
    ((pack,), _) = load_files([file], {})
    assert [rule.id for rule in pack.rules] == ["try/box", "try/share-line", "try/third"]


@pytest.mark.parametrize(
    "value",
    ["3", "-1", "'x'", "''", "[]", "[3]", "['']", "[[]]", "{}", "[{}]", "true", "1979-05-27", "nan", "'(?'",
     "'[[:alpha:]]ab'"],
)  # fmt: skip
def test_any_value_of_any_key_loads_or_is_a_rule_error(tmp_path: Path, value: str) -> None:
    lines = _FULL.split("\n")
    crashes: list[str] = []
    for at, line in enumerate(lines):
        key, equals, _ = line.partition(" = ")
        if not equals:
            continue
        file = tmp_path / "any.toml"
        file.write_text("\n".join([*lines[:at], f"{key} = {value}", *lines[at + 1 :]]), "utf-8")
        try:
            load_files([file], {})
        except RuleError as error:
            if not all(1 <= problem.line <= len(lines) for problem in error.problems):
                crashes.append(f"line {at + 1}: a problem has no line")
        except Exception as error:  # noqa: BLE001 - whatever it is, the file is at fault and must be named
            crashes.append(f"line {at + 1}: {key} = {value}: {error!r}")
    assert not crashes, "\n".join(crashes)
