"""What a chief procurator decides about clocks; each goes into the ledger."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from jingyi.core import rulebook
from jingyi.core.clock_rules import Period
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.cases import derive
from jingyi.web.cases.models import Case
from jingyi.web.cases.rules import reading
from jingyi.web.cases.rules.models import Move, OfficeLimit
from jingyi.web.cases.rules.preview import preview
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate


class PreviewStale(Refusal):
    """A date has changed since the preview was shown."""


class AlreadyUndone(Refusal):
    """The move was taken back before."""


@transaction.atomic
def set_limit(
    *,
    office: Procuratorate,
    rule: str,
    track: str,
    number: int,
    unit: str,
    since: date,
    reason: str,
    by: User,
    at: datetime,
) -> OfficeLimit:
    """Give one of the office's own limits another length for clocks that begin from `since` on.

    Raises:
        Http404: `by` may not decide for the office.
        NotTheOffices: the law sets the period.
        Refusal: running clocks would move without a preview: the day is past, or has its length.
    """
    require(by, "case.open", office)
    found = rulebook.clock(rule)
    if since < timezone.localdate(at):
        raise Refusal(
            "生效日 {since} 已过，会不经预览就改动正在计算的期限。请写今天或以后的日期；"
            "正在计算的期限可以用“迁移”改按新版本。",
            since=since,
        )
    own = next(one for one in reading.office_rules([office.pk])[office.pk] if one.id == found.id)
    before = own.version_on(since).tracks.get(track)
    if before is None:
        raise Refusal("“{rule}”没有“{track}”这一情形。", rule=found.title, track=track)
    if OfficeLimit.objects.filter(office=office, rule=found.id, track=track, since=since).exists():
        raise Refusal(
            "自 {since} 起的长度已经定过，可能已有期限按它计算。请写以后的日期。", since=since
        )
    own.limited(since, {track: Period(**{unit: number})})
    entry = ledger.append(
        kind="clock.limit-set",
        subject=f"rule:{found.id}",
        facts={
            "rule": found.id, "track": track, "unit": unit, "number": number, "reason": reason,
            "since": since.isoformat(), "before": str(before.period.sentence),
        },
        by=by,
        at=at,
        office=office,
    )  # fmt: skip
    return OfficeLimit.objects.create(
        office=office, rule=found.id, track=track, number=number, unit=unit, since=since,
        reason=reason, entry=entry.index, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def move(
    *,
    office: Procuratorate,
    rule: str,
    version: date,
    reason: str,
    seen: str,
    by: User,
    at: datetime,
) -> Move:
    """Move the office's running clocks of `rule` to a version, exactly as the preview showed.

    Args:
        seen: `Preview.digest` of what was confirmed.

    Raises:
        Http404: `by` may not decide for the office.
        PreviewStale: a date has changed since.
        Refusal: no date changes.
    """
    require(by, "case.open", office)
    shown = preview(office, rule, version, on=timezone.localdate(at))
    if shown.digest != seen:
        raise PreviewStale("预览之后有案件或者期限变动，没有迁移。请重新核对下面的日期后再确认。")
    if not shown.changes:
        raise Refusal("没有一个日期会改变，不必迁移。")
    changes = [change.as_json() for change in shown.changes]
    facts = {
        "rule": shown.rule.id, "version": version.isoformat(), "reason": reason,
        "cases": [case.ref for case in shown.cases], "changes": changes,
    }  # fmt: skip
    subject = f"rule:{shown.rule.id}"
    entry = ledger.append(
        kind="clocks.moved", subject=subject, facts=facts, by=by, at=at, office=office
    )
    made = Move.objects.create(
        office=office, rule=shown.rule.id, version=version, reason=reason, changes=changes,
        entry=entry.index, by=by, at=at,
    )  # fmt: skip
    made.cases.set(shown.cases)
    derive.rewrite(shown.cases, on=timezone.localdate(at))
    return made


@transaction.atomic
def undo_move(*, move: Move, by: User, at: datetime) -> Move:
    """Take a move back: its clocks are counted again by the version they had before.

    Raises:
        Http404: `by` may not decide for the office.
        AlreadyUndone: somebody has taken it back.
    """
    require(by, "case.open", move.office)
    move = Move.objects.select_for_update().get(pk=move.pk)
    if move.undone_at:
        raise AlreadyUndone("这次迁移已经撤回，没有重复撤回。")
    move.undone_at = at
    move.undone_by = by
    move.save(update_fields=["undone_at", "undone_by"])
    cases = list(Case.objects.filter(clock_moves=move).select_related("office"))
    derive.rewrite(cases, on=timezone.localdate(at))
    ledger.append(
        kind="clocks.moved-back",
        subject=f"rule:{move.rule}",
        facts={"move": move.entry, "cases": [case.ref for case in cases]},
        by=by,
        at=at,
        office=move.office,
    )
    return move
