"""Text that stands everywhere, and texts that are copied everywhere."""

from __future__ import annotations

import random

import pytest

from syndicate import Article, match_corpus
from syndicate.graph import Relation
from tests.stories import article, body, sentence

WORDS = [
    f"{first}{second}" for first in "ba ce di fo gu ha ke li mo nu".split() for second in "ra se ti vo zu".split()
]


def notice(words: int, seed: int = 1) -> str:
    """So many words that stand below articles."""
    rng = random.Random(seed)
    return "Notice: " + " ".join(rng.choice(WORDS) for _ in range(words - 2)) + " ends."


def changed(text: str, every: int, seed: int) -> str:
    """The text with about one word in so many changed, here and there."""
    rng = random.Random(seed)
    return " ".join(word if rng.randrange(every) else rng.choice(WORDS) for word in text.split(" "))


@pytest.mark.no_cover  # it runs no line that the tests below do not run
def test_footer_on_five_thousand_strangers_makes_no_match_and_is_reported() -> None:
    footer = notice(200)
    pages = [article(f"p{at:04}", f"{body(at, 18)}\n\n{footer}", outlet=f"O{at}") for at in range(5_000)]
    copy = article("z", f"{body(7, 18)}\n\n{notice(20, seed=2)}", outlet="Z")
    graph = match_corpus([*pages, copy])
    assert [(match.a, match.b, match.relation) for match in graph.matches] == [("p0007", "z", Relation.REPOST)]
    (chrome,) = graph.chrome
    assert chrome.articles == 5_000
    assert chrome.text == footer.rstrip(".")
    assert f"{chrome.text}." in pages[int(chrome.example[1:])].text


def test_text_copied_two_thousand_times_is_found() -> None:
    copies = [article(f"c{at:04}", body(1), outlet=f"O{at}") for at in range(2_000)]
    graph = match_corpus([*copies, article("x", body(2))])
    (story,) = graph.stories
    assert len(story.members) == 2_000
    assert {match.relation for match in graph.matches} == {Relation.REPOST}
    assert len(graph.matches) == 1_999
    assert graph.chrome == ()


def test_three_thousand_near_copies_are_found_beside_the_footer_they_share_with_strangers() -> None:
    footer = notice(60)
    copies = [
        article(f"c{at:04}", f"{changed(body(1, 40), 40, seed=at)}\n\n{footer}", outlet=f"O{at}")
        for at in range(3_000)
    ]
    strangers = [article(f"s{at:04}", f"{body(at + 10, 18)}\n\n{footer}") for at in range(1_200)]
    graph = match_corpus([*copies, *strangers])
    (story,) = graph.stories
    assert len(story.members) == 3_000
    assert {match.relation for match in graph.matches} == {Relation.REPOST}
    assert [chrome.text for chrome in graph.chrome] == [footer.rstrip(".")]


def chain(links: int, step: int, length: int) -> list[Article]:
    """Articles each of which has most of the one before it; those `length / step` apart share nothing."""
    rng = random.Random(5)
    sentences = [sentence(rng) for _ in range(length + step * links)]
    return [
        article(f"{chr(ord('a') + at)}", " ".join(sentences[at * step : at * step + length]), outlet=f"O{at}")
        for at in range(links)
    ]


@pytest.mark.parametrize(("step", "length"), [(10, 20), (5, 20), (2, 20)])
def test_chain_whose_ends_share_nothing_makes_no_story_of_strangers(step: int, length: int) -> None:
    articles = chain(20, step, length)
    graph = match_corpus(articles)
    assert {(chr(ord("a") + at), chr(ord("b") + at)) for at in range(19)} <= {(m.a, m.b) for m in graph.matches}
    reach = length // step  # so many links on, nothing is shared any more
    for story in graph.stories:
        places = [ord(member) for member in story.members]
        assert max(places) - min(places) < reach
    assert sum(len(story.members) for story in graph.stories) >= 15


def test_same_results_in_any_order_and_with_any_number_of_threads() -> None:
    footer = notice(120)
    articles = [
        article(f"p{at:04}", f"{body(at % 1_200, 12)}\n\n{footer}", outlet=f"O{at % 7}") for at in range(1_500)
    ]
    articles += chain(12, 5, 20)
    expected = match_corpus(articles, threads=1)
    assert expected.matches
    assert expected.chrome
    for threads in (2, 8):
        random.Random(threads).shuffle(articles)
        assert match_corpus(iter(articles), threads=threads) == expected
