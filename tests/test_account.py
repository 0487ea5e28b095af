"""Where removals stood in the cleaned text, those included that were not carried out."""

from __future__ import annotations

from bisect import bisect_left

from hypothesis import given
from hypothesis import strategies as st

from syndicate.account import Reason, kept_text, make_account, placed
from syndicate.model import Block, Document

RULE, MENU = Reason("core/rule", "promo"), Reason("extract/menu", "boilerplate")


def document_of(sizes: list[int], *, wrapped: bool = False) -> Document:
    """Blocks of letters, each of another, blank lines after each; sometimes before the first, and wrapped lines."""
    text, blocks, wraps = "\n" * (sizes[0] % 2), [], []
    for at, size in enumerate(sizes):
        start = len(text)
        text += chr(ord("a") + at) * size
        if wrapped and at % 2:
            wraps.append((len(text), len(text) + 2))
            text += "\n " + chr(ord("a") + at)
        blocks.append(Block(start, len(text)))
        text += "\n\n" + " " * (at % 2)
    return Document(text, tuple(blocks), wraps=tuple(wraps))


SIZES = st.lists(st.integers(1, 5), min_size=1, max_size=8)
CHOSEN = st.sets(st.integers(0, 7))


@given(SIZES, CHOSEN, st.booleans())
def test_removal_says_where_it_stood_in_the_cleaned_text(sizes: list[int], chosen: set[int], wrapped: bool) -> None:
    document = document_of(sizes, wrapped=wrapped)
    removed = make_account(document, {at: RULE for at in chosen if at < len(sizes)}, {})
    cleaned = kept_text(document, removed)
    for removal in removed:
        before = [one for one in removed if one.start <= removal.start]
        assert removal.at is not None
        restored = kept_text(document, before)
        assert restored.startswith(cleaned[: removal.at])
        assert restored[removal.at + len(removal.replacement) :] == document.text[removal.end :]


@given(SIZES, CHOSEN, CHOSEN, st.booleans())
def test_refused_removal_is_placed_in_the_text_that_is_kept(
    sizes: list[int], left_out: set[int], refused: set[int], wrapped: bool
) -> None:
    document = document_of(sizes, wrapped=wrapped)
    outside = {at: MENU for at in left_out if at < len(sizes)}
    removed = make_account(document, outside, {})
    planned = make_account(document, {at: RULE for at in refused if at < len(sizes)} | outside, {})
    own = [removal for removal in planned if not removal.by_extractor]
    cleaned = kept_text(document, removed)
    kept = [at for at in range(len(document.text)) if not any(one.start <= at < one.end for one in removed)]
    for removal in placed(own, removed):
        spaces = sum(one.end <= removal.start and bool(one.replacement) for one in removed)
        assert removal.at == bisect_left(kept, removal.start) + spaces
        words = removal.text.split()[0]
        assert cleaned[removal.at :].lstrip().startswith(words)
