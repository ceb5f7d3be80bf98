"""Reads of the room: plans of one's offices, and of anybody's own patrols."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from jingyi.core.patrols import planner
from jingyi.core.patrols.planner import Site
from jingyi.core.places.book import book
from jingyi.web.accounts.models import User
from jingyi.web.leads.queries import incidents_for
from jingyi.web.patrols.models import Plan, Track, Visit
from jingyi.web.places import fence
from jingyi.web.places.models import Place, Zone
from jingyi.web.places.queries import places_for, zones_over
from jingyi.web.registry.queries import anywhere, offices_for

EARTH = 6_371_008.8  # metres: mean radius


def plans_for(user: User) -> QuerySet[Plan]:
    """Return the patrols of the offices `user` may read, and one's own."""
    found = Plan.objects.filter(Q(office__in=offices_for(user, "patrols.read")) | Q(person=user))
    return found.select_related("office", "person").distinct()


def own(user: User) -> QuerySet[Plan]:
    """Return the patrols that `user` is to walk or walks."""
    return Plan.objects.filter(person=user, state__in=[Plan.State.PLANNED, Plan.State.UNDERWAY])


def visits_for(user: User) -> QuerySet[Visit]:
    """Return the records of the patrols `user` may see."""
    return Visit.objects.filter(plan__in=plans_for(user)).select_related("stop", "by", "plan", "photo")  # fmt: skip


def photos_for(user: User) -> QuerySet[Visit]:
    """Return the records whose photo `user` may see: those one may read, and of the places one is sent to."""
    sent = Plan.objects.filter(person=user, stops__place=OuterRef("stop__place"), office=OuterRef("plan__office"))  # fmt: skip
    found = Visit.objects.filter(Q(plan__in=plans_for(user)) | Q(Exists(sent)))
    return found.select_related("photo")


def zones_of(plan: Plan, visits: Sequence[Visit]) -> dict[int, list[tuple[fence.Hit, Zone]]]:
    """Return the legal zones, in force on the patrol's day, in which or near which each record was made."""
    placed = [one for one in visits if one.lon is not None and one.lat is not None]
    spots = [(one.lon, one.lat) for one in placed]
    over = zones_over(plan.office)
    hits = fence.find(over, spots, on=plan.on, within=fence.NEAR)
    zones = over.select_related("place", "organ").in_bulk([hit.zone for hit in hits])
    found: dict[int, list[tuple[fence.Hit, Zone]]] = {}
    for hit in hits:
        found.setdefault(placed[hit.spot].pk, []).append((hit, zones[hit.zone]))
    return found


def walkers(user: User) -> QuerySet[User]:
    """Return who can be sent on a patrol: holders of patrols.walk in the offices `user` plans for."""
    offices = offices_for(user, "patrols.plan")
    return anywhere("patrols.walk").filter(posts__procuratorate__in=offices).distinct().order_by("name")  # fmt: skip


def sites(user: User, on: date) -> dict[str, tuple[Place, Site]]:
    """Return the places one can be sent to, as the planner sees them, by code."""
    by = planner.practice()
    since = on - timedelta(days=365)
    leads = Q(incidents__is_lead=True, incidents__last_at__date__gt=since)
    leads &= Q(incidents__in=incidents_for(user))
    counts = places_for(user).annotate(n=Count("incidents", filter=leads, distinct=True))
    leads_of = dict(counts.values_list("pk", "n"))
    found = {}
    for row in coverage(user, on):
        place = row.place
        risk = planner.risk_of(leads_of.get(place.pk, 0), _grade(place), by)
        site = Site(place.code, place.lon, place.lat, risk, row.days, by.on_site)
        found[place.code] = (place, site)
    return found


def _grade(place: Place) -> float:
    """Return 1 for the highest level of its kind, less for lower ones, 0 where none is said."""
    kind = book().kinds.get(place.kind)
    levels = kind.levels if kind else ()
    return 1 - levels.index(place.level) / len(levels) if place.level in levels else 0.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """A place, how often it was visited, and how many days ago last (None: never)."""

    place: Place
    visits: int
    days: int | None


def coverage(user: User, on: date) -> list[Coverage]:
    """Return the places on one's map, those longest unvisited first."""
    mine = Q(stops__visits__plan__in=plans_for(user))
    found = places_for(user).filter(retired_on=None).annotate(
        seen=Count("stops__visits", filter=mine, distinct=True),
        last=Max(TruncDate("stops__visits__taken_at"), filter=mine),
    )  # fmt: skip
    rows = [
        Coverage(place, place.seen, (on - place.last).days if place.last else None)
        for place in found
    ]
    return sorted(rows, key=lambda row: (row.days is not None, -(row.days or 0), row.place.code))


def effort(user: User) -> tuple[float, float]:
    """Return the kilometres and hours recorded on the patrols of one's offices."""
    metres = seconds = 0.0
    for points in Track.objects.filter(plan__in=plans_for(user)).values_list("points", flat=True):
        metres += length(points)
        if len(points) > 1:
            seconds += points[-1][3] - points[0][3]
    return metres / 1000, seconds / 3600


def length(points: list[list[float]]) -> float:
    """Return the metres of a track, leaps that no walker or car makes left out."""
    total = 0.0
    for (x1, y1, _a1, t1), (x2, y2, _a2, t2) in pairwise(points):
        a = sin(radians(y2 - y1) / 2) ** 2
        a += cos(radians(y1)) * cos(radians(y2)) * sin(radians(x2 - x1) / 2) ** 2
        step = 2 * EARTH * asin(min(sqrt(a), 1.0))
        if step <= 50 * max(t2 - t1, 1):  # metres a second
            total += step
    return total


def last_seen(place: Place, plan: Plan) -> Visit | None:
    """Return the newest record with a photo of a place, of another patrol of the same offices."""
    found = Visit.objects.filter(stop__place=place, plan__office=plan.office).exclude(plan=plan)
    return found.exclude(photo=None).select_related("photo").order_by("-taken_at").first()
