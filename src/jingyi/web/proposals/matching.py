"""Candidates: what of the office speaks of the same matter as an item, and the other way round."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from jingyi.core.matching import matches
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Suggestion
from jingyi.web.cases.queries import cases_for
from jingyi.web.leads.models import Incident
from jingyi.web.leads.queries import incidents_for
from jingyi.web.proposals.actions.linking import Target, field_of
from jingyi.web.proposals.models import Item, Link
from jingyi.web.proposals.queries import items_for

TOP = 5
MOST = 20_000  # of each kind, the newest


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be of the same matter, with the probability and why."""

    target: Any
    kind: str  # suggestion, incident, case, item
    score: float
    because: tuple[Sentence, ...]
    sentences: tuple[Any, ...]
    offered: bool


def for_item(user: User, item: Item, kind: str) -> list[Candidate]:
    """Return the best candidates of a kind that nobody has judged yet; of what `user` may read."""
    targets = _targets(user, kind)
    gone = _judged(item, kind)
    targets = [one for one in targets if one.pk not in gone]
    if not targets:
        return []
    held = matches.index([_text(one) for one in targets])
    found = matches.candidates(held, _text(item), TOP)
    return [_candidate(targets[one.row], kind, one) for one in found if one.score > 0]


def for_target(user: User, target: Target) -> list[Candidate]:
    """Return the items that may be of the same matter as a suggestion, a lead or a case."""
    field = field_of(target)
    judged = Link.objects.filter(**{field: target}, undone_at=None).values("item")
    items = list(items_for(user).exclude(pk__in=judged).order_by("-pk")[:MOST])
    if not items:
        return []
    held = matches.index([_text(one) for one in items])
    found = matches.candidates(held, _text(target), TOP)
    return [_candidate(items[one.row], "item", one) for one in found if one.score > 0]


def _candidate(target: Any, kind: str, one: matches.Candidate) -> Candidate:
    return Candidate(target, kind, one.score, one.because, one.sentences, one.offered)


def _targets(user: User, kind: str) -> Sequence[Target]:
    cases = cases_for(user)
    match kind:
        case "suggestion":
            found = Suggestion.objects.filter(case__in=cases).select_related("case", "organ")
        case "incident":
            found = incidents_for(user).filter(merged_into=None)
        case _:
            found = cases.select_related("organ")
    return list(found.order_by("-pk")[:MOST])


def _judged(item: Item, kind: str) -> set[int]:
    found = item.links.filter(undone_at=None).exclude(**{kind: None})
    return set(found.values_list(f"{kind}_id", flat=True))


def _text(one: Target | Item) -> matches.Text:
    match one:
        case Item():
            return matches.Text(one.title, one.text, one.organ_words, day=one.proposed_on)
        case Suggestion():
            organ = one.organ.name if one.organ else ""
            return matches.Text(one.case.title, "；".join(one.asks), organ, day=one.decided_on)
        case Incident():
            day = timezone.localdate(one.last_at)
            return matches.Text(one.title, one.place_words, region=one.region_id or "", day=day)
        case _:
            organ = one.organ.name if one.organ else ""
            return matches.Text(one.title, "", organ, day=one.opened_on)
