"""Retraining triage: how many decisions there are, what the last training found, and a button."""

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jingyi.core import rulebook
from jingyi.core.triage import book as shipped_book
from jingyi.core.triage.learning import adapting
from jingyi.web.leads import book, jobs, learned, teaching
from jingyi.web.registry.access import needs
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import acts_of, offices_for


@needs("lead.learn")
@require_safe
def learning(request: HttpRequest) -> HttpResponse:
    """Show what an office's people decided, which model is in use, and every training."""
    offices = list(offices_for(request.user, "lead.learn").order_by("path"))
    code = request.GET.get("office", "")
    if code:
        office = get_object_or_404(offices_for(request.user, "lead.learn"), code=code)
    else:
        office = offices[0]
    may_read = "lead.read" in acts_of(request.user)
    context = {"offices": offices, "may_read": may_read, **_context(office)}
    return render(request, "leads/learning.html", context)


def _context(office: Procuratorate) -> dict:
    rules = adapting.rules()
    told = teaching.taught(office, rules)
    mark = adapting.print_of(book.shipped(office).model)
    card = shipped_book.read("model.toml")
    return {
        "office": office,
        "rules": rules,
        "total": len(told),
        "enough": len(told) >= rules.least,
        "held": sum(teaching.held_back(one.ref, rules.held_back) for one in told),
        "leads": sum(one.lead for one in told),
        "others": _reasons(told),
        "trainings": learned.trainings(office.code),
        "in_use": learned.in_use(office.code, mark),
        "quality": card["quality"]["lead"],
        "card": card,
    }


def _reasons(told: list[teaching.Taught]) -> list[tuple[str, int]]:
    """Return why incidents were said to be no leads, and how often."""
    listed = rulebook.decline_reasons()
    counted = Counter(one.reason for one in told if not one.lead)
    return [
        (listed[reason].title if reason in listed else _("抽查：不是线索"), n)
        for reason, n in counted.most_common()
    ]


@needs("lead.learn")
@require_POST
def train(request: HttpRequest) -> HttpResponse:
    """Queue a training for one office; whoever asked is told what came of it."""
    offices = offices_for(request.user, "lead.learn")
    office = get_object_or_404(offices, code=request.POST.get("office", ""))
    jobs.retrain_office.enqueue(office.pk, request.user.pk)
    messages.success(request, _("已开始重新训练，完成后会通知您。"))
    response = redirect("leads:learning")
    response["Location"] += f"?office={office.code}"
    response.status_code = 303
    return response
