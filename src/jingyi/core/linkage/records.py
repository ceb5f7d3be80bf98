"""Record linkage without labels: keys find candidates, columns are compared, EM weighs them.

Fellegi and Sunter (1969): the weight of an agreement is log2(m / u), where m is
how often it occurs in pairs that are one, u in pairs that are not. u is counted
on random pairs, m is estimated on the candidates of each key by expectation
maximisation over the columns that are not in the key.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from jingyi.core.linkage import pair_kernels, string_kernels
from jingyi.core.linkage.candidates import Pairs, candidates, key_codes
from jingyi.core.linkage.encoding import Encoded, beginning, days, encode, words
from jingyi.core.linkage.estimation import (
    LEAST_SHARE,
    ROUNDS,
    STILL,
    estimate_m,
    random_pairs,
    shares,
)
from jingyi.core.linkage.spec import Column, Spec
from jingyi.core.linkage.string_kernels import F32, F64, I8, I32

ALIKE = 0.88  # Jaro-Winkler from which two words are the same, misspelt


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """The candidates, the weight of each (log2 odds), its levels, and each row's cluster."""

    pairs: Pairs
    weight: F32
    levels: I8
    weights: tuple[F64, ...]
    cluster: I32


def levels(columns: dict[str, Encoded], spec: Spec, one: I32, other: I32) -> I8:
    """Return columns by pairs: how far each pair agrees in each column, -1 unknown."""
    out = np.empty((len(spec.columns), len(one)), np.int8)
    for c, rule in enumerate(spec.columns):
        _compare(columns[rule.name], rule, one, other, out[c])
    return out


def _compare(column: Encoded, rule: Column, one: I32, other: I32, out: I8) -> None:
    if rule.kind == "name":
        least = np.array(rule.least, np.float64)
        string_kernels.name_levels(one, other, column.code, column.buf, column.off, least, out)
    elif rule.kind == "words":
        least = np.array(rule.least, np.float64)
        string_kernels.words_levels(one, other, *words(column), ALIKE, least, out)
    elif rule.kind == "date":
        within = np.array(rule.days, np.int32)
        string_kernels.date_levels(
            one, other, column.code, column.buf, column.off, days(column.values), within, out
        )
    else:
        parts = np.stack([beginning(column, size) for size in (*rule.prefixes, 0)])
        string_kernels.prefix_levels(one, other, parts, out)


def link(table: pa.Table, spec: Spec, *, source: str = "") -> Linked:
    """Link the rows of `table`.

    Args:
        table: one row a record; the columns of `spec` as strings, null where unknown.
        source: a column that tells where a record is from; if given, records of one
            source are not compared with each other.

    Returns:
        Candidates with their weights, and each row's cluster: the number of its first row.
    """
    names = dict.fromkeys(
        [c.name for c in spec.columns] + [n for k in spec.keys for n, _ in k.parts]
    )
    columns = {name: encode(table, name) for name in names}
    tops = [column.top for column in spec.columns]
    u = shares(levels(columns, spec, *random_pairs(table.num_rows)), tops)
    pairs = candidates(columns, spec, encode(table, source).code if source else None)
    found = levels(columns, spec, pairs.one, pairs.other)
    m = _m_of_all(columns, spec, pairs, found, u)
    weights = tuple(np.log2(a / b) for a, b in zip(m, u, strict=True))
    weight = _weigh(columns, spec, pairs, found, weights, u)
    weight += np.float32(_prior(weight, table.num_rows))
    least = float(np.log2(spec.threshold / (1 - spec.threshold)))
    cluster = gather(pairs, weight, table.num_rows, least)
    return Linked(pairs, weight, found, weights, cluster)


def gather(pairs: Pairs, weight: F32, rows: int, least: float, mean: float = 0.0) -> I32:
    """Return each row's cluster: pairs of at least `least` join, the heaviest first.

    Clusters stay apart whose candidates weigh less than `mean` on the average.
    """
    heavy = np.flatnonzero(weight >= least)
    order = heavy[np.argsort(-weight[heavy], kind="stable")].astype(np.int64)
    counts = np.bincount(pairs.one, minlength=rows) + np.bincount(pairs.other, minlength=rows)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    near, worth = np.empty(start[-1], np.int32), np.empty(start[-1], np.float32)
    pair_kernels.neighbours(pairs.one, pairs.other, weight, start, near, worth)
    cluster = np.arange(rows, dtype=np.int32)
    pair_kernels.gather(order, pairs.one, pairs.other, start, near, worth, mean, cluster)
    return cluster


def _m_of_all(
    columns: dict[str, Encoded], spec: Spec, pairs: Pairs, found: I8, u: list[F64]
) -> list[F64]:
    """Average m over the keys, by the pairs that each key says are one."""
    sums = [np.zeros(len(x)) for x in u]
    for k, key in enumerate(spec.keys):
        used = [c for c, rule in enumerate(spec.columns) if rule.name not in key.columns]
        if len(used) < 2 or pairs.bounds[k + 1] == pairs.bounds[k]:
            continue
        codes = key_codes(columns, key)
        inside = (codes[pairs.one] == codes[pairs.other]) & (codes[pairs.one] >= 0)
        m, matches = estimate_m(found[:, inside], u, used)
        for c, share in zip(used, m, strict=True):
            sums[c] += share * matches
    return [
        np.where(total.sum() > 0, total / max(total.sum(), LEAST_SHARE), x)
        for total, x in zip(sums, u, strict=True)
    ]


def _weigh(  # noqa: PLR0917
    columns: dict[str, Encoded], spec: Spec, pairs: Pairs, found: I8,
    weights: tuple[F64, ...], u: list[F64],
) -> F32:  # fmt: skip
    weight = np.zeros(len(pairs.one), np.float32)
    for c, rule in enumerate(spec.columns):
        weight += np.append(weights[c], 0.0).astype(np.float32)[found[c]]
        if rule.rare:
            column = columns[rule.name]
            often = np.bincount(column.code[column.code >= 0]) / (column.code >= 0).sum()
            rarity = np.log2(u[c][-1] / often).astype(np.float32)
            pair_kernels.add_frequency(pairs.one, column.code, found[c], rule.top, rarity, weight)
    return weight


def _prior(weight: F32, rows: int) -> float:
    """Return the log2 odds that any two rows are one, from what the candidates say themselves."""
    every = max(rows * (rows - 1) / 2, 1)
    prior = np.log2(max(rows, 2) / every)
    for _ in range(ROUNDS):
        expected = (1 / (1 + np.exp2(-np.clip(weight + prior, -60, 60)))).sum()
        fresh = np.log2(max(expected, 1.0) / every)
        if abs(fresh - prior) < STILL:
            break
        prior = fresh
    return float(prior)
