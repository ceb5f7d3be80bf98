"""Rest days: weekends and holidays less the weekend days that are worked (法定休假日).

Only what has been announced is known. Beyond that a calendar refuses; it does not guess.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from jingyi.core.law import STATUSES
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say

DAY = timedelta(days=1)
HOLIDAYS = {
    "new-year": say("元旦"),
    "spring-festival": say("春节"),
    "qingming": say("清明节"),
    "labour-day": say("劳动节"),
    "dragon-boat": say("端午节"),
    "mid-autumn": say("中秋节"),
    "national-day": say("国庆节"),
}
WEEKDAYS = (
    say("星期一"), say("星期二"), say("星期三"), say("星期四"),
    say("星期五"), say("星期六"), say("星期日"),
)  # fmt: skip


class CalendarGap(Refusal):
    """A date lies outside the days for which the rest-day calendar is announced.

    `day` is that date. Where a period was being counted, `raw` is its last day before any roll.
    """

    def __init__(self, day: date, calendar: "RestDays", raw: date | None = None) -> None:
        self.day = day
        self.raw = raw
        if day > calendar.announced_through:
            super().__init__(
                "{day} 是否为休假日尚未公布：放假安排只公布到 {through}，不作推测。"
                "请待国务院办公厅公布后补录日历再计算。",
                day=day,
                through=calendar.announced_through,
            )
        else:
            super().__init__(
                "{day} 早于已录入的放假安排（自 {since} 起），无法判断是否为休假日。请先补录该年日历。",
                day=day,
                since=calendar.announced_from,
            )


@dataclass(frozen=True, slots=True)
class Notice:
    """One announcement (放假安排通知): its number, when it came, the days it gives and takes."""

    year: int
    numbers: tuple[str, ...]
    issued: date
    announced_from: date
    announced_through: date
    rest: Mapping[date, str]  # the day → a key of HOLIDAYS
    work: frozenset[date]  # make-up workdays (调休上班日)
    status: str
    confirmed_on: date


@dataclass(frozen=True, slots=True)
class RestDays:
    """The announced rest days of a country, from `announced_from` through `announced_through`."""

    name: str
    announced_from: date
    announced_through: date
    holidays: Mapping[date, str]
    make_up: frozenset[date]

    def knows(self, day: date) -> bool:
        return self.announced_from <= day <= self.announced_through

    def is_rest(self, day: date) -> bool:
        """Tell whether nobody works on `day`.

        Raises:
            CalendarGap: it has not been announced.
        """
        if not self.knows(day):
            raise CalendarGap(day, self)
        return day in self.holidays or (day.weekday() >= 5 and day not in self.make_up)

    def why(self, day: date) -> Sentence:
        """Return why `day` is, or isn't, a rest day, in a word."""
        if day in self.holidays:
            return HOLIDAYS[self.holidays[day]]
        if day in self.make_up:
            return say("调休上班日")
        return WEEKDAYS[day.weekday()]

    def first_workday(self, day: date) -> date:
        """Return `day`, or the first workday after it."""
        while self.is_rest(day):
            day += DAY
        return day


def read_notice(table: Table) -> Notice:
    """Read one announcement and check that it gives no day twice and works only weekends."""
    year = table.number("year")
    rest: dict[date, str] = {}
    for holiday in table.tables("holiday", least=1):
        name = holiday.one_of("name", frozenset(HOLIDAYS))
        for day in _span(holiday):
            if day in rest:
                raise holiday.wrong("from", f"{day} is given twice")
            rest[day] = name
        holiday.done()
    notice = Notice(
        year=year,
        numbers=table.texts("numbers"),
        issued=table.day("issued"),
        announced_from=table.day("announced_from"),
        announced_through=table.day("announced_through"),
        rest=rest,
        work=frozenset(table.days("work")),
        status=table.one_of("status", STATUSES),
        confirmed_on=table.day("confirmed_on"),
    )
    table.text("note", "")
    table.done()
    for day in notice.work:
        if day.weekday() < 5 or day in rest:
            raise table.wrong("work", f"{day} is no weekend day to be worked")
    return notice


def _span(table: Table) -> Iterator[date]:
    day, last = table.day("from"), table.day("to")
    if last < day:
        raise table.wrong("to", "is before from")
    while day <= last:
        yield day
        day += DAY


def merge(name: str, notices: Iterable[Notice]) -> RestDays:
    """Return one calendar of the notices, which must follow one another without a gap."""
    ordered = sorted(notices, key=lambda notice: notice.year)
    holidays: dict[date, str] = {}
    make_up: set[date] = set()
    for notice in ordered:
        holidays |= notice.rest
        make_up |= notice.work
    for before, after in pairwise(ordered):
        if after.announced_from != before.announced_through + DAY:
            msg = f"{name}: {after.year} does not follow {before.year}"
            raise ValueError(msg)
    return RestDays(
        name,
        ordered[0].announced_from,
        ordered[-1].announced_through,
        holidays,
        frozenset(make_up),
    )
