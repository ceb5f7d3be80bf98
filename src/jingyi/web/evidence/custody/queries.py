"""Reads of chains. Who may see a subject is for the room that it belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from jingyi.core import custody, evidence_book
from jingyi.core.custody import Kind
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.evidence.custody.models import Link


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain as a page shows it, for one person."""

    links: list[Link]
    standing: custody.Standing
    holder: User | None
    waiting_for: User | None
    gaps: list[Sentence]
    open: list[Kind]
    now: datetime


def links_of(subject: str) -> QuerySet[Link]:
    """Return the links of a chain, in order."""
    return Link.objects.filter(subject=subject).order_by("pk")


def acts_of(links: Iterable[Link]) -> list[custody.Act]:
    """Return links as the core reads them."""
    return [
        custody.Act(
            Kind(one.kind), one.by_id, timezone.localtime(one.happened_at), one.second_id,
            one.to_id, one.seal, one.intact, one.reason, one.condition, one.at, one.device,
            one.clock_offset_s,
        )
        for one in links
    ]  # fmt: skip


def chain_of(subject: str, *, user: User, now: datetime) -> Chain:
    """Return a chain: who holds it, what is missing, and what `user` may do next."""
    links = list(links_of(subject).select_related("by", "second", "to").prefetch_related("files"))
    acts = acts_of(links)
    here = custody.stand(acts)
    people = {who.pk: who for one in links for who in (one.by, one.second, one.to) if who}
    return Chain(
        links,
        here,
        people.get(here.holder or 0),
        people.get(here.offered_to or 0),
        custody.gaps(acts, now, evidence_book.custody()),
        custody.open_to(here, user.pk),
        now,
    )


def told(when: datetime) -> str:
    """Return a time as the office's clock shows it."""
    return f"{timezone.localtime(when):%Y-%m-%d %H:%M}"
