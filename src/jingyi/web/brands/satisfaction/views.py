"""What was answered, whom to ask; and the short form that whoever was asked fills in without an account."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.core.refusal import Refusal
from jingyi.core.talent import book
from jingyi.web.brands.satisfaction import actions, forms, queries
from jingyi.web.registry.access import needs, public
from jingyi.web.registry.queries import acts_of
from jingyi.web.ui.templatetags.ui import said


@needs("brands.read")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Show what was answered; POST makes a link, whose address is shown this once."""
    may_ask = "brands.meet" in acts_of(request.user)
    if request.method == "POST" and not may_ask:
        raise Http404
    form, address, asked = forms.AskForm(request.POST or None), "", None
    if form.is_valid():
        try:
            given = form.cleaned_data
            asked, key = actions.ask(
                audience=given["audience"], ref=given["ref"].strip(), by=request.user,
                at=timezone.now(),
            )  # fmt: skip
            address = request.build_absolute_uri(reverse("satisfaction:form", args=[key]))
            form = forms.AskForm()
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    context = {
        "sums": queries.sums(request.user),
        "least": book().least,
        "form": form if may_ask else None,
        "address": address,
        "asked": asked,
    }
    wrong = 422 if form.is_bound and form.errors else 200
    return render(request, "brands/satisfaction/list.html", context, status=wrong)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, key: str) -> HttpResponse:
    """Ask; it is answered once."""
    asked = actions.waiting(key, at=timezone.now())
    if asked is None:
        raise Http404
    filled = forms.AnswerForm(request.POST or None, audience=asked.audience)
    if request.method == "POST" and filled.is_valid():
        try:
            actions.answer(
                key=key, scores=filled.scores(), words=filled.cleaned_data["words"],
                at=timezone.now(),
            )  # fmt: skip
            return HttpResponseRedirect(reverse("satisfaction:thanks"), status=303)
        except Refusal as refusal:
            filled.add_error(None, said(refusal.sentence))
    context = {"form": filled, "office": asked.office}
    wrong = 422 if filled.is_bound and filled.errors else 200
    return render(request, "brands/satisfaction/form.html", context, status=wrong)


@public
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Thank."""
    return render(request, "brands/satisfaction/thanks.html")
