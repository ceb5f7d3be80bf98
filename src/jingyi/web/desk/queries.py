"""What one person has to do: asked of the rooms below, for one day."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from jingyi.web.accounts.models import Notice, User
from jingyi.web.cases import queries as cases
from jingyi.web.cases.models import Clock, Proposal
from jingyi.web.intake.models import Message
from jingyi.web.leads.models import Incident
from jingyi.web.leads.queries import incidents_for
from jingyi.web.registry.queries import offices_for

MOST = 12  # rows of a list on the page; the rest is behind its number
NEWEST = 5
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Due:
    """Clocks of one heading: the first of them, and how many there are."""

    rows: list[Clock]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def handles(user: User) -> bool:
    """Tell whether `user` has cases of their own."""
    return cases.cases_for(user).filter(handler=user).exists()


def clocks_of(user: User, *, own: bool) -> QuerySet[Clock]:
    """Return the running clocks of one's own cases, or of every case one may see."""
    found = cases.clocks_for(user).select_related("case__organ", "case__handler")
    return found.filter(case__handler=user) if own else found


def due(clocks: QuerySet[Clock], first: date | None, last: date | None) -> Due:
    """Return the duties due from `first` through `last`."""
    found = cases.due_between(clocks, first, last)
    rows = list(found[: MOST + 1])
    return Due(rows[:MOST], found.count() if len(rows) > MOST else len(rows))


def proposals_waiting(user: User) -> QuerySet[Proposal]:
    """Return the proposals to file that `user` decides on."""
    return cases.waiting_for(user)


def returned_to(user: User) -> QuerySet[Proposal]:
    """Return one's own proposals that came back, newest first."""
    return cases.proposals_for(user).filter(by=user, state=Proposal.State.RETURNED).order_by("-pk")


def taken_by(user: User) -> QuerySet[Incident]:
    """Return the incidents `user` has taken and not decided, oldest first."""
    return (
        incidents_for(user)
        .filter(handler=user, state=Incident.State.TAKEN)
        .order_by("first_at", "pk")
    )


def unread_messages(user: User) -> QuerySet[Message]:
    """Return what reporters wrote that nobody has read, where `user` may answer; oldest first."""
    offices = offices_for(user, "report.answer")
    return (
        Message.objects.filter(from_reporter=True, read_at=None, report__office__in=offices)
        .select_related("report__finding__incident")
        .order_by("at", "pk")
    )


def come_in(user: User, on: date) -> QuerySet[Incident]:
    """Return the new leads since yesterday, by rank."""
    since = timezone.make_aware(
        timezone.datetime.combine(on - timedelta(days=1), timezone.datetime.min.time())
    )
    new = incidents_for(user).filter(state=Incident.State.NEW, is_lead=True, last_at__gte=since)
    return new.order_by("-rank", "-pk")


def unread_notices(user: User) -> QuerySet[Notice]:
    """Return one's unread notices, newest first."""
    return Notice.objects.filter(user=user, read_at=None).order_by("-at", "-pk")
