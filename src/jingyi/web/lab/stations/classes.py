"""The class of a water at each time, from the readings of its station (single factor)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from jingyi.core.lab import book
from jingyi.core.refusal import Refusal
from jingyi.engines.judging import judge
from jingyi.web.lab.limits import library
from jingyi.web.lab.stations.models import Reading, Station


@dataclass(frozen=True, slots=True)
class Classed:
    """One time: its class, None where it cannot be told, the item that decides, and why."""

    at: datetime
    level: str | None
    worst: str | None
    because: list[str]


def of(station: Station, readings: Iterable[Reading]) -> list[Classed]:
    """Return the class at each time of some readings, the newest first; none without classes.

    A station's readings count as they came: a gap is not assessed, and is said.
    """
    table = library.stored([station.standard])[station.standard]
    if table.shape != "class":
        return []
    times: dict[datetime, int] = {}
    cells: dict[tuple[str, str], dict[int, str]] = {}
    for one in sorted(readings, key=lambda one: one.at, reverse=True):
        place = times.setdefault(one.at, len(times))
        cells.setdefault((one.item, one.unit), {})[place] = one.text
    if not times:
        return []
    items = book.names().items
    columns = {
        f"{items[item].names[0]}({unit})": pa.array([texts.get(n, "") for n in range(len(times))])
        for (item, unit), texts in cells.items()
    }
    try:
        found = judge(pa.table(columns), table, station.conditions).table.to_pylist()
    except Refusal:  # nothing that the standard limits
        return []
    return [Classed(at, row["class"], row["worst"], row["because"]) for at, row in zip(times, found, strict=True)]  # fmt: skip
