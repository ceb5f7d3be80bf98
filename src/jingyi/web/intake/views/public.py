"""The public's report: one question a page, without an account and without scripts."""

import secrets
from datetime import datetime, time
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.evidence.models import Blob
from jingyi.web.intake import drafts, photos
from jingyi.web.intake.actions import reports
from jingyi.web.intake.forms.public import STEPS
from jingyi.web.intake.models import Source
from jingyi.web.intake.queries import reports as queries
from jingyi.web.registry.access import public
from jingyi.web.registry.models import Procuratorate
from jingyi.web.ui.templatetags.ui import said

ORDER = (*STEPS, "check")


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what may be reported, and how."""
    context = {"open": queries.offices_that_receive().exists(), "domains": rulebook.domains()}
    return render(request, "intake/public/home.html", context)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, step: str = "what") -> HttpResponse:
    """Ask one question; keep the answer in the session; go to the next."""
    if step == "check":
        return check(request)
    if step not in STEPS:
        raise Http404
    draft = _draft(request)
    sent_in = request.method == "POST"
    form = STEPS[step](
        request.POST if sent_in else None, request.FILES if sent_in else None, initial=draft
    )
    if sent_in and form.is_valid():
        problem = _keep(request, draft, step, form.cleaned_data)
        if not problem:
            onward = "check" if "check" in draft else ORDER[ORDER.index(step) + 1]
            return _see(reverse("intake:report", args=[onward]))
        form.add_error("photos", problem)
    back = ORDER[ORDER.index(step) - 1] if step != "what" else ""
    context = {
        "form": form,
        "step": step,
        "draft": draft,
        "back": back,
        "number": ORDER.index(step) + 1,
    }
    context["near"] = _near(draft)
    return render(
        request, f"intake/public/{step}.html", context, status=422 if form.errors else 200
    )


def check(request: HttpRequest) -> HttpResponse:
    """Show every answer with a way to change it; on POST, take the report in."""
    draft = _draft(request)
    missing = next(
        (
            step
            for step, name in (("what", "text"), ("where", "office"), ("who", "who"))
            if not draft.get(name)
        ),
        "",
    )
    if missing:
        return _see(reverse("intake:report", args=[missing]))
    draft["check"] = True
    draft.setdefault("key", secrets.token_hex(16))
    office = get_object_or_404(Procuratorate, code=draft["office"])
    if request.method == "GET":
        drafts.keep(request, "draft", draft)
        context = {"draft": draft, "office": office}
        return render(request, "intake/public/check.html", context)
    _made, code = reports.receive(
        office=office,
        source=Source.CITIZEN,
        text=draft["text"],
        place_words=draft.get("place_words", ""),
        lon=draft.get("lon"),
        lat=draft.get("lat"),
        accuracy_m=draft.get("accuracy_m"),
        happened_at=_moment(draft.get("happened")),
        photos=[(Blob.objects.get(pk=sha), name) for sha, name in draft.get("photos", [])],
        identity=_identity(draft),
        key=draft["key"],
        at=timezone.now(),
    )
    if code:
        drafts.keep(request, "code", code)
        drafts.drop(request, "draft")
    else:  # pressed twice: what this session holds is older than the first answer's code
        request.session.modified = False
    return _see(reverse("intake:sent"))


@public
@never_cache
@require_http_methods(["GET", "POST"])
def sent(request: HttpRequest) -> HttpResponse:
    """Show the receipt code until its reader says it is written down."""
    if request.method == "POST":
        drafts.drop(request, "code")
        return _see(reverse("intake:progress"))
    code = drafts.read(request, "code") or ""
    context = {
        "code": code,
        "picture": _picture(code),
        "address": request.build_absolute_uri(reverse("intake:progress")),
    }
    return render(request, "intake/public/sent.html", context)


@public
@require_safe
def base_layers(_request: HttpRequest) -> JsonResponse:
    """Return the index of the base map for the pin."""
    layers = [
        {
            "kind": layer.kind,
            "name": layer.name,
            "attribution": layer.attribution,
            "url": reverse("intake:base_layer", args=[layer.pk]),
        }
        for layer in queries.base_map()
    ]
    return JsonResponse({"layers": layers})


@public
@require_safe
def base_layer(_request: HttpRequest, pk: int) -> JsonResponse:
    """Return one layer of the base map."""
    return JsonResponse(get_object_or_404(queries.base_map(), pk=pk).features)


def _draft(request: HttpRequest) -> dict[str, Any]:
    return drafts.read(request, "draft") or {}


def _keep(request: HttpRequest, draft: dict[str, Any], step: str, data: dict[str, Any]) -> str:
    """Keep the answers of one step; return what is wrong with a photo, if anything is."""
    if step == "photos":
        gone = set(request.POST.getlist("remove"))
        kept = [photo for photo in draft.get("photos", []) if photo[0] not in gone]
        for upload in request.FILES.getlist("photos"):
            if len(kept) >= photos.MOST:
                return said(reports.say("最多 {most} 张照片；请先去掉几张。", most=photos.MOST))
            try:
                blob = photos.accept(upload, size=upload.size, at=timezone.now())
            except Refusal as refusal:
                return said(refusal.sentence)
            if blob.pk not in {sha for sha, _ in kept}:
                kept.append((blob.pk, upload.name or ""))
        draft["photos"] = kept
    else:
        for name, value in data.items():
            plain = getattr(value, "code", value)
            draft[name] = plain.isoformat() if hasattr(plain, "isoformat") else plain
    drafts.keep(request, "draft", draft)
    return ""


def _near(draft: dict[str, Any]) -> int:
    if draft.get("lon") is None or draft.get("lat") is None:
        return 0
    return queries.near(draft["lon"], draft["lat"], timezone.now())


def _identity(draft: dict[str, Any]) -> dict[str, str] | None:
    if draft["who"] == "anonymous":
        return None
    return {"name": draft.get("name", ""), "phone": draft.get("phone", "")}


def _moment(day: str | None) -> datetime | None:
    if not day:
        return None
    return timezone.make_aware(datetime.combine(datetime.fromisoformat(day), time(12)))


def _picture(code: str) -> str:
    import segno  # noqa: PLC0415 -- only this page draws one

    return (
        segno.make(code, error="m").svg_data_uri(scale=4, border=2, light="white") if code else ""
    )


def _see(url: str) -> HttpResponse:
    response = redirect(url)
    response.status_code = 303
    return response
