"""Controls that block: which result is held, by which control, and why."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import rulebook
from jingyi.core.lab import book
from jingyi.core.lab.control import (
    Blank,
    Check,
    Control,
    Duplicate,
    Instrument,
    Kit,
    Reference,
    Shown,
    SignDuplicate,
    Spike,
    check,
    recovery,
    relative_deviation,
)
from jingyi.core.lab.control_rules import read_rules
from jingyi.core.lab.release import Batch, Result, checked, release
from jingyi.core.lab.verdicts import Sign
from jingyi.core.lab.westgard import Point, judge
from jingyi.core.refusal import Refusal
from jingyi.core.tables import RulebookError, Table

RULES = book.control()
TODAY = date(2026, 11, 23)
LATER, GONE = date(2027, 6, 30), date(2026, 11, 22)
ITEM, OTHER = "ammonia-nitrogen", "total-phosphorus"


def passes(kind, reading, technique="instrument", item=ITEM):
    trace = isinstance(reading, Spike) and reading.trace
    limit = RULES.limit(kind, technique, item, "", TODAY, trace=trace)
    return check(Control("Q1", kind, reading, item), limit, TODAY)


@pytest.mark.parametrize(
    ("kind", "reading", "passed", "word"),
    [
        ("method-blank", Blank(None, 0.02), True, "低于检出限 0.02"),
        ("method-blank", Blank(0.019, 0.02), True, "合格"),
        ("method-blank", Blank(0.02, 0.02), False, "不低于检出限"),
        ("field-blank", Blank(0.05, 0.02), False, "测得 0.05"),
        ("duplicate", Duplicate(1.0, 1.5), True, "20.0 %"),
        ("duplicate", Duplicate(1.0, 1.51), False, "20.3 %"),
        ("duplicate", Duplicate(0.02, 0.02, unseen=2), True, "都低于检出限"),
        ("duplicate", Duplicate(0.02, 0.025, unseen=1), True, "11.1 %"),
        ("duplicate", Duplicate(0.02, 0.09, unseen=1), False, "63.6 %"),
        ("spike", Spike(1.0, 1.9, 1.0), True, "90.0 %"),
        ("spike", Spike(1.0, 2.1, 1.0), True, "110.0 %"),
        ("spike", Spike(1.0, 1.89, 1.0), False, "89.0 %"),
        ("spike", Spike(1.0, 2.11, 1.0), False, "111.0 %"),
        ("spike", Spike(0.0, 0.61, 1.0, trace=True), True, "60 %～130 %"),
        ("spike", Spike(0.0, 1.31, 1.0, trace=True), False, "131.0 %"),
        ("reference", Reference(1.05, 1.00, 0.05), True, "1 ± 0.05"),
        ("reference", Reference(0.94, 1.00, 0.05), False, "不在标准值"),
        ("calibration-check", Check(1.10, 1.00), True, "+10.0 %"),
        ("calibration-check", Check(0.89, 1.00), False, "-11.0 %"),
        ("instrument-check", Instrument(passed=True, valid_to=TODAY), True, "有效期"),
        ("instrument-check", Instrument(passed=True, valid_to=GONE), False, "已经过期"),
        ("instrument-check", Instrument(passed=False, valid_to=LATER), False, "不合格"),
        ("kit", Kit("L7", TODAY), True, "批号 L7"),
        ("kit", Kit("L7", GONE), False, "已经过期"),
        ("kit", Kit(" ", LATER), False, "没有批号"),
    ],
)
def test_each_control_at_its_limit(kind, reading, passed, word):
    """The figures of quality control as they are usual: blank, 20 %, 90-110 %, 60-130 %, 10 %."""
    found = passes(kind, reading)
    assert found.passed is passed
    assert word in str(found.because)
    assert "Q1" in str(found.because)


@pytest.mark.parametrize(
    ("kind", "shown", "passed"),
    [
        ("positive", Sign.POSITIVE, True),
        ("positive", Sign.NEGATIVE, False),
        ("negative", Sign.NEGATIVE, True),
        ("negative", Sign.POSITIVE, False),
        ("positive", None, False),
        ("negative", None, False),
    ],
)
def test_a_strip_shows_what_it_should_or_nothing_counts(kind, shown, passed):
    assert passes(kind, Shown(shown), "strip").passed is passed


def test_a_strip_s_duplicate_agrees_or_does_not():
    twice = SignDuplicate(Sign.POSITIVE, Sign.POSITIVE)
    assert passes("duplicate", twice, "strip").passed
    assert not passes("duplicate", replace(twice, second=Sign.NEGATIVE), "strip").passed


def test_of_a_ph_a_tenth_counts_and_no_percentage():
    assert passes("duplicate", Duplicate(7.0, 7.1), "meter", "ph").passed
    assert not passes("duplicate", Duplicate(7.0, 7.2), "meter", "ph").passed
    assert not passes("calibration-check", Check(4.12, 4.00), "meter", "ph").passed


def test_a_chart_out_of_control_fails_and_a_warning_passes():
    judged = judge([Point("1", "1", 2.5), Point("2", "1", 2.6)])
    assert passes("chart", judged[0]).passed
    assert "警告" in str(passes("chart", judged[0]).because)
    assert not passes("chart", judged[1]).passed
    assert "2_2s" in str(passes("chart", judged[1]).because)
    assert passes("chart", judge([Point("1", "1", 0.1)])[0]).passed


def test_what_cannot_be_a_control_is_refused():
    with pytest.raises(Refusal, match="没有“blanks”"):
        Control("Q", "blanks", Blank(None, 1))
    with pytest.raises(TypeError):
        Control("Q", "spike", Blank(None, 1))
    with pytest.raises(Refusal, match="加标量"):
        recovery(Spike(1, 1, 0))
    with pytest.raises(Refusal, match="标称值"):
        passes("calibration-check", Check(1, 0))
    with pytest.raises(Refusal, match="合格界限"):
        RULES.limit("spike", "strip", ITEM, "", TODAY)
    with pytest.raises(Refusal, match="合格界限"):
        RULES.limit("spike", "instrument", ITEM, "", date(2001, 1, 1))


def good(n=2, item=ITEM, first=""):
    """Every control that a batch of an instrument needs for `n` samples of an item."""
    few = -(-n // 10)
    return [
        Control(f"{first}B", "method-blank", Blank(None, 0.02), item),
        Control(f"{first}F", "field-blank", Blank(None, 0.02), item),
        *(Control(f"{first}D{i}", "duplicate", Duplicate(1.0, 1.1), item) for i in range(few)),
        Control(f"{first}R", "reference", Reference(1.0, 1.0, 0.05), item),
        Control(f"{first}C0", "calibration-check", Check(1.0, 1.0), item, 0),
        Control(f"{first}C9", "calibration-check", Check(1.0, 1.0), item, 99),
        Control(f"{first}I", "instrument-check", Instrument(passed=True, valid_to=LATER)),
    ]


def batch(controls, n=2, technique="instrument", results=None):
    results = results or [Result(f"S{i}", ITEM, i) for i in range(1, n + 1)]
    return Batch(technique, "HJ 535-2009", TODAY, tuple(results), tuple(controls))


def held(of):
    """Who is held by what: result, kind, number of the control (none if it is missing)."""
    return [(r.result.ref, h.kind, h.control) for r in release(of, RULES) for h in r.holds]


def test_a_complete_batch_is_released():
    assert held(batch(good())) == []
    assert all(one.passed for one in checked(batch(good()), RULES))


@pytest.mark.parametrize("gone", ["B", "F", "D0", "R", "I"])
def test_every_missing_control_holds_the_whole_batch(gone):
    of = batch([one for one in good() if one.ref != gone])
    found = release(of, RULES)
    assert [one.released for one in found] == [False, False]
    assert all(one.failed is None and "缺" in str(one.missing) for one in found)


@pytest.mark.parametrize(
    ("gone", "said"), [("C0", "测定之前没有校准核查"), ("C9", "测定之后没有校准核查")]
)
def test_a_result_stands_between_two_checks(gone, said):
    found = release(batch([one for one in good() if one.ref != gone]), RULES)
    assert [said in str(one.missing) for one in found] == [True, True]


def test_ten_per_cent_is_rounded_up():
    controls = good(10)
    assert held(batch(controls, 10)) == []
    few = {kind for _, kind, _ in held(batch(controls, 11))}
    assert few == {"duplicate"}
    because = release(batch(controls, 11), RULES)[0].missing
    assert str(because) == "缺平行样：11 个样品应有 2 个，现有 1 个。"


def test_a_reference_or_spikes_show_that_it_is_right():
    without = [one for one in good(11) if one.kind != "reference"]
    spikes = [Control(f"P{i}", "spike", Spike(1, 2, 1), ITEM) for i in (1, 2)]
    assert held(batch([*without, *spikes], 11)) == []
    assert {kind for _, kind, _ in held(batch([*without, spikes[0]], 11))} == {"spike"}


def test_a_failed_blank_holds_its_item_and_is_named():
    controls = [*good(), *good(item=OTHER, first="P-")]
    controls[0] = Control("B", "method-blank", Blank(0.08, 0.02), ITEM)
    results = [Result("S1", ITEM, 1), Result("S2", ITEM, 2), Result("S1", OTHER, 3)]
    found = release(batch(controls, results=results), RULES)
    assert [one.released for one in found] == [False, False, True]
    assert [hold.control for hold in found[0].holds] == ["B"]
    assert str(found[0].failed) == "方法空白 B：测得 0.08，不低于检出限 0.02，不合格。"


def test_a_control_of_every_item_holds_every_item():
    controls = [*good(), *good(item=OTHER, first="P-")]
    controls[-1] = Control("I", "instrument-check", Instrument(passed=True, valid_to=GONE))
    results = [Result("S1", ITEM, 1), Result("S1", OTHER, 2)]
    assert held(batch(controls, results=results)) == [("S1", "instrument-check", "I")] * 2


def test_a_failed_check_holds_from_the_last_good_one_to_the_next_good_one():
    checks = {10: 1.0, 20: 1.0, 30: 1.2, 40: 1.0, 50: 1.0}
    controls = [one for one in good(5) if one.kind != "calibration-check"]
    controls += [
        Control(f"C{at}", "calibration-check", Check(value, 1.0), ITEM, at)
        for at, value in checks.items()
    ]
    results = [Result(f"S{at}", ITEM, at) for at in (15, 25, 35, 45)]
    found = held(batch(controls, results=results))
    assert found == [("S25", "calibration-check", "C30"), ("S35", "calibration-check", "C30")]


def test_two_failed_checks_in_a_row_hold_what_is_between_them():
    controls = [one for one in good(3) if one.kind != "calibration-check"]
    controls += [
        Control(f"C{at}", "calibration-check", Check(value, 1.0), ITEM, at)
        for at, value in ((10, 1.2), (20, 1.2), (30, 1.0))
    ]
    results = [Result(f"S{at}", ITEM, at) for at in (5, 15, 25)]
    found = {one.result.ref: [h.control for h in one.holds] for one in release(batch(controls, results=results), RULES)}  # fmt: skip
    assert found == {"S5": ["C10", ""], "S15": ["C10", "C20"], "S25": ["C20"]}


def strip(lot, sign=Sign.POSITIVE, expires=LATER):
    return [
        Control(f"K{lot}", "kit", Kit(lot, expires)),
        Control(f"P{lot}", "positive", Shown(sign), ITEM, kit=lot),
        Control(f"N{lot}", "negative", Shown(Sign.NEGATIVE), ITEM, kit=lot),
        Control(f"D{lot}", "duplicate", SignDuplicate(Sign.POSITIVE, Sign.POSITIVE), ITEM, kit=lot),
    ]


def test_a_lot_of_strips_answers_for_itself_only():
    results = [Result("S1", ITEM, 1, "L1"), Result("S2", ITEM, 2, "L2")]
    assert held(batch(strip("L1") + strip("L2"), technique="strip", results=results)) == []
    bad = strip("L1") + strip("L2", sign=Sign.NEGATIVE)
    assert held(batch(bad, technique="strip", results=results)) == [("S2", "positive", "PL2")]
    old = strip("L1", expires=GONE) + strip("L2")
    assert held(batch(old, technique="strip", results=results)) == [("S1", "kit", "KL1")]
    lacking = held(batch(strip("L1"), technique="strip", results=results))
    assert {(who, kind) for who, kind, _ in lacking} == {
        ("S2", kind) for kind in ("kit", "positive", "negative", "duplicate")
    }


def test_a_result_without_a_lot_is_held_by_any_lot_that_fails():
    old = batch(strip("L1", expires=GONE), technique="strip", results=[Result("S1", ITEM, 1)])
    assert held(old) == [("S1", "kit", "KL1")]


def test_a_meter_needs_a_check_before_and_none_after():
    controls = [
        Control("C", "calibration-check", Check(7.02, 7.0), "ph", 0),
        Control("D", "duplicate", Duplicate(7.3, 7.35), "ph"),
        Control("I", "instrument-check", Instrument(passed=True, valid_to=LATER)),
    ]
    results = [Result("S1", "ph", 1)]
    assert held(batch(controls, technique="meter", results=results)) == []
    late = replace(controls[0], position=5)
    assert held(batch([late, *controls[1:]], technique="meter", results=results)) == [
        ("S1", "calibration-check", "")
    ]


def test_of_two_checks_in_one_place_the_failed_one_counts():
    bad = Control("X", "calibration-check", Check(2.0, 1.0), ITEM, 0)
    for controls in ([*good(), bad], [bad, *good()]):
        assert {control for _, _, control in held(batch(controls))} == {"X"}


@given(st.integers(1, 60), st.data())
def test_another_failure_never_releases_anything(n, data):
    controls = good(n)
    before = {one.result.ref for one in release(batch(controls, n), RULES) if one.released}
    bad = Control("X", "method-blank", Blank(9.0, 0.02), data.draw(st.sampled_from([ITEM, ""])))
    after = {one.result.ref for one in release(batch([*controls, bad], n), RULES) if one.released}
    assert before == {f"S{i}" for i in range(1, n + 1)}
    assert after == set()


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_relative_deviation_is_between_nothing_and_all(a, b):
    assert relative_deviation(a, b) == relative_deviation(b, a)
    assert 0 <= relative_deviation(a, b) <= 100


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "spike"},
        {"techniques": []},
        {"techniques": ["nose"]},
        {"absolute": "0.1", "low_percent": 3},
        {"kind": "method-blank"},
    ],
)
def test_a_rule_that_could_not_judge_is_a_defect(wrong):
    top = rulebook.raw("lab/control.toml")
    first = next(one for one in top["limit"] if one["kind"] == "duplicate")
    table = Table("control.toml", top | {"limit": [first | wrong]})
    with pytest.raises(RulebookError):
        read_rules(table, rulebook.instruments())


def test_every_figure_says_where_it_is_from():
    for one in (*RULES.limits, *RULES.needs, *RULES.screening):
        assert one.reading
        assert one.status == "assumed"
        assert str(one.source)
