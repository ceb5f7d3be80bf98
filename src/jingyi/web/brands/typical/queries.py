"""Reads of typical cases. Every one starts from the cases a person may read."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, QuerySet

from jingyi.core import rulebook
from jingyi.core.typical.drafting import begin
from jingyi.core.typical.finder import Candidate, Told, find
from jingyi.web.accounts.models import User
from jingyi.web.brands.typical.models import Draft, Entry, Published, Typical
from jingyi.web.cases.documents.models import Fact
from jingyi.web.cases.models import Case, Suggestion
from jingyi.web.cases.queries import cases_for, events
from jingyi.web.cases.verification.models import Finding, LookBack, Proof, Verification
from jingyi.web.evidence.redaction.models import Redaction
from jingyi.web.registry.queries import offices_for

CLOSED = ("terminated", "concluded", "archived")
WITNESSES = {Verification.Method.THIRD, Verification.Method.HEARING}


def typicals_for(user: User) -> QuerySet[Typical]:
    """Return the drafts whose case `user` may read, newest first."""
    found = Typical.objects.filter(
        case__in=cases_for(user), case__office__in=offices_for(user, "brands.read")
    )
    return found.select_related("case__office", "by")


def closed_for(user: User) -> QuerySet[Case]:
    """Return the closed cases `user` may read."""
    return cases_for(user).filter(state__in=CLOSED, office__in=offices_for(user, "brands.read"))


def published() -> QuerySet[Published]:
    """Return the typical cases that are out, newest first: they are public."""
    return Published.objects.select_related("entry__draft__typical")


def entries_of(typical: Typical) -> QuerySet[Entry]:
    """Return the selections it was entered in."""
    return Entry.objects.filter(draft__typical=typical).select_related("draft", "by", "published")


def copy_of(draft: Draft) -> Redaction | None:
    """Return the newest covered copy of a version that is made."""
    done = Redaction.objects.filter(
        subject=draft.typical.subject, key=draft.key, state=Redaction.State.DONE
    )
    return done.select_related("copy").first()


def candidates(cases: QuerySet[Case]) -> list[Candidate]:
    """Return the closed cases as candidates, keyed by file number, strongest first."""
    out = [(one.title, one.text) for one in published()]
    return find(told(cases), out)


def told(cases: QuerySet[Case]) -> list[Told]:
    """Return closed cases as the finder sees them; a fixed number of questions to the database."""
    rows = list(cases.values_list("pk", "ref", "title", "track", "domain"))
    within = cases.order_by().values("pk")
    texts: dict[int, list[str]] = defaultdict(list)
    articles: dict[int, set[str]] = defaultdict(set)
    facts = Fact.objects.filter(case__in=within, withdrawn_at=None).order_by("pk")
    for pk, text, cited in facts.values_list("case_id", "text", "articles"):
        texts[pk].append(text)
        articles[pk] |= {_article(*one) for one in cited}
    for pk, asks in Suggestion.objects.filter(case__in=within).values_list("case_id", "asks"):
        texts[pk] += asks
    for pk, title in cases.order_by().values_list("pk", "incidents__title"):
        texts[pk].append(title or "")
    kinds: dict[int, set[str]] = defaultdict(set)
    effects: dict[int, set[str]] = defaultdict(set)
    for pk, kind, said in events().filter(case__in=within).values_list("case_id", "kind", "facts"):
        kinds[pk].add(kind)
        if kind == "judgment.received" and said.get("outcome") == "supported":
            effects[pk].add("judged")
        if kind == "lookback.done" and said.get("outcome") == "held":
            effects[pk].add("held")
    _effects(within, effects)
    organs = _many_organs(within)
    return [
        Told(
            ref, "\n".join([title, *texts[pk]]), track, domain, frozenset(kinds[pk]),
            frozenset(effects[pk]), frozenset({"many-organs"} if pk in organs else ()),
            frozenset(articles[pk]),
        )
        for pk, ref, title, track, domain in rows
    ]  # fmt: skip


def _effects(within: QuerySet[Case], effects: dict[int, set[str]]) -> None:
    """Add what verifications and visits found; `within` are keys of cases."""
    visits = LookBack.objects.filter(case__in=within, outcome=LookBack.Outcome.HELD)
    _add(effects, "held", visits.values_list("case_id", flat=True))
    measured = Finding.objects.filter(verification__case__in=within, amount__isnull=False)
    _add(effects, "measured", measured.values_list("verification__case_id", flat=True))
    rounds = Verification.objects.filter(case__in=within, passed=True)
    _add(effects, "witnessed", (pk for pk, how in rounds.values_list("case_id", "methods") if WITNESSES & set(how)))  # fmt: skip
    seen: dict[str, set[int]] = {kind: set() for kind in (Proof.Kind.BEFORE, Proof.Kind.AFTER)}
    for kind, pks in seen.items():
        for path in ("answer__case", "finding__verification__case", "visit__case"):
            proofs = Proof.objects.filter(kind=kind, **{f"{path}__in": within})
            pks.update(proofs.values_list(f"{path}_id", flat=True))
    _add(effects, "pictured", seen[Proof.Kind.BEFORE] & seen[Proof.Kind.AFTER])


def _add(effects: dict[int, set[str]], name: str, pks: Iterable[int]) -> None:
    for pk in pks:
        effects[pk].add(name)


def _many_organs(within: QuerySet[Case]) -> set[int]:
    """Return which cases share a harm with another organ's case, or address several organs."""
    asked = Suggestion.objects.filter(case__in=within).values("case_id")
    several = asked.annotate(n=Count("organ", distinct=True)).filter(n__gt=1)
    links = Case.incidents.through.objects.filter(case__in=within)
    pairs: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for incident, case, organ in links.values_list("incident_id", "case_id", "case__organ_id"):
        if organ:
            pairs[incident].add((case, organ))
    shared = {
        case
        for found in pairs.values()
        if len({organ for _case, organ in found}) > 1
        for case, _organ in found
    }
    return shared | {row["case_id"] for row in several}


def _article(instrument: str, article: str) -> str:
    known = rulebook.instruments().get(instrument)
    return f"《{known.title}》{article}" if known else f"{instrument} {article}"


def begun(case: Case) -> dict[str, str]:
    """Return the sections of a first draft that the case's own file fills."""
    titles = rulebook.events()
    facts = Fact.objects.filter(case=case, withdrawn_at=None).order_by("pk")
    steps = events().filter(case=case).values_list("on", "kind")
    return begin(
        list(facts.values_list("text", flat=True)),
        [(on, str(titles[kind])) for on, kind in steps if kind in titles],
    )
