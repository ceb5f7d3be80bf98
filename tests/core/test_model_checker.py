"""Every course of both tracks: nothing out of reach, nothing stuck, nothing closed without proof."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core import rulebook
from jingyi.core.casefile import Law, stand, steps_now
from jingyi.core.clocks import Event
from jingyi.core.procedure import Need
from tests.core.model_checker import PASSED, PROOF, Model

TRACKS = {name: rulebook.states(name) for name in ("administrative", "civil")}
BOTH = pytest.mark.parametrize("name", TRACKS)
ADMINISTRATIVE = TRACKS["administrative"]


def walked(track):
    return Model(track, rulebook.clocks()).walk()


@pytest.fixture(scope="module")
def courses():
    """Return each track's model and walk; a case may not be closed for "another reason" here.

    The catch-all ground of termination would lead out of any corner, and so hide that it is one.
    """
    found = {}
    for name, track in TRACKS.items():
        listed = {ground for ground in track.grounds if not ground.endswith(".other")}
        steps = {step.id: with_grounds(step, track, listed) for step in track.steps.values()}
        model = Model(replace(track, steps=steps), rulebook.clocks())
        found[name] = model, model.walk()
    return found


def with_grounds(step, track, listed):
    """Return the step as it is when only the grounds `listed` are given."""
    kept = [
        replace(need, any=tuple(one for one in need.any if one in listed or one not in track.grounds))
        for need in step.needs
    ]  # fmt: skip
    return replace(step, needs=tuple(need for need in kept if need.any))


def kinds(track, *wanted):
    return {state.id for state in track.states.values() if state.kind in wanted}


@BOTH
def test_every_state_is_reached(courses, name):
    assert courses[name][1].reached() == set(TRACKS[name].states)


@BOTH
def test_no_case_is_ever_stuck(courses, name):
    """Whatever was taken back, withdrawn or sent back: an end stays in reach, if not the same one."""
    assert courses[name][1].lost(kinds(TRACKS[name], "closed", "left")) == set()
    assert courses[name][1].lost(kinds(TRACKS[name], "closed")) <= kinds(TRACKS[name], "left")


@BOTH
def test_the_road_to_court_is_never_cut_off(courses, name):
    """No order of steps uses up what a suit needs; only another office's case is out of reach."""
    assert courses[name][1].lost({"sued"}) <= kinds(TRACKS[name], "left")


@BOTH
def test_no_course_closes_a_case_without_a_verification_or_a_listed_ground(courses, name):
    assert courses[name][1].unproved == set()


@BOTH
def test_every_step_is_taken_by_some_course(courses, name):
    track, rest = TRACKS[name], set(TRACKS[name].steps) - courses[name][1].taken

    assert {step for step in rest if not Model(track, rulebook.clocks(), about=step).can_take(step)} == set()  # fmt: skip


# ---------------------------------------------------------------- the checker, on unsound data


def changed(track, step, **change):
    return replace(track, steps=track.steps | {step: replace(track.steps[step], **change)})


def without(track, *gone):
    return replace(track, steps={k: v for k, v in track.steps.items() if k not in gone})


@pytest.mark.parametrize(
    "step", ["case.terminate.rectified", "suit.withdraw", "case.conclude", "case.conclude.unexecuted"]
)  # fmt: skip
def test_a_closing_step_that_asks_for_nothing_is_found_out(step):
    assert walked(changed(ADMINISTRATIVE, step, needs=())).unproved == {step}


def test_a_verification_that_outlives_the_failure_after_it_is_found_out():
    """The checker keeps its own account of the last verification, whatever the data takes back."""
    forgetful = replace(ADMINISTRATIVE, takes_back=ADMINISTRATIVE.takes_back | {"verification.failed": frozenset()})  # fmt: skip

    assert {"suit.withdraw", "case.conclude"} <= walked(forgetful).unproved


def test_a_state_without_a_way_on_is_found_out():
    """A need nobody can meet, on every way out of the suspension."""
    never = Need(("commission.answered",), ADMINISTRATIVE.title)
    ways = [s for s in ADMINISTRATIVE.steps.values() if "suspended" in s.starts_from and s.to]
    shut = ADMINISTRATIVE.steps | {step.id: replace(step, needs=(never,)) for step in ways}

    found = walked(replace(ADMINISTRATIVE, steps=shut))
    assert "suspended" in found.lost(kinds(ADMINISTRATIVE, "closed", "left"))


def test_a_step_that_cannot_be_taken_again_after_a_withdrawal_is_found_out():
    """Once served, always served: the second suggestion could never be."""
    hoarding = replace(ADMINISTRATIVE, takes_back=ADMINISTRATIVE.takes_back | {"suggestion.withdrawn": frozenset()})  # fmt: skip
    once = without(changed(hoarding, "suggestion.serve", once=True), "case.reopen")

    assert "suggesting" in walked(once).lost({"sued"})


def test_a_missing_transition_is_found_out():
    cut = without(ADMINISTRATIVE, "suggestion.serve")

    assert {"awaiting", "sued"} <= set(cut.states) - walked(cut).reached()


def test_a_missing_event_that_others_wait_for_is_found_out():
    cut = without(TRACKS["civil"], "plaintiff.none")

    assert not Model(cut, rulebook.clocks()).can_take("civil.case.sue")
    assert "sued" not in walked(cut).reached()


def test_a_period_that_never_ends_is_found_out():
    rules = [rule for rule in rulebook.clocks() if rule.expires != "suggestion.expired"]

    assert "sued" not in Model(ADMINISTRATIVE, rules).walk().reached()


# ---------------------------------------------------------------- the walk and the file of a case


@BOTH
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_file_of_a_case_goes_no_way_that_the_walk_does_not_know(courses, name, data):
    """Random lawful courses, day by day: each step leads where it says, and to a node of the walk."""
    model, walk = courses[name]
    law = Law(TRACKS[name], rulebook.clocks(), rulebook.rest_days())
    day = date(2024, 1, 2) + timedelta(days=data.draw(st.integers(0, 300)))
    history = [Event("case.filed", day)]
    for _ in range(data.draw(st.integers(1, 22))):
        day += timedelta(days=data.draw(st.sampled_from((0, 1, 3, 35, 70))))
        standing = stand(law, history, on=day)
        offered = [step for step in steps_now(law, standing) if step.open]
        if not offered:
            assert TRACKS[name].states[standing.state].kind == "left"
            return
        moving = [step for step in offered if step.transition.to]
        rather = moving if moving and data.draw(st.booleans()) else offered
        step = data.draw(st.sampled_from(rather)).transition
        history.append(Event(step.event, day, {"ground": data.draw(ground_for(model, step))}))
        after = stand(law, history, on=day)
        assert after.state == (step.to or standing.state)
        facts = model.mask(after.facts) | (model.bits[PROOF] if PASSED in after.facts else 0)
        assert (after.state, facts & model.live[after.state]) in walk.before


def ground_for(model, step):
    """Return what may be given as the ground of a step; empty where it wants none."""
    listed = [name for need in step.needs for name in need.any if name in model.track.grounds]
    return st.sampled_from(listed or [""])
