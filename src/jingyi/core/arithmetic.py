"""The arithmetic of periods: months, days and workdays added to a day, with days left out."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jingyi.core.calendars import DAY, RestDays
from jingyi.core.clock_rules import Period
from jingyi.core.refusal import Refusal


class NotCountable(Refusal):
    """The clock has no such track, pause or extension, or not at that time."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days left out of a period, `first` and `last` both included; `kind` is one of its pauses."""

    kind: str
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise NotCountable(
                "不计入的期间末日 {last} 早于首日 {first}。请更正后再计算。",
                first=self.first,
                last=self.last,
            )


def add_months(day: date, months: int) -> date:
    """Return the day of the same number `months` later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def count(
    period: Period, start: date, calendar: RestDays, *, roll: bool = True
) -> tuple[date, date]:
    """Return (raw, due): the last day of a period begun on `start`, before and after rolling.

    Raises:
        CalendarGap: the end falls outside the announced calendar.
    """
    raw = end_of(Length.of(period), start, (), calendar)
    return raw, calendar.first_workday(raw) if roll else raw


@dataclass(frozen=True, slots=True)
class Length:
    """A period with what extensions have added to it."""

    months: int
    days: int
    workdays: int

    @classmethod
    def of(cls, period: Period) -> "Length":
        return cls(period.months, period.days, period.workdays)

    def plus(self, period: Period) -> "Length":
        return Length(
            self.months + period.months, self.days + period.days, self.workdays + period.workdays
        )


def end_of(length: Length, start: date, spans: Sequence[Span], calendar: RestDays) -> date:
    """Return the unrolled last day: every day after `start` counts, save those in `spans`.

    `spans` are sorted. One that begins after the end has come changes nothing.
    """
    end = add_months(start, length.months) + timedelta(days=length.days)
    reached = start  # the last day already known to be left out, or the start
    for span in spans:
        first = max(span.first, reached + DAY)
        if first > end:
            break
        if span.last >= first:
            end += span.last - first + DAY
            reached = span.last
    return _workdays_on(end, length.workdays, spans, calendar) if length.workdays else end


def _workdays_on(day: date, wanted: int, spans: Sequence[Span], calendar: RestDays) -> date:
    while wanted:
        day += DAY
        left_out = any(span.first <= day <= span.last for span in spans)
        wanted -= not (left_out or calendar.is_rest(day))
    return day
