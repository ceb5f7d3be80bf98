"""What a reader of a file of places gives, and how much it may give."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from jingyi.core.places.frames import DEGREES, Frame
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence

MOST_BYTES = 32 * 2**20
MOST_UNPACKED = 128 * 2**20
MOST_ROWS = 20_000
MOST_POINTS = 500_000
MOST_COLUMNS = 100
MOST_LETTERS = 2_000  # of one value

GEOMETRIES = frozenset(
    ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
)


@dataclass(frozen=True, slots=True)
class Row:
    """One record as it stands in the file: its number from 1, its shape as given, its values.

    `geometry` is a GeoJSON geometry in the numbers of `frame`; `fault` says why the record alone
    cannot be read. `told` has no empty values.
    """

    number: int
    geometry: dict[str, Any] | None
    told: dict[str, str] = field(default_factory=dict)
    frame: Frame = DEGREES
    fault: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """One record to be written: a GeoJSON geometry in degrees, and its values in order."""

    geometry: dict[str, Any]
    told: dict[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Records that belong together: a layer of a GeoPackage, a file of a Shapefile's archive."""

    name: str
    columns: tuple[str, ...]
    features: tuple[Feature, ...]


Reader = Callable[[bytes], Iterable[Row]]


def bounded(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows, until there are too many of them or too many points.

    Raises:
        Refusal: more than `MOST_ROWS` records or `MOST_POINTS` points.
    """
    points = 0
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise Refusal("文件超过 {most} 条记录。请分成几个文件。", most=MOST_ROWS)
        points += counted((row.geometry or {}).get("coordinates"))
        if points > MOST_POINTS:
            raise Refusal(
                "文件的图形超过 {most} 个点。请简化图形，或者分成几个文件。", most=MOST_POINTS
            )
        yield row


def counted(coordinates: Any) -> int:
    """Return how many points there are; what is no list of points counts as one."""
    if not isinstance(coordinates, (list, tuple)) or not coordinates:
        return 1
    if not isinstance(coordinates[0], (list, tuple)):
        return 1
    return sum(counted(one) for one in coordinates)


def words(value: Any) -> str:
    """Return a value as text, no longer than `MOST_LETTERS`; nothing for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value).strip().replace("\x00", "")[:MOST_LETTERS]


def plain(values: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    """Return the values that say something, at most `MOST_COLUMNS`."""
    told: dict[str, str] = {}
    for name, value in values:
        if len(told) >= MOST_COLUMNS:
            break
        if not isinstance(value, (dict, list)) and (text := words(value)):
            told[words(name)[:60]] = text
    return told
