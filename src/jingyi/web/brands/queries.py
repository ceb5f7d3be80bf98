"""Reads of the room. Every one starts from the offices a person reads the brands of."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.urls import reverse

from jingyi.core import brands as core
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.brands.models import Brand, Claim
from jingyi.web.cases.models import Case, Suggestion
from jingyi.web.cases.queries import cases_for, events
from jingyi.web.leads.models import Incident
from jingyi.web.leads.queries import incidents_for
from jingyi.web.registry.models import Department, Procuratorate
from jingyi.web.registry.queries import offices_for

OVER = {"ended", "joined"}


def brands_for(user: User) -> QuerySet[Brand]:
    """Return the brands of the offices `user` may read, oldest first."""
    found = Brand.objects.filter(office__in=offices_for(user, "brands.read"))
    return found.select_related("office", "department").order_by("founded_on", "pk")


def departments_for(user: User) -> QuerySet[Department]:
    """Return the departments whose brands `user` may enter."""
    found = Department.objects.filter(procuratorate__in=offices_for(user, "brands.change"))
    return found.select_related("procuratorate").order_by("procuratorate__path", "pk")


def rows_of(
    rows: str, office: Procuratorate, *, as_of: date,
    since: date | None = None, domain: str = "", department: Department | None = None,
) -> QuerySet[Any]:  # fmt: skip
    """Return the rows of one of core.brands.ROWS in `office` and those below it, `since` … `as_of`.

    A department bounds cases and what hangs on them; leads have none, so it bounds those that
    became its cases.
    """
    path = office.path
    if rows == "leads":
        found = Incident.objects.filter(is_lead=True, office__path__startswith=path)
        found = found.exclude(state=Incident.State.MERGED).filter(first_at__date__lte=as_of)
        if since:
            found = found.filter(first_at__date__gte=since)
        if domain:
            found = found.filter(domain=domain)
        if department:
            found = found.filter(Exists(Case.objects.filter(incidents=OuterRef("pk"), department=department)))  # fmt: skip
        return found
    cases = Case.objects.filter(office__path__startswith=path)
    if domain:
        cases = cases.filter(domain=domain)
    if department:
        cases = cases.filter(department=department)
    if rows == "suggestions":
        asked = Suggestion.objects.filter(case__in=cases, decided_on__lte=as_of)
        return asked.filter(decided_on__gte=since) if since else asked
    if rows == "suits":
        sued = events().filter(case=OuterRef("pk"), kind="case.sued", on__lte=as_of)
        sued = sued.filter(on__gte=since) if since else sued
        return cases.filter(Exists(sued), track=Case.Track.CIVIL)
    cases = cases.filter(opened_on__lte=as_of)
    return cases.filter(opened_on__gte=since) if since else cases


def counted(
    rows: str, office: Procuratorate, *, as_of: date,
    since: date | None = None, domain: str = "", department: Department | None = None,
) -> int:  # fmt: skip
    """Count what `rows_of` returns."""
    return rows_of(rows, office, as_of=as_of, since=since, domain=domain, department=department).count()  # fmt: skip


def listed(claim: Claim, user: User) -> tuple[QuerySet[Any], int]:
    """Return the rows behind a claim that `user` may see, newest first, and how many there are in all.

    They are the rows the figure was counted from, as of the claim's day, by the same query.
    """
    kind = core.book().counts[claim.count].rows
    every = rows_of(
        kind, claim.brand.office, as_of=claim.as_of, since=claim.since,
        domain=claim.domain, department=claim.department,
    )  # fmt: skip
    if kind == "leads":
        return every.filter(pk__in=incidents_for(user).values("pk")).order_by("-first_at", "-pk"), every.count()  # fmt: skip
    if kind == "suggestions":
        mine = every.filter(case__in=cases_for(user)).select_related("case", "organ")
        return mine.order_by("-decided_on", "-pk"), every.count()
    return every.filter(pk__in=cases_for(user).values("pk")).order_by("-opened_on", "-pk"), every.count()  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim beside what the data say now; `doubt` is why it is grey."""

    claim: Claim
    title: Sentence | str
    definition: Sentence | None
    now: int | None
    doubt: Sentence | None
    rows: str  # where the rows are; "" for a figure from outside


def claims_of(brand: Brand) -> list[Shown]:
    """Return the standing claims of a brand, each counted again."""
    return [_shown(one, brand.office) for one in brand.claims.filter(withdrawn_at=None).select_related("department")]  # fmt: skip


def _shown(claim: Claim, office: Procuratorate) -> Shown:
    if not claim.count:
        return Shown(claim, claim.words, None, None, None, "")
    count = core.book().counts[claim.count]
    now = counted(
        count.rows, office, as_of=claim.as_of, since=claim.since,
        domain=claim.domain, department=claim.department,
    )  # fmt: skip
    doubt = core.doubt(claim.figure, now)
    title = claim.words or count.title
    return Shown(
        claim, title, count.definition, now, doubt, reverse("brands:rows", args=[claim.pk])
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a brand; `other` is the brand it resembles."""

    kind: str
    why: Sentence
    other: Brand | None = None


def told(brand: Brand) -> core.Told:
    """Return what faults are looked for in. Expects `kept`, the day of the last upkeep, or None."""
    filled = sum(bool(text) for text in brand.sections.values())
    kept = brand.kept or brand.founded_on
    return core.Told(
        brand.meaning, filled, len(brand.channels), kept, f"{brand.meaning}\n{brand.slogan}"
    )


def faults_of(brands: list[Brand], *, on: date) -> dict[int, list[Fault]]:
    """Return the faults of each living brand by its key; `brands` come from `with_upkeep`."""
    living = [brand for brand in brands if brand.stage not in OVER]
    facts = [told(brand) for brand in living]
    found = {
        brand.pk: [Fault(kind, why) for kind, why in core.faults(fact, on=on)]
        for brand, fact in zip(living, facts, strict=True)
    }
    for i, j, share in core.alikes([fact.words for fact in facts]):
        for one, other in ((living[i], living[j]), (living[j], living[i])):
            found[one.pk].append(Fault("alike", core.same(other.name, share), other))
    return found


def with_upkeep(brands: QuerySet[Brand]) -> QuerySet[Brand]:
    """Add `kept`, the day of the last upkeep."""
    return brands.annotate(kept=Max("upkeeps__on"))
