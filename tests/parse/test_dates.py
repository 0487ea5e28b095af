"""Dates in words and numbers, as datelines write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.parse.dates import date_in_address, dates_in, iso_date


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3 March 2026", "2026-03-03"),
        ("By Pell, March 3, 2026 at 4:05 p.m. EST", "2026-03-03T16:05:00-05:00"),
        ("10:27 AM PST, December 21, 2023", "2023-12-21T10:27:00-08:00"),
        ("3. März 2026, 14:30 Uhr", "2026-03-03T14:30:00"),
        ("vendredi 1er mars 2024 à 18h30", "2024-03-01T18:30:00"),
        ("3 de marzo de 2026", "2026-03-03"),
        ("2026. március 3., 12:10", "2026-03-03T12:10:00"),
        ("12 марта 2024, 10:00", "2024-03-12T10:00:00"),
        ("maanantai 3. maaliskuuta 2026 klo 12.30", "2026-03-03T12:30:00"),
        ("Thứ ba, 3 tháng 3, 2026", "2026-03-03"),
        ("2026年3月3日 14時30分", "2026-03-03T14:30:00"),
        ("2026년 3월 3일 오후 3:20", "2026-03-03T15:20:00"),
        ("2026. 3. 3. 오전 9:00", "2026-03-03T09:00:00"),
        ("22-Dec-2023", "2023-12-22"),
        ("30.01.202430. Januar 2024", "2024-01-30"),
        ("01.21.2020 07:00 AM", "2020-01-21T07:00:00"),
        ("12/21/2023", "2023-12-21"),
        ("2022-05-04T03:00:00 UTC", "2022-05-04T03:00:00+00:00"),
    ],
)
def test_dates_are_found_in_words_of_many_languages(written: str, meant: str) -> None:
    assert next(dates_in(written)).value == meant


@pytest.mark.parametrize(
    "text",
    [
        "3 hours ago",
        "March 2026",
        "31 February 2026",
        "3 Pell 2026",
        "call 555-12-2026x",
        "12 of 2026 boats",
        "3/4/2026",
    ],
)
def test_what_is_no_whole_date_is_not_found(text: str) -> None:
    assert list(dates_in(text)) == []


def test_the_language_tells_which_number_is_the_month() -> None:
    assert iso_date("3/4/2026", day_first=True) == "2026-04-03"
    assert iso_date("3/4/2026", day_first=False) == "2026-03-04"
    assert iso_date("3.4.2026", day_first=None) == "2026-04-03"


def test_a_time_with_a_label_of_its_own_belongs_to_another_date() -> None:
    line = "Dec. 21, 2023 | Updated 4:15 pm Dec 22, 2023"
    assert [found.value for found in dates_in(line)] == ["2023-12-21", "2023-12-22T16:15:00"]


@given(st.text(alphabet="0123456789 .,:/-年月日aprilMarch", max_size=60))
def test_no_text_however_odd_raises(text: str) -> None:
    for found in dates_in(text):
        assert iso_date(found.value) == found.value
        assert 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://lock.example/2026/03/03/gates", "2026-03-03"),
        ("https://lock.example/2026/3/3/gates", "2026-03-03"),
        ("https://lock.example/news/20260303/gates", "2026-03-03"),
        ("https://lock.example/2026-03-03-gates", "2026-03-03"),
        ("https://lock.example/2026/02/31/gates", None),
        ("https://lock.example/2026/03/gates", None),
        ("https://lock.example/story-2026030399", None),
    ],
)
def test_an_address_may_name_the_day(url: str, day: str | None) -> None:
    assert date_in_address(url) == day
