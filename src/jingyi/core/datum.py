"""Chinese coordinate systems: to WGS-84 and back, over whole columns at once.

Phones' satellites give WGS-84; CGCS2000 is the same to within centimetres
(EPSG:4490, GB/T 22021) and is taken as it stands. Maps sold in China shift
what they show: GCJ-02 (高德, 腾讯) by some hundred metres, BD-09 (百度) by
some hundred more. The shift is known as a function of the true position, so
the way back is found by repeating the step until nothing moves.

Source: the published formulas, as in EXIF and mapping tools; the constants are
those of the Krasovsky ellipsoid of 1940 used by GCJ-02.
Limitations: outside `HELD` GCJ-02 shifts nothing; between the mainland and Hong
Kong, Macau and Taiwan map makers do not agree whether it does: here it does.
"""

from collections.abc import Callable
from typing import Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

from jingyi.core.refusal import Refusal

F64 = NDArray[np.float64]
Datum = Literal["WGS-84", "CGCS2000", "GCJ-02", "BD-09"]
DATUMS: tuple[Datum, ...] = get_args(Datum)
HELD = (72.004, 137.8347, 0.8293, 55.8271)  # degrees west, east, south, north: where GCJ-02 shifts
STEPS = 12  # at most: four or five do, more only at 105° E, where the shift has a kink
STILL = 1e-12  # degrees, a tenth of a micrometre: what moves less has arrived

_A = 6_378_245.0  # metres: half the long axis of the ellipsoid
_EE = 0.006_693_421_622_965_943  # its eccentricity squared
_X = np.pi * 3_000 / 180
_SAME = {
    "WGS-84": ("wgs84", "wgs1984", "gps", "epsg4326", "4326"),
    "CGCS2000": ("cgcs2000", "国家2000", "2000国家大地坐标系", "epsg4490", "4490"),
    "GCJ-02": ("gcj02", "gcj", "高德", "腾讯", "高德地图", "腾讯地图", "火星坐标", "火星坐标系"),
    "BD-09": ("bd09", "bd09ll", "百度", "百度地图", "百度坐标", "百度坐标系"),
}
_NAMES = {name: cast(Datum, datum) for datum, names in _SAME.items() for name in names}


class UnknownDatum(Refusal):
    """A name of a coordinate system that is none of the four."""


def named(words: str) -> Datum:
    """Return the datum that `words` mean: `高德` is GCJ-02, `EPSG:4490` is CGCS2000.

    Raises:
        UnknownDatum: they mean none of the four.
    """
    plain = "".join(c for c in words.lower() if c not in " -_:：.·")
    if plain not in _NAMES:
        raise UnknownDatum(
            "不认识坐标系“{name}”。可写 WGS-84、CGCS2000、GCJ-02（高德、腾讯）或 BD-09（百度）。",
            name=words[:40],
        )
    return _NAMES[plain]


def to_wgs84(lon: F64, lat: F64, datum: Datum) -> tuple[F64, F64]:
    """Return WGS-84 degrees for degrees of `datum`; NaN stays NaN.

    The way back is exact to less than a micrometre inside `HELD`.
    """
    if datum == "GCJ-02":
        return _undone(_gcj, lon, lat)
    if datum == "BD-09":
        return _undone(_gcj, *_undone(_bd, lon, lat))
    return np.asarray(lon, np.float64), np.asarray(lat, np.float64)


def from_wgs84(lon: F64, lat: F64, datum: Datum) -> tuple[F64, F64]:
    """Return degrees of `datum` for WGS-84 degrees; NaN stays NaN."""
    lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    if datum == "GCJ-02":
        return _gcj(lon, lat)
    if datum == "BD-09":
        return _bd(*_gcj(lon, lat))
    return lon, lat


def _gcj(lon: F64, lat: F64) -> tuple[F64, F64]:
    """Shift as GCJ-02 does."""
    x, y = lon - 105.0, lat - 35.0
    root = 0.1 * np.sqrt(np.abs(x))
    wave = (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + root + wave + _swell(x, 150, 300, 12, 30)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 2 * root + wave
    north = north + _swell(y, 160, 320, 12, 30)
    narrow = 1 - _EE * np.sin(np.radians(lat)) ** 2
    across = _A / np.sqrt(narrow) * np.cos(np.radians(lat))
    along = _A * (1 - _EE) / (narrow * np.sqrt(narrow))
    west, far_east, south, far_north = HELD
    held = (lon >= west) & (lon <= far_east) & (lat >= south) & (lat <= far_north)
    return (
        lon + np.where(held, np.degrees(east / across), 0.0),
        lat + np.where(held, np.degrees(north / along), 0.0),
    )


def _swell(z: F64, *heights_and_lengths: float) -> F64:
    """Return the long waves of the shift along one axis, metres."""
    high, higher, short, long = heights_and_lengths
    near = 20 * np.sin(z * np.pi) + 40 * np.sin(z / 3 * np.pi)
    far = high * np.sin(z / short * np.pi) + higher * np.sin(z / long * np.pi)
    return cast(F64, (near + far) * 2 / 3)


def _bd(lon: F64, lat: F64) -> tuple[F64, F64]:
    """Turn and shift as BD-09 does with GCJ-02."""
    away = np.hypot(lon, lat) + 0.000_02 * np.sin(lat * _X)
    turn = np.arctan2(lat, lon) + 0.000_003 * np.cos(lon * _X)
    return away * np.cos(turn) + 0.0065, away * np.sin(turn) + 0.006


def _undone(shift: Callable[[F64, F64], tuple[F64, F64]], lon: F64, lat: F64) -> tuple[F64, F64]:
    """Return what `shift` makes into `lon`, `lat`."""
    lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    x, y = lon, lat
    for _ in range(STEPS):
        x_there, y_there = shift(x, y)
        east, north = lon - x_there, lat - y_there
        x, y = x + east, y + north
        if not ((np.abs(east) > STILL) | (np.abs(north) > STILL)).any():
            break
    return x, y
