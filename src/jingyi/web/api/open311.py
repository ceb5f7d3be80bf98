"""Open311 GeoReport v2: reports handed in by other programs, and what became of them.

Beyond the standard, which its users miss: the history of a request, and `bbox`.
A program sees the requests it handed in, and no other; nothing of a reporter is in an answer.
"""

from datetime import datetime
from math import isfinite
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.core import rulebook
from jingyi.web.api.models import Sent
from jingyi.web.api.tokens import scoped
from jingyi.web.intake.actions import reports
from jingyi.web.intake.models import Source
from jingyi.web.leads.models import Incident
from jingyi.web.registry.access import public
from jingyi.web.registry.queries import posts_of
from jingyi.web.ui.templatetags.ui import said, title_of

LONGEST = 4_000  # characters, as the standard says
MOST = 200
CLOSED = {Incident.State.DECLINED, Incident.State.FILED}


@public
@require_safe
def services(_request: HttpRequest) -> JsonResponse:
    """List what can be reported: the statutory domains."""
    return JsonResponse([_service(domain) for domain in rulebook.domains()], safe=False)


def _service(domain: Any) -> dict[str, Any]:
    return {
        "service_code": domain.slug, "service_name": title_of(domain), "description": "",
        "metadata": False, "type": "realtime", "keywords": "", "group": "",
    }  # fmt: skip


@public
@require_safe
def service(_request: HttpRequest, code: str) -> JsonResponse:
    """Describe one service; none asks for more than the standard's own fields."""
    if code not in {domain.slug for domain in rulebook.domains()}:
        return _wrong(404, _("没有这项服务。"))
    return JsonResponse({"service_code": code, "attributes": []})


@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest) -> HttpResponse:
    """Hand in a request, or list those handed in; each asks for a scope of its own."""
    return (_send if request.method == "POST" else _list)(request)


@scoped("open311.write")
def _send(request: HttpRequest) -> JsonResponse:
    given = request.POST
    text = given.get("description", "").strip()
    code = given.get("service_code", "")
    if code not in {domain.slug for domain in rulebook.domains()}:
        return _wrong(400, _("service_code 不是本平台的服务。"))
    if not text or len(text) > LONGEST:
        return _wrong(400, _("description 应为 1 至 4000 字。"))
    spot = _spot(given.get("lat", ""), given.get("long", ""))
    where = given.get("address_string", "")[:200]
    if spot is None and not where:
        return _wrong(400, _("请给出 lat 和 long，或者 address_string。"))
    office = next(
        (post.procuratorate for post in posts_of(request.user) if post.procuratorate), None
    )
    if office is None:
        return _wrong(403, _("这把钥匙的持有人不属于任何检察院。"))
    now = timezone.now()
    report, _code = reports.receive(
        office=office, source=Source.SHARING, text=text, place_words=where,
        lon=spot[0] if spot else None, lat=spot[1] if spot else None, identity=None,
        key=f"open311:{request.token.pk}:{given.get('client_id', '') or now.isoformat()}", at=now,
    )  # fmt: skip
    Sent.objects.get_or_create(report=report, defaults={"token": request.token, "at": now})
    body = [{"service_request_id": report.ref, "service_notice": "", "account_id": ""}]
    return JsonResponse(body, safe=False, status=201)


@scoped("open311.read")
def _list(request: HttpRequest) -> JsonResponse:
    found = mine(request)
    if wanted := request.GET.get("service_request_id", ""):
        found = found.filter(report__ref__in=wanted.split(",")[:MOST])
    ends = (("start_date", "report__received_at__gte"), ("end_date", "report__received_at__lte"))
    for name, lookup in ends:
        if request.GET.get(name):
            moment = _moment(request.GET[name])
            if moment is None:
                return _wrong(400, _("参数读不懂：{name}").format(name=name))
            found = found.filter(**{lookup: moment})
    if corner := request.GET.get("bbox", ""):
        try:
            west, south, east, north = map(float, corner.split(","))
        except ValueError:
            return _wrong(400, _("参数读不懂：{name}").format(name="bbox"))
        found = found.filter(report__lon__range=(west, east), report__lat__range=(south, north))
    rows = [told(one) for one in found.order_by("-at", "-pk")[:MOST]]
    status = request.GET.get("status", "")
    return JsonResponse([row for row in rows if status in {"", row["status"]}], safe=False)


@scoped("open311.read")
@require_safe
def one(request: HttpRequest, ref: str) -> JsonResponse:
    """Tell what became of one request."""
    found = mine(request).filter(report__ref=ref).first()
    if found is None:
        return _wrong(404, _("没有这条反映，或者不是用这把钥匙提交的。"))
    return JsonResponse([told(found)], safe=False)


def mine(request: HttpRequest) -> QuerySet[Sent]:
    """Return what was handed in with the request's key."""
    return Sent.objects.filter(token=request.token).select_related("report__finding__incident", "report__receipt")  # fmt: skip


def told(sent: Sent) -> dict[str, Any]:
    """Return a request as the standard shows it, with its history."""
    report = sent.report
    finding = getattr(report, "finding", None)
    incident = finding.incident if finding else None
    closed = incident is not None and incident.state in CLOSED
    history = [{"at": report.received_at.isoformat(), "said": said(report.receipt.told)}]
    return {
        "service_request_id": report.ref,
        "status": "closed" if closed else "open",
        "status_notes": incident.get_state_display() if incident else "",
        "service_code": finding.domain if finding else "",
        "description": report.text,
        "requested_datetime": report.received_at.isoformat(),
        "updated_datetime": (incident.last_at if incident else report.received_at).isoformat(),
        "address": report.place_words,
        "lat": report.lat,
        "long": report.lon,
        "extended_attributes": {"history": history},
    }


def _spot(lat: str, lon: str) -> tuple[float, float] | None:
    try:
        x, y = float(lon), float(lat)
    except ValueError:
        return None
    return (x, y) if isfinite(x) and isfinite(y) and abs(x) <= 180 and abs(y) <= 90 else None


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found


def _wrong(status: int, words: str) -> JsonResponse:
    return JsonResponse([{"code": status, "description": str(words)}], safe=False, status=status)
