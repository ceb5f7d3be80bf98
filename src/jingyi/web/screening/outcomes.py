"""What became of a model's hits in an office, version by version."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from jingyi.core.screening import novelty, outcomes
from jingyi.core.screening.model import Model
from jingyi.core.screening.practice import practice
from jingyi.web.leads.models import Decision, Incident
from jingyi.web.registry.models import Procuratorate
from jingyi.web.screening.models import Negative, Run, Standing

State = Incident.State


@dataclass(frozen=True, slots=True)
class Record:
    """The adjudications of one version: shares with their intervals, and whether it drifts."""

    version: int
    hits: int
    sent: int
    precision: outcomes.Share
    case_rate: outcomes.Share
    drift: outcomes.Drift | None
    recall: outcomes.Recall | None


def adjudicated(standings: Iterable[Standing]) -> list[outcomes.Adjudicated]:
    """Return what people decided, in order of time: on the desk, or in the studio."""
    chosen = list(standings)
    refused = _declined(one for one in chosen if _state(one) == State.DECLINED)
    found = [told for one in chosen if (told := _verdict(one, refused)) is not None]
    return sorted(found, key=lambda one: (one.on, one.hit))


def _state(one: Standing) -> str:
    finding = getattr(one.report, "finding", None) if one.report_id else None
    return finding.incident.state if finding else ""


def _verdict(one: Standing, refused: dict[int, tuple[str, datetime]]) -> outcomes.Adjudicated | None:  # fmt: skip
    state = _state(one)
    if state == State.FILED:
        on = timezone.localdate(one.report.finding.incident.last_at)
        return outcomes.Adjudicated(str(one.pk), on, confirmed=True, case=True)
    if state == State.DECLINED:
        reason, at = refused.get(one.report.finding.incident_id, ("", one.report.received_at))
        said = practice().declined.get(reason, "open")
        if said == "open":
            return None
        return outcomes.Adjudicated(str(one.pk), timezone.localdate(at), confirmed=said == "right")
    if one.verdict and one.judged_at:
        return outcomes.Adjudicated(
            str(one.pk), timezone.localdate(one.judged_at), confirmed=one.verdict == "right"
        )
    return None


def _declined(standings: Iterable[Standing]) -> dict[int, tuple[str, datetime]]:
    """Return the reason and time of the decision that declined each incident."""
    incidents = [one.report.finding.incident_id for one in standings]
    made = Decision.objects.filter(
        incident__in=incidents, kind=Decision.Kind.DECLINE, undone_at=None
    )
    return {one.incident_id: (one.reason, one.at) for one in made.order_by("at", "pk")}


def standings_of(office: Procuratorate, slug: str):
    """Return the findings of a model with what their pages need."""
    return Standing.objects.filter(office=office, model=slug).select_related(
        "report__finding__incident", "first_run__text", "judged_by"
    )


def records(office: Procuratorate, slug: str) -> list[Record]:
    """Return the record of each version that was run in earnest, the newest first."""
    runs = Run.objects.filter(office=office, model=slug, preview=False, state=Run.State.DONE)
    standings = list(standings_of(office, slug))
    found = []
    for version in sorted({run.text.version for run in runs.select_related("text")}, reverse=True):
        mine = [one for one in standings if one.first_run.text.version == version]
        judged = adjudicated(mine)
        found.append(
            Record(
                version=version,
                hits=len(mine),
                sent=sum(one.report_id is not None for one in mine),
                precision=outcomes.precision(judged),
                case_rate=outcomes.case_rate(judged),
                drift=drift_of(judged),
                recall=_recall(office, slug, version, judged),
            )
        )
    return found


def drift_of(judged: list[outcomes.Adjudicated]) -> outcomes.Drift | None:
    """Watch what came after the first adjudications, from which the usual precision is taken."""
    first = practice().baseline
    if len(judged) <= first:
        return None
    usual = sum(one.confirmed for one in judged[:first]) / first
    return outcomes.drift([one.confirmed for one in judged[first:]], usual)


def _recall(
    office: Procuratorate, slug: str, version: int, judged: list[outcomes.Adjudicated]
) -> outcomes.Recall | None:
    """Estimate recall from the newest sample of this version that was read whole."""
    drawn = Negative.objects.filter(run__office=office, run__model=slug, run__text__version=version)
    newest = drawn.order_by("-run_id").first()
    if newest is None:
        return None
    mine = list(drawn.filter(run=newest.run_id))
    if any(not one.verdict for one in mine):
        return None
    missed = sum(one.verdict == Negative.Verdict.MISSED for one in mine)
    confirmed = sum(one.confirmed for one in judged)
    return outcomes.recall(confirmed, newest.unflagged, len(mine), missed)


def likeness(
    office: Procuratorate, model: Model, others: Iterable[Model]
) -> list[novelty.Likeness]:
    """Return the models that are the same or near: by form, and by hits where both were run here."""
    chosen = list(others)
    keys: dict[str, set[tuple[str]]] = {}
    for slug, key in Standing.objects.filter(office=office).values_list("model", "key"):
        keys.setdefault(slug, set()).add((key,))
    shared = {
        one.id: novelty.overlap(keys[model.id], keys[one.id])
        for one in chosen
        if model.id in keys and one.id in keys
    }
    return [one for one in novelty.compare(model, chosen, shared) if one.verdict != "new"]


def due(standing: Standing, today: date) -> bool:
    """Tell whether a hit waits for somebody: not sent, not judged, not held back."""
    return standing.report_id is None and not standing.verdict and not standing.held(today)
