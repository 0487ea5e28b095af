"""Matching: what is found, what is not, and what is said of it."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate import InputError, Status, passages
from syndicate.graph import Relation
from syndicate.match import find_matches
from syndicate.tokens import tokenise
from syndicate.verify import relation_of
from tests.stories import article, body, edited


def only(*articles: tuple[str, str]) -> dict[tuple[str, str], Relation]:
    found = find_matches(article(name, text) for name, text in articles)
    return {(match.a, match.b): match.relation for match in found}


def test_the_same_words_are_identical_whatever_their_layout() -> None:
    text = body(1)
    assert only(("a", text), ("b", text.upper().replace("\n\n", " "))) == {("a", "b"): Relation.IDENTICAL}


def test_the_same_words_at_another_outlet_are_a_repost() -> None:
    one, other = article("a", body(1), outlet="Ledger"), article("b", body(1), outlet="Metro")
    (match,) = find_matches([one, other])
    assert (match.relation, match.resemblance) == (Relation.REPOST, 1.0)
    (match,) = find_matches([one, article("b", body(1), outlet="The Ledger")])
    assert match.relation is Relation.IDENTICAL


def test_an_outlets_edited_copy_of_its_own_article_is_a_revision() -> None:
    before, after = (
        article(name, text, outlet="Ledger") for name, text in (("a", body(1)), ("b", edited(body(1), 30)))
    )
    (match,) = find_matches([before, after])
    assert match.relation is Relation.REVISION
    (match,) = find_matches([before, replace(after, outlet="Metro")])
    assert match.relation is Relation.REPOST


def test_one_stretch_in_two_articles_of_an_outlet_is_its_standing_text() -> None:
    standing = body(9, 15)
    pages = [article(name, f"{body(seed)}\n\n{standing}") for name, seed in (("a", 1), ("b", 2))]
    assert len(find_matches(pages)) == 1
    assert find_matches(replace(page, outlet="Ledger") for page in pages) == ()
    both = [page.text.replace("\n\n", f"\n\n{body(8, 6)}\n\n", 1) for page in pages]
    (match,) = find_matches(article(name, text, outlet="Ledger") for name, text in zip("ab", both, strict=True))
    assert match.relation is Relation.OVERLAP


def test_lines_of_lists_that_two_texts_share_are_no_overlap() -> None:
    lists = []
    for seed in (1, 2):
        shared, own = body(5).replace("\n\n", " ").split(". "), body(seed).replace("\n\n", " ").split(". ")
        lists.append("\n\n".join(f"{one}.\n\n{other}." for one, other in zip(own, shared, strict=True)))
    assert only(("a", lists[0]), ("b", lists[1])) == {}


def test_an_edited_copy_is_a_repost() -> None:
    assert only(("a", body(1)), ("b", edited(body(1), 30))) == {("a", "b"): Relation.REPOST}


def test_a_teaser_is_an_excerpt_of_the_longer_text() -> None:
    teaser = "\n\n".join(body(1, 60).split("\n\n")[:4])
    (match,) = find_matches([article("long", body(1, 60)), article("teaser", teaser)])
    assert match.relation is Relation.EXCERPT
    assert match.containment_a < 0.3
    assert match.containment_b == 1.0


def test_a_digest_matches_each_story_it_takes_from_but_not_the_stories_each_other() -> None:
    digest = "\n\n".join([*body(1).split("\n\n")[:4], *body(2).split("\n\n")[:4]])
    found = only(("digest", digest), ("one", body(1)), ("two", body(2)))
    assert found == {("digest", "one"): Relation.OVERLAP, ("digest", "two"): Relation.OVERLAP}


def test_long_texts_that_share_hundreds_of_samples_match_like_others() -> None:
    book = body(1, 900)
    assert only(("a", book), ("b", edited(book, 40)), ("c", body(2, 900)), ("d", f"{body(3, 300)}\n\n{book}")) == {
        ("a", "b"): Relation.REPOST,
        ("a", "d"): Relation.REPOST,
        ("b", "d"): Relation.REPOST,
    }


def test_a_quotation_is_no_match() -> None:
    quoting = body(3).replace("\n\n", f"\n\n{body(1).split('. ')[0]}.\n\n", 1)
    assert only(("a", body(1)), ("b", quoting)) == {}


def test_texts_too_short_for_a_fingerprint_match_only_their_exact_copies() -> None:
    brief = "The ferry is late again."
    assert only(("a", brief), ("b", brief), ("c", brief + " Sorry.")) == {("a", "b"): Relation.IDENTICAL}


def test_empty_articles_match_nothing_not_even_their_like() -> None:
    assert only(("a", ""), ("b", ""), ("c", "…"), ("d", "…")) == {}


def test_suspect_pages_match_nothing_not_even_their_like() -> None:
    wall = body(1)
    pages = [replace(article(name, wall), status=Status.SUSPECT) for name in ("a", "b")]
    assert find_matches([*pages, article("c", wall)]) == ()


def test_passages_are_the_shared_spans_of_both_texts() -> None:
    shared = "\n\n".join(body(1, 60).split("\n\n")[5:12])
    a, b = f"{body(2, 6)}\n\n{shared}", f"{shared}\n\n{body(3, 6)}"
    (match,) = find_matches([article("a", a), article("b", b)])
    (passage,) = match.passages
    assert a[passage.a_start : passage.a_end] == b[passage.b_start : passage.b_end] == shared.rstrip(".")


def test_a_passage_goes_on_over_a_changed_word_and_ends_where_the_texts_part() -> None:
    text = body(1)
    changed = text.replace("near", "by", 1)
    (match,) = find_matches([article("a", text), article("b", changed)])
    assert len(match.passages) == 1
    left, right = text.split("\n\n")[:4], text.split("\n\n")[4:]
    (match,) = find_matches([article("a", text), article("b", "\n\n".join([*left, body(9), *right]))])
    assert len(match.passages) == 2


def test_passages_point_into_text_that_normalises_to_other_lengths() -> None:
    ligatures = body(1).replace("fi", "ﬁ").replace("...", "…")
    (match,) = find_matches([article("a", f"Oﬃce:\n\n{ligatures}"), article("b", body(1))])
    passage = match.passages[0]
    assert ligatures.endswith(f"Oﬃce:\n\n{ligatures}"[passage.a_start : passage.a_end] + ".")


@settings(max_examples=20)
@given(st.permutations(range(6)))
def test_the_order_of_articles_changes_nothing(order: list[int]) -> None:
    texts = [body(1), edited(body(1), 25), body(2), body(1)[:700], body(2) + "\n\n" + body(3), body(4)]
    articles = [article(f"a{at}", text) for at, text in enumerate(texts)]
    assert find_matches(articles[at] for at in order) == find_matches(articles)


def test_a_match_is_named_from_the_smaller_id() -> None:
    (match,) = find_matches([article("z", body(1)), article("b", body(1))])
    assert (match.a, match.b) == ("b", "z")


def test_ids_must_be_there_and_tell_articles_apart() -> None:
    with pytest.raises(InputError, match="two articles have the id 'a'"):
        find_matches([article("a", body(1)), article("a", body(2))])
    with pytest.raises(InputError, match="clean it with url= or id="):
        find_matches([article("", body(1))])


@pytest.mark.parametrize(
    ("containments", "relation"),
    [
        ((0.9, 0.8), Relation.REPOST),
        ((0.5, 0.5), Relation.REPOST),
        ((0.95, 0.2), Relation.EXCERPT),
        ((0.2, 0.6), Relation.EXCERPT),
        ((0.45, 0.4), Relation.OVERLAP),
        ((0.32, 0.01), Relation.OVERLAP),
        ((0.31, 0.31), None),
    ],
)
def test_relations_by_containment(containments: tuple[float, float], relation: Relation | None) -> None:
    assert relation_of(*containments, typical=40) is relation
    scraps = relation_of(*containments, typical=20)
    assert scraps is (None if relation is Relation.OVERLAP else relation)


def test_comparing_gives_the_same_without_a_compiler() -> None:
    left, right = tokenise(body(1, 9)).shingles(), tokenise(body(2, 3) + body(1, 6) + body(1, 6)).shingles()
    shared, spans = passages.compare(left, right)
    plain_shared, plain_spans = passages.compare.py_func(left, right)
    assert (shared, spans.tolist()) == (plain_shared, plain_spans.tolist())
    assert shared == len({*left.tolist()} & {*right.tolist()})


def test_a_text_with_loose_accents_matches_like_any_other() -> None:
    plain = body(1).replace("e", "\u00e9")
    loose = edited(plain, 40).replace("\u00e9", "e\u0301")
    (match,) = find_matches([article("a", plain), article("b", loose)])
    assert match.relation is Relation.REPOST
    composed = unicodedata.normalize("NFC", loose)
    (same,) = find_matches([article("a", plain), article("b", composed)])
    assert replace(match, passages=()) == replace(same, passages=())
    assert [loose[one.b_start : one.b_end] for one in match.passages] == [
        unicodedata.normalize("NFD", composed[one.b_start : one.b_end]) for one in same.passages
    ]
