"""Conformal sets keep their promise: the true label is missed no more often than was chosen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.triage.learning import conformal


def made(count, labels, seed):
    """Return (probability, truth): made up, right about two times in three."""
    luck = np.random.default_rng(seed)
    truth = luck.integers(0, labels, count)
    scores = luck.normal(size=(count, labels))
    scores[np.arange(count), truth] += 1.2
    raised = np.exp(scores)
    return (raised / raised.sum(1, keepdims=True)).astype(np.float32), truth


@pytest.mark.parametrize("error", [0.05, 0.1, 0.3])
def test_new_messages_are_missed_no_more_often_than_chosen(error):
    missed = []
    for seed in range(40):
        probability, truth = made(600, 4, seed)
        least = conformal.levels(probability[:300], truth[:300], error)
        missed.append(conformal.missed_share(conformal.sets(probability[300:], least), truth[300:]))

    assert np.mean(missed) <= error
    assert np.mean(missed) > error / 3  # and not by putting everything into every set


def test_each_label_with_enough_messages_keeps_the_promise_by_itself():
    """One label is hard: sets that are right on average would miss it far too often."""
    missed = []
    for seed in range(40):
        probability, truth = made(800, 3, seed)
        hard = truth == 2
        probability[hard] = probability[hard][:, [1, 2, 0]]
        least = conformal.levels(probability[:400], truth[:400], 0.1)
        inside = conformal.sets(probability[400:], least)
        missed.append(conformal.missed_share(inside[hard[400:]], truth[400:][hard[400:]]))

    assert np.mean(missed) <= 0.1


def test_too_few_messages_rule_nothing_out():
    assert conformal.level(np.array([0.2, 0.3]), 0.1) == 1.0
    assert conformal.level(np.linspace(0, 1, 9), 0.1) == 1.0
    assert conformal.level(np.arange(9.0), 0.2) == 7.0


@given(st.integers(5, 80), st.integers(2, 5), st.integers(0, 999))
def test_a_smaller_error_never_takes_a_label_out_of_a_set(count, labels, seed):
    probability, truth = made(count, labels, seed)

    strict = conformal.sets(probability, conformal.levels(probability, truth, 0.05))
    loose = conformal.sets(probability, conformal.levels(probability, truth, 0.25))

    assert not (loose & ~strict).any()
