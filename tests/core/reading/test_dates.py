"""Dates in the words of Chinese papers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.reading.dates import dates_in

HAN = "〇一二三四五六七八九"


def han(n):
    """A number up to 31 in Chinese words."""
    tens, ones = divmod(n, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{HAN[tens]}十"
    return ten + (HAN[ones] if ones else "")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("于2026年3月1日查获", ["2026-03-01"]),
        ("二〇二六年三月一日", ["2026-03-01"]),
        ("二○二五年十二月三十一日", ["2025-12-31"]),
        ("采样日期:2026-03-01,报告日期:2026.3.15", ["2026-03-01", "2026-03-15"]),
        ("2026年3月1日至3月5日", ["2026-03-01", "2026-03-05"]),
        ("三月一日", []),  # no year anywhere: nothing is guessed
        ("2026年2月30日", []),
        ("电话0553-2026-03-01", []),
        ("版本号2026.3.1.4", ["2026-03-01"]),
        ("第13月1日", []),
    ],
)
def test_the_days_a_text_names(text, days):
    assert [str(named.on) for named in dates_in(text)] == days


def test_a_day_without_a_year_says_that_it_is_not_sure():
    first, second = dates_in("2026年3月1日巡查,三月五日复查")

    assert (first.sure, second.sure) == (True, False)
    assert second.on == date(2026, 3, 5)


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_in_each_of_its_forms(day):
    year = "".join(HAN[int(n)] for n in str(day.year))
    forms = [
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y-%m-%d}",
        f"{day:%Y/%m/%d}",
        f"{year}年{han(day.month)}月{han(day.day)}日",
    ]
    for form in forms:
        found = dates_in(f"查明,{form}晚,")
        assert [named.on for named in found] == [day], form
        assert found[0].end - found[0].start == len(form)


@given(st.text("二〇十年月日0123-./ o", max_size=40), st.integers(1990, 2030))
def test_no_text_breaks_it(text, year):
    for named in dates_in(text, year=year):
        assert 0 <= named.start < named.end <= len(text)
        assert named.on + timedelta(0) == named.on
