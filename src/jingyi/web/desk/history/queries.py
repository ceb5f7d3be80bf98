"""Reads of a place's history. Each room's own limits hold: what one may not see there is not here."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from jingyi.core import rulebook, verification_book
from jingyi.core.contradictions import Point
from jingyi.core.places.recurrence import After, Ended, Memory, Told, followed, remembered
from jingyi.core.triage.place import WIDE
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Case, Event
from jingyi.web.cases.queries import cases_for
from jingyi.web.cases.verification.schedule import CLOSING
from jingyi.web.intake.models import Attachment
from jingyi.web.intake.queries.reports import reports_for
from jingyi.web.lab.models import Photo
from jingyi.web.lab.queries import samples_for
from jingyi.web.leads.models import Incident
from jingyi.web.leads.queries import incidents_for
from jingyi.web.patrols.queries import visits_for
from jingyi.web.places.models import Place
from jingyi.web.places.queries import places_for
from jingyi.web.registry.models import Organ

MOST = 300  # entries of one place's page
RELAPSED = "lookback.relapsed"
STEPS = ("case.filed", "suggestion.served", "verification.passed", *CLOSING, RELAPSED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; `pictures` are (address of a small copy, what it opens)."""

    at: datetime
    what: Sentence | str
    url: str
    note: Sentence | str = ""
    kind: str = ""
    pictures: list[tuple[str, str]] = field(default_factory=list)


def history(place: Place, user: User) -> list[Entry]:
    """Return what happened at a place, the latest first, at most `MOST`."""
    incidents = incidents_for(user).filter(protected=place)
    found = [
        *_told(incidents, user), *_steps(place, user), *_samples(place, user),
        *_walked(place, user), *_zones(place),
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def _told(incidents: Any, user: User) -> Iterator[Entry]:
    pictures = defaultdict(list)
    files = Attachment.objects.filter(
        report__in=reports_for(user),
        report__finding__incident__in=incidents,
        blob__derivatives__kind="thumb",
    )
    for one in files.values("pk", "report__ref", "report__finding__incident").order_by("pk"):
        small, whole = (
            reverse("intake:attachment", args=[one["report__ref"], one["pk"], kind])
            for kind in ("thumb", "clean")
        )
        pictures[one["report__finding__incident"]].append((small, whole))
    for one in incidents.order_by("-first_at", "-pk")[:MOST]:
        note = say("{n} 人反映，{state}", n=one.reporters, state=str(one.get_state_display()))
        yield Entry(one.first_at, one.title, one.get_absolute_url(), note, "lead", pictures[one.pk])


def _steps(place: Place, user: User) -> Iterator[Entry]:
    cases = cases_for(user).filter(incidents__protected=place)
    titles = rulebook.events()
    steps = Event.objects.filter(case__in=cases, kind__in=STEPS, undone_at=None)
    for one in steps.select_related("case").order_by("-on", "-place")[:MOST]:
        what = say("{step}：{title}", step=titles[one.kind], title=one.case.title)
        yield Entry(_noon(one.on), what, one.case.get_absolute_url(), one.case.ref, "case")


def _samples(place: Place, user: User) -> Iterator[Entry]:
    about = Q(request__case__incidents__protected=place) | Q(request__incident__protected=place)
    taken = samples_for(user).filter(about).distinct().order_by("-taken_at", "-pk")[:MOST]
    pictures = defaultdict(list)
    shown = Photo.objects.filter(
        sample__in=[row.pk for row in taken], blob__derivatives__kind="thumb"
    )
    for one in shown.select_related("sample").order_by("pk"):
        url = reverse("lab:picture", args=[one.sample.number, one.pk])
        pictures[one.sample_id].append((url, url))
    for one in taken:
        what = say("采样 {number}", number=one.number)
        yield Entry(one.taken_at, what, one.get_absolute_url(), "", "sample", pictures[one.pk])


def _walked(place: Place, user: User) -> Iterator[Entry]:
    for one in visits_for(user).filter(stop__place=place).order_by("-taken_at", "-pk")[:MOST]:
        url = reverse("patrols:photo", args=[one.pk]) if one.photo_id else ""
        what = say("巡查：{finding}", finding=str(one.get_finding_display()))
        plan = reverse("patrols:plan", args=[one.plan_id])
        yield Entry(one.taken_at, what, plan, one.note[:200], "patrol", [(url, url)] if url else [])


def _zones(place: Place) -> Iterator[Entry]:
    for zone in place.zones.all():
        what = say("{kind}生效", kind=zone.get_kind_display())
        yield Entry(_noon(zone.valid_from), what, zone.get_absolute_url(), zone.basis, "zone")


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


@dataclass(frozen=True, slots=True)
class Row:
    """The memory of one place, or of one who answers for places."""

    thing: Place | Organ
    memory: Memory
    places: int = 1


def after_at(place: Place, user: User, on: date) -> tuple[tuple[After, ...], Memory]:
    """Return what followed each case that ended at a place, and the sum."""
    ended, told = _facts(user)
    after = _followed(ended[place.pk], told[place.pk], on)
    return after, remembered(after, told[place.pk], on)


def by_place(user: User, on: date) -> list[Row]:
    """Return the places where a case ended or matters were told in two years, the last told first."""
    ended, told = _facts(user)
    places = places_for(user).filter(pk__in=set(ended) | set(told)).order_by("code")
    rows = []
    for place in places:
        after = _followed(ended[place.pk], told[place.pk], on)
        rows.append(Row(place, remembered(after, told[place.pk], on)))
    return _worth(rows)


def by_keeper(user: User, on: date) -> list[Row]:
    """Return the same by the organ that answers for the places."""
    ended, told = _facts(user)
    places = places_for(user).filter(pk__in=set(ended) | set(told)).exclude(keeper=None)
    kept = defaultdict(list)
    for place in places.select_related("keeper").order_by("keeper__code", "code"):
        kept[place.keeper].append(place.pk)
    rows = []
    for keeper, own in kept.items():
        after = [one for pk in own for one in _followed(ended[pk], told[pk], on)]
        every = [one for pk in own for one in told[pk]]
        rows.append(Row(keeper, remembered(after, every, on), len(own)))
    return _worth(rows)


def _followed(ended: list[Ended], told: list[Told], on: date) -> tuple[After, ...]:
    return followed(ended, told, on, near_m())


def near_m() -> int:
    """Return within how many metres of a case another matter counts as having come back."""
    return verification_book.lookback().metres


def _worth(rows: list[Row]) -> list[Row]:
    worth = [
        row
        for row in rows
        if row.memory.ended or sum(bool(count) for _, count in row.memory.years) > 1
    ]
    return sorted(worth, key=lambda row: row.memory.last or date.min, reverse=True)


def _facts(user: User) -> tuple[dict[int, list[Ended]], dict[int, list[Told]]]:
    """Return, by place, the cases that ended there and what was told of it."""
    link = Incident.protected.through
    leads = incidents_for(user).filter(is_lead=True).exclude(state=Incident.State.MERGED)
    of = defaultdict(list)
    for place, incident in link.objects.filter(incident__in=leads).values_list("place", "incident"):
        of[incident].append(place)
    told = defaultdict(list)
    placed = leads.filter(pk__in=link.objects.values("incident"))
    for one in placed.only("ref", "domain", "first_at", "lon", "lat", "radius_m"):
        where = _spot(one.lon, one.lat) if (one.radius_m or 0) <= WIDE else None
        for place in of[one.pk]:
            told[place].append(Told(one.ref, one.domain, timezone.localdate(one.first_at), where))
    ended = defaultdict(list)
    for case, places in _ended(user):
        for place in places:
            ended[place].append(case)
    return ended, told


def _ended(user: User) -> Iterator[tuple[Ended, set[int]]]:
    events = Event.objects.filter(case__in=cases_for(user), undone_at=None)
    on = dict(events.filter(kind__in=CLOSING).order_by("on", "place").values_list("case", "on"))
    found = dict(events.filter(kind=RELAPSED).order_by("-on").values_list("case", "on"))
    joined, at = defaultdict(set), defaultdict(set)
    rows = Case.incidents.through.objects.filter(case__in=on).values_list(
        "case", "incident__ref", "incident__protected"
    )
    for case, ref, place in rows:
        joined[case].add(ref)
        if place:
            at[case].add(place)
    for case in Case.objects.filter(pk__in=at).only("ref", "domain", "lon", "lat"):
        own, where = frozenset(joined[case.pk]), _spot(case.lon, case.lat)
        yield Ended(case.ref, case.domain, on[case.pk], own, found.get(case.pk), where), at[case.pk]


def _spot(lon: float | None, lat: float | None) -> Point | None:
    return (lon, lat) if lon is not None and lat is not None else None
