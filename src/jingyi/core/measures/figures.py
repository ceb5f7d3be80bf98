"""A number with its n: a share with its interval, or a median; neither where n is too small."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from jingyi.core.measures.definitions import Measure
from jingyi.core.measures.rows import HIT, OUT, Rows
from jingyi.core.refusal import Refusal

Z = 1.959963984540054  # of a two-sided interval of 95 %


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` through `last`."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Refusal(
                "时期的末日 {last} 早于首日 {first}。请对调。", first=self.first, last=self.last
            )


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `n` rows count, `hits` of them; `out` were looked at and do not count.

    `value` is a share of 0–1 or a median in days; with `low` and `high` it is None where `n` is
    below the measure's smallest.
    """

    n: int
    hits: int
    out: int
    value: float | None
    low: float | None
    high: float | None


def figure(measure: Measure, rows: Rows) -> Figure:
    """Return the number of a measure's rows."""
    counts = rows.result != OUT
    n, hits = int(counts.sum()), int((rows.result == HIT).sum())
    out = len(rows) - n
    if n < measure.smallest:
        return Figure(n, hits, out, None, None, None)
    if measure.kind == "median":
        return Figure(n, hits, out, *median(rows.value[counts]))
    return Figure(n, hits, out, hits / n, *wilson(hits, n))


def trend(measure: Measure, rows: Rows, periods: Sequence[Period]) -> list[Figure]:
    """Return the number of each period, in order."""
    return [figure(measure, rows.within(period.first, period.last)) for period in periods]


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share.

    Source:
        Wilson (1927), JASA 22, 209-212.
    """
    share, spread = hits / n, Z * Z / n
    middle = (share + spread / 2) / (1 + spread)
    half = Z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    # at the ends the interval touches them, which floats would miss by a hair
    return (0.0 if hits == 0 else middle - half), (1.0 if hits == n else middle + half)


def median(values: Sequence[int] | np.ndarray) -> tuple[float, float, float]:
    """Return the median with its 95 % interval, both ends values that were observed.

    Ranks are those of the binomial distribution's normal approximation, rounded outwards.
    """
    ordered = np.sort(np.asarray(values))
    n = len(ordered)
    half = Z * math.sqrt(n) / 2
    low = max(math.floor(n / 2 - half), 0)
    high = min(math.ceil(n / 2 + half), n - 1)
    return float(np.median(ordered)), float(ordered[low]), float(ordered[high])


def quarters(last: date, count: int) -> list[Period]:
    """Return the quarter that `last` is in, cut off at `last`, and those before it; oldest first."""
    found: list[Period] = []
    first = date(last.year, (last.month - 1) // 3 * 3 + 1, 1)
    end = last
    for _ in range(count):
        found.append(Period(first, end))
        end = first - timedelta(days=1)
        first = date(end.year, (end.month - 1) // 3 * 3 + 1, 1)
    return found[::-1]
