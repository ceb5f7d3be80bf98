"""A case's file as the core's facts: what documents are made of."""

from collections.abc import Iterator, Sequence
from datetime import date

from jingyi.core import rulebook
from jingyi.core.clock_rules import Period
from jingyi.core.documents.draft import in_words
from jingyi.core.documents.evidence import evidence_kinds
from jingyi.core.documents.model import PROOF, RECORD, SCREENING, Fact, File
from jingyi.core.documents.model import Exhibit as Shown
from jingyi.core.law import Source
from jingyi.web.cases.basis.days import facts_of
from jingyi.web.cases.documents.models import Exhibit
from jingyi.web.cases.documents.models import Fact as Entered
from jingyi.web.cases.models import Case, Event

DIGITS = "零一二三四五六七八九"


def file_of(case: Case, *, on: date) -> File:
    """Return the facts of `case` as they stand, in a bounded number of queries.

    Args:
        case: with `office`, `organ` and `handler` selected.
        on: the day that documents made of it bear.
    """
    events = list(case.events.filter(undone_at=None).select_related("exhibit"))
    facts = list(case.facts.filter(withdrawn_at=None))
    exhibits = list(case.exhibits.select_related("blob"))
    incidents = list(case.incidents.order_by("pk"))
    leads = [Shown(f"lead:{one.ref}", f"线索 {one.ref}", RECORD) for one in incidents]
    shown = [*leads, *map(shown_event, events), *map(shown_exhibit, exhibits)]
    facts = [
        *_identity(case, events, on),
        *_leads(tuple(one.key for one in leads)),
        *_events(events),
        *map(_fact, facts),
        *_basis(case, facts, on),
        *_period(events, on),
        *(Fact("exhibit", numbered(one), exhibits=(f"exhibit:{one.number}",)) for one in exhibits if proves(one)),
    ]  # fmt: skip
    if not any(fact.name == "ask" for fact in facts):
        facts += _asks(events)
    return File(
        tuple(facts),
        {one.key: one for one in shown},
        frozenset(event.kind for event in events),
        case.track,
    )


def numbered(one: Exhibit) -> str:
    """Return how an exhibit is called in documents."""
    return f"证据{one.number}：{one.name}"


def proves(one: Exhibit) -> bool:
    """Tell whether an exhibit's kind is one that proves anything; a screening result is a lead."""
    return evidence_kinds()[one.kind].proof


def shown_exhibit(one: Exhibit) -> Shown:
    """Return an exhibit as the core reads it."""
    key = f"exhibit:{one.number}"
    if not proves(one):
        return Shown(key, numbered(one), SCREENING)
    return Shown(key, numbered(one), PROOF, one.blob_id)


def shown_event(event: Event) -> Shown:
    """Return an event's document where one came with it, else the entry itself."""
    title = rulebook.events()[event.kind]
    if event.exhibit_id:
        name = f"{event.exhibit_name}（{event.on}，{title}）"
        return Shown(f"event:{event.pk}", name, PROOF, event.exhibit_id)
    return Shown(f"event:{event.pk}", f"案卷登记：{event.on} {title}", RECORD)


def sources_of(pairs: Sequence[Sequence[str]]) -> tuple[Source, ...]:
    """Return stored `[instrument, article]` as sources."""
    known = rulebook.instruments()
    return tuple(Source(known[name], article) for name, article in pairs)


def _identity(case: Case, events: Sequence[Event], on: date) -> Iterator[Fact]:
    filed = (f"event:{events[0].pk}",) if events else ()
    yield Fact("office", case.office.name)
    yield Fact("today", in_words(on), on)
    yield Fact("title", case.title, case.opened_on, filed)
    yield Fact("ref", case.ref, case.opened_on, filed)
    yield Fact("domain", str(rulebook.domain(case.domain).title), case.opened_on, filed)
    yield Fact("handler", case.handler.name, exhibits=filed)
    if case.organ:
        yield Fact("organ", case.organ.name, exhibits=filed)
        yield Fact("addressee", case.organ.name, exhibits=filed)
    if case.defendant:
        yield Fact("defendant", case.defendant, exhibits=filed)
        yield Fact("addressee", case.defendant, exhibits=filed)
    if case.office.parent:
        yield Fact("superior", case.office.parent.name)


def _leads(keys: tuple[str, ...]) -> Iterator[Fact]:
    if keys:
        refs = "、".join(key.partition(":")[2] for key in keys)
        yield Fact("lead", f"本案线索（线索编号{refs}）", exhibits=keys)


def _events(events: Sequence[Event]) -> Iterator[Fact]:
    """Yield each step taken, by its kind: ``suggestion_served`` and, where given, its details."""
    for event in events:
        name = event.kind.replace(".", "_").replace("-", "_")
        key = (f"event:{event.pk}",)
        told = event.facts.get("found") or event.facts.get("note") or ""
        yield Fact(name, told or str(rulebook.events()[event.kind]), event.on, key)
        if told:
            yield Fact(f"{name}_told", told, event.on, key)
        for detail in ("number", "court", "office", "medium", "ground"):
            if value := event.facts.get(detail):
                yield Fact(f"{name}_{detail}", _worded(detail, value), event.on, key)
        if move := event.facts.get("move"):  # where to, by the kind of move
            kind = move.replace("-", "_")
            yield Fact(f"{name}_{kind}", event.facts.get("office", ""), event.on, key)


def _worded(detail: str, value: str) -> str:
    if detail == "ground":
        for track in ("administrative", "civil"):
            if value in rulebook.states(track).grounds:
                return str(rulebook.states(track).grounds[value].title)
    return value


def _fact(fact: Entered) -> Fact:
    return Fact(
        fact.kind,
        fact.text,
        fact.on,
        tuple(fact.exhibits),
        sources_of(fact.articles),
    )


def _basis(case: Case, facts: Sequence[Entered], on: date) -> Iterator[Fact]:
    """Yield the statutes that open the domain for the last day of the fact.

    Where the case does not say when that was: the day of the last fact found, or `on`.
    """
    known, days = facts_of(case), [one.on for one in facts if one.on]
    fact_on = known.last(on) if known else max(days, default=on)
    bases = rulebook.domain(case.domain).bases_on(case.track, fact_on)
    if bases:
        sources = tuple(basis.source for basis in bases)
        yield Fact("basis", "、".join(_full(source) for source in sources), fact_on, (), sources)


def _full(source: Source) -> str:
    return f"《{source.instrument.title}》{source.article}"


def _period(events: Sequence[Event], on: date) -> Iterator[Fact]:
    """Yield the organ's period as the rule of its clock has it on that day."""
    decided = [event for event in events if event.kind == "suggestion.decided"]
    track = "urgent" if any(event.facts.get("urgent") for event in decided) else "ordinary"
    for version in rulebook.clock("suggestion.reply").versions:
        if version.covers(on) and track in version.tracks:
            length = _spelled(version.tracks[track].period)
            yield Fact("reply_period", length, on, (), (version.source,))


def _spelled(period: Period) -> str:
    """Return a period of up to 99 months or days in the words of a document."""
    n, unit = (period.months, "个月") if period.months else (period.days, "日")
    if n == 2 and period.months:
        return f"两{unit}"
    tens, ones = divmod(n, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return f"{ten}{DIGITS[ones] if ones or not tens else ''}{unit}"


def _asks(events: Sequence[Event]) -> Iterator[Fact]:
    """Yield what a decision already on file asks of the organ."""
    for event in events:
        if event.kind == "suggestion.decided":
            for ask in event.facts.get("asks", []):
                yield Fact("ask", ask, event.on, (f"event:{event.pk}",))
