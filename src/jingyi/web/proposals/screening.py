"""Every item through the same line that judges reports: is it a lead, of which domain, and why."""

import json
from collections.abc import Sequence
from datetime import datetime, time

import pyarrow as pa

from jingyi.core.triage.pipeline import triage
from jingyi.web.leads import book
from jingyi.web.proposals.models import Item
from jingyi.web.registry.models import Procuratorate


def screen(items: Sequence[Item], office: Procuratorate) -> None:
    """Judge items and keep on each the domain, the score and its reasons; nothing is saved here."""
    if not items:
        return
    table = pa.table(
        {
            "id": pa.array([str(n) for n in range(len(items))], pa.string()),
            "title": pa.array([item.title for item in items], pa.string()),
            "text": pa.array([item.text for item in items], pa.string()),
            "time": pa.array([_when(item) for item in items], pa.timestamp("s")),
        }
    )
    for item, verdict in zip(items, triage(table, book.of_office(office)).to_pylist(), strict=True):
        item.domain = verdict["domain"] or ""
        item.lead, item.is_lead = verdict["lead"], verdict["is_lead"]
        item.reasons = [json.loads(reason) for reason in verdict["because"]]


def _when(item: Item) -> datetime:
    return datetime.combine(item.proposed_on or item.at.date(), time())
