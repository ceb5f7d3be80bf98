"""Reads of the room. Staff see the selections of their offices and those above; judges their sheets."""

from django.db.models import Count, F, Q, QuerySet

from jingyi.core.typical.drafting import lacks
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.models import User
from jingyi.web.brands.models import Brand
from jingyi.web.brands.talent.models import Mentorship
from jingyi.web.brands.typical import queries as typical
from jingyi.web.brands.typical.models import Typical
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import offices_for, posts_of
from jingyi.web.selection.models import Edition, Entry, Issue, Seat, Turnout

NOTICED = ("notice", "decided")
WHOSE = ("brand__office", "brand__department", "case__draft__typical__case__office")


def offices_above(user: User, act: str) -> QuerySet[Procuratorate]:
    """Return the offices `user` may see for `act`, and those they stand under."""
    mine = offices_for(user, act)
    above = Q(pk__in=mine)
    for path in mine.values_list("path", flat=True):
        above |= Q(pk__in=[int(pk) for pk in path.strip("/").split("/") if pk])
    return Procuratorate.objects.filter(above)


def editions_for(user: User) -> QuerySet[Edition]:
    """Return the selections `user` may see: those one runs, and opened ones of the offices above."""
    seen = Edition.objects.filter(
        Q(office__in=offices_for(user, "selection.run"))
        | Q(office__in=offices_above(user, "selection.read")) & ~Q(stage="draft")
    )
    return seen.select_related("office").order_by("-pk")


def entries_for(user: User) -> QuerySet[Entry]:
    """Return the nominations `user` may read: of one's offices, and all of selections one runs."""
    offices = offices_for(user, "selection.read")
    found = Entry.objects.filter(
        Q(brand__office__in=offices)
        | Q(case__draft__typical__case__office__in=offices)
        | Q(edition__office__in=offices_for(user, "selection.run"))
    )
    return found.select_related("edition__office", *WHOSE)


def seats_for(user: User) -> QuerySet[Seat]:
    """Return the sheets of `user` as a judge, of the rounds that are on."""
    mine = Seat.objects.filter(juror__person=user, round=F("entry__edition__round"))
    return mine.select_related(
        "entry__edition__office", "juror", *(f"entry__{name}" for name in WHOSE)
    )


def brands_to_enter(user: User, edition: Edition) -> QuerySet[Brand]:
    """Return the brands `user` may nominate in a selection."""
    mine = Brand.objects.filter(
        office__in=offices_for(user, "brands.change"), office__path__startswith=edition.office.path
    )
    return mine.exclude(stage__in=["ended", "joined"]).order_by("name")


def papers_for(user: User) -> QuerySet[Turnout]:
    """Return the secret ballots that `user` may vote in, or has."""
    mine = Turnout.objects.filter(juror__person=user, round=F("juror__edition__round"))
    return mine.filter(juror__edition__stage="scoring").select_related("juror__edition__office")


def numbered(edition: Edition) -> QuerySet[Entry]:
    """Return the numbered entries of a selection, those that fell out on the way too."""
    found = edition.entries.exclude(number=None)
    return found.select_related(*WHOSE).order_by("number")


def cases_to_enter(user: User, edition: Edition) -> list[Typical]:
    """Return the typical cases `user` may enter: whole, covered in their newest version, not in yet."""
    rows = typical.typicals_for(user).filter(
        case__office__in=offices_for(user, "brands.enter"),
        case__office__path__startswith=edition.office.path,
    )
    inside = Entry.objects.filter(edition=edition, state__in=["draft", "sent", "accepted"])
    rows = rows.exclude(pk__in=inside.exclude(case=None).values("case__draft__typical"))
    newest = [(one, one.drafts.get(n=one.latest)) for one in rows]
    return [one for one, draft in newest if not lacks(draft.sections) and typical.copy_of(draft)]


def standing(edition: Edition) -> QuerySet[Entry]:
    """Return the entries of the round that is on, with how many sheets they have and are filled in."""
    now = Q(seats__void_why="", seats__round=edition.round)
    return numbered(edition).filter(round__gte=edition.round).annotate(
        judged=Count("seats", filter=now & Q(seats__scored_at__isnull=False)),
        seated=Count("seats", filter=now),
    )  # fmt: skip


def noticed() -> QuerySet[Edition]:
    """Return the selections whose result the public may see."""
    return Edition.objects.filter(stage__in=NOTICED).select_related("office")


def shown(at: object) -> QuerySet[Issue]:
    """Return the issues of the column that have appeared by a moment, of decided selections."""
    found = Issue.objects.filter(appears_at__lte=at, entry__edition__stage="decided")
    return found.select_related("entry__edition__office", *(f"entry__{name}" for name in WHOSE))


def polling(edition: Edition) -> bool:
    """Tell whether the public may vote: in the last round, until it is counted for the first time."""
    on = edition.public_percent and edition.stage == "scoring" and edition.last_leg
    return bool(on) and not edition.counts.filter(round=edition.round).exists()


def kinship(entry: Entry, person: User) -> Sentence | None:
    """Return why the records bar a person from judging an entry, None where they do not."""
    office = entry.office
    if any(post.procuratorate_id == office.pk for post in posts_of(person)):
        return say("评委任职于{office}，与参评品牌同一单位", office=office.name)
    if entry.by_id == person.pk:
        return say("评委是这份申报的填报人")
    authors = _authors(entry)
    if person.pk in authors:
        return say("评委参与过这份申报或典型案例的撰写、办理")
    brand = entry.brand
    if brand and any(rows.filter(by=person).exists() for rows in (brand.decisions, brand.upkeeps)):
        return say("评委参与过这个品牌的决定或维护")
    pairs = Mentorship.objects.exclude(mentor_agreed_at=None).exclude(learner_agreed_at=None)
    if pairs.filter(Q(mentor=person, learner__in=authors) | Q(learner=person, mentor__in=authors)):
        return say("评委与申报或撰写人是师徒关系")
    return None


def _authors(entry: Entry) -> set[int]:
    """Return who wrote a nomination, and of a typical case its drafts and the case's handler."""
    found = {entry.by_id, *entry.hands.values_list("pk", flat=True)}
    if entry.case:
        written = entry.case.draft.typical
        found |= {written.case.handler_id, *written.drafts.values_list("by", flat=True)}
    return found
