"""The river system, the old canal and the lakes."""

from collections.abc import Sequence

from jingyi.demo.chance import dice
from jingyi.demo.geography import shapes
from jingyi.demo.geography.land import CORE, OLD_CITY, Area, Way, names
from jingyi.demo.geography.shapes import Line, Point


def _english(name: str) -> str:
    return names()["english"].get(name, "")


def _river(name: str, rank: int, through: Sequence[Point], *, width: float, wave: float) -> Way:
    line = shapes.meander(shapes.curve(through), dice("river", name), width=width, wave=wave)
    return Way(name, line, rank, _english(name))


def rivers() -> list[Way]:
    main = _river(
        "沚河",
        1,
        [(-15_000, 36_000), (-7_000, 24_000), (-3_500, 13_000), CORE, (4_500, -6_000), (8_000, -15_000), (15_000, -25_000), (19_000, -37_000)],
        width=1_500,
        wave=7_000,
    )  # fmt: skip

    def meeting(share: float) -> Point:
        return main.line[round(share * (len(main.line) - 1))]

    return [
        main,
        _river("东津河", 2, [(24_000, 21_000), (16_000, 15_000), (9_500, 10_000), meeting(0.44)], width=1_100, wave=5_200),
        _river("梧溪", 2, [(-25_000, 22_000), (-16_000, 17_500), (-9_000, 14_500), meeting(0.31)], width=1_000, wave=5_000),
        _river("五柳河", 2, [(-30_000, -14_000), (-20_000, -15_500), (-8_000, -13_000), (0, -13_500), meeting(0.68)], width=1_300, wave=6_000),
        _river("白蘋河", 2, [(28_000, -9_000), (20_000, -13_000), (14_500, -14_500), meeting(0.72)], width=1_000, wave=4_800),
        _river("石桥河", 3, [(13_600, 20_600), (12_400, 16_500), (11_200, 11_800)], width=700, wave=3_600),
        _river("鹭沟", 3, [(-10_500, -1_500), (-5_500, 1_200), meeting(0.50)], width=500, wave=2_800),
        _river("浮桥沟", 3, [(2_000, -29_000), (7_500, -24_500), meeting(0.86)], width=700, wave=3_600),
    ]  # fmt: skip


def canal() -> Way:
    through = [
        (-31_000, 6_500),
        (-19_000, 2_800),
        (-8_000, 4_600),
        OLD_CITY,
        (9_000, -2_500),
        (19_000, -5_200),
        (29_000, -10_500),
    ]
    return Way("古运河", shapes.curve(through, step=300), 1, _english("古运河"))


def lakes() -> list[Area]:
    given = {
        "鹭湖": ((-11_500, -2_600), 1_750, 1.9, 0.5),
        "云麓水库": ((13_600, 20_600), 1_150, 1.7, 1.1),
        "白蘋荡": ((18_200, -15_900), 1_000, 1.3, -0.4),
        "沙荡湖": ((3_000, -26_500), 1_350, 2.2, 0.2),
        "五柳塘": ((-15_300, -17_000), 850, 1.5, 0.9),
    }
    return [
        Area(name, (shapes.blob(at, size, dice("lake", name), long=long, turn=turn),), seat=at)
        for name, (at, size, long, turn) in given.items()
    ]


def within(way: Way, districts: Sequence[Area], border: Line) -> Way:
    """Return the way cut to the city and a short stretch beyond its border."""

    def near(at: Point) -> bool:
        return any(shapes.inside(at, area.rings[0]) for area in districts) or (
            shapes.distance(at, border) < 900
        )

    return Way(way.name, [at for at in way.line if near(at)], way.rank, way.name_en)
