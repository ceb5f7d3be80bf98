"""Minutes and confirmations of facts: a text both sides sign, word for word the same."""

from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from jingyi.core.procedure import StepClosed
from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.cases.actions import steps
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.models import Case
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.models import Organ
from jingyi.web.registry.queries import seated
from jingyi.web.station.access import require_in
from jingyi.web.station.models import Paper, Signature

Side = Signature.Side


@transaction.atomic
def write(
    *, case: Case, organ: Organ, kind: str, title: str, text: str, held_on: date,
    instead_of: Paper | None = None, by: User, at: datetime,
) -> Paper:  # fmt: skip
    """Write a paper, or new words in place of one; signatures are of words, so they begin anew."""
    require_on(by, "case.step", case)
    steps.not_ahead(held_on, None, at)
    if not title.strip() or not text.strip():
        raise Refusal("请写标题和正文。")
    if instead_of and (instead_of.replaced_by_id or instead_of.signatures.count() == 2):
        raise Refusal("双方已经签字，或者已有新的文本，不能再改写。需要变更的，请另立一份。")
    paper = Paper.objects.create(
        case=case, organ=organ, kind=kind, title=title.strip(), text=text.strip(),
        digest=digest_of(title, text), held_on=held_on, by=by, at=at,
    )  # fmt: skip
    if instead_of:
        instead_of.replaced_by = paper
        instead_of.save(update_fields=["replaced_by"])
    _record("paper.written", paper, by, at)
    for user in seated(organ, "station.sign"):
        notify(
            user=user, sentence=say("一份文件等您签字：{title}", title=paper.title),
            url=paper.get_absolute_url(), key=f"paper:{paper.pk}", at=at,
        )  # fmt: skip
    return paper


@transaction.atomic
def sign(*, paper: Paper, side: str, digest: str, by: User, at: datetime) -> Signature:
    """Sign the words that were read; the consultation is entered when both sides have signed.

    Raises:
        Refusal: the words are not those that were read, or this side signed before.
    """
    paper = Paper.objects.select_for_update(of=("self",)).select_related("case", "organ").get(pk=paper.pk)  # fmt: skip
    if side == Side.OFFICE:
        require_on(by, "case.step", paper.case)
    else:
        require_in(by, "station.sign", paper.organ)
    if paper.replaced_by_id or digest != paper.digest:
        raise Refusal("您读到的不是现在的文本。请打开最新的文本，再签字。")
    if paper.signatures.filter(side=side).exists():
        raise Refusal("这一方已经签过字。")
    signed = Signature.objects.create(paper=paper, side=side, digest=digest, by=by, at=at)
    _record("paper.signed", paper, by, at, side=side)
    if paper.kind == Paper.Kind.MINUTES and paper.signatures.count() == 2:
        _enter(paper, by, at)
    return signed


def digest_of(title: str, text: str) -> str:
    """Return the SHA-256 of what is signed."""
    return sha256(f"{title.strip()}\n{text.strip()}".encode()).hexdigest()


def _enter(paper: Paper, by: User, at: datetime) -> None:
    """Enter the consultation as a step, where the course of the case still has a place for it."""
    case = steps.locked_as_it_is(paper.case)
    try:
        with transaction.atomic():
            steps.record_event(
                case=case, kind="consultation.held", on=paper.held_on,
                facts={"note": paper.title}, warrant=f"paper:{paper.pk}", by=by, at=at,
                version=case.version,
            )  # fmt: skip
    except StepClosed:  # signed after the case went on: the paper stands by itself
        return


def _record(kind: str, paper: Paper, by: User, at: datetime, **more: object) -> None:
    facts = {"paper": paper.pk, "kind": paper.kind, "digest": paper.digest, **more}
    ledger.append(
        kind=kind, subject=f"case:{paper.case.ref}", facts=facts, by=by, at=at,
        office=paper.case.office,
    )  # fmt: skip
