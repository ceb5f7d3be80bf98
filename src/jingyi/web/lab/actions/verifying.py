"""A worksheet verified by another: returned, released with what is held, or declared void."""

from datetime import datetime

from django.db import transaction

from jingyi.core.lab import people
from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.lab import verdicts
from jingyi.web.lab.actions.record import record
from jingyi.web.lab.models import Request, Worksheet
from jingyi.web.registry.access import require


@transaction.atomic
def verify(*, sheet: Worksheet, by: User, at: datetime) -> verdicts.Sheet:
    """Verify a worksheet: results that nothing holds get their verdict, the others are void.

    Raises:
        Http404: `by` may not verify in that office.
        Refusal: `by` measured or sampled, or the sheet was not handed in.
    """
    sheet = _waiting(sheet, by)
    judged = verdicts.judge(sheet)
    for line in judged.lines:
        one = line.result
        one.late = [sentence.to_json() for sentence in line.late]
        one.holds = [sentence.to_json() for sentence in line.holds]
        one.state = verdicts.state_of(line)
        one.because = line.because.to_json() if line.because else None
        one.probability = line.verdict.probability if line.verdict else None
        one.save()
    sheet.state, sheet.verifier, sheet.verified_at = Worksheet.State.VERIFIED, by, at
    sheet.save(update_fields=["state", "verifier", "verified_at"])
    found = [
        {"sample": line.result.sample.number, "text": line.result.text, "state": line.result.state}
        for line in judged.lines
    ]
    _record("lab.verified", sheet, {"results": found}, by, at)
    _tell(judged, at)
    return judged


@transaction.atomic
def give_back(*, sheet: Worksheet, reason: str, by: User, at: datetime) -> Worksheet:
    """Send a worksheet back to its analyst, for a reason."""
    sheet = _waiting(sheet, by)
    if not reason.strip():
        raise Refusal("请写明退回的理由。")
    sheet.state, sheet.returned = Worksheet.State.OPEN, reason.strip()
    sheet.save(update_fields=["state", "returned"])
    _record("lab.returned", sheet, {"reason": reason.strip()}, by, at)
    notify(
        user=sheet.analyst, sentence=say("检测记录 {ref} 被退回。", ref=sheet.ref),
        url=sheet.get_absolute_url(), key=f"lab-returned:{sheet.ref}:{at}", at=at,
    )  # fmt: skip
    return sheet


@transaction.atomic
def void(*, sheet: Worksheet, reason: str, by: User, at: datetime) -> Worksheet:
    """Declare a worksheet void; it stays to be read, and nothing of it counts."""
    require(by, "lab.test", sheet.office)
    if sheet.state in {Worksheet.State.VERIFIED, Worksheet.State.VOID}:
        raise Refusal("检测记录 {ref} {state}，不能作废。", ref=sheet.ref, state=sheet.get_state_display())  # fmt: skip
    if not reason.strip():
        raise Refusal("请写明作废的理由。")
    sheet.state, sheet.void_reason = Worksheet.State.VOID, reason.strip()
    sheet.save(update_fields=["state", "void_reason"])
    _record("lab.voided", sheet, {"reason": reason.strip()}, by, at)
    return sheet


def _waiting(sheet: Worksheet, by: User) -> Worksheet:
    require(by, "lab.verify", sheet.office)
    sheet = Worksheet.objects.select_for_update(of=("self",)).select_related("office", "method", "device", "kit", "analyst").get(pk=sheet.pk)  # fmt: skip
    if sheet.state != Worksheet.State.SUBMITTED:
        raise Refusal("检测记录 {ref} 没有在等待复核。", ref=sheet.ref)
    pairs = sheet.results.values_list("sample__first_id", "sample__second_id")
    people.verifies(people.Hands(people.took_all(pairs), sheet.analyst_id), by.pk)
    return sheet


def _tell(judged: verdicts.Sheet, at: datetime) -> None:
    asked = {line.result.sample.request_id for line in judged.lines}
    for request in Request.objects.filter(pk__in=asked).select_related("by"):
        notify(
            user=request.by, sentence=say("检测申请 {ref} 有了复核过的结果。", ref=request.ref),
            url=request.get_absolute_url(), key=f"lab-verified:{request.ref}:{at}", at=at,
        )  # fmt: skip


def _record(kind: str, sheet: Worksheet, facts: dict[str, object], by: User, at: datetime) -> None:
    record(kind, f"worksheet:{sheet.ref}", facts, office=sheet.office, by=by, at=at)
