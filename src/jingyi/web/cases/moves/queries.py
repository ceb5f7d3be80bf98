"""Reads about moves. A sender sees its own part of the file: up to the move, and not after."""

from django.db.models import Q, QuerySet

from jingyi.core import moves, rulebook
from jingyi.core.triage.place import WIDE
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Case, Event, Proposal
from jingyi.web.cases.moves.models import CaseMerge, JurisdictionMove
from jingyi.web.cases.queries import cases_for
from jingyi.web.cases.sealing.queries import kept_from
from jingyi.web.leads.models import Incident
from jingyi.web.leads.queries import NEAR
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import offices_for

State = JurisdictionMove.State


def moves_for(user: User) -> QuerySet[JurisdictionMove]:
    """Return the moves from, to or decided by the offices whose cases `user` may read."""
    own = offices_for(user, "case.read")
    return JurisdictionMove.objects.filter(
        Q(sender__in=own) | Q(receiver__in=own) | Q(decider__in=own), ~kept_from(user, "case")
    )


def waiting_for(user: User) -> QuerySet[JurisdictionMove]:
    """Return the moves that `user` may receive."""
    own = offices_for(user, "case.step")
    return JurisdictionMove.objects.filter(
        ~kept_from(user, "case"), receiver__in=own, state=State.SENT
    )


def part_of(move: JurisdictionMove) -> QuerySet[Event]:
    """Return the file as it stood when the case was sent: what the sender goes on reading."""
    events = move.case.events.order_by("on", "place")
    if move.left_by_id is None:
        return events.none()
    standing = Q(undone_at=None) | Q(undone_at__gt=move.at) | Q(pk=move.left_by_id)
    return events.filter(standing, pk__lte=move.left_by_id)


def came_by(case: Case) -> JurisdictionMove | None:
    """Return the last move that brought the case to the office that has it."""
    return case.jurisdiction_moves.filter(came_by__isnull=False).order_by("-pk").first()


def seen(office: Procuratorate) -> moves.Office:
    """Return an office as the core reads it."""
    return moves.Office(office.name, office.level, office.path)


def holding(case: Case, asks: Procuratorate) -> moves.Holding:
    """Return how the case is held, as the office `asks` finds it."""
    states = set(case.jurisdiction_moves.values_list("state", "decider"))
    brought = came_by(case)
    return moves.Holding(
        holder=seen(case.office),
        track=case.track,
        state=case.state,
        open=rulebook.states(case.track).states[case.state].kind == "open",
        came_by=brought.kind if brought else "",
        on_its_way=any(state == State.SENT for state, _ in states),
        supervised=(State.RUNNING, asks.pk) in states,
    )


def mergeable(case: Case) -> moves.Mergeable:
    """Return a case as the core looks at it before a merger."""
    return moves.Mergeable(
        ref=case.ref,
        office=case.office.code,
        organ=case.organ.code if case.organ else "",
        track=case.track,
        domain=case.domain,
        state=case.state,
        filed=(case.opened_on, case.pk),
        on_its_way=case.jurisdiction_moves.filter(state=State.SENT).exists(),
    )


def could_merge(case: Case, user: User) -> QuerySet[Case]:
    """Return earlier cases of the same office, organ and domain that `case` might go into."""
    rule = rulebook.moves()[1]
    if case.organ_id is None:
        return Case.objects.none()
    same = cases_for(user).filter(
        office=case.office_id, organ=case.organ_id, domain=case.domain, track=case.track,
        state__in=rule.states,
    )  # fmt: skip
    earlier = Q(opened_on__lt=case.opened_on) | Q(opened_on=case.opened_on, pk__lt=case.pk)
    return same.filter(earlier).order_by("opened_on", "pk")


def should_join(proposal: Proposal, user: User) -> tuple[QuerySet[Case], QuerySet[Proposal]]:
    """Return open cases and waiting proposals that art. 69 would have `proposal` go together with.

    Same office, organ and domain; where both are placed, within about a kilometre.
    """
    rule = rulebook.moves()[1]
    if proposal.organ_id is None or proposal.track not in rule.tracks:
        return Case.objects.none(), Proposal.objects.none()
    same = {"office": proposal.office_id, "organ": proposal.organ_id, "domain": proposal.domain}
    cases = cases_for(user).filter(**same, state__in=rule.states)
    waiting = Proposal.objects.filter(**same, state=Proposal.State.WAITING).exclude(pk=proposal.pk)
    where = _place_of(proposal)
    if where:
        around = Q()
        for name, value in zip(("lon", "lat"), where, strict=True):
            around &= Q(**{f"{name}__range": (value - NEAR, value + NEAR)})
        cases = cases.filter(Q(lon=None) | around)
    return cases.order_by("opened_on", "pk"), waiting.order_by("at", "pk")


def _place_of(proposal: Proposal) -> tuple[float, float] | None:
    first: Incident | None = proposal.incidents.order_by("pk").first()
    if first is None or first.lon is None or (first.radius_m or 0) > WIDE:
        return None
    return first.lon, first.lat


def merges_of(case: Case) -> QuerySet[CaseMerge]:
    """Return the standing mergers that `case` is part of."""
    return CaseMerge.objects.filter(Q(earlier=case) | Q(later=case), undone_at=None).select_related(
        "earlier", "later", "by"
    )
