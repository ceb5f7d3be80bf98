"""New reports through triage and onto the desk: each joins an incident or founds one."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max

from jingyi.core.triage.pipeline import triage
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.intake.models import Report
from jingyi.web.leads import book, search, standing, watch
from jingyi.web.leads.actions.record import change, record
from jingyi.web.leads.actions.settle import protect, row_of, said_in, settle
from jingyi.web.leads.actions.told import as_told, judged, known, retrace, table
from jingyi.web.leads.models import Finding, Incident
from jingyi.web.leads.summarise import summarise
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.models import Procuratorate, Region

CHUNK = 5000  # reports in one transaction


def gather(
    *,
    office: Procuratorate,
    at: datetime,
    progress: Callable[[int], None] | None = None,
    chunk: int = CHUNK,
) -> int:
    """Triage every report of `office` that has no finding; return how many there were.

    Each chunk is one transaction: killed in the middle, the next run goes on
    where this one stopped. The counting itself holds no lock; if another run
    was quicker, its chunk is thrown away and taken anew.
    """
    done = 0
    retrace(office)
    while pending := _pending(office, chunk):
        newest = _newest(office)
        verdicts = triage(
            table(pending), book.of_office(office), known(office), judged=judged(office)
        )
        with transaction.atomic():
            Procuratorate.objects.select_for_update().get(pk=office.pk)
            if _newest(office) != newest:
                continue
            keep(office, pending, verdicts.to_pylist(), at)
        done += len(pending)
        if progress:
            progress(done)
    return done


def _pending(office: Procuratorate, chunk: int) -> list[Report]:
    waiting = Report.objects.filter(office=office, finding=None)
    return list(as_told(waiting).order_by("received_at", "pk")[:chunk])


def _newest(office: Procuratorate) -> int | None:
    return Finding.objects.filter(report__office=office).aggregate(last=Max("pk"))["last"]


def keep(
    office: Procuratorate, reports: list[Report], verdicts: list[dict[str, Any]], at: datetime
) -> None:
    """Keep the findings, found what is new, and summarise every incident touched."""
    regions = set(Region.objects.values_list("code", flat=True))
    codes = {place.name: place.id for place in book.of_office(office).protected}
    findings = [
        Finding(
            report=report,
            group=verdict["incident"],
            region_id=verdict["region"] if verdict["region"] in regions else None,
            domain=verdict["domain"] or "",
            place_words=(verdict["place"] or "")[:200],
            protected=[codes[name] for name in verdict["protected"]],
            reasons=[json.loads(reason) for reason in verdict["because"]],
            rank=verdict["rank"] / 100,  # the desk shows a share
            **{name: verdict[name] for name in _PLAIN},
        )
        for report, verdict in zip(reports, verdicts, strict=True)
    ]
    for finding in findings:
        finding.photos = finding.report.photos
    joined, lifts = _join(office, findings, at)
    Finding.objects.bulk_create(findings, batch_size=500)
    settle(joined, at=at, lifts=lifts)
    _reopen(joined, at)
    leads = sum(verdict["is_lead"] for verdict in verdicts)
    ledger.append(
        kind="reports.triaged",
        subject=f"office:{office.code}",
        facts={
            "reports": len(reports),
            "leads": leads,
            "digest": ledger.digest_of(
                f"{report.ref}:{verdict['incident']}:{verdict['domain']}:{verdict['lead']:.4f}".encode()
                for report, verdict in zip(reports, verdicts, strict=True)
            ),
        },
        by=None,
        at=at,
        office=office,
    )


_PLAIN = ("domain_set", "lead", "is_lead", "lon", "lat", "radius_m", "parties", "trace")


def _join(
    office: Procuratorate, findings: list[Finding], at: datetime
) -> tuple[set[int], dict[str | None, float]]:
    """Put each finding into its group's incident, founding what is new.

    Returns the incidents that were joined, and the correction of each region.
    """
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.group].append(finding)
    earlier = Finding.objects.filter(report__office=office, group__in=groups)
    homes = dict(earlier.values_list("group", "incident_id"))
    rows = {
        name: [row_of(finding) for finding in groups[name]]
        for name in sorted(groups.keys() - homes.keys())
    }
    summaries = {name: summarise(found) for name, found in rows.items()}
    lifts = _lifts(office, (summary["region_id"] for summary in summaries.values()))
    facts = {
        name: standing.facts_of(
            rows[name], lift=lifts.get(summary["region_id"], 1.0), on=standing.day_of(at)
        )
        for name, summary in summaries.items()
    }
    ranks = dict(zip(facts, standing.ranks_of(list(facts.values())), strict=True))
    fresh = {
        name: Incident(
            ref=f"{office.code}-{name.removeprefix('inc-')}",
            office=office,
            rank=ranks[name],
            facts=facts[name],
            **_fields(summary),
        )
        for name, summary in summaries.items()
    }
    Incident.objects.bulk_create(fresh.values(), batch_size=500)
    protect({fresh[name].pk: summary["protected"] for name, summary in summaries.items()})
    watch.look(office, fresh.values(), at=at)
    search.index((fresh[name].pk, said_in(found)) for name, found in rows.items())
    keys = homes | {name: incident.pk for name, incident in fresh.items()}
    for finding in findings:
        finding.incident_id = keys[finding.group]
    return set(homes.values()), lifts


def _lifts(office: Procuratorate, fresh: Iterable[str | None]) -> dict[str | None, float]:
    """Return the correction for regions that report little, counting what is being founded."""
    kept = Incident.objects.filter(office=office).exclude(state=Incident.State.MERGED)
    counted = kept.order_by().values_list("region").annotate(Count("pk"))
    return standing.lifts(standing.volume_of([*counted, *((region, 1) for region in fresh)]))


def _fields(summary: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in summary.items() if name != "protected"}


def _reopen(joined: set[int], at: datetime) -> None:
    """Put declined incidents that are reported again back on the desk; tell who works on others."""
    for incident in Incident.objects.filter(pk__in=joined, state=Incident.State.DECLINED):
        change(incident, state=Incident.State.NEW)
        record(incident, "lead.reopened", by=None, at=at, reports=incident.reports)
    _tell_handlers(joined, at)


def _tell_handlers(incidents: set[int], at: datetime) -> None:
    """Say to whoever works on an incident that somebody else reported it too."""
    touched = Incident.objects.filter(pk__in=incidents, handler__isnull=False)
    for incident in touched.select_related("handler"):
        notify(
            user=incident.handler,
            sentence=say(
                "“{title}”又有人反映，现共 {n} 件。", title=incident.title, n=incident.reports
            ),
            url=incident.get_absolute_url(),
            key=f"lead.joined:{incident.ref}:{incident.reports}",
            at=at,
        )
