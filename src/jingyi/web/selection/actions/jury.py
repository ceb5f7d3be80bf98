"""The jury: who judges, who must not, who judges what, and the scores."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from jingyi.core.judging import assigning, book, rounds
from jingyi.core.ledger import canonical
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.models import User
from jingyi.web.registry.access import require
from jingyi.web.selection import queries
from jingyi.web.selection.actions import papers
from jingyi.web.selection.actions.editions import locked, record
from jingyi.web.selection.models import Conflict, Edition, Entry, Juror, Seat

CONFIDENCE = ("low", "middle", "high")
TOP = 100


@transaction.atomic
def appoint(*, edition: Edition, person: User, by: User, at: datetime) -> Juror:
    """Add a judge; conflicts that the records show are entered with their reasons.

    Raises:
        Refusal: the jury is not being formed.
    """
    edition = _forming(edition, by)
    juror, new = Juror.objects.get_or_create(edition=edition, person=person)
    if new or not juror.active:
        juror.active = True
        juror.save(update_fields=["active"])
        for entry in _standing(edition):
            if (why := queries.kinship(entry, person)) is not None:
                _bar(entry, juror, why, declared=False, at=at)
        record("selection.appointed", edition, {"juror": person.username}, by, at)
    return juror


@transaction.atomic
def dismiss(*, juror: Juror, by: User, at: datetime) -> None:
    """Take a judge off the jury while it is being formed; what they did in earlier rounds stays."""
    edition = _forming(juror.edition, by)
    juror.seats.filter(round=edition.round).delete()
    name = juror.person.username
    if juror.seats.exists() or juror.turnouts.exists():
        juror.active = False
        juror.save(update_fields=["active"])
    else:
        juror.delete()
    record("selection.dismissed", edition, {"juror": name}, by, at)


@transaction.atomic
def seat(*, edition: Edition, by: User, at: datetime) -> assigning.Assignment:
    """Give every entry its judges, loads as even as conflicts allow.

    Raises:
        Refusal: an entry has too few judges without a conflict, or the round is a secret ballot.
    """
    edition = _forming(edition, by)
    if edition.leg.kind == rounds.BALLOT:
        raise Refusal("这一轮由评委无记名投票，不用分配评委。")
    found = _assigned(edition)
    Seat.objects.filter(entry__edition=edition, round=edition.round).delete()
    _place(edition, found)
    seats = {entry: list(judges) for entry, judges in found.judges.items()}
    record("selection.seated", edition, {"seats": seats}, by, at)
    return found


@transaction.atomic
def open_scoring(*, edition: Edition, by: User, at: datetime) -> Edition:
    """Let the judges of a round score or vote, and in the last one the public too.

    Raises:
        Refusal: an entry lacks judges.
    """
    edition = locked(edition)
    require(by, "selection.run", edition.office)
    if edition.stage != "jury":
        book.move(edition.stage, "scoring")
        raise Refusal("复评要从公示页上的异议处开始。")
    if edition.leg.kind == rounds.BALLOT:
        papers.open_box(edition)
    else:
        for entry in _standing(edition):
            if entry.seats.filter(void_why="", round=edition.round).count() < edition.leg.each:
                raise Refusal("“{entry}”的评委不足 {each} 位。请先分配评委。", entry=entry.title, each=edition.leg.each)  # fmt: skip
    edition.stage = "scoring"
    edition.save(update_fields=["stage"])
    record("selection.scoring", edition, {"round": edition.round}, by, at)
    return edition


@transaction.atomic
def declare(*, seat: Seat, why: str, by: User, at: datetime) -> Seat | None:
    """Declare a conflict on a sheet of one's own: the sheet is void, another judge takes the entry.

    Returns the new sheet; None where the entry keeps enough judges without one.

    Raises:
        Refusal: no reason, or nobody is left to take it.
    """
    edition = locked(seat.entry.edition)
    _own(seat, by, edition)
    if not why.strip():
        raise Refusal("请写明回避的理由。")
    seat.void_why = why
    seat.save(update_fields=["void_why"])
    _bar(seat.entry, seat.juror, say("本人申报回避：{why}", why=why), declared=True, at=at)
    before = set(seat.entry.seats.values_list("pk", flat=True))
    _place(edition, _assigned(edition))
    new = Seat.objects.filter(entry=seat.entry).exclude(pk__in=before).first()
    record("selection.recused", edition, {"entry": seat.entry_id, "juror": by.username}, by, at)
    return new


@transaction.atomic
def score(
    *, seat: Seat, points: Mapping[str, float], confidence: str, comment: str, by: User, at: datetime
) -> Seat:  # fmt: skip
    """Score an entry on every criterion; a judge may rewrite their sheet until scoring ends.

    Raises:
        Refusal: scoring is over, a criterion lacks, or points are outside 0–100.
    """
    seat = Seat.objects.select_for_update(of=("self",)).select_related(
        "juror", "entry__edition__office"
    ).get(pk=seat.pk)  # fmt: skip
    edition = seat.entry.edition
    _own(seat, by, edition)
    if set(points) != set(edition.criteria):
        raise Refusal("每个评分项都要打分；不能打分请申报回避。")
    if any(not 0 <= value <= TOP for value in points.values()):
        raise Refusal("分数应在 0 与 {top} 之间。", top=TOP)
    if confidence not in CONFIDENCE:
        raise Refusal("请选择对这份评分的把握。")
    seat.points, seat.confidence, seat.comment = dict(points), confidence, comment
    seat.scored_at = at
    seat.save(update_fields=["points", "confidence", "comment", "scored_at"])
    sealed = sha256(f"{edition.seed}\n".encode() + canonical(dict(points))).hexdigest()
    facts = {"seat": seat.pk, "points_sha256": sealed}  # nobody reads points before the count
    record("selection.scored", edition, facts, by, at)
    return seat


def _forming(edition: Edition, by: User) -> Edition:
    edition = locked(edition)
    require(by, "selection.run", edition.office)
    if edition.stage != "jury":
        raise Refusal("现在不在组成评委的阶段。")
    return edition


def _own(seat: Seat, by: User, edition: Edition) -> None:
    if seat.juror.person_id != by.pk or edition.stage != "scoring" or seat.void_why or seat.round != edition.round:  # fmt: skip
        raise Refusal("这张评分表现在不能填写：不是您的、评分已经结束，或者您已回避。")


def _bar(entry: Entry, juror: Juror, why: Sentence, *, declared: bool, at: datetime) -> None:
    Conflict.objects.update_or_create(
        entry=entry, juror=juror,
        defaults={"declared": declared, "why": why.to_json(), "at": at},
    )  # fmt: skip


def _standing(edition: Edition) -> list[Entry]:
    return list(queries.standing(edition).select_related("edition", *queries.WHOSE))


def _assigned(edition: Edition) -> assigning.Assignment:
    barred = set(
        Conflict.objects.filter(juror__edition=edition).values_list("entry__number", "juror_id")
    )
    kept = Seat.objects.filter(entry__edition=edition, void_why="", round=edition.round)
    kept = kept if edition.stage == "scoring" else kept.exclude(scored_at=None)
    return assigning.assign(
        [str(entry.number) for entry in _standing(edition)],
        [str(pk) for pk in edition.jurors.filter(active=True).values_list("pk", flat=True)],
        edition.leg.each,
        barred=lambda entry, juror: (int(entry), int(juror)) in barred,
        kept=[(str(n), str(j)) for n, j in kept.values_list("entry__number", "juror_id")],
    )


def _place(edition: Edition, found: assigning.Assignment) -> None:
    by_number = {entry.number: entry for entry in _standing(edition)}
    for number, jurors in found.judges.items():
        for juror in jurors:
            Seat.objects.get_or_create(
                entry=by_number[int(number)], juror_id=int(juror), round=edition.round
            )
