"""Districts and towns that cover the city, and where it is built up."""

from collections.abc import Callable, Sequence
from math import hypot

from jingyi.demo.chance import dice
from jingyi.demo.geography import shapes
from jingyi.demo.geography.land import CORE, Area, names
from jingyi.demo.geography.shapes import Hex, Line, Mesh, Point

CELL = 1_150  # metres, a side of a hexagon


def divisions(main: Line) -> tuple[list[Area], list[Area]]:
    """Return districts and towns that cover the city without gap or overlap."""
    mesh = Mesh(CELL, dice("mesh"))
    bend = shapes.warped(dice("border"), 13_000, 1_900)
    border = shapes.blob((-1_000, -500), 30_500, dice("city"), long=0.9, points=60)
    reach = range(-32, 33)
    cells = [(q, r) for q in reach for r in reach if shapes.inside(mesh.centre((q, r)), border)]
    seats = {
        (given["code"], name): (float(x), float(y))
        for given in names()["district"]
        for name, x, y in given["towns"]
    }
    members: dict[tuple[str, str], list[Hex]] = {key: [] for key in seats}
    for cell in cells:
        members[_town(mesh.centre(cell), bend, seats, main)].append(cell)
    mesh.settle(members.values())
    towns = [
        Area(name, tuple(mesh.outlines(members[code, name])), seat=seat, within=code)
        for (code, name), seat in seats.items()
    ]
    districts = [
        Area(
            given["name"],
            tuple(
                mesh.outlines(
                    cell for key in members if key[0] == given["code"] for cell in members[key]
                )
            ),
            given["code"],
            given["name_en"],
            seat=seats[given["code"], given["towns"][0][0]],
        )
        for given in names()["district"]
    ]
    return districts, towns


def _town(
    at: Point,
    bend: Callable[[Point], Point],
    seats: dict[tuple[str, str], Point],
    main: Line,
) -> tuple[str, str]:
    """Return the town of a cell: the nearest seat, on its own side of the main river in the north."""
    x, y = bend(at)
    bank = min(main, key=lambda p: abs(p[1] - at[1]))[0]
    wrong = {True: "990103", False: "990102"}[at[0] > bank]  # the river parts these two districts
    return min(
        (key for key in seats if key[0] != wrong),
        key=lambda key: hypot(seats[key][0] - x, seats[key][1] - y),
    )


def built(towns: Sequence[Area]) -> list[Area]:
    def patch(name: str, at: Point, size: float, *, long: float = 1.0, turn: float = 0.0) -> Area:
        return Area(
            name, (shapes.blob(at, size, dice("built", name), long=long, turn=turn),), seat=at
        )

    county = [town for town in towns if town.name in {"陵阳镇", "圩阳镇"}]
    rural = [town for town in towns if town.name.endswith(("镇", "乡")) and town not in county]
    return [
        patch("沚阳", CORE, 5_400, long=1.15, turn=1.3),
        patch("矿山", (-8_200, 9_600), 1_600, long=1.3, turn=0.4),
        *(patch(town.name, town.seat, 1_900) for town in county),
        *(patch(town.name, town.seat, dice("size", town.name).uniform(380, 700)) for town in rural),
    ]
