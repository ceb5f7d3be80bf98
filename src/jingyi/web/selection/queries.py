"""Reads of the room. Staff see the selections of their offices and those above; judges their sheets."""

from django.db.models import Count, F, Q, QuerySet

from jingyi.core.words import Sentence, say
from jingyi.web.accounts.models import User
from jingyi.web.brands.models import Brand
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import offices_for, posts_of
from jingyi.web.selection.models import Edition, Entry, Issue, Seat, Turnout

NOTICED = ("notice", "decided")


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
    """Return the nominations `user` may read: of brands one reads, and all of selections one runs."""
    found = Entry.objects.filter(
        Q(brand__office__in=offices_for(user, "selection.read"))
        | Q(edition__office__in=offices_for(user, "selection.run"))
    )
    return found.select_related("edition__office", "brand__office", "brand__department")


def seats_for(user: User) -> QuerySet[Seat]:
    """Return the sheets of `user` as a judge, of the rounds that are on."""
    mine = Seat.objects.filter(juror__person=user, round=F("entry__edition__round"))
    return mine.select_related("entry__edition__office", "entry__brand__office", "juror")


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
    return found.select_related("brand__office", "brand__department").order_by("number")


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
    return found.select_related("entry__edition__office", "entry__brand__office", "entry__brand__department")  # fmt: skip


def polling(edition: Edition) -> bool:
    """Tell whether the public may vote: in the last round, until it is counted for the first time."""
    on = edition.public_percent and edition.stage == "scoring" and edition.last_leg
    return bool(on) and not edition.counts.filter(round=edition.round).exists()


def kinship(entry: Entry, person: User) -> Sentence | None:
    """Return why the records bar a person from judging an entry, None where they do not."""
    office = entry.brand.office
    if any(post.procuratorate_id == office.pk for post in posts_of(person)):
        return say("评委任职于{office}，与参评品牌同一单位", office=office.name)
    if entry.by_id == person.pk:
        return say("评委是这份申报的填报人")
    brand = entry.brand
    if any(rows.filter(by=person).exists() for rows in (brand.decisions, brand.upkeeps)):
        return say("评委参与过这个品牌的决定或维护")
    return None
