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


@dataclass(frozen=True, slots=True)
class Near:
    """One place near one report: `metres` from its shape, or None where it was only named."""

    place: int
    metres: float | None


def near(
    places: Sequence[ProtectedPlace],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    mentioned: Sequence[Sequence[int]],
) -> list[list[Near]]:
    """Return for each report the places near it, named ones first, then by distance.

    Args:
        places: what is protected, as the caller knows it.
        lon, lat: WGS-84 degrees, NaN where unknown.
        mentioned: for each report the indices of `places` its words name.

    Distance is true to the metre within some kilometres: degrees are scaled at the report's latitude.
    """
    out: list[list[Near]] = [[Near(place, None) for place in found] for found in mentioned]
    known = np.flatnonzero(~np.isnan(lon) & ~np.isnan(lat))
    shaped = [k for k, place in enumerate(places) if place.shape is not None]
    if not len(known) or not shaped:
        return out
    tree = shapely.STRtree(shapely.points(lon[known], lat[known]))
    for k in shaped:
        place = places[k]
        west, south, east, north = shapely.bounds(place.shape)
        tall = place.radius_m / METRES_A_DEGREE
        wide = tall / max(np.cos(np.radians(max(abs(south), abs(north)) + tall)), 0.05)
        box = shapely.box(west - wide, south - tall, east + wide, north + tall)
        for at in known[tree.query(box)]:
            metres = _metres(place.shape, lon[at], lat[at])
            if metres <= place.radius_m:
                found = out[at]
                found[:] = [one for one in found if one.place != k]
                found.append(Near(k, metres))
    for found in out:
        found.sort(key=lambda one: (one.metres is not None, one.metres or 0.0))
    return out


def _metres(shape: shapely.Geometry | None, lon: float, lat: float) -> float:
    scale = np.array([np.cos(np.radians(lat)) * METRES_A_DEGREE, METRES_A_DEGREE])
    flat = shapely.transform(shape, lambda xy: (xy - (lon, lat)) * scale)
    return float(shapely.distance(flat, shapely.Point(0, 0)))
