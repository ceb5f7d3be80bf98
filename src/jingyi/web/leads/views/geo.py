"""Incidents for the map, by the desk's own filters."""

from django.db.models import Count, Q
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jingyi.core.triage.place import WIDE
from jingyi.web.leads import filters, queries
from jingyi.web.registry.access import needs
from jingyi.web.registry.queries import offices_for

MOST = 5_000
GRID = 0.01  # degrees, about a kilometre


@needs("lead.read")
@require_safe
def geo(request: HttpRequest) -> JsonResponse:
    """Return GeoJSON; where all reports are anonymous and the reader need not know, blurred."""
    asked = filters.read(request.GET)
    found = asked.applied(queries.incidents_for(request.user), request.user, timezone.now())
    named = Count("findings", filter=Q(findings__report__anonymous=False))
    spots = found.filter(lon__isnull=False).exclude(radius_m__gt=WIDE)
    placed = spots.annotate(named=named).order_by("-rank", "-pk")[:MOST]
    exact = set(offices_for(request.user, "report.read").values_list("pk", flat=True))
    features = [
        {
            "type": "Feature",
            "geometry": {
                "type": "Point",
                "coordinates": _at(one, blurred=not one.named and one.office_id not in exact),
            },
            "properties": {
                "ref": one.ref,
                "title": one.title,
                "domain": one.domain,
                "rank": round(one.rank, 3),
                "reports": one.reports,
                "first": timezone.localdate(one.first_at).isoformat(),
                "state_title": str(one.get_state_display()),
                "url": one.get_absolute_url(),
            },
        }
        for one in placed
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _at(incident, *, blurred: bool) -> list[float]:
    if not blurred:
        return [incident.lon, incident.lat]
    return [round((value // GRID + 0.5) * GRID, 6) for value in (incident.lon, incident.lat)]
