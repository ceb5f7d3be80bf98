"""Reads of the exchange: what the offices one reads have posted."""

from django.db.models import Count, QuerySet

from jingyi.web.accounts.models import User
from jingyi.web.brands.exchange.models import Note
from jingyi.web.registry.queries import offices_for


def notes_for(user: User) -> QuerySet[Note]:
    """Return the notes of the offices `user` may read, newest first; those taken back are gone."""
    found = Note.objects.filter(office__in=offices_for(user, "brands.read"), withdrawn_at=None)
    return found.select_related("office", "department", "by")


def with_replies(notes: QuerySet[Note]) -> QuerySet[Note]:
    """Add `said`, how many replies there are."""
    return notes.annotate(said=Count("replies")).order_by("-at", "-pk")
