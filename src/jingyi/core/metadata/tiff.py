"""EXIF: a TIFF structure of numbered fields, in either byte order.

Source: CIPA DC-008 (Exif 2.32), 4.6; TIFF 6.0, section 2.
"""

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from math import isfinite, log2

from jingyi.core.metadata.found import Found, text
from jingyi.core.metadata.source import Ended, Source

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
CODES = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 11: "f", 12: "d", 13: "I"}
MOST_FIELDS = 500
MOST_VALUE = 4096  # bytes of one field: what is wanted is short
OLDEST = 1990  # no camera wrote EXIF before
EXIF, GPS = 0x8769, 0x8825
Value = bytes | tuple[float, ...]
Fields = dict[int, Value]


def tiff(source: Source, found: Found, base: int = 0, size: int | None = None) -> None:
    """Read the structure that begins at `base`; a picture's own size only where it is the file."""
    order = {b"II": "<", b"MM": ">"}.get(source.read(base, 2))
    if order is None:
        return
    end = base + size if size is not None else source.size
    tags = _Tags(source, base, end, order)
    first, following = tags.directory(tags.number(base + 4))
    _first(first, found)
    if base == 0 and size is None:
        found.width, found.height = _whole(first, 0x0100), _whole(first, 0x0101)
    for pointer, take in ((EXIF, _exif), (GPS, _gps)):
        place = _whole(first, pointer)
        if place:
            with suppress(Ended):
                take(tags.directory(place)[0], found)
    if following:
        with suppress(Ended):
            small = tags.directory(following)[0]
            at, length = _whole(small, 0x0201), _whole(small, 0x0202)
            if at and length and base + at + length <= end:
                found.thumbnail = base + at, length


class _Tags:
    def __init__(self, source: Source, base: int, end: int, order: str) -> None:
        self.source, self.base, self.end, self.order = source, base, end, order

    def number(self, at: int) -> int:
        return int(struct.unpack(self.order + "I", self.source.read(at, 4))[0])

    def directory(self, place: int) -> tuple[Fields, int]:
        """Return the fields of one directory, and where the next one is (0: nowhere)."""
        at = self.base + place
        count = int(struct.unpack(self.order + "H", self.source.read(at, 2))[0])
        if count > MOST_FIELDS:
            raise Ended
        fields: Fields = {}
        for n in range(count):
            entry = self.source.read(at + 2 + 12 * n, 12)
            tag, kind, many = struct.unpack(self.order + "HHI", entry[:8])
            value = self._value(kind, many, entry[8:])
            if value is not None:
                fields.setdefault(tag, value)
        try:
            return fields, self.number(at + 2 + 12 * count)
        except Ended:
            return fields, 0

    def _value(self, kind: int, many: int, inline: bytes) -> Value | None:
        size = SIZES.get(kind, 0) * many
        if not 0 < size <= MOST_VALUE:
            return None
        if size > 4:
            at = self.base + int(struct.unpack(self.order + "I", inline)[0])
            if at + size > self.end:
                return None
            try:
                inline = self.source.read(at, size)
            except Ended:
                return None
        raw = inline[:size]
        if kind in {2, 7}:
            return raw
        if kind in {5, 10}:
            pairs = struct.unpack(self.order + ("I" if kind == 5 else "i") * 2 * many, raw)
            return tuple(_ratio(*pair) for pair in zip(pairs[::2], pairs[1::2], strict=True))
        return tuple(map(float, struct.unpack(f"{self.order}{many}{CODES[kind]}", raw)))


def _ratio(over: int, under: int) -> float:
    return over / under if under else float("nan")


def _numbers(fields: Fields, tag: int, count: int = 1) -> Iterator[float]:
    """Yield the numbers of a field, if it has as many as wanted and each is one."""
    value = fields.get(tag)
    if isinstance(value, tuple) and len(value) >= count and all(map(isfinite, value[:count])):
        yield from value[:count]


def _one(fields: Fields, tag: int) -> float | None:
    return next(_numbers(fields, tag), None)


def _whole(fields: Fields, tag: int) -> int | None:
    value = _one(fields, tag)
    return int(value) if value is not None and value >= 0 else None


def _words(fields: Fields, tag: int) -> str:
    value = fields.get(tag)
    return text(value) if isinstance(value, bytes) else ""


def _first(fields: Fields, found: Found) -> None:
    found.make, found.model = _words(fields, 0x010F), _words(fields, 0x0110)
    found.name(_words(fields, 0x0131))
    found.name(_words(fields, 0x000B))
    found.modified = when(_words(fields, 0x0132))


def _exif(fields: Fields, found: Found) -> None:
    found.taken = when(_words(fields, 0x9003)) or when(_words(fields, 0x9004))
    found.zone = zone(_words(fields, 0x9011) or _words(fields, 0x9012))
    found.modified_zone = zone(_words(fields, 0x9010))
    found.said_width, found.said_height = _whole(fields, 0xA002), _whole(fields, 0xA003)
    flash, light = _whole(fields, 0x9209), _whole(fields, 0x9208)
    if flash is not None and not flash & 0x20:  # 0x20: the camera has none
        found.flash = bool(flash & 1)
    if light:  # 0 is unknown
        found.daylight = light == 1
    seconds, aperture, iso = (_one(fields, tag) for tag in (0x829A, 0x829D, 0x8827))
    if seconds and aperture and iso and min(seconds, aperture, iso) > 0:
        found.light = round(log2(aperture**2 / seconds) - log2(iso / 100), 2)


def _gps(fields: Fields, found: Found) -> None:
    lat, lon = _degrees(fields, 2), _degrees(fields, 4)
    if lat is not None and lon is not None:
        south = _words(fields, 1).upper() == "S"
        west = _words(fields, 3).upper() == "W"
        found.at(-lon if west else lon, -lat if south else lat)
    accuracy = _one(fields, 0x1F)
    found.accuracy_m = accuracy if accuracy is not None and 0 < accuracy < 1e6 else None
    found.datum = _words(fields, 0x12)
    clock = list(_numbers(fields, 7, 3))
    day = when(_words(fields, 0x1D) + " 00:00:00")
    if (
        day
        and clock
        and all(0 <= part < top for part, top in zip(clock, (24, 60, 61), strict=True))
    ):
        passed = timedelta(hours=clock[0], minutes=clock[1], seconds=int(clock[2]))
        found.gps_at = (day + passed).replace(tzinfo=UTC)


def _degrees(fields: Fields, tag: int) -> float | None:
    parts = list(_numbers(fields, tag, 3))
    return parts[0] + parts[1] / 60 + parts[2] / 3600 if parts else None


def when(words: str) -> datetime | None:
    """Return a time written as EXIF does; None for what is none, or before there was EXIF."""
    try:
        at = datetime.strptime(words[:19].replace("-", ":"), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 -- the camera knows no zone
    except ValueError:
        return None
    return at if at.year >= OLDEST else None


def zone(words: str) -> int | None:
    """Return minutes east of UTC, of `+08:00` or `Z`."""
    if words == "Z":
        return 0
    sign, hours, minutes = words[:1], words[1:3], words[4:6]
    if sign not in {"+", "-"} or not (hours + minutes).isdecimal() or words[3:4] != ":":
        return None
    passed = int(hours) * 60 + int(minutes)
    return None if passed > 14 * 60 else passed if sign == "+" else -passed


ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$", re.ASCII
)


def iso(words: str) -> tuple[datetime | None, int | None]:
    """Return a time written as ISO 8601 does, and its minutes east of UTC, if it says so."""
    match = ISO.match(words)
    if not match:
        return None, None
    offset = match[3] or ""
    clock = match[2] if match[2].count(":") == 2 else match[2] + ":00"
    return when(f"{match[1]} {clock}"), zone(
        offset if ":" in offset or offset == "Z" else f"{offset[:3]}:{offset[3:]}"
    )
