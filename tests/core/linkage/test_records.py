"""Record linkage: kernels against plain Python, candidates, estimates, clusters, invariants."""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.linkage import estimation, records, spec, string_kernels
from jingyi.core.linkage.candidates import candidates
from jingyi.core.linkage.encoding import encode
from jingyi.core.linkage.spec import BadSpec, Column, Key, Spec

HISTORICAL = (
    Path(__file__).resolve().parents[4]
    / "shared/data/linkage/historical_50k_two_thirds_truth.parquet"
)
RENAMED = {
    "full_name": "name",
    "first_and_surname": "called",
    "dob": "born",
    "postcode_fake": "postcode",
}
SMALL = Spec(
    (Column("name", "words", least=(2.0, 6.0)), Column("born", "date", days=(366,)),
     Column("town", "word", rare=True)),
    (Key((("name", 0),)), Key((("born", 0),)), Key((("town", 0), ("name", 2)))),
    threshold=0.9,
    largest_block=50,
)  # fmt: skip
WORD = st.text("abcde", max_size=9)


def letters(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)


def plain_jaro_winkler(a: str, b: str) -> float:
    if not a or not b:
        return 0.0
    reach = max(max(len(a), len(b)) // 2 - 1, 0)
    taken: list[int] = []
    of_a = []
    for i, letter in enumerate(a):
        for j in range(max(0, i - reach), min(len(b), i + reach + 1)):
            if j not in taken and b[j] == letter:
                taken.append(j)
                of_a.append(letter)
                break
    if not of_a:
        return 0.0
    swaps = sum(x != b[j] for x, j in zip(of_a, sorted(taken), strict=True)) // 2
    n = len(of_a)
    jaro = (n / len(a) + n / len(b) + (n - swaps) / n) / 3
    same = 0
    while same < min(len(a), len(b), 4) and a[same] == b[same]:
        same += 1
    return jaro + 0.1 * same * (1 - jaro)


def plain_edits(a: str, b: str) -> int:
    table = {(i, 0): i for i in range(len(a) + 1)} | {(0, j): j for j in range(len(b) + 1)}
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            cost = a[i - 1] != b[j - 1]
            ways = [table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + cost]
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                ways.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(ways)
    return table[len(a), len(b)]


@settings(deadline=None)
@given(WORD, WORD)
def test_kernels_agree_with_plain_python(a, b):
    share = string_kernels.jaro_winkler(letters(a), letters(b))

    assert share == pytest.approx(plain_jaro_winkler(a, b))
    assert string_kernels.edits(letters(a), letters(b), 4) == min(plain_edits(a, b), 4)


@pytest.mark.parametrize(
    ("a", "b", "share"), [("MARTHA", "MARHTA", 0.9611), ("DIXON", "DICKSONX", 0.8133)]
)
def test_winklers_published_examples(a, b, share):
    found = string_kernels.jaro_winkler(letters(a), letters(b))

    assert found == pytest.approx(share, abs=1e-4)


ROWS = st.lists(
    st.tuples(
        st.sampled_from([None, "ann lee", "ann leigh", "bob ray", "lee"]),
        st.sampled_from([None, "1901-02-03", "1901-02-04", "1950-01-01"]),
        st.sampled_from([None, "york", "bath"]),
    ),
    min_size=2,
    max_size=14,
)


def table_of(rows: list[tuple[str | None, ...]]) -> pa.Table:
    names, born, town = zip(*rows, strict=True)
    text = pa.string()
    return pa.table(
        {"name": pa.array(names, text), "born": pa.array(born, text), "town": pa.array(town, text)}
    )


@settings(deadline=None, max_examples=60)
@given(ROWS)
def test_candidates_are_the_pairs_that_share_a_key(rows):
    table = table_of(rows)
    columns = {name: encode(table, name) for name in table.column_names}
    found = candidates(columns, SMALL)

    def keys(row):
        name, born, town = row
        return (name, born, (town, name[:2]) if town and name else None)

    wanted = {
        (i, j)
        for j in range(len(rows))
        for i in range(j)
        if any(a is not None and a == b for a, b in zip(keys(rows[i]), keys(rows[j]), strict=True))
    }
    pairs = list(zip(found.one.tolist(), found.other.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == wanted


@settings(deadline=None, max_examples=40)
@given(ROWS)
def test_levels_agree_with_plain_python(rows):
    table = table_of(rows)
    columns = {name: encode(table, name) for name in table.column_names}
    one, other = (x.astype(np.int32) for x in np.triu_indices(len(rows), 1))

    born, town = records.levels(columns, SMALL, one, other)[1:]

    for k, (i, j) in enumerate(zip(one, other, strict=True)):
        assert born[k] == plain_date(rows[i][1], rows[j][1])
        a, b = rows[i][2], rows[j][2]
        assert town[k] == (-1 if a is None or b is None else a == b)


def plain_date(a: str | None, b: str | None) -> int:
    if a is None or b is None:
        return -1
    if a == b:
        return 3
    if plain_edits(a, b) == 1:
        return 2
    return int(abs((date.fromisoformat(a) - date.fromisoformat(b)).days) <= 366)


@settings(deadline=None, max_examples=40)
@given(ROWS)
def test_clusters_are_numbered_by_their_first_row(rows):
    cluster = records.link(table_of(rows), SMALL).cluster

    assert all(cluster[c] == c <= i for i, c in enumerate(cluster))


def test_a_vague_row_does_not_chain_two_persons():
    one, other = np.array([0, 1, 0], np.int32), np.array([1, 2, 2], np.int32)
    pairs = records.Pairs(one, other, (0, 3))

    apart = records.gather(pairs, np.array([9.0, 5.0, -20.0], np.float32), 3, least=4.0)
    together = records.gather(pairs, np.array([9.0, 5.0, 1.0], np.float32), 3, least=4.0)

    assert apart.tolist() == [0, 0, 2]
    assert together.tolist() == [0, 0, 0]


def test_estimates_find_the_shares_they_were_made_of():
    rng = np.random.default_rng(5)
    one = rng.random(60_000) < 0.2
    m, u = (0.9, 0.8, 0.7), (0.1, 0.05, 0.2)
    found = np.stack(
        [rng.random(len(one)) < np.where(one, a, b) for a, b in zip(m, u, strict=True)]
    ).astype(np.int8)

    fitted, matches = estimation.estimate_m(
        found, [np.array([1 - b, b]) for b in u], used=[0, 1, 2]
    )

    assert [x[1] for x in fitted] == pytest.approx(m, abs=0.03)
    assert matches == pytest.approx(one.sum(), rel=0.05)


def test_one_source_is_not_compared_with_itself():
    table = table_of([("ann lee", "1901-02-03", "york")] * 4)
    table = table.append_column("from", pa.array(["a", "a", "b", "b"]))

    pairs = records.link(table, SMALL, source="from").pairs

    assert set(zip(pairs.one.tolist(), pairs.other.tolist(), strict=True)) == {
        (0, 2), (0, 3), (1, 2), (1, 3),
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Column("name", "sound"),
        lambda: Column("name", "name", least=(0.9, 0.7)),
        lambda: Spec((), (), 0.5, 10),
    ],
)
def test_an_unsound_specification_is_refused(wrong):
    with pytest.raises(BadSpec):
        wrong()


@pytest.mark.shared_data
@pytest.mark.slow
def test_persons_of_history_come_together():
    if not HISTORICAL.exists():
        pytest.skip("没有 ../shared/data：历史人物的记录不在这台机器上。")
    table = pq.read_table(HISTORICAL)
    table = table.rename_columns([RENAMED.get(name, name) for name in table.column_names])
    truth = table.column("cluster").to_pandas()

    found = records.link(table, spec.persons()).cluster

    for half in (0, 1):  # by person, so that neither half knows the other
        rows = truth.notna() & (truth.map(lambda c: int(str(c)[1:] or 0) % 2 if c else 0) == half)
        assert pair_f1(truth[rows].to_numpy(), found[rows.to_numpy()]) >= 0.9


def pair_f1(truth: np.ndarray, found: np.ndarray) -> float:
    def pairs(*columns: np.ndarray) -> int:
        n = np.unique(np.stack([np.unique(c, return_inverse=True)[1] for c in columns]), axis=1, return_counts=True)[1]  # fmt: skip
        return int((n * (n - 1) // 2).sum())

    return 2 * pairs(truth, found) / (pairs(truth) + pairs(found))
