"""Reads of satisfaction: sums over all offices one may read; never by person, never by office."""

from dataclasses import dataclass

from django.db.models import Q

from jingyi.core.measures.figures import wilson
from jingyi.core.talent import Audience, Share, book, share
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.brands.satisfaction.models import Answered, Asked
from jingyi.web.cases.queries import cases_for, events
from jingyi.web.intake.letters import FIRST
from jingyi.web.intake.models import Report
from jingyi.web.proposals.models import Step
from jingyi.web.proposals.queries import items_for
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import offices_for

ANSWERS = ("answer", "handled")  # steps of an item that answer it
HEARING = "public-hearing.held"


@dataclass(frozen=True, slots=True)
class Told:
    """One question: its n, how many were content, and between which shares the truth lies (95 %)."""

    title: Sentence
    share: Share
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Sum:
    """One audience: how many were asked and answered; words only where n is enough."""

    audience: Audience
    asked: int
    n: int
    questions: list[Told]
    words: list[str]


def sums(user: User) -> list[Sum]:
    """Return what each audience said of the offices `user` may read, taken together."""
    offices = offices_for(user, "brands.read")
    rules = book()
    asked = list(Asked.objects.filter(office__in=offices).values_list("audience", flat=True))
    rows = list(Answered.objects.filter(office__in=offices))
    found = []
    for name, audience in rules.audiences.items():
        mine = [row for row in rows if row.audience == name]
        told = [
            _told(one.title, [row.scores[one.id] for row in mine if one.id in row.scores])
            for one in rules.questions.values()
            if name in one.audiences
        ]
        words = [row.words for row in mine if row.words] if len(mine) >= rules.least else []
        found.append(Sum(audience, asked.count(name), len(mine), told, words))
    return found


def _told(title: Sentence, scores: list[int]) -> Told:
    found = share(scores, book().least)
    low, high = wilson(found.content, found.n) if found.content is not None else (None, None)
    return Told(title, found, low, high)


def matter(user: User, audience: str, ref: str) -> tuple[str, Procuratorate, bool] | None:
    """Return a matter by its number: its subject, its office, and whether its moment has come.

    None: there is no such matter for `user`.
    """
    if audience == "reporter":
        report = Report.objects.filter(ref=ref, office__in=offices_for(user, "report.answer"))
        one = report.select_related("receipt", "office").filter(receipt__isnull=False).first()
        return (f"report:{one.ref}", one.office, one.receipt.stage not in FIRST) if one else None
    if audience == "deputy":
        item = items_for(user).filter(number=ref, session__office__isnull=False).first()
        if item:
            answered = Step.objects.filter(item=item, kind__in=ANSWERS, undone_at=None)
            return f"item:{item.pk}", item.session.office, answered.exists()
    case = cases_for(user).select_related("office").filter(ref=ref).first()
    if case is None:
        return None
    moments = book().audiences[audience].events or {HEARING}
    come = events().filter(case=case).filter(Q(kind__in=moments)).exists()
    return f"case:{case.ref}", case.office, come
