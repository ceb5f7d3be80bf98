"""Where the sun stood: its height above the horizon and its bearing, at a place and a moment.

Good to about a minute of arc for 1950 to 2050; a mountain or a house is not known of.

Checked with: values of NOAA's solar calculator, and the worked example of NREL's SPA (TP-560-34302).
Source: NOAA Global Monitoring Laboratory, Solar Calculation Details (after Meeus, Astronomical
Algorithms, chapters 25 and 16).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import asin, atan2, cos, degrees, radians, sin, sqrt, tan

J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
CENTURY = 36_525 * 86_400  # seconds
DISC = 0.2667  # degrees: half the sun's width


@dataclass(frozen=True, slots=True)
class Sun:
    """Degrees. `elevation` as seen, refraction included; `geometric` without; `azimuth` from north by east."""

    elevation: float
    geometric: float
    azimuth: float


def sun(at: datetime, lon: float, lat: float) -> Sun:
    """Return where the sun stood at `at` (with a zone), seen from WGS-84 degrees at sea level."""
    t = (at - J2000).total_seconds() / CENTURY
    right, declination = _equatorial(t)
    sidereal = 280.460_618_37 + 360.985_647_366_29 * t * 36_525 + 0.000_387_933 * t * t
    hour = radians((sidereal + lon - right + 180) % 360 - 180)
    here, up = radians(lat), radians(declination)
    high = sin(here) * sin(up) + cos(here) * cos(up) * cos(hour)
    geometric = degrees(asin(max(-1.0, min(1.0, high))))
    east = -cos(up) * sin(hour)
    north = sin(up) * cos(here) - cos(up) * sin(here) * cos(hour)
    azimuth = degrees(atan2(east, north)) % 360
    return Sun(geometric + _refraction(geometric), geometric, azimuth)


def _equatorial(t: float) -> tuple[float, float]:
    """Return the apparent right ascension and declination in degrees, `t` centuries after J2000."""
    mean_longitude = 280.46646 + t * (36_000.76983 + t * 0.0003032)
    anomaly = radians(357.52911 + t * (35_999.05029 - 0.0001537 * t))
    centre = (
        sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t))
        + sin(2 * anomaly) * (0.019993 - 0.000101 * t)
        + sin(3 * anomaly) * 0.000289
    )
    node = radians(125.04 - 1934.136 * t)  # of the moon's orbit: nutation
    longitude = radians(mean_longitude + centre - 0.00569 - 0.00478 * sin(node))
    seconds = 21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))
    tilt = radians(23 + (26 + seconds / 60) / 60 + 0.00256 * cos(node))
    right = degrees(atan2(cos(tilt) * sin(longitude), cos(longitude)))
    return right, degrees(asin(sin(tilt) * sin(longitude)))


def _refraction(geometric: float) -> float:
    """Return by how many degrees the air lifts the sun (NOAA's pieces)."""
    if geometric > 85:
        return 0.0
    slope = tan(radians(geometric))
    if geometric > 5:
        seconds = 58.1 / slope - 0.07 / slope**3 + 0.000086 / slope**5
    elif geometric > -0.575:
        e = geometric
        seconds = 1735 + e * (-518.2 + e * (103.4 + e * (-12.79 + e * 0.711)))
    else:
        seconds = -20.772 / slope
    return seconds / 3600


def apart(one: Sun, other: Sun) -> float:
    """Return the angle between two places of the sun, degrees."""
    a, b = radians(one.geometric), radians(other.geometric)
    turn = radians(one.azimuth - other.azimuth)
    chord = 1 - (sin(a) * sin(b) + cos(a) * cos(b) * cos(turn))
    return degrees(2 * asin(min(1.0, sqrt(max(0.0, chord / 2)))))
