"""The city's base map and its protected places: geography into the places room."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from jingyi.demo.geography import shapes, zhiyang
from jingyi.demo.geography.land import CORE, Area, Way
from jingyi.demo.geography.protected import protected
from jingyi.demo.geography.shapes import Line, Point
from jingyi.demo.geography.zones import zones
from jingyi.demo.institutions import Institutions
from jingyi.web.places.models import Layer, Place, Zone

CREDIT = "沚阳为虚构城市，图形由固定种子生成"
SHOWN = {"estate": 4, "market": 4, "school": 4, "hospital": 3, "park": 3, "works": 3, "community": 4, "village": 4, "bridge": 4}  # fmt: skip

WIDE = {"city": 36000, "district": 9000, "town": 2500, "village": 700, "community": 500, "works": 900, "water": 1200, "bridge": 200}  # fmt: skip


def load(made: Institutions) -> None:
    """Write the layers of the city's office, every protected place and its zones."""
    office = made.offices["zy"]
    Layer.objects.bulk_create(
        Layer(
            office=office,
            kind=kind,
            name=name,
            name_en=name_en,
            features={"type": "FeatureCollection", "features": list(features)},
            attribution=CREDIT,
            order=order,
        )
        for order, (kind, name, name_en, features) in enumerate(layers(), 1)
    )
    places = {one.code: one for one in Place.objects.bulk_create(_places(made))}
    Zone.objects.bulk_create(
        Zone(
            place=places[one.code],
            kind=one.kind,
            geometry=one.geometry,
            valid_from=one.since,
            valid_to=one.until,
            basis=one.basis,
            organ=places[one.code].keeper,
            origin={"datum": "wgs84", "repairs": []},
        )
        for one in zones()
    )


def layers() -> Iterator[tuple[str, str, str, Iterable[dict]]]:
    """Yield (kind, name, name_en, features), the lowest first. `rank` 1 is the largest."""
    land = zhiyang()
    yield "district", "区县", "Districts", (_area(area, 1) for area in land.districts)
    yield "town", "乡镇街道", "Towns", (_area(area, 2) for area in land.towns)
    yield "built", "建成区", "Built-up areas", (_area(area, 1) for area in land.built)
    yield "lake", "湖泊水库", "Lakes", (_area(area, 2) for area in land.lakes)
    yield "river", "河流", "Rivers", map(_way, land.rivers)
    yield "canal", "运河故道", "Old canal", [_way(land.canal)]
    yield "road", "道路", "Roads", map(_way, land.roads)
    yield "place-name", "地名", "Place names", _labels()


def _area(area: Area, rank: int) -> dict:
    rings = [_points(ring) for ring in area.rings]
    named = {"name": area.name, "name_en": area.name_en, "code": area.code, "rank": rank}
    return _feature({"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}, named)


def _way(way: Way) -> dict:
    named = {"name": way.name, "name_en": way.name_en, "rank": way.rank}
    return _feature({"type": "LineString", "coordinates": _points(way.line)}, named)


def _labels() -> Iterator[dict]:
    land = zhiyang()
    yield _label("沚阳市", CORE, 0, "city", "Zhiyang")
    for area in land.districts:
        seats = [town.seat for town in land.towns if town.within == area.code]
        middle = sum(x for x, _ in seats) / len(seats), sum(y for _, y in seats) / len(seats)
        yield _label(area.name, middle, 1, "district", area.name_en)
    for town in land.towns:
        yield _label(town.name, town.seat, 2, "town")
    for lake in land.lakes:
        yield _label(lake.name, lake.seat, 2, "water")
    for spot in land.spots:
        yield _label(spot.name, spot.at, SHOWN[spot.kind], spot.kind)


def _label(name: str, at: Point, rank: int, kind: str, name_en: str = "") -> dict:
    region = zhiyang().district_of(at).code
    named = {"name": name, "name_en": name_en, "rank": rank, "kind": kind, "region": region}
    if kind in WIDE:
        named["radius_m"] = WIDE[kind]
    return _feature({"type": "Point", "coordinates": shapes.degrees(at)}, named)


def _feature(geometry: Mapping, named: Mapping) -> dict:
    kept = {key: value for key, value in named.items() if value}
    return {"type": "Feature", "properties": kept, "geometry": geometry}


def _points(line: Line | Sequence[Point]) -> list[list[float]]:
    return [shapes.degrees(point) for point in line]


def _places(made: Institutions) -> Iterator[Place]:
    for given in protected():
        lon, lat = shapes.degrees(given.at)
        office = made.office_of(given.district)
        yield Place(
            code=given.code,
            name=given.name,
            name_en=given.name_en,
            aliases=list(given.aliases),
            kind=given.kind,
            level=given.level,
            region=office.region,
            office=office,
            keeper=made.organs[f"{office.code}-{given.keeper}"],
            geometry=given.geometry,
            lon=lon,
            lat=lat,
            radius_m=given.near,
            basis=given.basis,
        )
