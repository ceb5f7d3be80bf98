"""The compiled loops of learning against the same in plain Python, on random small input."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.triage.kernels import spread
from jingyi.core.triage.learning import features
from jingyi.core.triage.learning import gram_kernels as kernels

words = st.text(alphabet="污水A ａｂ垃圾0!𠀀é", max_size=12)


def buckets(text):
    """Return {bucket: 1 + log of how often} of a text's characters, pairs and triples."""
    plain = [ord(c) - 0xFEE0 if 0xFF01 <= ord(c) <= 0xFF5E else ord(c) for c in text]
    chars = [c + 32 if 65 <= c <= 90 else c for c in plain]
    many = {}
    for i, c in enumerate(chars):
        keys = [int(spread(np.uint64(c)))]
        if i:
            keys.append(int(spread(np.uint64((chars[i - 1] << 21) | c))))
        if i > 1:
            pair = int(spread(np.uint64((chars[i - 2] << 21) | chars[i - 1])))
            keys.append(int(spread(np.uint64((pair + c) % 2**64))))
        for key in keys:
            many[key % features.BUCKETS] = many.get(key % features.BUCKETS, 0) + 1
    return {key: 1 + np.log(count) for key, count in many.items()}


def as_rows(found):
    """Return the rows as one dictionary each."""
    return [
        dict(
            zip(
                found.index[a:b].tolist(),
                found.value[a:b].tolist(),
                strict=True,
            )
        )
        for a, b in zip(found.ptr[:-1], found.ptr[1:], strict=True)
    ]


def of(texts):
    raw = [text.encode() for text in texts]
    off = np.r_[0, np.cumsum([len(one) for one in raw])].astype(np.int64)
    buf = np.frombuffer(b"".join(raw) + bytes(8), np.uint8)
    return features.hashed(buf, off[:-1], off[1:])


@settings(deadline=None, max_examples=60)
@given(st.lists(words, max_size=4))
def test_grams_are_those_of_the_text(texts):
    found = as_rows(of(texts))

    assert len(found) == len(texts)
    for row, text in zip(found, texts, strict=True):
        expected = buckets(text)
        assert row.keys() == expected.keys()
        assert list(row) == sorted(row)
        for key, value in expected.items():
            assert abs(row[key] - value) < 1e-5


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(words, words), max_size=4))
def test_rows_add(pairs):
    one, other = of([a for a, _ in pairs]), of([b for _, b in pairs])

    for row, (a, b) in zip(as_rows(features.joined(one, other)), pairs, strict=True):
        expected = buckets(a)
        for key, value in buckets(b).items():
            expected[key] = expected.get(key, 0) + value
        assert row.keys() == expected.keys()
        assert all(abs(row[key] - value) < 1e-4 for key, value in expected.items())


def test_weighed_rows_have_length_one_and_an_empty_row_stays_empty():
    rows = of(["污水直排", ""]).weighed(np.full(features.BUCKETS, 2, np.float32))

    assert abs(float((rows.value**2).sum()) - 1) < 1e-5
    assert rows.ptr[1] == rows.ptr[2]


def test_scores_are_the_product():
    rows = of(["污水", "垃圾堆"])
    weights = np.random.default_rng(1).normal(size=(features.BUCKETS, 3)).astype(np.float32)

    found = rows.scores(weights, np.ones(3, np.float32))

    for row, got in zip(as_rows(rows), found, strict=True):
        expected = 1 + sum(value * weights[key] for key, value in row.items())
        np.testing.assert_allclose(got, expected, rtol=1e-4)


def test_the_solver_finds_the_least_of_its_loss():
    """No small step from where it ends lowers the primal loss it promises to minimise."""
    generator = np.random.default_rng(3)
    x = generator.normal(size=(40, 6)).astype(np.float32)
    y = (x[:, 0] + 0.5 * x[:, 1] + generator.normal(size=40) > 0).astype(np.int64)
    ptr = np.arange(0, 241, 6, dtype=np.int64)
    index = np.tile(np.arange(6, dtype=np.int32), 40)
    weights, bias = np.zeros((6, 2), np.float32), np.zeros(2, np.float32)
    cost = np.array([0.5, 0.8])

    kernels.descend(ptr, index, x.ravel(), y, cost, np.arange(40), 2000, 1e-4, weights, bias)

    sign = np.where(y == 1, 1, -1)

    def loss(w, b):
        hinge = np.maximum(0, 1 - sign * (x @ w + b)) ** 2
        return 0.5 * (w @ w + b * b) + (cost[y] * hinge).sum()

    best = loss(weights[:, 1], bias[1])
    for _ in range(200):
        step = generator.normal(size=7) * 0.01
        assert loss(weights[:, 1] + step[:6], bias[1] + step[6]) > best - 1e-4


def test_titles_and_bodies_are_read_apart():
    grams = features.read(pa.array(["污水", None, ""]), pa.array(["垃圾", "噪声", "  \x00 "]), 3)

    assert as_rows(grams.title)[0].keys() == buckets("污水").keys()
    assert as_rows(grams.body)[1].keys() == buckets("噪声").keys()
    assert grams.empty.tolist() == [False, False, True]
