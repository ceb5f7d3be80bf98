"""Columns and plain loops agree; what is known by a day is what was entered by then."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core import rulebook
from jingyi.core.measures.files import FILED, REGISTERED, UNDONE, Acts, Kept, on_file
from jingyi.core.measures.rows import FIELDS, Counted
from tests.core.measures import plain

START = date(2025, 1, 2)
KINDS = (
    "case.served", "consultation.held", "suggestion.decided", "suggestion.served",
    "suggestion.recorded", "suggestion.replied", "suggestion.withdrawn", "followup.done",
    "verification.passed", "verification.failed", "appraisal.commissioned", "appraisal.returned",
    "review.suspended", "review.resumed", "review.extended.chief", "case.sued", "suit.recorded",
    "judgment.received", "judgment.recorded", "case.terminated", "case.concluded",
    "case.transferred", "lookback.done",
)  # fmt: skip
MARKS = {
    "judgment.received": ("supported", "partly", ""),
    "lookback.done": ("relapsed", "held", ""),
}
NAMES = ("consultation", "judgment", "relapse", "reply", "rectified", "suit", "followup")
RESULTS = ("miss", "hit", "out")


@st.composite
def histories(draw):
    """Acts of one to four cases in the order entered: steps, late ones, corrections, undoings."""
    civil = draw(st.lists(st.booleans(), min_size=1, max_size=4))
    acts, entered = [], START.toordinal()
    filed = set()
    for _ in range(draw(st.integers(1, 40))):
        entered += draw(st.integers(0, 25))
        case = draw(st.integers(0, len(civil) - 1))
        mine = [act for act in acts if act[0] == case]
        kind = draw(st.sampled_from(KINDS))
        place = len(mine) + 1
        if case not in filed:
            kind, place = "case.filed", 1
            filed.add(case)
        elif draw(st.integers(0, 5)) == 0:
            old = draw(st.sampled_from(mine))
            kind, place = old[2] or kind, old[1]
            if place > 1 and draw(st.booleans()):
                kind = ""
        on = entered - draw(st.integers(0, 30))
        track = draw(st.sampled_from(("", "urgent"))) if kind == "suggestion.decided" else ""
        mark = draw(st.sampled_from(MARKS.get(kind, ("",))))
        acts.append((case, place, kind, on, 0, track, mark, entered))
    return acts, civil, entered


def counted(acts, civil, *, on, by=None, **more):
    columns = Acts.of(acts, more.get("leads", ()))
    kept = Kept(np.array(civil, np.bool_), more.get("lead_count", 0))
    files = on_file(columns, kept, on=on, known=by)
    return Counted(files, rules=rulebook.clocks(), calendar=rulebook.rest_days())


def judged(rows):
    return sorted(
        (unit, on, RESULTS[result])
        for unit, on, result in zip(
            rows.unit.tolist(), rows.on.tolist(), rows.result.tolist(), strict=True
        )
    )


@settings(max_examples=50, deadline=None)
@given(histories(), st.integers(0, 120), st.one_of(st.none(), st.integers(-200, 0)))
def test_columns_say_what_the_plain_loop_says(history, after, known):
    acts, civil, last = history
    on = date.fromordinal(last + after)
    by = None if known is None else on + timedelta(days=known)

    found = counted(acts, civil, on=on, by=by)
    expected = plain.rows(acts, civil, on=on, by=by)

    for name in NAMES[:3] + NAMES[4:]:
        assert judged(found.rows(name)) == expected.get(name, []), name
    assert judged(found.rows("reply")) == expected.get("deadline suggestion.reply", [])
    for rule in rulebook.measures()["deadline-rate"].rules:
        assert judged(found.deadlines([rule])) == expected.get(f"deadline {rule}", []), rule


@settings(max_examples=40, deadline=None)
@given(histories(), st.integers(0, 200))
def test_what_was_known_on_a_day_is_not_changed_by_later_entries(history, back):
    acts, civil, last = history
    on = date.fromordinal(last - back)
    entered = [act for act in acts if act[-1] <= on.toordinal()]

    then = counted(acts, civil, on=on, by=on)
    shown = counted(entered, civil, on=on)

    for name in NAMES:
        one, other = then.rows(name), shown.rows(name)
        assert all((getattr(one, f) == getattr(other, f)).all() for f in FIELDS), name


def test_a_lead_is_judged_by_its_last_decision_in_force():
    day = START.toordinal()
    leads = [
        (0, 10, REGISTERED, -1, day),
        (0, 11, 3, -1, day + 2),  # declined
        (0, 11, UNDONE, -1, day + 4),
        (0, 12, FILED, 0, day + 9),
        (1, 13, 3, -1, day + 5),
    ]
    acts = [(0, 1, "case.filed", day + 6, 0, "", "", day + 9)]

    def seen(after, by):
        at = date.fromordinal(day + after)
        found = counted(acts, [False], on=at, by=at if by else None, leads=leads, lead_count=2)
        return judged(found.rows("lead")), found.rows("conversion").value.tolist()

    assert seen(3, by=True) == ([(0, day + 2, "miss")], [])
    assert seen(5, by=True) == ([(1, day + 5, "miss")], [])  # the declining was taken back
    assert seen(9, by=True) == ([(0, day + 6, "hit"), (1, day + 5, "miss")], [6])
    # known now: filed on the sixth day, whenever that was entered
    assert seen(7, by=False) == ([(0, day + 6, "hit"), (1, day + 5, "miss")], [6])


@pytest.mark.parametrize(
    ("on", "rectified", "reply"),
    [("2025-05-06", "out", "out"), ("2025-05-07", "miss", "miss")],
)
def test_a_period_is_over_the_day_after_its_last(on, rectified, reply):
    # received on 5 March, two months: 5 May is a rest day, so 6 May is the last
    served = date(2025, 3, 5).toordinal()
    acts = [
        (0, 1, "case.filed", served - 9, 0, "", "", served),
        (0, 2, "suggestion.decided", served - 1, 0, "", "", served),
        (0, 3, "suggestion.served", served, 0, "", "", served),
    ]

    found = counted(acts, [False], on=date.fromisoformat(on))

    due = date(2025, 5, 6).toordinal()
    assert judged(found.rows("rectified")) == [(0, due, rectified)]
    assert judged(found.rows("reply")) == [(0, due, reply)]
