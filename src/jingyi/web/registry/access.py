"""Who may open which page. Every view is `@public` or `@needs("act")`; there is no third kind.

A person without the act gets 404, like a person asking for something that is
not there: a refusal would tell that it exists.
"""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from jingyi.web.accounts.models import User
from jingyi.web.registry import queries
from jingyi.web.registry.models import Procuratorate
from jingyi.web.ui.marks import ACT, View, public, signed_in

__all__ = ["ACT", "EveryViewSaysWhoMaySeeIt", "may", "needs", "public", "require", "signed_in"]


def needs(act: str) -> Callable[[View], View]:
    """Open the view to signed-in people one of whose posts allows `act` (see rulebook/roles.toml)."""

    def mark(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if act not in queries.acts_of(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        setattr(guarded, ACT, act)
        return guarded

    return mark


def may(user: User, act: str, office: Procuratorate) -> bool:
    """Tell whether a post of `user` allows `act` in `office`."""
    return queries.offices_for(user, act).filter(pk=office.pk).exists()


def require(user: User, act: str, office: Procuratorate) -> None:
    """Raise 404 unless `user` may do `act` in `office`: actions call it before they write."""
    if not may(user, act, office):
        raise Http404


class EveryViewSaysWhoMaySeeIt:
    """Refuse to run one of our views that is neither `@public` nor `@needs`: a defect, found at once."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, _request: HttpRequest, view: View, _args: object, _kwargs: object):
        if view.__module__.startswith("jingyi.") and not hasattr(view, ACT):
            msg = f"{view.__module__}.{view.__name__} says neither @public nor @needs"
            raise AssertionError(msg)
