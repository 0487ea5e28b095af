"""What repeats across the different articles of a site: boxes and bios go, what an article speaks of stays."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate import Article, Cleaner, InputError, Page, Status
from syndicate.extract import SiteBlocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

HOST = "https://www.ledger.example"
BOX = "Every weekday morning our editors choose seven pieces worth reading over breakfast."
BIO = "Odile Marchetti joined this newsroom in 2009 and grows tomatoes on her balcony."
REFRAIN = "Keep scrolling"


def paragraph(topic: str, at: int) -> str:
    """A paragraph that shares no word of five letters with those of other topics."""
    pick = random.Random(f"{topic} {at}")
    words = ["".join(pick.choices("bcdfghjklmnpqrstvwxz", k=6)) for _ in range(20)]
    return f"{topic.capitalize()} {' '.join(words)}."


def story(topic: str, size: int = 8) -> list[str]:
    return [paragraph(topic, at) for at in range(size)]


def page(name: str, blocks: Iterable[str], host: str = HOST) -> Page:
    return Page("\n\n".join(blocks), id=name, url=f"{host}/{name}", format="text")


def markup(name: str, blocks: Iterable[str]) -> Page:
    return Page("\n".join(blocks), id=name, url=f"{HOST}/{name}", format="html")


def clean(cleaner: Cleaner, pages: Sequence[Page]) -> dict[str, Article]:
    return {article.id: article for article in cleaner.clean_many(pages)}


def taken(article: Article) -> list[str]:
    """What went since it repeats on the site."""
    return [removal.text.strip() for removal in article.removed if removal.rule == "extract/site"]


TOPICS = ("harbour", "orchard", "railway", "theatre", "glacier")


def test_a_box_below_different_articles_goes_and_the_account_says_on_how_many_pages_it_stood(
    cleaner: Cleaner,
) -> None:
    pages = [page(topic, [*story(topic), BOX]) for topic in TOPICS[:3]]
    for topic, article in clean(cleaner, pages).items():
        assert article.text == "\n\n".join(story(topic))
        (removal,) = article.removed
        assert (removal.rule, removal.text.strip(), removal.captures) == ("extract/site", BOX, (("pages", "3"),))
    assert all(BOX in cleaner.clean_page(page).text for page in pages)


def test_two_articles_are_not_enough(cleaner: Cleaner) -> None:
    pages = [page(topic, [*story(topic), BOX]) for topic in TOPICS[:2]]
    assert all(BOX in article.text for article in clean(cleaner, pages).values())


def test_bios_above_and_signatures_below_go_together_with_what_stands_beyond_them(cleaner: Cleaner) -> None:
    pages = [page(topic, [BIO, *story(topic), "Odile Marchetti", BOX]) for topic in TOPICS]
    for topic, article in clean(cleaner, pages).items():
        assert article.text == "\n\n".join(story(topic))


def test_copies_of_one_article_do_not_eat_each_other(cleaner: Cleaner) -> None:
    blocks = story("harbour")
    copies = [
        page("article", blocks),
        page("print", ["Printed from the Ledger", *blocks]),
        page("amp", blocks[:-1]),
        page("page-one", blocks[:4]),
        page("updated", [*blocks, *story("weather", 3)]),
        page("again", blocks),
    ]
    assert all(taken(article) == [] for article in clean(cleaner, copies).values())


def test_copies_count_once(cleaner: Cleaner) -> None:
    twice = [page(f"{topic}-{at}", [*story(topic), BOX]) for topic in TOPICS[:2] for at in range(4)]
    assert all(BOX in article.text for article in clean(cleaner, twice).values())
    third = page("railway", [*story("railway"), BOX])
    assert all(taken(article) == [BOX] for article in clean(cleaner, [*twice, third]).values())


def test_write_throughs_of_one_story_do_not_eat_each_other(cleaner: Cleaner) -> None:
    wire = story("summit", 12)
    versions = [page(f"v{at}", [*wire[at : at + 6], *story(f"version{at}", 6)]) for at in range(6)]
    others = [page(topic, story(topic)) for topic in TOPICS]
    assert all(taken(article) == [] for article in clean(cleaner, versions + others).values())


def test_background_that_an_article_speaks_of_is_its_own(cleaner: Cleaner) -> None:
    background = "The ferry company closed the Marrow Lock crossing after the accident in March."
    shared = "The ferry company again. Nobody at the crossing would speak of the accident, and Marrow Lock is shut."
    pages = [
        page(topic, [*story(topic, 4), f"{topic.capitalize()}: {shared}", background, *story(f"{topic}s", 4)])
        for topic in TOPICS
    ]
    assert all(taken(article) == [] for article in clean(cleaner, pages).values())


def test_a_quotation_amid_a_few_articles_of_many_stays(cleaner: Cleaner) -> None:
    quotation = "“Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich,” wrote the minister."
    pages = [
        page(f"{topic}-{at}", [*story(f"{topic}{at}", 4), *([quotation] if at == 0 else []), *story(f"{topic}o{at}")])
        for topic in TOPICS[:4]
        for at in range(3)
    ]
    assert all(taken(article) == [] for article in clean(cleaner, pages).values())


def test_a_refrain_amid_articles_goes_and_their_subheadings_and_cells_stay(cleaner: Cleaner) -> None:
    pages = []
    for topic in TOPICS:
        paragraphs = [f"<p>{text}</p>" for text in story(topic)]
        middle = ["<h2>Method</h2>", f"<p>{REFRAIN}</p>", "<table><tr><td>Total</td><td>12</td></tr></table>"]
        pages.append(markup(topic, ["<article>", *paragraphs[:4], *middle, *paragraphs[4:], "</article>"]))
    for article in clean(cleaner, pages).values():
        assert taken(article) == [REFRAIN]
        assert "Method" in article.text
        assert "Total" in article.text


def test_separators_and_numbers_stay(cleaner: Cleaner) -> None:
    pages = [page(topic, [*story(topic), "* * *", "42"]) for topic in TOPICS]
    assert all(taken(article) == [] for article in clean(cleaner, pages).values())


@pytest.mark.parametrize(
    ("hosts", "goes"),
    [
        (["https://news.ledger.example", "https://ledger.example", "https://sport.ledger.example"], True),
        (["https://ledger.example", "https://gazette.example", "https://tribune.example"], False),
    ],
)
def test_a_site_is_what_someone_registered(cleaner: Cleaner, hosts: list[str], goes: bool) -> None:
    pages = [page(topic, [*story(topic), BOX], host) for topic, host in zip(TOPICS, hosts, strict=False)]
    assert {BOX in article.text for article in clean(cleaner, pages).values()} == {not goes}


def test_pages_without_an_address_are_of_the_site_that_they_name_or_of_none(cleaner: Cleaner) -> None:
    bodies = {topic: "".join(f"<p>{text}</p>" for text in [*story(topic), BOX]) for topic in TOPICS}
    bare = [Page(f"<body>{body}", id=topic, format="html") for topic, body in bodies.items()]
    assert all(BOX in article.text for article in clean(cleaner, bare).values())
    naming = [
        Page(f'<link rel="canonical" href="{HOST}/{topic}"><body>{body}', id=topic, format="html")
        for topic, body in bodies.items()
    ]
    assert all(taken(article) == [BOX] for article in clean(cleaner, naming).values())


def test_a_page_that_repeats_nearly_all_over_stays(cleaner: Cleaner) -> None:
    boxes = [BOX, BIO, paragraph("membership", 1), paragraph("membership", 2)]
    pages = [page(topic, [*story(topic), *boxes]) for topic in TOPICS]
    stub = page("stub", ["It rained.", *boxes])
    articles = clean(cleaner, [*pages, stub])
    assert articles["stub"].text == "\n\n".join(["It rained.", *boxes])
    assert articles["harbour"].text == "\n\n".join(story("harbour"))


def test_rules_come_first(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("packs") / "own.toml"
    file.write_text(
        'schema = 1\n[pack]\nname = "own"\nversion = "1"\nsummary = "Ours"\n'
        f'[[rule]]\nid = "box"\nkind = "newsletter"\nsummary = "The box"\ntext = "{BOX}"\n'
        f'[[rule.accept]]\ntext = "{BOX}"\n[[rule.reject]]\ntext = "Every weekday."\n'
        f'[[rule]]\nid = "bio"\nkind = "author-bio"\naction = "keep"\nsummary = "Stays"\ntext = "{BIO}"\n'
        f'[[rule.accept]]\ntext = "{BIO}"\n[[rule.reject]]\ntext = "Odile."\n',
        "utf-8",
    )
    pages = [page(topic, [*story(topic), BIO, BOX]) for topic in TOPICS]
    for article in clean(Cleaner([file]), pages).values():
        assert article.text.endswith(BIO)
        assert [removal.rule for removal in article.removed] == ["own/box"]


def test_other_scripts(cleaner: Cleaner) -> None:
    box = "每个工作日的早晨，我们的编辑为您挑选七篇值得在早餐时阅读的文章。"
    bodies = ["港口的渡轮今天停航", "果园里的苹果熟了", "铁路工人罢工三天"]
    pages = [page(f"{at}", [*story(f"甲{at}", 5), f"{body}。" * 3, box]) for at, body in enumerate(bodies)]
    assert all(taken(article) == [box] for article in clean(cleaner, pages).values())


def test_pages_that_can_be_read_only_once_are_refused_at_once(cleaner: Cleaner) -> None:
    with pytest.raises(InputError, match=r"read only once.*give a list"):
        cleaner.clean_many(iter([page("harbour", story("harbour"))]))


def test_what_is_no_text_comes_out_in_its_place(cleaner: Cleaner) -> None:
    pages = [page(topic, [*story(topic), BOX]) for topic in TOPICS[:3]]
    pages.insert(1, Page(b"\xff\xd8\xff\xe0JFIF", id="picture", url=f"{HOST}/picture"))
    articles = list(cleaner.clean_many(pages))
    assert [article.id for article in articles] == [page.id for page in pages]
    assert articles[1].status is Status.REJECTED
    assert [taken(article) for article in articles] == [[BOX], [], [BOX], [BOX]]


def test_content_that_cannot_be_cleaned_is_an_error_when_its_turn_comes(cleaner: Cleaner) -> None:
    articles = cleaner.clean_many([page("harbour", story("harbour")), Page(42, id="number")])
    assert next(articles).id == "harbour"
    with pytest.raises(InputError, match="int"):
        next(articles)


def test_pages_are_read_twice_and_never_held(cleaner: Cleaner) -> None:
    class Crawl:
        reads = 0

        def __iter__(self) -> Iterator[Page]:
            for topic in TOPICS:
                self.reads += 1
                yield page(topic, [*story(topic), BOX])

    crawl = Crawl()
    articles = cleaner.clean_many(crawl)
    assert taken(next(articles)) == [BOX]
    assert crawl.reads == len(TOPICS) + 1


BLOCKS = st.sampled_from([*(paragraph(topic, at) for topic in TOPICS for at in range(4)), BOX, BIO, REFRAIN, "Share"])
PAGES = st.lists(
    st.builds(
        lambda blocks, host: ("\n\n".join(blocks), host),
        st.lists(BLOCKS, max_size=10),
        st.sampled_from([f"{HOST}/a", "https://gazette.example/b", None]),
    ),
    max_size=12,
).map(lambda pages: [Page(text, id=f"{at}", url=url, format="text") for at, (text, url) in enumerate(pages)])


@settings(max_examples=100)
@given(PAGES, st.randoms())
def test_in_any_order_the_articles_are_the_same(cleaner: Cleaner, pages: list[Page], shuffle: random.Random) -> None:
    articles = clean(cleaner, pages)
    assert [*articles] == [page.id for page in pages]
    for page in pages:
        assert articles[page.id].restore() == page.content
    shuffled = pages.copy()
    shuffle.shuffle(shuffled)
    assert clean(cleaner, shuffled) == articles


@settings(max_examples=50)
@given(PAGES, st.lists(st.integers(0, 2), min_size=12, max_size=12))
def test_counted_in_parts_the_same_repeats(cleaner: Cleaner, pages: list[Page], workers: list[int]) -> None:
    parts = [
        cleaner.site_blocks(page for page, worker in zip(pages, workers, strict=False) if worker == number)
        for number in range(3)
    ]
    whole = cleaner.site_blocks(pages)
    assert (parts[2] | parts[0] | parts[1]).repeats() == whole.repeats() == (whole | whole).repeats()
    assert (SiteBlocks() | whole).repeats() == whole.repeats()


@given(PAGES)
def test_a_page_alone_is_cleaned_as_by_itself(cleaner: Cleaner, pages: list[Page]) -> None:
    for page in pages[:2]:
        assert list(cleaner.clean_many([page])) == [cleaner.clean_page(page)]
