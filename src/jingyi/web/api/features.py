"""OGC API – Features, part 1 (core and GeoJSON): places and legal zones, for maps of other offices.

Source: OGC 17-069r4. Coordinates are longitude and latitude in WGS-84 (CRS84).
"""

from collections.abc import Iterable
from datetime import date
from math import isfinite
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from shapely.geometry import box, shape

from jingyi.web.api.tokens import problem, scoped
from jingyi.web.places import queries
from jingyi.web.places.models import Place, Zone
from jingyi.web.ui.templatetags.ui import title_of

CLASSES = [
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
    for name in ("core", "geojson", "oas30")
]
MOST, USUAL = 1000, 100
CRS = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GEO = "application/geo+json"


def _link(request: HttpRequest, name: str, rel: str, *args: str, kind: str = "application/json") -> dict[str, str]:  # fmt: skip
    return {"href": request.build_absolute_uri(reverse(name, args=args)), "rel": rel, "type": kind}


@scoped("places.read")
@require_safe
def landing(request: HttpRequest) -> JsonResponse:
    """Say what there is."""
    links = [
        _link(request, "api:ogc", "self"),
        _link(request, "api:openapi", "service-desc", kind="application/vnd.oai.openapi+json;version=3.0"),
        _link(request, "api:conformance", "conformance"),
        _link(request, "api:collections", "data"),
    ]  # fmt: skip
    return JsonResponse({"title": _("保护对象和法定区域"), "description": "", "links": links})


@scoped("places.read")
@require_safe
def conformance(_request: HttpRequest) -> JsonResponse:
    """Say which classes of the standard hold."""
    return JsonResponse({"conformsTo": CLASSES})


@scoped("places.read")
@require_safe
def collections(request: HttpRequest) -> JsonResponse:
    """List the collections."""
    every = [_collection(request, name) for name in COLLECTIONS]
    return JsonResponse(
        {"links": [_link(request, "api:collections", "self")], "collections": every}
    )


@scoped("places.read")
@require_safe
def collection(request: HttpRequest, name: str) -> JsonResponse:
    """Describe one collection."""
    if name not in COLLECTIONS:
        return problem(404, _("没有这个图层。"))
    return JsonResponse(_collection(request, name))


def _collection(request: HttpRequest, name: str) -> dict[str, Any]:
    titles = {"places": _("保护对象"), "zones": _("法定区域")}
    links = [_link(request, "api:collection", "self", name), _link(request, "api:items", "items", name, kind=GEO)]  # fmt: skip
    return {"id": name, "title": titles[name], "itemType": "feature", "crs": [CRS], "links": links}


@scoped("places.read")
@require_safe
def items(request: HttpRequest, name: str) -> JsonResponse:
    """Return the features of a collection that the key's person may see, narrowed and paged."""
    if name not in COLLECTIONS:
        return problem(404, _("没有这个图层。"))
    try:
        limit, offset = _whole(request, "limit", USUAL, 1), _whole(request, "offset", 0, 0)
        corner = _box(request.GET.get("bbox", ""))
        days = _days(request.GET.get("datetime", ""))
    except ValueError as wrong:
        return problem(400, _("参数读不懂：{name}").format(name=wrong))
    unknown = set(request.GET) - {"limit", "offset", "bbox", "datetime", "f"}
    if unknown:
        return problem(400, _("参数读不懂：{name}").format(name="、".join(sorted(unknown))))
    limit = min(limit, MOST)
    found = [one for one in COLLECTIONS[name](request, days) if _meets(one, corner)]
    shown = found[offset : offset + limit]
    links = [{"href": request.build_absolute_uri(), "rel": "self", "type": GEO}]
    if offset + limit < len(found):
        asked = request.GET.copy()
        asked["offset"], asked["limit"] = str(offset + limit), str(limit)
        href = request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
        links.append({"href": href, "rel": "next", "type": GEO})
    body = {
        "type": "FeatureCollection", "features": shown, "links": links,
        "numberMatched": len(found), "numberReturned": len(shown),
        "timeStamp": timezone.now().isoformat(),
    }  # fmt: skip
    return JsonResponse(body, content_type=GEO)


@scoped("places.read")
@require_safe
def item(request: HttpRequest, name: str, number: str) -> JsonResponse:
    """Return one feature."""
    if name not in COLLECTIONS:
        raise Http404
    for one in COLLECTIONS[name](request, None):
        if str(one["id"]) == number:
            links = [_link(request, "api:item", "self", name, number, kind=GEO), _link(request, "api:collection", "collection", name)]  # fmt: skip
            return JsonResponse(one | {"links": links}, content_type=GEO)
    return problem(404, _("没有这个要素。"))


def _places(request: HttpRequest, _days: tuple[date, date] | None) -> Iterable[dict[str, Any]]:
    for one in queries.places_for(request.user).filter(retired_on=None).order_by("code"):
        yield _feature(one.code, one.geometry, _told(one))


def _told(one: Place) -> dict[str, Any]:
    return {"name": title_of(one, "name"), "kind": one.kind, "kind_title": one.get_kind_display(), "level": one.level, "basis": one.basis}  # fmt: skip


def _zones(request: HttpRequest, days: tuple[date, date] | None) -> Iterable[dict[str, Any]]:
    found = queries.zones_for(request.user).select_related("place", "organ").order_by("pk")
    if days:
        found = found.filter(valid_from__lte=days[1]).exclude(valid_to__lt=days[0])
    for one in found:
        yield _feature(one.pk, one.geometry, _zone_told(one))


def _zone_told(one: Zone) -> dict[str, Any]:
    return {
        "place": one.place.code, "place_name": title_of(one.place, "name"), "kind": one.kind,
        "kind_title": one.get_kind_display(), "basis": one.basis,
        "organ": title_of(one.organ, "name") if one.organ else "",
        "valid_from": one.valid_from.isoformat(),
        "valid_to": one.valid_to.isoformat() if one.valid_to else None,
    }  # fmt: skip


def _feature(key: object, geometry: object, told: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": key, "geometry": geometry, "properties": told}


COLLECTIONS = {"places": _places, "zones": _zones}


def _whole(request: HttpRequest, name: str, usual: int, least: int) -> int:
    said = request.GET.get(name, str(usual))
    if not said.isascii() or not said.isdecimal() or len(said) > 9 or int(said) < least:
        raise ValueError(name)
    return int(said)


def _box(said: str) -> Any:
    """Return the corners asked for as a shape, None where none are."""
    if not said:
        return None
    try:
        numbers = [float(part) for part in said.split(",")]
    except ValueError:
        raise ValueError("bbox") from None
    if len(numbers) == 6:  # heights are there and say nothing
        numbers = [numbers[k] for k in (0, 1, 3, 4)]
    if len(numbers) != 4 or not all(map(isfinite, numbers)) or numbers[1] > numbers[3]:
        raise ValueError("bbox")
    west, south, east, north = numbers
    if west <= east:
        return box(west, south, east, north)
    return box(west, south, 180, north).union(box(-180, south, east, north))


def _days(said: str) -> tuple[date, date] | None:
    """Return the first and last day asked for; `..` is open."""
    if not said:
        return None
    first, slash, last = said.partition("/")
    ends = []
    for part, open_end in ((first, date.min), (last if slash else first, date.max)):
        day = open_end if part in {"", ".."} and slash else parse_date(part[:10])
        if day is None:
            raise ValueError("datetime")
        ends.append(day)
    if ends[0] > ends[1]:
        raise ValueError("datetime")
    return ends[0], ends[1]


def _meets(one: dict[str, Any], corner: Any) -> bool:
    return corner is None or bool(shape(one["geometry"]).intersects(corner))
