"""How often columns agree in pairs that are one (m) and in pairs that are not (u), without labels."""

import numpy as np

from jingyi.core.linkage import pair_kernels
from jingyi.core.linkage.string_kernels import F64, I8, I32

RANDOM_PAIRS = 1_000_000
ROUNDS, STILL = 60, 1e-5
LEAST_SHARE = 1e-6


def random_pairs(rows: int, most: int = RANDOM_PAIRS) -> tuple[I32, I32]:
    """Return pairs spread over all rows, the same at every run: each row with rows far from it."""
    steps = max(min(most // max(rows, 1), rows - 1), 1)
    far = (np.arange(1, steps + 1, dtype=np.int64) * 2_654_435_761) % max(rows - 1, 1) + 1
    one = np.tile(np.arange(rows, dtype=np.int64), steps)
    other = (one + np.repeat(far, rows)) % rows
    return np.minimum(one, other).astype(np.int32), np.maximum(one, other).astype(np.int32)


def shares(found: I8, tops: list[int]) -> list[F64]:
    """Return by column how often each level occurs among the pairs in which it is known."""
    counted = [
        np.bincount(row[row >= 0], minlength=top + 1) for row, top in zip(found, tops, strict=True)
    ]
    return [(n + 1) / (n.sum() + len(n)) for n in counted]


def estimate_m(
    found: I8, u: list[F64], used: list[int], share: float = 0.3
) -> tuple[list[F64], float]:
    """Estimate m of the columns `used` by EM with u fixed; return it and the pairs that are one."""
    tops = [len(u[c]) for c in used]
    base = np.array([top + 1 for top in tops], np.int64)
    numbers = np.empty(found.shape[1], np.int64)
    pair_kernels.patterns(np.ascontiguousarray(found[used]), base, numbers)
    seen, count = np.unique(numbers, return_counts=True)
    level = np.stack(np.unravel_index(seen, base)).astype(np.int64) - 1
    m = [np.linspace(1, 9, top) / np.linspace(1, 9, top).sum() for top in tops]
    for _ in range(ROUNDS):
        odds = np.full(len(seen), np.log(share / (1 - share)))
        for c, column in enumerate(used):
            ratio = np.append(np.log(m[c] / u[column]), 0.0)  # the last, -1: unknown says nothing
            odds += ratio[level[c]]
        mass = count / (1 + np.exp(-odds))
        fresh = []
        for c in range(len(used)):
            known = level[c] >= 0
            n = np.bincount(level[c][known], mass[known], minlength=tops[c]) + LEAST_SHARE
            fresh.append(n / n.sum())
        moved = max(float(np.abs(x - y).max()) for x, y in zip(fresh, m, strict=True))
        m, share = fresh, min(max(mass.sum() / count.sum(), 1e-9), 1 - 1e-9)
        if moved < STILL:
            break
    return m, float(mass.sum())
