"""The child that reads one foreign file: `python -m jingyi.engines.places.child FILE DATUM BYTES SECONDS`.

A record a line goes to standard output as JSON; a refusal is the last line. A hostile file can
only harm the child.
"""

import json
import resource
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from jingyi.core.places import records
from jingyi.core.refusal import Refusal
from jingyi.engines.places import archive, delimited, geojson, geopackage, kml, shapefile
from jingyi.engines.places.base import Row, bounded

NO_MEMORY = 3


def main(arguments: Sequence[str]) -> int:
    """Write every record, or why the file is refused."""
    path, datum, limit, seconds = arguments
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (int(limit), hard))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        for row in bounded(rows(Path(path))):
            found = records.read(
                row.number, row.told, row.geometry, row.frame, fault=row.fault, datum=datum
            )
            _tell(found.to_json())
    except Refusal as refusal:
        _tell({"refused": refusal.sentence.to_json()})
    except MemoryError:
        return NO_MEMORY
    return 0


def rows(path: Path) -> Iterable[Row]:
    """Return the records of a file, its kind told by its first bytes."""
    raw = path.read_bytes()
    head = raw[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if raw.startswith(b"SQLite format 3\0"):
        return geopackage.read(path)
    if raw.startswith(b"PK"):
        return _packed(raw, path)
    if head.startswith(b"{"):
        return geojson.read(raw)
    return kml.read(raw) if head.startswith(b"<") else delimited.read(path)


def _packed(raw: bytes, path: Path) -> Iterable[Row]:
    names = {name.lower(): name for name in archive.names(raw)}
    if any(name.endswith(".shp") for name in names):
        return shapefile.read(raw)
    drawn = next((name for low, name in names.items() if low.endswith(".kml")), None)
    return kml.read(archive.part(raw, drawn)) if drawn else delimited.read(path)


def _tell(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
