"""The triage rulebook together with one office's own places, kept until those change."""

from collections.abc import Iterator
from functools import lru_cache
from math import cos, hypot, nan, radians

from django.db.models import Count, Max, Q
from shapely.geometry import shape

from jingyi.core.triage import book
from jingyi.core.triage.place import Known
from jingyi.core.triage.protected import ProtectedPlace
from jingyi.web.leads import learned
from jingyi.web.places.models import Layer, Place
from jingyi.web.registry.models import Procuratorate

NAMED = "place-name"  # the kind of layer whose points are names people use
METRES_A_DEGREE = 111_320.0
MOST_EXTENT_M = 4_000.0  # a larger place names a region rather than a spot
SPOT_M = 800.0  # how far a named spot may reach where its layer does not say


def of_office(office: Procuratorate) -> book.Book:
    """Return what triage goes by for the reports of `office`."""
    return _corrected(shipped(office), office.code, learned.stamp(office.code))


def shipped(office: Procuratorate) -> book.Book:
    """Return the same without what the office has learned from its own decisions."""
    return _assembled(office.path, office.region_id, _stamp())


def _stamp() -> tuple[int | None, ...]:
    return (
        *Place.objects.aggregate(Count("pk"), Max("pk")).values(),
        *Layer.objects.aggregate(Count("pk"), Max("pk")).values(),
    )


@lru_cache(maxsize=8)
def _corrected(plain: book.Book, code: str, _stamp: str) -> book.Book:
    return learned.corrected(plain, code)


@lru_cache(maxsize=8)
def _assembled(path: str, home: str, _stamp: tuple[int | None, ...]) -> book.Book:
    places = list(Place.objects.filter(_around(path)).order_by("pk"))
    layers = Layer.objects.filter(_around(path), kind=NAMED).order_by("order", "pk")
    return book.for_office(
        protected=[
            ProtectedPlace(
                id=place.code,
                name=place.name,
                aliases=tuple(place.aliases),
                shape=shape(place.geometry),
                radius_m=place.radius_m,
            )
            for place in places
        ],
        gazetteer=[spot for place in places for spot in _named(place)]
        + [spot for layer in layers for spot in _spots(layer)],
        home=home,
    )


def _named(place: Place) -> Iterator[Known]:
    """Yield where a protected place is; a long river is known by name, but says no spot."""
    extent = _extent(place)
    if extent <= MOST_EXTENT_M:
        reach = max(place.radius_m, extent / 2)
        yield Known(place.name, place.lon, place.lat, reach, place.region_id)
    else:
        for name in (place.name, *place.aliases):
            yield Known(name, nan, nan, extent / 2)


def _extent(place: Place) -> float:
    """Return the metres across a place."""
    west, south, east, north = shape(place.geometry).bounds
    wide = (east - west) * METRES_A_DEGREE * cos(radians(place.lat))
    return hypot(wide, (north - south) * METRES_A_DEGREE)


def _spots(layer: Layer) -> list[Known]:
    found = []
    for feature in layer.features["features"]:
        told = feature["properties"]
        point = shape(feature["geometry"]).representative_point()
        reach, region = told.get("radius_m", SPOT_M), told.get("region", "")
        found.append(Known(told["name"], point.x, point.y, reach, region))
    return found


def _around(path: str) -> Q:
    """Select what belongs to the office, to those below it and to those above it."""
    return Q(office__path__startswith=path) | Q(office__in=path.strip("/").split("/"))
