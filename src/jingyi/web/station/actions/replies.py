"""The reply of an organ: drafted, reviewed, signed, and only then the procuratorate's to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.cases.verification import actions as verification
from jingyi.web.cases.verification.proofs import Given
from jingyi.web.evidence.models import Blob
from jingyi.web.registry.queries import seated
from jingyi.web.station import queries
from jingyi.web.station.access import may_in, require_in
from jingyi.web.station.actions.matters import record
from jingyi.web.station.models import Attached, Draft, Line, Matter, Passage

State, Kind = Draft.State, Passage.Kind
TOLD = {  # whoever is next is told
    Kind.SUBMITTED: say("一份回复等您审核"),
    Kind.PASSED: say("一份回复等您签发"),
    Kind.RETURNED: say("一份回复被退回修改"),
}


class DraftChanged(Refusal):
    """Somebody else has saved the draft since it was read."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is written of one duty."""

    said: str
    text: str
    amount: Decimal | None = None
    unit: str = ""


@transaction.atomic
def begin(*, matter: Matter, by: User, at: datetime) -> Draft:
    """Begin a draft, or return the one in preparation."""
    require_in(by, "station.draft", matter.organ)
    matter.suggestion.refresh_from_db()
    if matter.suggestion.served_on is None:
        raise Refusal("请先签收，再起草回复。")
    if found := queries.draft_of(matter):
        return found
    duties = queries.open_duties(matter)
    if not duties:
        raise Refusal("各项职责都已核实了结，不用再回复。")
    draft = Draft.objects.create(matter=matter, number=matter.drafts.count() + 1, by=by, at=at)
    Line.objects.bulk_create(Line(draft=draft, duty=duty) for duty in duties)
    return draft


@transaction.atomic
def save(*, draft: Draft, words: Mapping[int, Words], version: int, by: User) -> Draft:
    """Write what is said of each duty.

    Raises:
        DraftChanged: it was saved by somebody else since.
        Refusal: it is not in drafting any more, or a figure has no unit.
    """
    draft = _editable(draft, by)
    if draft.version != version:
        raise DraftChanged("您打开之后，草稿已由别人修改过。请重新打开，再改一次。")
    for line in draft.lines.all():
        given = words.get(line.duty)
        if given is None:
            continue
        if (given.amount is None) != (not given.unit.strip()):
            raise Refusal("第 {n} 项的数值和单位要一起填。", n=line.duty)
        line.said, line.text = given.said, given.text.strip()
        line.amount, line.unit = given.amount, given.unit.strip()
        line.save()
    draft.version += 1
    draft.save(update_fields=["version"])
    return draft


@transaction.atomic
def attach(  # the file is sealed before: a large one came piece by piece
    *,
    draft: Draft,
    duty: int,
    blob: Blob,
    name: str,
    kind: str,
    caption: str,
    dated_on: date | None = None,
    by: User,
) -> Attached:
    """Attach a sealed file to a line of the draft."""
    draft = _editable(draft, by)
    line = draft.lines.get(duty=duty)
    return Attached.objects.create(
        line=line,
        blob=blob,
        name=name[:200],
        kind=kind,
        caption=caption.strip(),
        dated_on=dated_on,
    )


@transaction.atomic
def detach(*, attached: Attached, by: User) -> None:
    """Take a file off the draft; its sealed bytes stay in the vault."""
    _editable(attached.line.draft, by)
    attached.delete()


@transaction.atomic
def submit(*, draft: Draft, by: User, at: datetime) -> Draft:
    """Hand a draft to the reviewer.

    Raises:
        Refusal: something that must be said of a duty is missing.
    """
    draft = _editable(draft, by)
    lacks = [one for one in queries.checked(draft) if one.must]
    if lacks:
        raise Refusal("第 {n} 项：{why}。", n=lacks[0].duty, why=lacks[0].why)
    return _pass(draft, State.REVIEWING, Kind.SUBMITTED, "", by, at, tell="station.review")


@transaction.atomic
def approve(*, draft: Draft, by: User, at: datetime) -> Draft:
    """Pass a draft on to the leader; whoever handed it in does not review it."""
    draft = _in(draft, State.REVIEWING, "station.review", by)
    if draft.passages.filter(kind=Kind.SUBMITTED).latest("at", "pk").by == by:
        raise Refusal("起草、提交的人不审核自己的草稿。请由另一名审核人办理。")
    return _pass(draft, State.SIGNING, Kind.PASSED, "", by, at, tell="station.sign")


@transaction.atomic
def send_back(*, draft: Draft, words: str, by: User, at: datetime) -> Draft:
    """Return a draft with what is to be changed."""
    draft = _locked(draft)
    act = "station.sign" if draft.state == State.SIGNING else "station.review"
    require_in(by, act, draft.matter.organ)
    if draft.state not in {State.REVIEWING, State.SIGNING}:
        raise Refusal("草稿不在审核或者签发中，不能退回。")
    if not words.strip():
        raise Refusal("请写明要修改什么。")
    return _pass(draft, State.DRAFTING, Kind.RETURNED, words, by, at, tell="station.draft")


@transaction.atomic
def recall(*, draft: Draft, by: User, at: datetime) -> Draft:
    """Take a draft back before it is signed."""
    require_in(by, "station.draft", draft.matter.organ)
    draft = _locked(draft)
    if draft.state not in {State.REVIEWING, State.SIGNING}:
        raise Refusal("草稿不在审核或者签发中，不用撤回。")
    return _pass(draft, State.DRAFTING, Kind.RECALLED, "", by, at)


@transaction.atomic
def sign(*, draft: Draft, by: User, at: datetime) -> Draft:
    """Sign and send the reply; from now on it is on the procuratorate's file, and closes nothing."""
    draft = _in(draft, State.SIGNING, "station.sign", by)
    on = timezone.localdate(at)
    lines = [
        verification.Line(
            line.duty, line.said, queries.words_of(line),
            tuple(Given(one.name, one.kind, one.caption, one.blob, one.dated_on) for one in line.files.all()),
        )
        for line in draft.lines.prefetch_related("files__blob")
    ]  # fmt: skip
    verification.take_reply(
        suggestion=draft.matter.suggestion, on=on, lines=lines,
        warrant=f"station:{draft.matter_id}:{draft.number}", by=by, at=at,
    )  # fmt: skip
    draft.signed_on = on
    return _pass(draft, State.SIGNED, Kind.SIGNED, "", by, at)


def _locked(draft: Draft) -> Draft:
    return Draft.objects.select_for_update(of=("self",)).select_related(
        "matter__organ", "matter__suggestion__case__office"
    ).get(pk=draft.pk)  # fmt: skip


def _editable(draft: Draft, by: User) -> Draft:
    return _in(draft, State.DRAFTING, "station.draft", by)


def _in(draft: Draft, state: str, act: str, by: User) -> Draft:
    draft = _locked(draft)
    require_in(by, act, draft.matter.organ)
    if draft.state != state:
        raise Refusal(
            "草稿现在是“{state}”，不能这样办理。请刷新页面。", state=draft.get_state_display()
        )
    return draft


def _pass(  # noqa: PLR0917 -- one act of the chain, told in one line above
    draft: Draft, state: str, kind: str, words: str, by: User, at: datetime, tell: str = ""
) -> Draft:
    draft.state = state
    draft.version += 1
    draft.save()
    Passage.objects.create(draft=draft, kind=kind, words=words.strip(), by=by, at=at)
    record(draft.matter, f"station.reply-{kind}", {"draft": draft.number}, by, at)
    for user in seated(draft.matter.organ, tell) if tell else ():
        if user != by and may_in(user, tell, draft.matter.organ):
            notify(
                user=user,
                sentence=TOLD[Kind(kind)],
                url=draft.matter.get_absolute_url(),
                key=f"station-draft:{draft.pk}:{draft.version}",
                at=at,
            )
    return draft
