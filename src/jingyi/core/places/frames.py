"""What the numbers of a file are: degrees of a datum, or metres of a Gauss-Krüger grid on one.

Chinese surveys hand over CGCS2000 in belts of 3 or 6 degrees (GB/T 22021; EPSG 4491 to 4554), with
or without the belt's number before the easting. The way back to degrees is Krüger's series to the
sixth power of the third flattening (L. Krüger 1912, as in C. Karney 2011), exact to micrometres
within a belt. Not turned: Beijing 1954 and Xi'an 1980, whose way to CGCS2000 differs by region and
is not public.
"""

import re
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jingyi.core.refusal import Refusal
from jingyi.core.words import say

F64 = NDArray[np.float64]
_GRS80 = (6_378_137.0, 298.257222101)
_WGS84 = (6_378_137.0, 298.257223563)
_XIAN, _BEIJING, _NEW = say("西安 1980"), say("北京 1954"), say("新北京 1954")
_OLD = {
    "xian1980": _XIAN, "xian80": _XIAN, "newbeijing": _NEW, "beijing1954": _BEIJING,
    "beijing54": _BEIJING,
}  # fmt: skip
_TM = ("transversemercator", "gausskruger")


@dataclass(frozen=True, slots=True)
class Grid:
    """A Gauss-Krüger or transverse Mercator grid: its ellipsoid, middle meridian and offsets."""

    middle: float  # degrees east
    easting: float = 500_000.0  # metres, of the middle meridian
    northing: float = 0.0
    scale: float = 1.0
    axis: float = _GRS80[0]
    flat: float = _GRS80[1]  # 1 / flattening

    def degrees(self, x: F64, y: F64) -> tuple[F64, F64]:
        """Return longitude and latitude of eastings and northings in metres."""
        n = 1 / (2 * self.flat - 1)
        radius = self.axis / (1 + n) * (1 + n**2 / 4 + n**4 / 64 + n**6 / 256)
        xi = (y - self.northing) / (self.scale * radius)
        eta = (x - self.easting) / (self.scale * radius)
        xi_, eta_ = xi.copy(), eta.copy()
        for j, b in enumerate(_beta(n), 1):
            xi_ -= b * np.sin(2 * j * xi) * np.cosh(2 * j * eta)
            eta_ -= b * np.cos(2 * j * xi) * np.sinh(2 * j * eta)
        chi = np.sin(xi_) / np.hypot(
            np.sinh(eta_), np.cos(xi_)
        )  # tangent of the conformal latitude
        lon = self.middle + np.degrees(np.arctan2(np.sinh(eta_), np.cos(xi_)))
        return lon, np.degrees(np.arctan(_geographic(chi, 2 * np.sqrt(n) / (1 + n))))


@dataclass(frozen=True, slots=True)
class Frame:
    """A datum that `datum.named` knows, and the grid on it; without a grid these are degrees."""

    datum: str
    grid: Grid | None = None


DEGREES = Frame("wgs84")


def by_epsg(code: int) -> Frame:
    """Return the frame of an EPSG code: WGS-84, CGCS2000, its belts, UTM on WGS-84.

    Raises:
        Refusal: it is none of these.
    """
    if code in {4326, 4979}:
        return DEGREES
    if code in {4490, 4480}:
        return Frame("cgcs2000")
    for first, count, belt, step, numbered in _BELTS:
        if first <= code < first + count:
            number = belt + code - first
            middle = number * step - (3 if step == 6 else 0)
            return Frame("cgcs2000", Grid(middle, 500_000.0 + numbered * number * 1e6))
    if 32601 <= code <= 32660 or 32701 <= code <= 32760:
        south = 1e7 if code > 32700 else 0.0
        return Frame("wgs84", Grid(code % 100 * 6 - 183, 5e5, south, 0.9996, *_WGS84))
    raise _unknown(f"EPSG:{code}")


_BELTS = (  # first code, how many, first belt, degrees wide, whether the easting begins with it
    (4491, 11, 13, 6, 1), (4502, 11, 13, 6, 0), (4513, 21, 25, 3, 1), (4534, 21, 25, 3, 0),
)  # fmt: skip


def by_name(words: str) -> Frame:
    """Return the frame that a short name means: `urn:ogc:def:crs:EPSG::4490`, `OGC:CRS84`."""
    if "CRS84" in words.upper():
        return DEGREES
    found = re.search(r"(\d{4,5})\s*$", words[:200])
    if not found:
        raise _unknown(words)
    return by_epsg(int(found[1]))


def by_wkt(text: str) -> Frame:
    """Return the frame that a `.prj` file or a GeoPackage describes (WKT 1).

    Raises:
        Refusal: its datum is secret or foreign, or its projection is not Gauss-Krüger.
    """
    text = text[:20_000]
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    for word, name in _OLD.items():
        if word in plain:
            raise Refusal(
                "坐标系是{name}：换算到 CGCS2000 的参数因地而异且不公开。请由测绘部门转换后再上传。",
                name=name,
            )
    if "china2000" in plain or "cgcs2000" in plain or "chinageodetic" in plain:
        datum = "cgcs2000"
    elif "wgs1984" in plain or "wgs84" in plain:
        datum = "wgs84"
    else:
        raise _unknown(text)
    if not re.match(r"\s*PROJCS\b", text, re.IGNORECASE):
        return Frame(datum)
    if not any(word in plain for word in _TM):
        raise _unknown(text)
    return Frame(datum, _grid(text))


def to_degrees(geometry: dict[str, Any], frame: Frame) -> dict[str, Any]:
    """Return a GeoJSON geometry in degrees of the frame's datum."""
    if frame.grid is None:
        return geometry
    points: list[Any] = []
    _gather(geometry["coordinates"], points)
    given = np.array([point[:2] for point in points], np.float64).reshape(-1, 2)
    lon, lat = frame.grid.degrees(given[:, 0], given[:, 1])
    turned = iter(np.column_stack([lon, lat]).tolist())
    return {"type": geometry["type"], "coordinates": _again(geometry["coordinates"], turned)}


def _gather(part: Any, points: list[Any]) -> None:
    if part and isinstance(part[0], (int, float)):
        points.append(part)
        return
    for one in part:
        _gather(one, points)


def _again(part: Any, turned: Any) -> Any:
    if part and isinstance(part[0], (int, float)):
        return next(turned)
    return [_again(one, turned) for one in part]


def _grid(text: str) -> Grid:
    told = {
        re.sub(r"[^a-z]", "", name.lower()): float(value)
        for name, value in re.findall(r'PARAMETER\s*\[\s*"([^"]+)"\s*,\s*(-?[\d.eE+-]+)', text)
    }
    ball = re.search(r'SPHEROID\s*\[\s*"[^"]*"\s*,\s*([\d.]+)\s*,\s*([\d.]+)', text)
    axis, flat = (float(ball[1]), float(ball[2])) if ball else _GRS80
    units = re.findall(r'UNIT\s*\[\s*"[^"]*"\s*,\s*([\d.eE+-]+)', text)
    if "centralmeridian" not in told or told.get("latitudeoforigin", 0.0) or not flat:
        raise _unknown(text)
    if units and float(units[-1]) != 1.0:  # a grid in feet, or in thousands
        raise _unknown(text)
    grid = Grid(
        told["centralmeridian"], told.get("falseeasting", 0.0), told.get("falsenorthing", 0.0),
        told.get("scalefactor", 1.0), axis, flat,
    )  # fmt: skip
    if not all(isfinite(one) for one in (grid.middle, grid.easting, grid.scale)) or not grid.scale:
        raise _unknown(text)
    return grid


def _unknown(words: str) -> Refusal:
    return Refusal(
        "坐标系“{name}”不能换算。请转换为 WGS-84 或 CGCS2000 经纬度，或者 CGCS2000 高斯-克吕格投影。",
        name=words[:60],
    )


def _beta(n: float) -> tuple[float, ...]:
    """Return the six factors of Krüger's inverse series."""
    return (
        n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360 - 81 * n**5 / 512 + 96_199 * n**6 / 604_800,
        n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440 + 46 * n**5 / 105 - 1_118_711 * n**6 / 3_870_720,
        17 * n**3 / 480 - 37 * n**4 / 840 - 209 * n**5 / 4480 + 5569 * n**6 / 90_720,
        4397 * n**4 / 161_280 - 11 * n**5 / 504 - 830_251 * n**6 / 7_257_600,
        4583 * n**5 / 161_280 - 108_847 * n**6 / 3_991_680,
        20_648_693 * n**6 / 638_668_800,
    )  # fmt: skip


def _geographic(chi: F64, e: float) -> F64:
    """Return the tangent of the latitude whose conformal latitude has the tangent `chi`."""
    tau = chi.copy()
    for _ in range(6):  # Newton: three steps reach the last digit
        root = np.sqrt(1 + tau**2)
        sigma = np.sinh(e * np.arctanh(e * tau / root))
        there = tau * np.sqrt(1 + sigma**2) - sigma * root
        slope = (1 - e**2) * np.sqrt(1 + there**2) * root / (1 + (1 - e**2) * tau**2)
        tau = tau + (chi - there) / slope
    return tau
