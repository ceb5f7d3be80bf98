"""The city's present: what its reporters have been told, and what waits on the desks today."""

from collections.abc import Sequence
from datetime import timedelta

from jingyi.core import rulebook
from jingyi.core.words import Sentence, say
from jingyi.demo.chance import dice
from jingyi.demo.institutions import Institutions
from jingyi.demo.reports import Taken, code_of, lines, soon
from jingyi.demo.stories import NOW
from jingyi.web.cases import actions as cases
from jingyi.web.intake.models import Receipt, Report
from jingyi.web.leads import actions as leads
from jingyi.web.leads.models import Decision, Incident
from jingyi.web.ledger.actions import Act

ASSESSING = say("检察院正在核实您反映的问题。")
FILED = say("检察院已对您反映的问题立案。")
URGING = say("检察院已督促行政机关整改。")
DONE = say("整改已完成，检察院已到现场核实。")
CLOSED = {"terminated", "concluded", "archived"}
State = Incident.State


def tell_reporters() -> list[Act]:
    """Let each receipt say how far the matter is; return the acts of first telling whoever holds it."""
    reasons = rulebook.decline_reasons()
    declined = dict(
        Decision.objects.filter(kind=Decision.Kind.DECLINE).values_list("incident", "reason")
    )
    kept = Receipt.objects.select_related(
        "report__finding__incident", "report__office"
    ).prefetch_related("report__finding__incident__cases")
    changed, acts = [], []
    for receipt in kept.order_by("pk"):
        incident = receipt.report.finding.incident
        stage, words = _stage(incident)
        if incident.state == State.DECLINED:
            reason = reasons[declined[incident.pk]].title
            stage, words = (
                "declined",
                say("经评估，不作为公益诉讼线索办理：{reason}。", reason=reason),
            )
        if words:
            receipt.stage, receipt.told = stage, words.to_json()
            changed.append(receipt)
            acts.append(_told(receipt.report))
    Receipt.objects.bulk_update(changed, ["stage", "told"], batch_size=400)
    return acts


def _told(report: Report) -> Act:
    """Return the act of telling that the matter is being looked into, mostly within a week."""
    own = dice("told", report.received_at.isoformat(), str(report.pk))
    hours = own.uniform(4, 150) if own.random() < 0.94 else own.uniform(180, 500)
    at = soon(report.received_at, hours)
    facts = {"stage": "assessing"}
    return Act("reporter.told", f"report:{report.ref}", at, None, report.office.code, facts)


def _stage(incident: Incident) -> tuple[str, Sentence | None]:
    if incident.state in {State.TAKEN, State.WATCHED}:
        return "assessing", ASSESSING
    if incident.state != State.FILED:
        return "received", None
    case = next(iter(incident.cases.all()), None)
    if case and case.state in CLOSED:
        return "done", DONE
    if case and case.state != "investigating":
        return "urging", URGING
    return "filed", FILED


def receipts() -> list[str]:
    """Return a line with the code of a receipt that can be tried on the public's page."""
    for line in lines():
        if line.told.source == "citizen" and line.story.worked:
            return [f"举报回执，可在“查询进度”试用 A receipt to try: {code_of(line)}"]
    return []


def today(made: Institutions, taken: Sequence[Taken], incidents: Sequence[Incident]) -> None:
    """Do, by the rooms' own actions, what is still open today: propose, return, hand on."""
    mine = [
        (one, incident)
        for one, incident in zip(taken, incidents, strict=True)
        if incident.state == State.TAKEN and NOW - one.story.begun < timedelta(days=150)
    ]
    _propose(made, mine)
    _hand_on(made, taken, incidents)


def _propose(made: Institutions, mine: list[tuple[Taken, Incident]]) -> None:
    """Propose a few cases to the chief procurators; one is returned, with dissent."""
    proposed = []
    for one, incident in mine:
        if one.office.code not in {"zy", "zy-dj"} or one.story.kind.get("civil"):
            continue
        by = incident.handler
        organ = next(
            (
                found
                for slug in one.story.kind["organs"]
                if (found := made.organs.get(f"{one.office.code}-{slug}"))
            ),
            None,
        )
        if organ is None:
            continue
        proposed.append(
            cases.propose(
                incidents=[Incident.objects.select_related("office").get(pk=incident.pk)],
                track="administrative",
                domain=one.story.domain,
                organ=organ,
                department=made.departments.get(one.office.code),
                handler=by,
                title=f"督促整治{one.story.case_title}行政公益诉讼案",
                grounds=f"{len(one.reports)} 件反映指向{one.story.case_title}，现场初查属实，社会公共利益受到侵害，行政机关可能未依法履职。",
                by=by,
                at=NOW - timedelta(hours=3 + len(proposed) * 5),
            )
        )
        if len(proposed) == 6:
            break
    if proposed:
        last = proposed[-1]
        chief = made.staff[last.office.code, "chief"][0]
        cases.return_proposal(
            proposal=last,
            reason="损害后果的照片和水样检测结果尚未附卷，补齐后再提请。",
            by=chief,
            at=NOW - timedelta(hours=2),
        )
        cases.dissent(
            proposal=last,
            text="现场情况正在变化，建议先立案再补充检测，以免证据灭失。",
            by=last.by,
            at=NOW - timedelta(hours=1),
        )


def _hand_on(made: Institutions, taken: Sequence[Taken], incidents: Sequence[Incident]) -> None:
    """Hand a few recent leads of the city's office on to the districts where they happened."""
    lin = made.people["lin"]
    moved = 0
    for one, incident in zip(taken, incidents, strict=True):
        fresh = incident.state == State.NEW and incident.is_lead
        if not fresh or one.office.code != "zy":
            continue
        leads.hand_on(
            incident=incident,
            to=made.office_of(one.story.district),
            by=lin,
            at=NOW - timedelta(hours=20 - moved),
            note="事发地在该院辖区，按管辖移送。",
        )
        moved += 1
        if moved == 5:
            return
