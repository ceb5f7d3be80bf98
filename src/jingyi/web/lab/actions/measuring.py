"""A worksheet while it is measured: samples placed, results and controls written, handed in."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from jingyi.core import custody
from jingyi.core.lab import people, ruling
from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.evidence.custody.actions import Said, enter
from jingyi.web.evidence.custody.queries import acts_of, links_of
from jingyi.web.lab import controls, numbers, verdicts
from jingyi.web.lab.actions.record import record
from jingyi.web.lab.models import (
    Control,
    Device,
    Kit,
    Material,
    Method,
    Result,
    Sample,
    Worksheet,
)
from jingyi.web.registry.access import require
from jingyi.web.registry.queries import holders


@transaction.atomic
def begin(
    *,
    method: Method,
    device: Device | None,
    kit: Kit | None,
    on: date,
    samples: Sequence[Sample] = (),
    intact: bool | None = None,
    by: User,
    at: datetime,
) -> Worksheet:
    """Begin a worksheet; whoever begins it is its analyst.

    Raises:
        Http404: `by` may not test in that office.
        Refusal: the day lies ahead, or device or lot are another method's.
    """
    require(by, "lab.test", method.office)
    if on > timezone.localdate(at):
        raise Refusal("{on} 还没有到。", on=on)
    if kit is not None and kit.method_id != method.pk:
        raise Refusal("批号 {lot} 不是这个方法的试剂。", lot=kit.lot)
    if device is not None and device.office_id != method.office_id:
        raise Refusal("这台仪器不是本院的。")
    found = Worksheet.objects.create(
        ref=numbers.next_ref(Worksheet, "W", on.year), office=method.office, method=method,
        device=device, kit=kit, on=on, analyst=by, at=at,
    )  # fmt: skip
    facts = {
        "method": method.name, "item": method.item, "device": device.serial if device else "",
        "lot": kit.lot if kit else "", "on": on.isoformat(),
    }  # fmt: skip
    _record("lab.begun", found, facts, by, at)
    place(sheet=found, samples=samples, intact=intact, by=by, at=at)
    return found


@transaction.atomic
def place(
    *, sheet: Worksheet, samples: Sequence[Sample], intact: bool | None = None, by: User,
    at: datetime,
) -> list[Result]:  # fmt: skip
    """Put samples on a worksheet, after those that are there; sealed ones are opened for it.

    Args:
        intact: whether their seals were whole when they were opened.

    Raises:
        Refusal: a sample is not for this item, `by` does not hold it, or nobody said how its seal was.
    """
    _writable(sheet, by)
    here = set(sheet.results.values_list("sample_id", flat=True))
    last = _last(sheet)
    made = []
    for sample in samples:
        if sample.request.office_id != sheet.office_id or sheet.method.item not in sample.items:
            raise Refusal("样品 {number} 不检测这个项目。", number=sample.number)
        if sample.pk in here:
            continue
        earlier = Result.objects.filter(sample=sample, worksheet__method__item=sheet.method.item)
        earlier = earlier.exclude(worksheet__state=Worksheet.State.VOID).order_by("-pk").first()
        _open(sample, sheet, intact, by, at)
        last += 1
        made.append(
            Result.objects.create(worksheet=sheet, sample=sample, position=last, repeats=earlier)
        )
    if made:
        facts = {"samples": [one.sample.number for one in made]}
        _record("lab.placed", sheet, facts, by, at)
    return made


@transaction.atomic
def write(*, sheet: Worksheet, texts: Mapping[int, str], by: User, at: datetime) -> list[Result]:
    """Write results, {result: text}; what was there before stays in the ledger.

    Raises:
        Refusal: one is no result of this method.
    """
    _writable(sheet, by)
    changed = []
    for one in sheet.results.select_for_update(of=("self",)).select_related("sample"):
        text = texts.get(one.pk, one.text).strip()
        if text == one.text:
            continue
        ruling.read(text, sign_only=sheet.method.sign_only)
        was, one.text = one.text, text
        one.measured_at = one.measured_at or at
        one.save(update_fields=["text", "measured_at"])
        changed.append({"sample": one.sample.number, "was": was, "is": text})
    if changed:
        _record("lab.written", sheet, {"results": changed}, by, at)
    return list(sheet.results.all())


@transaction.atomic
def control(
    *, sheet: Worksheet, kind: str, figures: Mapping[str, str], material: Material | None = None,
    position: int | None = None, by: User, at: datetime,
) -> Control:  # fmt: skip
    """Write a control down; whether it passes is said at once.

    Args:
        position: its place in the order of measuring. If not given, before all samples while no
            result is written yet, and after everything so far from then on.
    """
    _writable(sheet, by)
    wanted = {name: figures.get(name, "").strip() for name in controls.FIGURES.get(kind, ())}
    at_place = _next(sheet) if position is None else position
    reading = controls.reading_of(sheet.method, kind, wanted, material)
    checked = verdicts.check(sheet, kind, reading, at_place)
    found = Control.objects.create(
        worksheet=sheet, kind=kind, figures=wanted, material=material, position=at_place,
        passed=checked.passed, because=checked.because.to_json(),
    )  # fmt: skip
    facts = {"kind": kind, "position": at_place, "passed": checked.passed, **wanted}
    _record("lab.control", sheet, facts, by, at)
    return found


@transaction.atomic
def drop_control(*, control: Control, reason: str, by: User, at: datetime) -> Control:
    """Let a control not count that was written by mistake; it stays to be read, with the reason."""
    sheet = control.worksheet
    _writable(sheet, by)
    if not reason.strip():
        raise Refusal("请写明这一行质控为什么不算数；复核人会看到。")
    control.dropped = reason.strip()[:200]
    control.save(update_fields=["dropped"])
    facts = {"kind": control.kind, "passed": control.passed, "reason": control.dropped}
    _record("lab.control-dropped", sheet, {**facts, **control.figures}, by, at)
    return control


@transaction.atomic
def submit(*, sheet: Worksheet, by: User, at: datetime) -> verdicts.Sheet:
    """Hand a worksheet in to be verified, with every hold on it.

    Raises:
        Refusal: it has no results, or one is not written.
    """
    _writable(sheet, by)
    if not sheet.results.exists():
        raise Refusal("检测记录里还没有样品。")
    if sheet.results.filter(text="").exists():
        raise Refusal("还有样品没有填写结果。测不出来的，请写“未检出”或者小于检出限的值。")
    judged = verdicts.judge(sheet)
    sheet.state, sheet.submitted_at, sheet.returned = Worksheet.State.SUBMITTED, at, ""
    sheet.save(update_fields=["state", "submitted_at", "returned"])
    facts = {"held": judged.held, "results": len(judged.lines)}
    _record("lab.submitted", sheet, facts, by, at)
    for user in holders(sheet.office, "lab.verify"):
        if user.pk != by.pk:
            notify(
                user=user, sentence=say("检测记录 {ref} 待复核。", ref=sheet.ref),
                url=sheet.get_absolute_url(), key=f"lab-submitted:{sheet.ref}:{at}", at=at,
            )  # fmt: skip
    return judged


def _open(sample: Sample, sheet: Worksheet, intact: bool | None, by: User, at: datetime) -> None:
    """Enter in its chain that a sample was opened and is tested."""
    here = custody.stand(acts_of(links_of(sample.subject)))
    if here.holder != by.pk or here.offered_to is not None:
        raise Refusal("样品 {number} 不在您手里：请先办好移交和接收。", number=sample.number)
    chain = {"subject": sample.subject, "office": sheet.office, "by": by, "at": at}
    if here.seal:
        enter(kind=custody.Kind.OPENED, said=Said(intact=intact, purpose=sheet.ref), **chain)
    enter(kind=custody.Kind.TESTED, said=Said(method=sheet.method.name), **chain)


def _writable(sheet: Worksheet, by: User) -> None:
    require(by, "lab.test", sheet.office)
    if sheet.state != Worksheet.State.OPEN:
        raise Refusal("检测记录 {ref} {state}，不能再修改。", ref=sheet.ref, state=sheet.get_state_display())  # fmt: skip
    people.corrects(people.Hands(frozenset(), sheet.analyst_id), by.pk)


def _next(sheet: Worksheet) -> int:
    return _last(sheet) + 1 if sheet.results.exclude(text="").exists() else 0


def _last(sheet: Worksheet) -> int:
    rows = (sheet.results, sheet.controls)
    return max(one.aggregate(last=Max("position"))["last"] or 0 for one in rows)


def _record(kind: str, sheet: Worksheet, facts: Mapping[str, object], by: User, at: datetime):
    record(kind, f"worksheet:{sheet.ref}", facts, office=sheet.office, by=by, at=at)
