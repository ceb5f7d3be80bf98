"""What one person has to do: asked of the rooms below, for one day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from jingyi.web.accounts.models import Notice, User
from jingyi.web.cases import queries as cases
from jingyi.web.cases.models import Clock
from jingyi.web.intake.models import Message
from jingyi.web.leads import queries as leads
from jingyi.web.leads.models import Incident
from jingyi.web.registry.queries import offices_for

MOST = 12  # rows of a list on the page; the rest is behind its number
NEWEST = 5
SPANS = ("overdue", "today", "week")
DAY = timedelta(days=1)
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


def span(name: str, on: date) -> tuple[date | None, date | None]:
    """Return the (first, last) day of a heading of the page; (None, None) for everything."""
    match name:
        case "overdue":
            return None, on - DAY
        case "today":
            return on, on
        case "week":
            return on + DAY, on + WEEK
    return None, None


def due(clocks: QuerySet[Clock], name: str, *, on: date) -> Due:
    """Return what is due under one heading: a name of `SPANS`."""
    first, last = span(name, on)
    found = cases.due_between(clocks, first, last, on=on)
    rows = list(found[: MOST + 1])
    return Due(rows[:MOST], found.count() if len(rows) > MOST else len(rows))


def unread_messages(user: User) -> QuerySet[Message]:
    """Return what reporters wrote that nobody has read, where `user` may answer; oldest first."""
    offices = offices_for(user, "report.answer")
    return (
        Message.objects.filter(from_reporter=True, read_at=None, report__office__in=offices)
        .select_related("report")
        .order_by("at", "pk")
    )


def come_in(user: User, on: date) -> QuerySet[Incident]:
    """Return the new leads since the beginning of yesterday, best first."""
    since = datetime.combine(on - DAY, time.min, timezone.get_current_timezone())
    return leads.fresh_for(user, since)


def unread_notices(user: User) -> QuerySet[Notice]:
    """Return one's unread notices, newest first."""
    return Notice.objects.filter(user=user, read_at=None).order_by("-at", "-pk")
