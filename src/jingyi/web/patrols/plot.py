"""The way of a patrol and the places of an office, as positions in an SVG: metres, north up."""

from dataclasses import dataclass, field
from math import cos, radians
from typing import Any

from jingyi.web.patrols.models import Stop, Visit

WIDE, HIGH, EDGE = 640, 420, 24


@dataclass(frozen=True, slots=True)
class Mark:
    """A spot: `kind` is its class, `title` what it says."""

    x: float
    y: float
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Lines as SVG points and marks upon them, within `width` by `height`; `metres` of 100 units."""

    lines: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    metres: float = 0.0
    width: int = WIDE
    height: int = HIGH


def way(stops: list[Stop], visits: list[Visit], tracks: list[list[list[float]]]) -> Picture | None:
    """Draw the stops, the records with a position, and the tracks."""
    spots = [(s.lon, s.lat, "stop", f"{s.n}. {s.name}") for s in stops]
    spots += [
        (v.lon, v.lat, v.finding, v.note[:40] or v.get_finding_display())
        for v in visits
        if v.lon is not None
    ]
    return _drawn(spots, tracks)


def covered(rows: list[Any]) -> Picture | None:
    """Draw the places of a coverage, by how long ago each was visited."""

    def kind(days: int | None) -> str:
        if days is None:
            return "never"
        return "fresh" if days <= 30 else "stale" if days <= 90 else "old"

    return _drawn([(r.place.lon, r.place.lat, kind(r.days), r.place.name) for r in rows], [])


def _drawn(spots: list[tuple[Any, ...]], tracks: list[list[list[float]]]) -> Picture | None:
    every = [(x, y) for x, y, *_ in spots] + [(p[0], p[1]) for track in tracks for p in track]
    if not every:
        return None
    west, east = min(x for x, _ in every), max(x for x, _ in every)
    south, north = min(y for _, y in every), max(y for _, y in every)
    slim = cos(radians((south + north) / 2))
    scale = min(
        (WIDE - 2 * EDGE) / max((east - west) * slim, 1e-4),
        (HIGH - 2 * EDGE) / max(north - south, 1e-4),
    )

    def at(lon: float, lat: float) -> tuple[float, float]:
        return round(EDGE + (lon - west) * slim * scale, 1), round(EDGE + (north - lat) * scale, 1)

    lines = [" ".join("{},{}".format(*at(p[0], p[1])) for p in track) for track in tracks]
    marks = [Mark(*at(lon, lat), kind, title) for lon, lat, kind, title in spots]
    return Picture(lines, marks, round(100 / scale * 111_195))
