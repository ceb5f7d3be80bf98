"""One digest of the whole city: its land, its protected places and everything told in it."""

from hashlib import sha256

from jingyi.core.ledger import canonical
from jingyi.demo.geography import shapes, zhiyang
from jingyi.demo.geography.protected import protected
from jingyi.demo.stories import stories


def digest() -> str:
    """Return the digest, the same on every machine: coordinates to the metre, texts as they are."""
    land = zhiyang()
    whole = {
        "towns": [[town.name, *map(_points, town.rings)] for town in land.towns],
        "ways": [[way.name, _points(way.line)] for way in [*land.rivers, land.canal, *land.roads]],
        "spots": [[spot.name, spot.town, shapes.degrees(spot.at)] for spot in land.spots],
        "protected": [[place.code, place.geometry] for place in protected()],
        "told": [
            [story.kind["id"], story.district, story.begun.isoformat()]
            + [[told.source, told.at.isoformat(), told.title, told.text] for told in story.told]
            for story in stories()
        ],
    }
    return sha256(canonical(whole)).hexdigest()


def _points(line: list[shapes.Point]) -> list[list[float]]:
    return [shapes.degrees(point) for point in line]
