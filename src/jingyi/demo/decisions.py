"""What lies before those who decide: requests for approval, an application for recusal, a watch."""

from datetime import datetime, timedelta

from django.utils import timezone

from jingyi.core import rulebook
from jingyi.demo.chance import dice
from jingyi.demo.institutions import Institutions
from jingyi.demo.stories import NOW
from jingyi.web.cases.approvals.actions import recusals, requests
from jingyi.web.cases.approvals.models import Approval
from jingyi.web.cases.models import Case
from jingyi.web.cases.moves import actions as moves

TODAY = timezone.localdate(NOW)
STEP = "review.extend.chief"
GROUNDS = "委托鉴定的意见尚未收到，一个月内不能审查终结，提请延长一个月。"


def load(made: Institutions) -> None:
    """Put some reviews up for more time, each as far as it has come; two more matters besides."""
    cases = Case.objects.filter(state="reviewing", track="administrative").select_related("office")
    able = [case for case in cases.order_by("ref") if _first_time(case)]
    for stage, case in enumerate(able[:4]):
        _ask(made, case, stage)
    _recusal(able[4])
    _watch(made, able[5])


def _first_time(case: Case) -> bool:
    return not case.events.filter(kind="review.extended.chief", undone_at=None).exists()


def _ask(made: Institutions, case: Case, stage: int) -> None:
    """Ask for a month; `stage` says how far: with the head, the chief, returned, with dissent."""
    at = NOW - timedelta(hours=9 - stage)
    asked = requests.ask(
        case=case,
        step=rulebook.states(case.track).steps[STEP],
        grounds=GROUNDS,
        draft="准予延长审查起诉期限一个月。",
        facts={},
        by=case.handler,
        at=at,
    )
    if stage:
        head = made.staff[case.office.code, "department-head"][0]
        words = "情况属实，同意。" if stage < 3 else "鉴定可以催办，不必延长。"
        requests.review(approval=asked, agrees=stage < 3, text=words, by=head, at=_later(at, 1))
    if stage >= 2:
        chief = made.staff[case.office.code, "chief"][0]
        back = requests.send_back(
            approval=_fresh(asked), text="请先书面催办鉴定机构，附催办函后再报。", by=chief, at=_later(at, 2),
        )  # fmt: skip
        if stage == 3:
            requests.dissent(
                approval=_fresh(back), text="催办不停止期限，届满前收不到意见就不能依法终结。",
                by=case.handler, at=_later(at, 3),
            )  # fmt: skip


def _later(at: datetime, times: int) -> datetime:
    return at + timedelta(minutes=20 * times)


def _fresh(approval: Approval) -> Approval:
    return Approval.objects.get(pk=approval.pk)


def _recusal(case: Case) -> None:
    """Let a party ask that the appraiser stand aside."""
    recusals.apply(
        case=case,
        capacity="appraiser",
        person=None,
        name=dice("recusal", case.ref).choice(["程鉴之", "许衡"]),
        own=False,
        applicant="当事人",
        ground="kin",
        text="称该鉴定人与行政机关负责人有亲属关系。",
        asked_on=TODAY,
        by=case.handler,
        at=NOW - timedelta(hours=2),
        version=Case.objects.get(pk=case.pk).version,
    )


def _watch(made: Institutions, case: Case) -> None:
    """Let the city's office supervise a case of a district where it is."""
    city = made.offices["zy"]
    moves.send(
        case=case,
        kind="supervise",
        asks=city,
        to=case.office,
        grounds="沿河群众反映集中，请按月报告整改进展。",
        sent_on=TODAY,
        due_on=TODAY + timedelta(days=40),
        by=made.staff["zy", "chief"][0],
        at=NOW - timedelta(hours=1),
        version=Case.objects.get(pk=case.pk).version,
    )
