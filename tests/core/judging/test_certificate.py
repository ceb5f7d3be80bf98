"""Every removal is tried; a single judge who decides is named; ties are told apart by a lot."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.judging import certificate, kinship, means, ranking
from jingyi.core.judging.certificate import Public
from jingyi.core.judging.scores import Scores, shares
from jingyi.core.refusal import Refusal


def full(values):
    """Return scores of {(entry, criterion): [judge 0's, judge 1's, …]}."""
    return Scores.of(
        [(e, f"j{n}", c, p) for (e, c), row in values.items() for n, p in enumerate(row)]
    )


def test_one_judge_who_decides_is_named():
    scores = full(
        {("a", "c"): [9, 9, 9, 0.0], ("b", "c"): [8, 8, 8, 10.0], ("z", "c"): [1, 1, 1, 1.0]}
    )
    proof = certificate.certify(scores, np.ones(1), 1)
    assert proof.chosen == ("b",)
    assert not proof.stable
    changed = {one.name: (one.comes_in, one.goes_out) for one in proof.removals if one.changes}
    assert changed == {"j3": (("a",), ("b",))}
    assert proof.by_mean == ("b",)
    assert proof.by_trimmed == ("a",)


def test_a_criterion_that_decides_and_one_that_does_not():
    scores = full({
        ("a", "p"): [5, 5.0], ("a", "q"): [9, 9.0],
        ("b", "p"): [6, 6.0], ("b", "q"): [5, 5.0],
    })  # fmt: skip
    proof = certificate.certify(scores, shares(scores, {"p": 1, "q": 1}), 1)
    changed = {(one.kind, one.name) for one in proof.removals if one.changes}
    assert proof.chosen == ("a",)
    assert changed == {("criterion", "q")}


def test_the_public_that_decides():
    scores = full({("a", "c"): [8, 8, 8.0], ("b", "c"): [7, 7, 7.0]})
    public = Public(np.array([2.0, 10.0]), 0.2)
    proof = certificate.certify(scores, np.ones(1), 1, public=public)
    assert proof.chosen == ("b",)
    assert [one.kind for one in proof.removals if one.changes] == ["public"]


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.sampled_from([1.0, 2.0]), min_size=2, max_size=8),
    st.integers(1, 8),
    st.text(max_size=5),
)
def test_ties_are_told_apart_by_the_lot_and_not_by_the_order_of_rows(values, places, lot):
    names = tuple(f"e{n}" for n in range(len(values)))
    places = min(places, len(values))
    straight = certificate.pick(names, np.array(values), places, lot)
    turned = certificate.pick(names[::-1], np.array(values[::-1]), places, lot)
    assert [names[n] for n in straight] == [names[::-1][n] for n in turned]
    assert min(values[n] for n in straight) >= max(
        (values[n] for n in range(len(values)) if n not in straight), default=0
    )


def test_a_tie_at_the_last_place_is_said():
    scores = full({(e, "c"): [5, 5.0] for e in "abc"} | {("d", "c"): [9, 9.0]})
    proof = certificate.certify(scores, np.ones(1), 2, lot="七月")
    assert proof.chosen[0] == "d"
    assert proof.tied == ("a", "b", "c")
    assert proof.margin == 0


@pytest.mark.parametrize("places", [0, 3])
def test_places_that_cannot_be_filled_are_refused(places):
    with pytest.raises(Refusal, match="名额"):
        certificate.certify(full({("a", "c"): [1.0], ("b", "c"): [2.0]}), np.ones(1), places)


def test_own_unit_is_found_where_it_was_put_in_and_not_elsewhere():
    dice = np.random.default_rng(4)
    for bias in (0.0, 3.0):
        rows = []
        for e in range(60):
            for j in range(9):
                own = bias if e % 9 == j else 0.0
                rows.append((f"e{e}", f"j{j}", "c", dice.normal(70, 1) + own))
        scores = Scores.of(rows)
        found = ranking.rank(scores, np.ones(1))
        units = {f"j{j}": f"u{j}" for j in range(9)}
        every, single = kinship.favour(
            scores, found.fits, units, {f"e{e}": f"u{e % 9}" for e in range(60)}
        )
        assert every.points == pytest.approx(bias, abs=0.5)
        assert (every.chance < 1e-6) == (bias > 0)
        assert len(single) == 9


def test_trimming_leaves_out_the_ends_and_says_where_it_could_not():
    scores = full({("a", "c"): [1, 5, 6, 10.0], ("b", "c"): [4, 6, 8, 8.0]})
    few = full({("a", "c"): [1, 5.0]})
    assert means.trimmed(scores, np.ones(1))[0].tolist() == [5.5, 7.0]
    value, whole = means.trimmed(few, np.ones(1))
    assert (value.tolist(), whole.tolist()) == ([3.0], [1])
    assert means.median(scores, np.ones(1)).tolist() == [5.5, 7.0]
