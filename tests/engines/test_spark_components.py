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


@settings(deadline=None)
@given(PAIRS, st.sets(st.integers(0, 30)))
def test_reports_that_share_a_telling_key_come_together(pairs, telling):
    keys_told = {key for key, a in pairs if a in telling}
    edges = [(a, b) for key, a in pairs for other, b in pairs if key == other and key in keys_told]
    flags = np.array([a in telling for _, a in pairs], bool)

    found = components.by_key(column(pairs, 0), column(pairs, 1), flags)

    assert grouped(*found) == plain(edges)


@settings(deadline=None)
@given(PAIRS, st.integers(1, 5))
def test_packs_keep_components_whole_and_name_the_largest(pairs, count):
    union = components.Union(31)
    union.join(column(pairs, 0), column(pairs, 1))

    pack, largest = union.packs(count)

    groups = plain(pairs)
    assert all(len({int(pack[one]) for one in group}) == 1 for group in groups)
    assert largest == max((len(group) for group in groups), default=1)
    assert pack.max() < count


def test_packs_are_even_where_components_are_small():
    union = components.Union(900)
    first = np.arange(0, 900, 3)
    union.join(np.concatenate([first, first]), np.concatenate([first + 1, first + 2]))

    pack, _ = union.packs(4)

    assert np.bincount(pack).tolist() == [225, 225, 225, 225]


@settings(deadline=None)  # the first call compiles
@given(PAIRS, st.integers(0, 60))
def test_forests_of_two_halves_say_the_same_as_all_edges(pairs, cut):
    halves = [
        components.forest(column(half, 0), column(half, 1)) for half in (pairs[:cut], pairs[cut:])
    ]
    merged = components.forest(*(np.concatenate(side) for side in zip(*halves, strict=True)))

    assert grouped(*merged) == plain(pairs)
