"""XPath to CSS: the same elements, or a refusal."""

from __future__ import annotations

import pytest
from lxml import html
from selectolax.lexbor import LexborHTMLParser

from syndicate.rules.xpath import UnmappableError, css_text, sample, to_css

PAGE = """<html><body>
<div id="top"><p class="lead big">One</p><p>Two</p><span>x</span><p class="bigger">Three</p></div>
<div class="share box"><ul><li>a</li><li data-x="y z">b</li></ul><section><p>Four</p></section></div>
<aside><div class="share"><p>Five</p></div></aside>
<article><div><div><h1>Six</h1></div></div></article></body></html>"""

PATHS = [
    "//p",
    "//*[@id='top']",
    '//p[@class="bigger"]',
    "//p[contains(@class, 'big')]",
    "//p[contains(concat(' ',normalize-space(@class),' '),' big ')]",
    "//li[starts-with(@data-x, 'y')]",
    "//li[@data-x]",
    "//li[not(@data-x)]",
    "//div[@id='top']/p",
    "//div/p",
    "//div//p",
    "/html/body/div[2]/section",
    "/html/body/div[1]/p[3]",
    "//div[@id='top']/p[last()]",
    "//p[@class='bigger' or @class='lead big']",
    "//div[@class and contains(@class, 'box')]",
    "//aside | //section",
    "//div[(contains(@class,'box'))]",
    "//article//h1",
]


@pytest.mark.parametrize("xpath", PATHS)
def test_css_finds_the_elements_that_xpath_finds(xpath: str) -> None:
    selector = ", ".join(css_text(path) for path in to_css(xpath))
    expected = [node.text_content() for node in html.fromstring(PAGE).xpath(xpath)]
    assert expected
    assert sorted(node.text() for node in LexborHTMLParser(PAGE).css(selector)) == sorted(expected)


@pytest.mark.parametrize("xpath", PATHS)
def test_a_sample_is_matched_by_its_path(xpath: str) -> None:
    for path in to_css(xpath):
        assert LexborHTMLParser(sample(path, "Chrome.")).css(css_text(path))


@pytest.mark.parametrize(
    "xpath",
    [
        "//p/parent::div", "//p/ancestor::div[1]", "//p[contains(., 'Share')]", "//p[text()='x']", "//p/text()",
        "(//p)[1]", "//p[@class='a'][2]", "//*[2]", "", "//", "p", "//p[", "//p[@class='a]",
        "//p[contains(@class, '')]", "//p/@class", "//div[p]",
    ],
)  # fmt: skip
def test_what_css_cannot_say_is_refused(xpath: str) -> None:
    with pytest.raises(UnmappableError):
        to_css(xpath)
