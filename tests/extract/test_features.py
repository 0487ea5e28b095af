"""The learnt choice of blocks: its numbers, its model, and that nothing but the page decides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate import Cleaner
from syndicate.extract import counted, extract, forest
from syndicate.extract.features import FEATURES, look
from syndicate.extract.names import Names
from syndicate.parse import parse_html
from syndicate.rules.rule import Markers
from tests.conftest import EXAMPLES

MARKERS = Markers(
    article=frozenset(("story-body",)),
    tags={"nav": "navigation", "aside": "promo"},
    names={"share": "share-prompt", "related-posts": "read-more", "cookie": "cookie-notice"},
)
NAMES = Names(MARKERS)
PAGES = sorted((EXAMPLES / "pages").glob("*.html"))

PIECES = st.sampled_from(
    ["<p>Two boats were sold.</p>", "<nav><a href=/>Home</a></nav>", "<h1>Ferry runs</h1>", "<div hidden>More</div>",
     "<ul><li>Bread<li>Milk</ul>", "<div class=share>Pass it on</div>", "天気予報です。", "<td>9</td>", "<aside>",
     "</div>", "<p>The ferry to the north shore will run again from Monday, the office said.</p>", "© 2026 | x@y.z"],
)  # fmt: skip


def column(markup: str, name: str) -> list[float]:
    features = look(parse_html(markup), NAMES).features
    return [round(float(value), 3) for value in features[:, FEATURES.index(name)]]


def test_names_are_unlike_each_other_and_the_model_knows_them() -> None:
    assert len(set(FEATURES)) == len(FEATURES)
    trees = forest.load_forest()
    assert trees.features.max() < len(FEATURES)
    assert np.abs(trees.shifts).max() <= forest.REACH


@pytest.mark.parametrize(
    ("markup", "name", "expected"),
    [
        ("<p>One.</p><p><a href=/>Two</a> and</p>", "text:link-share", [0, round(3 / 7, 3)]),
        ("<p>Is it?</p><p>No.</p><p>“No.”</p><p>No</p>", "text:ends-sentence", [1, 1, 1, 0]),
        ("<p>ABC def</p>", "text:capitals", [0.5]),
        ("<div class=share><p>A</p></div><p>B</p>", "kind:share-prompt", [0.5, 0]),
        ("<div class=relatedPosts>A</div><div class=related>B</div>", "kind:read-more", [1, 0]),
        ("<nav><ul><li>A</li></ul></nav><p>B</p>", "in:nav", [1, 0]),
        ('<div id="story-body"><p>A</p></div>', "named", [0.5]),
        ("<p>A</p><div style='display:none'><p>B</p></div>", "hidden", [0, 1]),
        ("<p>A</p><p>B</p><p>A</p>", "copies", [1, 0, 1]),
        ("<p>A</p><p>B</p><p>A</p>", "seen-before", [0, 0, 1]),
        ("<title>Ferry runs again</title><p>Ferry runs</p><p>One</p>", "title", [0.667, 0]),
        ("<h1>A</h1><p>B</p><h1>C</h1>", "headings-before", [1, 1, 2]),
    ],
)
def test_columns_hold_what_they_are_called(markup: str, name: str, expected: list[float]) -> None:
    assert column(markup, name) == pytest.approx(expected)


def test_compiled_loops_are_plain_python(monkeypatch: pytest.MonkeyPatch) -> None:
    document = parse_html(PAGES[0].read_text("utf-8"))
    compiled = look(document, NAMES).features
    monkeypatch.setattr("syndicate.extract.features.count", counted.count.py_func)
    np.testing.assert_allclose(look(document, NAMES).features, compiled, rtol=1e-4, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=12))
def test_any_page_has_finite_features_and_one_answer(pieces: list[str]) -> None:
    document = parse_html("".join(pieces))
    reasons = extract(document, MARKERS)
    assert extract(document, MARKERS) == reasons
    assert set(reasons) <= set(range(len(document.blocks)))
    if document.blocks:
        seen = look(document, NAMES)
        assert np.isfinite(seen.features).all()
        assert seen.features.shape == (len(document.blocks), len(FEATURES))


def test_model_for_other_features_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syndicate.extract.features.FEATURES", FEATURES[:-1])
    forest.load_forest.cache_clear()
    with pytest.raises(ValueError, match=r"made for other features.*benchmarks/train.py"):
        forest.load_forest()
    monkeypatch.undo()
    forest.load_forest()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("share", "extract/share"),
        ("c-share__bar", "extract/share"),
        ("relatedPosts_2", "extract/related-posts"),
        ("posts related", None),
        ("shareholders", None),
    ],
)
def test_names_are_told_by_their_words(words: str, told: str | None) -> None:
    reason, _ = NAMES.tell("div", words)
    assert (reason.rule if reason else None) == told


def test_lines_beside_the_article_are_read_for_what_they_say_of_its_origin() -> None:
    page = (EXAMPLES / "pages" / "north-gazette-ferry.html").read_text("utf-8")
    article = Cleaner(packs=["core"]).clean(page)
    assert "Read more at" not in article.text
    assert ("source", "Harbour Ledger") in {(claim.field, claim.value) for claim in article.claims}
    assert "core-en/read-more-at" in {removal.rule for removal in article.removed}
