"""Leads and cases, read by other systems of an office: a page at a time, by key, newest first.

Sealed cases are not here, whoever asks: their reads are put on record one by one, page by page.
Nothing of a reporter and no report's words are here.
"""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingyi.web.accounts.models import User
from jingyi.web.api.tokens import problem, scoped
from jingyi.web.cases.models import Case, Clock, Event
from jingyi.web.cases.queries import cases_for
from jingyi.web.cases.sealing.models import Sealing
from jingyi.web.leads.models import Incident
from jingyi.web.leads.queries import incidents_for
from jingyi.web.ui.templatetags.ui import said

MOST, USUAL = 500, 100
KNOWN = {"limit", "after", "domain", "state"}


@scoped("leads.read")
@require_safe
def leads(request: HttpRequest) -> JsonResponse:
    """List leads."""
    return _listed(request, leads_of(request.user), _lead)


@scoped("leads.read")
@require_safe
def lead(request: HttpRequest, ref: str) -> JsonResponse:
    """Tell of one lead, with why it is one."""
    one = leads_of(request.user).filter(ref=ref).first()
    if one is None:
        return problem(404, _("没有这条线索。"))
    return JsonResponse(_lead(one) | {"reasons": [said(reason) for reason in one.reasons]})


@scoped("cases.read")
@require_safe
def cases(request: HttpRequest) -> JsonResponse:
    """List cases."""
    return _listed(request, open_cases(request.user), _case)


@scoped("cases.read")
@require_safe
def case(request: HttpRequest, ref: str) -> JsonResponse:
    """Tell of one case: its steps and its clocks."""
    one = open_cases(request.user).filter(ref=ref).first()
    if one is None:
        return problem(404, _("没有这个案件。"))
    events = one.events.filter(undone_at=None)
    steps = {"events": [_event(event) for event in events], "clocks": [_clock(clock) for clock in one.clocks.order_by("pk")]}  # fmt: skip
    return JsonResponse(_case(one) | steps)


def leads_of(user: User) -> QuerySet[Incident]:
    """Return the incidents that are leads, of the offices `user` reads."""
    found = incidents_for(user).filter(is_lead=True).exclude(state=Incident.State.MERGED)
    return found.select_related("office", "region")


def open_cases(user: User) -> QuerySet[Case]:
    """Return the cases `user` reads, none that is sealed."""
    standing = Sealing.objects.filter(case=OuterRef("pk"), lifted_at=None)
    return cases_for(user).filter(~Exists(standing)).select_related("office", "organ")


def _listed(request: HttpRequest, found: QuerySet[Any], told: Any) -> JsonResponse:
    unknown = set(request.GET) - KNOWN
    limit, after = request.GET.get("limit", str(USUAL)), request.GET.get("after", "")
    if unknown or not _whole(limit) or (after and not _whole(after)):
        wrong = "、".join(sorted(unknown)) or ("limit" if not _whole(limit) else "after")
        return problem(400, _("参数读不懂：{name}").format(name=wrong))
    for name in ("domain", "state"):
        if value := request.GET.get(name, ""):
            found = found.filter(**{name: value})
    if after:
        found = found.filter(pk__lt=int(after))
    size = min(max(int(limit), 1), MOST)
    rows = list(found.order_by("-pk")[: size + 1])
    further = None
    if len(rows) > size:
        asked = request.GET.copy()
        asked["after"] = str(rows[size - 1].pk)
        further = request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
    return JsonResponse({"items": [told(one) for one in rows[:size]], "next": further})


def _whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 15


def _lead(one: Incident) -> dict[str, Any]:
    return {
        "ref": one.ref, "office": one.office.code, "title": one.title, "domain": one.domain, "state": one.state,
        "probability": one.lead, "rank": one.rank, "region": one.region.code if one.region else "",
        "place": one.place_words, "lon": one.lon, "lat": one.lat, "radius_m": one.radius_m,
        "reports": one.reports, "first_at": one.first_at.isoformat(), "last_at": one.last_at.isoformat(),
    }  # fmt: skip


def _case(one: Case) -> dict[str, Any]:
    return {
        "ref": one.ref, "office": one.office.code, "title": one.title, "track": one.track, "domain": one.domain,
        "state": one.state, "organ": one.organ.name if one.organ else "", "opened_on": one.opened_on.isoformat(),
        "lon": one.lon, "lat": one.lat,
    }  # fmt: skip


def _event(event: Event) -> dict[str, Any]:
    return {"kind": event.kind, "on": event.on.isoformat()}


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "rule": clock.rule, "started_on": clock.started_on.isoformat(),
        "due_on": clock.due_on.isoformat() if clock.due_on else None,
        "stopped_on": clock.stopped_on.isoformat() if clock.stopped_on else None,
        "duty": clock.duty, "why_no_date": said(clock.refusal) if clock.refusal else "",
    }  # fmt: skip
