"""Connected components, against a plain union of sets."""

from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.engines import spark_components as components

PAIRS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60)


def plain(pairs):
    """Return the components with two or more members, by merging sets until nothing changes."""
    groups = {}
    for a, b in pairs:
        joined = groups.get(a, {a}) | groups.get(b, {b})
        for one in joined:
            groups[one] = joined
    return {frozenset(group) for group in groups.values() if len(group) > 1}


def grouped(member, root):
    found = defaultdict(set)
    for one, smallest in zip(member.tolist(), root.tolist(), strict=True):
        found[smallest] |= {one, smallest}
    assert all(smallest == min(group) for smallest, group in found.items())
    return {frozenset(group) for group in found.values()}


def column(pairs, which):
    return np.array([pair[which] for pair in pairs], np.int64)


@settings(deadline=None)  # the first call compiles
@given(PAIRS)
def test_a_forest_has_the_components_of_its_edges(pairs):
    assert grouped(*components.forest(column(pairs, 0), column(pairs, 1))) == plain(pairs)


@settings(deadline=None)  # the first call compiles
@given(PAIRS)
def test_reports_that_share_a_key_come_together(pairs):
    edges = [(a, b) for key, a in pairs for other, b in pairs if key == other]

    assert grouped(*components.by_key(column(pairs, 0), column(pairs, 1))) == plain(edges)


@settings(deadline=None)  # the first call compiles
@given(PAIRS, st.integers(0, 60))
def test_forests_of_two_halves_say_the_same_as_all_edges(pairs, cut):
    halves = [
        components.forest(column(half, 0), column(half, 1)) for half in (pairs[:cut], pairs[cut:])
    ]
    merged = components.forest(*(np.concatenate(side) for side in zip(*halves, strict=True)))

    assert grouped(*merged) == plain(pairs)
