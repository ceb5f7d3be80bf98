"""The measures that one person asked for: which offices, which day, known when, which part."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jingyi.core import rulebook
from jingyi.core.measures.definitions import Measure
from jingyi.core.measures.figures import Figure, Period, figure, quarters, trend
from jingyi.core.measures.files import on_file
from jingyi.core.measures.rows import Counted, Rows
from jingyi.web.accounts.models import User
from jingyi.web.cases.measures import books
from jingyi.web.cases.measures.books import Books
from jingyi.web.registry.queries import offices_for, posts_of

NOW, THEN = "now", "then"
POINTS = 12  # quarters of a trend
ROWS_OF = {"counted": (0, 1), "hit": (1,), "miss": (0,), "out": (2,)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: as of the day `on`, of `period`, as known `now` or `then`, of a part of the cases."""

    on: date
    period: Period
    known: str = NOW
    track: str = ""
    domain: str = ""
    own: bool = False  # one's own office, without those below it

    @classmethod
    def of(cls, given: Mapping[str, Any], *, today: date) -> "Asked":
        """Take it out of a cleaned form; what is missing is the year so far, as known now.

        Raises:
            Refusal: the period ends before it begins.
        """
        on = given.get("on") or today
        last = min(given.get("until") or on, on)
        first = given.get("since") or date(last.year, 1, 1)
        parts = {name: given.get(name) or "" for name in ("track", "domain")}
        known = given.get("known") or NOW
        return cls(on, Period(first, last), known, **parts, own=given.get("scope") == "own")

    def as_known(self, known: str) -> "Asked":
        """Return the same question of the other reading."""
        return replace(self, known=known)


def codes_for(user: User, *, own: bool) -> list[str]:
    """Return the codes of the offices that are counted together."""
    found = offices_for(user, "case.read")
    if own:
        found = found.filter(pk__in=[post.procuratorate_id for post in posts_of(user)])
    return list(found.order_by("code").values_list("code", flat=True))


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything counted of the books as they were on a day."""

    books: Books
    counted: Counted
    asked: Asked

    def every(self, measure: Measure, rule: str = "") -> Rows:
        """Return the rows of a measure over all time; `rule` of one deadline only."""
        rules = (rule,) if rule in measure.rules else measure.rules
        rows = self.counted.rows(measure.rows, rules)
        if measure.of_cases and (self.asked.track or self.asked.domain):
            chosen = self.books.chosen(track=self.asked.track, domain=self.asked.domain)
            rows = rows.take(chosen[rows.unit])
        return rows

    def rows(self, measure: Measure, rule: str = "") -> Rows:
        """Return the rows of the period asked for."""
        period = self.asked.period
        return self.every(measure, rule).within(period.first, period.last)

    def figure(self, measure: Measure) -> Figure:
        return figure(measure, self.rows(measure))

    def by_rule(self, measure: Measure) -> list[tuple[str, Figure]]:
        """Return a measure's number for each of its deadlines, in the order of the procedure."""
        return [(rule, figure(measure, self.rows(measure, rule))) for rule in measure.rules]

    def trend(self, measure: Measure) -> list[tuple[Period, Figure]]:
        """Return the numbers of the quarters up to the day, oldest first."""
        periods = quarters(self.asked.on, POINTS)
        return list(zip(periods, trend(measure, self.every(measure), periods), strict=True))

    def names(self, measure: Measure) -> Sequence[str]:
        """Return the names that a measure's rows number."""
        if measure.unit == "lead":
            return self.books.leads
        if measure.unit == "proposal":
            return self.books.proposals
        return self.books.reports if measure.unit == "report" else self.books.cases


def measured(user: User, asked: Asked) -> Measured:
    """Count what `user` asked for, of the offices whose cases they may read."""
    codes = codes_for(user, own=asked.own)
    return count(codes, asked)


def count(codes: Iterable[str], asked: Asked) -> Measured:
    """Count the books of some offices."""
    if asked.known == THEN:
        found = books.from_ledger(codes, by=asked.on)
    else:
        found = books.from_tables(codes)
    files = on_file(found.acts, found.kept, on=asked.on)
    counted = Counted(files, rules=rulebook.clocks(), calendar=rulebook.rest_days())
    return Measured(found, counted, asked)
