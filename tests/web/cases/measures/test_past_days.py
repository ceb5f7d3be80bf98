"""Any past day's figures come back from the ledger alone, whatever was entered later."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jingyi.core import casefile, rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.cases import actions, derive
from jingyi.web.cases.measures import counting
from jingyi.web.cases.measures.counting import NOW, THEN, Asked
from jingyi.web.cases.models import Case, Event, Track
from jingyi.web.leads import actions as leads
from jingyi.web.leads.models import Decision, Incident
from tests.web.cases import course

pytestmark = pytest.mark.django_db
FIRST = datetime(2025, 1, 6, 3, 0, tzinfo=UTC)
SHOWN = [one for one in rulebook.measures().values() if not one.missing]
OUTCOMES = {"judgment.received": ("supported", "partly", ""), "lookback.done": ("relapsed", "")}


class Office:
    """Random work of one office, a few acts a day, some of them late, wrong or taken back."""

    def __init__(self, city, chief, chance):
        self.city, self.chief, self.chance = city, chief, chance
        self.at = FIRST

    @property
    def today(self):
        return self.at.date()

    def day(self):
        self.at += timedelta(days=self.chance.randint(1, 15))
        for _ in range(self.chance.randint(1, 4)):
            act = self.chance.choice(
                [self.lead, self.lead, self.open, self.step, self.step, self.step, self.step,
                 self.correct, self.undo]
            )  # fmt: skip
            self.at += timedelta(minutes=1)
            try:
                with transaction.atomic():
                    act()
            except Refusal:
                pass

    def past(self):
        return self.today - timedelta(days=self.chance.choice([0, 0, 0, 1, 5, 20]))

    def lead(self):
        waiting = list(Incident.objects.order_by("pk"))
        if not waiting or self.chance.random() < 0.5:
            course.incident(self.city.office)
            return
        one = self.chance.choice(waiting)
        if self.chance.random() < 0.3:
            made = Decision.objects.filter(undone_at=None).order_by("pk")
            if made:
                leads.undo(decision=self.chance.choice(list(made)), by=self.chief, at=self.at)
        elif self.chance.random() < 0.5:
            leads.take(incident=one, by=self.chief, at=self.at)
        else:
            leads.decline(incident=one, reason="no-breach", by=self.chief, at=self.at)

    def open(self):
        fresh = course.incident(self.city.office)
        if self.chance.random() < 0.6:
            leads.take(incident=fresh, by=self.chief, at=self.at)
        civil = self.chance.random() < 0.4
        actions.open_from_incident(
            incidents=[fresh], track=Track.CIVIL if civil else Track.ADMINISTRATIVE,
            domain="eco-env", organ=None if civil else self.city.water, department=None,
            handler=self.chief, title="督促整治", decided_on=self.past(), uncounted=True,
            by=self.chief, at=self.at,
        )  # fmt: skip

    def facts(self, kind, case):
        if kind in {"case.terminated", "case.concluded"}:
            return {"ground": self.chance.choice(sorted(rulebook.states(case.track).grounds))}
        if kind == "suggestion.decided":
            return {"urgent": self.chance.random() < 0.3, "asks": ["封堵暗管"]}
        return {"outcome": self.chance.choice(OUTCOMES.get(kind, ("",)))}

    def step(self):
        cases = list(Case.objects.order_by("pk"))
        if not cases:
            return
        case = self.chance.choice(cases)
        standing = derive.standing_of(case, on=self.today)
        steps = casefile.steps_now(derive.law_of(case), standing)
        kinds = sorted({one.transition.event for one in steps if one.open})
        kind = self.chance.choice(kinds or ["case.served"])
        actions.record_event(
            case=case, kind=kind, on=max(self.past(), case.opened_on), facts=self.facts(kind, case), uncounted=True,
            by=self.chief, at=self.at, version=case.version,
        )  # fmt: skip

    def entered(self):
        return self.chance.choice(
            list(Event.objects.filter(undone_at=None).order_by("pk")) or [None]
        )

    def correct(self):
        if wrong := self.entered():
            filing = wrong.kind == casefile.FILED  # no step comes before it
            on = wrong.on if filing else max(self.past(), wrong.case.opened_on)
            actions.correct_event(
                event=wrong, on=on, facts=self.facts(wrong.kind, wrong.case),
                reason="日期有误", by=self.chief, at=self.at, version=wrong.case.version,
            )  # fmt: skip

    def undo(self):
        if wrong := self.entered():
            actions.undo_event(
                event=wrong, reason="重复登记", by=self.chief, at=self.at,
                version=wrong.case.version,
            )  # fmt: skip


def shown(city, on, known):
    """Return everything the page shows as of a day: each row by its name, each figure."""
    asked = Asked.of({"on": on, "since": FIRST.date(), "known": known}, today=on)
    mine = counting.count([city.office.code], asked)
    found = {}
    for one in SHOWN:
        rows, names = mine.rows(one), mine.names(one)
        found[one.id] = (
            mine.figure(one),
            sorted(
                (names[rows.unit[n]], int(rows.on[n]), int(rows.result[n]), str(rows.says(n)))
                for n in range(len(rows))
            ),
        )
    return found


def compare(city, chief, chance, days):
    office = Office(city, chief, chance)
    stored = {}
    for _ in range(days):
        office.day()
        stored[office.today] = shown(city, office.today, NOW)
    for day, figures in stored.items():
        assert shown(city, day, THEN) == figures, day
    return stored


def in_a_world_of_its_own(city, chief, chance, days):
    with transaction.atomic():
        compare(city, chief, chance, days)
        transaction.set_rollback(True)


# a world takes a second to make, so a failing one is shown as it is, not made smaller
QUIET = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.generate],
}


@settings(max_examples=3, **QUIET)
@given(chance=st.randoms(use_true_random=False), days=st.integers(4, 12))
def test_the_ledger_gives_back_what_the_page_showed(city, chief, chance, days):
    in_a_world_of_its_own(city, chief, chance, days)


@pytest.mark.slow
@settings(max_examples=20, **QUIET)
@given(chance=st.randoms(use_true_random=False), days=st.integers(10, 25))
def test_the_ledger_gives_back_what_the_page_showed_on_long_histories(city, chief, chance, days):
    in_a_world_of_its_own(city, chief, chance, days)


def test_a_correction_and_an_undoing_change_what_is_known_now_only(city, chief, alice):
    case = course.case(city.office, chief, alice, organ=city.water, at="2026-07-01")
    served = course.step(case, "case.served", "2026-07-02", chief, at="2026-07-03")
    day = date(2026, 7, 10)
    then = shown(city, day, THEN)

    actions.correct_event(
        event=served, on=date(2026, 7, 13), facts={}, reason="送达回证上是十三日", by=chief,
        at=course.noon("2026-07-23"), version=case.version,
    )  # fmt: skip

    assert shown(city, day, THEN) == then  # the ledger of that day is as it was
    assert "2026-07-02 完成" in then["deadline-rate"][1][0][3]
    assert "没有完成" in shown(city, day, NOW)["deadline-rate"][1][0][3]
