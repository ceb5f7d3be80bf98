"""Files of places, in and out: what others send is read in a child with bounds; ours are written here.

records = read(raw, "zones.gpkg", datum="")     # every record, its shape sound, in WGS-84
raw = write("gpkg", groups)
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from jingyi.core.places.records import Record
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.engines.places import delimited, geojson, geopackage, kml, shapefile
from jingyi.engines.places.base import MOST_BYTES, Group

MEMORY = 3 * 2**30
SECONDS = 120
FORMATS: dict[str, tuple[str, str, Callable[[Sequence[Group]], bytes]]] = {
    "geojson": ("geojson", "application/geo+json", geojson.write),
    "gpkg": ("gpkg", "application/geopackage+sqlite3", geopackage.write),
    "shp": ("zip", "application/zip", shapefile.write),
    "kml": ("kml", "application/vnd.google-earth.kml+xml", kml.write),
    "csv": ("csv", "text/csv; charset=utf-8", delimited.write),
}  # name: suffix, media type, writer


def read(raw: bytes, name: str, datum: str = "") -> tuple[Record, ...]:
    """Return every record of a file, those that cannot be read with their reason.

    Args:
        name: of the file, for the sentences only; its kind is told by its bytes.
        datum: of its degrees, where neither the file nor a record says so.

    Raises:
        Refusal: too large, damaged, hostile, or of a kind that is not read.
    """
    if len(raw) > MOST_BYTES:
        raise Refusal(
            "文件有 {size} MB，超过 {most} MB。请先简化图形，或者分成几个文件。",
            size=round(len(raw) / 2**20, 1), most=MOST_BYTES // 2**20,
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name[:60] or "file")
        path.write_bytes(raw)
        order = [sys.executable, "-m", "jingyi.engines.places.child", str(path), datum, str(MEMORY), str(SECONDS)]  # fmt: skip
        quiet = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
        try:
            done = subprocess.run(  # noqa: S603  our own module, no shell
                order, check=False, capture_output=True, timeout=SECONDS * 2, env=quiet
            )
        except subprocess.TimeoutExpired:
            raise _too_much(name) from None
    if done.returncode != 0:
        raise _too_much(name)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if lines and "refused" in lines[-1]:
        raise Refusal(Sentence.from_json(lines[-1]["refused"]))
    if not lines:
        raise Refusal("文件 {name} 里没有一条记录。请检查导出选项。", name=name[:60])
    return tuple(Record.from_json(line) for line in lines)


def write(form: str, groups: Sequence[Group]) -> bytes:
    """Return a file of that format (a key of `FORMATS`)."""
    return FORMATS[form][2](groups)


def _too_much(name: str) -> Refusal:
    return Refusal(
        "{name} 读到一半时内存或者时间用尽，已经停止。请重新导出，或者分成几个文件。",
        name=name[:60],
    )
