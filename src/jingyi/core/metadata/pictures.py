"""Where JPEG, PNG and WebP keep EXIF and XMP, and how large the picture is.

Source: ITU-T T.81, annex B; CIPA DC-008, 4.7; W3C PNG (third edition), 11; WebP container specification.
"""

import re
import zlib
from datetime import datetime

from jingyi.core.metadata.found import Found, text
from jingyi.core.metadata.source import Ended, Source
from jingyi.core.metadata.tiff import iso, tiff

MOST_XMP = 1 << 18  # bytes
XMP = b"http://ns.adobe.com/xap/1.0/\0"
SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
PROGRAMS = re.compile(rb"(?:CreatorTool|softwareAgent|ProducerTool)(?:=[\"']|>)([^\"'<]{1,120})")
CHANGED = re.compile(rb"xmp:ModifyDate(?:=[\"']|>)([0-9T:+\-Z.]{10,35})")


def jpeg(source: Source, found: Found) -> None:
    """Walk the segments before the picture's own data."""
    at = 2
    while at + 4 <= source.size:
        mark, kind = source.read(at, 2)
        if mark != 0xFF or kind in {0xD9, 0xDA}:
            return
        if kind == 0xFF or kind in BARE:
            at += 1 if kind == 0xFF else 2
            continue
        length = source.number(at + 2, 2)
        if length < 2:
            raise Ended
        if kind == 0xE1:
            _app1(source, found, at + 4, length - 2)
        elif kind in SIZES and length >= 7:
            found.height, found.width = source.number(at + 5, 2), source.number(at + 7, 2)
        at += 2 + length


def _app1(source: Source, found: Found, at: int, length: int) -> None:
    start = source.read(at, min(length, len(XMP)))
    if start[:6] == b"Exif\0\0":
        _try(source, found, at + 6, length - 6)
    elif start == XMP:
        xmp(source.read(at + len(XMP), length - len(XMP)), found)


def _try(source: Source, found: Found, at: int, length: int) -> None:
    try:
        tiff(source, found, at, length)
    except Ended:
        found.broken = True  # of the metadata; the rest of the file is still walked


def png(source: Source, found: Found) -> None:
    """Walk the chunks: eXIf, the size, the time of the last change, texts that name a program."""
    at = 8
    while at + 12 <= source.size:
        length, kind = source.number(at, 4), source.read(at + 4, 4)
        if kind == b"IEND":
            return
        if at + 12 + length > source.size:
            raise Ended
        body = at + 8
        if kind == b"IHDR" and length >= 8:
            found.width, found.height = source.number(body, 4), source.number(body + 4, 4)
        elif kind == b"eXIf":
            _try(source, found, body, length)
        elif kind == b"tIME" and length == 7:
            _last_change(source.read(body, 7), found)
        elif kind in {b"tEXt", b"iTXt"} and length <= MOST_XMP:
            _words(kind, source.read(body, length), found)
        at += 12 + length


def _last_change(raw: bytes, found: Found) -> None:
    year, rest = int.from_bytes(raw[:2], "big"), raw[2:]
    try:
        found.modified = datetime(year, rest[0], rest[1], rest[2], rest[3], rest[4])  # noqa: DTZ001 -- the zone stands beside it
    except ValueError:
        return
    found.modified_zone = 0


def _words(kind: bytes, raw: bytes, found: Found) -> None:
    key, _, rest = raw.partition(b"\0")
    if kind == b"iTXt" and len(rest) > 2:
        packed = rest[0] == 1
        rest = rest[2:].split(b"\0", 2)[-1]
        if packed:
            try:
                rest = zlib.decompressobj().decompress(rest, MOST_XMP)
            except zlib.error:
                return
    if key == b"Software":
        found.name(text(rest))
    elif key == b"XML:com.adobe.xmp":
        xmp(rest, found)


def webp(source: Source, found: Found) -> None:
    """Walk the chunks of the RIFF container."""
    at = 12
    while at + 8 <= source.size:
        kind, length = source.read(at, 4), int.from_bytes(source.read(at + 4, 4), "little")
        body = at + 8
        if body + length > source.size:
            raise Ended
        if kind == b"VP8X" and length >= 10:
            found.width = 1 + int.from_bytes(source.read(body + 4, 3), "little")
            found.height = 1 + int.from_bytes(source.read(body + 7, 3), "little")
        elif kind == b"EXIF":
            skip = 6 if source.read(body, min(6, length)) == b"Exif\0\0" else 0
            _try(source, found, body + skip, length - skip)
        elif kind == b"XMP " and length <= MOST_XMP:
            xmp(source.read(body, length), found)
        at = body + length + length % 2


def xmp(packet: bytes, found: Found) -> None:
    """Take the programs an XMP packet names, and when it says the file was changed."""
    for match in PROGRAMS.finditer(packet):
        found.name(text(match[1]))
    if found.modified is None and (changed := CHANGED.search(packet)):
        found.modified, found.modified_zone = iso(changed[1].decode("ascii", "replace"))
