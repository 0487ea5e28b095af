"""What holds of every cleaned page."""

from __future__ import annotations

import json

from syndicate import Article


def assert_whole(article: Article, text: str) -> None:
    """Kept and removed spans rebuild the text; every removal is in order, is what stands there, and has a reason."""
    assert article.restore() == text
    at = taken = 0
    for removal in article.removed:
        assert at <= removal.start < removal.end
        assert text[removal.start : removal.end] == removal.text
        assert removal.rule
        assert removal.kind
        assert removal.at == taken + removal.start - at
        assert article.text[taken : removal.at] == text[at : removal.start]
        at, taken = removal.end, removal.at + len(removal.replacement)
    replaced = sum(len(removal.replacement) for removal in article.removed)
    assert len(article.text) - replaced + sum(len(removal.text) for removal in article.removed) == len(text)
    assert Article.from_dict(json.loads(json.dumps(article.to_dict()))) == article
