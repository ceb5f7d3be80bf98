"""What every view of the room that changes something does: the form, the action, the refusal."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect

from jingyi.core.refusal import Refusal
from jingyi.web.ui.templatetags.ui import said


def done(
    request: HttpRequest, form: forms.Form | None, take: Callable[[], str], to: str = ""
) -> HttpResponseRedirect | None:
    """Take the action and go on to where it says; None: the form has errors to be shown.

    Without a form to show it in, a refusal is said on the page `to`.
    """
    if form is not None and not form.is_valid():
        return None
    try:
        return HttpResponseRedirect(take(), status=303)
    except Refusal as refusal:
        if form is None:
            messages.error(request, said(refusal.sentence))
            return HttpResponseRedirect(to, status=303)
        form.add_error(None, said(refusal.sentence))
        return None
