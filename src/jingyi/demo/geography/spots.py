"""The named spots of the city: where people say that something happened."""

from math import cos, hypot, pi, sin, sqrt
from random import Random

from jingyi.demo.chance import dice
from jingyi.demo.geography import shapes
from jingyi.demo.geography.land import CORE, Area, Land, Spot, pairs
from jingyi.demo.geography.roads import crossings
from jingyi.demo.geography.shapes import Point

TOWN = {"陵阳": (-17_500, -7_000), "古堰": (-17_500, -7_000), "三闸": (-17_500, -7_000), "西陵": (-17_500, -7_000), "圩阳": (10_500, -19_000), "白蘋": (10_500, -19_000), "浮桥": (10_500, -19_000), "南圩": (10_500, -19_000), "矿": (-8_200, 9_600)}  # fmt: skip
MANY = {"estate": 260, "market": 44, "school": 68, "hospital": 12, "park": 12}
WORKS = {
    "东津经济开发区": (12_500, 6_500),
    "望梧工业园": (-7_500, 19_500),
    "矿山电厂": (-10_400, 10_800),
    "西陵循环产业园": (-21_500, -3_500),
    "南圩食品产业园": (13_600, -17_200),
    "临沚化工集中区": (13_200, -23_600),
    "古堰砂石码头": (-13_200, -13_200),
    "三闸建材园": (-22_300, 4_600),
    "沚阳西站货场": (-4_200, 5_600),
    "云麓采石区": (11_800, 22_600),
}


def place(land: Land) -> list[Spot]:
    """Return every named spot, villages first."""
    spots = [*_villages(land), *_urban(land), *_bridges(land)]
    seen: set[str] = set()
    return [spot for spot in spots if not (spot.name in seen or seen.add(spot.name))]


def _spot(land: Land, name: str, kind: str, at: Point, also: tuple[str, ...] = ()) -> Spot:
    town = land.town_of(at)
    return Spot(name, kind, at, town.name, town.within, also)


def _villages(land: Land) -> list[Spot]:
    villages = iter(pairs("village", dice("villages")))
    communities = iter(pairs("community", dice("communities")))
    spots = []
    for town in land.towns:
        own = dice("villages", town.name)
        urban = town.name.endswith("街道")
        for _ in range(8 if urban else 12):
            name = next(communities if urban else villages)
            kind = "community" if urban else "village"
            also = (name[:-1],) if name[-1] in "村庄圩" and len(name) > 3 else ()
            spots.append(_spot(land, name, kind, _in(town, own), also))
    return spots


def _in(area: Area, own: Random) -> Point:
    ring = area.rings[0]
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    for _ in range(400):
        at = own.uniform(min(xs), max(xs)), own.uniform(min(ys), max(ys))
        if shapes.inside(at, ring) and shapes.distance(at, ring) > 500:
            return at
    return area.seat


def _urban(land: Land) -> list[Spot]:
    spots = []
    for kind, count in MANY.items():
        for name in pairs(kind, dice(kind))[:count]:
            own = dice(kind, name)
            near = next((at for key, at in TOWN.items() if key in name), None)
            if near is None:
                near = own.choices([CORE, TOWN["陵阳"], TOWN["圩阳"], TOWN["矿"]], (70, 12, 12, 6))[
                    0
                ]
            far, turn = (
                (4_900 if near is CORE else 1_700) * sqrt(own.random()),
                own.uniform(0, 2 * pi),
            )
            at = near[0] + far * cos(turn), near[1] + far * sin(turn)
            spots.append(_spot(land, name, kind, at))
    return spots + [_spot(land, name, "works", at) for name, at in WORKS.items()]


def _bridges(land: Land) -> list[Spot]:
    """Return a bridge wherever a named road crosses water; it is called after both."""
    spots = []
    for river in [*land.rivers, land.canal]:
        for road in land.roads:
            if road.rank > 3 or not road.name:
                continue
            for at in crossings(river.line, road.line):
                if any(hypot(at[0] - s.at[0], at[1] - s.at[1]) < 900 for s in spots):
                    continue
                town = land.town_of(at)
                stem = town.name.rstrip("镇乡").removesuffix("街道")
                name = (
                    f"{road.name}{river.name}桥"
                    if road.rank < 3 or road.name[0] != "X"
                    else f"{stem}{river.name}桥"
                )
                spots.append(_spot(land, name, "bridge", at, (river.name,)))
    return spots
