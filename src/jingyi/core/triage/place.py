"""Where it is: the words that name the place, the division, and coordinates with a radius."""

from collections.abc import Sequence
from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage.kernels import I32, U8
from jingyi.core.triage.names import Kind, Spans

WIDE = 1_500.0  # metres: a name that covers more, a town or a river, does not tell things apart
GIVEN_RADIUS = 50.0  # metres: what a phone or a map pin is good for
WEST, EAST, SOUTH, NORTH = 73.0, 135.1, 3.4, 53.6  # China, islands included
GAP = 6  # bytes that may stand between two names of one address
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


def locate(given: Points, spots: Sequence[Sequence[int]], gazetteer: Sequence[Known]) -> Points:
    """Fill in coordinates where none were given and a place of the gazetteer is named.

    Of several the one with the smallest radius is taken: it says most.
    """
    lon, lat, radius = given.lon.copy(), given.lat.copy(), given.radius_m.copy()
    for row, found in enumerate(spots):
        if found and np.isnan(lon[row]):
            spot = min((gazetteer[k] for k in found), key=lambda one: one.radius_m)
            lon[row], lat[row], radius[row] = spot.lon, spot.lat, spot.radius_m
    return Points(lon, lat, radius, given.state)


def _inside(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)


def addresses(spans: Spans, kinds: tuple[Kind, ...]) -> NDArray[np.int32]:
    """Return (rows × 2): the bytes of the fullest run of place names of each row; -1 if none."""
    out = np.full((len(spans.count), 2), -1, np.int32)
    place = np.array([kind.place for kind in kinds], np.uint8)
    rank = np.array([kind.rank for kind in kinds], np.uint8)
    _addresses(spans.count, spans.start, spans.end, spans.kind, place, rank, out)
    return out


@nb.njit(cache=True, nogil=True, boundscheck=False)
def _addresses(  # noqa: PLR0917, C901
    count: I32, start: I32, end: I32, kind: U8, place: U8, rank: U8, out: I32
) -> None:
    for i in range(len(count)):
        best = 0.0
        q = 0
        while q < count[i]:
            if not place[kind[i, q]]:
                q += 1
                continue
            low, high = start[i, q], end[i, q]
            worth = 1.0 + (rank[kind[i, q]] < 6)  # a division alone says little
            r = q + 1
            while r < count[i]:
                if place[kind[i, r]]:
                    if start[i, r] - high > GAP:
                        break
                    if end[i, r] > high:
                        if start[i, r] >= high:
                            worth += 1.0 + (rank[kind[i, r]] < 6)
                        low = min(low, start[i, r])
                        high = end[i, r]
                elif start[i, r] > high + GAP:
                    break
                r += 1
            if worth > best:
                best = worth
                out[i, 0] = low
                out[i, 1] = high
            q = r
