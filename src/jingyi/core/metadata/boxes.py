"""MP4, MOV and HEIC: boxes within boxes.

Source: ISO/IEC 14496-12 (boxes, mvhd, meta, iinf, iloc), 23008-12 (HEIF, annex A: Exif items);
Apple, QuickTime File Format (udta ©xyz, mdta keys); 3GPP TS 26.244, 8.10 (loci).
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from jingyi.core.metadata.found import Found, text
from jingyi.core.metadata.source import Ended, Source
from jingyi.core.metadata.tiff import iso, tiff

SINCE = datetime(1904, 1, 1, tzinfo=UTC)
OLDEST = 1990
MOST_BOXES = 2_000
MOST_VALUE = 1 << 16
STILLS = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis", b"avif"})
PLACE = re.compile(r"^([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)(?:[+-]|/|$|CRS)")
QUICKTIME = "com.apple.quicktime."


class Box(NamedTuple):
    """One box: its name, its content from `at` to `end`, and where its head begins."""

    name: bytes
    at: int
    end: int
    start: int


def boxes(source: Source, at: int, end: int) -> Iterator[Box]:
    """Yield the boxes that lie side by side from `at` to `end`."""
    for _ in range(MOST_BOXES):
        if at + 8 > end:
            return
        size, name, head = source.number(at, 4), source.read(at + 4, 4), 8
        if size == 1:
            size, head = source.number(at + 8, 8), 16
        elif size == 0:
            size = end - at  # to the end
        if size < head or at + size > end:
            raise Ended
        yield Box(name, at + head, at + size, at)
        at += size
    raise Ended


def _inside(source: Source, box: Box, skip: int = 0) -> dict[bytes, Box]:
    """Return the first box of each name."""
    found: dict[bytes, Box] = {}
    for one in boxes(source, box.at + skip, box.end):
        found.setdefault(one.name, one)
    return found


def film_or_heic(source: Source, found: Found) -> None:
    """Read the head of a film, or the EXIF of a HEIC picture."""
    found.kind = "mov"
    for box in boxes(source, 0, source.size):
        if box.name == b"ftyp":
            brand = source.read(box.at, min(4, box.end - box.at))
            found.kind = "heic" if brand in STILLS else "mov" if brand == b"qt  " else "mp4"
        elif box.name == b"meta" and found.kind == "heic":
            _heic(source, box, found)
            return
        elif box.name == b"moov":
            _film(source, box, found)
            return


def _film(source: Source, moov: Box, found: Found) -> None:
    inside = _inside(source, moov)
    if head := inside.get(b"mvhd"):
        _head(source, head, found)
    if meta := inside.get(b"meta"):
        _keys(source, meta, found)
    if user := inside.get(b"udta"):
        _user(source, user, found)


def _head(source: Source, box: Box, found: Found) -> None:
    wide = source.read(box.at, 1) == b"\1"
    size = 8 if wide else 4
    found.utc = _since_1904(source.number(box.at + 4, size))
    found.modified_utc = _since_1904(source.number(box.at + 4 + size, size))
    scale = source.number(box.at + 4 + 2 * size, 4)
    length = source.number(box.at + 8 + 2 * size, size)
    if scale and length < 1 << (8 * size - 1):
        found.seconds = round(length / scale, 3)


def _since_1904(seconds: int) -> datetime | None:
    try:
        at = SINCE + timedelta(seconds=seconds)
    except OverflowError:
        return None
    return at if at.year >= OLDEST else None  # 0 is what recorders write that know no time


def _user(source: Source, box: Box, found: Found) -> None:
    for one in boxes(source, box.at, box.end):
        length = one.end - one.at
        if length > MOST_VALUE:
            continue
        if one.name in {b"\xa9xyz", b"\xa9mak", b"\xa9mod", b"\xa9swr", b"\xa9too"} and length > 4:
            words = text(source.read(one.at + 4, min(source.number(one.at, 2), length - 4)))
            _take(one.name, words, found)
        elif one.name == b"loci":
            _loci(source.read(one.at, length), found)
        elif one.name == b"meta":
            _keys(source, one, found)


def _take(name: bytes, words: str, found: Found) -> None:
    if name == b"\xa9xyz":
        place(words, found)
    elif name == b"\xa9mak":
        found.make = found.make or words
    elif name == b"\xa9mod":
        found.model = found.model or words
    else:
        found.name(words)


def place(words: str, found: Found) -> None:
    """Take a place written as ISO 6709: `+33.6543+117.0234+031.000/`."""
    if found.lon is None and (match := PLACE.match(words)) and "." in match[1] + match[2]:
        found.at(float(match[2]), float(match[1]))  # whole numbers may be degrees and minutes: left


def _loci(raw: bytes, found: Found) -> None:
    """Take the place of 3GPP: name, role, then longitude and latitude in 16.16."""
    rest = raw[6:].partition(b"\0")[2] if raw[6:8] not in {b"\xfe\xff", b"\xff\xfe"} else b""
    if found.lon is None and len(rest) >= 9:
        lon, lat = (int.from_bytes(rest[n : n + 4], "big", signed=True) / 65536 for n in (1, 5))
        found.at(lon, lat)


def _keys(source: Source, meta: Box, found: Found) -> None:
    """Read QuickTime's named values: a list of keys, and a list of values by number."""
    full = source.read(meta.at + 4, 4) != b"hdlr"  # MP4 writes a version first, QuickTime does not
    inside = _inside(source, meta, skip=4 if full else 0)
    keys, values = inside.get(b"keys"), inside.get(b"ilst")
    if values is None:
        return
    names = [
        text(source.read(one.at, min(one.end - one.at, 200)))
        for one in (boxes(source, keys.at + 8, keys.end) if keys else ())
    ]
    for item in boxes(source, values.at, values.end):
        number = int.from_bytes(item.name, "big")
        tool = item.name == b"\xa9too"  # iTunes' own names need no list of keys
        data = _inside(source, item).get(b"data") if tool or 1 <= number <= len(names) else None
        if data is None or data.end - data.at > MOST_VALUE:
            continue
        words = text(source.read(data.at + 8, data.end - data.at - 8))
        _named("software" if tool else names[number - 1].removeprefix(QUICKTIME), words, found)


def _named(name: str, words: str, found: Found) -> None:
    match name:
        case "location.ISO6709":
            place(words, found)
        case "location.accuracy.horizontal":
            if re.fullmatch(r"\d{1,6}(\.\d+)?", words):
                found.accuracy_m = float(words) or None
        case "make":
            found.make = words
        case "model":
            found.model = words
        case "software" | "encoder":
            found.name(words)
        case "creationdate":
            found.taken, found.zone = iso(words)


def _heic(source: Source, meta: Box, found: Found) -> None:
    inside = _inside(source, meta, skip=4)
    items, places = inside.get(b"iinf"), inside.get(b"iloc")
    if inner := inside.get(b"iprp"):
        _sizes(source, inner, found)
    number = _exif_item(source, items) if items else None
    if number is None or places is None:
        return
    for item, at, length in _extents(source, places):
        if item == number and length > 8:
            skip = source.number(at, 4)  # to the TIFF header
            if skip < length - 4:
                tiff(source, found, at + 4 + skip, length - 4 - skip)
            return


def _sizes(source: Source, iprp: Box, found: Found) -> None:
    """Take the largest size: the picture's; tiles and small pictures have their own."""
    container = _inside(source, iprp).get(b"ipco")
    for one in boxes(source, container.at, container.end) if container else ():
        if one.name == b"ispe" and one.end - one.at >= 12:
            wide, high = source.number(one.at + 4, 4), source.number(one.at + 8, 4)
            if wide * high > (found.width or 0) * (found.height or 0):
                found.width, found.height = wide, high


def _exif_item(source: Source, iinf: Box) -> int | None:
    """Return the number of the item that holds EXIF."""
    skip = 6 if source.read(iinf.at, 1) == b"\0" else 8
    for one in boxes(source, iinf.at + skip, iinf.end):
        if one.name != b"infe" or one.end - one.at < 12:
            continue
        version = source.number(one.at, 1)
        size = {2: 2, 3: 4}.get(version)
        if size and source.read(one.at + 4 + size + 2, 4) == b"Exif":
            return source.number(one.at + 4, size)
    return None


def _extents(source: Source, iloc: Box) -> Iterator[tuple[int, int, int]]:
    """Yield (item, offset in the file, bytes) of each item that lies in the file in one piece."""
    version = source.number(iloc.at, 1)
    sizes = source.read(iloc.at + 4, 2)
    offset, length, base = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4
    index = sizes[1] & 15 if version else 0
    wide = 4 if version > 1 else 2
    at = iloc.at + 6
    count, at = source.number(at, wide), at + wide
    for _ in range(min(count, MOST_BOXES)):
        item, at = source.number(at, wide), at + wide
        method = 0
        if version:
            method, at = source.number(at, 2) & 15, at + 2
        start, at = source.number(at + 2, base), at + 2 + base
        pieces, at = source.number(at, 2), at + 2
        where, long = start, 0
        for n in range(min(pieces, MOST_BOXES)):
            here = at + index
            if n == 0:
                where, long = (
                    start + source.number(here, offset),
                    source.number(here + offset, length),
                )
            at = here + offset + length
        if method == 0 and pieces == 1:
            yield item, where, long
