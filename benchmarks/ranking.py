"""Ranks from judges' scores: the true order recovered, beside means, and what a large count takes.

Drawn juries with severe and lenient judges, each entry seen by some of them; Kendall's tau with the
true order, for the plain mean, the trimmed mean and ours, on the same draws. Then 2,000 entries by
30 judges ranked and certified, and 100,000 ballots written, counted again and proven. The physical
limit of the count is hashing the file's lines; that of the ranks is reading the scores once.

    .venv/bin/python benchmarks/ranking.py [DRAWS]
"""

import secrets
import sys
from hashlib import sha256
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

import numpy as np  # noqa: E402 -- the path comes first
from scipy.stats import kendalltau  # noqa: E402
from tests.core.judging.juries import drawn  # noqa: E402

from jingyi.core import ledger  # noqa: E402
from jingyi.core.judging import ballots, certificate, means, ranking  # noqa: E402
from jingyi.core.judging.scores import shares  # noqa: E402

DRAWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100


def orders() -> None:
    """Print tau by how much judges differ."""
    dice = np.random.default_rng(20260801)
    print(
        f"18 entries, 9 judges, 4 judges an entry, noise 2 points, {DRAWS} draws: tau with the truth"
    )
    for lean in (0.0, 2.0, 4.0, 8.0):
        taus = np.zeros(3)
        for _ in range(DRAWS):
            scores, worth, _ = drawn(dice, 18, 9, 4, lean)
            share = shares(scores, {})
            found = ranking.corrected(scores, share)[0]
            cut = means.trimmed(scores, share)[0]
            for n, value in enumerate((means.mean(scores, share), cut, found)):
                taus[n] += kendalltau(worth, value).statistic / DRAWS
        print(
            f"  severity ±{lean:.0f}: mean {taus[0]:.3f}, trimmed {taus[1]:.3f}, ours {taus[2]:.3f}"
        )


def large() -> None:
    """Print the seconds of a large jury and a large vote."""
    scores, _, _ = drawn(np.random.default_rng(3), 2000, 30, 30, 3.0)
    began = perf_counter()
    share = shares(scores, {})
    ranking.rank(scores, share)
    ranked = perf_counter()
    proof = certificate.certify(scores, share, 9)
    certified = perf_counter()
    _ = scores.score.sum() + scores.entry.sum() + scores.judge.sum()
    read = perf_counter() - certified
    print(
        f"2,000 entries × 30 judges: ranked with intervals {ranked - began:.2f} s, certified over "
        f"{len(proof.removals)} removals {certified - ranked:.2f} s; reading them once {read * 1000:.2f} ms"
    )
    entries = tuple(f"品牌{n}" for n in range(18))
    dice = np.random.default_rng(5)
    cast = [
        ballots.fill(
            ballots.mark_of(secrets.token_hex(16)),
            [entries[n] for n in dice.choice(18, 3, replace=False)],
            entries,
            3,
        )
        for _ in range(100_000)
    ]
    began = perf_counter()
    file, root = ballots.published(cast)
    written = perf_counter()
    tally = ballots.count(file, 3)
    counted = perf_counter()
    if tally.root != root:
        raise SystemExit("the count stands under another root")
    leaves = [ledger.leaf_hash(line) for line in file.splitlines()]
    levels = Levels(leaves)
    proofs = [ledger.inclusion(n, len(leaves), levels) for n in range(0, len(leaves), 1000)]
    for n, proved in zip(range(0, len(leaves), 1000), proofs, strict=True):
        if not ledger.verify_inclusion(leaves[n], n, len(leaves), proved, root):
            raise SystemExit("a ballot could not be proven")
    proven = perf_counter()
    for line in file.splitlines():
        sha256(line).digest()
    limit = perf_counter() - proven
    print(
        f"100,000 ballots: published {written - began:.2f} s, counted again {counted - written:.2f} s, "
        f"100 of them proven {proven - counted:.2f} s; hashing the lines {limit:.3f} s"
    )


class Levels:
    """Hashes of complete subtrees, level by level."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.levels = [leaves]
        while len(low := self.levels[-1]) > 1:
            pairs = range(0, len(low) - 1, 2)
            self.levels.append([ledger.node_hash(low[n], low[n + 1]) for n in pairs])

    def __call__(self, level: int, index: int) -> bytes:
        return self.levels[level][index]


if __name__ == "__main__":
    orders()
    large()
