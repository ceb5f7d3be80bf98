"""Joint papers: the three offices countersign the same words, one after the other."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.http import Http404

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.ledger import actions as ledger
from jingyi.web.proposals.access import countersides
from jingyi.web.proposals.models import Countersignature, JointPaper
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate

ORDER = tuple(Countersignature.Side.values)


@transaction.atomic
def write(*, office: Procuratorate, title: str, text: str, by: User, at: datetime) -> JointPaper:
    """Write a paper for the three offices to sign."""
    require(by, "proposals.assess", office)
    if not title.strip() or not text.strip():
        raise Refusal("请写标题和正文。")
    digest = sha256(f"{title.strip()}\n{text.strip()}".encode()).hexdigest()
    paper = JointPaper.objects.create(
        office=office, title=title.strip(), text=text.strip(), digest=digest, by=by, at=at
    )
    _record(paper, "joint.written", by, at)
    return paper


@transaction.atomic
def sign(*, paper: JointPaper, digest: str, by: User, at: datetime) -> Countersignature:
    """Sign for whichever of the offices is next; nobody signs out of turn.

    Raises:
        Http404: `by` signs for none of them.
        Refusal: it is another's turn, the words are not those read, or it was returned.
    """
    paper = _locked(paper)
    sides = countersides(by, paper)
    if not sides:
        raise Http404
    side = next_of(paper)
    if paper.returned_at or side is None:
        raise Refusal("这份文件已经退回，或者三方都已会签。")
    if side not in sides:
        raise Refusal("现在轮到{side}会签。", side=Countersignature.Side(side).label)
    if digest != paper.digest:
        raise Refusal("您读到的不是现在的文本。请刷新后再签。")
    made = Countersignature.objects.create(paper=paper, side=side, digest=digest, by=by, at=at)
    _record(paper, "joint.signed", by, at, side=side)
    return made


@transaction.atomic
def send_back(*, paper: JointPaper, words: str, by: User, at: datetime) -> JointPaper:
    """Return a paper with the reason; another is written in its place."""
    paper = _locked(paper)
    side = next_of(paper)
    if not countersides(by, paper) & {side}:
        raise Http404
    if not words.strip() or paper.returned_at:
        raise Refusal("请写明退回的理由。")
    paper.returned_at, paper.returned_by, paper.returned_words = at, by, words.strip()
    paper.save()
    _record(paper, "joint.returned", by, at, words=words.strip())
    return paper


def next_of(paper: JointPaper) -> str | None:
    """Return whose turn it is; None once all have signed."""
    signed = set(paper.signatures.values_list("side", flat=True))
    return next((side for side in ORDER if side not in signed), None)


def _locked(paper: JointPaper) -> JointPaper:
    found = JointPaper.objects.select_for_update(of=("self",)).select_related("office__region")
    return found.get(pk=paper.pk)


def _record(paper: JointPaper, kind: str, by: User, at: datetime, **more: object) -> None:
    facts = {"digest": paper.digest, "title": paper.title, **more}
    ledger.append(
        kind=kind, subject=f"joint-paper:{paper.pk}", facts=facts, by=by, at=at, office=paper.office
    )
