"""What is offered as material: suggestions that together show a problem larger than one case."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jingyi.core import rulebook
from jingyi.core.proposals import Ground
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Case, Suggestion
from jingyi.web.cases.queries import cases_for
from jingyi.web.cases.verification.models import Answer, Finding
from jingyi.web.registry.models import Organ

NOT_DONE = (Finding.Kind.PARTLY, Finding.Kind.NOT)
REFUSED = (Answer.Said.NOT_OURS, Answer.Said.DISPUTED)


@dataclass(frozen=True, slots=True)
class Offer:
    """Suggestions of one domain that show something together, and on which ground."""

    ground: Ground
    domain: str
    suggestions: tuple[Suggestion, ...]

    @property
    def title(self) -> Sentence:
        return rulebook.domain(self.domain).title

    @property
    def organs(self) -> list[Organ]:
        """The organs they were addressed to, each once."""
        return list({one.organ_id: one.organ for one in self.suggestions if one.organ}.values())

    @property
    def ids(self) -> str:
        """The suggestions' numbers, for the address of the draft."""
        return ",".join(str(one.pk) for one in self.suggestions)


def offers(user: User, *, on: date) -> list[Offer]:
    """Return what may be worth a proposal, by ground, the largest first."""
    course = rulebook.proposals()
    since = on - timedelta(days=366 * course.material_years)
    found = list(
        Suggestion.objects.filter(case__in=cases_for(user), decided_on__gte=since)
        .filter(materials=None)
        .select_related("case", "organ__region")
        .order_by("-decided_on", "pk")
    )
    made = [
        Offer(course.grounds[ground], domain, tuple(those))
        for ground, domain, those in (
            *_places(found), *_left(found, "partly"), *_left(found, "refused"), *_organs(found),
        )
    ]  # fmt: skip
    return sorted(made, key=lambda one: (list(course.grounds).index(one.ground.id), -len(one.suggestions)))  # fmt: skip


Found = tuple[str, str, list[Suggestion]]


def _places(found: Sequence[Suggestion]) -> Iterator[Found]:
    """Yield what organs of one kind were told in several places, in one domain."""
    by: dict[tuple[str, str], list[Suggestion]] = defaultdict(list)
    for one in found:
        if one.organ:
            kind = one.organ.name.removeprefix(one.organ.region.name)
            by[one.case.domain, kind].append(one)
    least = rulebook.proposals().grounds["many-places"].least
    for (domain, _), those in by.items():
        if len({one.organ.region_id for one in those}) >= least:
            yield "many-places", domain, those


def _left(found: Sequence[Suggestion], ground: str) -> Iterator[Found]:
    """Yield what verification found undone, or the organ refused."""
    numbers = [one.pk for one in found]
    if ground == "partly":
        wanted = Finding.objects.filter(
            kind__in=NOT_DONE,
            verification__suggestion__in=numbers,
            verification__event__undone_at=None,
        ).values_list("verification__suggestion", flat=True)
    else:
        wanted = Answer.objects.filter(said__in=REFUSED, suggestion__in=numbers).values_list(
            "suggestion", flat=True
        )
    chosen = set(wanted)
    by: dict[str, list[Suggestion]] = defaultdict(list)
    for one in found:
        if one.pk in chosen:
            by[one.case.domain].append(one)
    least = rulebook.proposals().grounds[ground].least
    yield from ((ground, domain, those) for domain, those in by.items() if len(those) >= least)


def _organs(found: Sequence[Suggestion]) -> Iterator[Found]:
    """Yield the leads for which more than one organ was told something."""
    cases = {one.case_id: one for one in found if one.organ}
    through = cases_of_incidents(cases)
    least = rulebook.proposals().grounds["several-organs"].least
    for numbers in through.values():
        those = [cases[number] for number in numbers]
        if len({one.organ_id for one in those}) >= least:
            yield "several-organs", those[0].case.domain, those


def cases_of_incidents(cases: dict[int, Suggestion]) -> dict[int, list[int]]:
    """Return the cases of each lead, among those given."""
    by: dict[int, list[int]] = defaultdict(list)
    pairs = Case.incidents.through.objects.filter(case__in=list(cases))
    for incident, case in pairs.values_list("incident_id", "case_id"):
        by[incident].append(case)
    return by
