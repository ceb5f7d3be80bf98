"""One's own keys: made, shown once, revoked."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jingyi.core.refusal import Refusal
from jingyi.web.api import tokens
from jingyi.web.api.models import Token
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(label=_("用途"), max_length=60)
    scopes = forms.MultipleChoiceField(
        label=_("权限"), choices=list(tokens.SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )


@needs("api.key")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """List one's keys; make one and show it, this once."""
    form = KeyForm(request.POST or None)
    context = {
        "form": form,
        "rows": Token.objects.filter(person=request.user),
        "scopes": tokens.SCOPES,
    }
    if request.method == "POST" and form.is_valid():
        try:
            key, _made = tokens.make(person=request.user, at=timezone.now(), **form.cleaned_data)
            return render(request, "api/keys.html", context | {"key": key, "form": KeyForm()})
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    return render(request, "api/keys.html", context, status=422 if form.errors else 200)


@needs("api.key")
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Revoke one of one's keys."""
    found = get_object_or_404(Token, pk=number, person=request.user)
    tokens.revoke(token=found, by=request.user, at=timezone.now())
    return HttpResponseRedirect(reverse("api:keys"), status=303)
