"""What every view says about itself: who may open it. `registry.access` adds acts to these two."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

View = Callable[..., HttpResponse]
ACT = "jingyi_act"


def public(view: View) -> View:
    """Mark a view that anybody may open."""
    setattr(view, ACT, "public")
    return view


def signed_in(view: View) -> View:
    """Open the view to whoever is signed in: pages about oneself."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    setattr(guarded, ACT, "signed-in")
    return guarded
