"""Before and after: two exhibits of a case compared, and the page that shows them."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.core.refusal import Refusal
from jingyi.engines.comparing import compare
from jingyi.web.accounts.models import User
from jingyi.web.cases.approvals.access import may_on, require_on
from jingyi.web.cases.models import Case
from jingyi.web.cases.verification import queries
from jingyi.web.cases.verification.models import Comparison, Proof
from jingyi.web.cases.views.case import case_for
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

SHOWN = ("laid", "shown", "outlined")


class CompareForm(forms.Form):
    """Two pictures of the case, and how large a pixel is where they are from above."""

    before = forms.ModelChoiceField(None, label=_("先前的照片"))
    after = forms.ModelChoiceField(None, label=_("后来的照片"))
    metres = forms.FloatField(
        label=_("后来的照片一个像素边长多少米"), required=False, min_value=0.0001, max_value=100,
        help_text=_("正射影像填写后算出变化的面积；普通照片不填。"),
    )  # fmt: skip

    def __init__(self, *args: Any, pictures: QuerySet[Proof], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            self.fields[name].queryset = pictures
            self.fields[name].label_from_instance = _label


def _label(proof: Proof) -> str:
    day = timezone.localdate(proof.taken_at) if proof.taken_at else proof.dated_on
    return " · ".join(
        filter(None, [proof.get_kind_display(), proof.caption or proof.name, str(day or "")])
    )


def pictures_of(case: Case) -> QuerySet[Proof]:
    """Return the exhibits of a case that are pictures, the oldest first."""
    drawn = queries.proofs_of(case).filter(blob__derivatives__kind="clean").distinct()
    return drawn.order_by("taken_at", "pk")


@transaction.atomic
def lay(
    *, case: Case, before: Proof, after: Proof, metres: float | None, by: User, at: datetime
) -> Comparison:
    """Compare two pictures; the same two again give what was said before.

    Raises:
        NotComparable: they do not show enough of one place.
        Refusal: it is one and the same picture.
    """
    require_on(by, "case.step", case)
    if before.blob_id == after.blob_id:
        raise Refusal("两处是同一张照片，没有可比的。请另选一张。")
    known = Comparison.objects.filter(before=before, after=after, metres=metres).first()
    if known:
        return known
    found = compare(_read(before), _read(after), metres=metres)
    drawn = {"laid": found.before, "shown": found.after, "outlined": found.outlined}
    blobs = {
        name: seal(chunks=[data], media_type="image/jpeg", at=at) for name, data in drawn.items()
    }
    made = Comparison.objects.create(
        case=case, before=before, after=after, verdict=found.verdict, overlap=found.overlap,
        changed=found.changed, area=found.area, metres=metres, **blobs, by=by, at=at,
    )  # fmt: skip
    facts = {
        "before": before.blob_id, "after": after.blob_id, "verdict": made.verdict,
        "changed": round(made.changed, 4), "overlap": round(made.overlap, 4),
    }  # fmt: skip
    ledger.append(
        kind="pictures.compared", subject=f"case:{case.ref}", facts=facts, by=by, at=at,
        office=case.office,
    )  # fmt: skip
    return made


def _read(proof: Proof) -> bytes:
    return b"".join(vault.read(proof.blob_id, folder=Path(settings.VAULT)))


@needs("case.read")
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what was compared, and compare two more."""
    case = case_for(request, ref)
    pictures = pictures_of(case)
    form = CompareForm(request.POST or None, pictures=pictures)
    if request.method == "POST":
        require_on(request.user, "case.step", case)
        if form.is_valid():
            try:
                made = lay(case=case, **form.cleaned_data, by=request.user, at=timezone.now())
            except Refusal as refusal:
                form.add_error(None, said(refusal.sentence))
            else:
                where = f"{reverse('verification:compare', args=[case.ref])}#compared-{made.pk}"
                return HttpResponseRedirect(where, status=303)
    context = {
        "case": case,
        "form": form,
        "enough": pictures.count() > 1,
        "comparisons": case.comparisons.select_related("before", "after", "by"),
        "may_compare": may_on(request.user, "case.step", case),
    }
    status = 422 if form.errors else 200
    return render(request, "cases/verification/compare.html", context, status=status)


@needs("case.read")
@require_safe
def picture(request: HttpRequest, ref: str, number: int, name: str) -> HttpResponse:
    """Send a picture of a comparison."""
    found = get_object_or_404(case_for(request, ref).comparisons, pk=number)
    blob = getattr(found, f"{name}_id") if name in SHOWN else found.outlined_id
    content = b"".join(vault.read(blob, folder=Path(settings.VAULT)))
    response = FileResponse(io.BytesIO(content), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
