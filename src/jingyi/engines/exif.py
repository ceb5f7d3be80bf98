"""When and where a photograph says it was taken: its EXIF, which anybody can write or remove.

Only the header is read, no pixel is decoded. The time is the camera's own clock, without a zone.
"""

import io
import math
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

FORMATS = ("JPEG", "WEBP", "TIFF", "MPO")  # of a PNG every pixel would have to be decoded first
OLDEST = 1990  # no camera wrote EXIF before


@dataclass(frozen=True, slots=True)
class Taken:
    """What a photograph says of itself; None where it says nothing that can be read."""

    at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


def taken(data: bytes) -> Taken:
    """Return when and where the picture was taken; nothing for what is no picture or is broken."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a broken EXIF the rest is still read
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                exif = picture.getexif()
                inner, gps = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError,
            ValueError, KeyError, TypeError, IndexError, OverflowError, ZeroDivisionError):  # fmt: skip
        return Taken()
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
    if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90 or (lon == lat == 0):
        lon = lat = None
    return Taken(_time(inner.get(ExifTags.Base.DateTimeOriginal)), lon, lat)


def _time(value: Any) -> datetime | None:
    words = value.decode("ascii", "replace") if isinstance(value, bytes) else str(value or "")
    try:
        at = datetime.strptime(words.strip("\0 ")[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 -- the camera knows no zone
    except ValueError:
        return None
    return at if at.year >= OLDEST else None


def _degrees(value: Any, side: Any, negative: str) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    whole = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(whole):
        return None
    side = side.decode("ascii", "replace") if isinstance(side, bytes) else side
    return -whole if str(side).strip("\0 ").upper() == negative else whole
