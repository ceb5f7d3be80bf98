"""Two counts of every last day, made apart, agree on random histories of cases."""

from datetime import date, timedelta
from random import Random

import numpy as np
import pytest

from jingyi.core import clocks, rulebook
from jingyi.core.clocks_columns import Fleet, Histories
from tests.core.second_checker import checked

CN = rulebook.rest_days()
RULES = rulebook.clocks()
FIRST = date(2021, 7, 1).toordinal()
ASKED = date(2026, 12, 31)

# (kind, the most days since the one before, how often it is on file); a course, told roughly in order
COURSES = {
    "administrative": [
        ("recusal.requested", 9, 0.1), ("case.served", 12, 0.9), ("commission.received", 20, 0.1),
        ("appraisal.commissioned", 30, 0.3), ("suggestion.decided", 60, 0.95),
        ("suggestion.served", 6, 0.95), ("appraisal.returned", 40, 0.3),
        ("suggestion.recorded", 9, 0.8), ("suggestion.withdrawn", 40, 0.06),
        ("suggestion.replied", 70, 0.7), ("appraisal.commissioned", 30, 0.3),
        ("appraisal.commissioned", 20, 0.2), ("review.extended.chief", 30, 0.4),
        ("appraisal.returned", 40, 0.4), ("review.suspended", 30, 0.2),
        ("review.resumed", 90, 0.18), ("review.extended.superior", 30, 0.2),
        ("case.received-for-suit", 30, 0.1), ("case.terminated", 60, 0.3), ("case.sued", 30, 0.5),
        ("suit.recorded", 9, 0.4), ("suit.correction-asked", 4, 0.1), ("suit.corrected", 9, 0.1),
        ("suit.docketed", 9, 0.5), ("defendant.served", 8, 0.5), ("trial.stayed", 40, 0.2),
        ("hearing.notified", 60, 0.4), ("claims.changed", 60, 0.1), ("trial.resumed", 60, 0.2),
        ("trial.extended", 90, 0.1), ("judgment.received", 99, 0.4), ("appeal.filed", 20, 0.1),
        ("appeal.received", 20, 0.1), ("trial.extended", 60, 0.05), ("appeal.decided", 90, 0.1),
    ],
    "civil": [
        ("recusal.reconsideration-requested", 9, 0.1), ("appraisal.commissioned", 40, 0.3),
        ("notice.published", 60, 0.95), ("appraisal.returned", 40, 0.3),
        ("appraisal.commissioned", 40, 0.3), ("review.extended.chief", 80, 0.4),
        ("appraisal.returned", 60, 0.3), ("review.extended.superior", 60, 0.2),
        ("case.received-for-suit", 60, 0.1), ("support.given", 60, 0.1),
        ("support.withdrawn", 60, 0.1), ("case.terminated", 60, 0.2), ("case.sued", 60, 0.6),
        ("suit.docketed", 9, 0.6), ("acceptance.announced", 9, 0.2), ("defendant.served", 8, 0.5),
        ("trial.stayed", 40, 0.2), ("settlement.published", 60, 0.2), ("trial.resumed", 60, 0.2),
        ("trial.extended", 90, 0.1), ("judgment.received", 99, 0.4), ("appeal.received", 20, 0.2),
        ("appeal.decided", 90, 0.1),
    ],
}  # fmt: skip


def history(chance, procedure):
    """Return one random course: (kind, day, more), in the order it happened."""
    day = date.fromordinal(FIRST + chance.randrange(1900))
    told = [("case.filed", day, {})]
    for kind, most, often in COURSES[procedure]:
        if chance.random() < often:
            day += timedelta(days=chance.randrange(most))
            told.append((kind, day, more_of(kind, day, chance)))
    if chance.random() < 0.1 and len(told) > 3:  # an unlikely order, as a wrong entry makes it
        n = chance.randrange(1, len(told) - 1)
        told[n] = (told[n][0], told[n][1] + timedelta(days=chance.randrange(120)), told[n][2])
        told.sort(key=lambda event: event[1])
    return told


def more_of(kind, day, chance):
    if kind == "suggestion.served":
        return {"track": chance.choice(["ordinary", "ordinary", "urgent"])}
    if kind == "judgment.received":
        return {"track": chance.choice(["judgment", "ruling"])}
    if kind == "review.extended.superior" and chance.random() < 0.5:
        return {"until": day + timedelta(days=chance.randrange(200))}
    return {}


def by_number(rule):
    return rule.numbers[0]


def derived(told, procedure):
    """Return what the derivations say, in the checker's words."""
    events = [clocks.Event(*event) for event in told]
    found = clocks.clocks_of(events, rules=RULES, procedure=procedure, calendar=CN, on=ASKED)
    return {
        (by_number(clock.rule), clock.started_on): (clock.raw, clock.due)
        for clock in found
        if clock.started_on
    }


def in_columns(cases, procedure):
    """Return the same of many cases, by columns."""
    fleet = Fleet(RULES, procedure, CN)
    told = [[clocks.Event(*event) for event in case] for case in cases]
    found = fleet.clocks(Histories.of(told), ASKED)
    names = [by_number(rule) for rule in fleet.rules]
    results = [{} for _ in cases]
    columns = (found.case, found.rule, found.start, found.raw, found.due)
    for case, rule, start, raw, due in np.stack(columns, axis=1).tolist():
        results[case][names[rule], date.fromordinal(start)] = (
            date.fromordinal(raw) if raw else None,
            date.fromordinal(due) if due else None,
        )
    return results


def agree(number, seed, every):
    """Check `number` histories of each procedure; the derivation of each `every`th is made too."""
    chance = Random(seed)
    for procedure in COURSES:
        cases = [history(chance, procedure) for _ in range(number)]
        for n, (told, ours) in enumerate(zip(cases, in_columns(cases, procedure), strict=True)):
            theirs = checked(told, procedure, ASKED)
            assert ours == theirs, (procedure, told)
            if n % every == 0:
                assert derived(told, procedure) == theirs, (procedure, told)


def test_two_counts_agree_on_2000_histories():
    agree(1_000, seed=20261123, every=4)


@pytest.mark.slow
def test_two_counts_agree_on_100000_histories():
    agree(50_000, seed=85, every=1)


def test_the_checker_shares_nothing_with_what_it_checks():
    import tests.core.second_checker as second

    assert not [
        name
        for name, value in vars(second).items()
        if "jingyi" in str(getattr(value, "__module__", ""))
    ]
