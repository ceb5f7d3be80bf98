"""Where the file says it was taken, beside where people say it was."""

from collections.abc import Iterator

import numpy as np

from jingyi.core.capture.rules import Hit, Rules, Said
from jingyi.core.contradictions import Point, metres
from jingyi.core.datum import Datum, UnknownDatum, named, to_wgs84
from jingyi.core.metadata.found import Found
from jingyi.core.words import say

SHIFTS: tuple[Datum, ...] = ("GCJ-02", "BD-09")


def place_of(found: Found) -> Point | None:
    """Return the file's own place in WGS-84."""
    if found.lon is None or found.lat is None:
        return None
    try:
        datum = named(found.datum) if found.datum else "WGS-84"
    except UnknownDatum:
        datum = "WGS-84"
    return _wgs84(found.lon, found.lat, datum)


def said_place(said: Said) -> Point | None:
    if said.lon is None or said.lat is None:
        return None
    return _wgs84(said.lon, said.lat, said.datum)


def _wgs84(lon: float, lat: float, datum: Datum) -> Point:
    x, y = to_wgs84(np.array([lon]), np.array([lat]), datum)
    return float(x[0]), float(y[0])


def place(found: Found, said: Said, rules: Rules) -> Iterator[Hit]:
    here, there = place_of(found), said_place(said)
    if here is None or there is None:
        return
    known = [found.accuracy_m, said.accuracy_m]
    limit = sum(rules.place_m if one is None else one for one in known)
    away = metres(here, there)
    if away <= limit:
        return
    values = {
        "here": _spot(here),
        "there": _spot(there),
        "away": round(away),
        "limit": round(limit),
    }
    for datum in SHIFTS:
        if metres(_wgs84(*here, datum), there) <= limit:
            yield (
                "place-datum",
                say(
                    "文件记的地点是 {here}，所述地点是 {there}，相距 {away} 米；文件的坐标如果是 {datum} 就对得上",
                    datum=datum,
                    **values,
                ),
                True,
            )
            return
        if said.datum == "WGS-84" and metres(here, _wgs84(*there, datum)) <= limit:
            yield (
                "place-datum",
                say(
                    "文件记的地点是 {here}，所述地点是 {there}，相距 {away} 米；所述坐标如果是 {datum} 就对得上",
                    datum=datum,
                    **values,
                ),
                True,
            )
            return
    x, y = here
    for other in ((-x, y), (x, -y), (-x, -y), (y, x)):
        if abs(other[1]) <= 90 and metres(other, there) <= limit:
            yield (
                "place-mirrored",
                say(
                    "文件记的地点是 {here}，所述地点是 {there}：经纬度的正负号或者先后像是写反了",
                    **values,
                ),
                True,
            )
            return
    yield (
        "place",
        say(
            "文件记的地点是 {here}，所述地点是 {there}，相距 {away} 米，超过两者的误差 {limit} 米",
            **values,
        ),
        True,
    )


def _spot(point: Point) -> str:
    return f"{point[1]:.5f}, {point[0]:.5f}"
