"""The phone's app: a page that works without a signal, and what it sends when there is one."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.patrols import actions, queries
from jingyi.web.patrols.models import Plan, Visit
from jingyi.web.registry.access import needs, public
from jingyi.web.ui.templatetags.ui import said

MOST_RECORDS = 500
FILES = (
    "ui/css/tokens.css", "ui/css/base.css", "ui/css/forms.css", "ui/css/components.css",
    "ui/css/public.css", "patrols/patrols.css", "patrols/app.js", "patrols/store.js", "ui/mark.svg",
)  # fmt: skip


@needs("patrols.walk")
@require_safe
def app(request: HttpRequest) -> HttpResponse:
    """Show the app; all it needs afterwards is on the phone."""
    return render(request, "patrols/app.html", {"findings": Visit.Finding.choices})


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Send the service worker, with the files it keeps."""
    beside = f"{settings.STATIC_URL}patrols/store.js"  # asked for under its plain name, by app.js
    named = (reverse("patrols:app"), beside, *(static(name) for name in FILES))
    files = json.dumps(list(dict.fromkeys(named)))
    text = {"files": files, "version": sha256(files.encode()).hexdigest()[:16]}
    return render(request, "patrols/sw.js", text, content_type="text/javascript; charset=utf-8")


@public
@require_safe
def manifest(_request: HttpRequest) -> JsonResponse:
    """Send what a phone needs to install the app."""
    return JsonResponse(
        {
            "name": _("精益 巡查"),
            "short_name": _("巡查"),
            "start_url": reverse("patrols:app"),
            "scope": reverse("patrols:list"),
            "display": "standalone",
            "background_color": "#f6f4ef",
            "theme_color": "#1b4b8f",
            "icons": [{"src": static("ui/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )


@needs("patrols.walk")
@never_cache
@require_safe
def mine(request: HttpRequest) -> JsonResponse:
    """Send one's patrols with their stops, the last photo of each, and a token for what follows."""
    plans = [_told(plan) for plan in queries.own(request.user).prefetch_related("stops__place")]
    return JsonResponse({"plans": plans, "token": get_token(request), "now": timezone.now().timestamp()})  # fmt: skip


def _told(plan: Plan) -> dict[str, Any]:
    stops = []
    for stop in plan.stops.all():
        last = queries.last_seen(stop.place, plan) if stop.place else None
        stops.append(
            {
                "id": stop.pk, "n": stop.n, "name": stop.name, "lon": stop.lon, "lat": stop.lat,
                "look_at": stop.look_at,
                "last": reverse("patrols:photo", args=[last.pk]) if last else "",
                "last_on": timezone.localdate(last.taken_at).isoformat() if last else "",
            }
        )  # fmt: skip
    return {"id": plan.pk, "name": plan.name, "on": plan.on.isoformat(), "stops": stops}


@needs("patrols.walk")
@require_POST
def sync(request: HttpRequest) -> JsonResponse:
    """Take records; each is answered by its key: kept, or refused with the reason."""
    sent = _read(request.body)
    if sent is None:
        return JsonResponse({"why": _("这一批记录读不懂。")}, status=422)
    records, skew = sent
    kept, refused = [], []
    for record in records:
        given = record if isinstance(record, dict) else {}
        key = str(given.get("key", ""))
        try:
            kept.append(_take(request, given, skew))
        except Refusal as refusal:
            refused.append({"key": key, "why": said(refusal.sentence)})
    return JsonResponse({"kept": kept, "refused": refused})


def _read(body: bytes) -> tuple[list[Any], timedelta] | None:
    """Return the records sent and how far the phone's clock is off; None where they cannot be read."""
    try:
        told = json.loads(body)
        records = told["records"]
        skew = timezone.now() - datetime.fromtimestamp(float(told["sent_at"]), UTC)
    except (ValueError, KeyError, TypeError, OverflowError, OSError, RecursionError):
        return None
    return (records, skew) if isinstance(records, list) and len(records) <= MOST_RECORDS else None


def _take(request: HttpRequest, given: dict[str, Any], skew: timedelta) -> str:
    number = given.get("plan")
    plan = Plan.objects.filter(pk=number if isinstance(number, int) else None, person=request.user)
    found = plan.select_related("office").first()
    if found is None:
        raise Refusal("这次巡查不是您的任务。")
    return actions.take(plan=found, record=given, skew=skew, by=request.user, at=timezone.now()).key


@needs("patrols.walk")
@require_POST
def photo(request: HttpRequest) -> JsonResponse:
    """Take the photo of a record that was kept before."""
    visit = get_object_or_404(
        Visit.objects.select_related("plan__office"),
        key=request.POST.get("key", ""),
        by=request.user,
    )
    file = request.FILES.get("photo")
    if file is None:
        return JsonResponse({"why": _("没有收到照片。")}, status=422)
    try:
        actions.attach(visit=visit, stream=file, size=file.size, by=request.user, at=timezone.now())
    except Refusal as refusal:
        return JsonResponse({"why": said(refusal.sentence)}, status=422)
    return JsonResponse({"kept": visit.key})
