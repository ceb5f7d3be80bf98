"""Reads of the room. Every one starts from the offices in which a person reads the laboratory."""

from django.db.models import QuerySet

from jingyi.web.accounts.models import User
from jingyi.web.lab.models import Device, Method, Request, Sample, Worksheet
from jingyi.web.registry.queries import offices_for

READ = "lab.read"


def requests_for(user: User) -> QuerySet[Request]:
    """Return the requests that `user` may see."""
    return Request.objects.filter(office__in=offices_for(user, READ))


def samples_for(user: User) -> QuerySet[Sample]:
    """Return the samples that `user` may see."""
    return Sample.objects.filter(request__office__in=offices_for(user, READ))


def worksheets_for(user: User) -> QuerySet[Worksheet]:
    """Return the worksheets that `user` may see."""
    return Worksheet.objects.filter(office__in=offices_for(user, READ))


def methods_for(user: User) -> QuerySet[Method]:
    """Return the methods in use that `user` may see."""
    return Method.objects.filter(office__in=offices_for(user, READ), retired_at=None)


def devices_for(user: User) -> QuerySet[Device]:
    """Return the instruments in use that `user` may see."""
    return Device.objects.filter(office__in=offices_for(user, READ), retired_at=None)
