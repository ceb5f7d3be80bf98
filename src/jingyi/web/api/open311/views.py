"""What can be asked and handed in."""

from datetime import datetime
from math import isfinite

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.api.models import Sent
from jingyi.web.api.open311 import told
from jingyi.web.api.open311.written import answer, wrong
from jingyi.web.api.tokens import scoped
from jingyi.web.intake import photos
from jingyi.web.intake.actions import reports
from jingyi.web.intake.models import Source
from jingyi.web.registry.access import public
from jingyi.web.registry.queries import posts_of
from jingyi.web.ui.templatetags.ui import said

LONGEST = 4_000  # characters, as the standard says
MOST = 200
READS_NOT = "参数读不懂：{name}"


@public
@require_safe
def services(_request: HttpRequest, form: str) -> HttpResponse:
    """List what can be reported: the statutory domains."""
    return answer(form, "services", [told.service(domain) for domain in rulebook.domains()])


@public
@require_safe
def service(_request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Describe one service; none asks for more than the standard's own fields."""
    if code not in {domain.slug for domain in rulebook.domains()}:
        return wrong(form, 404, _("没有这项服务。"))
    return answer(form, "definition", {"service_code": code, "attributes": []})


@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest, form: str) -> HttpResponse:
    """Hand in a request, or list those handed in; each asks for a scope of its own."""
    return (_send if request.method == "POST" else _list)(request, form)


@scoped("open311.write")
def _send(request: HttpRequest, form: str) -> HttpResponse:
    given = request.POST
    text = given.get("description", "").strip()
    if given.get("service_code", "") not in {domain.slug for domain in rulebook.domains()}:
        return wrong(form, 400, _("service_code 不是本平台的服务。"))
    if not text or len(text) > LONGEST:
        return wrong(form, 400, _("description 应为 1 至 4000 字。"))
    spot = _spot(given.get("lat", ""), given.get("long", ""))
    where = given.get("address_string", "")[:200]
    if spot is None and not where:
        return wrong(form, 400, _("请给出 lat 和 long，或者 address_string。"))
    office = next(
        (post.procuratorate for post in posts_of(request.user) if post.procuratorate), None
    )
    if office is None:
        return wrong(form, 403, _("这把钥匙的持有人不属于任何检察院。"))
    now = timezone.now()
    try:
        kept = [
            (photos.accept(one, size=one.size or 0, at=now), one.name or "")
            for one in request.FILES.getlist("media")[: photos.MOST]
        ]
    except Refusal as refusal:
        return wrong(form, 400, said(refusal.sentence))
    report, _code = reports.receive(
        office=office, source=Source.SHARING, text=text, place_words=where, photos=kept,
        lon=spot[0] if spot else None, lat=spot[1] if spot else None, identity=None,
        key=f"open311:{request.token.pk}:{given.get('client_id', '') or now.isoformat()}", at=now,
    )  # fmt: skip
    Sent.objects.get_or_create(report=report, defaults={"token": request.token, "at": now})
    row = {"service_request_id": report.ref, "service_notice": "", "account_id": ""}
    return answer(form, "requests", [row], 201)


@scoped("open311.read")
def _list(request: HttpRequest, form: str) -> HttpResponse:
    try:
        which = _narrowed(request)
    except ValueError as reads_not:
        return wrong(form, 400, _(READS_NOT).format(name=reads_not))
    found = told.mine(request).filter(which)
    return answer(form, "requests", [told.told(one) for one in found.order_by("-at", "-pk")[:MOST]])


@scoped("open311.read")
@require_safe
def one(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    """Tell what became of one request."""
    found = told.mine(request).filter(report__ref=ref).first()
    if found is None:
        return wrong(form, 404, _("没有这条反映，或者不是用这把钥匙提交的。"))
    return answer(form, "requests", [told.told(found)])


@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def updates(request: HttpRequest, form: str) -> HttpResponse:
    """Read the stages and letters of the requests handed in, or write a comment."""
    return (_comment if request.method == "POST" else _updates)(request, form)


@scoped("open311.read")
def _updates(request: HttpRequest, form: str) -> HttpResponse:
    try:
        which = _narrowed(request, dated=False)
        first, last = _ends(request)
    except ValueError as reads_not:
        return wrong(form, 400, _(READS_NOT).format(name=reads_not))
    found = told.mine(request).filter(which).prefetch_related("report__messages")
    rows = told.updates([sent.report for sent in found.order_by("-at", "-pk")[:MOST]])
    shown = [
        row
        for row in rows
        if (first is None or datetime.fromisoformat(row["updated_datetime"]) >= first)
        and (last is None or datetime.fromisoformat(row["updated_datetime"]) <= last)
    ]
    return answer(form, "updates", shown)


@scoped("open311.write")
def _comment(request: HttpRequest, form: str) -> HttpResponse:
    text = request.POST.get("description", "").strip()
    found = told.mine(request).filter(report__ref=request.POST.get("service_request_id", ""))
    sent = found.first()
    if sent is None:
        return wrong(form, 404, _("没有这条反映，或者不是用这把钥匙提交的。"))
    if not text or len(text) > LONGEST:
        return wrong(form, 400, _("description 应为 1 至 4000 字。"))
    now = timezone.now()
    made = reports.write_to_office(receipt=sent.report.receipt, text=text, at=now)
    row = {"update_id": f"m{made.pk}", "service_request_id": sent.report.ref}
    return answer(form, "updates", [row], 201)


def _narrowed(request: HttpRequest, *, dated: bool = True) -> Q:
    """Return which requests are asked for.

    Raises:
        ValueError: the name of a parameter that cannot be read.
    """
    which = Q()
    if wanted := request.GET.get("service_request_id", ""):
        which &= Q(report__ref__in=wanted.split(",")[:MOST])
    if code := request.GET.get("service_code", ""):
        which &= Q(report__finding__domain__in=code.split(",")[:MOST])
    closed = Q(report__finding__incident__state__in=told.CLOSED)
    states = set(filter(None, request.GET.get("status", "").split(",")))
    if states and states != {"open", "closed"}:
        if states - {"open", "closed"}:
            raise ValueError("status")
        which &= closed if states == {"closed"} else ~closed
    if dated:
        first, last = _ends(request)
        which &= Q(report__received_at__gte=first) if first else Q()
        which &= Q(report__received_at__lte=last) if last else Q()
    if corner := request.GET.get("bbox", ""):
        try:
            west, south, east, north = map(float, corner.split(","))
        except ValueError:
            raise ValueError("bbox") from None
        which &= Q(report__lon__range=(west, east), report__lat__range=(south, north))
    return which


def _ends(request: HttpRequest) -> tuple[datetime | None, datetime | None]:
    return _moment(request, "start_date"), _moment(request, "end_date")


def _moment(request: HttpRequest, name: str) -> datetime | None:
    given = request.GET.get(name, "")
    if not given:
        return None
    try:
        found = parse_datetime(given)
        aware = timezone.make_aware(found) if found and timezone.is_naive(found) else found
    except (ValueError, OverflowError):
        aware = None
    if aware is None:
        raise ValueError(name)
    return aware


def _spot(lat: str, lon: str) -> tuple[float, float] | None:
    try:
        x, y = float(lon), float(lat)
    except ValueError:
        return None
    return (x, y) if isfinite(x) and isfinite(y) and abs(x) <= 180 and abs(y) <= 90 else None
