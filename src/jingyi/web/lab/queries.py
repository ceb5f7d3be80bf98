"""Reads of the room. Every one starts from the offices in which a person reads the laboratory."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from jingyi.core import custody
from jingyi.web.accounts.models import User
from jingyi.web.cases.sealing.queries import kept_from
from jingyi.web.evidence.custody.models import Link
from jingyi.web.evidence.custody.queries import acts_of
from jingyi.web.lab.models import Device, Method, Request, Result, Sample, Worksheet
from jingyi.web.registry.queries import offices_for

READ = "lab.read"


def requests_for(user: User) -> QuerySet[Request]:
    """Return the requests that `user` may see."""
    return Request.objects.filter(~kept_from(user, "case"), office__in=offices_for(user, READ))


def samples_for(user: User) -> QuerySet[Sample]:
    """Return the samples that `user` may see."""
    return Sample.objects.filter(
        ~kept_from(user, "request__case"), request__office__in=offices_for(user, READ)
    )


def worksheets_for(user: User) -> QuerySet[Worksheet]:
    """Return the worksheets that `user` may see."""
    return Worksheet.objects.filter(office__in=offices_for(user, READ))


def methods_for(user: User) -> QuerySet[Method]:
    """Return the methods in use that `user` may see."""
    return Method.objects.filter(office__in=offices_for(user, READ), retired_at=None)


def devices_for(user: User) -> QuerySet[Device]:
    """Return the instruments in use that `user` may see."""
    return Device.objects.filter(office__in=offices_for(user, READ), retired_at=None)


def waiting_for(method: Method) -> list[Sample]:
    """Return the samples that wait to be measured for a method's item, the oldest first.

    Those that were never measured, and those whose every measuring came to nothing. A field blank
    goes along as long as a sample of its request waits: what it covers is measured with it.
    """
    good = Result.objects.filter(sample=OuterRef("pk"), worksheet__method__item=method.item)
    good = good.exclude(worksheet__state=Worksheet.State.VOID).exclude(state="invalid")
    found = Sample.objects.filter(request__office=method.office, request__closed_at=None)
    found = found.exclude(kind=Sample.Kind.BACKUP).select_related("request")
    rows = [
        one
        for one in found.annotate(done=Exists(good)).order_by("taken_at", "pk")
        if method.item in one.items
    ]
    blank = Sample.Kind.BLANK
    asked = {one.request_id for one in rows if one.kind != blank and not one.done}
    return [
        one for one in rows
        if (one.request_id in asked if one.kind == blank else not one.done)
    ]  # fmt: skip


def waiting_by_method(user: User) -> list[tuple[Method, list[Sample]]]:
    """Return the methods that samples wait for, with those samples."""
    methods = methods_for(user).select_related("office")
    return [(one, waiting) for one in methods if (waiting := waiting_for(one))]


def standings(samples: Iterable[Sample]) -> dict[int, custody.Standing]:
    """Return where each sample stands, in one read."""
    found = {sample.subject: sample.pk for sample in samples}
    links: dict[str, list[Link]] = {subject: [] for subject in found}
    for link in Link.objects.filter(subject__in=found).order_by("pk"):
        links[link.subject].append(link)
    return {found[subject]: custody.stand(acts_of(chain)) for subject, chain in links.items()}


def held_by(user: User, samples: Iterable[Sample]) -> list[Sample]:
    """Return the samples that `user` holds and has offered to nobody."""
    rows = list(samples)
    here = standings(rows)
    return [one for one in rows if here[one.pk].holder == user.pk and not here[one.pk].offered_to]


def offered_to(user: User) -> list[Sample]:
    """Return the samples that wait for `user` to confirm their receipt."""
    subjects = Link.objects.filter(
        to=user, kind=custody.Kind.OFFERED, subject__startswith="sample:"
    )
    wanted = [one.partition(":")[2] for one in subjects.values_list("subject", flat=True)]
    found = list(
        samples_for(user).filter(number__in=wanted).select_related("request__office", "point")
    )
    here = standings(found)
    return [one for one in found if here[one.pk].offered_to == user.pk]
