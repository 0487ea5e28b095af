"""Which pages tell one story: those that share its paragraphs, and not those that share a publisher's."""

from __future__ import annotations

import random

import pytest

from syndicate.learn.stories import prose_keys, tell_stories
from tests.learn.publishers import BACKGROUND, BIOS, LETTER, STANDING, WIRE, harbour_text, story


def told(pages: list[list[str]]) -> list[int]:
    return tell_stories([prose_keys(page) for page in pages])


def stories(count: int) -> list[list[str]]:
    return [harbour_text(story(number)) for number in range(count)]


def test_pages_of_different_stories_are_told_apart_whatever_their_publisher_puts_around_them() -> None:
    assert told(stories(40)) == list(range(40))


def test_a_story_under_five_addresses_is_one() -> None:
    copies = [["Herring", *WIRE, BIOS[number % 3], STANDING] for number in range(5)]
    assert told([*stories(20), *copies]) == [*range(20), *[20] * 5]


def test_a_story_that_is_longer_or_has_a_paragraph_changed_is_the_same() -> None:
    first = list(story(900).paragraphs)
    changed = [*first[:4], story(901).paragraphs[0], *first[5:]]
    longer = [*first, *story(902).paragraphs]
    assert told([*stories(10), first, changed, longer])[10:] == [10] * 3


def test_a_paragraph_of_background_does_not_make_stories_one() -> None:
    pages = [[*story(number).paragraphs, BACKGROUND] for number in range(12)]
    assert told([*pages, *stories(12)])[:12] == list(range(12))


def test_lines_that_are_no_prose_do_not_count() -> None:
    assert prose_keys(["Eleven words are too few to be a paragraph of prose", LETTER[0]]) == b""
    assert prose_keys([STANDING, STANDING, STANDING.upper()]) == prose_keys([STANDING])


@pytest.mark.parametrize("seed", range(3))
def test_which_pages_are_one_does_not_depend_on_their_order(seed: int) -> None:
    pages = [*stories(12), *([*WIRE, BIOS[number % 3]] for number in range(6))]
    order = list(range(len(pages)))
    random.Random(seed).shuffle(order)
    found = told([pages[at] for at in order])
    groups = {frozenset(at for at, one in zip(order, found, strict=True) if one == number) for number in found}
    assert groups == {*(frozenset([at]) for at in range(12)), frozenset(range(12, 18))}


def test_no_pages_are_no_stories_and_pages_without_prose_are_each_their_own() -> None:
    assert tell_stories([]) == []
    assert tell_stories([b"", b"", b""]) == [0, 1, 2]
