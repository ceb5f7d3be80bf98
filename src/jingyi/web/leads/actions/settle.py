"""Write an incident's summary again, after its reports changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Count

from jingyi.web.leads import search, standing
from jingyi.web.leads.models import Decision, Finding, Incident
from jingyi.web.leads.summarise import Row, summarise
from jingyi.web.places.models import Place

# What a person has taken up stays a lead, whatever triage makes of the reports that are left.
JUDGED = {Incident.State.TAKEN, Incident.State.WATCHED, Incident.State.FILED}


def row_of(finding: Finding) -> Row:
    """Return what the summary needs of one finding, annotated with its photos, and its report."""
    report = finding.report
    return Row(
        report=report.pk,
        title=report.title,
        text=report.text,
        source=report.source,
        reporter=report.reporter_key,
        at=report.received_at,
        domain=finding.domain,
        domain_set=finding.domain_set,
        lead=finding.lead,
        is_lead=finding.is_lead,
        rank=finding.rank,
        reasons=finding.reasons,
        region=finding.region_id,
        place=finding.place_words,
        lon=finding.lon,
        lat=finding.lat,
        radius_m=finding.radius_m,
        protected=finding.protected,
        likes=report.likes,
        photos=finding.photos,
        dated=report.happened_at is not None,
        party=bool(finding.parties),
    )


def said_in(rows: Iterable[Row]) -> str:
    """Return everything that the reports of an incident say, for the search."""
    return " ".join(f"{row.title} {row.text}" for row in rows)


def settle(
    incidents: Iterable[int],
    *,
    at: datetime | None = None,
    lifts: Mapping[str | None, float] | None = None,
) -> None:
    """Summarise these incidents anew; one without reports (merged) keeps what it was.

    Without `at` and `lifts` the rank stays as of the day, and with the area's
    correction, that it had: so that undo puts back exactly what was.
    """
    rows: dict[int, list[Row]] = defaultdict(list)
    found = Finding.objects.filter(incident__in=list(incidents)).select_related("report")
    for finding in found.annotate(photos=Count("report__attachments")):
        rows[finding.incident_id].append(row_of(finding))
    called = _called_leads(rows)
    changed, wanted, names = [], {}, set()
    for incident in Incident.objects.filter(pk__in=rows):
        summary = summarise(rows[incident.pk])
        wanted[incident.pk] = summary.pop("protected")
        if incident.state in JUDGED or incident.pk in called:
            summary["is_lead"] |= incident.is_lead
        for name, value in summary.items():
            setattr(incident, name, value)
        lift = lifts.get(incident.region_id, 1.0) if lifts else incident.facts.get("lift", 1.0)
        on = standing.day_of(at) if at else incident.facts.get("on")
        incident.facts = standing.facts_of(rows[incident.pk], lift=lift, on=on)
        names = {"region" if name == "region_id" else name for name in summary}
        changed.append(incident)
    for incident, rank in zip(
        changed, standing.ranks_of([one.facts for one in changed]), strict=True
    ):
        incident.rank = rank
    if changed:
        Incident.objects.bulk_update(changed, {*names, "facts", "rank"}, batch_size=200)
    protect(wanted)
    search.index((key, said_in(found)) for key, found in rows.items())


def _called_leads(incidents: Iterable[int]) -> set[int]:
    """Return which of these an audit called leads: they stay leads too."""
    said = Decision.objects.filter(
        incident__in=list(incidents), kind=Decision.Kind.AUDIT_LEAD, undone_at=None
    )
    return set(said.values_list("incident", flat=True))


def protect(wanted: dict[int, list[str]]) -> None:
    """Link each incident to the protected places it lies near (codes)."""
    codes = {code for found in wanted.values() for code in found}
    keys = dict(Place.objects.filter(code__in=codes).values_list("code", "pk"))
    through = Incident.protected.through
    through.objects.filter(incident_id__in=wanted).delete()
    through.objects.bulk_create(
        through(incident_id=incident, place_id=keys[code])
        for incident, found in wanted.items()
        for code in found
        if code in keys
    )
