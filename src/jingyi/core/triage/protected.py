"""Protected places near a report: named in it, or nearer than the place's own radius."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

METRES_A_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class ProtectedPlace:
    """A place the law protects. `shape` is WGS-84; `radius_m` is how near counts as near."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    shape: shapely.Geometry | None = None
    radius_m: float = 500.0

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.name, *self.aliases)))


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """Places near reports: row i's are `off[i]:off[i+1]`, named ones first, then by distance.

    `metres` is the distance from the place's shape, NaN where it was only named.
    """

    off: NDArray[np.int64]
    place: NDArray[np.int64]
    metres: NDArray[np.float64]


def near(
    places: Sequence[ProtectedPlace],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    named_row: NDArray[np.int64],
    named: NDArray[np.int64],
) -> Near:
    """Return the places near each report.

    Args:
        places: what is protected, as the caller knows it.
        lon, lat: WGS-84 degrees, NaN where unknown.
        named_row, named: reports, and which of `places` their words name.

    Distance is true to the metre within some kilometres: degrees are scaled at the report's latitude.
    """
    if not len(places):
        return Near(np.zeros(len(lon) + 1, np.int64), named, lon[:0])
    rows, which, metres = _within(places, lon, lat)
    measured = set(zip(rows.tolist(), which.tolist(), strict=True))
    only = [
        k
        for k, pair in enumerate(zip(named_row.tolist(), named.tolist(), strict=True))
        if pair not in measured
    ]
    row = np.concatenate([named_row[only], rows])
    place = np.concatenate([named[only], which])
    distance = np.concatenate([np.full(len(only), np.nan), metres])
    order = np.lexsort((place, np.nan_to_num(distance, nan=-1.0), row))
    off = np.searchsorted(row[order], np.arange(len(lon) + 1))
    return Near(off.astype(np.int64), place[order], distance[order])


def _within(
    places: Sequence[ProtectedPlace], lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return (reports, places, metres) for every place nearer than its own radius."""
    found: list[tuple[int, int, float]] = []
    known = np.flatnonzero(~np.isnan(lon) & ~np.isnan(lat))
    tree = shapely.STRtree(shapely.points(lon[known], lat[known]))
    for k, place in enumerate(places):
        if place.shape is None:
            continue
        west, south, east, north = shapely.bounds(place.shape)
        tall = place.radius_m / METRES_A_DEGREE
        wide = tall / max(np.cos(np.radians(max(abs(south), abs(north)) + tall)), 0.05)
        box = shapely.box(west - wide, south - tall, east + wide, north + tall)
        for at in known[tree.query(box)]:
            metres = _metres(place.shape, lon[at], lat[at])
            if metres <= place.radius_m:
                found.append((int(at), k, metres))
    out = np.array(found, np.float64).reshape(-1, 3)
    return out[:, 0].astype(np.int64), out[:, 1].astype(np.int64), out[:, 2]


def _metres(shape: shapely.Geometry | None, lon: float, lat: float) -> float:
    scale = np.array([np.cos(np.radians(lat)) * METRES_A_DEGREE, METRES_A_DEGREE])
    flat = shapely.transform(shape, lambda xy: (xy - (lon, lat)) * scale)
    return float(shapely.distance(flat, shapely.Point(0, 0)))
