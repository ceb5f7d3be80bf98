"""Two grades of verdict that cannot be mistaken for each other, and the words of each."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.lab import book
from jingyi.core.lab.deciding import (
    Shown,
    confirm,
    percent,
    quick,
    screen,
    thresholds_on,
    worded,
)
from jingyi.core.lab.uncertainty import Estimate, Interval
from jingyi.core.lab.values import parse
from jingyi.core.lab.verdicts import (
    TITLES,
    Above,
    Below,
    EvidentialState,
    EvidentialVerdict,
    Report,
    Screening,
    ScreeningState,
    ScreeningVerdict,
    Sign,
    proof,
    usable_as_proof,
)
from jingyi.core.refusal import Refusal
from jingyi.core.words import say

TODAY = date(2026, 11, 23)
ALL = book.control().screening
BY = thresholds_on(TODAY, ALL)
LIMIT = Interval(upper=1.0)
SHOWN = Shown("氨氮", "1.30 mg/L", "1.0 mg/L（GB 3838-2002 Ⅲ类）")
REPORT = Report("ZY-2026-0102", "知阳市检测中心", "261200001", TODAY, over=True)


def state(found, limits=LIMIT, **how):
    return screen(Screening(found), limits, BY, **how).state


def test_the_six_states_have_the_titles_of_the_law():
    assert [str(TITLES[one]) for one in (*ScreeningState, *EvidentialState)] == [
        "初筛未见异常",
        "初筛疑似超标",
        "无效",
        "待确认",
        "已确认超标",
        "确认未超标",
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.30, ScreeningState.SCREEN_SUSPECT),
        (1.13, ScreeningState.SCREEN_SUSPECT),
        (1.12, ScreeningState.PENDING),
        (0.84, ScreeningState.PENDING),
        (0.83, ScreeningState.SCREEN_CLEAR),
        (0.20, ScreeningState.SCREEN_CLEAR),
    ],
)
def test_the_probability_decides_and_near_the_limit_nothing_is_said(value, expected):
    """u = 0.1: suspect from 1 + 1.28 u, clear up to 1 - 1.64 u."""
    assert state(Estimate(value, 0.1)) is expected


def test_a_lower_limit_and_a_range_are_judged_on_their_own_side():
    oxygen, ph = Interval(lower=5.0), Interval(6, 9)
    assert state(Estimate(3.0, 0.3), oxygen) is ScreeningState.SCREEN_SUSPECT
    assert state(Estimate(8.0, 0.3), oxygen) is ScreeningState.SCREEN_CLEAR
    assert state(Estimate(10.0, 0.1), ph) is ScreeningState.SCREEN_SUSPECT
    assert state(Estimate(5.0, 0.1), ph) is ScreeningState.SCREEN_SUSPECT
    assert state(Estimate(7.0, 0.1), ph) is ScreeningState.SCREEN_CLEAR


@pytest.mark.parametrize(
    ("lod", "limits", "expected"),
    [
        (0.02, LIMIT, ScreeningState.SCREEN_CLEAR),
        (1.0, LIMIT, ScreeningState.SCREEN_CLEAR),
        (1.5, LIMIT, ScreeningState.PENDING),
        (0.5, Interval(lower=5.0), ScreeningState.SCREEN_SUSPECT),
        (6.0, Interval(lower=5.0), ScreeningState.PENDING),
        (0.5, Interval(1.0, 2.0), ScreeningState.SCREEN_SUSPECT),
        (1.5, Interval(1.0, 2.0), ScreeningState.PENDING),
    ],
)
def test_less_than_the_detection_limit_says_only_which_side_the_limit_is(lod, limits, expected):
    assert state(Below(lod), limits) is expected


@pytest.mark.parametrize(
    ("top", "limits", "expected"),
    [
        (1.0, LIMIT, ScreeningState.SCREEN_SUSPECT),
        (0.9, LIMIT, ScreeningState.PENDING),
        (6.0, Interval(lower=5.0), ScreeningState.SCREEN_CLEAR),
        (4.0, Interval(lower=5.0), ScreeningState.PENDING),
        (9.0, Interval(6, 9), ScreeningState.SCREEN_SUSPECT),
        (8.0, Interval(6, 9), ScreeningState.PENDING),
    ],
)
def test_more_than_the_range_says_only_which_side_the_limit_is(top, limits, expected):
    assert state(Above(top), limits) is expected


def test_a_result_as_written_becomes_a_quick_test():
    assert quick(parse("1.3"), u=0.1).found == Estimate(1.3, 0.1)
    assert quick(parse("<0.02"), u=None).found == Below(0.02)
    assert quick(parse("未检出"), u=None, lod=0.05).found == Below(0.05)
    assert quick(parse(">5"), u=None).found == Above(5.0)
    for text in ("1.3", "未检出"):
        with pytest.raises(Refusal, match="无法判定"):
            quick(parse(text), u=None)


def test_a_strip_gives_a_sign_and_no_probability():
    assert state(Sign.POSITIVE) is ScreeningState.SCREEN_SUSPECT
    assert state(Sign.NEGATIVE) is ScreeningState.SCREEN_CLEAR
    verdict = screen(Screening(Sign.POSITIVE), LIMIT, BY)
    assert verdict.probability is None
    assert "概率为" not in str(worded(verdict, SHOWN))


def test_a_failed_control_voids_and_a_missing_one_waits():
    over = Estimate(9.0, 0.1)
    assert state(over, failed=say("空白超标")) is ScreeningState.INVALID
    assert state(over, missing=say("缺平行样")) is ScreeningState.PENDING


def test_only_a_report_is_proof():
    quick, formal = screen(Screening(Estimate(9.0, 0.1)), LIMIT, BY), confirm(REPORT, LIMIT)
    assert not usable_as_proof(quick)
    assert usable_as_proof(formal)
    assert proof(formal) is formal
    with pytest.raises(Refusal, match="不能作为认定超标的证据"):
        proof(quick)


WHY = say("理由")
MIXED = {
    "a screening of a report": lambda: ScreeningVerdict(REPORT, ScreeningState.PENDING, WHY),
    "a screening that confirms": lambda: ScreeningVerdict(
        Screening(Sign.POSITIVE), EvidentialState.CONFIRMED_OVER, WHY
    ),
    "a screening by a word": lambda: ScreeningVerdict(
        Screening(Sign.POSITIVE), "screen_suspect", WHY
    ),
    "a confirmation of a screening": lambda: EvidentialVerdict(
        Screening(Sign.POSITIVE), EvidentialState.CONFIRMED_OVER, WHY
    ),
    "a confirmation that suspects": lambda: EvidentialVerdict(
        REPORT, ScreeningState.SCREEN_SUSPECT, WHY
    ),
    "a confirmation against its report": lambda: EvidentialVerdict(
        REPORT, EvidentialState.CONFIRMED_WITHIN, WHY
    ),
    "a screening of a bare number": lambda: Screening(1.3),
    "a screening of a screening": lambda: Screening(Screening(Sign.POSITIVE)),
    "a report of a sign": lambda: Report("1", "b", "c", TODAY, True, Sign.POSITIVE),
}


@pytest.mark.parametrize("build", MIXED.values(), ids=MIXED.keys())
def test_the_grades_cannot_be_mixed_at_run_time(build):
    with pytest.raises(TypeError):
        build()


@pytest.mark.slow
def test_the_grades_cannot_be_mixed_for_mypy(tmp_path):
    """The type checker rejects the same: every line but the first two."""
    wrong = tmp_path / "wrong.py"
    head = (
        "from jingyi.core.lab.verdicts import *\nfrom jingyi.core.lab import verdicts as v\n"
        "def f(r: v.Report, s: v.Screening, q: v.ScreeningVerdict, why: v.Sentence) -> None:\n"
    )
    lines = [
        "    v.ScreeningVerdict(r, v.ScreeningState.PENDING, why)",
        "    v.ScreeningVerdict(s, v.EvidentialState.CONFIRMED_OVER, why)",
        "    v.EvidentialVerdict(s, v.EvidentialState.CONFIRMED_OVER, why)",
        "    v.EvidentialVerdict(r, v.ScreeningState.SCREEN_SUSPECT, why)",
        "    proven: v.EvidentialVerdict = q",
        "    v.Screening(1.3)",
        "    class Sub(v.EvidentialVerdict): ...",
    ]
    wrong.write_text(head + "\n".join(lines) + "\n")
    ran = subprocess.run(  # the checker itself, on a file of our own
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(wrong)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    found = {int(line.split(":")[1]) for line in ran.stdout.splitlines() if "wrong.py" in line}
    assert found >= set(range(4, 4 + len(lines))), ran.stdout


@pytest.mark.parametrize("lacking", ["number", "body", "cma"])
def test_nothing_is_confirmed_without_the_report_s_number(lacking):
    parts = {"number": "1", "body": "b", "cma": "c", "issued_on": TODAY, "over": True}
    with pytest.raises(Refusal, match="只能保留初筛结论"):
        Report(**(parts | {lacking: " "}))


def test_a_report_that_its_own_uncertainty_contradicts_is_to_be_asked_about():
    def said(value):
        found = Report("1", "b", "c", TODAY, over=True, found=Estimate(value, 0.05))
        return str(confirm(found, LIMIT).because)

    assert "与结论不一致" in said(0.9)
    assert "与结论不一致" not in said(1.3)
    assert "未计算概率" in str(confirm(REPORT, LIMIT).because)


def test_the_words_of_a_document():
    near = worded(screen(Screening(Estimate(1.05, 0.1)), LIMIT, BY), SHOWN)
    assert "依测量不确定度，超标的概率为 69.1 %" in str(near)
    for found in (1.3, 1.05, 0.2):
        text = str(worded(screen(Screening(Estimate(found, 0.1)), LIMIT, BY), SHOWN))
        assert "本结果为初筛，不作为" in text
    void = worded(screen(Screening(Sign.POSITIVE), LIMIT, BY, failed=say("空白超标。")), SHOWN)
    assert "不得引用" in str(void)
    sure = str(worded(confirm(REPORT, LIMIT), SHOWN))
    assert "ZY-2026-0102" in sure
    assert "初筛" not in sure
    within = Report("2", "b", "c", TODAY, over=False)
    assert "未超标" in str(worded(confirm(within, LIMIT), SHOWN))


def test_a_probability_is_never_certain():
    assert [percent(p) for p in (0.0, 0.0005, 0.001, 0.6915, 0.999, 0.9996, 1.0)] == [
        "< 0.1 %",
        "< 0.1 %",
        "0.1 %",
        "69.2 %",
        "99.9 %",
        "> 99.9 %",
        "> 99.9 %",
    ]


def test_thresholds_are_dated():
    with pytest.raises(Refusal, match="初筛判定概率"):
        thresholds_on(date(1999, 1, 1), ALL)


@given(a=st.floats(0, 5), b=st.floats(0, 5), u=st.floats(0.01, 1))
def test_more_of_it_never_looks_better(a, b, u):
    order = [ScreeningState.SCREEN_CLEAR, ScreeningState.PENDING, ScreeningState.SCREEN_SUSPECT]
    low, high = sorted((a, b))
    assert order.index(state(Estimate(low, u))) <= order.index(state(Estimate(high, u)))
