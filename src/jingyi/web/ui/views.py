"""The page of all components, and the choices of theme and rail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from jingyi.web.ui import frame, samples
from jingyi.web.ui.marks import public

A_YEAR = 365 * 24 * 3600


@public
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every token and component with made-up content."""
    return render(request, "ui/components.html", samples.everything(request))


@public
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keep the theme or the width of the rail in a cookie, and go back."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = redirect(back)
    response.status_code = 303
    for cookie, choices in (("theme", frame.THEMES), ("rail", frame.RAILS)):
        if (value := request.POST.get(cookie)) in choices:
            response.set_cookie(
                cookie, value, max_age=A_YEAR, samesite="Lax", secure=request.is_secure()
            )
    return response
