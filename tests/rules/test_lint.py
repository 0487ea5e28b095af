"""What lint finds in rules that load and pass their tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.rules.check import check_rules
from syndicate.rules.lint import lint_rules
from syndicate.rules.packs import load_packs

RULE = """
schema = 1
[pack]
name = "try"
version = "1"
summary = "For a test"
[[rule]]
id = "share-line"
kind = "share-prompt"
summary = "Asks to share"
keywords = ["share"]
pattern = '{pattern}'
match = "{match}"
[[rule.accept]]
text = "{accept}"
[[rule.reject]]
text = "The gates are shut."
"""


def findings(folder: Path, pattern: str, accept: str = "Share this story", match: str = "whole") -> list[str]:
    file = folder / "try.toml"
    file.write_text(RULE.format(pattern=pattern, accept=accept, match=match), "utf-8")
    return [finding.message for finding in lint_rules(load_packs([file]))]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(?i)share (?P<author>\\p{Lu}\\w+)", "wrap it in (?-i:...)"),
        ("Share (?i:this \\p{Lu}\\w+)", "wrap it in (?-i:...)"),
        (".*Share this story", "begins with a wildcard"),
        ("(?:.+)Share this story", "begins with a wildcard"),
        ("Share (?:(?:a+)+)+b", "repeat without end inside another"),
        ("Share (?:\\w+|\\d+)*!", "repeat without end inside another"),
        ("(?:Share this story)?", "matches the empty text"),
        ("(?:Share this story){e<=1}", "fuzzy matching"),
        ("Share (?:\\((?R)?\\))?this", "recursion"),
        ("Share(?: \\w+)* \\w+ \\w+!", " ms on 100 kB of "),
    ],
)
def test_a_rule_that_is_not_what_it_looks_like_is_found(tmp_path: Path, pattern: str, words: str) -> None:
    assert any(words in message for message in findings(tmp_path, pattern)), findings(tmp_path, pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "Share this story",
        "(?i)share this (?-i:(?P<author>\\p{Lu}\\w+))",
        "(?i:share) (?P<author>\\p{Lu}\\w+)",
        "Share(?: \\w{1,20}){1,5}+",
        "Share [(\\]) ]{1,3}this",
        "Share this \\((?:story|page)\\)",
    ],
)
def test_a_sound_rule_is_left_alone(tmp_path: Path, pattern: str) -> None:
    assert findings(tmp_path, pattern) == []


def selector_findings(folder: Path, selector: str) -> list[str]:
    file = folder / "try.toml"
    head, _, _ = RULE.partition("keywords =")
    tests = f"""selector = '{selector}'
[[rule.accept]]
html = '<div class="share">Share this</div>'
[[rule.reject]]
html = "<p>The gates are shut.</p>"
"""
    file.write_text(head + tests, "utf-8")
    return [finding.message for finding in lint_rules(load_packs([file]))]


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        (".share div div a", "more than two descendant combinators: on a page nested 256 deep three take 0.2 s"),
        (".share, main\t.box  ul > li a:hover span", "more than two descendant combinators"),
        (".share :not(main div) a", "more than two descendant combinators"),
        ("main .share:is(ul, ol) li a", "more than two descendant combinators"),
        (".share ~ div ~ p", "more than one '~'"),
    ],
)
def test_a_selector_that_stalls_on_deep_or_wide_pages_is_found(tmp_path: Path, selector: str, words: str) -> None:
    (said,) = selector_findings(tmp_path, selector)
    assert words in said


@pytest.mark.parametrize(
    "selector",
    [
        ".share div a",
        ".share > div > ul > li > a",
        "main .share a, aside .share a, footer .share a",
        '.share[title="Share it with all your friends"] p, [class~="share"][rel~="me"] a b',
        ".share:not( .box , .tile ):nth-child(2n + 1) ul a",
        ".share ~ div p",
    ],
)
def test_a_selector_that_answers_in_time_is_left_alone(tmp_path: Path, selector: str) -> None:
    assert selector_findings(tmp_path, selector) == []


def test_an_accept_without_a_keyword_is_found(tmp_path: Path) -> None:
    (said,) = findings(tmp_path, "(?:Share|Pass on) this story", accept="Pass on this story")
    assert "no keyword stands in its accept 'Pass on this story'" in said


def test_findings_name_the_place(tmp_path: Path) -> None:
    findings(tmp_path, ".*Share this story")
    (finding,) = lint_rules(load_packs([tmp_path / "try.toml"]))
    assert str(finding).startswith(f"{tmp_path}/try.toml:7: try/share-line: ")


def test_what_a_rule_must_leave_no_other_rule_takes(tmp_path: Path) -> None:
    def pack(name: str, taken_by: str = "") -> str:
        text = RULE.format(pattern="Share this (?:story|page)", accept="Share this story", match="whole")
        other = (
            text.replace("share-line", "page-line")
            .replace("(?:story|page)", "song")
            .replace("this story", "this song")
        )
        other = other.split("[[rule]]")[1].replace("The gates are shut.", f'Share this page."\n{taken_by}why = "no')
        return text.replace('"try"', f'"{name}"').replace("|page)", "|page)[.]?") + "[[rule]]" + other

    (tmp_path / "a.toml").write_text(pack("a"))
    _, failures = check_rules(load_packs([tmp_path / "a.toml"]))
    (said,) = map(str, failures)
    assert "a/page-line: reject: a/share-line takes 'Share this page.'" in said
    for name in ("share-line", "a/share-line"):
        (tmp_path / "a.toml").write_text(pack("a", f'taken_by = ["{name}"]\n'))
        assert check_rules(load_packs([tmp_path / "a.toml"]))[1] == ()
