"""Reads of the map. What a superior keeps is for its subordinates too: one river, one base map."""

from django.db.models import Q, QuerySet

from jingyi.web.accounts.models import User
from jingyi.web.places.models import Layer, Place, Zone
from jingyi.web.registry.models import Procuratorate, Region
from jingyi.web.registry.queries import offices_for


def places_for(user: User) -> QuerySet[Place]:
    """Return the protected places on the map of `user`: of their offices and those above."""
    return Place.objects.filter(_on_the_map(user))


def layers_for(user: User) -> QuerySet[Layer]:
    """Return the layers of the base map of `user`, the lowest first."""
    return Layer.objects.filter(_on_the_map(user))


def layers_kept_by(user: User) -> QuerySet[Layer]:
    """Return the layers that `user` may change."""
    kept = Layer.objects.filter(office__in=offices_for(user, "place.change"))
    return kept.select_related("office").order_by("office__path", "order", "id")


def places_kept_by(user: User) -> QuerySet[Place]:
    """Return the places that `user` may change."""
    return Place.objects.filter(office__in=offices_for(user, "place.change"))


def zones_for(user: User) -> QuerySet[Zone]:
    """Return the legal zones of the places on the map of `user`."""
    return Zone.objects.filter(place__in=places_for(user).filter(retired_on=None))


def _on_the_map(user: User) -> Q:
    offices = offices_for(user, "place.read")
    above = {pk for path in offices.values_list("path", flat=True) for pk in _line(path)}
    return Q(office__in=offices) | Q(office__in=above)


def _line(path: str) -> list[int]:
    """Return the ids of an office and its superiors: 1, 4, 9 for "/1/4/9/"."""
    return [int(pk) for pk in path.strip("/").split("/")]


def regions_for(user: User) -> QuerySet[Region]:
    """Return the divisions of the offices whose map `user` may read."""
    return Region.objects.filter(procuratorates__in=offices_for(user, "place.read")).order_by(
        "code"
    )


def zones_over(office: Procuratorate) -> QuerySet[Zone]:
    """Return the legal zones that concern reports to an office: its own and its superiors'."""
    return Zone.objects.filter(place__office__in=_line(office.path))
