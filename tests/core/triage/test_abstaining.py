"""Where triage asks a person, it names the two domains between which it cannot choose."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.triage import book, domain

BOOK = book.load()
CLASSES = ("none", *BOOK.domains)


def judge(scores, **changes):
    columns = np.zeros((1, len(BOOK.model.classes)), np.float32)
    for name, value in zip(CLASSES, scores, strict=True):
        columns[0, BOOK.model.classes.index(name)] = value
    return domain.judge(replace(BOOK.model, **changes), BOOK.domains, columns)


def test_two_unlikely_domains_side_by_side_are_both_named():
    """Neither reaches the conformal threshold alone; a question still needs two answers."""
    scores = [-9.0, 2.0, 1.99, *[1.5] * (len(CLASSES) - 3)]
    judged = judge(scores, set_at=0.9, margin=0.2)

    assert judged.abstains[0]
    assert judged.set_of(0) == [CLASSES[1], CLASSES[2]]


@given(st.lists(st.floats(-6, 6, width=32), min_size=len(CLASSES), max_size=len(CLASSES)))
def test_whoever_abstains_names_at_least_two(scores):
    judged = judge(scores)

    assert not judged.abstains[0] or len(judged.set_of(0)) >= 2
    assert judged.domain[0] < 0 or CLASSES[judged.domain[0]] in judged.set_of(0)
