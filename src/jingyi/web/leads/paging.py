"""Keyset paging of the desk: the next page starts after the last row's own values."""

from django.core import signing
from django.db.models import F, Q, QuerySet

from jingyi.web.leads.filters import ORDERS
from jingyi.web.leads.models import Incident

PAGE = 50


def page(incidents: QuerySet[Incident], sort: str, after: str) -> tuple[list[Incident], str]:
    """Return one page in the order `sort`, and the mark of the next ("" at the end)."""
    first, _ = ORDERS[sort]
    name = first.lstrip("-")
    rows = incidents.order_by(F(name).desc(), "-pk")
    if mark := _read(after):
        value, key = mark
        rows = rows.filter(Q(**{f"{name}__lt": value}) | Q(**{name: value, "pk__lt": key}))
    found = list(rows[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    value = getattr(last, name)
    return found[:PAGE], signing.dumps([getattr(value, "isoformat", lambda: value)(), last.pk])


def _read(after: str) -> list[object] | None:
    try:
        return signing.loads(after) if after else None
    except signing.BadSignature:
        return None
