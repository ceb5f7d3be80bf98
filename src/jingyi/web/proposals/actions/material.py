"""Direction B: suggestions that show a larger problem become material, and a tabled proposal."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Suggestion
from jingyi.web.cases.queries import cases_for
from jingyi.web.ledger import actions as ledger
from jingyi.web.proposals.actions.linking import judge
from jingyi.web.proposals.models import Item, Link, Material
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate

State = Material.State


@transaction.atomic
def draft(
    *, office: Procuratorate, ground: str, suggestions: Sequence[Suggestion], title: str, text: str,
    by: User, at: datetime,
) -> Material:  # fmt: skip
    """Draft material on a ground, from suggestions one may read."""
    require(by, "proposals.assess", office)
    least = rulebook.proposals().grounds[ground].least
    readable = set(cases_for(by).filter(suggestions__in=suggestions).values_list("pk", flat=True))
    if len(suggestions) < least or any(one.case_id not in readable for one in suggestions):
        raise Refusal("这一类材料至少要有 {n} 份检察建议，而且都要是您能查阅的。", n=least)
    if not title.strip() or not text.strip():
        raise Refusal("请写标题和正文。")
    made = Material.objects.create(
        office=office, ground=ground, title=title.strip(), text=text.strip(), by=by, at=at
    )
    made.suggestions.set(suggestions)
    _record(made, "material.drafted", by, at)
    return made


@transaction.atomic
def rewrite(*, material: Material, title: str, text: str, by: User, at: datetime) -> Material:
    """Change a draft."""
    material = _locked(material, by)
    _in(material, State.DRAFT)
    material.title, material.text = title.strip(), text.strip()
    material.save(update_fields=["title", "text"])
    _record(material, "material.rewritten", by, at)
    return material


@transaction.atomic
def hand(
    *, material: Material, to: str, user: User | None = None, on: date, by: User, at: datetime
) -> Material:
    """Hand material to a deputy or member, who decides whether to table it."""
    material = _locked(material, by)
    _in(material, State.DRAFT)
    if not to.strip():
        raise Refusal("请写明送给哪位代表或者委员。")
    material.state, material.handed_to, material.user = State.HANDED, to.strip(), user
    material.handed_on = on
    material.save()
    _record(material, "material.handed", by, at)
    if user:
        notify(
            user=user, sentence=say("检察院送来一份建议素材：{title}", title=material.title),
            url="/proposals/mine/", key=f"material:{material.pk}", at=at,
        )  # fmt: skip
    return material


@transaction.atomic
def tabled(*, material: Material, item: Item, by: User, at: datetime) -> Material:
    """Enter as which item it was tabled; every suggestion it rests on is linked with that item."""
    material = _locked(material, by)
    _in(material, State.HANDED)
    if item.session.office_id != material.office_id:
        raise Refusal("只能登记为本院对应会议的建议或者提案。")
    if Material.objects.filter(item=item).exists():
        raise Refusal("这一件已经登记为另一份素材的成果。")
    material.state, material.item = State.TABLED, item
    material.save()
    for suggestion in material.suggestions.all():
        judge(
            item=item, target=suggestion, verdict=Link.Verdict.SAME, origin=Link.Origin.MATERIAL,
            reason=material.title, by=by, at=at,
        )  # fmt: skip
    _record(material, "material.tabled", by, at)
    return material


@transaction.atomic
def drop(*, material: Material, by: User, at: datetime) -> Material:
    """Let material rest."""
    material = _locked(material, by)
    if material.state == State.TABLED:
        raise Refusal("已经提出的不能再放弃。")
    material.state = State.DROPPED
    material.save(update_fields=["state"])
    _record(material, "material.dropped", by, at)
    return material


def _locked(material: Material, by: User) -> Material:
    found = Material.objects.select_for_update(of=("self",)).select_related("office")
    found = found.get(pk=material.pk)
    require(by, "proposals.assess", found.office)
    return found


def _in(material: Material, state: str) -> None:
    if material.state != state:
        raise Refusal("素材现在是“{state}”，不能这样办理。", state=material.get_state_display())


def _record(material: Material, kind: str, by: User, at: datetime) -> None:
    facts = {"title": material.title, "state": material.state, "to": material.handed_to}
    ledger.append(
        kind=kind, subject=f"material:{material.pk}", facts=facts, by=by, at=at,
        office=material.office,
    )  # fmt: skip
