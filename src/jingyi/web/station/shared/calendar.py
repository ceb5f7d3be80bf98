"""The duty calendar as an iCalendar file (RFC 5545). It names the matter by its number alone."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from jingyi.core.words import Sentence
from jingyi.web.station.shared.models import Due


def calendar_of(dues: Iterable[Due], *, at: datetime, address: Callable[[str], str]) -> bytes:
    """Return one all-day event for each last day; `row` is selected with each."""
    calendar = Calendar()
    calendar.add("prodid", "-//Jingyi//duties//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("精益：义务日历"))
    for due in dues:
        calendar.add_component(event_of(due, at, address))
    return calendar.to_ical()


def event_of(due: Due, at: datetime, address: Callable[[str], str]) -> Event:
    """Return the all-day event of one last day."""
    event = Event()
    event.add("uid", f"{due.row.key[:16]}.{due.rule}@jingyi")
    event.add("dtstamp", at)
    event.add("dtstart", due.due_on)
    event.add("dtend", due.due_on + timedelta(days=1))
    title = Sentence.from_json(due.title).render(_)
    event.add("summary", f"{title} · {due.row.number or due.row.pk}")
    why = [Sentence.from_json(step).render(_) for step in due.steps]
    event.add("description", "\n".join(f"{n}. {step}" for n, step in enumerate(why, 1)))
    event.add("url", address(due.row.get_absolute_url()))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
