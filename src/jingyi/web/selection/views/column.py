"""The column (专栏) that shows the chosen brands, issue by issue, to everybody."""

from pathlib import Path

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.brands.queries import claims_of
from jingyi.web.evidence import ranges, vault
from jingyi.web.intake import photos
from jingyi.web.registry.access import needs, public
from jingyi.web.selection import award, films, forms, queries
from jingyi.web.selection.actions import column as actions
from jingyi.web.selection.models import Issue
from jingyi.web.selection.views.editions import run_by
from jingyi.web.ui.templatetags.ui import said

circled = actions.circled


@public
@require_safe
def column(request: HttpRequest) -> HttpResponse:
    """List the issues that have appeared, the newest selection first."""
    issues = queries.shown(timezone.now()).order_by("-entry__edition_id", "number")
    return render(request, "selection/column.html", {"issues": [(circled(i.number), i) for i in issues]})  # fmt: skip


def _issue(number: int) -> Issue:
    return get_object_or_404(queries.shown(timezone.now()), pk=number)


@public
@require_safe
def issue(request: HttpRequest, number: int) -> HttpResponse:
    """Show one issue: the editor's note, the text, figures that are counted now."""
    found = _issue(number)
    around = list(queries.shown(timezone.now()).filter(entry__edition=found.entry.edition))
    at = next(n for n, one in enumerate(around) if one.pk == found.pk)
    context = {
        "issue": found, "circled": circled(found.number), "brand": found.entry.brand,
        "claims": claims_of(found.entry.brand) if found.entry.brand else (),
        "before": around[at - 1] if at else None,
        "after": around[at + 1] if at + 1 < len(around) else None,
    }  # fmt: skip
    return render(request, "selection/issue.html", context)


@public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Send the column as an Atom feed."""
    here = request.build_absolute_uri(reverse("selection:column"))
    made = Atom1Feed(
        title=_("品牌专栏"), link=here, description=_("一期一个公益诉讼检察品牌"), language=request.LANGUAGE_CODE,
        feed_url=request.build_absolute_uri(),
    )  # fmt: skip
    for one in queries.shown(timezone.now()).order_by("-appears_at")[:30]:
        link = request.build_absolute_uri(reverse("selection:issue", args=[one.pk]))
        made.add_item(
            title=f"{circled(one.number)} {one.headline}", link=link, description=one.note,
            pubdate=one.appears_at, updateddate=one.appears_at, unique_id=link,
        )  # fmt: skip
    return HttpResponse(
        made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


@public
@require_safe
def film(request: HttpRequest, number: int) -> HttpResponseBase:
    """Send an issue's film, the copy that only shows, whole or in the part that is asked for."""
    found = _issue(number)
    copy = found.film and found.film.derivatives.filter(kind="clean").select_related("blob").first()
    if not copy:
        raise Http404
    return ranges.send(request, copy.blob)


@public
@require_safe
def share(_request: HttpRequest, number: int) -> HttpResponse:
    """Send the card that stands for an issue where its link is shared."""
    found = _issue(number)
    if not found.share_id:
        raise Http404
    content = b"".join(vault.read(found.share_id, folder=Path(settings.VAULT)))
    return HttpResponse(content, content_type="image/jpeg")


@public
@require_safe
def picture(_request: HttpRequest, number: int) -> HttpResponse:
    """Send an issue's picture, the copy without metadata."""
    found = _issue(number)
    copy = found.picture and found.picture.derivatives.filter(kind="clean").first()
    if not copy:
        raise Http404
    content = b"".join(vault.read(copy.blob_id, folder=Path(settings.VAULT)))
    return HttpResponse(content, content_type="image/jpeg")


@public
@require_safe
def certificate(request: HttpRequest, number: int) -> HttpResponse:
    """Send the certificate of a chosen brand as PDF, with the code that leads back to its issue."""
    found = _issue(number)
    link = request.build_absolute_uri(reverse("selection:issue", args=[found.pk]))
    answer = HttpResponse(award.to_pdf(found, link), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="certificate-{found.pk}.pdf"'
    return answer


@needs("selection.run")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Write the issues of a decided selection."""
    found = run_by(request, number)
    entries = found.entries.filter(number__in=actions.chosen(found)).select_related("brand", "case")
    form = forms.IssueForm(request.POST or None, request.FILES or None, entries=entries)
    if request.method == "POST" and form.is_valid():
        given, at = form.cleaned_data, timezone.now()
        try:
            file, film = given["picture"], given["film"]
            actions.publish(
                entry=given["entry"], number=given["number"],
                texts={name: given[name] for name in ("headline", "note", "text")},
                appears_at=given["appears_at"], bare=given["bare"],
                files={
                    "picture": photos.accept(file, size=file.size, at=at) if file else None,
                    "film": films.accept(film, size=film.size, at=at) if film else None,
                },
                by=request.user, at=at,
            )  # fmt: skip
            return HttpResponseRedirect(request.path, status=303)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    issues = Issue.objects.filter(entry__edition=found).select_related(
        "entry__brand", "entry__case"
    )
    context = {"edition": found, "form": form, "issues": [(circled(i.number), i) for i in issues],
               "now": timezone.now(), "any": entries.exists()}  # fmt: skip
    return render(
        request, "selection/column_edit.html", context, status=422 if form.errors else 200
    )
