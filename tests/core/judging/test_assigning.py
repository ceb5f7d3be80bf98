"""Seats: as many as asked, nobody in conflict, scored ones kept, loads even."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.judging.assigning import assign
from jingyi.core.refusal import Refusal


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(1, 8), st.data())
def test_every_entry_has_its_judges_and_no_conflict(entries, judges, data):
    each = data.draw(st.integers(1, judges))
    names, people = [f"e{n}" for n in range(entries)], [f"j{n}" for n in range(judges)]
    pairs = st.sets(st.tuples(st.sampled_from(names), st.sampled_from(people)), max_size=12)
    barred, kept = data.draw(pairs), data.draw(pairs)
    free = {e: [j for j in people if (e, j) not in barred] for e in names}
    try:
        found = assign(names, people, each, barred=lambda e, j: (e, j) in barred, kept=kept)
    except Refusal:
        assert min(map(len, free.values())) < each
        return
    assert min(map(len, free.values())) >= each
    for entry, seated in found.judges.items():
        assert set(seated) <= set(free[entry])
        stays = {j for e, j in kept if e == entry and (e, j) not in barred}
        assert stays <= set(seated)
        assert len(seated) == max(each, len(stays))


@pytest.mark.parametrize(("entries", "judges", "each"), [(18, 9, 3), (18, 7, 5), (40, 11, 4)])
def test_loads_are_even_where_nothing_bars(entries, judges, each):
    found = assign(
        [f"e{n}" for n in range(entries)],
        [f"j{n}" for n in range(judges)],
        each,
        barred=lambda _e, _j: False,
    )
    assert found.load == -(-entries * each // judges)


def test_somebody_moves_along_so_that_all_have_a_seat():
    only = {"a": {"x"}, "b": {"x", "y"}}
    found = assign(["b", "a"], ["x", "y"], 1, barred=lambda e, j: j not in only[e])
    assert found.judges == {"a": ("x",), "b": ("y",)}
    assert found.load == 1
