"""What can be told, and which entries of the ledger it comes from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jingyi.web.api.models import Sent, Token
from jingyi.web.api.records import leads_of, open_cases
from jingyi.web.ledger.models import Entry
from jingyi.web.places.queries import places_for


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of news. `readable` returns which of some refs the token may read; `url` of one ref."""

    title: object
    scope: str
    subject: str  # what the ledger calls it, before the colon
    kinds: tuple[str, ...]  # how the ledger's kinds begin
    readable: Callable[[Token, Iterable[str]], set[str]]
    url: Callable[[str], str]


def _sent(token: Token, refs: Iterable[str]) -> set[str]:
    found = Sent.objects.filter(token=token, report__ref__in=refs)
    return set(found.values_list("report__ref", flat=True))


def _leads(token: Token, refs: Iterable[str]) -> set[str]:
    return set(leads_of(token.person).filter(ref__in=refs).values_list("ref", flat=True))


def _cases(token: Token, refs: Iterable[str]) -> set[str]:
    return set(open_cases(token.person).filter(ref__in=refs).values_list("ref", flat=True))


def _places(token: Token, refs: Iterable[str]) -> set[str]:
    return set(places_for(token.person).filter(code__in=refs).values_list("code", flat=True))


EVENTS = {
    "request.updated": Event(
        _("提交的反映有新进展或者来信"), "open311.read", "report",
        ("reporter.told", "reporter.answered"), _sent, lambda ref: reverse("api:request", args=[ref, "json"]),
    ),
    "lead.changed": Event(
        _("线索有变化"), "leads.read", "incident", ("incident.", "lead."), _leads,
        lambda ref: reverse("api:lead", args=[ref]),
    ),
    "case.changed": Event(
        _("案件有新的步骤"), "cases.read", "case", ("case.", "suggestion.", "verification."), _cases,
        lambda ref: reverse("api:case", args=[ref]),
    ),
    "place.changed": Event(
        _("保护对象有变化"), "places.read", "place", ("place.",), _places,
        lambda ref: reverse("api:item", args=["places", ref]),
    ),
}  # fmt: skip


def news(token: Token, names: Iterable[str], entries: list[Entry]) -> dict[int, tuple[str, str]]:
    """Return what a token may be told of, by the entry's number: the event's name and the ref."""
    found: dict[int, tuple[str, str]] = {}
    for name in names:
        event = EVENTS[name]
        if event.scope not in token.scopes:
            continue
        mine = [
            (entry.index, entry.subject.partition(":")[2])
            for entry in entries
            if entry.subject.startswith(f"{event.subject}:") and entry.kind.startswith(event.kinds)
        ]
        readable = event.readable(token, {ref for _, ref in mine}) if mine else set()
        found |= {index: (name, ref) for index, ref in mine if ref in readable}
    return found
