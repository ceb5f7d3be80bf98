"""The public's report: one question a page, without an account and without scripts."""

import secrets
from datetime import datetime, time
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.core.triage import whereabouts
from jingyi.core.words import Sentence
from jingyi.web.evidence.models import Blob
from jingyi.web.intake import drafts, limits, photos
from jingyi.web.intake.actions import reports
from jingyi.web.intake.forms.public import STEPS, TOO_MANY
from jingyi.web.intake.models import Source
from jingyi.web.intake.queries import reports as queries
from jingyi.web.registry.access import public
from jingyi.web.registry.models import Procuratorate
from jingyi.web.ui.templatetags.ui import said

ORDER = (*STEPS, "check")
FEW = 3  # reports nearby that are told of: fewer could give a single neighbour away


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what may be reported, and how."""
    context = {"open": queries.offices_that_receive().exists(), "domains": rulebook.domains()}
    return render(request, "intake/public/home.html", context)


@public
@never_cache
@sensitive_post_parameters()
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
        problems = _keep(request, draft, step, form.cleaned_data)
        if not problems:
            onward = "check" if "check" in draft else ORDER[ORDER.index(step) + 1]
            return _see(reverse("intake:report", args=[onward]))
        form.add_error("photos", problems)
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
    full = not limits.allows(request, "report")
    if request.method == "GET" or full:
        drafts.keep(request, "draft", draft)
        context = {
            "draft": draft,
            "office": office,
            "asked": _asked(draft, office),
            "problem": TOO_MANY if full else None,
        }
        return render(request, "intake/public/check.html", context, status=429 if full else 200)
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
        limits.count(request, "report")
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


def _keep(
    request: HttpRequest, draft: dict[str, Any], step: str, data: dict[str, Any]
) -> list[str]:
    """Keep the answers of one step; return what is wrong with each photo that is not kept."""
    problems = []
    if step == "photos":
        gone = set(request.POST.getlist("remove"))
        draft["photos"] = [photo for photo in draft.get("photos", []) if photo[0] not in gone]
        for upload in request.FILES.getlist("photos"):
            try:
                _add_photo(request, draft["photos"], upload)
            except Refusal as refusal:
                problems.append(f"{upload.name}: {said(refusal.sentence)}")
    else:
        for name, value in data.items():
            plain = getattr(value, "code", value)
            draft[name] = plain.isoformat() if hasattr(plain, "isoformat") else plain
    drafts.keep(request, "draft", draft)
    return problems


def _add_photo(request: HttpRequest, kept: list[Any], upload: UploadedFile) -> None:
    if len(kept) >= photos.MOST:
        raise Refusal("最多 {most} 张照片；请先去掉几张。", most=photos.MOST)
    if not limits.allows(request, "photo"):
        raise Refusal(TOO_MANY)
    limits.count(request, "photo")
    blob = photos.accept(upload, size=upload.size or 0, at=timezone.now())
    if blob.pk not in {sha for sha, _ in kept}:
        kept.append((blob.pk, upload.name or ""))


def _near(draft: dict[str, Any]) -> int:
    if draft.get("lon") is None or draft.get("lat") is None:
        return 0
    found = queries.near(draft["lon"], draft["lat"], timezone.now())
    return found if found >= FEW else 0


def _asked(draft: dict[str, Any], office: Procuratorate) -> Sentence | None:
    """Return what is missing of the place; a point on the map says enough."""
    if draft.get("lon") is not None and draft.get("lat") is not None:
        return None
    said = f"{draft.get('place_words', '')}\n{draft['text']}"
    return whereabouts.missing(said, office.region_id)


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
