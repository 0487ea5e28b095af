"""What each rule does on a set of pages."""

from __future__ import annotations

from syndicate import Cleaner, Page
from syndicate.stats import rule_stats
from tests.conftest import EXAMPLES

STORY = "The gates of Marrow Lock are shut, and they will stay shut all week."
TAIL = "Articles by: Harbour Ledger"


def test_hits_and_characters_are_those_of_the_account(cleaner: Cleaner) -> None:
    pages = [Page(path.read_bytes(), id=path.name) for path in sorted((EXAMPLES / "pages").iterdir())]
    taken = [removal for page in pages for removal in cleaner.clean_page(page).removed if not removal.by_extractor]
    stats = rule_stats(pages, cleaner)
    assert sum(one.characters for one in stats) == sum(len(removal.text) for removal in taken)
    assert {one.rule.id for one in stats if one.hits} >= {removal.rule for removal in taken}
    assert len(stats) == len(cleaner.rules.rules)
    assert [one.characters for one in stats] == sorted((one.characters for one in stats), reverse=True)


def test_a_rule_that_only_tags_counts_where_it_claims(cleaner: Cleaner) -> None:
    page = Page(f"MARROW (Reuters) - {STORY}\n\n{STORY}", id="1", format="text")
    (tagged,) = [one for one in rule_stats([page], cleaner) if one.hits]
    assert (tagged.rule.id, tagged.characters) == ("core-en/dateline-agency", 0)
    assert tagged.tried >= 1
    assert tagged.seconds > 0


def test_pages_that_are_no_text_are_passed_over(cleaner: Cleaner) -> None:
    pages = [Page(b"%PDF-1.7", id="1"), Page(f"{STORY}\n\n{TAIL}", id="2", format="text")]
    assert [one.rule.id for one in rule_stats(pages, cleaner) if one.hits] == ["core-en/articles-by"]
