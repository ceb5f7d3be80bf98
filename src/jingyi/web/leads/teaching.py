"""What an office's decisions teach: which incidents were leads, in its people's judgement."""

from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import pyarrow as pa

from jingyi.core.triage import texts
from jingyi.core.triage.learning.adapting import Decided, Rules
from jingyi.web.leads.models import Decision, Finding
from jingyi.web.registry.models import Procuratorate

MOST_REPORTS = 5  # of one incident: a hundred copies of one message teach no more than a few


@dataclass(frozen=True, slots=True)
class Taught:
    """One incident that was decided: a lead or not; `reason` is why it was declined, if it was."""

    incident: int
    ref: str
    kind: str
    reason: str
    lead: bool


def taught(office: Procuratorate, by: Rules) -> list[Taught]:
    """Return the office's incidents whose latest telling decision stands, by number.

    Being taken up says less than what came of it: a later decision replaces it.
    """
    kept = (
        Decision.objects.filter(incident__office=office, undone_at=None)
        .order_by("pk")
        .values_list("incident_id", "incident__ref", "kind", "reason")
    )
    found: dict[int, Taught | None] = {}
    for incident, ref, kind, reason in kept:
        if kind in by.taught_lead:
            found[incident] = Taught(incident, ref, kind, "", lead=True)
        elif kind in by.taught_not:
            found[incident] = Taught(incident, ref, kind, "", lead=False)
        elif kind == Decision.Kind.DECLINE:
            told = reason in by.taught_declined
            found[incident] = Taught(incident, ref, kind, reason, lead=False) if told else None
    return [one for _, one in sorted(found.items()) if one]


def digest_of(told: list[Taught]) -> str:
    """Return a digest of what was decided: the same decisions need no second training."""
    lines = (f"{one.ref}:{one.lead:d}:{one.reason}\n" for one in told)
    return sha256("".join(lines).encode()).hexdigest()


def held_back(ref: str, every: int) -> bool:
    """Tell whether an incident is measured on, and never trained on: by a hash of its number."""
    return int(sha256(ref.encode()).hexdigest()[:8], 16) % every == 0


def messages(told: list[Taught], by: Rules) -> Decided:
    """Return the reports of these incidents, as the fit reads them."""
    about = {one.incident: one for one in told}
    seen: dict[int, int] = {}
    titles, bodies, owners = [], [], []
    reports = Finding.objects.filter(incident__in=about).order_by("pk")
    for incident, title, text in reports.values_list(
        "incident_id", "report__title", "report__text"
    ).iterator():
        seen[incident] = seen.get(incident, 0) + 1
        if seen[incident] <= MOST_REPORTS:
            titles.append(title)
            bodies.append(text)
            owners.append(about[incident])
    return Decided(
        texts=texts.read(
            pa.array(titles, pa.large_string()), pa.array(bodies, pa.large_string()), len(owners)
        ),
        lead=np.array([one.lead for one in owners], np.int64),
        none=np.array([one.reason in by.outside for one in owners], bool),
        held_back=np.array([held_back(one.ref, by.held_back) for one in owners], bool),
    )
