"""Reads. A person of an organ sees that organ's rows; an office sees the least of its region's."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from jingyi.core import rulebook
from jingyi.core.duties import SOON
from jingyi.core.ledgers import Kind, minimised
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.registry.models import Organ, Procuratorate
from jingyi.web.registry.queries import offices_for, posts_of, seats_for
from jingyi.web.station.shared.models import Clue, Due, Joint, Look, Row, Upload

READ = "station.ledger"


def kinds() -> list[Kind]:
    """Return the kinds of ledger, in the rulebook's order."""
    return list(rulebook.ledgers().values())


def own_organs(user: User, act: str = READ) -> QuerySet[Organ]:
    """Return the organs in which `user` sits, with a post that allows `act`."""
    return seats_for(user, act)


def organs_beyond(user: User, act: str = READ) -> QuerySet[Organ]:
    """Return the organs of the regions of the offices in which `user` may do `act`."""
    roles = rulebook.roles()
    scope = Q(pk=None)
    for post in posts_of(user):
        if post.procuratorate and act in roles[post.role].may:
            scope |= Q(region__code__startswith=_stem(post.procuratorate))
    return Organ.objects.filter(scope)


def organs_seen(user: User) -> QuerySet[Organ]:
    """Return every organ of whose ledger `user` sees something."""
    either = Q(pk__in=own_organs(user).values("pk")) | Q(pk__in=organs_beyond(user).values("pk"))
    return Organ.objects.filter(either).order_by("name", "pk")


def sharing(user: User) -> QuerySet[Organ]:
    """Return the organs seen that have rows, for choosing one."""
    shared = Row.objects.filter(organ=OuterRef("pk"))
    return organs_seen(user).filter(Exists(shared))


def office_over(user: User, organ: Organ) -> Procuratorate | None:
    """Return the office by whose post `user` sees an organ, the nearest one; None in the organ."""
    roles = rulebook.roles()
    over = [
        post.procuratorate
        for post in posts_of(user)
        if post.procuratorate and READ in roles[post.role].may and within(organ, post.procuratorate)
    ]
    return max(over, key=lambda office: len(office.path), default=None)


def within(organ: Organ, office: Procuratorate) -> bool:
    """Tell whether an organ is in the region of an office."""
    return organ.region_id.startswith(_stem(office))


def _stem(office: Procuratorate) -> str:
    """Return what the codes of an office's region and of every part of it begin with."""
    return office.region_id.rstrip("0").ljust(2, "0")


def sits_in(user: User, organ: Organ) -> bool:
    """Tell whether `user` holds a post in the organ itself, and so sees its rows whole."""
    roles = rulebook.roles()
    own = {post.organ_id for post in posts_of(user) if READ in roles[post.role].may}
    return organ.pk in own


# ---------------------------------------------------------------- rows and their last days


def rows_for(user: User) -> QuerySet[Row]:
    """Return the rows `user` may see something of."""
    return Row.objects.filter(organ__in=organs_seen(user)).select_related("organ")


def uploads_for(user: User) -> QuerySet[Upload]:
    """Return the files of the organs in which `user` sits; nobody else opens a file."""
    return Upload.objects.filter(organ__in=own_organs(user)).select_related("organ", "by")


@dataclass(frozen=True, slots=True)
class Shown:
    """One row as one side sees it: (column's title, value) in order, and what it is known by."""

    row: Row
    kind: Kind
    whole: bool
    cells: dict[str, str]

    @property
    def party(self) -> str:
        return self.cells.get("party", "")

    @property
    def number(self) -> str:
        return self.cells.get("number", "")

    @property
    def cause(self) -> str:
        return self.cells.get("cause", "")

    @property
    def told(self) -> list[tuple[Sentence, str, str]]:
        """Each column with a value: its title, the value, its type."""
        return [
            (one.title, self.cells[one.id], one.type)
            for one in self.kind.fields
            if self.cells.get(one.id)
        ]

    @property
    def kept_back(self) -> list[Sentence]:
        """The columns that have a value and are not shown."""
        return [
            one.title
            for one in self.kind.fields
            if one.id not in self.cells and self.row.values.get(one.id)
        ]


def shown(row: Row, user: User) -> Shown:
    """Return a row as `user` sees it: whole in its own organ, the least elsewhere."""
    kind = rulebook.ledgers()[row.kind]
    whole = sits_in(user, row.organ)
    return Shown(row, kind, whole, row.values if whole else minimised(kind, row.values))


def dues_for(user: User) -> QuerySet[Due]:
    """Return the open last days of the rows `user` sees, soonest first."""
    found = Due.objects.filter(open=True, row__organ__in=organs_seen(user))
    return found.select_related("row__organ").order_by("due_on", "pk")


def own_dues(user: User, *, on: date, most: int = 500) -> list[Due]:
    """Return what the organs in which `user` sits have to do, for their calendar; soonest first."""
    dues = dues_for(user).filter(row__organ__in=own_organs(user), party="organ", wait=False)
    return list(in_box(dues, "", on=on)[:most])


def in_box(dues: QuerySet[Due], box: str, *, on: date) -> QuerySet[Due]:
    """Return the last days under one heading: overdue, month (thirty days), later."""
    match box:
        case "overdue":
            return dues.filter(due_on__lt=on, wait=False)
        case "month":
            return dues.filter(due_on__gte=on, due_on__lte=on + SOON)
        case "later":
            return dues.filter(due_on__gt=on + SOON)
    return dues.filter(Q(due_on__gte=on) | Q(wait=False))


def near_limit(rows: QuerySet[Row], *, on: date) -> QuerySet[Row]:
    """Return the rows whose time to ask the court ends within thirty days, or has ended."""
    asked = Due.objects.filter(
        row=OuterRef("pk"), rule="enforcement.apply", open=True, due_on__lte=on + SOON
    )
    return rows.filter(Exists(asked))


# ---------------------------------------------------------------- clues and joint work


def clues_for(user: User) -> QuerySet[Clue]:
    """Return the clues of the organs in which `user` sits, and of the offices `user` sees."""
    either = Q(organ__in=own_organs(user, "station.clue")) | Q(
        office__in=offices_for(user, "station.clue")
    )
    return Clue.objects.filter(either).select_related("organ", "office", "by", "incident", "report")


def joint_for(user: User) -> QuerySet[Joint]:
    """Return the joint work of the organs in which `user` sits, and of the offices `user` sees."""
    either = Q(office__in=offices_for(user, READ)) | Q(
        pk__in=Joint.organs.through.objects.filter(organ__in=own_organs(user)).values("joint_id")
    )
    found = Joint.objects.filter(either).select_related("office", "by").prefetch_related("organs")
    return found.order_by("-on", "-pk")


def looks_for(user: User) -> QuerySet[Look]:
    """Return who looked, for the leader of the organ and for the chief of the office."""
    either = Q(organ__in=own_organs(user, "station.audit")) | Q(
        office__in=offices_for(user, "station.audit")
    )
    found = Look.objects.filter(either).select_related("organ", "office", "by", "row")
    return found.order_by("-at", "-pk")


def next_due(row: Row) -> Due | None:
    """Return the first open last day of what the organ has to do; `dues` are prefetched."""
    asked = [due for due in row.dues.all() if due.open and not due.wait and due.party == "organ"]
    return min(asked, key=lambda due: (due.due_on, due.pk), default=None)


def with_matter(user: User) -> set[int]:
    """Return the organs that have something a monthly report could count, by their keys."""
    found = set(sharing(user).values_list("pk", flat=True))
    found |= set(clues_for(user).values_list("organ", flat=True))
    return found | set(
        Joint.organs.through.objects.filter(joint__in=joint_for(user).values("pk")).values_list(
            "organ", flat=True
        )
    )
