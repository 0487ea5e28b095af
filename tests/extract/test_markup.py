"""What markup tells of which blocks are the article, on small invented pages."""

from __future__ import annotations

import pytest

from syndicate.extract import extract
from syndicate.parse import parse_html, parse_text
from syndicate.rules.rule import Markers

MARKERS = Markers(
    article=frozenset(("story-body", "entry-content")),
    tags={"nav": "navigation", "footer": "navigation", "aside": "promo", "figcaption": "image-credit"},
    names={"share": "share-prompt", "related-posts": "read-more", "ad": "advertisement", "widget": "promo"},
)
UNMARKED = Markers(frozenset(), {}, {})
STORY = (
    "The ferry to the north shore will run again from Monday, the harbour office said on Friday afternoon.",
    "Its engine had failed in the storm of last week, and spare parts came by lorry from the mainland yard.",
    "Ada Quill, who has crossed every day for eleven years, said that she had missed the boat and its crew.",
)
BODY = "".join(f"<p>{text}</p>" for text in STORY)


def split(markup: str) -> tuple[list[str], dict[str, str]]:
    """The texts that are the article's, and the reason of each that is not."""
    document = parse_html(markup)
    reasons = extract(document, MARKERS)
    texts = [document.text[block.start : block.end] for block in document.blocks]
    kept = [text for at, text in enumerate(texts) if at not in reasons]
    return kept, {texts[at]: reason.rule for at, reason in reasons.items()}


def page(body: str) -> str:
    return f"<html><head><title>Ferry</title></head><body>{body}</body></html>"


@pytest.mark.parametrize("hiding", ["hidden", "aria-hidden=true", 'style="color: red; display: none"'])
@pytest.mark.parametrize("tag", ["p", "div", "section"])
def test_hidden_elements_are_left_out(hiding: str, tag: str) -> None:
    kept, reasons = split(page(f"<main>{BODY}<{tag} {hiding}>Loading the next story</{tag}></main>"))
    assert kept == list(STORY)
    assert reasons == {"Loading the next story": "extract/hidden"}


@pytest.mark.parametrize("tag", ["nav", "footer", "aside", "figcaption"])
def test_elements_that_are_chrome_by_tag_are_left_out_with_all_in_them(tag: str) -> None:
    kept, reasons = split(page(f"<main>{BODY}<{tag}><div><p>Weather</p></div> Sport</{tag}></main>"))
    assert kept == list(STORY)
    assert reasons == {"Weather": f"extract/{tag}", "Sport": f"extract/{tag}"}


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ('class="share"', "extract/share"),
        ('class="c-share__bar is-wide"', "extract/share"),
        ('id="relatedPosts"', "extract/related-posts"),
        ('class="related_posts"', "extract/related-posts"),
        ('role="ad"', "extract/ad"),
    ],
)
def test_elements_that_are_chrome_by_name_are_left_out(names: str, reason: str) -> None:
    kept, reasons = split(page(f"<main>{BODY}<div {names}>More of it</div></main>"))
    assert kept == list(STORY)
    assert reasons == {"More of it": reason}


@pytest.mark.parametrize("names", ["shareholders", "badge", "posts related", "headline"])
def test_words_that_only_contain_a_marker_say_nothing(names: str) -> None:
    kept, _ = split(page(f'<main><div class="{names}"><p>Half of the owners agreed.</p></div>{BODY}</main>'))
    assert kept == ["Half of the owners agreed.", *STORY]


def test_outermost_marker_names_the_reason() -> None:
    _, reasons = split(page(f'<main>{BODY}<nav><div class="share">Pass it on</div></nav></main>'))
    assert reasons == {"Pass it on": "extract/nav"}


def test_article_is_found_among_menus_and_teasers() -> None:
    teasers = "".join(f'<div><a href="/{at}">Another story of the day, number {at}</a></div>' for at in range(8))
    kept, reasons = split(page(f"<div>{teasers}</div><div><div>{BODY}</div></div><div>Contact the desk</div>"))
    assert kept == list(STORY)
    assert set(reasons.values()) == {"extract/outside"}


def test_innermost_of_nested_article_names_is_the_article() -> None:
    kept, _ = split(page(f'<div class="entry-content"><p>In brief</p><div class="story-body">{BODY}</div></div>'))
    assert kept == list(STORY)


def test_name_of_an_article_on_a_small_box_does_not_hide_the_rest() -> None:
    kept, _ = split(page(f'<main>{BODY}<div class="story-body"><p>A short box</p></div></main>'))
    assert set(STORY) <= set(kept)


@pytest.mark.parametrize("names", ['class="share"', 'class="widget ad"', "hidden", 'id="related-posts"'])
@pytest.mark.parametrize("tag", ["div", "aside"])
def test_page_whose_whole_body_sits_in_an_element_with_a_chrome_like_name_is_kept(names: str, tag: str) -> None:
    kept, _ = split(page(f"<{tag} {names}>{BODY}</{tag}><footer>Contact</footer>"))
    assert kept == list(STORY)


@pytest.mark.parametrize("tag", ["html", "body", "main", "article"])
def test_body_and_article_elements_are_never_chrome(tag: str) -> None:
    inner = f'<{tag} class="share"><p>A short note.</p></{tag}>'
    kept, _ = split(inner if tag in ("html", "body") else page(f"{inner}"))
    assert kept == ["A short note."]


def test_lists_of_links_inside_the_article_go_and_linked_words_stay() -> None:
    links = "<ul><li><a href=/a>Storm shuts the harbour</a></li><li><a href=/b>Yard sells two boats</a></li></ul>"
    text = f"<p>The office <a href=/c>said on Monday</a> that {STORY[0]}</p>"
    kept, reasons = split(page(f"<main>{BODY}{links}{text}</main>"))
    assert kept[-1].startswith("The office said on Monday that")
    assert reasons == {"Storm shuts the harbour": "extract/links", "Yard sells two boats": "extract/links"}


def test_headings_with_nothing_under_them_go() -> None:
    kept, reasons = split(page(f"<main><h2>The storm</h2>{BODY}<h2>Comments</h2><h3>Latest</h3></main>"))
    assert kept == ["The storm", *STORY]
    assert set(reasons) == {"Comments", "Latest"}


def test_heading_over_what_was_left_out_goes_too() -> None:
    kept, reasons = split(page(f"<main>{BODY}<h2>Read on</h2><ul><li><a href=/a>Two boats sold</a></li></ul></main>"))
    assert kept == list(STORY)
    assert set(reasons) == {"Read on", "Two boats sold"}


def test_title_is_no_part_of_the_text() -> None:
    kept, reasons = split(page(f"<main><h1>Ferry runs again</h1>{BODY}</main>"))
    assert kept == list(STORY)
    assert reasons == {"Ferry runs again": "extract/title"}


def test_fragment_without_html_element_is_read_whole() -> None:
    assert split(BODY) == (list(STORY), {})
    assert split(f"<div>{BODY}</div>") == (list(STORY), {})
    assert split("<p>A short note.</p>") == (["A short note."], {})


def test_text_in_no_element_is_kept() -> None:
    assert split(f"{STORY[0]}<br><br>{STORY[1]}") == (list(STORY[:2]), {})


@pytest.mark.parametrize("markup", ["", "<html></html>", "<nav></nav>", "<div><img src=a.png></div>"])
def test_page_without_text_has_nothing_to_leave_out(markup: str) -> None:
    assert split(markup) == ([], {})


def test_page_of_links_alone_has_no_article() -> None:
    kept, _ = split(page("".join(f"<li><a href=/{at}>Story number {at} of the day</a></li>" for at in range(20))))
    assert kept == []


def test_all_of_a_plain_text_is_the_article() -> None:
    assert extract(parse_text("Share\n\nnav\n\nThe ferry runs again."), MARKERS) == {}


def test_same_page_gives_the_same_answer_with_other_markers_in_between() -> None:
    markup = page(f'<main>{BODY}<div class="share">Pass it on</div></main>')
    document = parse_html(markup)
    before = extract(document, MARKERS)
    assert {reason.rule for reason in before.values()} == {"extract/share"}
    assert "extract/share" not in {reason.rule for reason in extract(document, UNMARKED).values()}
    assert extract(document, MARKERS) == before
