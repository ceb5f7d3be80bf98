"""What people do with hits: send them to the desk, judge them, hold them back, look at them whole."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from jingyi.core.refusal import Refusal
from jingyi.core.screening.compile import bound
from jingyi.core.screening.explain import Reasons
from jingyi.core.screening.masking import masked_hit
from jingyi.core.screening.model import Model
from jingyi.core.screening.practice import practice
from jingyi.web.accounts.models import User
from jingyi.web.intake.actions import reports
from jingyi.web.intake.models import Report, Source
from jingyi.web.leads.actions.founding import Vouched, found
from jingyi.web.registry.access import require
from jingyi.web.screening import library
from jingyi.web.screening.actions.record import record
from jingyi.web.screening.models import Hit, Run, Standing

PLACES = ("address", "place", "site", "location")  # outputs that say where


@transaction.atomic
def send(*, run: Run, hits: Sequence[Hit], by: User, at: datetime) -> int:
    """Make leads of hits; return how many. What was sent, judged wrong or held back is left out.

    Raises:
        Refusal: nothing is left to send, or it is more than people can read.
    """
    require(by, "screening.run", run.office)
    if run.preview:
        raise Refusal("预览的命中不能转为线索。请先保存阈值，正式运行。")
    today, rule = timezone.localdate(at), practice()
    chosen = {one.standing_id: one for one in hits if one.run_id == run.pk}
    standings = Standing.objects.select_for_update().filter(pk__in=chosen, report=None)
    ready = [
        one for one in standings.order_by("pk") if not one.held(today) and one.verdict != "wrong"
    ]
    if not ready:
        raise Refusal("没有可以转为线索的命中：所选的已经转过、已判不属实或者在抑制期内。")
    if len(ready) > rule.sent_at_once:
        raise Refusal(
            "一次最多转 {n} 条：线索要逐条看。请先筛选或者提高阈值。", n=rule.sent_at_once
        )
    model, said = library.of_text(run.text), Told(run)
    vouched = []
    for standing in ready:
        hit = chosen[standing.pk]
        if not hit.values:
            raise Refusal("这些命中的数据已经到期删除，不能再转为线索。")
        report = _report(model, said, hit, at)
        standing.report = report
        standing.save(update_fields=["report"])
        record("hit-sent", hit.subject, office=run.office, by=by, at=at, report=report.ref)
        vouched.append(Vouched(report, model.domain, said.of(hit)))
    found(office=run.office, vouched=vouched, at=at)
    return len(vouched)


class Told:
    """The sentences of a run's hits, numbers of persons masked."""

    def __init__(self, run: Run) -> None:
        self.model = library.of_text(run.text)
        self.reasons = Reasons(self.model, bound(self.model, run.values))

    def of(self, hit: Hit, *, whole: bool = False) -> tuple[Any, ...]:
        """Return the reasons of a hit; `whole`: with the numbers as they are."""
        typed = hit.typed(self.model)
        return self.reasons.of(typed if whole else masked_hit(self.model, typed))

    def finding(self, hit: Hit) -> Any:
        """Return what was found, in one sentence."""
        return self.of(hit)[0]


def _report(model: Model, told: Told, hit: Hit, at: datetime) -> Report:
    """Take a hit in like any other report; the words say that it is one, and mask who it is about."""
    finding = str(told.finding(hit))
    where = next((hit.values[name] for name in PLACES if hit.values.get(name)), "")
    text = f"{finding}（监督模型“{model.title}”第 {model.version} 版的命中，须人工核实。）"
    report, _ = reports.receive(
        office=hit.run.office, source=Source.SHARING, title=f"{model.title}：{finding}"[:120],
        text=text, place_words=where[:200], identity=None,
        key=f"screening:{hit.standing_id}", at=at,
    )  # fmt: skip
    return report


@transaction.atomic
def judge(*, standing: Standing, verdict: str, note: str, by: User, at: datetime) -> Standing:
    """Say whether a hit is right; "" takes it back. A hit that is a lead is judged on the desk."""
    require(by, "screening.run", standing.office)
    now = Standing.objects.select_for_update().get(pk=standing.pk)
    if now.report_id:
        raise Refusal("这条命中已经转为线索，结论以线索的处理为准。")
    if verdict == "wrong" and not note.strip():
        raise Refusal("判为不属实须写明理由：模型凭它改进。")
    now.verdict, now.note = verdict, note.strip()
    now.judged_by, now.judged_at = (by, at) if verdict else (None, None)
    now.save()
    record(
        "hit-judged", f"standing:{now.pk}", office=now.office, by=by, at=at, verdict=verdict,
        model=now.model,
    )  # fmt: skip
    return now


@transaction.atomic
def suppress(*, standing: Standing, reason: str, until: date | None, by: User, at: datetime) -> Standing:  # fmt: skip
    """Hold a hit back until a day, with the reason; without a day it is shown again."""
    require(by, "screening.run", standing.office)
    now = Standing.objects.select_for_update().get(pk=standing.pk)
    if until is not None:
        if not reason.strip():
            raise Refusal("抑制一条命中须写明理由。")
        if until < timezone.localdate(at):
            raise Refusal("抑制的最后一天不能早于今天。")
    now.suppressed_for, now.suppressed_until = reason.strip() if until else "", until
    now.save(update_fields=["suppressed_for", "suppressed_until"])
    record(
        "hit-suppressed", f"standing:{now.pk}", office=now.office, by=by, at=at, model=now.model,
        until=until.isoformat() if until else "", reason=now.suppressed_for,
    )  # fmt: skip
    return now


@transaction.atomic
def unmask(*, hit: Hit, reason: str, by: User, at: datetime) -> Hit:
    """Put on record that somebody looks at the whole numbers, and why, before they are shown."""
    require(by, "screening.unmask", hit.run.office)
    if not reason.strip():
        raise Refusal("查看完整号码必须写明理由；理由会记入账本。")
    if not hit.values:
        raise Refusal("数据已经到期删除，只留下摘要。")
    record(
        "unmasked", hit.subject, office=hit.run.office, by=by, at=at, reason=reason.strip()[:300]
    )
    return hit
