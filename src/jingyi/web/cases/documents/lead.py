"""A lead that has no case as the core's facts: what its papers are made of."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone
from django.utils.translation import override

from jingyi.core import rulebook
from jingyi.core.documents.draft import in_words
from jingyi.core.documents.model import RECORD, Exhibit, Fact, File
from jingyi.web.intake.models import Report, Source
from jingyi.web.leads.models import Decision, Incident
from jingyi.web.registry.models import Procuratorate

TRACK = "lead"  # what the rulebook's documents of a lead name instead of a procedure
EVENTS = {
    Decision.Kind.TAKE: "lead.registered",
    Decision.Kind.DECLINE: "lead.declined",
    Decision.Kind.HAND_ON: "lead.transferred",
}


def file_of_lead(incident: Incident, office: Procuratorate, *, on: date) -> File:
    """Return the facts of a lead as they stand, as papers of `office` tell them.

    A reporter is never named: who they are stays where reports are kept.

    Args:
        incident: the lead.
        office: who issues, with `parent` selected: whoever has the lead, or handed it on.
        on: the day that documents made of it bear.
    """
    decided = list(
        incident.decisions.filter(undone_at=None, kind__in=EVENTS).order_by("pk").select_related("by")
    )  # fmt: skip
    last = {one.kind: one for one in decided}  # of each kind the latest stands
    lead = Exhibit(f"lead:{incident.ref}", f"线索 {incident.ref}", RECORD)
    shown = [lead, *map(_shown, last.values())]
    facts = [
        Fact("office", office.name),
        Fact("today", in_words(on), on),
        Fact("title", incident.title, exhibits=(lead.key,)),
        Fact("lead", f"线索{incident.ref}", exhibits=(lead.key,)),
        *_received(incident, lead.key),
        *(fact for one in last.values() for fact in _told(one, office)),
    ]
    events = frozenset(EVENTS[Decision.Kind(kind)] for kind in last)
    return File(tuple(facts), {one.key: one for one in shown}, events, TRACK)


def issuer_of(incident: Incident, after: tuple[str, ...]) -> Procuratorate:
    """Return who issues a paper made after those events: of a handing on, whoever handed it on."""
    if "lead.transferred" in after and incident.received_from:
        return incident.received_from
    return incident.office


def _shown(one: Decision) -> Exhibit:
    title = rulebook.events()[EVENTS[Decision.Kind(one.kind)]]
    return Exhibit(f"decision:{one.pk}", f"线索登记：{_day(one)} {title}", RECORD)


def _received(incident: Incident, key: str) -> Iterator[Fact]:
    """Yield what came in: how much, from where, and since when."""
    reports = list(
        Report.objects.filter(finding__incident=incident)
        .order_by("received_at", "pk")
        .values_list("source", "received_at", "receipt")
    )
    if not reports:
        return
    with override("zh-hans"):  # papers are Chinese, whatever the screen speaks
        sources = "、".join(dict.fromkeys(str(Source(source).label) for source, *_ in reports))
    first = timezone.localdate(reports[0][1])
    yield Fact("received", f"有关材料{len(reports)}件（来源：{sources}）", first, (key,))
    kept = [received for _, received, receipt in reports if receipt]
    if kept:
        day = timezone.localdate(kept[0])
        yield Fact("reporter", "举报人", day, (key,))
        yield Fact("reported", "收到举报", day, (key,))


def _told(one: Decision, office: Procuratorate) -> Iterator[Fact]:
    kind = EVENTS[Decision.Kind(one.kind)]
    name, day, key = kind.replace(".", "_"), _day(one), (f"decision:{one.pk}",)
    yield Fact(name, str(rulebook.events()[kind]), day, key)
    if one.note:
        yield Fact(f"{name}_told", one.note.rstrip("。"), day, key)
    if one.kind == Decision.Kind.DECLINE:
        listed = rulebook.decline_reasons()[one.reason]
        yield Fact("decline_reason", str(listed.title), day, key, (listed.source,))
    if one.kind == Decision.Kind.HAND_ON:
        to = Procuratorate.objects.get(code=one.to)
        move = (
            "report_up" if to == office.parent else "transfer" if to.level == office.level else ""
        )
        if move:
            yield Fact(f"{name}_{move}", to.name, day, key)


def _day(one: Decision) -> date:
    return timezone.localdate(one.at)
