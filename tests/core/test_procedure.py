"""Which steps are open, why the others are not, and that no case can be closed without proof."""

from dataclasses import replace
from datetime import date

import pytest

from jingyi.core import domains, procedure, rulebook

ADMINISTRATIVE = rulebook.states("administrative")
CIVIL = rulebook.states("civil")
BOTH = pytest.mark.parametrize("track", [ADMINISTRATIVE, CIVIL], ids=lambda track: track.track)


def steps(track, state, facts):
    return {step.transition.id: step for step in procedure.next_steps(track, state, facts)}


def test_a_suggestion_waits_for_the_filing_decision_to_be_served():
    step = steps(ADMINISTRATIVE, "investigating", ["case.filed", "investigation.concluded"])[
        "suggestion.decide"
    ]

    assert not step.open
    assert step.near
    assert str(step.says) == "尚缺：立案决定书的送达回证（《办案规则》第七十五条）"


def test_an_open_step_says_who_decides():
    facts = ["case.filed", "case.served", "investigation.concluded"]
    step = steps(ADMINISTRATIVE, "investigating", facts)["suggestion.decide"]

    assert step.open
    assert str(step.says) == "由检察长决定（《办案规则》第七十五条）"


def test_a_step_of_another_state_names_both_states():
    step = steps(ADMINISTRATIVE, "investigating", [])["case.sue"]

    assert not step.near
    assert str(step.says) == "须在“审查起诉”阶段，本案现为“立案调查”（《办案规则》第八十一条）"
    assert len(step.reasons) == 5


def test_a_step_to_be_taken_once_is_closed_afterwards():
    step = steps(ADMINISTRATIVE, "investigating", ["case.served"])["case.serve"]

    assert str(step.says) == "已经办理（《办案规则》第七十条）"


def test_no_suit_without_a_suggestion_first():
    """Whatever else is on file, the suggestion and its expiry must be."""
    facts = ["verification.failed", "review.concluded"]

    with pytest.raises(
        procedure.StepClosed, match="检察建议书的送达回证（《办案规则》第八十一条）"
    ):
        procedure.advance(ADMINISTRATIVE, "reviewing", facts, "case.sue")


def test_the_review_opens_only_when_the_rectification_period_is_over():
    replied = ["suggestion.served", "suggestion.replied"]

    assert not steps(ADMINISTRATIVE, "awaiting", replied)["review.open"].open
    assert steps(ADMINISTRATIVE, "awaiting", [*replied, "suggestion.expired"])["review.open"].open


def test_a_case_may_be_terminated_before_the_period_ends_once_verified():
    facts = ["suggestion.served", "verification.passed", "ground.rectified"]

    taken = procedure.advance(ADMINISTRATIVE, "awaiting", facts, "case.terminate.rectified")
    assert taken == "terminated"


@BOTH
def test_the_procedure_is_sound(track):
    assert procedure.faults(track) == []


@BOTH
def test_no_path_closes_a_case_without_a_verification_or_a_listed_ground(track):
    """Walk every state with and without proof, taking each step a lawful file could allow."""
    proofs = {"verification.passed", *track.grounds}
    seen, waiting = set(), [(track.first, False)]
    while waiting:
        state, proved = waiting.pop()
        if (state, proved) in seen:
            continue
        seen.add((state, proved))
        if track.states[state].kind == "closed":
            assert proved, state
        for step in track.steps.values():
            if state in step.starts_from:
                must = any(proofs >= set(need.any) for need in step.needs)
                waiting.append((step.to or state, proved or must))
    assert {state for state, _ in seen} == set(track.states)


@pytest.mark.parametrize(
    ("step", "change", "fault"),
    [
        ("case.conclude", {"needs": ()}, "没有核实或者列明的事由就能结案"),
        ("suggestion.decide", {"to": ""}, "无法到达"),
    ],
)
def test_an_unsound_procedure_is_found_out(step, change, fault):
    broken = ADMINISTRATIVE.steps | {step: replace(ADMINISTRATIVE.steps[step], **change)}

    found = procedure.faults(replace(ADMINISTRATIVE, steps=broken))
    assert any(fault in str(item) for item in found)


def test_a_dead_end_is_found_out():
    kept = {k: v for k, v in ADMINISTRATIVE.steps.items() if k != "review.resume"}
    kept |= {
        name: replace(
            step, starts_from=tuple(s for s in step.starts_from if s != "suspended") or ("sued",)
        )
        for name, step in kept.items()
    }

    found = procedure.faults(replace(ADMINISTRATIVE, steps=kept))
    assert [str(item) for item in found] == ["administrative：“中止审查”没有出路"]


# ---------------------------------------------------------------- opening a case

NOW = date(2026, 9, 1)


def test_an_anti_monopoly_case_is_not_for_a_county():
    domain = rulebook.domain("anti-monopoly")

    with pytest.raises(domains.MayNotOpen, match="《反垄断法》第六十条第二款"):
        domains.may_open(domain, "civil", "county", fact_on=NOW)
    assert domains.may_open(domain, "civil", "city", fact_on=NOW).bases


@pytest.mark.parametrize("slug", ["state-property", "state-land"])
def test_no_civil_suit_in_an_administrative_domain(slug):
    with pytest.raises(
        domains.MayNotOpen, match=r"没有民事公益诉讼.*《行政诉讼法》第二十五条第四款"
    ):
        domains.may_open(rulebook.domain(slug), "civil", "city", fact_on=NOW)


def test_no_administrative_case_in_a_civil_domain():
    with pytest.raises(domains.MayNotOpen, match="没有行政公益诉讼"):
        domains.may_open(rulebook.domain("anti-monopoly"), "administrative", "city", fact_on=NOW)


@pytest.mark.parametrize(
    ("slug", "procedure_", "fact_on", "cited"),
    [
        ("eco-env", "civil", "2021-06-01", ["民事诉讼法（2017）"]),
        ("eco-env", "civil", "2026-08-14", ["民事诉讼法"]),
        ("eco-env", "civil", "2026-08-15", ["民事诉讼法", "生态环境法典"]),
        ("eco-env", "administrative", "2026-08-15", ["行政诉讼法", "生态环境法典"]),
        ("marine", "civil", "2026-08-14", ["海洋环境保护法"]),
        ("marine", "civil", "2026-08-15", ["生态环境法典"]),
        ("women", "civil", "2024-06-01", ["妇女权益保障法"]),
        ("women", "civil", "2025-05-01", ["妇女权益保障法", "农村集体经济组织法"]),
    ],
)
def test_a_case_rests_on_the_statute_in_force_on_the_day_of_the_fact(
    slug, procedure_, fact_on, cited
):
    opening = domains.may_open(
        rulebook.domain(slug), procedure_, "city", fact_on=date.fromisoformat(fact_on)
    )

    assert [basis.source.instrument.short for basis in opening.bases] == cited


def test_a_fact_older_than_the_domain_is_refused_with_the_day_the_statute_began():
    with pytest.raises(domains.MayNotOpen, match="自 2025-03-01 起"):
        domains.may_open(
            rulebook.domain("heritage"), "administrative", "county", fact_on=date(2025, 2, 28)
        )


def test_what_rests_on_practice_is_opened_with_a_caution():
    opening = domains.may_open(rulebook.domain("heroes"), "administrative", "county", fact_on=NOW)

    assert "等领域" in str(opening.cautions[0])


def test_a_county_is_told_that_it_will_not_bring_the_civil_suit_itself():
    opening = domains.may_open(rulebook.domain("food-drug"), "civil", "county", fact_on=NOW)

    assert [str(caution) for caution in opening.cautions] == [
        "第一审民事公益诉讼由市级人民检察院提起，立案调查后须移送起诉"
    ]


def test_each_topic_of_the_procedure_fits_into_a_file_one_can_read():
    lengths = {
        name: len((rulebook.ROOT / name).read_text("utf-8").splitlines())
        for name in rulebook.files("states")
    }

    assert {name: n for name, n in lengths.items() if n > 400} == {}
