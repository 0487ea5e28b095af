"""XPath to CSS, where CSS can say it: what site rule files of other tools use, and no more.

Read are absolute and `//` paths of named or any elements, with predicates on attributes (`@a`, `@a='v'`, `contains`,
`starts-with`, the token test by `concat` and `normalize-space`), `and`, `or`, `not`, positions, and unions. Axes,
texts and functions beyond that are refused rather than guessed.
"""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Final, NamedTuple


class UnmappableError(ValueError):
    """CSS has no word for it; the message says for what."""


class Step(NamedTuple):
    """One step of a path, as CSS and as an element that it matches.

    Attributes:
        css: Compound selector.
        combinator: " " or " > " before it; "" for the first.
        tag, attributes, position: The element: its tag, attributes, and 1-based place among its like.
    """

    css: str
    combinator: str
    tag: str
    attributes: tuple[tuple[str, str], ...]
    position: int


class _Test(NamedTuple):
    css: str
    attributes: tuple[tuple[str, str], ...] = ()
    position: int = 1


_MOST_PATHS: Final = 16
_STEP: Final = re.compile(r"(//?)\s*(?:child::)?([A-Za-z][\w-]*|\*)\s*")
_STRING: Final = r"""('[^']*'|"[^"]*")"""
_SPACE: Final = r"""(?:' '|" ")"""
_SPACE_TOKEN: Final = re.compile(
    rf"contains\(\s*concat\(\s*{_SPACE}\s*,\s*(?:normalize-space\(\s*@class\s*\)|@class)\s*,\s*{_SPACE}\s*\)"
    rf"\s*,\s*{_STRING}\s*\)"
)
_CONTAINS: Final = re.compile(rf"contains\(\s*@([\w:-]+)\s*,\s*{_STRING}\s*\)")
_STARTS: Final = re.compile(rf"starts-with\(\s*@([\w:-]+)\s*,\s*{_STRING}\s*\)")
_EQUALS: Final = re.compile(rf"@([\w:-]+)\s*=\s*{_STRING}")
_PRESENT: Final = re.compile(r"@([\w:-]+)")
_POSITION: Final = re.compile(r"(?:position\(\)\s*=\s*)?(\d{1,3})")


def to_css(xpath: str) -> tuple[tuple[Step, ...], ...]:
    """Turn an XPath into CSS paths, one for each alternative of its unions and `or`s.

    Raises:
        UnmappableError: CSS cannot say it.
    """
    paths: list[tuple[Step, ...]] = []
    for alternative in _split(xpath.strip(), "|"):
        paths += _paths(alternative.strip())
    if len(paths) > _MOST_PATHS:
        raise UnmappableError("too many alternatives")
    return tuple(paths)


def css_text(path: tuple[Step, ...]) -> str:
    """The selector of a path."""
    return "".join(step.combinator + step.css for step in path)


def sample(path: tuple[Step, ...], text: str) -> str:
    """Markup in which a path's selector matches an element around a text."""
    markup = text
    for step in reversed(path):
        attributes = "".join(f" {name}={json.dumps(value)}" for name, value in step.attributes)
        before = f"<{step.tag}></{step.tag}>" * (step.position - 1)
        markup = f"{before}<{step.tag}{attributes}>{markup}</{step.tag}>"
    return markup


def _paths(xpath: str) -> list[tuple[Step, ...]]:
    choices: list[list[Step]] = []
    at = 0
    while at < len(xpath):
        match = _STEP.match(xpath, at)
        if match is None:
            raise UnmappableError("an axis, a text or a function" if at or xpath[:1] == "/" else "not a path")
        combinator = "" if not choices else " > " if match[1] == "/" else " "
        at = match.end()
        tests: list[list[_Test]] = []
        while at < len(xpath) and xpath[at] == "[":
            end = _closing(xpath, at)
            tests.append(_alternatives(xpath[at + 1 : end]))
            at = end + 1
            while at < len(xpath) and xpath[at].isspace():
                at += 1
        choices.append([_step(match[2].lower(), combinator, chosen) for chosen in product(*tests)])
    if not choices:
        raise UnmappableError("an empty path")
    return [tuple(path) for path in product(*choices)]


def _step(name: str, combinator: str, tests: tuple[_Test, ...]) -> Step:
    if any(test.css.startswith(":nth") for test in tests[1:]) or (
        name == "*" and any(":nth" in t.css for t in tests)
    ):
        raise UnmappableError("a position among what another predicate has chosen")
    css = ("" if name == "*" and tests else name) + "".join(test.css for test in tests)
    attributes: dict[str, str] = {}
    for test in tests:
        for key, value in test.attributes:
            attributes[key] = f"{attributes[key]} {value}" if key in attributes else value
    position = max((test.position for test in tests), default=1)
    return Step(css, combinator, "div" if name == "*" else name, tuple(attributes.items()), position)


def _alternatives(predicate: str) -> list[_Test]:
    """The tests of a predicate, one for each of its `or`s."""
    found: list[_Test] = []
    for alternative in _split(predicate, " or "):
        tests = [_test(part.strip()) for part in _split(alternative, " and ")]
        css = "".join(test.css for test in tests)
        attributes = tuple(pair for test in tests for pair in test.attributes)
        found.append(_Test(css, attributes, max(test.position for test in tests)))
    return found


def _test(text: str) -> _Test:
    if text.startswith("(") and _closing(text, 0, "()") == len(text) - 1:
        (inner,) = _alternatives(text[1:-1]) if len(_split(text[1:-1], " or ")) == 1 else (None,)
        if inner is not None:
            return inner
    if text.startswith("not(") and text.endswith(")"):
        return _Test("".join(f":not({test.css})" for test in _alternatives(text[4:-1])))
    if match := _POSITION.fullmatch(text):
        return _Test(f":nth-of-type({match[1]})", (), int(match[1]))
    if text in {"last()", "position()=last()"}:
        return _Test(":nth-last-of-type(1)")
    return _attribute_test(text)


def _attribute_test(text: str) -> _Test:
    if match := _SPACE_TOKEN.fullmatch(text):
        word = match[1][1:-1].strip()
        return _Test(f"[class~={json.dumps(word)}]", (("class", word),))
    if match := _PRESENT.fullmatch(text):
        return _Test(f"[{_attribute(match[1])}]", ((match[1], "x"),))
    for pattern, operator in ((_CONTAINS, "*="), (_STARTS, "^="), (_EQUALS, "=")):
        match = pattern.fullmatch(text)
        if match and match[2][1:-1]:
            value = match[2][1:-1]
            quoted = json.dumps(value, ensure_ascii=False)
            return _Test(f"[{_attribute(match[1])}{operator}{quoted}]", ((match[1], value),))
    raise UnmappableError(f"the predicate [{text:.60}]")


def _attribute(name: str) -> str:
    return name.lower().replace(":", "\\:")


def _split(text: str, separator: str) -> list[str]:
    """Split where a separator stands outside quotes and brackets."""
    parts: list[str] = []
    depth, quote, start, at = 0, "", 0, 0
    while at < len(text):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif depth == 0 and text.startswith(separator, at):
            parts.append(text[start:at])
            at += len(separator)
            start = at
            continue
        at += 1
    return [*parts, text[start:]]


def _closing(text: str, opening: int, brackets: str = "[]") -> int:
    depth, quote = 0, ""
    for at in range(opening, len(text)):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == brackets[0]:
            depth += 1
        elif char == brackets[1]:
            depth -= 1
            if depth == 0:
                return at
    raise UnmappableError("brackets that do not close")
