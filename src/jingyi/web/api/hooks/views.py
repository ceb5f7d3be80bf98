"""The addresses of one's own keys: made, tried, ended; what they were told."""

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.api.hooks import actions
from jingyi.web.api.hooks.events import EVENTS
from jingyi.web.api.models import Hook, Token
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

LAST = 50  # messages shown


class HookForm(forms.Form):
    """A new address."""

    url = forms.CharField(label=_("网址"), max_length=300)
    events = forms.MultipleChoiceField(label=_("消息"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: object, token: Token, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["events"].choices = [
            (name, event.title) for name, event in EVENTS.items() if event.scope in token.scopes
        ]


@needs("api.key")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hooks(request: HttpRequest, number: int) -> HttpResponse:
    """List the addresses of a key; make one and show its secret, this once."""
    token = get_object_or_404(Token, pk=number, person=request.user, revoked_at=None)
    form = HookForm(request.POST or None, token=token)
    context = {"token": token, "rows": token.hooks.all(), "allowed": actions.allowed()}
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            secret, _made = actions.make(token=token, by=request.user, at=timezone.now(), **form.cleaned_data)  # fmt: skip
            form = HookForm(token=token)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    context |= {"form": form, "secret": secret}
    return render(request, "api/hooks.html", context, status=422 if form.errors else 200)


@needs("api.key")
@require_safe
def hook(request: HttpRequest, number: int) -> HttpResponse:
    """Show what an address was told, and how that went."""
    found = get_object_or_404(mine(request.user), pk=number)
    return render(request, "api/hook.html", {"hook": found, "rows": found.deliveries.all()[:LAST]})


@needs("api.key")
@require_POST
def press(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Try an address, try a message again, or end an address."""
    found = get_object_or_404(mine(request.user).filter(ended_at=None), pk=number)
    now = timezone.now()
    if what == "trial":
        actions.trial(hook=found, at=now)
    elif what == "end":
        actions.end(hook=found, by=request.user, at=now)
    else:
        given = request.POST.get("message", "")
        key = int(given) if given.isdecimal() and len(given) < 15 else 0
        actions.again(delivery=get_object_or_404(found.deliveries, pk=key), at=now)
    return HttpResponseRedirect(reverse("api:hook", args=[found.pk]), status=303)


def mine(user: User) -> QuerySet[Hook]:
    """Return the addresses of one's own keys."""
    return Hook.objects.filter(token__person=user).select_related("token")
