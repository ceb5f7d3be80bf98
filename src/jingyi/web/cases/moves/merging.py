"""Two cases of one organ and one kind of violation become one (办案规则第六十九条)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from jingyi.core import moves as core
from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.cases.actions import steps
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.documents.models import Exhibit
from jingyi.web.cases.models import Case, Event
from jingyi.web.cases.moves import queries
from jingyi.web.cases.moves.models import CaseMerge
from jingyi.web.ledger import actions as ledger


class MayNotMerge(Refusal):
    """The law keeps the two cases apart, or it is too late."""


@transaction.atomic
def merge(
    *, later: Case, earlier: Case, grounds: str, on: date, by: User, at: datetime, version: int
) -> CaseMerge:
    """Close `later` into `earlier`: incidents and exhibits go along, its own events stay readable.

    Raises:
        Http404: `by` may not decide in that office.
        MayNotMerge: with the article.
        Refusal: see the sentence. After any of these nothing has been written.
    """
    later = steps.locked(later, version)
    earlier = steps.locked(earlier, earlier.version)
    require_on(by, "case.decide", later)
    require_on(by, "case.decide", earlier)
    why = core.why_not_merge(
        rulebook.moves()[1], queries.mergeable(earlier), queries.mergeable(later)
    )
    for reason in why:
        raise MayNotMerge(reason)
    steps.not_ahead(on, None, at)
    if on < later.opened_on:
        raise Refusal("决定之日 {on} 早于立案之日 {filed}。", on=on, filed=later.opened_on)
    if not grounds.strip():
        raise Refusal("请写明并案的理由：为什么是同类违法行为。")
    facts = {"into": earlier.ref, "grounds": grounds.strip()}
    event = Event.objects.create(
        case=later, kind="case.merged", on=on, place=steps.next_place(later), facts=facts,
        by=by, at=at,
    )  # fmt: skip
    steps.settle(later, at)
    steps.enter(kind="case.merged", event=event, by=by, at=at)
    incidents = [one for one in later.incidents.all() if one not in earlier.incidents.all()]
    earlier.incidents.add(*incidents)
    copied = _copy_exhibits(earlier, later, by, at)
    earlier.version += 1
    earlier.save(update_fields=["version"])
    made = CaseMerge.objects.create(
        earlier=earlier, later=later, event=event, grounds=grounds.strip(),
        incidents=[one.ref for one in incidents], exhibits=copied,
        earlier_version=earlier.version, on=on, by=by, at=at,
    )  # fmt: skip
    _record("case.joined", made, by, at)
    _tell(made, say("{later} 并入 {earlier} 办理", later=later.ref, earlier=earlier.ref), by, at)
    return made


@transaction.atomic
def undo_merge(*, merge: CaseMerge, reason: str, by: User, at: datetime) -> CaseMerge:
    """Part the two cases again, while nothing has happened in the earlier one since."""
    found = CaseMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    earlier = Case.objects.select_for_update(of=("self",)).select_related("office").get(
        pk=found.earlier_id
    )  # fmt: skip
    later = steps.locked(found.later, found.later.version)
    require_on(by, "case.decide", later)
    if found.undone_at:
        raise Refusal("这次并案已经撤销过了。")
    if not reason.strip():
        raise Refusal("请写明撤销并案的理由。")
    if earlier.version != found.earlier_version or _used(earlier, found):
        raise Refusal(
            "并案之后，{ref} 已有新的登记，不能再撤销并案；需要分案的，请另行立案。",
            ref=earlier.ref,
        )
    event = found.event
    event.case = later
    steps.take_out(event, reason, by, at)
    steps.settle(later, at)
    steps.enter(kind="case.undone", event=event, more={"reason": reason}, by=by, at=at)
    earlier.incidents.remove(*earlier.incidents.filter(ref__in=found.incidents))
    earlier.exhibits.filter(number__in=found.exhibits).delete()
    found.undone_at, found.undone_by, found.undone_reason = at, by, reason.strip()
    found.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    _record("case.parted", found, by, at)
    _tell(found, say("{later} 的并案已撤销", later=later.ref), by, at)
    return found


def _copy_exhibits(earlier: Case, later: Case, by: User, at: datetime) -> list[int]:
    """Let the sealed files of the later case stand among the earlier one's, with where they were."""
    last = earlier.exhibits.aggregate(last=Max("number"))["last"] or 0
    copies = [
        Exhibit(
            case=earlier, number=last + n, blob_id=one.blob_id, name=one.name, kind=one.kind,
            made_on=one.made_on, source=f"{later.ref} {one.source}".strip()[:200], by=by, at=at,
        )
        for n, one in enumerate(later.exhibits.order_by("number"), 1)
    ]  # fmt: skip
    Exhibit.objects.bulk_create(copies)
    return [one.number for one in copies]


def _used(earlier: Case, found: CaseMerge) -> bool:
    """Tell whether a fact, or the evidence list, has taken up an exhibit that came along."""
    keys = {f"exhibit:{number}" for number in found.exhibits}
    items = [f"exhibit-{number}" for number in found.exhibits]
    cited = earlier.facts.values_list("exhibits", flat=True)
    return any(keys & set(one) for one in cited) or earlier.items.filter(key__in=items).exists()


def _record(kind: str, made: CaseMerge, by: User, at: datetime) -> None:
    facts = {
        "later": made.later.ref, "earlier": made.earlier.ref, "grounds": made.grounds,
        "article": str(rulebook.moves()[1].source), "incidents": made.incidents,
        "exhibits": made.exhibits, "reason": made.undone_reason,
    }  # fmt: skip
    ledger.append(
        kind=kind, subject=f"case:{made.earlier.ref}", facts=facts, by=by, at=at,
        office=made.earlier.office,
    )  # fmt: skip


def _tell(made: CaseMerge, words: Sentence, by: User, at: datetime) -> None:
    for user in {made.earlier.handler, made.later.handler} - {by}:
        notify(
            user=user, sentence=words, url=made.earlier.get_absolute_url(),
            key=f"merge:{made.pk}:{'undone' if made.undone_at else 'made'}", at=at,
        )  # fmt: skip
