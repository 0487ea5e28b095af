"""The drawing of when a story's pages came out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from syndicate.report.timeline import MOST_ROWS, Event, Timeline, draw

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
LEFT, RIGHT = 210, 836


def drawn(*times: datetime | None, sources: tuple[int, ...] = ()) -> Timeline:
    events = [
        Event(time, sources[at] if at < len(sources) else -1, "repost") for at, time in enumerate(times)
    ]  # fmt: skip
    timeline = draw(events)
    assert timeline is not None
    return timeline


def after(**passed: float) -> datetime:
    return NOON + timedelta(**passed)


def test_earlier_pages_are_left_of_later_ones() -> None:
    timeline = drawn(NOON, after(minutes=10), after(hours=5), after(days=9))
    places = [mark.x for mark in timeline.marks]
    assert places == sorted(set(places))
    assert (places[0], places[-1]) == (LEFT, RIGHT)
    assert timeline.undated is None


def test_rows_are_those_of_the_pages_from_top_to_bottom() -> None:
    timeline = drawn(after(hours=5), NOON, after(hours=9))
    assert [mark.row for mark in timeline.marks] == [0, 1, 2]
    heights = [mark.y for mark in timeline.marks]
    assert heights == sorted(set(heights))
    assert heights[-1] < timeline.height
    assert timeline.marks[1].x == LEFT


def test_pages_without_a_date_stand_apart() -> None:
    timeline = drawn(NOON, None, after(days=2), None)
    assert timeline.undated is not None
    dated = [timeline.marks[at].x for at in (0, 2)]
    assert [timeline.marks[at].x for at in (1, 3)] == [timeline.undated] * 2
    assert max(dated) + 20 < timeline.undated < timeline.width


def test_where_no_time_is_known_nothing_is_drawn() -> None:
    assert draw([]) is None
    assert draw([Event(None, -1, "copy"), Event(None, 0, "repost")]) is None
    assert draw([Event(None, -1, "copy")] * MOST_ROWS + [Event(NOON, -1, "copy")]) is None


def test_no_more_than_forty_pages_are_drawn() -> None:
    times = [after(hours=at) for at in range(MOST_ROWS + 1)]
    timeline = drawn(*times, sources=(-1, 0, MOST_ROWS, *[0] * 37, 0))
    assert len(timeline.marks) == MOST_ROWS == 40
    assert {arc.row for arc in timeline.arcs} == set(range(1, 40)) - {2}, "an arc to a page that is not drawn"
    assert timeline.marks[-1].x == RIGHT


def test_one_page_alone_stands_at_the_left() -> None:
    timeline = drawn(NOON)
    assert [(mark.row, mark.x) for mark in timeline.marks] == [(0, LEFT)]
    assert [(tick.x, tick.label) for tick in timeline.ticks] == [(LEFT, "first")]
    assert timeline.arcs == ()


def test_pages_of_one_moment_stand_below_each_other() -> None:
    timeline = drawn(NOON, NOON, NOON, sources=(-1, 0, 0))
    assert {mark.x for mark in timeline.marks} == {LEFT}
    assert len({mark.y for mark in timeline.marks}) == 3
    assert len(timeline.arcs) == 2


def test_moments_count_and_not_the_hands_of_the_clock() -> None:
    new_york = timezone(timedelta(hours=-5))
    timeline = drawn(datetime(2026, 3, 3, 8, tzinfo=new_york), NOON)  # at one in the afternoon, in UTC
    assert timeline.marks[1].x < timeline.marks[0].x


def test_an_arc_goes_from_the_source_to_its_copy() -> None:
    timeline = drawn(NOON, after(hours=2), sources=(-1, 0))
    (arc,) = timeline.arcs
    source, copy = timeline.marks
    assert (arc.row, arc.relation) == (1, "repost")
    assert arc.path.startswith(f"M{source.x:g} {source.y:g}C")
    assert arc.path.endswith(f" {copy.x - 5:g} {copy.y:g}")


TIMES = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.lists(st.tuples(st.none() | TIMES, st.integers(-1, 60)), max_size=60))
def test_everything_is_drawn_inside(pages: list[tuple[datetime | None, int]]) -> None:
    timeline = draw([Event(time, source, "repost") for time, source in pages])
    if timeline is None:
        assert not [time for time, _ in pages[:MOST_ROWS] if time]
        return
    dated = sorted((time, timeline.marks[at].x) for at, (time, _) in enumerate(pages[:MOST_ROWS]) if time)
    assert [x for _, x in dated] == sorted(x for _, x in dated)
    assert all(LEFT <= mark.x <= RIGHT and timeline.top < mark.y < timeline.height for mark in timeline.marks)
    assert all(later.x - tick.x >= 58 for tick, later in zip(timeline.ticks, timeline.ticks[1:], strict=False))
    assert all(LEFT <= tick.x <= RIGHT for tick in timeline.ticks)
