"""The geofence: a million points against five thousand zones, beside geopandas and the physical limit.

Zones are drawn, wavy outlines of 120 corners, every fifth with a hole, 200 m to 2 km across, over
two degrees by two. Ours is timed with laying the zones out, after one run that compiles. geopandas
measures in a plane (its way to have metres), so its pairs differ from ours where the plane's
metres do; inside and on the line, where no metres matter, the pairs must be the same, all of them.
The physical limit: one pass over the coordinates and one over the pairs.

    .venv/bin/python benchmarks/geofence.py [POINTS] [ZONES]
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

import geopandas  # noqa: E402 -- the path comes first
import numpy as np  # noqa: E402
import shapely  # noqa: E402

from jingyi.core.places import geofence  # noqa: E402
from jingyi.engines.embedded import cores  # noqa: E402

POINTS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
ZONES = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
WITHIN = 500.0
PLANE = "EPSG:4527"  # Gauss-Kruger, 117° E, the usual plane of surveys there


def outline(dice: np.random.Generator, number: int) -> shapely.Polygon:
    """Return a wavy outline with 120 corners, every fifth with a hole."""
    x, y = dice.uniform([116, 33], [118, 35])
    turn = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    reach = dice.uniform(200, 2000) * (1 + 0.3 * np.sin(3 * turn + dice.uniform(0, 6)))
    middle = np.array([x, y])
    round_it = np.c_[np.cos(turn) / np.cos(np.radians(y)), np.sin(turn)] * reach[:, None] / 111_000
    holes = [middle + round_it[::-4] * 0.4] if number % 5 == 0 else []
    return shapely.Polygon(middle + round_it, holes)


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Return the seconds of the best of two runs, and the result."""
    best, out = np.inf, None
    for _ in range(2):
        began = time.perf_counter()
        out = work()
        best = min(best, time.perf_counter() - began)
    return best, out


def main() -> None:
    """Print seconds and ratios for inside, and within 500 m."""
    dice = np.random.default_rng(20260801)
    zones = [outline(dice, number) for number in range(ZONES)]
    lon, lat = dice.uniform(116, 118, POINTS), dice.uniform(33, 35, POINTS)
    spots = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lon, lat), crs="EPSG:4490")
    areas = geopandas.GeoDataFrame(geometry=zones, crs="EPSG:4490")
    flat_spots, flat_areas = spots.to_crs(PLANE), areas.to_crs(PLANE)
    print(f"{POINTS:,} points, {ZONES:,} zones, {cores()} cores")
    for within in (0.0, WITHIN):
        geofence.lay(zones, within).find(lon[:1000], lat[:1000], cores())
        ours, hits = timed(lambda m=within: geofence.lay(zones, m).find(lon, lat, cores()))
        if within:
            peer, pairs = timed(
                lambda: geopandas.sjoin(
                    flat_spots, flat_areas, predicate="dwithin", distance=WITHIN
                )
            )
        else:
            peer, pairs = timed(lambda: geopandas.sjoin(spots, areas, predicate="covered_by"))
        limit, _ = timed(
            lambda h=hits: (np.floor(lon * 64 + lat).sum(), h.point + h.zone, h.metres.copy())
        )
        mine = hits.point * ZONES + hits.zone
        theirs = pairs.index.to_numpy() * ZONES + pairs["index_right"].to_numpy()
        differ = len(np.setxor1d(mine, theirs))
        print(
            f"within {within:>5.0f} m: ours {ours:.2f} s, geopandas {peer:.2f} s ({peer / ours:.1f} ×), "
            f"physical limit {limit:.3f} s (ours {ours / limit:.0f} ×); "
            f"{len(mine):,} pairs, {differ} differ"
        )
        if within == 0 and differ:
            raise SystemExit("the pairs are not the same")


if __name__ == "__main__":
    main()
