"""The one file: nothing in it runs but its own scripts, nothing is fetched, and whatever a stranger wrote is text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest

from syndicate import Article, Claim, Status, SyndicationGraph
from syndicate.graph import Chrome, Edge, Evidence, Match, Origin, Passage, Relation, Rival, Story
from syndicate.report.page import delay, percent, when
from syndicate.rules.packs import load_packs
from tests.report.reports import File, articles_html, copied, html_of, policy_hash, saved, taken
from tests.stories import article, body

if TYPE_CHECKING:
    from pathlib import Path

    from selectolax.lexbor import LexborHTMLParser

HOSTILE = (
    "</script></style></title><script>alert(1)</script><img src=x onerror=alert(1)>\"' style=x onclick=alert(1) "
    "<!-- pieces -->\n<!-- --><svg/onload=alert(1)>{{ 7*7 }}{% raw %}&lt;b&gt;🐀\ud83d \u202e\u2066 "
)
TEXT = HOSTILE.encode("utf-8", "replace").decode()
"""As the file, which is UTF-8, can hold it."""
LINK = "javascript:alert(document.cookie)//"
PACK = """\
schema = 1
[pack]
name = "lock"
version = "1"
summary = "{hostile}"
[[rule]]
id = "took"
kind = "promo"
summary = "{hostile} took"
text = "Read our tide tables."
[[rule.accept]]
text = "Read our tide tables."
[[rule.reject]]
text = "Read on."
"""


def hostile(name: str) -> Article:
    """An article that has markup wherever there is a place for it."""
    words = f"{HOSTILE}{name}"
    removed = (
        taken("lock/took", words, "promo", at=5, captures=((words, words),)),
        taken(words, words, words, start=900),
        taken(f"extract/{words}", words, words, start=1800),
    )
    claims = (Claim("author", words, words, words, 3, 9), Claim(words, words, "meta/author", words))
    return article(
        f"id {words}", f"{words}\n\n{body(1)}\n\n{words}", url=f"{LINK}{words}", title=f"title {words}",
        outlet=f"outlet {words}", byline=f"byline {words}", published=f"published {words}", removed=removed,
        claims=claims, notes=(f"note {words}",), packs={"lock": words, words: words},
    )  # fmt: skip


def hostile_graph(articles: list[Article]) -> SyndicationGraph:
    a, b, c = (one.id for one in articles)
    words = f"{HOSTILE}story"
    origin = Origin(
        articles[0].outlet,
        a,
        0.9,
        (Evidence(words, b, words, words),),
        (Rival(words, None, 0.1), Rival(words, c, 0.1)),
    )
    story = Story(words, (a, b), origin, (copied(b, a), Edge(c, a, Relation.EXCERPT, words)), (words,))
    matches = (Match(a, b, Relation.REPOST, 1, 1, 1, (Passage(0, 50, 0, 50),)),)
    return SyndicationGraph(matches, (story,), (Chrome(words, 9, a), Chrome(words, 9, "gone")))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> File:
    folder = tmp_path_factory.mktemp("hostile")
    pack = folder / "lock.toml"
    toml = HOSTILE.encode("utf-8", "replace").decode().replace("\n", " ")
    pack.write_text(PACK.replace('"{hostile}', json.dumps(toml, ensure_ascii=False)[:-1]), "utf-8")
    articles = [hostile(name) for name in ("one", "two", "three")]
    articles[2:] = [Article(id=articles[2].id, text="", status=Status.EMPTY, reason=HOSTILE, title=HOSTILE)]
    return html_of(saved(folder, articles, hostile_graph(articles)), load_packs([pack]), HOSTILE)


@pytest.fixture(scope="module")
def tame(tmp_path_factory: pytest.TempPathFactory) -> File:
    articles = [article(name, body(1), title="Gates shut", outlet=f"Paper {name}") for name in "ab"]
    return html_of(saved(tmp_path_factory.mktemp("tame"), articles))


@pytest.fixture(params=["hostile", "tame", "articles"])
def any_file(request: pytest.FixtureRequest, file: File, tame: File, tmp_path: Path) -> File:
    if request.param == "articles":
        return articles_html(tmp_path / "articles.html", [hostile("one")])
    return {"hostile": file, "tame": tame}[request.param]


def markup(file: File) -> list[LexborHTMLParser]:
    """All markup of a file: its own, and that of its stories."""
    return [file.tree, *(file.story(at) for at in range(len(file.index["stories"]["id"])))]


def attributes(tree: LexborHTMLParser) -> list[tuple[str, str, str]]:
    return [(node.tag or "", name, value or "") for node in tree.css("*") for name, value in node.attributes.items()]


def test_policy_lets_run_what_is_in_the_file_and_nothing_else(any_file: File) -> None:
    (meta,) = any_file.tree.css("meta[http-equiv]")
    assert meta.attributes["http-equiv"] == "Content-Security-Policy"
    rules = dict(rule.strip().split(" ", 1) for rule in (meta.attributes["content"] or "").split(";"))
    (style,) = any_file.tree.css("style")
    assert rules == {
        "default-src": "'none'",
        "script-src": " ".join(map(policy_hash, any_file.run)),
        "style-src": policy_hash(style.text()),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert len(any_file.run) == 2
    before = any_file.data[: any_file.data.index(b"Content-Security-Policy")]
    assert b"<script" not in before
    assert b"<style" not in before


def test_file_has_the_scripts_that_it_should_and_one_a_piece(any_file: File) -> None:
    assert len(any_file.scripts) == 2 + len(any_file.names)
    assert all(script.attributes.get("type", "text/plain") == "text/plain" for script in any_file.scripts)
    assert any_file.data.count(b"</script>") == len(any_file.scripts)
    assert len(any_file.tree.css("#end")) == 1
    for at in range(len(any_file.index["stories"]["id"])):
        assert any_file.story(at).css("script, style, img, iframe, object, embed, link, base, meta") == []


def test_no_element_has_a_handler_or_a_style_of_its_own(any_file: File) -> None:
    for tree in markup(any_file):
        found = attributes(tree)
        assert len(found) > 20
        assert [one for one in found if one[1].startswith("on") or one[1] == "style"] == []


def test_nothing_is_fetched_and_links_lead_to_places_in_the_file(any_file: File) -> None:
    for tree in markup(any_file):
        loads = [
            one for one in attributes(tree) if one[1] in {"src", "srcset", "action", "data", "formaction", "ping"}
        ]
        assert loads == []
        addresses = [one for one in attributes(tree) if one[1].endswith("href")]
        assert [one for one in addresses if not one[2].startswith("#") and one != ("link", "href", "data:,")] == []


def test_markup_of_strangers_is_no_markup(file: File, tame: File) -> None:
    def tags(parsed: File) -> set[str | None]:
        return {node.tag for tree in markup(parsed) for node in tree.css("*")}

    assert "img" not in tags(file)
    assert [one for tree in markup(file) for one in tree.css("svg") if "class" not in one.attributes] == []
    comments = re.findall(rb"<!--.*?-->", file.data, re.DOTALL)
    assert comments == re.findall(rb"<!--.*?-->", tame.data, re.DOTALL) == []


def test_hostile_words_are_shown_as_they_are(file: File) -> None:
    overview, story = (" ".join(tree.body.text().split()) for tree in markup(file) if tree.body)
    shown = " ".join(TEXT.split())
    assert file.tree.css("title")[0].text() == TEXT
    for told in ("title", "outlet"):
        assert f"{told} {shown}" in overview
        # The script takes the story's markup as JSON, which holds half a character.
        assert f"{told} {shown.partition('🐀')[0]}" in story
    (head,) = file.story(0).css("h1")
    assert head.text().startswith("title </script></style></title><script>alert(1)</script>")
    quotes = [quote.text() for quote in file.tree.css(".aside q")]
    assert quotes
    assert quotes[0].startswith("</script></style></title><script>")
    summaries = [cell.text() for cell in file.tree.css("table td bdi")]
    assert any(cell.endswith("took") and "<img src=x onerror=alert(1)>" in cell for cell in summaries)


def test_data_of_the_script_lose_nothing(file: File) -> None:
    def as_script_reads(text: str) -> str:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")

    found: dict[str, Any] = file.article(0)
    one = hostile("one")
    assert found["href"] is None
    for name in ("id", "url", "title", "outlet", "byline", "published", "text"):
        assert found[name] == as_script_reads(getattr(one, name)), name
    assert [removal[4] for removal in found["removed"]] == [as_script_reads(removal.text) for removal in one.removed]
    assert found["notes"] == [as_script_reads(one.notes[0])]


def test_links_of_the_matrix_name_both_outlets(tmp_path: Path) -> None:
    names = {"a": "A & B = C?#/", "b": "Grüße + 50%", "c": "half \ud83d"}
    articles = [article(key, body(1), outlet=name) for key, name in names.items()]
    story = Story("s", ("a", "b", "c"), Origin(names["a"], "a", 0.9, ()), (copied("b", "a"), copied("c", "a")))
    file = html_of(saved(tmp_path, articles, SyndicationGraph((), (story,))))
    links = [node.attributes["href"] or "" for node in file.tree.css("table.matrix td a")]
    assert [parse_qs(link.partition("?")[2]) for link in links] == [
        {"outlet": [names["b"]], "source": [names["a"]]},
        {"outlet": ["half ?"], "source": [names["a"]]},
    ]


def test_the_template_marks_no_place_in_a_text_that_reads_like_its_own(tmp_path: Path) -> None:
    title = "<!-- pieces -->\n"
    file = html_of(saved(tmp_path, [article("a", title, title=title)]), title=title)
    assert file.names == ["index", "piece-0"]
    assert file.article(0)["text"] == title


def test_first_page_has_the_figures_without_any_script(tame: File) -> None:
    overview = tame.tree.css("#overview")[0]
    tiles = [(node.css("dt")[0].text(), node.css("dd")[0].text()) for node in overview.css(".tiles div")]
    assert tiles == [
        ("articles", "2"), ("outlets", "2"), ("stories that more than one page ran", "1"),
        ("articles copied from another outlet", "0"),
    ]  # fmt: skip
    assert [link.text() for link in overview.css("#stories-head ~ div a")] == ["Gates shut"]
    assert "noscript" in {node.tag for node in tame.tree.css("main > *")}


def test_ids_of_a_page_and_its_stories_are_each_used_once(any_file: File) -> None:
    own = [node.attributes["id"] for node in any_file.tree.css("[id]")]
    assert len(own) == len(set(own))
    for tree in markup(any_file)[1:]:
        ids = [node.attributes["id"] for node in tree.css("[id]")]
        assert len({*own, *ids}) == len(own) + len(ids)
        labels = {node.attributes["aria-labelledby"] for node in tree.css("[aria-labelledby]")}
        assert labels <= set(ids)


def test_a_graph_of_nothing_is_a_page_that_says_so(tmp_path: Path) -> None:
    file = html_of(saved(tmp_path, [], SyndicationGraph((), ())))
    assert file.names == ["index"]
    assert file.index["articles"]["title"] == []
    words = file.tree.css("#overview")[0].text()
    for told in (
        "No article is a copy of another outlet's.", "No text stands on more than one page.",
        "The rules took nothing.",
        "Of no copy is the time, and that of its source, known to the minute.",
    ):  # fmt: skip
        assert told in words


def test_times_shares_and_delays_read_as_people_say_them() -> None:
    assert [when(time) for time in (None, "", "2026-03-03", "2026-03-03T06:30:59+01:00", "1 May")] == [
        "", "", "2026-03-03", "2026-03-03 06:30 +01:00", "1 May",
    ]  # fmt: skip
    assert [percent(share) for share in (0, 0.004, 0.0999, 0.1, 0.5, 1)] == [
        "0%",
        "0.4%",
        "10.0%",
        "10%",
        "50%",
        "100%",
    ]
    assert [delay(hours) for hours in (0.5, 0.25, 1, 5.26, 47.9, 48, 100)] == [
        "30 minutes", "15 minutes", "1 hour", "5.3 hours", "47.9 hours", "2 days", "4 days",
    ]  # fmt: skip
