"""Writes of the room."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from jingyi.core import brands as core
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.brands import queries
from jingyi.web.brands.models import Brand, Claim, Decision, Upkeep
from jingyi.web.cases.queries import cases_for
from jingyi.web.evidence.models import Blob
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Department

FIRST = "cultivating"


@transaction.atomic
def create(*, department: Department, texts: Mapping[str, Any], by: User, at: datetime) -> Brand:
    """Enter a brand; its life begins with 培育. `texts` as BrandForm.cleaned() gives them.

    Raises:
        Refusal: the office has a brand of that name already.
    """
    office = department.procuratorate
    require(by, "brands.change", office)
    brand = Brand(office=office, department=department, stage=FIRST)
    _fill(brand, texts)
    brand.save()
    Decision.objects.create(
        brand=brand, stage=FIRST, reason="", on=texts["founded_on"], by=by, at=at
    )
    _record("brand.created", brand, {"name": brand.name, "department": department.name}, by, at)
    return brand


@transaction.atomic
def change(*, brand: Brand, texts: Mapping[str, Any], version: int, by: User, at: datetime) -> Brand:  # fmt: skip
    """Rewrite a brand's texts.

    Raises:
        Refusal: somebody changed it meanwhile, or the name is taken.
    """
    require(by, "brands.change", brand.office)
    brand = Brand.objects.select_for_update(of=("self",)).select_related("office").get(pk=brand.pk)
    if brand.version != version:
        raise Refusal("这个品牌刚刚被别人修改过。请重新打开页面，看过新的内容再改。")
    before = {name: getattr(brand, name) for name in texts}
    _fill(brand, texts)
    brand.version += 1
    brand.save()
    changed = sorted(name for name, old in before.items() if getattr(brand, name) != old)
    _record("brand.changed", brand, {"changed": changed}, by, at)
    return brand


def _fill(brand: Brand, texts: Mapping[str, Any]) -> None:
    for name, value in texts.items():
        setattr(brand, name, value)
    if Brand.objects.filter(office=brand.office, name=brand.name).exclude(pk=brand.pk).exists():
        raise Refusal("本院已有名为“{name}”的品牌，请另取名称。", name=brand.name)


@transaction.atomic
def decide(
    *, brand: Brand, to: str, reason: str, on: date, into: Brand | None = None,
    by: User, at: datetime,
) -> Decision:  # fmt: skip
    """Take a step of the brand's life; `into` is the brand it is merged with.

    Raises:
        Refusal: the step does not follow, or a merger has no other living brand.
    """
    require(by, "brands.decide", brand.office)
    brand = Brand.objects.select_for_update(of=("self",)).select_related("office").get(pk=brand.pk)
    core.move(brand.stage, to)
    if on > localdate(at):
        raise Refusal("决定的日期不能晚于今天。")
    if to == "joined" and (into is None or into.pk == brand.pk or into.stage in queries.OVER):
        raise Refusal("合并要选另一个还在使用的品牌。")
    decision = Decision.objects.create(
        brand=brand, before=brand.stage, stage=to, reason=reason, on=on, by=by, at=at
    )
    brand.stage, brand.joined_to = to, into if to == "joined" else None
    brand.version += 1
    brand.save(update_fields=["stage", "joined_to", "version"])
    facts = {"from": decision.before, "to": to, "on": on.isoformat(), "reason": reason}
    if into and to == "joined":
        facts["into"] = into.pk
    _record("brand.decided", brand, facts, by, at)
    return decision


@transaction.atomic
def claim(
    *, brand: Brand, count: str, words: str, as_of: date, since: date | None = None,
    domain: str = "", department: Department | None = None, by: User, at: datetime,
) -> Claim:  # fmt: skip
    """State a figure that is counted: nobody types it.

    Raises:
        Refusal: the day has not come, or the period is the wrong way round.
    """
    require(by, "brands.claim", brand.office)
    if as_of > localdate(at):
        raise Refusal("截至日期不能晚于今天：还没有发生的事数不出来。")
    if since and since > as_of:
        raise Refusal("开始日期不能晚于截至日期。")
    figure = queries.counted(
        core.book().counts[count].rows, brand.office,
        as_of=as_of, since=since, domain=domain, department=department,
    )  # fmt: skip
    made = Claim.objects.create(
        brand=brand, count=count, words=words, figure=figure, domain=domain,
        department=department, since=since, as_of=as_of, by=by, at=at,
    )  # fmt: skip
    facts = {"claim": made.pk, "count": count, "figure": figure, "as_of": as_of.isoformat()}
    _record("brand.claimed", brand, facts, by, at)
    return made


@transaction.atomic
def quote(*, brand: Brand, words: str, figure: int, source: str, as_of: date, by: User, at: datetime) -> Claim:  # fmt: skip
    """State a figure from outside, with the document it is taken from."""
    require(by, "brands.claim", brand.office)
    if not source.strip():
        raise Refusal("系统外的数字要写明出自哪份文件。")
    made = Claim.objects.create(
        brand=brand, words=words, figure=figure, source=source, as_of=as_of, by=by, at=at
    )
    facts = {"claim": made.pk, "figure": figure, "source": source, "as_of": as_of.isoformat()}
    _record("brand.quoted", brand, facts, by, at)
    return made


@transaction.atomic
def withdraw(*, claim: Claim, by: User, at: datetime) -> Claim:
    """Take a figure off the page; it stays on file."""
    require(by, "brands.claim", claim.brand.office)
    if claim.withdrawn_at is None:
        claim.withdrawn_at = at
        claim.save(update_fields=["withdrawn_at"])
        _record("brand.unclaimed", claim.brand, {"claim": claim.pk}, by, at)
    return claim


@transaction.atomic
def keep(*, brand: Brand, on: date, what: str, by: User, at: datetime) -> Upkeep:
    """Record what was done to keep the brand alive."""
    require(by, "brands.change", brand.office)
    if on > localdate(at):
        raise Refusal("维护的日期不能晚于今天。")
    made = Upkeep.objects.create(brand=brand, on=on, what=what, by=by, at=at)
    _record("brand.kept", brand, {"on": on.isoformat(), "what": what}, by, at)
    return made


@transaction.atomic
def mark(*, brand: Brand, blob: Blob, by: User, at: datetime) -> Brand:
    """Set the brand's mark: a picture that is in the vault."""
    require(by, "brands.change", brand.office)
    brand.mark = blob
    brand.save(update_fields=["mark"])
    _record("brand.marked", brand, {"sha256": blob.sha256}, by, at)
    return brand


@transaction.atomic
def represent(*, brand: Brand, refs: Iterable[str], by: User, at: datetime) -> None:
    """Set the representative cases, of those `by` may read.

    Raises:
        Refusal: there is no such case for `by`.
    """
    require(by, "brands.change", brand.office)
    refs = list(dict.fromkeys(refs))
    found = {case.ref: case for case in cases_for(by).filter(ref__in=refs)}
    if missing := [ref for ref in refs if ref not in found]:
        raise Refusal("没有编号为 {refs} 的案件，请核对。", refs="、".join(missing))
    brand.cases.set(found.values())
    _record("brand.represented", brand, {"cases": refs}, by, at)


def _record(kind: str, brand: Brand, facts: dict[str, Any], by: User, at: datetime) -> None:
    ledger.append(
        kind=kind, subject=f"brand:{brand.pk}", facts=facts, by=by, at=at, office=brand.office
    )
