"""Which points lie in, on or within N metres of which zones: exact at the edge, a million at once.

A law draws a line: inside it things are forbidden, and 以内 includes the line and the number
itself (Civil Code, art. 1259). So a point on the edge is in the zone, `metres` 0; a point at
exactly N metres is within N. Edges are straight in longitude and latitude, as RFC 7946 says;
distance is that on the WGS-84 ellipsoid.

    fence = geofence.lay(shapes, within=500)
    hits = fence.find(lon, lat)      # hits.point, hits.zone, hits.metres, hits.edge

Zones that cross 180° must be cut there, as RFC 7946 asks; distance is not measured across it.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray

from jingyi.core.places import geofence_kernels as kernels
from jingyi.core.places.geofence_kernels import F64, I64, U8, Laid
from jingyi.core.refusal import Refusal

FARTHEST = 100_000.0  # metres: beyond, the plane that distance is measured in bends too much
PIECE = 32_768  # points a worker takes at a time
CELLS = 2**18
MOST = 2**22  # places of zones in cells: more, and the cells are made larger


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Pairs by point, nearest zone first; `edge` where the point lies on the line itself."""

    point: I64
    zone: I64
    metres: F64
    edge: NDArray[np.bool_]


NONE = Hits(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0, bool))


@dataclass(frozen=True, slots=True, eq=False)
class Fence:
    """Zones laid out for `find`."""

    shapes: NDArray[np.object_]
    within: float
    laid: Laid | None

    def find(
        self, lon: F64, lat: F64, workers: int = 1, told: Callable[[int], None] | None = None
    ) -> Hits:
        """Return which points are in which zones or within the fence's metres of them.

        Args:
            lon, lat: WGS-84 degrees; NaN is nowhere.
            workers: threads.
            told: is given how many points are done.
        """
        if self.laid is None:
            return NONE
        lon, lat = np.ascontiguousarray(lon, float), np.ascontiguousarray(lat, float)
        order, cell = kernels.by_cell(self.laid, lon, lat)  # near points ask near memory
        starts = range(0, len(order), PIECE)
        if not len(order):
            return NONE
        found: list[tuple[I64, I64, F64, U8]] = []
        ask = partial(kernels.find, self.laid, lon, lat, self.within)
        pieces = [(order[at : at + PIECE], cell[at : at + PIECE]) for at in starts]
        with ThreadPoolExecutor(workers) as pool:
            for at, part in zip(starts, pool.map(ask, *zip(*pieces, strict=True)), strict=True):
                found.append(part)
                if told:
                    told(len(lon) - len(order) + min(at + PIECE, len(order)))
        pairs = [np.concatenate([part[k] for part in found]) for k in range(4)]
        back = kernels.by_point(pairs[0], len(lon))
        point, zone, metres, state = (column[back] for column in pairs)
        return self._settled(point, zone, metres, state, lon, lat)

    def _settled(  # noqa: PLR0917 -- the columns of one table
        self, point: I64, zone: I64, metres: F64, state: U8, lon: F64, lat: F64
    ) -> Hits:
        """Decide the pairs that rounding left open, with exact arithmetic."""
        edge = np.zeros(len(point), bool)
        doubt = np.flatnonzero(state == kernels.DOUBT)
        if not len(doubt):
            return Hits(point, zone, metres, edge)
        shapes = self.shapes[zone[doubt]]
        where = shapely.points(lon[point[doubt]], lat[point[doubt]])
        inside = shapely.intersects(shapes, where)
        lines = shapely.get_dimensions(shapes) < 2  # a line is all edge
        edge[doubt] = inside & (lines | ~shapely.contains_properly(shapes, where))
        metres[doubt[inside]] = 0.0
        order = np.lexsort((zone, metres, point))
        kept = order[metres[order] < np.inf]
        return Hits(point[kept], zone[kept], metres[kept], edge[kept])


def lay(shapes: Sequence[shapely.Geometry], within: float = 0.0) -> Fence:
    """Lay out zones.

    Args:
        shapes: valid shapely geometries in WGS-84 degrees; areas, lines, points, or several.
        within: how many metres from a zone still count, this number included.

    Raises:
        Refusal: `within` is no distance, or too great to be measured truly.
    """
    if not 0.0 <= within <= FARTHEST:
        raise Refusal(
            "距离应在 0 与 {most} 米之间，收到的是 {within}。", most=int(FARTHEST), within=within
        )
    array = np.empty(len(shapes), object)
    array[:] = shapely.force_2d(np.array(list(shapes), object))
    ax, ay, bx, by, solid, owner = _segments(array)
    if not len(owner):
        return Fence(array, within, None)
    off = np.searchsorted(owner, np.arange(len(array) + 1)).astype(np.int64)
    box = shapely.bounds(array)
    strip_off, starts, held, tall = kernels.strips(ay, by, off, box)
    grid, cell_off, cells = _cells(box, within)
    laid = Laid(
        ax[held], ay[held], bx[held], by[held], solid[held],
        box, strip_off, starts, tall, grid, cell_off, cells,
    )  # fmt: skip
    return Fence(array, within, laid)


def _segments(shapes: NDArray[np.object_]) -> tuple[F64, F64, F64, F64, U8, I64]:
    """Return the ends of all segments, which bound an area, and whose they are, by zone."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    while np.any(shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT):
        parts, deeper = shapely.get_parts(parts, return_index=True)
        owner = owner[deeper]
    area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, of = shapely.get_rings(parts[area], return_index=True)
    lines = np.concatenate([rings, parts[~area]])
    solid = np.concatenate([np.ones(len(rings), np.uint8), np.zeros((~area).sum(), np.uint8)])
    owner = np.concatenate([owner[area][of], owner[~area]])
    xy, line = shapely.get_coordinates(lines, return_index=True)
    joined = np.flatnonzero(line[1:] == line[:-1])
    alone = np.flatnonzero(np.bincount(line, minlength=len(lines))[line] == 1)  # points
    a, b = np.concatenate([joined, alone]), np.concatenate([joined + 1, alone])
    whose = owner[line[a]]
    order = np.argsort(whose, kind="stable")
    a, b = a[order], b[order]
    ends = (np.ascontiguousarray(end) for end in (xy[a, 0], xy[a, 1], xy[b, 0], xy[b, 1]))
    return *ends, solid[line[a]], whose[order].astype(np.int64)


def _cells(box: F64, within: float) -> tuple[tuple[float, float, float, float, int, int], I64, I64]:
    """Return the grid and the zones of each cell, the margin of `within` metres included."""
    there = np.isfinite(box[:, 0])
    top = np.minimum(np.abs(box[:, [1, 3]]).max(axis=1, where=there[:, None], initial=0.0), 89.9)
    up = within * kernels.SLACK / 110_574.0  # the shortest degree of latitude, at the equator
    across = within * kernels.SLACK / np.cos(np.radians(np.minimum(top + up, 89.9))) / 111_319.0
    west, south = box[:, 0] - across, box[:, 1] - up
    east, north = box[:, 2] + across, box[:, 3] + up
    first = float(np.nanmin(west)), float(np.nanmin(south))
    wide = max(float(np.nanmax(east)) - first[0], 1e-9) * (1 + 1e-9)
    tall = max(float(np.nanmax(north)) - first[1], 1e-9) * (1 + 1e-9)
    side = int(np.sqrt(CELLS))
    while True:
        w, h = wide / side, tall / side
        spans = np.zeros((len(box), 4), np.int64)
        spans[:, [1, 3]] = -1  # an empty shape has no cell
        for k, (value, begin, step) in enumerate(
            ((west, first[0], w), (east, first[0], w), (south, first[1], h), (north, first[1], h))
        ):
            spans[there, k] = np.clip(((value[there] - begin) / step).astype(np.int64), 0, side - 1)
        places = ((spans[:, 1] - spans[:, 0] + 1) * (spans[:, 3] - spans[:, 2] + 1)).sum()
        if places <= MOST or side == 1:
            break
        side //= 2
    return (*first, w, h, side, side), *kernels.fill_cells(spans, side, side)
