"""Samples: taken on a phone, labelled, scanned, and their whole life on one page."""

import io
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.web.accounts.models import User
from jingyi.web.evidence import vault
from jingyi.web.evidence.custody.forms import ActForm
from jingyi.web.evidence.custody.queries import Chain, chain_of
from jingyi.web.intake import photos
from jingyi.web.lab import labels, numbers, queries, showing
from jingyi.web.lab.actions import sampling
from jingyi.web.lab.forms.sampling import TakeForm
from jingyi.web.lab.models import Point, Sample
from jingyi.web.lab.views.acting import done
from jingyi.web.lab.views.requests import point_for, request_for
from jingyi.web.ledger.queries import history_of
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import holders


@needs("lab.sample")
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Take a sample at a place of the plan."""
    point = point_for(request, number)
    form = _form(request, point)

    def act() -> str:
        now, data = timezone.now(), form.cleaned_data
        files = [(photos.accept(one, size=one.size, at=now), one.name) for one in data["photos"]]
        names = ("kind", "twin", "seal", "second", "taken_at", "witness", "witness_words")
        made = sampling.take(
            point=point, where=form.where(), kept=form.kept(), photos=files,
            **{name: data[name] for name in names}, by=request.user, at=now,
        )  # fmt: skip
        messages.success(
            request, _("样品 %(number)s 已登记，请打印标签贴上。") % {"number": made.number}
        )
        return reverse("lab:sample", args=[made.number])

    if request.method == "POST" and (answer := done(request, form, act)):
        return answer
    context = {
        "point": point,
        "form": form,
        "keeping": sampling.how_to_keep(point, timezone.now()),
        "taken": point.taken.count(),
    }
    return render(request, "lab/take.html", context, status=422 if form.errors else 200)


@needs("lab.read")
@require_safe
def sample(request: HttpRequest, number: str) -> HttpResponse:
    """Show the whole life of a sample on one page."""
    return sample_page(request, sample_for(request, number))


@needs("lab.read")
@require_safe
def picture(request: HttpRequest, number: str, photo: int) -> HttpResponse:
    """Send a small copy of a picture of the sampling."""
    found = get_object_or_404(sample_for(request, number).photos, pk=photo)
    copy = get_object_or_404(found.blob.derivatives, kind="thumb")
    content = b"".join(vault.read(copy.blob_id, folder=Path(settings.VAULT)))
    response = FileResponse(io.BytesIO(content), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@needs("lab.read")
@require_safe
def printed(request: HttpRequest, number: str) -> HttpResponse:
    """Show one label to be printed."""
    return _labels(request, [sample_for(request, number)])


@needs("lab.read")
@require_safe
def all_labels(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the labels of a request's samples to be printed."""
    found = request_for(request, ref)
    return _labels(request, found.samples.select_related("point", "request"))


@needs("lab.read")
@require_safe
def scan(request: HttpRequest) -> HttpResponse:
    """Find a sample by its number, typed or from a scanner."""
    typed = request.GET.get("number", "")
    number = numbers.plain(typed)
    if number and queries.samples_for(request.user).filter(number=number).exists():
        return redirect("lab:sample", number)
    wrong = ""
    if typed:
        wrong = _("没有编号为 %(number)s 的样品。") if number else _("“%(number)s”不是样品编号：请核对每一个字母，编号里没有 0、1、I、L 和 O。")  # fmt: skip
        wrong %= {"number": typed[:40]}
    return render(request, "lab/scan.html", {"wrong": wrong, "typed": typed})


def sample_page(request: HttpRequest, found: Sample, wrong: ActForm | None = None) -> HttpResponse:
    """Show a sample, with the form of an act that has errors in place of an empty one."""
    now = timezone.now()
    chain = chain_of(found.subject, user=request.user, now=now)
    people = (
        holders(found.request.office, "lab.sample").exclude(pk=request.user.pk).order_by("name")
    )
    context = {
        "chain": chain,
        "acts": _acts(chain, people, wrong) if may(request.user, "lab.sample", found.request.office) else [],
        "address": f"{found.get_absolute_url()}custody/",
        "sample": found,
        "wanted": showing.row(found.request),
        "results": [
            showing.result(one)
            for one in found.results.select_related("worksheet__method", "worksheet__analyst", "worksheet__verifier").order_by("worksheet_id")
        ],
        "commissions": [showing.commission(one) for one in found.commissions.select_related("blob")],
        "twins": found.twins.all(),
        "pictures": found.photos.select_related("blob"),
        "entries": history_of(found.subject),
        "code": labels.code(request.build_absolute_uri(found.get_absolute_url())),
    }  # fmt: skip
    return render(request, "lab/sample.html", context, status=422 if wrong else 200)


def _acts(chain: Chain, people: QuerySet[User], wrong: ActForm | None) -> list[ActForm]:
    empty = [ActForm(kind=kind, people=people) for kind in chain.open]
    return [wrong if wrong is not None and wrong.kind == one.kind else one for one in empty]


def sample_for(request: HttpRequest, number: str) -> Sample:
    """Return a sample that the person may see, or raise 404."""
    found = queries.samples_for(request.user).select_related("request__office", "request__case", "request__incident", "point", "first", "second", "twin")  # fmt: skip
    return get_object_or_404(found, number=numbers.plain(number) or "-")


def _labels(request: HttpRequest, found: Any) -> HttpResponse:
    rows = [(one, labels.code(request.build_absolute_uri(one.get_absolute_url()))) for one in found]
    return render(request, "lab/labels.html", {"rows": rows})


def _form(request: HttpRequest, point: Point) -> TakeForm:
    kept = sampling.how_to_keep(point, timezone.now())
    start: dict[str, Any] = {"taken_at": timezone.localtime()}
    if kept:
        rule = kept[0][1]
        start |= {"container": str(rule.container), "preservative": str(rule.added or "")}
    bound = request.method == "POST"
    return TakeForm(
        request.POST if bound else None, request.FILES if bound else None, initial=start,
        twins=point.taken.filter(kind=Sample.Kind.NORMAL).select_related("point"),
        people=_others(request, point),
    )  # fmt: skip


def _others(request: HttpRequest, point: Point) -> QuerySet[User]:
    return holders(point.request.office, "lab.sample").exclude(pk=request.user.pk).order_by("name")
