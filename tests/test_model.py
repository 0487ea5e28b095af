"""Articles and their JSON, and texts rebuilt from their accounts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import Article, Claim, Cleaner, InputError, Removal, Status
from syndicate.io.write import json_line
from syndicate.parse.decode import decode
from tests.conftest import EXAMPLES

PAGES = sorted((EXAMPLES / "pages").iterdir())

texts = st.text(st.characters(exclude_categories=()), max_size=12)  # lone surrogates too
offsets = st.integers(0, 10**6)
fields = st.sampled_from(["author", "source", "agency", "source_url"])
removals = st.builds(
    Removal,
    rule=st.sampled_from(["core-en/articles-by", "extract/nav", "extract/line-wrap"]),
    kind=st.sampled_from(["attribution", "boilerplate", "layout"]),
    start=offsets,
    end=offsets,
    text=texts,
    captures=st.dictionaries(fields, texts, max_size=3).map(lambda found: tuple(found.items())),
    replacement=st.sampled_from(["", " "]),
)
claims = st.one_of(
    st.builds(Claim, field=fields, value=texts, rule=texts, text=texts),
    st.builds(Claim, field=fields, value=texts, rule=texts, text=texts, start=offsets, end=offsets),
)
articles = st.builds(
    Article,
    id=texts,
    text=texts,
    status=st.sampled_from(Status),
    reason=texts,
    url=st.none() | texts,
    outlet=st.none() | texts,
    title=st.none() | texts,
    byline=st.none() | texts,
    published=st.none() | texts,
    removed=st.lists(removals, max_size=3).map(tuple),
    claims=st.lists(claims, max_size=3).map(tuple),
    packs=st.dictionaries(texts, texts, max_size=2),
    notes=st.lists(texts, max_size=2).map(tuple),
    refused=st.lists(removals, max_size=2).map(tuple),
)


@given(articles)
def test_an_article_comes_back_from_its_json_as_it_was(article: Article) -> None:
    assert Article.from_dict(json.loads(json_line(article.to_dict()))) == article


def test_captures_of_one_field_all_come_back() -> None:
    both = (("author", "Nora Pell"), ("author", "Ada Rell"))
    removal = Removal("core-en/byline", "byline", 0, 26, "By Nora Pell and Ada Rell\n", both)
    article = Article("a", "The gates are shut.", Status.OK, removed=(removal,))
    assert Article.from_dict(article.to_dict()).removed[0].captures == both


def test_the_json_is_that_of_the_contract() -> None:
    article = Article(
        "lh-7", "The gates are shut.", Status.OK, title="Lock shut",
        removed=(
            Removal("core-en/articles-by", "attribution", 19, 40, "\n\nArticles by: Herald", (("source", "Herald"),)),
            Removal("extract/nav", "navigation", 40, 45, "\n\nTop"),
        ),
        claims=(Claim("source", "Herald", "core-en/articles-by", "Articles by: Herald", 34, 40),),
        packs={"core-en": "1+sha256:00"},
    )  # fmt: skip
    assert article.to_dict(why=False) == {
        "schema": 1, "id": "lh-7", "url": None, "outlet": None, "title": "Lock shut", "byline": None,
        "published": None, "status": "ok", "reason": "", "text": "The gates are shut.",
        "removed": [{
            "rule": "core-en/articles-by", "kind": "attribution", "start": 19, "end": 40,
            "text": "\n\nArticles by: Herald", "captures": [["source", "Herald"]],
        }],
        "claims": [{
            "field": "source", "value": "Herald", "rule": "core-en/articles-by", "text": "Articles by: Herald",
            "start": 34, "end": 40,
        }],
        "packs": {"core-en": "1+sha256:00"},
    }  # fmt: skip


@given(articles)
def test_without_why_only_the_extractor_s_removals_are_left_out(article: Article) -> None:
    record, short = article.to_dict(), article.to_dict(why=False)
    kept = [removal for removal in article.removed if not removal.rule.startswith("extract/")]
    if len(kept) < len(article.removed):
        record.pop("length", None)  # the account is not whole
    assert short == record | {"removed": [removal.to_dict() for removal in kept]}


def test_fields_from_elsewhere_are_no_matter() -> None:
    article = Article("a", "The gates are shut.", Status.OK)
    assert Article.from_dict({**article.to_dict(), "crawl": {"depth": 2}, "language": "en"}) == article


@pytest.mark.parametrize("schema", [None, 0, 2, "1", [1]])
def test_another_schema_is_an_input_error_that_says_what_was_found(schema: object) -> None:
    record = {**Article("a", "x", Status.OK).to_dict(), "schema": schema}
    with pytest.raises(InputError, match="schema") as error:
        Article.from_dict(record)
    assert repr(schema) in str(error.value)


@pytest.mark.parametrize("name", ["schema", "id", "text", "status"])
def test_a_record_that_lacks_what_every_article_has_is_an_input_error(name: str) -> None:
    record = Article("a", "x", Status.OK).to_dict()
    del record[name]
    with pytest.raises(InputError, match="not a cleaned article"):
        Article.from_dict(record)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", 5),
        ("id", None),
        ("text", None),
        ("text", ["The gates", "are shut."]),
        ("title", 7),
        ("published", 20260303),
        ("status", "fine"),
        ("status", None),
        ("removed", "none"),
        ("removed", [{"rule": "core-en/x"}]),
        ("removed", [{"rule": "r", "kind": "k", "start": 0, "end": 1, "text": "x", "captures": ["y"]}]),
        ("claims", 3),
        ("claims", [["source", "Herald"]]),
        ("packs", "core"),
    ],
)
def test_a_record_with_a_wrong_value_is_an_input_error(name: str, value: object) -> None:
    record = {**Article("a", "x", Status.OK).to_dict(), name: value}
    with pytest.raises(InputError, match="not a cleaned article"):
        Article.from_dict(record)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_text_before_cleaning_can_be_restored_from_json(cleaner: Cleaner, page: Any) -> None:
    article = cleaner.clean(page.read_bytes(), id=page.name)
    restored = Article.from_dict(json.loads(json_line(article.to_dict()))).restore()
    assert restored == article.restore()
    if page.suffix == ".txt":
        assert restored == decode(page.read_bytes())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_from_half_an_account_a_text_is_restored_whole_or_not_at_all(cleaner: Cleaner, page: Any) -> None:
    article = cleaner.clean(page.read_bytes(), id=page.name)
    partial = Article.from_dict(article.to_dict(why=False))
    if partial == article:
        assert partial.restore() == article.restore()
    else:
        with pytest.raises(InputError, match="--why"):
            partial.restore()


def test_an_account_that_does_not_fit_the_text_is_an_error_that_names_the_article() -> None:
    removal = Removal("core-en/articles-by", "attribution", 900, 910, "by: Herald")
    with pytest.raises(InputError, match=r"lh-7.*--why"):
        Article("lh-7", "The gates are shut.", Status.OK, removed=(removal,)).restore()
