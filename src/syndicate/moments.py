"""When articles were published, as far as their dates tell, and which was surely first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from syndicate.model import Article

NEVER: Final = datetime.max.replace(tzinfo=UTC)
_CLOCK_DOUBT: Final = timedelta(hours=1)
_ZONE_DOUBT: Final = timedelta(hours=26)
"""How far two times may differ where one of them has no time zone, or no time of day, and still say nothing."""
OUT_BY: Final = ("modified", "crawled")
"""Claims of times at which an article was out already, the earlier one first."""


def moment_of(article: Article) -> datetime | None:
    """When an article was published, a missing time zone read as UTC; None where that is not known."""
    return moment(article.published)


def is_before(one: Article, other: Article) -> bool:
    """Whether one article was surely published before another.

    Where it does not say when it was published, the time at which it was changed, or crawled, says that it was out;
    of the other article neither says anything.
    """
    time = out_by(one)
    first, second = moment(time), moment_of(other)
    if first is None or second is None:
        return False
    zoned = _is_exact(time) and _is_exact(other.published)
    return second - first > (_CLOCK_DOUBT if zoned else _ZONE_DOUBT)


def out_by(article: Article) -> str | None:
    """When an article was published, or else a time at which it was out, as it is written; None where neither is."""
    claimed = {claim.field: claim.value for claim in reversed(article.claims)}
    times = (article.published, *(claimed.get(field) for field in OUT_BY))
    return next((time for time in times if moment(time)), None)


def moment(time: str | None) -> datetime | None:
    """The moment of a time in ISO 8601, a missing time zone read as UTC; None where it is none."""
    try:
        found = datetime.fromisoformat(time or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _is_exact(time: str | None) -> bool:
    """Whether a time has a time of day and a time zone."""
    return time is not None and "T" in time and datetime.fromisoformat(time).tzinfo is not None
