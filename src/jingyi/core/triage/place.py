"""Where it is: the words that name the place, the division, and coordinates with a radius."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jingyi.core.triage.division_table import PROVINCE, centre, level

WIDE = 1_500.0  # metres: a name that covers more, a town or a river, does not tell things apart
GIVEN_RADIUS = 50.0  # metres: what a phone or a map pin is good for
WEST, EAST, SOUTH, NORTH = 73.0, 135.1, 3.4, 53.6  # China, islands included
FINE, SWAPPED, OUTSIDE, ABSENT = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Known:
    """A place whose coordinates the office knows: a name of its gazetteer, a division's centre."""

    name: str
    lon: float
    lat: float
    radius_m: float
    region: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Coordinates as far as known (NaN otherwise), their radius, and what became of those given."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    radius_m: NDArray[np.float64]
    state: NDArray[np.uint8]


def points(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Points:
    """Check given coordinates: swapped ones are turned back, those outside China left out."""
    inside = _inside(lon, lat)
    turned = ~inside & _inside(lat, lon)
    state = np.where(inside, FINE, np.where(turned, SWAPPED, OUTSIDE)).astype(np.uint8)
    state[np.isnan(lon) | np.isnan(lat)] = ABSENT
    known = inside | turned
    return Points(
        np.where(inside, lon, np.where(turned, lat, np.nan)),
        np.where(inside, lat, np.where(turned, lon, np.nan)),
        np.where(known, GIVEN_RADIUS, np.nan),
        state,
    )


def locate(
    given: Points, rows: NDArray[np.int64], spots: NDArray[np.int32], gazetteer: Sequence[Known]
) -> Points:
    """Fill in coordinates where none were given and a place of the gazetteer is named.

    `rows` and `spots` say which row names which entry. Of several the one with
    the smallest radius is taken: it says most; of equal ones, the first named.
    """
    if not len(rows):
        return given
    facts = np.array([(one.lon, one.lat, one.radius_m) for one in gazetteer])[spots]
    order = np.lexsort((np.arange(len(rows)), facts[:, 2], rows))
    first = np.flatnonzero(np.diff(rows[order], prepend=-1) > 0)
    taken = order[first]
    taken = taken[np.isnan(given.lon[rows[taken]])]
    lon, lat, radius = given.lon.copy(), given.lat.copy(), given.radius_m.copy()
    lon[rows[taken]], lat[rows[taken]], radius[rows[taken]] = facts[taken].T
    return Points(lon, lat, radius, given.state)


def at_centres(
    lon: pa.Array, lat: pa.Array, radius_m: pa.Array, region: pa.Array
) -> list[pa.Array]:
    """Return `lon`, `lat`, `radius_m` with the middle of the region where no spot is known.

    The radius takes in 95 % of the region, so it says how much is left open.
    A province is too wide to be put anywhere.
    """
    codes = region.dictionary_encode()
    middles = [_middle(code) for code in codes.dictionary.to_pylist()]
    table = np.array(middles or [(np.nan,) * 3], np.float64)
    known = (lon, lat, radius_m)
    filled = [pa.array(column, from_pandas=True).take(codes.indices) for column in table.T]
    return [pc.coalesce(one, other) for one, other in zip(known, filled, strict=True)]


def _middle(code: str) -> tuple[float, float, float]:
    found = None if level(code) == PROVINCE else centre(code)
    return found or (np.nan, np.nan, np.nan)


def _inside(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)
