"""What a photograph or a film says of itself: when, where, by what it was made and changed.

Anybody can write or remove it; it is compared with what people say (core.capture), never believed.
Nothing is decoded and nothing is run: a few known places of the file are looked up, within bounds.

Read: EXIF of JPEG, PNG, WebP, TIFF and HEIC; XMP of JPEG, PNG and WebP; MP4 and MOV headers.
Not read: makers' own notes, raw formats, EXIF of films, GPS tracks inside films.
"""

from jingyi.core.metadata.boxes import film_or_heic
from jingyi.core.metadata.found import Found
from jingyi.core.metadata.pictures import jpeg, png, webp
from jingyi.core.metadata.source import Ended, Source
from jingyi.core.metadata.tiff import tiff

VERSION = 1  # of what is read: files are read anew when it grows
SHORT = 16  # bytes that tell the kind


def read(source: Source) -> Found:
    """Return what a file says of itself; of what is broken, whatever stands before the break."""
    found = Found()
    try:
        start = source.read(0, min(SHORT, source.size))
        if start[:3] == b"\xff\xd8\xff":
            found.kind = "jpeg"
            jpeg(source, found)
        elif start[:8] == b"\x89PNG\r\n\x1a\n":
            found.kind = "png"
            png(source, found)
        elif start[:4] == b"RIFF" and start[8:12] == b"WEBP":
            found.kind = "webp"
            webp(source, found)
        elif start[:4] in {b"II*\0", b"MM\0*"}:
            found.kind = "tiff"
            tiff(source, found)
        elif start[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}:
            film_or_heic(source, found)
    except Ended:
        found.broken = True
    return found
