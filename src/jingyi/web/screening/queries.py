"""What of the studio a person may see: the data, runs and hits of the offices whose data they work with."""

from django.db.models import QuerySet

from jingyi.web.accounts.models import User
from jingyi.web.leads.models import Incident
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import offices_for
from jingyi.web.screening.models import (
    Agreement,
    DataSource,
    Hit,
    Negative,
    OwnModel,
    Run,
    Standing,
)


def office_of(user: User) -> Procuratorate | None:
    """Return the office a person works in the studio for: the uppermost of theirs."""
    return offices_for(user, "screening.read").order_by("path").first()


def sources_for(user: User) -> QuerySet[DataSource]:
    """Return the data sources a person may see."""
    own = offices_for(user, "screening.read")
    return DataSource.objects.filter(office__in=own).select_related("office", "by")


def runs_for(user: User) -> QuerySet[Run]:
    """Return the runs a person may see."""
    own = offices_for(user, "screening.read")
    return Run.objects.filter(office__in=own).select_related("office", "text", "by")


def hits_for(user: User) -> QuerySet[Hit]:
    """Return the hits of the runs a person may see."""
    found = Hit.objects.filter(run__in=runs_for(user), run__preview=False)
    return found.select_related(
        "run__office", "run__text", "standing__report__finding__incident", "standing__judged_by"
    )


def negatives_for(user: User) -> QuerySet[Negative]:
    """Return the sampled rows a person may judge."""
    return Negative.objects.filter(run__in=runs_for(user)).select_related("run__office")


def own_for(user: User) -> QuerySet[OwnModel]:
    """Return the models that offices of a person wrote."""
    own = offices_for(user, "screening.read")
    return OwnModel.objects.filter(office__in=own).select_related("office", "text", "by")


def standings_of(incident: Incident) -> QuerySet[Standing]:
    """Return the hits that a lead stands on."""
    return Standing.objects.filter(report__finding__incident=incident).order_by("pk")


def agreements_for(user: User) -> QuerySet[Agreement]:
    """Return the agreements of the offices whose data a person works with."""
    own = offices_for(user, "screening.read")
    return Agreement.objects.filter(office__in=own).select_related("office", "by")
