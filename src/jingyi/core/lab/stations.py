"""Series of readings: where a limit is broken for long enough to be looked at, and where nothing came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from jingyi.core.law import STATUSES, titled
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table
from jingyi.core.words import Sentence


@dataclass(frozen=True, slots=True)
class Rule:
    """rulebook/lab/stations.toml: so many in a row, or one so many times the limit."""

    consecutive: int
    times: float
    window: timedelta
    late: timedelta
    valid_from: date
    valid_to: date | None
    reading: Sentence
    status: str


@dataclass(frozen=True, slots=True)
class Point:
    """One reading against its limit: `over` None where it cannot be told (`<` above the limit).

    `share`: the reading by the limit; of a lower limit, the limit by the reading.
    """

    at: datetime
    over: bool | None
    share: float


@dataclass(frozen=True, slots=True)
class Episode:
    """Readings that follow each other above a limit. `worst`: the largest share of the limit."""

    began: datetime
    last: datetime
    n: int
    worst: float


def rule_on(rules: Iterable[Rule], day: date) -> Rule:
    """Return the rule in force on a day.

    Raises:
        Refusal: there is none.
    """
    for one in rules:
        if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to):
            return one
    raise Refusal(
        "规则库没有 {day} 有效的站点超限规则，请在 lab/stations.toml 补充。", day=day.isoformat()
    )


def episodes(points: Sequence[Point], rule: Rule, gap: timedelta) -> list[Episode]:
    """Return what the rule finds in a series, in order of time.

    A reading that cannot be told, or a gap longer than `gap`, ends a run: three hours above the
    limit are not three days with two readings missing.
    """
    found: list[Episode] = []
    run: list[Point] = []
    for point in points:
        if run and (point.over is not True or point.at - run[-1].at > gap):
            found += _kept(run, rule)
            run = []
        if point.over is True:
            run.append(point)
    return found + _kept(run, rule)


def gaps(times: Sequence[datetime], interval: timedelta) -> list[tuple[datetime, datetime]]:
    """Return where more than two readings in a row are missing: (last before, first after)."""
    return [(before, after) for before, after in pairwise(times) if after - before > 2.5 * interval]


def _kept(run: Sequence[Point], rule: Rule) -> list[Episode]:
    if not run:
        return []
    worst = max(point.share for point in run)
    if len(run) < rule.consecutive and worst < rule.times:
        return []
    return [Episode(run[0].at, run[-1].at, len(run), worst)]


def read_rules(top: Table) -> tuple[Rule, ...]:
    """Read rulebook/lab/stations.toml."""
    rules = tuple(_read(row) for row in top.tables("exceedance", least=1))
    top.done()
    return rules


def _read(row: Table) -> Rule:
    found = Rule(
        consecutive=row.number("consecutive"),
        times=float(row.text("times")),
        window=timedelta(days=row.number("window_days")),
        late=timedelta(days=row.number("late_days")),
        valid_from=row.day("valid_from"),
        valid_to=row.day_or_none("valid_to"),
        reading=titled(row.text("reading"), row.text("reading_en")),
        status=row.one_of("status", STATUSES),
    )
    row.day("confirmed_on")
    row.done()
    if found.consecutive < 1 or found.times <= 1:
        raise row.wrong("times", "is not above one, or nothing in a row is asked for")
    return found
