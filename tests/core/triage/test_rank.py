"""The rank: a visible sum that more evidence never lowers."""

from dataclasses import fields
from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.triage import book, rank
from jingyi.core.triage.pipeline import triage
from jingyi.core.triage.rank import Shares

BOOK = book.load()
share = st.floats(0, 1, width=32)
TEXT = "鱼梁村上游化工厂夜间偷排污水，沚蘋河发黑发臭，死鱼成片。"


def shares(values):
    return Shares(**{name: np.array([value], np.float32) for name, value in values.items()})


@given(
    st.fixed_dictionaries({f.name: share for f in fields(Shares)}),
    st.sampled_from([f.name for f in fields(Shares)]),
    share,
    share,
)
def test_no_share_lowers_the_rank(values, name, more, lead):
    higher = values | {name: max(values[name], more)}
    chance = np.array([lead], np.float32)

    before = rank.rank(BOOK.rank, chance, shares(values))[0]
    after = rank.rank(BOOK.rank, chance, shares(higher))[0]
    assert 0 <= before <= after + 1e-4 <= 100.01


@settings(deadline=None, max_examples=30)
@given(
    likes=st.integers(0, 500),
    photos=st.integers(0, 9),
    pinned=st.booleans(),
    more=st.sampled_from(["likes", "photos", "pinned", "reporter", "time"]),
)
def test_adding_evidence_to_a_report_never_lowers_it(likes, photos, pinned, more):
    def of(**told):
        reporters = told.get("reporters", ["甲"])
        n = len(reporters)
        table = pa.table(
            {
                "id": [str(k) for k in range(n)],
                "text": [TEXT] * n,
                "likes": [told["likes"]] * n,
                "photos": [told["photos"]] * n,
                "lon": pa.array([121.0 if told["pinned"] else None] * n, pa.float64()),
                "lat": pa.array([31.0 if told["pinned"] else None] * n, pa.float64()),
                "reporter": reporters,
                "time": pa.array([told.get("time")] * n, pa.timestamp("s")),
            }
        )
        return triage(table, BOOK)["rank"].to_pylist()[0]

    base = {"likes": likes, "photos": photos, "pinned": pinned}
    added = {
        "likes": base | {"likes": likes + 10},
        "photos": base | {"photos": photos + 1},
        "pinned": base | {"pinned": True},
        "reporter": base | {"reporters": ["甲", "乙"]},
        "time": base | {"time": datetime(2026, 9, 1)},  # noqa: DTZ001 -- local, as files have it
    }[more]
    assert of(**added) >= of(**base) - 1e-4


def test_the_weights_are_one_list_and_name_every_share():
    assert set(BOOK.rank.weights) == {f.name for f in fields(Shares)}
    assert all(weight > 0 for weight in BOOK.rank.weights.values())


@pytest.mark.parametrize(("reporters", "likes"), [(1, 0), (30, 0), (1, 100), (300, 9999)])
def test_reach_lies_between_none_and_full(reporters, likes):
    found = rank.reach(BOOK.rank, np.array([reporters], np.float32), np.array([likes], np.float32))
    assert found[0] == (0 if (reporters, likes) == (1, 0) else 1)


def test_an_old_report_is_less_fresh_and_an_undated_one_not_at_all():
    days = np.array([0, 90, 900, np.nan], np.float32)
    today, quarter, old, undated = rank.freshness(BOOK.rank, days)

    assert today == 1
    assert quarter == pytest.approx(0.5)
    assert 0 < old < quarter
    assert undated == 0


def codes(*numbers):
    return np.array(numbers, np.int64)


def test_an_area_that_reports_little_is_lifted_and_none_is_pressed_down():
    many = [0] * 400 + [1] * 100 + [2] * 10 + [-1] * 5
    lift = rank.lifted(BOOK.rank, codes(*many))

    assert (lift >= 1).all()
    assert (lift[:500] == 1).all()
    assert lift[505] == pytest.approx(((100 + 10) / (10 + 10)) ** 0.5, rel=1e-5)
    assert (lift[-5:] == 1).all()
    assert lift.max() <= BOOK.rank.area.most
    people = np.full(2, 5, np.float32)
    busy, quiet = rank.reach(BOOK.rank, people, 0 * people, lift[[0, 505]])
    assert quiet > busy


def test_one_area_or_none_needs_no_correction():
    assert rank.lifted(BOOK.rank, codes()).tolist() == []
    assert rank.lifted(BOOK.rank, codes(-1, -1)).tolist() == [1, 1]
    assert rank.lifted(BOOK.rank, codes(3, 3, 3)).tolist() == [1, 1, 1]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(-1, 4)), min_size=1, max_size=40),
    st.integers(0, 6),
    st.integers(-1, 5),
)
def test_another_report_never_takes_reach_from_its_lead(rows, joins, area):
    """Whatever area the new report names, and whatever the others have."""

    def reach(found):
        incident = np.unique([n for n, _ in found], return_inverse=True)[1].astype(np.int64)
        lift = rank.lifted(BOOK.rank, rank.first_known(incident, codes(*(a for _, a in found))))
        people = np.bincount(incident).astype(np.float32)
        names = np.unique([n for n, _ in found])
        return dict(
            zip(
                names.tolist(),
                rank.reach(BOOK.rank, people, 0 * people, lift).tolist(),
                strict=True,
            )
        )

    before, after = reach(rows), reach([*rows, (joins, area)])
    assert after[joins] >= before.get(joins, 0) - 1e-6


def test_an_incident_has_the_area_of_its_first_report_that_has_one():
    found = rank.first_known(codes(0, 1, 0, 1, 2), codes(-1, 7, 4, 8, -1))

    assert found.tolist() == [4, 7, -1]


def test_a_share_is_the_best_of_the_incident():
    share = np.array([0.1, 0.9, 0.4, 0.2], np.float32)

    assert rank.best(codes(0, 1, 0, 1), share).tolist() == pytest.approx([0.4, 0.9, 0.4, 0.9])
