"""Help as well as press: how duties like these were carried out elsewhere, without names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from jingyi.core import rulebook, verification_book
from jingyi.core.matching import matches
from jingyi.core.redacting import redacted
from jingyi.web.cases.verification.models import Answer, Finding
from jingyi.web.registry.models import Organ, Region
from jingyi.web.station.models import Matter

YEARS = timedelta(days=3 * 366)
MOST = 2000  # findings looked through, the latest


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A duty like one's own that was verified as carried out; nobody and nothing is named."""

    duty: str
    done: str
    found: str
    days: int | None  # from service to the verification
    score: float


def elsewhere(matter: Matter, number: int) -> list[Elsewhere]:
    """Return how duties like duty `number` were carried out elsewhere, the likest first."""
    book = rulebook.station()
    case = matter.suggestion.case
    fixed = list(
        Finding.objects.filter(kind=Finding.Kind.FIXED, verification__event__undone_at=None)
        .filter(verification__on__gte=timezone.localdate() - YEARS)
        .exclude(verification__case=case)
        .select_related("verification__suggestion", "verification__case__handler")
        .order_by("-verification__on", "-pk")[:MOST]
    )
    if not fixed:
        return []
    held = matches.index([matches.Text(title=one.words) for one in fixed])
    asked = matches.Text(title=matter.suggestion.asks[number - 1])
    found = matches.candidates(held, asked, book.nearest)
    chosen = [(fixed[one.row], one.score) for one in found if one.score >= book.at_least]
    return [_told(finding, score) for finding, score in chosen]


def _told(finding: Finding, score: float) -> Elsewhere:
    names = _names(finding)
    verification = finding.verification
    answers = Answer.objects.filter(
        suggestion=verification.suggestion, duty=finding.duty, words=finding.words
    )
    answer = answers.filter(on__lte=verification.on).order_by("on", "pk").last()
    served = verification.suggestion and verification.suggestion.served_on
    return Elsewhere(
        _without(finding.words, names),
        _without(answer.text, names) if answer else "",
        _without(finding.reason, names),
        (verification.on - served).days if served else None,
        score,
    )


def _names(finding: Finding) -> Sequence[str]:
    case = finding.verification.case
    people = [finding.verification.first.name, finding.verification.second.name, case.handler.name]
    organs = Organ.objects.values_list("name", flat=True)
    regions = Region.objects.values_list("name", flat=True)
    return [*people, *organs, *regions, case.defendant]


def _without(text: str, names: Sequence[str]) -> str:
    return redacted(
        text, names=names, suffixes=rulebook.station().suffixes,
        lead_in=verification_book.contradictions().words["lead_in"],
    )  # fmt: skip
