"""`jingyi geofence`: which points lie in, on or within so many metres of which zones."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from jingyi.cli.progress import Progress

EPILOG = (
    "example: jingyi geofence reports.xlsx zones.geojson --within 500 -o near.parquet\n"
    "         jingyi geofence points.csv zones.geojson --datum GCJ-02 --zone 编号 -o inside.csv"
)
SHOWN = 20


def add(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "geofence",
        help="points against zones: inside, on the line, or within so many metres",
        description="Writes point, zone, metres (0 inside and on the line), and edge (true on the line), one row a "
        "pair, points in the order of the file, the nearest zone first. Distance is measured on the "
        "ellipsoid; a point at exactly M metres is within M.",
        epilog=EPILOG,
    )  # fmt: skip
    parser.add_argument("points", metavar="POINTS", help="XLSX, CSV or Parquet: id, lon, lat")
    parser.add_argument("zones", metavar="ZONES.geojson", help="WGS-84; areas, lines or points")
    parser.add_argument(
        "--within", type=float, default=0.0, metavar="M", help="metres that still count (default 0)"
    )
    parser.add_argument("--id", metavar="C", help="column of the point's id")
    parser.add_argument("--lon", metavar="C", help="column of the longitude")
    parser.add_argument("--lat", metavar="C", help="column of the latitude")
    parser.add_argument("--datum", default="", metavar="D", help="of the points: WGS-84 (default), CGCS2000, GCJ-02, BD-09")  # fmt: skip
    parser.add_argument("--zone", metavar="P", help="property that is the zone's id (default: id)")
    parser.add_argument("-o", dest="target", required=True, metavar="OUT", help=".parquet or .csv")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read both, find the pairs, write; say what could not be placed."""
    from jingyi.core.places import geofence
    from jingyi.core.refusal import Refusal
    from jingyi.engines import points, zones
    from jingyi.engines.embedded import cores

    target = Path(args.target)
    if target.suffix not in {".parquet", ".csv"}:
        raise Refusal("结果只能写成 .parquet 或 .csv，收到的是 {name}。", name=target.name)
    began = time.perf_counter()
    bar = Progress(sys.stderr, "点")
    bar.show("正在读取（首次运行要编译，约十秒）…")
    drawn = zones.read(args.zones, args.zone)
    named = {field: said for field in points.FIELDS if (said := getattr(args, field))}
    given = points.read(args.points, named, args.datum)
    read = time.perf_counter()
    fence = geofence.lay(drawn.shapes, args.within)
    total = len(given.lon)
    hits = fence.find(given.lon, given.lat, cores(), lambda done: bar(done, total))
    found = time.perf_counter()
    target.parent.mkdir(parents=True, exist_ok=True)
    write(table(given, drawn, hits), target)
    bar.end()
    summary = {
        "points": total,
        "zones": len(drawn.ids),
        "pairs": len(hits.point),
        "inside": int((hits.metres == 0).sum()),
        "edge": int(hits.edge.sum()),
        "unplaced": len(given.refused),
        "mended": {name: str(why) for name, why in drawn.mended},
        "refused": {name: str(why) for name, why in drawn.refused},
        "seconds": round(time.perf_counter() - began, 3),
        "stages": {"read": round(read - began, 3), "find": round(found - read, 3)},
    }
    tell(args, summary, given.refused)
    return 0


def table(given: Any, drawn: Any, hits: Any) -> Any:
    """Return the pairs with ids."""
    import pyarrow as pa

    return pa.table(
        {
            "point": given.ids.take(pa.array(hits.point)),
            "zone": pa.array(drawn.ids, pa.string()).take(pa.array(hits.zone)),
            "metres": pa.array(hits.metres, pa.float64()),
            "edge": pa.array(hits.edge, pa.bool_()),
        }
    )


def write(out: Any, target: Path) -> None:
    """Write Parquet, or CSV that no spreadsheet takes for formulas."""
    import csv

    import pyarrow.parquet as pq

    from jingyi.cli.match import guarded

    if target.suffix == ".parquet":
        pq.write_table(out, target, compression="zstd")
        return
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(out.column_names)
        for one in out.to_pylist():
            edge = "true" if one["edge"] else "false"
            lines.writerow(
                [guarded(one["point"]), guarded(one["zone"]), f"{one['metres']:.3f}", edge]
            )


def tell(args: argparse.Namespace, summary: dict[str, Any], unplaced: Any) -> None:
    """Print the summary; what was mended, refused or has no spot goes to standard error."""
    if args.json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        print(
            f"{summary['points']:,} 个点 × {summary['zones']:,} 个区域 → {summary['pairs']:,} 对，其中在内 "
            f"{summary['inside']:,}（正在界线上 {summary['edge']:,}）；用时 {summary['seconds']:.1f} 秒"
        )
    for name, why in summary["mended"].items():
        sys.stderr.write(f"区域 {name}：{why}\n")
    for name, why in summary["refused"].items():
        sys.stderr.write(f"区域 {name} 未用：{why}\n")
    for row, why in unplaced[:SHOWN]:
        sys.stderr.write(f"第 {row} 行：{why}\n")
    if len(unplaced) > SHOWN:
        sys.stderr.write(f"另有 {len(unplaced) - SHOWN:,} 行没有坐标\n")
