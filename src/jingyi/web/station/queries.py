"""Reads of a station. Every one starts from the organs in which a person holds a post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from jingyi.core import casefile, contradictions, rulebook, verification_book
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.cases import derive, strip
from jingyi.web.cases.models import Case, Clock, Event, Suggestion
from jingyi.web.cases.queries import cases_for
from jingyi.web.cases.verification.models import Proof
from jingyi.web.cases.verification.queries import duties_of
from jingyi.web.registry.models import Organ
from jingyi.web.registry.queries import seats_for
from jingyi.web.station.models import Draft, Line, Matter, Paper, Request, Seen


@dataclass(frozen=True, slots=True)
class Shown:
    """What an organ may know of a matter: the suggestion itself, and nothing of the file behind it."""

    pk: int
    number: str
    office: Any
    organ: Organ
    handler: str
    urgent: bool
    decided_on: date | None
    served_on: date | None
    replied_on: date | None
    asks: Sequence[str]
    withdrawn: bool
    due: Clock | None  # of the reply, while it runs


def matters_for(user: User) -> QuerySet[Matter]:
    """Return what was sent to the organs in which `user` may read the station."""
    return _told(Matter.objects.filter(organ__in=seats_for(user, "station.read")))


def matters_of(user: User) -> QuerySet[Matter]:
    """Return what the offices of `user` have sent to organs."""
    return _told(Matter.objects.filter(suggestion__case__in=cases_for(user)))


def every_matter() -> QuerySet[Matter]:
    """Return every matter: for whoever holds the key of one."""
    return _told(Matter.objects.all())


def _told(found: QuerySet[Matter]) -> QuerySet[Matter]:
    gone = Event.objects.filter(
        case=OuterRef("suggestion__case"), kind="suggestion.withdrawn", undone_at=None
    )
    clocks = Clock.objects.filter(rule="suggestion.reply", stopped_on=None).order_by("-started_on")
    return (
        found.exclude(suggestion=None)
        .select_related("organ", "suggestion__case__office", "suggestion__case__handler")
        .prefetch_related(Prefetch("suggestion__case__clocks", clocks, to_attr="reply_clocks"))
        .annotate(withdrawn=Exists(gone))
    )


def on_paper(user: User) -> QuerySet[Suggestion]:
    """Return the suggestions served on the own organs on paper, not yet opened here."""
    own = seats_for(user, "station.read")
    found = Suggestion.objects.filter(organ__in=own, matter=None).exclude(served_on=None)
    return found.select_related("organ", "case__office").order_by("-served_on", "-pk")


def shown(matter: Matter) -> Shown:
    """Return what the organ's pages show of a matter."""
    suggestion = matter.suggestion
    case = suggestion.case
    return Shown(
        matter.pk, suggestion.number, case.office, matter.organ, case.handler.name,
        suggestion.urgent, suggestion.decided_on, suggestion.served_on, suggestion.replied_on,
        suggestion.asks, matter.withdrawn, next(iter(case.reply_clocks), None),
    )  # fmt: skip


def clocks_of(case: Case) -> list[strip.Shown]:
    """Return the clocks of a case that run for the organ, with everything that explains them."""
    law = derive.law_of(case)
    events = case.events.filter(undone_at=None).order_by("on", "place")
    standing = casefile.stand(law, derive.history(events), on=timezone.localdate())
    live, over = strip.strip(standing.clocks, law)
    return [one for one in (*live, *over) if one.clock.rule.party == "organ"]


def period_of_objection(matter: Matter) -> date | None:
    """Return the last day for an objection; nothing where none is counted."""
    clocks = matter.suggestion.case.clocks.filter(rule="suggestion.object")
    last = clocks.order_by("-started_on").first()
    return last.due_on if last else None


def draft_of(matter: Matter) -> Draft | None:
    """Return the draft in preparation."""
    return matter.drafts.exclude(state=Draft.State.SIGNED).first()


def requests_for(user: User) -> QuerySet[Request]:
    """Return what organs asked of the offices of `user`, what waits first."""
    found = Request.objects.filter(matter__suggestion__case__in=cases_for(user))
    return found.select_related(
        "matter__organ", "matter__suggestion__case__office", "by", "decided_by"
    ).order_by("decided_at", "at", "pk")


def papers_for(user: User) -> QuerySet[Paper]:
    """Return the papers `user` may read: of their office's cases, or to their organ."""
    own = Q(case__in=cases_for(user)) | Q(organ__in=seats_for(user, "station.read"))
    return Paper.objects.filter(own).select_related("case__office", "organ", "by")


def seen_by_office(user: User) -> QuerySet[Seen]:
    """Return who looked at the matters sent by the offices of `user`."""
    return Seen.objects.filter(matter__in=matters_of(user)).select_related(
        "matter__suggestion", "matter__organ", "by", "link"
    )


def seen_by_organ(user: User) -> QuerySet[Seen]:
    """Return who looked at the matters of the organs whose log `user` may read."""
    own = seats_for(user, "station.audit")
    return Seen.objects.filter(matter__organ__in=own).select_related(
        "matter__suggestion", "matter__organ", "by", "link"
    )


# ---------------------------------------------------------------- the reply


@dataclass(frozen=True, slots=True)
class Lack:
    """What a line of a draft still lacks, or where it disagrees with what is shown for it."""

    duty: int
    why: Sentence
    must: bool  # it cannot be signed so


def checked(draft: Draft) -> list[Lack]:
    """Return the checklist of a draft: what must be there, and what will be asked about."""
    book = rulebook.station()
    words = draft.matter.suggestion.asks
    found: list[Lack] = []
    claims = []
    for line in draft.lines.prefetch_related("files"):
        files = list(line.files.all())
        found += [
            Lack(line.duty, check.title, check.must)
            for check in book.checks
            if _lacks(check.id, line, files)
        ]
        claims.append(_claim(draft, line, words[line.duty - 1], files))
    disagreements = contradictions.contradictions(claims, verification_book.contradictions())
    return found + [Lack(one.duty, one.because, False) for one in disagreements]


def _lacks(check: str, line: Line, files: Sequence[Any]) -> bool:
    kinds = {one.kind for one in files}
    finished = line.said in {"done", "partly"}
    lacking = {
        "answer": not line.said,
        "words": not line.text.strip(),
        "exhibit": finished and not kinds - {Proof.Kind.BEFORE},
        "before-and-after": Proof.Kind.AFTER in kinds and Proof.Kind.BEFORE not in kinds,
        "captions": any(not one.caption.strip() for one in files),
        "ground": line.said in {"not-ours", "disputed"} and not files,
    }
    return lacking[check]


def _claim(draft: Draft, line: Line, demand: str, files: Sequence[Any]) -> contradictions.Claim:
    shown_files = tuple(
        contradictions.Shown(one.name, one.kind, one.caption, one.dated_on) for one in files
    )
    return contradictions.Claim(
        duty=line.duty, demand=demand, said=line.said, text=words_of(line),
        replied_on=timezone.localdate(), served_on=draft.matter.suggestion.served_on,
        shown=shown_files,
    )  # fmt: skip


def words_of(line: Line) -> str:
    """Return the words of a line with its figure, as they are sent."""
    if not line.unit:
        return line.text.strip()
    return f"{line.text.strip()}（{line.amount.normalize():f}{line.unit}）"


def open_duties(matter: Matter) -> list[int]:
    """Return the numbers of the duties a reply has to speak of: all at first, then what is open."""
    duties = duties_of(matter.suggestion)
    if matter.suggestion.replied_on is None:
        return [duty.core.number for duty in duties]
    return [duty.core.number for duty in duties if not duty.core.settled]
