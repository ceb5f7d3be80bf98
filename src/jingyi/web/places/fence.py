"""Spots tested against the legal zones that bind on a day: inside, on the line, or near.

Zones are laid out once for each set of them: an outline is never redrawn, so the set tells all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import shapely
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast, Length
from shapely.geometry import shape

from jingyi.core.places import geofence
from jingyi.web.places.models import Zone

NEAR = 200.0  # metres that a page calls near


@dataclass(frozen=True, slots=True)
class Hit:
    """Spot number `spot` lies `metres` from a zone; 0 is inside, or on its line (`edge`)."""

    spot: int
    zone: int
    metres: float
    edge: bool


def find(
    zones: QuerySet[Zone], spots: Sequence[tuple[float, float]], *, on: date, within: float = 0.0
) -> list[Hit]:
    """Return which spots lie in, on or within so many metres of which zones in force on a day.

    Args:
        zones: those to look among.
        spots: longitude and latitude, WGS-84 degrees.
        on: the day; a zone's first and last day count.
        within: metres that still count, the number included.
    """
    binding = (
        zones.filter(valid_from__lte=on).exclude(valid_to__lt=on).exclude(place__retired_on__lt=on)
    )
    size = Length(Cast("geometry", TextField()))
    drawn = tuple(binding.order_by("pk").values_list("pk", "valid_from", size))
    if not drawn or not spots:
        return []
    keys = [key for key, _, _ in drawn]
    lon, lat = np.array(spots, float).T
    hits = _laid(drawn, within).find(lon, lat)
    return [
        Hit(int(spot), keys[zone], float(metres), bool(edge))
        for spot, zone, metres, edge in zip(
            hits.point, hits.zone, hits.metres, hits.edge, strict=True
        )
    ]


@lru_cache(maxsize=16)
def _laid(drawn: tuple[tuple[int, date, int], ...], within: float) -> geofence.Fence:
    keys = [key for key, _, _ in drawn]
    outlines = dict(Zone.objects.filter(pk__in=keys).values_list("pk", "geometry"))
    return geofence.lay([shapely.force_2d(shape(outlines[key])) for key in keys], within)
