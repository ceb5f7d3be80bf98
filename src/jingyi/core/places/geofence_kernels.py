"""Compiled loops of the geofence: the side of an outline, the way to it, over many points.

A zone's segments are kept in flat strips of equal height, one strip behind the other in memory,
so that a question at one latitude reads the few segments there in a row. The side is decided with a bound on the rounding error
(Shewchuk, Adaptive Precision Floating-Point Arithmetic, 1997): where the sign cannot be told
from the error, and only there, the pair is `DOUBT` and exact arithmetic must decide it.
"""

from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]

OUT, INSIDE, DOUBT = 0, 1, 2
ERROR = 3.3306690738754716e-16  # (3 + 16 eps) eps: relative error of a 2 x 2 determinant
LONG_AXIS = 6_378_137.0  # metres: WGS-84
SQUASHED = 0.006_694_379_990_141_3  # its first eccentricity squared
SLACK = 1.01  # scales change with latitude: what is looked at is a little more than asked for
EACH = 8  # segments wanted in a strip


class Laid(NamedTuple):
    """Zones laid out for the loops: segments a→b, `solid` where they bound an area.

    `box` (zones, 4): west, south, east, north in degrees. Strip s of zone z is number
    k = `strip_off[z] + s`, its segments are `starts[k]:starts[k + 1]`, its height `tall[z]`;
    a segment is in every strip it reaches. `grid` is west, south, cell width, cell height,
    columns and rows, and `cells[cell_off[c]:cell_off[c + 1]]` the zones whose box, with the
    margin, touches cell c.
    """

    ax: F64
    ay: F64
    bx: F64
    by: F64
    solid: U8
    box: F64
    strip_off: I64
    starts: I64
    tall: F64
    grid: tuple[float, float, float, float, int, int]
    cell_off: I64
    cells: I64


@nb.njit(cache=True, nogil=True)
def scales(lat: float) -> tuple[float, float]:
    """Return metres a degree of longitude and of latitude on the WGS-84 ellipsoid."""
    s = np.sin(np.radians(lat))
    w = 1.0 - SQUASHED * s * s
    ring = LONG_AXIS / np.sqrt(w)
    degree = np.pi / 180.0
    return max(ring * np.cos(np.radians(lat)) * degree, 1e-3), ring * (1.0 - SQUASHED) / w * degree


@nb.njit(cache=True, nogil=True, boundscheck=False)
def strips(ay: F64, by: F64, off: I64, box: F64) -> tuple[I64, I64, I64, F64]:
    """Return `strip_off`, `starts`, which segment each place of a strip holds, and `tall`.

    A zone whose segments would take more than 2 EACH places each gets fewer strips.
    """
    zones = len(off) - 1
    strip_off = np.zeros(zones + 1, np.int64)
    tall = np.ones(zones)
    room = 0
    for z in range(zones):
        count, places = _strips_of(ay, by, off[z], off[z + 1], box[z, 1], box[z, 3])
        height = box[z, 3] - box[z, 1]
        tall[z] = height / count if height > 0.0 else 1.0
        room += places
        strip_off[z + 1] = strip_off[z] + count
    starts = np.zeros(strip_off[zones] + 1, np.int64)
    held = np.empty(room, np.int64)
    for fill in range(2):  # count, then place
        for z in range(zones):
            count = strip_off[z + 1] - strip_off[z]
            for k in range(off[z], off[z + 1]):
                low = _strip(min(ay[k], by[k]), box[z, 1], tall[z], count)
                high = _strip(max(ay[k], by[k]), box[z, 1], tall[z], count)
                for s in range(strip_off[z] + low, strip_off[z] + high + 1):
                    if fill:
                        held[starts[s]] = k
                        starts[s] += 1
                    else:
                        starts[s + 1] += 1
        if fill:
            starts[1:] = starts[:-1].copy()
            starts[0] = 0
        else:
            starts = np.cumsum(starts)
    return strip_off, starts, held, tall


@nb.njit(cache=True, nogil=True)
def _strips_of(  # noqa: PLR0917 -- columns, for a compiled loop
    ay: F64, by: F64, begin: int, end: int, south: float, north: float
) -> tuple[int, int]:
    """Return how many strips a zone gets, and how many places its segments take in them."""
    count = max((end - begin) // EACH, 1) if north > south else 1
    while True:
        tall = (north - south) / count if north > south else 1.0
        places = 0
        for k in range(begin, end):
            low = _strip(min(ay[k], by[k]), south, tall, count)
            places += _strip(max(ay[k], by[k]), south, tall, count) - low + 1
        if places <= 2 * EACH * (end - begin) or count == 1:
            return count, places
        count //= 2


@nb.njit(cache=True, nogil=True, inline="always")
def _strip(y: float, south: float, tall: float, count: int) -> int:
    return min(max(int((y - south) / tall), 0), count - 1)


@nb.njit(cache=True, nogil=True, boundscheck=False)
def side(laid: Laid, z: int, px: float, py: float) -> int:
    """Tell whether a point is OUT of zone z, INSIDE it, or so near its edge that it is in DOUBT."""
    first = laid.strip_off[z]
    count = laid.strip_off[z + 1] - first
    s = first + _strip(py, laid.box[z, 1], laid.tall[z], count)
    odd = False
    for k in range(laid.starts[s], laid.starts[s + 1]):
        ax, ay, bx, by = laid.ax[k], laid.ay[k], laid.bx[k], laid.by[k]
        if py < min(ay, by) or py > max(ay, by) or px > max(ax, bx):
            continue
        straddles = (ay > py) != (by > py)
        if px < min(ax, bx):
            odd ^= straddles and laid.solid[k] == 1
            continue
        left = (ax - px) * (by - py)
        right = (ay - py) * (bx - px)
        if abs(left - right) <= ERROR * (abs(left) + abs(right)):
            return DOUBT
        if straddles and laid.solid[k] == 1 and (left > right) == (by > ay):
            odd = not odd
    return INSIDE if odd else OUT


@nb.njit(cache=True, nogil=True, boundscheck=False)
def metres(laid: Laid, z: int, px: float, py: float, within: float) -> float:
    """Return the metres from a point to the nearest segment of zone z; inf beyond `within`.

    Measured in the plane that touches the ellipsoid at the point, then scaled at the latitude
    half way: true to a millimetre within a kilometre, to a metre within some fifty.
    """
    kx, ky = scales(py)
    south, tall, first = laid.box[z, 1], laid.tall[z], laid.strip_off[z]
    count = laid.strip_off[z + 1] - first
    here = _strip(py, south, tall, count)
    best, x, y = (within * SLACK) ** 2, np.inf, np.inf
    for way in (-1, 1):  # strips below and at the point, then those above
        s = here if way < 0 else here + 1
        while 0 <= s < count:
            gap = max(south + s * tall - py, py - south - (s + 1) * tall, 0.0) * ky
            if gap * gap > best * SLACK:
                break
            for k in range(laid.starts[first + s], laid.starts[first + s + 1]):
                ax, ay = (laid.ax[k] - px) * kx, (laid.ay[k] - py) * ky
                bx, by = (laid.bx[k] - px) * kx, (laid.by[k] - py) * ky
                dx = max(min(ax, bx), -max(ax, bx), 0.0)
                dy = max(min(ay, by), -max(ay, by), 0.0)
                if dx * dx + dy * dy > best:
                    continue
                ux, uy = bx - ax, by - ay
                long = ux * ux + uy * uy
                t = min(max(-(ax * ux + ay * uy) / long, 0.0), 1.0) if long > 0.0 else 0.0
                cx, cy = ax + t * ux, ay + t * uy
                d = cx * cx + cy * cy
                if d <= best:
                    best, x, y = d, cx, cy
            s += way
    if x == np.inf:
        return np.inf
    mx, my = scales(py + y / ky / 2.0)
    found = np.hypot(x / kx * mx, y / ky * my)
    return found if found <= within else np.inf


@nb.njit(cache=True, nogil=True, boundscheck=False)
def by_cell(laid: Laid, lon: F64, lat: F64) -> tuple[I64, I64]:
    """Return the points that are in a cell, cell by cell, and their cells."""
    west, south, wide, tall, columns, rows = laid.grid
    cell = np.full(len(lon), -1, np.int64)
    starts = np.zeros(columns * rows + 1, np.int64)
    for i in range(len(lon)):
        fx, fy = (lon[i] - west) / wide, (lat[i] - south) / tall
        if 0.0 <= fx < columns and 0.0 <= fy < rows:
            cell[i] = int(fy) * columns + int(fx)
            if laid.cell_off[cell[i]] == laid.cell_off[cell[i] + 1]:
                cell[i] = -1  # no zone near
            else:
                starts[cell[i] + 1] += 1
    starts = np.cumsum(starts)
    order = np.empty(starts[-1], np.int64)
    for i in range(len(lon)):
        if cell[i] >= 0:
            order[starts[cell[i]]] = i
            starts[cell[i]] += 1
    return order, cell[order]


@nb.njit(cache=True, nogil=True, boundscheck=False)
def find(  # noqa: PLR0917 -- columns, for a compiled loop
    laid: Laid, lon: F64, lat: F64, within: float, points: I64, cell: I64
) -> tuple[I64, I64, F64, U8]:
    """Return the pairs (point, zone, metres, state) of `points`, in their order, nearest first."""
    room = len(points) + 16
    point, zone = np.empty(room, np.int64), np.empty(room, np.int64)
    far, state = np.empty(room), np.empty(room, np.uint8)
    n = 0
    for one in range(len(points)):
        i = points[one]
        begun = n
        for at in range(laid.cell_off[cell[one]], laid.cell_off[cell[one] + 1]):
            z = laid.cells[at]
            here, away = _one(laid, z, lon[i], lat[i], within)
            if here == OUT and away == np.inf:
                continue
            if n == room:
                point, zone = _more(point), _more(zone)
                far, state = _more(far), _more(state)
                room = len(point)
            k = n
            while k > begun and far[k - 1] > away:
                zone[k], far[k], state[k] = zone[k - 1], far[k - 1], state[k - 1]
                k -= 1
            point[n] = i
            zone[k], far[k], state[k] = z, away, here
            n += 1
    return point[:n], zone[:n], far[:n], state[:n]


@nb.njit(cache=True, nogil=True, boundscheck=False)
def by_point(point: I64, points: int) -> I64:
    """Return the order that sorts pairs by point and leaves those of one point as they are."""
    starts = np.zeros(points + 1, np.int64)
    for k in range(len(point)):
        starts[point[k] + 1] += 1
    starts = np.cumsum(starts)
    order = np.empty(len(point), np.int64)
    for k in range(len(point)):
        order[starts[point[k]]] = k
        starts[point[k]] += 1
    return order


@nb.njit(cache=True, nogil=True, boundscheck=False)
def _one(laid: Laid, z: int, px: float, py: float, within: float) -> tuple[int, float]:
    """Return the state of one pair and its metres: inf where it is not within."""
    boxed = laid.box[z, 0] <= px <= laid.box[z, 2] and laid.box[z, 1] <= py <= laid.box[z, 3]
    here = side(laid, z, px, py) if boxed else OUT
    if here == INSIDE:
        return here, 0.0
    return here, metres(laid, z, px, py, within) if within > 0.0 else np.inf


@nb.njit(cache=True, nogil=True)
def _more(old: Any) -> Any:
    new = np.empty(2 * len(old), old.dtype)
    new[: len(old)] = old
    return new


@nb.njit(cache=True, nogil=True, boundscheck=False)
def fill_cells(spans: I64, columns: int, rows: int) -> tuple[I64, I64]:
    """Return `cell_off`, `cells`. `spans` (zones, 4): first and last column, first and last row."""
    off = np.zeros(columns * rows + 1, np.int64)
    for z in range(len(spans)):
        for row in range(spans[z, 2], spans[z, 3] + 1):
            for column in range(spans[z, 0], spans[z, 1] + 1):
                off[row * columns + column + 1] += 1
    off = np.cumsum(off)
    at = off[:-1].copy()
    cells = np.empty(off[-1], np.int64)
    for z in range(len(spans)):
        for row in range(spans[z, 2], spans[z, 3] + 1):
            for column in range(spans[z, 0], spans[z, 1] + 1):
                cell = row * columns + column
                cells[at[cell]] = z
                at[cell] += 1
    return off, cells
