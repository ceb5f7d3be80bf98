"""Reports that somebody vouches for: each founds a lead of its own, in the domain that is said."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jingyi.core.triage.pipeline import triage
from jingyi.core.words import Sentence
from jingyi.web.intake.models import Report
from jingyi.web.leads import book
from jingyi.web.leads.actions.gather import keep
from jingyi.web.leads.actions.told import as_told, table
from jingyi.web.registry.models import Procuratorate


@dataclass(frozen=True, slots=True)
class Vouched:
    """A report, the domain it is of, and the reasons to be shown first."""

    report: Report
    domain: str
    reasons: tuple[Sentence, ...]


@transaction.atomic
def found(*, office: Procuratorate, vouched: Sequence[Vouched], at: datetime) -> None:
    """Make a lead of each report, in the transaction that took it in.

    Triage still reads place, region and parties; whether it is a lead, of which domain, and that
    it is a matter of its own, is said by who vouches (a supervision model: hits of one model are
    worded alike, and would be taken for one another).
    """
    Procuratorate.objects.select_for_update().get(pk=office.pk)
    chosen = {one.report.pk: one for one in vouched}
    reports = list(as_told(Report.objects.filter(pk__in=chosen, finding=None)).order_by("pk"))
    if not reports:
        return
    verdicts = triage(table(reports), book.of_office(office)).to_pylist()
    for report, verdict in zip(reports, verdicts, strict=True):
        said = chosen[report.pk]
        verdict["incident"] = f"inc-{report.pk}"
        verdict["domain"], verdict["domain_set"] = said.domain, [said.domain]
        verdict["lead"], verdict["is_lead"] = 1.0, True
        first = [json.dumps(one.to_json(), ensure_ascii=False) for one in said.reasons]
        verdict["because"] = first + list(verdict["because"])
    keep(office, reports, verdicts, at)
