"""The announced rest days, held against an independent package, day by day."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from jingyi.core import calendars, rulebook
from jingyi.core.tables import RulebookError, Table

CN = rulebook.rest_days()
NOTICE = {
    "year": 2031,
    "numbers": ["国办发明电〔2030〕1号"],
    "issued": date(2030, 11, 1),
    "announced_from": date(2031, 1, 1),
    "announced_through": date(2031, 12, 31),
    "status": "assumed",
    "confirmed_on": date(2030, 11, 2),
    "work": [],
    "holiday": [{"name": "new-year", "from": date(2031, 1, 1), "to": date(2031, 1, 3)}],
}


def test_every_day_is_a_rest_day_exactly_where_the_oracle_says():
    day = CN.announced_from
    while day <= CN.announced_through:
        assert CN.is_rest(day) == chinese_calendar.is_holiday(day), day
        day += timedelta(days=1)


def test_every_holiday_has_the_name_the_oracle_gives_it():
    names = {
        "New Year's Day": "元旦",
        "Spring Festival": "春节",
        "Tomb-sweeping Day": "清明节",
        "Labour Day": "劳动节",
        "Dragon Boat Festival": "端午节",
        "Mid-autumn Festival": "中秋节",
        "National Day": "国庆节",
    }
    for day in CN.holidays:
        assert str(CN.why(day)) == names[chinese_calendar.get_holiday_detail(day)[1]], day


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 10, 1), "国庆节"),
        (date(2026, 10, 10), "调休上班日"),
        (date(2026, 8, 30), "星期日"),
        (date(2026, 8, 31), "星期一"),
    ],
)
def test_a_day_says_what_it_is(day, why):
    assert str(CN.why(day)) == why


@pytest.mark.parametrize(
    ("day", "why"),
    [(date(2027, 1, 1), "只公布到 2026-12-31"), (date(2016, 12, 31), "自 2017-01-01 起")],
)
def test_an_unannounced_day_is_refused(day, why):
    with pytest.raises(calendars.CalendarGap, match=why):
        CN.is_rest(day)


def test_every_year_names_its_notice():
    assert [notice.year for notice in rulebook.notices()] == list(range(2017, 2027))
    for notice in rulebook.notices():
        assert all(number.startswith("国办发明电〔") for number in notice.numbers)
        assert notice.issued < notice.announced_from


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"holiday": [{"name": "may-day", "from": date(2031, 5, 1), "to": date(2031, 5, 1)}]},
            "may-day",
        ),
        (
            {"holiday": [{"name": "new-year", "from": date(2031, 1, 3), "to": date(2031, 1, 1)}]},
            "before from",
        ),
        ({"work": [date(2031, 1, 7)]}, "no weekend day"),
        ({"numbers": [""]}, "not a list of texts"),
        ({"nmubers": []}, "nmubers: is not a known key"),
        ({"year": "2031"}, "year: is '2031', not a int"),
    ],
)
def test_a_wrong_calendar_is_named_by_file_key_and_problem(change, problem):
    with pytest.raises(RulebookError, match=problem) as caught:
        calendars.read_notice(Table("calendars/cn-2031.toml", NOTICE | change))

    assert str(caught.value).startswith("calendars/cn-2031.toml: ")


def test_calendars_must_follow_one_another():
    later = calendars.read_notice(Table("cn-2031.toml", NOTICE))

    with pytest.raises(ValueError, match="2031 does not follow 2026"):
        calendars.merge("cn", [*rulebook.notices(), later])
