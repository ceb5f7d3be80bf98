"""The land of Zhiyang: drawn from the seed, in metres; `shapes.degrees` gives WGS-84.

The city lies in open sea on Earth, so that no real place is under any mark of the demo.
"""

from functools import cache

from jingyi.demo.geography.divisions import built, divisions
from jingyi.demo.geography.land import Land
from jingyi.demo.geography.roads import roads
from jingyi.demo.geography.spots import place
from jingyi.demo.geography.water import canal, lakes, rivers, within

__all__ = ["Land", "zhiyang"]


@cache
def zhiyang() -> Land:
    """Return the city's land; the same on every machine."""
    water = rivers()
    districts, towns = divisions(water[0].line)
    border = [point for area in districts for point in area.rings[0]]
    land = Land(
        districts=districts,
        towns=towns,
        lakes=lakes(),
        built=built(towns),
        rivers=[within(way, districts, border) for way in water],
        canal=within(canal(), districts, border),
        roads=roads(towns),
    )
    land.spots = place(land)
    return land
