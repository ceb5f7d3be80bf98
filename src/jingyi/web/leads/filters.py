"""The desk's filters: a query string in, a narrowed list and its tags out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingyi.core import rulebook
from jingyi.web.accounts.models import User
from jingyi.web.intake.models import Source
from jingyi.web.leads.models import Finding, Incident
from jingyi.web.leads.search import searched
from jingyi.web.registry.models import Region
from jingyi.web.ui.templatetags.ui import title_of

State = Incident.State
UNDECIDED = "undecided"
AGES = {
    "1": gettext_lazy("一天内"),
    "7": gettext_lazy("七天内"),
    "30": gettext_lazy("三十天内"),
    "older": gettext_lazy("三十天以前"),
}
ORDERS = {
    "rank": ("-rank", "-pk"),
    "new": ("-last_at", "-pk"),
    "many": ("-reporters", "-pk"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; unknown values are ignored."""

    q: str = ""
    domain: str = ""
    region: str = ""
    source: str = ""
    age: str = ""
    state: str = "open"
    kind: str = "leads"  # or "all", "aside": no lead, "asked": triage could not decide
    mine: bool = False
    sort: str = "rank"
    after: str = ""
    place: str = ""
    on: date | None = None  # what was first told by then
    tags: list[tuple[str, str, str]] = field(default_factory=list)

    def applied(
        self, incidents: QuerySet[Incident], user: User, at: datetime
    ) -> QuerySet[Incident]:
        """Narrow `incidents` to what is asked for, unordered."""
        wanted = self._kind() & self._state() & self._age(at)
        if self.domain:
            wanted &= Q(domain="" if self.domain == "none" else self.domain)
        if self.region:
            wanted &= Q(region=self.region)
        if self.source:
            said = Finding.objects.filter(incident=OuterRef("pk"), report__source=self.source)
            wanted &= Q(Exists(said))
        if self.mine:
            wanted &= Q(handler=user)
        if self.place:
            wanted &= Q(protected__code=self.place)
        if self.on:
            after = datetime.combine(self.on + timedelta(days=1), time())
            wanted &= Q(first_at__lt=timezone.make_aware(after))
        return searched(incidents.filter(wanted), self.q)

    def _kind(self) -> Q:
        if self.kind == "leads":
            return Q(is_lead=True)
        if self.kind == "aside":
            return Q(is_lead=False)
        return Q(is_lead=True, domain="") if self.kind == "asked" else Q()

    def _state(self) -> Q:
        if self.state == "all":
            return ~Q(state=State.MERGED)
        if self.state == "open":
            return Q(state__in=[State.NEW, State.TAKEN])
        return Q(state=self.state)

    def _age(self, at: datetime) -> Q:
        if self.age == "older":
            return Q(last_at__lt=at - timedelta(days=30))
        return Q(last_at__gte=at - timedelta(days=int(self.age))) if self.age else Q()


def read(params: Mapping[str, str]) -> Filters:
    """Read a query string."""
    states = {"open", "all", *State.values}
    chosen: dict[str, Any] = {
        "q": params.get("q", "").strip()[:100],
        "domain": _one(params, "domain", {d.slug for d in rulebook.domains()} | {"none"}),
        "region": params.get("region", "")[:6],
        "source": _one(params, "source", set(Source.values)),
        "age": _one(params, "age", set(AGES)),
        "state": _one(params, "state", states) or "open",
        "kind": _one(params, "kind", {"all", "aside", "asked"}) or "leads",
        "mine": params.get("mine") == "1",
        "sort": _one(params, "sort", set(ORDERS)) or "rank",
        "after": params.get("after", ""),
        "place": params.get("place", "")[:40],
        "on": _day(params.get("on", "")),
    }
    return Filters(**chosen, tags=_tags(chosen))


def _day(words: str) -> date | None:
    try:
        day = parse_date(words)
    except ValueError:  # 2026-13-40: shaped like a day, and none
        return None
    return day if day and day.year < 9999 else None


def _one(params: Mapping[str, str], name: str, allowed: set[str]) -> str:
    value = params.get(name, "")
    return value if value in allowed else ""


def _tags(chosen: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return (parameter, value, words) of each filter in force, for the removable tags."""
    words = {
        "q": lambda q: f"“{q}”",
        "domain": lambda slug: _("未定领域") if slug == "none" else title_of(rulebook.domain(slug)),
        "region": _region,
        "source": lambda source: str(Source(source).label),
        "age": lambda age: str(AGES[age]),
        "state": lambda state: _("各种状态") if state == "all" else str(State(state).label),
        "kind": lambda kind: {"all": _("全部反映"), "aside": _("不作线索"), "asked": _("请人判断")}[
            kind
        ],
        "mine": lambda _mine: _("我承办的"),
        "place": lambda code: code,
        "on": lambda day: _("截至 %(day)s") % {"day": day},
    }
    usual = {"state": "open", "kind": "leads"}
    return [
        (name, "1" if name == "mine" else chosen[name], say(chosen[name]))
        for name, say in words.items()
        if chosen[name] and chosen[name] != usual.get(name)
    ]


def _region(code: str) -> str:
    found = Region.objects.filter(code=code).first()
    return title_of(found, "name") if found else code
