"""Sessions, and the items that come in: from files in bulk, or typed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.evidence.models import Blob
from jingyi.web.ledger import actions as ledger
from jingyi.web.proposals import files, screening
from jingyi.web.proposals.access import side_of
from jingyi.web.proposals.models import Batch, Item, Proposer, Session
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Organ, Procuratorate
from jingyi.web.registry.queries import seats_for

MOST_DAYS = timedelta(days=60)


@transaction.atomic
def open_session(
    *, office: Procuratorate, organ: Organ, body: str, name: str, first_on: date, last_on: date,
    by: User, at: datetime,
) -> Session:  # fmt: skip
    """Open a session, to which items belong.

    Raises:
        Refusal: its days do not fit, or it is there already.
    """
    seats = seats_for(by, "proposals.import").filter(pk=organ.pk, region=office.region)
    if not seats.exists():
        require(by, "proposals.import", office)
    if not first_on <= last_on <= first_on + MOST_DAYS:
        raise Refusal("会议的起止日期不对：结束不早于开始，也不超过六十天。")
    session, new = Session.objects.get_or_create(
        office=office, body=body, name=name.strip(),
        defaults={"organ": organ, "first_on": first_on, "last_on": last_on},
    )  # fmt: skip
    if not new:
        raise Refusal("这次会议已经登记过：{name}。", name=session.name)
    _record("session.opened", session, {"name": session.name, "body": body}, by, at)
    return session


@transaction.atomic
def take_in(
    *, session: Session, read: Iterable[files.Read], blob: Blob, name: str,
    columns: Mapping[str, str], by: User, at: datetime,
) -> Batch:  # fmt: skip
    """Import what was read of a file: new items are screened, known numbers left as they are."""
    _may_import(session, by)
    known = set(session.items.values_list("number", flat=True))
    fresh: list[tuple[Item, files.Read]] = []
    rejected: list[list[object]] = []
    had = 0
    batch = Batch(session=session, blob=blob, name=name[:200], columns=dict(columns), by=by, at=at)
    for one in read:
        if one.wrong:
            rejected.append([one.row, one.wrong.to_json()])
        elif one.number in known:
            had += 1
        else:
            known.add(one.number)
            fresh.append((_item(session, one, at), one))
    batch.new, batch.known, batch.rejected = len(fresh), had, rejected
    batch.save()
    _write(batch, session, fresh)
    facts = {"batch": batch.pk, "file": blob.pk, "new": batch.new, "known": had}
    _record("proposals.imported", session, facts, by, at)
    return batch


@transaction.atomic
def type_in(*, session: Session, read: files.Read, by: User, at: datetime) -> Item:
    """Enter one item by hand."""
    _may_import(session, by)
    if session.items.filter(number=read.number).exists():
        raise Refusal("这次会议已经有编号 {number}。", number=read.number)
    item = _item(session, read, at)
    _write(None, session, [(item, read)])
    _record("proposal.entered", session, {"item": item.pk, "number": item.number}, by, at)
    return item


@transaction.atomic
def undo(*, batch: Batch, by: User, at: datetime) -> int:
    """Take an import back; return how many items went.

    Raises:
        Refusal: something was done with one of its items, or it was taken back before.
    """
    _may_import(batch.session, by)
    batch = Batch.objects.select_for_update(of=("self",)).select_related("session").get(pk=batch.pk)
    if batch.undone_at:
        raise Refusal("这次导入已经撤销过。")
    touched = batch.items.exclude(state="received") | batch.items.filter(links__isnull=False)
    if found := touched.first():
        raise Refusal("{number}号已经开始办理，不能撤销整批导入。", number=found.number)
    gone, _ = batch.items.all().delete()
    batch.undone_at = at
    batch.save(update_fields=["undone_at"])
    _record("proposals.import-undone", batch.session, {"batch": batch.pk}, by, at)
    return gone


def _may_import(session: Session, by: User) -> None:
    if side_of(by, session) != "committee":
        require(by, "proposals.import", session.office)


def _item(session: Session, one: files.Read, at: datetime) -> Item:
    return Item(
        session=session, number=one.number, title=one.title, text=one.text, public=one.public,
        organ_words=one.organ, proposed_on=one.proposed_on, assigned_on=one.assigned_on, at=at,
    )  # fmt: skip


def _write(batch: Batch | None, session: Session, fresh: Sequence[tuple[Item, files.Read]]) -> None:
    items = [item for item, _ in fresh]
    screening.screen(items, session.office)
    for item in items:
        item.batch = batch
    Item.objects.bulk_create(items, batch_size=500)
    users = _users({name for _, one in fresh for name in one.proposers}, session)
    Proposer.objects.bulk_create(
        [
            Proposer(item=item, name=name[:60], order=n, user=users.get(name))
            for item, one in fresh
            for n, name in enumerate(dict.fromkeys(one.proposers), 1)
        ],
        batch_size=500,
    )


def _users(names: set[str], session: Session) -> dict[str, User]:
    """Return the deputies' accounts by name; two of one name are nobody's until told apart."""
    found: dict[str, User] = {}
    twice: set[str] = set()
    posts = session.office.posts.filter(role="deputy", user__name__in=names)
    for user in User.objects.filter(pk__in=posts.values("user")):
        twice |= {user.name} & found.keys()
        found[user.name] = user
    return {name: user for name, user in found.items() if name not in twice}


def _record(kind: str, session: Session, facts: dict[str, object], by: User, at: datetime) -> None:
    ledger.append(
        kind=kind, subject=f"session:{session.pk}", facts=facts, by=by, at=at, office=session.office
    )
