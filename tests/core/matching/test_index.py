"""The search finds what comparing everything with everything finds."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.matching import index, rules

RULES = rules.shipped()
WORDS = st.lists(st.sampled_from("河水排污路灯坏了噪声扰民12 。"), max_size=30).map("".join)
HOSTILE = st.text(max_size=60)


def column(texts):
    return pa.array(texts, pa.large_string())


def dense(rows, terms):
    out = np.zeros((rows.count, len(terms)))
    for i in range(rows.count):
        part = slice(rows.ptr[i], rows.ptr[i + 1])
        out[i, np.searchsorted(terms, rows.term[part])] = rows.weight[part]
    return out


def search(left, right, top, **how):
    made = index.build(None, column(right), len(right), RULES)
    queries = made.queries(None, column(left), len(left))
    return made, queries, *index.nearest(made, queries, top, **how)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(WORDS | HOSTILE, min_size=1, max_size=6),
    st.lists(WORDS | HOSTILE, min_size=1, max_size=12),
    st.integers(1, 5),
    st.sampled_from([1, 7, 1 << 40]),
)
def test_the_nearest_are_those_of_brute_force(left, right, top, budget):
    made, queries, row, near = search(left, right, top, budget=budget, wide=len(right))
    terms = np.unique(np.r_[queries.term, made.rows.term])
    every = dense(queries, terms) @ dense(made.rows, terms).T
    truth = np.zeros((len(left), top))
    best = np.sort(every)[:, ::-1][:, :top]
    truth[:, : best.shape[1]] = best

    assert (near[row < 0] == 0).all()
    assert all(len(set(line[line >= 0])) == (line >= 0).sum() for line in row)
    for q, k in np.argwhere(row >= 0):  # what is found is weighed in full, whatever the budget
        np.testing.assert_allclose(near[q, k], every[q, row[q, k]], rtol=1e-4)
    if budget > 7:
        np.testing.assert_allclose(near, truth, rtol=1e-4, atol=1e-5)


def test_a_text_is_nearest_to_itself():
    texts = [
        "柳河村河道堆满建筑垃圾",
        "新华路路灯坏了两个月",
        "小区夜间施工噪声扰民",
        "河道里有垃圾",
    ]

    _, _, row, _ = search(texts, texts, 1)

    assert row[:, 0].tolist() == [0, 1, 2, 3]


def test_the_order_of_the_index_changes_nothing():
    luck = np.random.default_rng(3)
    texts = ["".join(luck.choice(list("河水排污路灯坏了噪声扰民"), 14)) for _ in range(40)]
    turned = luck.permutation(40)
    _, _, row, near = search(texts[:9], texts, 5)
    _, _, other, same = search(texts[:9], [texts[i] for i in turned], 5)

    np.testing.assert_allclose(near, same, rtol=1e-5)
    assert (np.abs(np.diff(near)) > 1e-5).all()  # no ties: the rows are the same ones
    assert (turned[other] == row).all()


def test_very_long_empty_and_missing_texts_are_taken():
    _, _, row, _ = search(["", "河水", None, "\x00<b>"], ["河水" * 30_000, "", None], 2)

    assert row.tolist() == [[-1, -1], [0, -1], [-1, -1], [-1, -1]]


def test_many_queries_on_two_threads_are_as_on_one():
    luck = np.random.default_rng(5)
    texts = ["".join(luck.choice(list("河水排污路灯坏了噪声扰民"), 20)) for _ in range(1_500)]

    _, _, one, _ = search(texts, texts, 3, budget=2_000, wide=20)
    _, _, two, _ = search(texts, texts, 3, budget=2_000, wide=20, workers=2)

    assert (one == two).all()
    assert (one[:, 0] == np.arange(1_500)).all()
