"""Who may do what in a station: a post in the organ itself must allow it."""

from django.http import Http404

from jingyi.web.accounts.models import User
from jingyi.web.registry.models import Organ
from jingyi.web.registry.queries import seats_for


def may_in(user: User, act: str, organ: Organ) -> bool:
    """Tell whether a post of `user` in `organ` allows `act`."""
    return seats_for(user, act).filter(pk=organ.pk).exists()


def require_in(user: User, act: str, organ: Organ) -> None:
    """Raise 404 unless `user` may do `act` in `organ`: actions call it before they write."""
    if not may_in(user, act, organ):
        raise Http404
