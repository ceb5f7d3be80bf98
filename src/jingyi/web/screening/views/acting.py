"""What every view of the room that changes something does: the action, then on, or the refusal."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from jingyi.core.refusal import Refusal
from jingyi.web.ui.templatetags.ui import said


def done(form: forms.Form, take: Callable[[], str]) -> HttpResponse | None:
    """Take the action and go where it says; None: the form has errors to be shown."""
    if not form.is_valid():
        return None
    try:
        return HttpResponseRedirect(take(), status=303)
    except Refusal as refusal:
        form.add_error(None, said(refusal.sentence))
        return None


def pressed(request: HttpRequest, take: Callable[[], str], back: str) -> HttpResponse:
    """Take the action of a button, or say on the page it stands on why not."""
    try:
        return HttpResponseRedirect(take(), status=303)
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
        return HttpResponseRedirect(back, status=303)
