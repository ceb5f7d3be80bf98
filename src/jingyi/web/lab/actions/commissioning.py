"""A sample sent to a qualified body, and what its report confirms; papers put into the case."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from jingyi.core.lab import deciding
from jingyi.core.lab.verdicts import EvidentialVerdict, Report
from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.cases.documents.actions import add_exhibit
from jingyi.web.cases.documents.models import Exhibit
from jingyi.web.evidence.models import Blob
from jingyi.web.lab import verdicts
from jingyi.web.lab.actions.asking import still_open
from jingyi.web.lab.actions.record import record
from jingyi.web.lab.models import Commission, Request, Sample
from jingyi.web.registry.access import require

PROOF, QUICK = "test-report", "quick-test"  # kinds of rulebook/evidence.toml


@transaction.atomic
def commission(
    *, sample: Sample, item: str, body: str, sent_on: date, by: User, at: datetime
) -> Commission:
    """Note that a sample went to a qualified body for one item."""
    request = sample.request
    require(by, "lab.sample", request.office)
    still_open(request)
    if not body.strip():
        raise Refusal("请写明检验检测机构的名称。")
    if item not in sample.items:
        raise Refusal("样品 {number} 不检测这个项目。", number=sample.number)
    if not timezone.localdate(sample.taken_at) <= sent_on <= timezone.localdate(at):
        raise Refusal("送检日期应当在采样之后、今天之前。")
    found = Commission.objects.create(
        request=request, sample=sample, item=item, body=body.strip(), sent_on=sent_on, by=by, at=at
    )
    facts = {"item": item, "body": found.body, "sent_on": sent_on.isoformat()}
    record("lab.commissioned", sample.subject, facts, office=request.office, by=by, at=at)
    return found


@transaction.atomic
def report(
    *,
    commission: Commission,
    number: str,
    cma: str,
    issued_on: date,
    over: bool,
    value: str = "",
    unit: str = "",
    u: float | None = None,
    blob: Blob,
    by: User,
    at: datetime,
) -> EvidentialVerdict:
    """Enter the body's report: its conclusion is the only thing that confirms.

    Args:
        value: the value it states, with `unit`; u: its standard uncertainty, if it states one.
        blob: the report itself, sealed.

    Raises:
        Refusal: the number, the body or its approval is missing, or the days do not fit.
    """
    request = commission.request
    require(by, "lab.sample", request.office)
    if commission.state:
        raise Refusal("报告 {number} 已经登记。", number=commission.number)
    if not commission.sent_on <= issued_on <= timezone.localdate(at):
        raise Refusal("报告日期应当在送检之后、今天之前。")
    bound = verdicts.bound_for(request, commission.item, unit)
    found = verdicts.estimate(value, u)
    paper = Report(number.strip(), commission.body, cma.strip(), issued_on, over, found)
    verdict = deciding.confirm(paper, bound.interval)
    commission.number, commission.cma, commission.issued_on = paper.number, paper.cma, issued_on
    commission.over, commission.value, commission.u = over, f"{value} {unit}".strip(), u
    commission.blob, commission.state = blob, str(verdict.state)
    commission.because = verdict.because.to_json()
    commission.reported_by, commission.reported_at = by, at
    commission.save()
    facts = {"number": paper.number, "cma": paper.cma, "over": over, "sha256": blob.sha256}
    record("lab.confirmed", commission.sample.subject, facts, office=request.office, by=by, at=at)
    notify(
        user=request.by, sentence=say("检测申请 {ref} 收到了检验检测报告。", ref=request.ref),
        url=request.get_absolute_url(), key=f"lab-confirmed:{commission.pk}", at=at,
    )  # fmt: skip
    return verdict


@transaction.atomic
def cite(*, commission: Commission, by: User, at: datetime) -> Exhibit:
    """Put a body's report among the exhibits of the case: a sentence of a document can rest on it."""
    if not commission.state or commission.blob is None:
        raise Refusal("还没有收到检验检测报告，没有可以引用的证据。")
    name = f"{commission.body} {commission.number}"
    return _exhibit(
        commission.request, commission.blob, name, PROOF, on=commission.issued_on, by=by, at=at
    )


@transaction.atomic
def file_sheet(*, request: Request, blob: Blob, by: User, at: datetime) -> Exhibit:
    """Put the record of quick tests into the case: as a lead, which no document may rest on."""
    name = f"快速检测记录 {request.ref}"
    return _exhibit(request, blob, name, QUICK, on=timezone.localdate(at), by=by, at=at)


def _exhibit(
    request: Request, blob: Blob, name: str, kind: str, *, on: date | None, by: User, at: datetime
) -> Exhibit:
    if request.case is None:
        raise Refusal("这份检测申请不属于任何案件。请在立案后从案件里引用。")
    if same := request.case.exhibits.filter(blob=blob).first():
        return same
    return add_exhibit(
        case=request.case, blob=blob, name=name, kind=kind, made_on=on, source=request.ref, by=by,
        at=at,
    )  # fmt: skip
